// The lead's page: who has how much, who is away, what is stuck and why; several cases are handed on at once.
import { post } from "./api.js";
import { has } from "./session.js";
import { pick, say, sayOr } from "./words.js";
import { button, cancel, daysUntil, doing, done, due, field, hint, icon, iconButton, label, list, live, meter, moment, page, panel, ref, section, select, send, sub, table, td, text } from "./kit.js";
import { absenceForm } from "./account_own.js";
import { plan, tiles } from "./assign_plan.js";
import { typeNames } from "./improve_types.js";
import { waiting } from "./improve_waiting.js";

export function teamPage() {
    const data = store({ picked: [] });
    let people = [], rows = [];
    const names = typeNames();
    const view = live(() => "/api/desk/team", (q) => {
        rows = q.stuck;
        people = whole(q.people).filter((p) => p.state !== "deactivated").sort((a, b) => b.roles.includes("reviewer") - a.roles.includes("reviewer")); // in the order of names otherwise
        const reviewers = people.filter((p) => p.roles.includes("reviewer"));
        return [warnings(q, view.reload), tiles(q), t.div({ className: "desk-cols desk-team-cols" },
            section(say("team.load"), hint(say("team.load_note")), peopleTable(people, names, view.reload)), plan(reviewers, q.days, view.reload)),
        stuck(q.stuck, data, view), backup(q.backup)].flat().filter(Boolean);
    }, { every: 30, onload: (q) => {
        data.picked = data.picked.filter((id) => q.stuck.some((s) => s.id === id));
    } });
    view.rows = () => rows;
    return page({ crumbs: [say("nav.team")], className: "desk-team" }, view, bulkbar(data, () => people, view));
}

// whole fills in what the server leaves out: nobody has to have a type.
export const whole = (people) => people.map((p) => ({ ...p, roles: p.roles ?? [], types: p.types ?? [] }));

function warnings(q, reload) {
    const ends = q.calendarEnds ? daysUntil(q.calendarEnds) : 999;
    return [
        ...waiting(q.waiting, reload),
        ends < 60 ? t.div({ className: "alert warning desk-kept" }, icon("calendar-close-line"), t.div({}, t.b({}, say("team.calendar", { day: q.calendarEnds })), " ", say("team.calendar_what"))) : null,
    ];
}

function peopleTable(people, names, reload) {
    const away = (p) => p.absentUntil && daysUntil(p.absentUntil) >= 0;
    return table([say("field.name"), say("field.types"), say("team.in_hand"), say("team.due_today"), say("team.overdue"), say("team.took"), null], people.map((p) => t.tr({ className: away(p) && daysUntil(p.absentFrom) <= 0 ? "away" : "" },
        td(t.b({}, p.name), p.unpledged ? label(say("team.not_pledged"), "warning m-l-5") : null, p.state === "invited" ? label(say("state.invited"), "m-l-5") : null, away(p) ? label(say("team.away", { from: p.absentFrom, until: p.absentUntil }), "m-l-5") : null, sub(list(p.roles.map((r) => say(`role.${r}`))))),
        td(hint(() => p.types.length ? list(names(p.types)) : "–")),
        td(p.roles.includes("reviewer") ? t.div({ className: "desk-load" }, meter(p.load, p.capacity), t.span({}, `${p.load} / ${p.capacity}`), p.load >= p.capacity ? label(say("team.full"), "warning") : null) : hint("–")),
        td(p.today || hint("–")), td(p.late ? t.span({ className: "label danger" }, icon("alarm-warning-fill"), ` ${p.late}`) : hint("–")),
        t.td({ className: "desk-nowrap" }, p.decided ? t.span({ title: say("team.took_of", { n: p.decided }) }, say("team.days", { n: p.median })) : hint("–")),
        t.td({ className: "col-meta" }, t.div({ className: "desk-acts" },
            p.meanwhile?.length && has("lead") ? button(say("team.meanwhile", { n: p.meanwhile.length }), { ico: "user-shared-line", ariaLabel: say("team.meanwhile_of", { n: p.meanwhile.length, name: p.name }), onclick: () => handOverPanel(p, reload) }) : null,
            iconButton("scales-line", `${say("field.capacity")} ${p.name}`, { onclick: () => capacityPanel(p, reload), "html-data-focus": `cap-${p.id}` }),
            iconButton("calendar-close-line", `${say("own.absence")} ${p.name}`, { onclick: () => absencePanel(p, reload), "html-data-focus": `abs-${p.id}` }))))));
}

// backup says how old the newest copy is and how its test went; what is wrong stands out.
function backup(b) {
    const bad = (text, more) => t.div({ className: "alert danger desk-kept", role: "alert" }, icon("error-warning-line"), t.div({}, t.b({}, text), more ? [" ", more] : null));
    const good = (text) => t.p({}, icon("checkbox-circle-line"), " ", text);
    if (!b.on) return section(say("team.backup"), null, t.div({ className: "alert warning desk-kept" }, icon("error-warning-line"), t.div({}, t.b({}, say("team.backup_off")), " ", say("team.backup_off_what"))));
    const trial = !b.trialAt ? t.p({ className: "txt-hint" }, say("team.backup_trial_none"))
        : !b.trialOK ? bad(say("team.backup_trial_bad", { at: moment(b.trialAt) }), b.trialSays)
            : b.trialLate ? bad(say("team.backup_trial_old", { at: moment(b.trialAt) }))
                : good(say("team.backup_trial", { at: moment(b.trialAt), entries: b.entries, documents: b.documents }));
    return section(say("team.backup"), hint(say("team.backup_note")),
        b.failed ? bad(say("team.backup_failed"), b.failed) : null,
        b.together ? bad(say("team.backup_together")) : null,
        !b.at ? (b.known ? t.p({ className: "txt-hint" }, say("team.backup_none")) : null) : b.late ? bad(say("team.backup_old", { at: moment(b.at) })) : good(`${say("team.backup_age", { at: moment(b.at) })} · ${say("team.backup_copies", { n: b.copies })}`),
        b.missing ? bad(say("team.backup_missing", { n: b.missing })) : null,
        b.at ? trial : null);
}

export function capacityPanel(p, reload) {
    const box = t.input({ type: "number", min: 0, max: 500, value: p.capacity, autofocus: true });
    const el = panel({ title: say("field.capacity"), sub: p.name, popup: true, size: "sm", foot: (close) => [cancel(close), send(say("kit.save"), doing(async () => {
        await post(`/api/desk/staff/${p.id}/set-capacity`, { capacity: +box.value }, p.rev);
        await close();
        reload();
    }, reload))] }, field(say("field.capacity"), box, { required: true, help: say("field.capacity_help") }));
    box.onkeydown = (e) => { if (e.key === "Enter") el.querySelector("[data-send]").click(); };
}

export const absencePanel = (p, reload) => {
    const el = panel({ title: say("own.absence"), sub: p.name, popup: true, size: "sm" }, absenceForm(p.id, p.rev, p, () => { el.shut(); reload(); }, !!p.absentUntil));
};

function stuck(rows, data, view) {
    if (!rows.length) return section(say("team.stuck"), null, t.p({ className: "txt-hint" }, icon("checkbox-circle-line"), " ", say("team.nothing_stuck")));
    const toggle = (id) => (data.picked = data.picked.includes(id) ? data.picked.filter((x) => x !== id) : [...data.picked, id]);
    const box = (id, name, checked, onchange) => t.div({ className: "field" }, t.input({ type: "checkbox", id, checked, onchange, ariaLabel: name }), t.label({ htmlFor: id, title: name }));
    const movable = rows.filter((r) => ["submitted", "in_review", "proposed", "appealed", "questioned", "heard"].includes(r.state)), nobodys = rows.filter((r) => ["submitted", "proposed", "appealed", "questioned", "heard"].includes(r.state) && !r.assignee);
    const pickable = has("lead");
    const head = pickable ? t.th({ className: "col-bulk-select" }, box("desk-all", say("team.select_all"), () => movable.length > 0 && data.picked.length === movable.length, () => (data.picked = data.picked.length === movable.length ? [] : movable.map((r) => r.id)))) : null;
    const assignAll = pickable && nobodys.length ? button(say("team.assign_all", { n: nobodys.length }), { ico: "shuffle-line", onclick: doing(() => handAll(nobodys.map((r) => r.id), rows, "", "", view)) }) : hint(say("team.stuck_note"));
    return section(say("team.stuck"), assignAll, table([head, say("queue.due"), say("queue.applicant"), say("queue.type"), say("queue.who"), say("team.why")], rows.map((r) => t.tr({},
        t.td({ className: "col-bulk-select" }, pickable && movable.includes(r) ? box(`b-${r.id}`, say("team.select", { ref: r.ref }), () => data.picked.includes(r.id), () => toggle(r.id)) : null),
        td(due(r.how, r.due), sub(say("queue.due_on", { day: r.due }))),
        td(pickable ? t.a({ href: `#/desk/case/${r.id}`, className: "desk-who" }, r.name || r.ref) : t.b({}, r.ref), r.name ? sub(ref(r.ref)) : null),
        td(pick(r.typeName)), td(r.who || label(say("queue.nobody"), "warning")), td(hint(whyStuck(r)))))));
}

function whyStuck(r) {
    if (r.why?.length) return list(r.why.map((w) => `${w.who} ${sayOr(`fit.${w.verdict}`, w.verdict)}`));
    if (r.assignee) return r.handOn ? say("team.is_late_until", { day: r.handOn }) : say("team.is_late");
    return r.how === "late" ? say("team.is_both") : say("team.is_unassigned");
}

// handAll hands cases on one by one, each an act of its own: to one colleague, or, with nobody named, each to whoever is
// fit and has most room. What cannot go stays, and is said.
async function handAll(ids, rows, to, why, view, moved = () => {}) {
    let n = 0, left = null;
    for (const id of ids) {
        const r = rows.find((x) => x.id === id);
        try {
            if (to) await post(`/api/desk/applications/${id}/reassign`, { to, why });
            else if (r?.state === "submitted") await post(`/api/desk/applications/${id}/assign`, { why });
            else await post(`/api/desk/applications/${id}/hand-on`, { why });
            moved(id);
            n++;
        } catch (e) {
            if (e.status === 0) throw e;
            left = e;
        }
    }
    if (n) done(say("team.handed", { n }));
    view.reload();
    if (left) throw left;
}

// handOverPanel hands on, before somebody leaves, what falls due while they are away.
function handOverPanel(p, reload) {
    panel({ title: say("team.meanwhile", { n: p.meanwhile.length }), sub: p.name, popup: true, size: "sm", foot: (close) => [cancel(close), send(say("team.hand_on"), doing(async () => {
        await handAll(p.meanwhile, [], "", say("team.meanwhile_why"), { reload });
        await close();
    }))] }, t.p({ className: "m-0" }, say("team.meanwhile_what", { name: p.name, from: p.absentFrom, until: p.absentUntil })));
}

function bulkbar(data, people, view) {
    const why = text({ ariaLabel: say("field.reason"), placeholder: say("field.reason"), maxLength: 300 });
    let to = "";
    const hand = doing(() => handAll([...data.picked], view.rows(), to, why.value, view, (id) => (data.picked = data.picked.filter((x) => x !== id))));
    return t.div({ className: "bulkbar-wrapper", hidden: () => !data.picked.length }, t.div({ className: "bulkbar desk-bulkbar", role: "region", ariaLabel: say("team.hand_on") }, t.b({ role: "status" }, () => say("team.picked", { n: data.picked.length })), t.span({}, say("team.hand_to")),
        t.div({ className: "field desk-inline" }, () => { data.picked.length; return select([["", say("team.auto")], ...people().filter((p) => p.roles.includes("reviewer") && p.state === "active").map((p) => [p.id, `${p.name} (${p.load} / ${p.capacity})`])], { value: to, ariaLabel: say("team.hand_to"), onchange: (e) => (to = e.target.value) }); }),
        t.div({ className: "field desk-inline grow" }, why), button(say("team.hand_on"), { look: "", ico: "user-shared-line", onclick: hand }), iconButton("close-line", say("team.clear"), { onclick: () => (data.picked = []) })));
}
