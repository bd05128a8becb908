// How long cases are kept: what is due to be erased, seen by a manager before it goes; what comes next; what is held back; and
// erasing a holder on request. Nothing of a person is shown here.
import { get, post } from "./api.js";
import { has } from "./session.js";
import { pick, say, sayOr } from "./words.js";
import { area, button, cancel, doing, done, empty, field, hint, icon, label, live, moment, panel, ref, section, select, send, stateName, sub, table, td, text } from "./kit.js";

export function retentionPart() {
    const asked = { ref: "", found: null }; // stays while the lists around it are drawn anew
    const find = async () => { asked.found = await get(`/api/desk/retention/${encodeURIComponent(asked.ref)}`); };
    const again = async () => {
        if (asked.found) await find();
        await view.reload();
    };
    const view = live(() => "/api/desk/retention", (r) => t.div({}, due(r, again), has("manager") ? onRequest(asked, find, again) : null,
        part("soon", r.soon, again), part("held", r.held, again), part("erased", r.erased, again)));
    return t.div({}, t.p({ className: "txt-hint desk-part-hint" }, say("retention.hint")), view);
}

const heads = () => [say("column.ref"), say("column.type"), say("column.state"), say("retention.closed"), say("retention.erase_on"), null];
const line = (reload) => (c) => t.tr({}, td(ref(c.ref || "–")), td(pick(c.type)), td(stateName(c.state)), td(hint(moment(c.closedAt))),
    td(c.erasedAt ? label(say("retention.erased_at", { at: moment(c.erasedAt) })) : c.hold ? label(say("retention.is_held"), "warning") : c.eraseOn || hint("–"), c.why && !c.erasedAt ? sub(sayOr(`retention.${c.why}`, c.why)) : null),
    td(c.erasedAt || !has("manager") ? null : c.hold ? button(say("act.lift_hold"), { onclick: () => hold(c, lift, reload) }) : button(say("act.legal_hold"), { onclick: () => hold(c, keep, reload) })));
const part = (name, rows, reload) => section(say(`retention.${name}`), hint(String(rows.length)), rows.length ? table(heads(), rows.map(line(reload))) : t.p({ className: "txt-hint" }, say("retention.none")));

// due is the preview: these cases would be erased today, and are once a manager has agreed.
function due(r, reload) {
    const agree = button(say("retention.agree", { n: r.dueCases }), { look: "danger", size: "", ico: "delete-bin-6-line", onclick: () => panel({ title: say("retention.agree", { n: r.dueCases }), popup: true, size: "sm",
        foot: (close) => [cancel(close), send(say("retention.agree_yes"), doing(async () => { await post("/api/desk/retention", { until: r.today, cases: r.dueCases }); await close(); done(say("retention.agreed")); reload(); }), "danger")] },
    t.p({}, say("retention.agree_what", { n: r.dueCases })), t.p({ className: "txt-hint m-0" }, say("retention.for_good"))) });
    return section(say("retention.due"), hint(r.agreedUntil ? say("retention.agreed_until", { day: r.agreedUntil }) : ""), r.dueCases ? [table(heads(), r.due.map(line(reload))), has("manager") ? agree : null] : t.p({ className: "txt-hint" }, say("retention.none_due")));
}

const keep = (c, in_) => post(`/api/desk/applications/${c.id}/legal-hold`, in_, c.rev), lift = (c, in_) => post(`/api/desk/applications/${c.id}/lift-hold`, in_, c.rev);
function hold(c, to, reload) {
    const why = area({ autofocus: true, maxLength: 500 });
    const words = say(to === keep ? "act.legal_hold" : "act.lift_hold");
    panel({ title: words, sub: c.ref, popup: true, size: "sm", foot: (close) => [cancel(close), send(words, doing(async () => { await to(c, { reason: why.value.trim() }); await close(); reload(); }))] }, field(say("field.reason"), why, { required: true }));
}

// onRequest finds a holder by the reference of one of their cases, says what is kept, and what keeps it from being erased.
function onRequest(asked, find, reload) {
    const key = text({ value: asked.ref, autocomplete: "off" });
    const data = store({ at: 0 });
    const ask = async () => {
        Object.assign(asked, { ref: key.value.trim().toUpperCase(), found: null });
        data.at++;
        await find();
        data.at++;
    };
    const erase = () => {
        const who = select([["", ""], ...["asked_holder", "asked_family", "asked_authority"].map((w) => [w, say(`why.${w}`)])], { autofocus: true });
        panel({ title: say("retention.erase_holder"), sub: say("retention.cases", { n: asked.found.rows.length }), popup: true, size: "sm", foot: (close) => [cancel(close), send(say("retention.erase_yes"), doing(async () => {
            await post(`/api/desk/holders/${asked.found.holder}/erase`, { asked: who.value }, asked.found.rev);
            await close();
            done(say("retention.erased_now"));
            await reload();
        }), "danger")] }, t.p({}, say("retention.for_good")), field(say("retention.who_asked"), who, { required: true }));
    };
    return section(say("retention.on_request"), null, t.form({ className: "desk-ask", onsubmit: doing(ask) }, field(say("retention.ref"), key, { required: true }), t.button({ className: "btn" }, icon("search-line"), t.span({ className: "txt" }, say("record.ask")))),
        t.div({ ariaLive: "polite" }, () => { data.at; const found = asked.found; return !found ? null : !found.rows.length ? empty("search-line", say("archive.nobody"), "") : t.div({}, table(heads(), found.rows.map(line(reload))),
            found.certificates ? t.p({}, say("retention.erase_certificate")) : null, found.may ? button(say("retention.erase_holder"), { look: "danger", ico: "delete-bin-6-line", onclick: erase }) : null); }));
}
