// Certificates: the list by state, and one with its history. Suspending, reinstating and revoking take effect at once, on the
// public page too; each needs a reason, which the holder reads.
import { post } from "./api.js";
import { pick, say } from "./words.js";
import { actName, actor, area, because, button, cancel, copyButton, doing, done, empty, facts, field, fill, hint, icon, label, live, moment, page, panel, pills, section, select, send, stateName, sub, table, td, daysUntil } from "./kit.js";

const states = ["valid", "suspended", "revoked", "expired", "superseded"], lists = ["valid", "proposed", ...states.slice(1)];
const looks = { valid: ["success", "shield-check-line"], suspended: ["warning", "pause-circle-line"], revoked: ["danger", "forbid-line"], expired: ["", "calendar-close-line"], superseded: ["", "arrow-right-circle-line"] };
const stateLabel = (s) => t.span({ className: `label ${looks[s]?.[0] ?? ""}` }, icon(looks[s]?.[1] ?? "file-line"), stateName(s));

export function certificatesPage() {
    const data = store({ state: "valid", type: "" });
    const list = live(() => `/api/desk/certificates?state=${data.state}${data.type ? `&type=${encodeURIComponent(data.type)}` : ""}`, (q) => {
        const named = (id) => pick(q.types.find((y) => y.id === id)?.name) || id;
        return [t.div({ className: "desk-filters" }, pills(say("queue.filter"), lists.map((s) => [s, s === "proposed" ? say("cert.proposed") : stateName(s), q.counts[s] ?? 0]), () => data.state, (s) => { data.state = s; list.reload(); }), fill(),
            t.div({ className: "field desk-inline" }, select([["", say("queue.all_types")], ...q.types.map((y) => [y.id, pick(y.name)])], { value: data.type, ariaLabel: say("queue.type"), onchange: (e) => { data.type = e.target.value; list.reload(); } })), hint(say("cert.by_end"))),
        q.rows.length ? table([say("cert.number"), say("queue.type"), say("queue.state"), say("cert.until"), say("cert.recheck")], q.rows.map((r) => t.tr({},
            td(t.a({ href: `#/desk/certificates/${r.id}`, className: "desk-who", "html-data-focus": r.id }, r.number)), td(named(r.type)), td(stateLabel(r.state)),
            td(r.until, r.state === "valid" ? sub(say("cert.days", { n: daysUntil(r.until) })) : null), td(r.recheckOn || hint("–"))))) : empty("award-line", say("cert.none"), "")];
    }, { every: 60 });
    return page({ crumbs: [say("nav.certificates")] }, list);
}

export function certificatePage(route) {
    const id = route.params.id;
    const view = live(() => `/api/desk/certificates/${id}`, (q) => {
        const c = q.certificate;
        return [c.hearing ? t.div({ className: "alert warning desk-kept" }, icon("scales-3-line"), t.div({}, say("reverse.on_case"), " ", t.a({ href: `#/desk/case/${c.hearing}` }, say("reverse.see_case")))) : null,
        c.proposed ? t.div({ className: "alert warning desk-kept" }, icon("alarm-warning-line"), t.div({}, say("cert.proposed_why"), " ", t.a({ href: `#/desk/case/${c.proposed}` }, say("cert.proposed_case")))) : null,
        t.div({ className: "desk-cols" }, section(c.number, stateLabel(c.state), facts([[say("cert.holder"), t.span({}, q.name, q.latin ? hint(` ${q.latin}`) : null)], [say("cert.from"), c.from], [say("cert.until"), c.until], [say("cert.recheck"), c.recheckOn || "–"],
            q.reason ? [say("cert.reason"), q.reason] : null, [say("cert.page"), t.span({}, t.a({ href: q.page, target: "_blank", rel: "noopener noreferrer" }, q.page), copyButton(q.page, say("cert.page")))], c.imported ? [say("cert.imported"), say("cert.imported_at")] : null, c.case ? [say("cert.case"), t.a({ href: `#/desk/case/${c.case}` }, say("keys.open"))] : null]),
        t.div({ className: "desk-row-acts m-t-sm" }, ...acts(id).map((a) => q.may[a.name] ? button(actName(a.name), { size: "", look: a.look, ico: a.ico, onclick: () => stand(q, a, view.reload) }) : null))),
        section(say("case.history"), null, t.ol({ className: "desk-plain desk-history" }, ...q.history.map((h) => t.li({}, t.time({}, moment(h.at)), t.div({}, actName(h.act), " ", hint(actor(h.who)), h.why ? sub(because(h)) : null))))))];
    });
    return page({ crumbs: [{ text: say("nav.certificates"), href: "#/desk/certificates" }, say("cert.title")] }, view);
}

const acts = (id) => [
    { name: "suspend", look: "outline warning", ico: "pause-circle-line", path: `/api/desk/certificates/${id}/suspend` },
    { name: "keep_valid", look: "success", ico: "shield-check-line", path: `/api/desk/certificates/${id}/keep-valid` },
    { name: "reinstate", look: "success", ico: "shield-check-line", path: `/api/desk/certificates/${id}/reinstate` },
    { name: "revoke", look: "outline danger", ico: "forbid-line", path: `/api/desk/certificates/${id}/revoke` },
];

function stand(q, a, reload) {
    const why = area({ autofocus: true, maxLength: 500 });
    panel({ title: actName(a.name), sub: `${q.certificate.number} ${q.name}`, popup: true, size: "sm", foot: (close) => [cancel(close), send(actName(a.name), doing(async () => {
        await post(a.path, { reason: why.value.trim() }, q.certificate.rev);
        await close();
        done(say("cert.changed", { number: q.certificate.number }));
        reload();
    }, reload), a.name === "revoke" ? "danger" : "")] },
    t.p({ className: "txt-hint" }, say(`cert.will_${a.name}`)), field(say("field.reason"), why, { required: true, help: say("cert.reason_help") }));
}
