// Reversing an approval: a lead says what was found, a second person agrees or does not, the holder is heard, somebody decides.
import { post } from "./api.js";
import { pick, say } from "./words.js";
import { deputyButton } from "./decide_appeal.js";
import { area, button, cancel, doing, done, field, fill, go, hint, icon, label, moment, panel, section, send, stateName, tick } from "./kit.js";

// reversed tells the story of a reversal so far, beside what has to be decided.
export function reversed(c) {
    const r = c.reversal, of = (id) => pick(c.reasons.find((x) => x.id === id)?.text) || id;
    const quoted = (ico, words, who) => t.div({ className: "alert info desk-kept" }, icon(ico), t.div({}, t.div({ className: "desk-pre" }, words), t.div({ className: "txt-hint" }, who)));
    return section(say("reverse.title"), r.state === "open" ? label(stateName(c.state), "warning") : label(stateName(r.state)), hint(say("reverse.by", { who: r.by, at: moment(r.at) })),
        r.reasons.length ? t.ul({}, ...r.reasons.map((id) => t.li({}, of(id)))) : null, t.p({ className: "desk-pre" }, r.text),
        r.second ? t.p({ className: "txt-hint" }, say("reverse.second", { who: r.second }), r.comment ? ` · ${r.comment}` : "") : null,
        r.answer ? quoted("chat-quote-line", r.answer, say("reverse.answered", { at: moment(r.answeredAt) })) : c.state === "hearing" ? t.p({ className: "txt-hint" }, say("reverse.until", { day: r.until })) : r.until ? t.p({ className: "txt-hint" }, say("reverse.silent")) : null,
        r.decision ? quoted("reply-line", r.decision, say("reverse.decided", { who: r.who, at: moment(r.decidedAt) })) : null);
}

export const reverses = (c) => ["questioned", "hearing", "heard"].includes(c.state);

// reverseBar stands below a case whose approval is being reversed.
export function reverseBar(c, reread) {
    const who = c.who || say("queue.nobody");
    const words = c.state === "hearing" ? say("reverse.hearing", { day: c.reversal.until }) : c.state === "heard" ? (c.may.decide_reversal ? say("reverse.heard_yours") : say("reverse.heard_theirs", { who }))
        : c.may.agree_reversal ? say("reverse.second_yours", { who: c.reversal.by }) : say("reverse.second_theirs", { who });
    return t.footer({ className: "desk-bar" }, t.div({ className: "desk-progress" }, icon("scales-3-line"), t.span({}, words)), fill(), deputyButton(c, reread),
        c.may.drop_reversal ? button(say("reverse.drop"), { ico: "close-line", onclick: () => opinion(c, reread, "drop", true, (said) => post(`/api/desk/applications/${c.id}/drop-reversal`, said, c.rev)) }) : null,
        c.may.agree_reversal ? button(say("reverse.agree"), { look: "outline warning", ico: "pause-circle-line", onclick: () => opinion(c, reread, "agree", false, (said) => post(`/api/desk/applications/${c.id}/agree-reversal`, said, c.rev)) }) : null,
        c.may.decide_reversal ? button(say("reverse.decide"), { look: "", ico: "scales-3-line", onclick: () => decide(c, reread) }) : null);
}

function opinion(c, reread, what, needed, act) {
    const box = area({ autofocus: true, maxLength: 1000, rows: 4 });
    panel({ title: say(`reverse.${what}`), sub: `${c.ref} ${c.name}`, popup: true, size: "sm", foot: (close) => [cancel(close), send(say(`reverse.${what}`), doing(async () => {
        if (needed && !box.value.trim()) return box.focus();
        await act({ comment: box.value.trim() });
        await close();
        done(say(what === "agree" ? "reverse.agreed" : "reverse.dropped"));
        go("#/desk/queue");
    }, reread), "")] }, field(say(needed ? "second.comment" : "second.comment_free"), box, { required: needed, help: say("second.comment_help") }));
}

// openReverse asks a lead why an approval was wrong.
export function openReverse(c, reread) {
    const words = area({ rows: 5, maxLength: 5000 });
    const boxes = c.reasons.map((r) => Object.assign(tick(pick(r.text)), { of: r.id }));
    panel({ title: say("reverse.title"), sub: `${c.ref} ${c.name} · ${c.certificate.number}`, popup: true, foot: (close) => [cancel(close), send(say("reverse.send"), doing(async () => {
        if (!words.value.trim()) return words.focus();
        await post(`/api/desk/applications/${c.id}/reverse`, { reasons: boxes.filter((b) => b.input.checked).map((b) => b.of), text: words.value.trim() }, c.rev);
        await close();
        done(say("reverse.sent"));
        await reread();
    }, reread), "danger")] }, t.p({ className: "txt-hint" }, say("reverse.note")), field(say("reverse.found"), words, { required: true, help: say("reverse.found_help") }),
    t.fieldset({ className: "desk-set" }, t.legend({}, say("reverse.reasons")), ...boxes));
}

function decide(c, reread) {
    const boxes = ["upheld", "reversed"].map((o) => Object.assign(tick(say(`reverse.${o}`), { type: "radio", name: "desk-reversal" }), { of: o }));
    const words = area({ rows: 6, maxLength: 5000 });
    panel({ title: say("reverse.title"), sub: `${c.ref} ${c.name}`, popup: true, foot: (close) => [cancel(close), send(say("reverse.decide"), doing(async () => {
        const chosen = boxes.find((b) => b.input.checked);
        if (!chosen) return boxes[0].input.focus();
        if (!words.value.trim()) return words.focus();
        await post(`/api/desk/applications/${c.id}/decide-reversal`, { outcome: chosen.of, text: words.value.trim() }, c.rev);
        await close();
        done(say("reverse.done"));
        go("#/desk/queue");
    }, reread))] }, t.fieldset({ className: "desk-set" }, t.legend({}, say("decide.outcome")), ...boxes), field(say("reverse.to_holder"), words, { required: true, help: say("appeal.to_applicant_help") }));
}
