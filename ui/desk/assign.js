// The queue: what waits for whom, by due date. Search is exact, and says so.
import { get, post } from "./api.js";
import { has, me } from "./session.js";
import { pick, say } from "./words.js";
import { button, doing, done, due, empty, fill, focusSearch, go, hint, icon, keyLine, label, live, many, moment, page, pills, ref, searchBox, select, stateName, sub, table, tell, td } from "./kit.js";

const filters = ["mine", "unassigned", "late", "all", "recheck", "unread", "calls", "waiting", "closed"];

export function queuePage(route) {
    const data = store({ filter: filters.includes(route.query.filter?.[0]) ? route.query.filter[0] : has("reviewer") ? "mine" : "all", type: "", find: "", n: 0 });
    let rows = [], mine = 0;
    const links = () => [...document.querySelectorAll(".desk-queue tbody [data-focus]")];
    const move = (by) => { const all = links(), at = all.indexOf(document.activeElement); all[at < 0 ? 0 : Math.max(0, Math.min(all.length - 1, at + by))]?.focus(); };
    const next = async () => {
        try {
            const first = (await get("/api/desk/queue?filter=mine")).rows[0] ?? (has("reviewer") && await claimNext());
            if (first) go(`#/desk/case/${first.id}`); else app.toasts.info(say("queue.none_mine"));
        } catch (e) { tell(e); }
    };
    // Nothing in hand: the next case that nobody has and that one may have. Whoever is slower gets the one after it.
    const claimNext = async () => {
        for (const r of (await get("/api/desk/queue?filter=unassigned")).rows) {
            try {
                await post(`/api/desk/applications/${r.id}/claim`);
                done(say("case.claimed", { ref: r.ref }));
                return r;
            } catch (e) { if (![403, 409, 422].includes(e.status)) throw e; }
        }
    };
    // Pages are asked for by where the one before ended; from is the way back.
    let from = [];
    const turn = (to) => { from = to; list.reload(); document.querySelector(".desk-queue")?.scrollIntoView({ block: "start" }); };
    const path = () => `/api/desk/queue?${new URLSearchParams({ filter: data.filter, ...(data.type ? { type: data.type } : {}), ...(from.length ? { after: from.at(-1) } : {}) })}`;
    const drawn = (q) => {
        rows = q.rows; mine = q.counts.mine;
        const bar = t.div({ className: "desk-filters" },
            pills(say("queue.filter"), filters.map((f) => [f, say(`queue.${f}`), many(q.counts[f])]), () => data.filter, (f) => { data.filter = f; turn([]); }), fill(),
            t.div({ className: "field desk-inline" }, select([["", say("queue.all_types")], ...q.types.map((y) => [y.id, pick(y.name)])], { value: data.type, ariaLabel: say("queue.type"), onchange: (e) => { data.type = e.target.value; turn([]); } })),
            hint(say({ closed: "queue.by_closing", unread: "queue.by_unread", calls: "queue.by_call" }[data.filter] ?? "queue.by_due")));
        return [pledgeDue(), bar, rows.length ? caseTable(rows, list.reload) : nothing(), from.length || q.next ? pager(q) : null].filter(Boolean);
    };
    const pager = (q) => t.nav({ className: "desk-pager", ariaLabel: say("queue.pages") }, from.length ? button(say("queue.back"), { ico: "arrow-left-line", onclick: () => turn(from.slice(0, -1)) }) : null,
        hint(say("queue.page", { n: from.length + 1 })), q.next ? button(say("queue.on"), { ico: "arrow-right-line", onclick: () => turn([...from, q.next]) }) : null);
    const nothing = () => data.type || data.filter !== "mine" ? empty("inbox-line", say("queue.none_here"), say("queue.none_here_why"))
        : empty("cup-line", say("queue.none_mine"), say("queue.none_mine_why"), button(say("queue.see_unassigned"), { onclick: () => { data.filter = "unassigned"; turn([]); } }));
    const list = live(path, drawn, { every: 20, className: "desk-queue" });
    const search = live(() => `/api/desk/search?q=${encodeURIComponent(data.find)}`, (found) => found.rows.length
        ? [t.div({ className: "desk-filters" }, hint(say("search.found", { n: found.rows.length, kind: say(`search.by_${found.kind}`) })), button(say("search.clear"), { onclick: () => (data.find = "") })), caseTable(found.rows, search.reload)]
        : empty("search-line", say("search.nothing", { q: data.find }), say("search.exact"), button(say("search.clear"), { onclick: () => (data.find = "") })), { className: "desk-queue" });
    return page({
        crumbs: [say("nav.queue")], className: "desk-queue-page",
        tools: [searchBox(say("search.what"), { onsubmit: (q) => { data.find = q; data.n++; if (q) search.reload(); } }), fill(), button(say("keys.next"), { look: "", size: "", ico: "arrow-right-line", keys: "N", onclick: next })],
        onkeys: { j: () => move(1), k: () => move(-1), ArrowDown: () => move(1), ArrowUp: () => move(-1), n: next, "/": focusSearch },
        foot: keyLine(["J K", say("keys.move")], ["Enter", say("keys.open")], ["N", say("keys.next")], ["/", say("keys.search")], ["?", say("keys.title")]),
    }, () => data.find ? search : list);
}

// pledgeDue says that a reviewer gets no new case without the pledge.
const pledgeDue = () => me.pledge ? t.div({ className: `alert ${me.pledge === "due" ? "warning" : "info"} desk-kept` }, icon("quill-pen-line"), t.div({}, say(`pledge.${me.pledge}`), " ", t.a({ href: "#/desk/conduct" }, say("pledge.go")))) : null;

const checks = { waiting: ["loader-4-line", ""], failed: ["error-warning-line", "warning"] };
// caseTable is one table of cases, for the queue, a search and the team's page.
export function caseTable(rows, reload) {
    const opens = (r) => has("lead") || r.assignee === me.id;
    const line = (r) => {
        const title = r.name || r.ref;
        const claim = ["submitted", "proposed", "appealed", "questioned", "heard"].includes(r.state) && !r.assignee ? button(say("case.claim"), { ico: "hand-heart-line", ariaLabel: `${say("case.claim")} ${r.ref}`, onclick: doing(async () => {
            await post(`/api/desk/applications/${r.id}/claim`);
            done(say("case.claimed", { ref: r.ref }));
            go(`#/desk/case/${r.id}`);
        }, reload) }) : null;
        return t.tr({ className: opens(r) ? "handle" : "", onclick: (e) => { if (opens(r) && !e.target.closest("a, button")) go(`#/desk/case/${r.id}`); } }, // a handler that returns false would stop the link
            td(r.due ? due(r.how, r.due) : hint("–"), r.due ? sub(say("queue.due_on", { day: r.due })) : null),
            td(opens(r) ? t.a({ href: `#/desk/case/${r.id}`, className: "desk-who", "html-data-focus": r.id }, title) : t.span({ className: "desk-who", tabIndex: 0, "html-data-focus": r.id }, title), sub(r.name ? ref(r.ref) : null, say(`kind.${r.kind}`)), r.unread ? t.div({ className: "desk-unread" }, label(say("talk.unread"), "warning")) : null, r.callOn ? sub(icon("phone-line"), " ", say("talk.call_on", { day: r.callOn })) : null),
            td(pick(r.typeName)),
            td(label(stateName(r.state)), checks[r.checked] ? sub(icon(checks[r.checked][0]), " ", say(`check.${r.checked}`)) : null, r.releaseAt ? sub(say("queue.leaves", { at: moment(r.releaseAt) })) : null),
            td(r.who || hint(say("queue.nobody")), sub(say("queue.came", { at: moment(r.at) }))),
            t.td({ className: "col-meta" }, claim ?? (opens(r) ? icon("arrow-right-line") : null)));
    };
    return table([say("queue.due"), say("queue.applicant"), say("queue.type"), say("queue.state"), say("queue.who"), null], rows.map(line));
}
