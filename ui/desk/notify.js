// What leaves the desk: what failed and why, what can be sent again, and whom to ring because nothing else reaches them.
import { post } from "./api.js";
import { has } from "./session.js";
import { say, sayOr } from "./words.js";
import { area, button, cancel, doing, done, empty, field, hint, icon, label, live, moment, page, panel, pills, ref, send, stateName, sub, table, td } from "./kit.js";

const states = ["failed", "ring", "held", "queued", "sent", "shown"];

export function outboxPage(route) {
    const asked = states.includes(route.query.state?.[0]) ? route.query.state[0] : "";
    const data = store({ state: asked || "failed" });
    let first = !asked;
    const list = live(() => `/api/desk/outbox?state=${data.state}`, (q) => [
        heldFirst(q.counts),
        heldBack(q.counts.held ?? 0, () => list.reload()),
        t.div({ className: "desk-filters" }, pills(say("queue.filter"), states.filter((s) => s !== "held" || q.counts.held || data.state === "held").map((s) => [s, say(`outbox.${s}`), s === "failed" ? (q.counts.failed ?? 0) + (q.counts.dead ?? 0) : q.counts[s] ?? 0]), () => data.state, (s) => { data.state = s; list.reload(); })),
        q.rows.length ? rowsOf(q.rows, data.state, list.reload) : empty(["failed", "ring", "held"].includes(data.state) ? "checkbox-circle-line" : "mail-line", say(`outbox.none_${data.state}`), "")], { every: 20 });
    // Where nothing failed and messages are held back, those are what somebody came for.
    const heldFirst = (n) => {
        if (first && n.held && !n.failed && !n.dead) { data.state = "held"; setTimeout(() => list.reload()); }
        first = false;
        return null;
    };
    return page({ crumbs: [say("nav.outbox")] }, list);
}

// heldBack says that a copy was put back, and asks a manager what becomes of the messages that waited when it was made.
function heldBack(n, reload) {
    if (!n) return null;
    const deal = (send) => doing(async () => {
        await post("/api/desk/release-held", { send });
        done(say(send ? "outbox.held_sent" : "outbox.held_aside"));
        reload();
    }, reload);
    return t.div({ className: "alert warning desk-kept", role: "alert" }, icon("pause-circle-line"), t.div({}, t.b({}, say("outbox.held_title", { n })), " ", say("outbox.held_what")), t.span({ className: "flex-fill" }),
        has("manager") ? [button(say("outbox.held_send"), { look: "", onclick: deal(true) }), button(say("outbox.held_drop"), { look: "", onclick: deal(false) })] : hint(say("outbox.held_manager")));
}

const named = (m) => sayOr(`notice.${m.notice}`, m.notice);
function why(error) {
    const [code, ...said] = (error || "").split(": ");
    return error ? t.div({}, t.span({ className: "desk-why" }, icon("error-warning-line"), sayOr(`fail.${code}`, code)), said.length ? sub(said.join(": ")) : null) : hint("–");
}

function rowsOf(rows, state, reload) {
    const failed = state === "failed", ring = state === "ring", held = state === "held";
    const acts = (m) => t.div({ className: "desk-acts" }, failed || held ? button(say("outbox.resend"), { ico: "restart-line", ariaLabel: `${say("outbox.resend")} ${named(m)} ${m.to}`, onclick: doing(async () => { await post(`/api/desk/messages/${m.id}/resend`, {}, m.rev); done(say("outbox.resent")); reload(); }, reload) }) : null,
        failed || ring || held ? button(say("outbox.log"), { ico: "phone-line", ariaLabel: `${say("outbox.log")} ${m.to}`, onclick: () => logCall(m, reload) }) : null);
    return table([say("outbox.when"), say("outbox.to"), say("outbox.what"), failed ? say("outbox.why") : say("queue.state"), failed || ring || held ? null : say("outbox.tries")], rows.map((m) => t.tr({},
        td(hint(moment(m.made))), td(t.span({}, icon({ sms: "smartphone-line", mail: "mail-line", ring: "phone-line" }[m.channel] ?? "question-line"), " ", m.to.trim() || say("outbox.no_contact")), sub(say(`channel.${m.channel}`))),
        td(named(m), m.ref ? sub(m.case && has("lead") ? t.a({ href: `#/desk/case/${m.case}` }, ref(m.ref)) : ref(m.ref)) : null),
        td(failed ? why(m.error) : t.div({}, label(stateName(m.state)), m.sentAt ? sub(moment(m.sentAt)) : state === "queued" ? sub(say("outbox.due", { at: moment(m.dueAt) })) : null), failed ? sub(m.state === "dead" ? say("outbox.gave_up", { n: m.attempts }) : say("outbox.again_at", { n: m.attempts, at: moment(m.dueAt) })) : null),
        failed || ring || held ? t.td({ className: "col-meta" }, acts(m)) : td(String(m.attempts)))));
}

function logCall(m, reload) {
    const said = area({ autofocus: true, maxLength: 300 });
    const quick = (words) => button(words, { look: "secondary", onclick: () => { said.value = words; said.focus(); } });
    panel({ title: say("outbox.log"), sub: `${named(m)} ${m.ref}`, popup: true, size: "sm", foot: (close) => [cancel(close), send(say("kit.save"), doing(async () => {
        if (!said.value.trim()) return said.focus();
        await post(`/api/desk/messages/${m.id}/log-call`, { outcome: said.value.trim() }, m.rev);
        await close();
        done(say("outbox.logged"));
        reload();
    }, reload))] },
    t.p({}, icon("phone-line"), " ", t.b({}, m.to.trim() || say("outbox.no_contact"))), t.p({ className: "txt-hint" }, say("outbox.log_note")), t.div({ className: "desk-chips" }, quick(say("outbox.reached")), quick(say("outbox.wrote")), quick(say("outbox.told_relative"))), field(say("outbox.outcome"), said, { required: true }));
}
