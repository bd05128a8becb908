// Above and beside the team's table: how the desk stands in six numbers, and who is away in the next two weeks.
import { lang, say } from "./words.js";
import { hint, icon, section } from "./kit.js";

export function tiles(q) {
    const one = (n, text, look, ico) => t.div({ className: `desk-tile ${look ?? ""}` }, t.b({}, n ? (ico ? icon(ico) : null) : null, ` ${n}`), t.span({ className: "txt-hint" }, text));
    const s = q.sums, share = q.decided ? `${(100 * q.onTime / q.decided).toFixed(1)}%` : "–";
    return t.div({ className: "desk-tiles", role: "group", ariaLabel: say("team.sums") }, one(s.open, say("team.open")), one(s.today, say("team.due_today"), s.today ? "warn" : "", "time-fill"), one(s.late, say("team.overdue"), s.late ? "bad" : "", "alarm-warning-fill"),
        one(s.unassigned, say("team.unassigned"), s.unassigned ? "warn" : "", "user-unfollow-line"), one(s.awaiting, say("team.awaiting")), one(share, say("team.on_time")));
}

// plan is a table of days: free days are blank, an absence is a cross.
export function plan(people, days) {
    const name = new Intl.DateTimeFormat(lang === "en" ? "en" : "zh-Hans", { weekday: "narrow", timeZone: "UTC" });
    const away = (p, d) => p.absentFrom && p.absentFrom <= d.on && d.on <= p.absentUntil;
    const cell = (p, d) => !d.working ? t.td({}) : away(p, d) ? t.td({ className: "off" }, t.span({ role: "img", ariaLabel: say("fit.absent") }, "×")) : t.td({ className: "on" }, t.span({}));
    return section(say("team.plan"), hint(say("team.plan_note")), t.div({ className: "desk-plan", tabIndex: 0, role: "region", ariaLabel: say("team.plan") }, t.table({},
        t.thead({}, t.tr({}, t.th({ scope: "col" }, say("role.reviewer")), ...days.map((d) => t.th({ scope: "col" }, name.format(new Date(`${d.on}T00:00Z`)), t.br({}), +d.on.slice(8))))),
        t.tbody({}, ...people.map((p) => t.tr({}, t.th({ scope: "row" }, p.name), ...days.map((d) => cell(p, d))))))));
}
