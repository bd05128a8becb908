// What applicant and desk say to each other on a case: messages with attachments, and calls. What is being typed stays over
// every reading of the case.
import { post, postForm } from "./api.js";
import { say, sayOr } from "./words.js";
import { area, button, cancel, dayField, doing, done, field, hint, icon, label, moment, panel, select, send, sub, text, tell } from "./kit.js";

const most = { runes: 2000, files: 5 };

export function talk(now, view, reread) {
    const id = now().id, data = store({ n: 0, files: 0 });
    const words = area({ id: "desk-message", rows: 4, className: "autoexpand", oninput: () => (data.n = [...words.value.trim()].length) });
    const files = t.input({ type: "file", id: "desk-message-files", multiple: true, accept: "image/jpeg,image/png,application/pdf", onchange: () => (data.files = files.files.length) });
    const write = doing(async () => {
        if (!words.value.trim() && !files.files.length) return words.focus();
        const form = new FormData();
        form.append("text", words.value);
        for (const f of files.files) form.append("file", f, f.name);
        await postForm(`/api/desk/applications/${id}/message`, form);
        words.value = files.value = "";
        data.n = data.files = 0;
        done(say("talk.sent"));
        await reread();
    }, reread);
    const form = t.form({ onsubmit: write },
        t.div({ className: "field" }, t.label({ htmlFor: "desk-message" }, say("talk.write")), words),
        t.div({ className: "desk-talk-files" }, t.label({ htmlFor: "desk-message-files", className: "txt-hint" }, say("talk.files", { n: most.files })), files),
        t.div({ className: "desk-talk-acts" }, t.button({ className: "btn sm secondary" }, icon("send-plane-line"), t.span({ className: "txt" }, say("talk.send"))),
            hint(() => data.n > most.runes ? say("talk.too_long", { n: data.n, of: most.runes }) : say("talk.told"))));
    return t.section({ className: "desk-section desk-talk-section", id: "desk-talk" },
        t.header({}, t.h2({}, say("talk.title"), () => now().unread ? [" ", label(say("talk.unread"), "warning")] : ""), t.div({ className: "desk-talk-tools" },
            () => now().unread && now().may.mark_read ? button(say("talk.mark_read"), { look: "transparent secondary", ico: "check-double-line", onclick: doing(async () => { await post(`/api/desk/applications/${id}/mark-read`); await reread(); }, reread) }) : "",
            () => now().may.log_call ? button(say("talk.log_call"), { look: "transparent secondary", ico: "phone-line", onclick: () => logCall(now(), reread) }) : "")),
        () => now().callOn ? t.p({ className: "m-0" }, label(say("talk.call_on", { day: now().callOn }), "info")) : "",
        t.ol({ className: "desk-plain desk-talk" }, () => now().correspondence.map((m) => entry(m, now(), view))),
        () => now().correspondence.length ? "" : hint(say("talk.none")),
        t.div({ hidden: () => !now().may.message }, form));
}

function entry(m, c, view) {
    const mine = m.side === "desk";
    const shown = (m.files ?? []).map((f) => c.documents.findIndex((d) => d.id === f)).filter((n) => n >= 0);
    const call = m.kind === "call" ? t.p({ className: "m-0" }, icon("phone-line"), " ", t.b({}, sayOr(`call.${m.outcome}`, m.outcome)), " ", t.span({}, m.number), m.nextOn ? [" · ", say("talk.next", { day: m.nextOn })] : "") : null;
    return t.li({ className: `desk-said-line ${mine ? "ours" : "theirs"} ${!mine && !m.readAt ? "unread" : ""}` },
        call, m.text ? t.p({ className: "m-0 pre" }, m.text) : null,
        ...shown.map((n) => button(c.documents[n].file || say("talk.attachment"), { look: "transparent secondary", ico: "attachment-2", onclick: () => view.show(n) })),
        sub(`${mine ? m.who : say("talk.applicant")} · ${moment(m.at)}${m.kind === "call" ? "" : m.readAt ? ` · ${say("talk.read", { at: moment(m.readAt) })}` : ` · ${say("talk.not_read")}`}`));
}

const outcomes = ["reached", "no_answer", "left_word", "wrong_number"];

function logCall(c, reread) {
    const phone = c.phone || c.answers.find((a) => a.kind === "phone")?.value || "";
    const number = text({ value: phone, inputMode: "tel", maxLength: 30 }), note = area({ rows: 4, maxLength: most.runes });
    const outcome = select([["", say("talk.choose")], ...outcomes.map((o) => [o, say(`call.${o}`)])], { value: "", autofocus: true });
    const next = dayField(say("talk.next_try"), "", { help: say("talk.next_try_note") });
    panel({ title: say("talk.log_call"), sub: c.ref, popup: true, size: "sm", foot: (close) => [cancel(close), send(say("kit.save"), doing(async () => {
        if (!outcome.value) { tell({ status: 422, code: "", message: say("talk.outcome_first") }); return outcome.focus(); }
        await post(`/api/desk/applications/${c.id}/log-call`, { number: number.value.trim(), outcome: outcome.value, note: note.value.trim(), nextOn: next.input.value.trim() });
        await close();
        done(say("talk.call_kept"));
        await reread();
    }, reread))] }, field(say("talk.number"), number, { required: true }), field(say("talk.outcome"), outcome, { required: true }), field(say("talk.call_note"), note, { help: say("talk.call_note_hidden") }), next);
}
