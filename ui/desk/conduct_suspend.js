// Colleagues who are suspended, and what they decided before it: each decision is looked at again, and that is on record.
import { post } from "./api.js";
import { pick, say } from "./words.js";
import { area, button, cancel, doing, done, field, hint, label, live, moment, panel, ref, section, send, table, td, tick } from "./kit.js";

export function lookAgain() {
    const view = live(() => "/api/desk/suspensions", (q) => q.rows.map((p) => section(say("suspend.title", { name: p.name }), hint(say("suspend.since", { at: moment(p.since), n: q.days })),
        p.decisions.length ? table([say("sanction.case"), say("queue.type"), say("decide.outcome"), say("suspend.decided"), say("suspend.looked"), null], p.decisions.map((d) => t.tr({},
            td(q.look ? t.a({ href: `#/desk/case/${d.id}` }, ref(d.ref)) : ref(d.ref)), td(pick(d.typeName)), td(say(`outcome.${d.outcome}`)), td(moment(d.at)),
            td(d.looked ? [label(say(`suspend.${d.looked}`), d.looked === "right" ? "success" : "danger"), " ", hint(d.by)] : label(say("suspend.not_yet"), "warning")),
            t.td({ className: "col-meta" }, q.look ? button(say("suspend.look"), { ico: "eye-line", ariaLabel: `${say("suspend.look")} ${d.ref}`, onclick: () => lookPanel(d, view.reload) }) : null)))) : t.p({ className: "txt-hint" }, say("suspend.none")))));
    return view;
}

function lookPanel(d, reload) {
    const boxes = ["right", "wrong"].map((r) => Object.assign(tick(say(`suspend.is_${r}`), { type: "radio", name: "desk-look" }), { right: r === "right" }));
    const note = area({ maxLength: 500 });
    panel({ title: say("suspend.look"), sub: d.ref, popup: true, size: "sm", foot: (close) => [cancel(close), send(say("kit.save"), doing(async () => {
        const chosen = boxes.find((b) => b.input.checked);
        if (!chosen) return boxes[0].input.focus();
        await post(`/api/desk/applications/${d.id}/look-again`, { right: chosen.right, note: note.value.trim() });
        await close();
        done(say("complaint.done"));
        reload();
    }))] }, t.p({ className: "txt-hint" }, say("suspend.look_note")), ...boxes, field(say("field.reason_free"), note));
}
