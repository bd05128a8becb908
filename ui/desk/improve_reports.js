// How well the desk works: figures by month as charts or tables, with what was changed dated on them; the summaries of the
// months; and the look at each quarter.
import { post } from "./api.js";
import { has } from "./session.js";
import { lang, pick, say } from "./words.js";
import { area, button, cancel, doing, done, field, fill, hint, icon, live, moment, page, panel, section, select, send, table, td } from "./kit.js";
import { chart } from "./improve_chart.js";
import { changeText } from "./improve_terms.js";

export function reportsPage(route) {
    const data = store({ type: route.query.type?.[0] ?? "", who: "", tables: {} });
    const query = () => `type=${encodeURIComponent(data.type)}&reviewer=${encodeURIComponent(data.who)}`;
    let ids = [];
    const view = live(() => `/api/desk/reports?${query()}`, (q) => {
        ids = q.charts.map((c) => c.id);
        return [bar(q), t.div({ className: "desk-reports-grid" }, ...q.charts.map((c) => card(c, q, data, query)), reasonsCard(q, query)), changes(q.marks), months(q.summaries)];
    });
    const all = () => ids.length > 0 && ids.every((id) => data.tables[id]);
    const bar = (q) => t.div({ className: "desk-filters" },
        t.div({ className: "field desk-inline" }, select([["", say("queue.all_types")], ...q.types.map((y) => [y.id, pick(y.name)])], { value: data.type, ariaLabel: say("queue.type"), onchange: (e) => { data.type = e.target.value; view.reload(); } })),
        t.div({ className: "field desk-inline" }, select([["", say("reports.everybody")], ...q.people.map((p) => [p.id, p.name])], { value: data.who, ariaLabel: say("role.reviewer"), onchange: (e) => { data.who = e.target.value; view.reload(); } })),
        hint(say("reports.range", { n: q.months.length })), fill(),
        t.button({ type: "button", className: "btn sm secondary", ariaPressed: () => String(all()), onclick: () => { const to = !all(); data.tables = Object.fromEntries(ids.map((id) => [id, to])); } }, () => t.span({}, icon(all() ? "line-chart-line" : "table-line"), " ", say(all() ? "reports.as_charts" : "reports.as_tables"))),
        q.quarter && has("manager") ? button(say("reports.review", { quarter: q.quarter, by: q.reviewBy }), { ico: "task-line", onclick: () => reviewPanel(q, view.reload) }) : null);
    return page({ crumbs: [say("nav.reports")], className: "desk-reports" }, view);
}

const shownValue = (v, unit) => v === null ? "–" : unit === "%" ? `${v}%` : `${v}`;

function card(c, q, data, query) {
    const lines = c.lines.map((l) => ({ ...l, name: say(`column.${l.name}`) }));
    const first = c.lines[0].values, last = first.findLast((v) => v !== null) ?? null;
    const marks = q.marks.map((m) => ({ on: m.on, short: `${m.on.slice(5)} ${m.changes[0] ? changeText(m.changes[0]) : ""}`.slice(0, 34) }));
    const title = say(`archive.${c.id}`);
    const grid = () => t.div({ className: "desk-report-table", tabIndex: 0, role: "region", ariaLabel: say("kit.table", { what: title }) }, t.table({ className: "table" },
        t.thead({}, t.tr({}, t.th({ scope: "col" }, say("column.month")), ...lines.map((l) => t.th({ scope: "col" }, l.name)))),
        t.tbody({}, ...q.months.map((m, i) => t.tr({}, t.td({}, m, ...q.marks.filter((x) => x.on.startsWith(m)).map((x) => t.span({ className: "label sm m-l-5" }, icon("flag-line"), ` ${x.on.slice(5)}`))), ...lines.map((l) => t.td({}, shownValue(l.values[i], c.unit))))).reverse())));
    return t.section({ className: "desk-report", ariaLabel: title },
        t.header({}, t.div({}, t.h2({}, title), hint(say(`reports.${c.id}_note`))), t.div({ className: "now" }, t.b({}, shownValue(last, c.unit)), hint(say("reports.newest"))),
            t.a({ className: "btn sm circle transparent secondary", href: app.pb.buildURL(`/api/desk/reports/file?chart=${c.id}&${query()}`), title: `CSV: ${title}`, ariaLabel: `CSV: ${title}`, download: true }, icon("download-2-line")),
            t.button({ type: "button", className: "btn sm circle transparent secondary", title: say("reports.turn"), ariaLabel: `${title}: ${say("reports.turn")}`, ariaPressed: () => String(!!data.tables[c.id]), onclick: () => (data.tables = { ...data.tables, [c.id]: !data.tables[c.id] }) }, () => icon(data.tables[c.id] ? "line-chart-line" : "table-line"))),
        () => data.tables[c.id] ? grid() : chart({ months: q.months, lines, marks, unit: c.unit, label: `${title}. ${say(`reports.${c.id}_note`)}. ${say("reports.newest")}: ${shownValue(last, c.unit)}` }));
}

function reasonsCard(q, query) {
    const most = Math.max(1, ...q.reasons.map((r) => r.count)), title = say("archive.reasons");
    return t.section({ className: "desk-report", ariaLabel: title },
        t.header({}, t.div({}, t.h2({}, title), hint(say("reports.reasons_note"))), t.a({ className: "btn sm circle transparent secondary", href: app.pb.buildURL(`/api/desk/reports/file?chart=reasons&${query()}`), title: `CSV: ${title}`, ariaLabel: `CSV: ${title}`, download: true }, icon("download-2-line"))),
        q.reasons.length ? t.div({ className: "desk-report-table", tabIndex: 0, role: "region", ariaLabel: say("kit.table", { what: title }) }, t.table({ className: "table" }, t.tbody({}, ...q.reasons.map((r) => t.tr({}, t.td({}, pick(r.text) || r.reason), t.td({ className: "desk-nowrap" }, t.span({ className: "desk-meter", ariaHidden: true }, t.span({ style: `width:${100 * r.count / most}%` })), ` ${r.count}`)))))) : t.p({ className: "txt-hint" }, say("reports.none")));
}

const becauseOf = (m) => (lang === "en" && m.becauseEn) || m.becauseZh;
export const changes = (marks) => section(say("reports.changes"), hint(t.a({ href: app.pb.buildURL("/changes") }, say("reports.public"))), marks.length ? t.ul({ className: "desk-plain" }, ...marks.map((m) => t.li({ className: "desk-change" }, t.time({}, m.on),
    t.div({}, t.b({}, `${pick(m.typeName)}: ${m.changes.map(changeText).join("; ")}`), t.div({ className: "txt-hint txt-sm" }, say("reports.because", { why: becauseOf(m) }), m.feedback ? ` · ${say("reports.feedback", { n: m.feedback })}` : "", ` · ${m.who}`))))) : t.p({ className: "txt-hint" }, say("reports.no_changes")));

const months = (all) => section(say("reports.summaries"), hint(say("reports.summaries_note")), all.length ? table(["month", "received", "decided", "refused", "on_time", "corrected", "said", "hard", "wish"].map((c) => say(`column.${c}`)), all.map((s) => t.tr({},
    td(t.b({}, s.month), s.told ? t.div({ className: "txt-hint txt-sm" }, say("reports.told", { at: moment(s.told) })) : null), td(s.received), td(s.decided), td(s.refused), td(share(s.onTime, s.decided)), td(share(s.corrected, s.decided)), td(s.said), td(s.hard), td(s.wish)))) : t.p({ className: "txt-hint" }, say("reports.no_months")));
const share = (n, of) => of ? `${Math.round(100 * n / of)}%` : "–";

function reviewPanel(q, reload) {
    const note = area({ rows: 5, maxLength: 2000, autofocus: true });
    panel({ title: say("reports.review_title", { quarter: q.quarter }), popup: true, foot: (close) => [cancel(close), send(say("kit.save"), doing(async () => {
        if (!note.value.trim()) return note.focus();
        await post("/api/desk/review-process", { note: note.value.trim() });
        await close();
        done(say("reports.reviewed", { quarter: q.quarter }));
        reload();
    }))] }, t.p({ className: "txt-hint" }, say("reports.review_what")), field(say("reports.review_note"), note, { required: true }));
}
