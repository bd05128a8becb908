// Any entry of the record: who did what to which row, when. Asking is itself on record.
import { get } from "./api.js";
import { keys, lang, say, sayOr } from "./words.js";
import { actName, actor, because, button, dayField, doing, empty, field, hint, icon, moment, select, stateName, sub, table, td, tell, text } from "./kit.js";

const nouns = keys("noun."), acts = keys("act.").sort((a, b) => actName(a).localeCompare(actName(b), lang));

// why says for a search what was searched by.

export function searchPart(route) {
    const q = route.query;
    const f = { actor: text({ value: q.actor?.[0] ?? "", placeholder: "staff:…" }), target: text({ value: q.target?.[0] ?? "" }),
        act: select([["", say("record.any")], ...acts.map((a) => [a, actName(a)])], { value: q.act?.[0] ?? "" }), noun: select([["", say("record.any")], ...nouns.map((n) => [n, say(`noun.${n}`)])], { value: q.noun?.[0] ?? "" }) };
    const from = dayField(say("record.from"), ""), until = dayField(say("record.until"), "");
    const data = store({ at: 0, asked: false, more: false });
    let rows = [];
    const ask = async (before) => {
        const p = new URLSearchParams();
        for (const [k, v] of [["actor", f.actor.value.trim()], ["act", f.act.value], ["noun", f.noun.value], ["target", f.target.value.trim()], ["from", from.input.value], ["to", until.input.value], ["before", before ?? ""]]) if (v) p.set(k, v);
        const found = (await get(`/api/desk/record?${p}`)).rows;
        rows = before ? [...rows, ...found] : found;
        Object.assign(data, { asked: true, more: found.length >= 100 });
        data.at++;
    };
    const only = (what, value) => { f[what].value = value; ask().catch(tell); };
    const pressable = (text, what, value) => t.button({ type: "button", className: "link-hint", title: say("record.only"), onclick: () => only(what, value) }, text);
    const line = (e) => t.tr({}, td(t.span({ className: "txt-code" }, e.seq)), td(hint(moment(e.at))), td(pressable(actor(e.who), "actor", e.actor), sub(sayOr(`role.${e.role}`, e.role))), td(actName(e.act), e.to && e.to !== e.from ? sub(`${e.from ? `${stateName(e.from)} → ` : ""}${stateName(e.to)}`) : null),
        td(say(`noun.${e.noun}`), sub(pressable(e.target, "target", e.target))), td(because(e) || hint("–"), e.rows?.length ? sub(say("record.rows", { n: e.rows.length })) : null));
    const quick = (act) => button(actName(act), { look: "secondary", onclick: () => only("act", act) });
    return t.div({},
        t.form({ className: "desk-ask", role: "search", onsubmit: doing(() => ask()) }, field(say("record.who"), f.actor), field(say("record.what"), f.act), field(say("record.noun"), f.noun), field(say("record.row"), f.target), from, until, t.button({ className: "btn" }, icon("search-line"), t.span({ className: "txt" }, say("record.ask")))),
        t.div({ className: "desk-chips" }, ...["view_case", "decide", "search_record", "grant_role", "switch_type", "adjust"].map(quick)),
        t.div({ ariaLive: "polite" }, () => { data.at; return !data.asked ? empty("archive-line", say("record.start"), say("record.on_record")) : !rows.length ? empty("search-line", say("record.none"), "") : [
            table([say("record.seq"), say("outbox.when"), say("record.who"), say("record.what"), say("record.target"), say("record.because")], rows.map(line)), data.more ? button(say("record.more"), { ico: "arrow-down-line", onclick: doing(() => ask(rows.at(-1).seq)) }) : null].filter(Boolean); }));
}
