// Complaints and conduct cases: the list of those that concern somebody, one with what was said and found, and what can be done.
import { post } from "./api.js";
import { me } from "./session.js";
import { say } from "./words.js";
import { area, button, cancel, doing, done, facts, field, hint, icon, label, live, moment, page, panel, pills, ref, section, select, send, stateName, table, td, text, tick, daysUntil } from "./kit.js";

const kinds = ["attitude", "delay", "money", "unfair", "secrecy", "other"], measures = ["talk", "training", "warning", "suspension"];
const outcome = (x) => !x.finding ? hint("–") : x.finding === "unfounded" ? say("complaint.unfounded") : say("complaint.with", { measure: say(`measure.${x.measure}`) });
const looks = { open: "warning", resolved: "info", appealed: "warning", upheld: "", changed: "success" };
const state = (x) => label(say(`complaint.${x.state}`), looks[x.state]);

export function complaints(q, reload) {
    return section(say("complaint.title"), button(say("complaint.new"), { look: "transparent secondary", ico: "add-line", onclick: () => newPanel(reload) }), q.cases.length ? table([say("complaint.number"), say("complaint.kind"), say("complaint.about"), say("queue.state"), say("complaint.measure"), say("queue.due")], q.cases.map((x) => t.tr({},
        td(t.a({ href: `#/desk/conduct/${x.id}`, className: "desk-who", "html-data-focus": x.id }, ref(x.ref))), td(say(`complaint.kind_${x.kind}`)), td(x.mine ? t.b({}, say("complaint.me")) : x.about || hint(say("complaint.unknown"))), td(state(x)), td(outcome(x)),
        td(x.state === "open" || x.state === "appealed" ? t.span({ className: daysUntil(x.due) < 0 ? "label danger" : "" }, x.due) : x.state === "resolved" ? hint(say("complaint.appeal_until", { day: x.until })) : hint("–"))))) : t.p({ className: "txt-hint" }, say("complaint.none")));
}

// A colleague complains as everybody does: whom it is about does not see it.
function newPanel(reload) {
    const data = store({ kind: "delay", toward: "reviewer" });
    const said = area({ rows: 6, maxLength: 5000, autofocus: true }), name = text({ maxLength: 100 }), about = text({ maxLength: 30 });
    panel({ title: say("complaint.new"), popup: true, foot: (close) => [cancel(close), send(say("complaint.send"), doing(async () => {
        await post("/api/desk/complain", { kind: data.kind, toward: data.toward === "unknown" ? "" : data.toward, name: name.value.trim(), case: about.value.trim(), text: said.value, contact: me.email });
        await close();
        done(say("complaint.sent"));
        reload();
    }))] }, t.p({ className: "txt-hint" }, say("complaint.new_note")),
    pills(say("complaint.toward"), ["reviewer", "manager", "unknown"].map((k) => [k, say(`complaint.toward_${k}`)]), () => data.toward, (k) => (data.toward = k)),
    t.div({ className: "m-t-10 m-b-10" }, pills(say("complaint.kind"), kinds.map((k) => [k, say(`complaint.kind_${k}`)]), () => data.kind, (k) => (data.kind = k))),
    field(say("complaint.text"), said, { required: true }), t.div({ className: "desk-grid2" }, field(say("complaint.name"), name), field(say("sanction.case"), about)));
}

export function conductCasePage(route) {
    const view = live(() => `/api/desk/conduct/${route.params.id}`, (q) => {
        const x = q.case;
        return [t.div({ className: "desk-cols" }, t.div({},
            section(x.ref, state(x), facts([[say("complaint.kind"), say(`complaint.kind_${x.kind}`)], [say("complaint.about"), x.mine ? say("complaint.me") : x.about || say("complaint.unknown")], q.ref ? [say("sanction.case"), ref(q.ref)] : null, [say("complaint.at"), moment(q.at)], [say("queue.due"), x.due],
                q.said?.name ? [say("complaint.name"), q.said.name] : null, q.said?.case && !q.ref ? [say("sanction.case"), q.said.case] : null, q.said ? [say("complaint.contact"), q.contact || say("complaint.no_contact")] : null])),
            q.said ? section(say("complaint.text"), null, t.p({ className: "desk-pre" }, q.said.text || say("sanction.erased"))) : null,
            x.finding ? section(say("complaint.finding"), null, facts([[say("complaint.finding"), say(`complaint.${x.finding}`)], x.measure ? [say("complaint.measure"), say(`measure.${x.measure}`)] : null, q.rule ? [say("complaint.rule"), q.rule] : null, [say("complaint.note"), t.span({ className: "desk-pre" }, q.note)], [say("complaint.decider"), `${q.decidedBy} · ${moment(q.decidedAt)}`]])) : null,
            q.appeal ? section(say("complaint.appeal"), hint(moment(q.appealedAt)), t.p({ className: "desk-pre" }, q.appeal)) : null,
            q.answer ? section(say("complaint.answer"), hint(`${q.answeredBy} · ${moment(q.answeredAt)}`), t.p({ className: "desk-pre" }, q.answer)) : null),
        section(say("complaint.do"), null, t.div({ className: "desk-row-acts stack" }, ...acts(q, view.reload))))];
    });
    return page({ crumbs: [{ text: say("nav.conduct"), href: "#/desk/conduct" }, say("complaint.one")], className: "desk-conduct" }, view);
}

function acts(q, reload) {
    const x = q.case, at = `/api/desk/conduct/${x.id}`;
    const all = [
        q.may.resolve ? button(say("complaint.resolve"), { look: "", ico: "scales-3-line", onclick: () => resolve(q, reload) }) : null,
        q.may.suspend_reviewer ? button(say("suspend.do"), { look: "outline danger", ico: "user-forbid-line", onclick: () => ask(say("suspend.do"), say("suspend.what", { name: x.about }), (why) => post(`/api/desk/staff/${q.aboutId}/suspend-reviewer`, { why }), reload, "danger") }) : null,
        q.may.end_suspension ? button(say("suspend.end"), { ico: "user-follow-line", onclick: () => ask(say("suspend.end"), say("suspend.end_what", { name: x.about }), (why) => post(`/api/desk/staff/${q.aboutId}/end-suspension`, { reason: why }), reload) }) : null,
        q.may.appeal && x.mine ? button(say("complaint.appeal"), { look: "", ico: "discuss-line", onclick: () => ask(say("complaint.appeal"), say("complaint.appeal_what", { day: x.until }), (reason) => post(`${at}/appeal`, { reason }, q.rev), reload, "", 5000) }) : null,
        q.may.decide_appeal ? button(say("complaint.decide"), { look: "", ico: "scales-3-line", onclick: () => decide(q, reload) }) : null,
    ].filter(Boolean);
    return all.length ? all : [hint(say("complaint.nothing"))];
}

function ask(title, what, act, reload, look = "", most = 500) {
    const why = area({ rows: most > 500 ? 6 : 3, maxLength: most, autofocus: true });
    panel({ title, popup: true, size: most > 500 ? "lg" : "sm", foot: (close) => [cancel(close), send(title, doing(async () => {
        if (!why.value.trim()) return why.focus();
        await act(why.value.trim());
        await close();
        done(say("complaint.done"));
        reload();
    }, reload), look)] }, t.p({ className: "txt-hint" }, what), field(say("field.reason"), why, { required: true }));
}

function resolve(q, reload) {
    const data = store({ founded: true });
    const finding = ["founded", "unfounded"].map((f) => tick(say(`complaint.${f}`), { type: "radio", name: "desk-finding", checked: f === "founded", onchange: () => (data.founded = f === "founded") }));
    const measure = select(measures.map((m) => [m, say(`measure.${m}`)]), {}), rule = text({ maxLength: 200 }), note = area({ rows: 4, maxLength: 5000 }), reply = area({ rows: 4, maxLength: 5000 });
    const about = q.people ? select([["", "–"], ...q.people], {}) : null;
    panel({ title: say("complaint.resolve"), sub: `${q.case.ref} ${q.case.about}`, popup: true, foot: (close) => [cancel(close), send(say("complaint.resolve"), doing(async () => {
        await post(`/api/desk/conduct/${q.case.id}/resolve`, { finding: data.founded ? "founded" : "unfounded", measure: data.founded ? measure.value : "", rule: data.founded ? rule.value.trim() : "", note: note.value.trim(), reply: reply.value.trim(), about: about?.value ?? "" }, q.rev);
        await close();
        done(say("complaint.done"));
        reload();
    }, reload))] },
    t.fieldset({ className: "desk-set" }, t.legend({}, say("complaint.finding")), ...finding),
    about ? field(say("complaint.about"), about, { help: say("complaint.about_help") }) : null,
    t.div({ hidden: () => !data.founded }, field(say("complaint.measure"), measure), field(say("complaint.rule"), rule, { help: say("complaint.rule_help") })),
    field(say("complaint.note"), note, { required: true, help: say("complaint.note_help") }), field(say("complaint.reply"), reply, { help: say("complaint.reply_help") }));
}

function decide(q, reload) {
    const boxes = ["upheld", "changed"].map((o) => Object.assign(tick(say(`complaint.decide_${o}`), { type: "radio", name: "desk-conduct-appeal" }), { of: o }));
    const words = area({ rows: 5, maxLength: 5000 });
    panel({ title: say("complaint.decide"), sub: q.case.ref, popup: true, foot: (close) => [cancel(close), send(say("complaint.decide"), doing(async () => {
        const chosen = boxes.find((b) => b.input.checked);
        if (!chosen) return boxes[0].input.focus();
        await post(`/api/desk/conduct/${q.case.id}/decide-appeal`, { outcome: chosen.of, text: words.value.trim() }, q.rev);
        await close();
        done(say("complaint.done"));
        reload();
    }, reload))] }, t.fieldset({ className: "desk-set" }, t.legend({}, say("decide.outcome")), ...boxes), field(say("field.reason"), words, { required: true }));
}
