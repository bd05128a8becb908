// What the desk has stopped by itself, until a manager has looked: the clock, and re-checks of a type that go badly.
import { post } from "./api.js";
import { has } from "./session.js";
import { pick, say } from "./words.js";
import { button, doing, done, hint, icon, sure } from "./kit.js";

// sayShort says, right after the act that made it so, which types ask for more people than there are now.
export function sayShort(r, names) {
    for (const s of JSON.parse(r.answer?.short ?? "[]")) app.toasts.error(t.div({ role: "alert" }, say("short.people", { name: names([s.type])[0], have: s.have })), { duration: 20000 });
}

export const waiting = (w, reload) => [
    w.diskLow ? t.div({ className: "alert danger desk-kept", role: "alert" }, icon("hard-drive-2-line"), t.div({}, say("brake.disk"))) : null,
    w.clockPaused ? stop("time-line", say("team.clock", { shows: w.clockShows, known: w.clockKnown }), say("team.clock_manager"),
        () => button(say("team.clock_right"), { look: "", onclick: doing(async () => { await post("/api/desk/resume-clock"); done(say("team.clock_runs")); reload(); }) })) : null,
    ...w.rechecks.map((r) => stop("pause-circle-line", say("brake.adverse", { name: pick(r.name), adverse: r.adverse, due: r.due }), say("brake.manager"),
        () => button(say("brake.go_on"), { look: "", ariaLabel: `${say("brake.go_on")} ${pick(r.name)}`, onclick: () => sure(say("brake.go_on"), say("brake.what", { name: pick(r.name) }), say("brake.go_on"), async () => { await post(`/api/desk/types/${r.type}/resume-recheck`); done(say("brake.goes_on")); reload(); }) }))),
    ...(w.short ?? []).map((s) => t.div({ className: "alert warning desk-kept", role: "alert" }, icon("team-line"), t.div({}, say("short.people", { name: pick(s.name), have: s.have })))),
].filter(Boolean);

const stop = (ico, words, others, act) => t.div({ className: "alert danger desk-kept", role: "alert" }, icon(ico), t.div({}, words), t.span({ className: "flex-fill" }), has("manager") ? act() : hint(others));
