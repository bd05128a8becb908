// The document viewer. Each page is a picture that the server has drawn anew; that somebody looked is on record before the
// first byte leaves.
import { picture } from "./api.js";
import { pick, say } from "./words.js";
import { change, untaken } from "./review_correction.js";
import { empty, fill, icon, kbd, label, moment, troubleText } from "./kit.js";

const size = (bytes) => bytes > 1e6 ? `${(bytes / 1e6).toFixed(1)} MB` : `${Math.max(1, Math.round(bytes / 1e3))} KB`;

export function viewer(now, data) {
    const docs = () => shown(now());
    const before = () => docs()[data.doc] && earlier(now(), docs()[data.doc]);
    const compare = () => (data.compare = !data.compare && !!before());
    const zoom = (to) => (data.zoom = Math.max(25, Math.min(400, to)));
    const turn = (by) => (data.turn += by);
    const show = (doc) => Object.assign(data, { doc, page: 1, zoom: 100, turn: 0, compare: false });
    const leaf = (by) => (data.page = Math.max(1, Math.min(docs()[data.doc]?.pages ?? 1, data.page + by)));
    const full = () => document.fullscreenElement ? document.exitFullscreen() : el.requestFullscreen?.();
    const tool = (ico, text, keys, onclick, more = {}) => t.button({ type: "button", className: "btn sm circle transparent desk-tool", title: `${text} (${keys})`, ariaLabel: text, "html-aria-keyshortcuts": keys, onclick, ...more }, icon(ico));
    const state = (d) => `${d.file} · ${size(d.bytes)} · ${say("doc.sent", { at: moment(d.at) })}${d.dayCode ? ` · ${say("doc.day_code", { code: d.dayCode })}` : ""}`;
    const el = t.section({ className: "desk-viewer", ariaLabel: say("doc.title") },
        t.div({ className: "desk-tabs", role: "group", ariaLabel: say("doc.title") }, () => docs().map((d, i) => t.button({ type: "button", rid: d.id, ariaPressed: () => String(data.doc === i), className: () => `tab-item ${data.doc === i ? "active" : ""}`, onclick: () => show(i) }, pick(d.label), tag(now(), d), d.kept ? label(say("case.kept"), "sm") : null, d.pages > 1 ? label(say("doc.pages", { n: d.pages }), "sm") : null))),
        t.div({ className: "desk-tools", role: "toolbar", ariaLabel: say("doc.tools") },
            tool("zoom-out-line", say("doc.smaller"), "-", () => zoom(data.zoom - 25)), t.button({ type: "button", className: "btn sm transparent desk-tool", title: `${say("doc.fit")} (0)`, "html-aria-keyshortcuts": "0", onclick: () => zoom(100) }, () => `${data.zoom}%`), tool("zoom-in-line", say("doc.larger"), "+", () => zoom(data.zoom + 25)),
            t.span({ className: "split" }), tool("anticlockwise-2-line", say("doc.left"), "L", () => turn(-90)), tool("clockwise-2-line", say("doc.right"), "R", () => turn(90)),
            () => before() ? t.button({ type: "button", className: () => `btn sm transparent desk-tool ${data.compare ? "on" : ""}`, ariaPressed: () => String(!!data.compare), "html-aria-keyshortcuts": "C", onclick: compare }, icon("layout-column-line"), say("doc.compare"), kbd("C")) : null, fill(),
            tool("arrow-left-s-line", say("doc.before"), "[", () => leaf(-1), { disabled: () => data.page <= 1 }),
            t.span({ className: "pages", role: "status" }, () => docs()[data.doc] ? `${data.page} / ${docs()[data.doc].pages}` : ""),
            tool("arrow-right-s-line", say("doc.after"), "]", () => leaf(1), { disabled: () => data.page >= (docs()[data.doc]?.pages ?? 0) }), tool("fullscreen-line", say("doc.full"), "F", full)),
        t.div({ className: () => `desk-canvas ${data.compare ? "two" : ""}`, tabIndex: 0, role: "region", ariaLabel: say("doc.picture") }, () => data.compare && before() ? [side(now(), before(), data, say("doc.was")), side(now(), docs()[data.doc], data, say("doc.is"))] : paper(now(), docs()[data.doc], data)),
        t.footer({ className: "desk-viewed" }, icon("eye-line"), t.span({}, say("doc.recorded")), fill(), t.span({}, () => docs()[data.doc] ? state(docs()[data.doc]) : "")));
    return { el, show, keys: { "+": () => zoom(data.zoom + 25), "=": () => zoom(data.zoom + 25), "-": () => zoom(data.zoom - 25), 0: () => zoom(100), l: () => turn(-90), r: () => turn(90), "[": () => leaf(-1), "]": () => leaf(1), f: full, c: compare } };
}

// shown are the documents of the case, and after them what was sent to a correction and not taken.
const shown = (c) => [...c.documents, ...c.earlier.filter((d) => untaken(c).includes(d.id))];
// earlier is the document that another one took the place of in the last correction.
function earlier(c, d) {
    const was = change(c, d.slot);
    if (!was?.new?.includes(d.id)) return null;
    return c.earlier.find((x) => x.id === (was.old ?? [])[Math.min(was.new.indexOf(d.id), (was.old ?? []).length - 1)]) ?? null;
}
const tag = (c, d) => change(c, d.slot)?.new?.includes(d.id) ? label(say("doc.replaced"), "sm warning") : untaken(c).includes(d.id) ? label(say("doc.untaken"), "sm") : null;
const side = (c, d, data, words) => t.div({ className: "desk-side", rid: d.id }, t.p({}, `${words} · ${moment(d.at)}`), paper(c, d, data));

// paper fetches one page; the picture leaves the memory together with the page.
function paper(c, d, data) {
    const n = Math.min(data.page, d?.pages ?? 1);
    if (!d) return empty("file-unknow-line", say("doc.none"), "");
    if (!c.may.view_document) return empty("lock-line", say("doc.closed"), say("doc.closed_why"));
    const s = store({ src: "", wrong: "" });
    let url = "";
    const load = async () => {
        try {
            url = await picture(`/api/desk/applications/${c.id}/documents/${d.id}/${n}`);
            s.src = url;
        } catch (e) { s.wrong = troubleText(e).join(""); }
    };
    const turned = () => ((data.turn % 360) + 360) % 360;
    return t.figure({ className: "desk-paper", rid: `${d.id}/${n}`, onmount: load, onunmount: () => url && URL.revokeObjectURL(url) },
        () => s.wrong ? empty("error-warning-line", say("doc.trouble"), s.wrong) : !s.src ? t.span({ className: "loader lg", ariaLabel: say("kit.loading") })
            : t.img({ src: s.src, className: "sheet", alt: `${pick(d.label)} · ${n} / ${d.pages}`, draggable: false, style: () => `width:${data.zoom}%;transform:rotate(${turned()}deg)${turned() % 180 ? ` scale(${Math.min(1, d.width && d.height ? Math.min(d.width, d.height) / Math.max(d.width, d.height) + 0.15 : 0.8)})` : ""}` }));
}
