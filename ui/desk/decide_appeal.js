// Appeals: what the applicant wrote, and the answer of somebody who had no part in the result; a deputy for one case.
import { get, post } from "./api.js";
import { say } from "./words.js";
import { area, button, cancel, doing, done, field, fill, go, hint, icon, label, moment, panel, section, select, send, stateName, text, tick } from "./kit.js";

export const appealed = (c) => section(say("appeal.title"), c.appeal.state === "open" ? null : label(stateName(c.appeal.state)), hint(say("appeal.made", { at: moment(c.appeal.at) })), t.p({ className: "desk-pre" }, c.appeal.text),
    c.appeal.answer ? t.div({ className: "alert info desk-kept" }, icon("reply-line"), t.div({}, c.appeal.answer, t.div({ className: "txt-hint" }, say("appeal.answered", { who: c.appeal.who, at: moment(c.appeal.decidedAt) })))) : null);

export function appealBar(c, reread) {
    return t.footer({ className: "desk-bar" }, t.div({ className: "desk-progress" }, icon("scales-3-line"), t.span({}, c.may.decide_appeal ? say("appeal.yours") : say("appeal.theirs", { who: c.who || say("queue.nobody") }))), fill(),
        deputyButton(c, reread), c.may.decide_appeal ? button(say("appeal.answer"), { look: "", ico: "scales-3-line", onclick: () => answer(c, reread) }) : null);
}

function answer(c, reread) {
    const outcomes = ["upheld", ...(c.fourEyes ? [] : ["changed"]), "returned"];
    const boxes = outcomes.map((o) => Object.assign(tick(say(`appeal.${o}`), { type: "radio", name: "desk-appeal" }), { of: o }));
    const words = area({ rows: 6, maxLength: 5000 });
    panel({ title: say("appeal.answer"), sub: `${c.ref} ${c.name}`, popup: true, foot: (close) => [cancel(close), send(say("appeal.send"), doing(async () => {
        const chosen = boxes.find((b) => b.input.checked);
        if (!chosen) return boxes[0].input.focus();
        if (!words.value.trim()) return words.focus();
        await post(`/api/desk/applications/${c.id}/decide-appeal`, { outcome: chosen.of, text: words.value.trim() }, c.rev);
        await close();
        done(say("appeal.done"));
        go("#/desk/queue");
    }, reread))] },
    t.fieldset({ className: "desk-set" }, t.legend({}, say("decide.outcome")), ...boxes), c.fourEyes ? t.p({ className: "txt-hint" }, say("appeal.two")) : null,
    field(say("appeal.to_applicant"), words, { required: true, help: say("appeal.to_applicant_help") }));
}

export const deputyButton = (c, reread) => c.may.name_deputy ? button(say("appeal.deputy"), { look: "transparent secondary", ico: "user-star-line", onclick: doing(() => deputy(c, reread), reread) }) : null;

async function deputy(c, reread) {
    const { people } = await get("/api/desk/team");
    const to = select(people.filter((p) => p.state === "active" && (p.roles ?? []).some((r) => r !== "auditor")).map((p) => [p.id, p.name]), {}), why = text({ maxLength: 300 });
    panel({ title: say("appeal.deputy"), sub: c.ref, popup: true, size: "sm", foot: (close) => [cancel(close), send(say("appeal.deputy"), doing(async () => {
        if (!why.value.trim()) return why.focus();
        await post(`/api/desk/applications/${c.id}/name-deputy`, { to: to.value, why: why.value.trim() }, c.rev);
        await close();
        done(say("appeal.deputy_done"));
        await reread();
    }, reread))] }, t.p({ className: "txt-hint" }, say("appeal.deputy_note")), field(say("team.hand_to"), to), field(say("field.reason"), why, { required: true }));
}
