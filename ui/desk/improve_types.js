// The certification types and the executables behind them: which one runs, what lies on the disk, whether it can be used.
import { get, post } from "./api.js";
import { has } from "./session.js";
import { pick, say, sayOr } from "./words.js";
import { termsPanel } from "./improve_terms.js";
import { waiting } from "./improve_waiting.js";
import { button, cancel, copyButton, doing, done, facts, hint, icon, label, live, page, panel, section, send, stateName, sub, sure, table, td } from "./kit.js";

export const typesOf = async () => (await get("/api/desk/types")).rows;

// typeNames says what types are called, by their IDs; as long as it is not known, the ID itself.
export function typeNames() {
    const known = store({ names: {} });
    typesOf().then((all) => (known.names = Object.fromEntries(all.map((x) => [x.id, pick(x.name)]))), () => {});
    return (ids) => ids.map((id) => known.names[id] || id);
}

const short = (digest) => digest ? `${digest.slice(0, 12)}…` : "–";
export function typesPage() {
    const view = live(() => "/api/desk/types", (q) => [...waiting(q.waiting, view.reload), typeTable(q.rows, view.reload),
        section(say("types.machine"), null, facts([[say("types.sandbox"), sayOr(`sandbox.${q.sandbox}`, String(q.sandbox))], [say("types.where"), say("types.folder")]]))]);
    return page({ crumbs: [say("nav.types")], className: "desk-types", tools: [hint(say("types.note"))] }, view);
}

function typeTable(rows, reload) {
    const can = has("manager");
    const changed = (r) => r.state === "enabled" && r.onDisk && r.sha256 && r.onDisk !== r.sha256;
    const on = (r, words) => button(words, { look: "", ico: "play-line", ariaLabel: `${words} ${pick(r.name) || r.id}`, onclick: () => enable(r, reload) });
    const off = (r) => button(say("types.disable"), { look: "transparent danger", ariaLabel: `${say("types.disable")} ${pick(r.name) || r.id}`, onclick: () => sure(say("types.disable"), say("types.disable_what", { name: pick(r.name) || r.id }), say("types.disable"), async () => { await post(`/api/desk/types/${r.id}/switch`, { on: false, sha256: "" }, r.rev); done(say("types.disabled")); reload(); }, "danger") });
    const note = (r, look, ico, ...words) => t.tr({ className: "more" }, t.td({ colSpan: 6 }, t.div({ className: `alert ${look} desk-kept` }, icon(ico), t.div({}, ...words), t.span({ className: "flex-fill" }), look === "info" && can ? on(r, say("types.enable_new")) : null)));
    return table([say("queue.type"), say("types.version"), say("types.allowed"), say("queue.state"), say("types.cases"), null], rows.flatMap((r) => [
        t.tr({ className: r.trouble || changed(r) ? "has-more" : "" }, td(t.b({}, pick(r.name) || r.id), sub(t.code({}, r.id), " ", r.bundled ? say("types.bundled") : r.path)), td(r.version || hint("–")),
            td(t.span({ className: "desk-digest" }, t.code({}, short(r.sha256)), r.sha256 ? copyButton(r.sha256, say("types.digest")) : null)),
            td(label(stateName(r.state), r.state === "enabled" ? "success" : "")), td(String(r.cases)),
            t.td({ className: "col-meta" }, !can ? null : t.div({ className: "desk-acts" }, r.state === "enabled" ? t.span({ className: "desk-acts" }, button(say("terms.adjust"), { ico: "equalizer-line", ariaLabel: `${say("terms.adjust")} ${pick(r.name) || r.id}`, onclick: doing(() => termsPanel(r.id, reload)) }), off(r)) : r.onDisk ? on(r, say("types.enable")) : null))),
        r.trouble ? note(r, "danger", "error-warning-line", t.b({}, say("types.trouble")), " ", r.trouble === "missing" ? say("types.missing") : r.trouble, " ", say("types.trouble_note")) : null,
        changed(r) && !r.trouble ? note(r, "info", "arrow-up-circle-line", t.b({}, say("types.other_file")), " ", say("types.other_file_note")) : null].filter(Boolean)), "desk-plain-rows");
}

// The digest is shown in full: a manager compares it with the one that the author gave.
const enable = (r, reload) => panel({ title: say("types.enable"), sub: pick(r.name) || r.id, popup: true, size: "lg", foot: (close) => [cancel(close), send(say("types.enable"), doing(async () => {
    await post(`/api/desk/types/${r.id}/switch`, { on: true, sha256: r.onDisk }, r.rev);
    await close();
    done(say("types.enabled"));
    reload();
}, reload))] },
t.p({}, r.bundled ? say("types.compare_bundled") : say("types.compare")), t.div({ className: "desk-fullhash" }, t.code({}, r.onDisk.match(/.{1,8}/g).join(" ")), copyButton(r.onDisk, say("types.digest"))),
facts([[say("types.where"), r.path || say("types.bundled")], r.sha256 && r.sha256 !== r.onDisk ? [say("types.allowed"), t.code({}, r.sha256)] : null]), t.p({ className: "txt-hint" }, say("types.enable_note")));
