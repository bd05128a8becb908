// The ready questions of an auditor: who saw a person, everything one colleague did, every change of a rule or a role,
// decisions within a minute. On the page with the proof of each entry, or all of it as CSV. Asking is itself on record.
import { get, save } from "./api.js";
import { pick, say, sayOr } from "./words.js";
import { actName, actor, because, button, dayField, doing, empty, field, fill, hint, icon, label, list, moment, select, stateName, sub, table, td, text } from "./kit.js";

export async function questionPart(route, name) {
    const offer = await get("/api/desk/record/questions");
    const of = { saw_person: () => text({ value: route.query.of?.[0] ?? "", autocomplete: "off" }), acts_of: () => select(offer.colleagues.map((p) => [p.id, p.state === "active" ? p.name : `${p.name} (${stateName(p.state)})`]), { value: route.query.of?.[0] }) }[name]?.();
    const from = dayField(say("record.from"), ""), until = dayField(say("record.until"), "");
    const data = store({ at: 0 });
    let said = null, rows = [];
    const query = (more) => {
        const p = new URLSearchParams();
        for (const [k, v] of Object.entries({ of: of?.value.trim(), from: from.input.value, to: until.input.value, ...more })) if (v) p.set(k, v);
        return `/api/desk/record/questions/${name}?${p}`;
    };
    const ask = async (before) => {
        said = await get(query({ before }));
        rows = before ? [...rows, ...said.rows] : said.rows;
        data.at++;
    };
    const form = t.form({ className: "desk-ask", role: "search", onsubmit: doing(() => ask()) },
        of ? field(say(`archive.${name}_of`), of, { required: true }) : null, from, until,
        t.button({ className: "btn" }, icon("search-line"), t.span({ className: "txt" }, say("record.ask"))),
        button("CSV", { ico: "download-2-line", title: say("archive.csv"), onclick: doing(async (e) => { if (!form.reportValidity()) return; await save(query({ as: "csv" })); }) }));
    if (name !== "saw_person" || of.value) form.onmount = () => ask().catch(() => {});
    return t.div({}, form, t.p({ className: "txt-hint desk-part-hint" }, say(`archive.${name}_hint`)),
        t.div({ ariaLive: "polite" }, () => { data.at; return said ? answer(name, said, rows, doing(() => ask(rows.at(-1).seq))) : empty("archive-line", say(`archive.${name}_sub`), say("record.on_record")); }));
}

function answer(name, said, rows, more) {
    if (!rows.length) return empty("search-line", name === "saw_person" && !said.found ? say("archive.nobody") : say("record.none"), name === "saw_person" && !said.found ? say("archive.nobody_hint") : "");
    const quick = name === "quick_decisions";
    const heads = ["seq", "at", "who", "act", "ref", quick ? "seconds" : "change", "leaf"].map((c) => say(`column.${c}`));
    return [t.p({ className: "desk-headline" }, t.b({}, summary(name, rows, said.more)), fill(), hint(say("archive.asked"))),
        table(heads, rows.map((e) => line(e, quick))),
        t.p({ className: "txt-hint txt-sm" }, say("archive.tree", { n: said.size }), " ", t.code({ className: "desk-hash" }, said.root)),
        said.more ? button(say("record.more"), { ico: "arrow-down-line", onclick: more }) : null].filter(Boolean);
}

const looks = ["view_case", "view_document", "search_record"];

// summary counts the colleagues among the entries that are shown.
function summary(name, rows, more) {
    const n = more ? `${rows.length}+` : rows.length;
    if (name !== "saw_person") return say("archive.entries", { n });
    const by = (some) => new Set(some.filter((e) => e.actor.startsWith("staff:")).map((e) => e.actor)).size;
    return say("archive.saw_summary", { n, saw: by(rows.filter((e) => looks.includes(e.act))), did: by(rows.filter((e) => !looks.includes(e.act))) });
}

function line(e, quick) {
    const roles = e.role ? list(e.role.split(",").map((r) => sayOr(`role.${r}`, r))) : "";
    const what = e.document ? pick(e.document) : because(e);
    const change = e.to && e.to !== e.from ? `${e.from ? `${stateName(e.from)} → ` : ""}${stateName(e.to)}` : "";
    const took = e.never ? label(say("archive.never_seen"), "danger") : label(say("archive.seconds", { n: e.seconds }), "warning");
    return t.tr({}, td(t.span({ className: "txt-code" }, e.seq)), td(hint(moment(e.at))), td(t.b({}, actor(e.who)), roles && !e.actor.startsWith("system") ? sub(roles) : null), td(actName(e.act)),
        td(e.ref || say(`noun.${e.noun}`), e.ref ? sub(say(`noun.${e.noun}`)) : null), td(...(quick ? [took] : [what || change || hint("–"), what && change ? sub(change) : null])),
        td(t.code({ className: "desk-hash", title: e.leaf }, (e.leaf ?? "").slice(0, 8)), sub(e.in ? say("archive.in_tree") : say("archive.not_in_tree"))));
}
