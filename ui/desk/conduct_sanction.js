// Sanctions: setting one on the holder of a case, lifting it, and the list of all that were ever set.
import { post } from "./api.js";
import { me } from "./session.js";
import { say } from "./words.js";
import { area, button, cancel, dayField, doing, done, field, hint, label, live, moment, panel, ref, section, send, sub, table, td, tick } from "./kit.js";

const looks = { active: "danger", over: "", lifted: "success" };
const what = (s) => s.kind === "block" ? say("sanction.block_until", { day: s.until }) : say("sanction.wait_until", { n: s.days, day: s.until });
const years = (n) => { const [y, rest] = [+me.today.slice(0, 4), me.today.slice(4)]; return `${y + n}${rest === "-02-29" ? "-02-28" : rest}`; };

// sanctions are what stands against the holder of a case, and against people who may be the same.
export function sanctions(c, reread) {
    const all = c.sanctions ?? [];
    if (!all.length && !c.may.sanction) return null;
    return section(say("sanction.title"), c.may.sanction ? button(say("sanction.set"), { look: "transparent secondary", ico: "hammer-line", onclick: () => setPanel(c, reread) }) : null,
        all.length ? t.ul({ className: "desk-plain" }, ...all.map((s) => t.li({ className: "desk-note" },
            t.p({ className: "m-0" }, label(s.like ? say("sanction.like") : say(`sanction.${s.state}`), s.like ? "warning" : looks[s.state]), " ", t.b({}, what(s))),
            s.like ? t.p({ className: "m-0" }, say("sanction.like_note")) : null,
            s.reason ? t.p({ className: "m-0 desk-pre" }, s.reason) : null, s.evidence ? sub(say("sanction.seen"), " ", s.evidence) : null,
            hint(`${s.who} · ${moment(s.at)}${s.liftedAt ? ` · ${say("sanction.lifted_by", { who: s.liftedBy, at: moment(s.liftedAt) })}` : ""}`),
            s.state === "active" && !s.like && c.may.lift ? button(say("sanction.lift"), { look: "transparent secondary", ico: "arrow-go-back-line", onclick: () => liftPanel(s, c.ref, reread) }) : null))) : hint(say("sanction.none")));
}

function setPanel(c, reread) {
    const kinds = ["wait", "block"].map((k) => Object.assign(tick(say(`sanction.${k}`), { type: "radio", name: "desk-sanction", checked: k === "wait", onchange: () => (days.hidden = kinds[1].input.checked) }), { of: k }));
    const days = field(say("sanction.days"), t.input({ type: "number", min: 1, max: 1095, value: 180 }), { required: true, help: say("sanction.days_help") });
    const until = dayField(say("sanction.until"), years(2), { required: true, help: say("sanction.until_help") });
    const why = area({ maxLength: 500 }), seen = area({ maxLength: 2000 });
    panel({ title: say("sanction.set"), sub: `${c.ref} ${c.name}`, popup: true, foot: (close) => [cancel(close), send(say("sanction.set"), doing(async () => {
        const block = kinds[1].input.checked;
        await post(`/api/desk/holders/${c.holder}/sanction`, { kind: block ? "block" : "wait", days: block ? 0 : +days.input.value, until: until.input.value.trim(), reason: why.value.trim(), evidence: seen.value.trim(), case: c.id });
        await close();
        done(say("sanction.done"));
        await reread();
    }, reread), "danger")] },
    t.fieldset({ className: "desk-set" }, t.legend({}, say("sanction.kind")), ...kinds), days, until,
    field(say("sanction.reason"), why, { required: true, help: say("sanction.reason_help") }), field(say("sanction.evidence"), seen, { required: true, help: say("sanction.evidence_help") }));
}

function liftPanel(s, about, reload) {
    const why = area({ autofocus: true, maxLength: 500 });
    panel({ title: say("sanction.lift"), sub: about, popup: true, size: "sm", foot: (close) => [cancel(close), send(say("sanction.lift"), doing(async () => {
        await post(`/api/desk/holders/${s.holder}/lift`, { sanction: s.id, reason: why.value.trim() });
        await close();
        done(say("sanction.lift_done"));
        await reload();
    }, reload))] }, t.p({ className: "txt-hint" }, say("sanction.lift_note")), field(say("field.reason"), why, { required: true, help: say("cert.reason_help") }));
}

// sanctionList is every sanction; whom one is about is seen in the case, where that is recorded.
export function sanctionList() {
    const view = live(() => "/api/desk/sanctions", (q) => [section(say("sanction.title"), hint(say("sanction.list_note")), q.rows.length ? table([say("sanction.what"), say("queue.state"), say("field.reason"), say("sanction.case"), say("queue.who"), null], q.rows.map((s) => t.tr({},
        td(what(s)), td(label(say(`sanction.${s.state}`), looks[s.state])), td(s.reason || hint(say("sanction.erased"))),
        td(s.ref ? (q.cases ? t.a({ href: `#/desk/case/${s.case}` }, ref(s.ref)) : ref(s.ref)) : hint("–")), td(s.who, sub(moment(s.at))),
        t.td({ className: "col-meta" }, q.lift && s.state === "active" ? button(say("sanction.lift"), { ico: "arrow-go-back-line", ariaLabel: `${say("sanction.lift")} ${s.ref} ${moment(s.at)}`, onclick: () => liftPanel(s, s.ref, view.reload) }) : null)))) : t.p({ className: "txt-hint" }, say("sanction.none")))]);
    return view;
}
