// What the pages share: the frame of a page, a few small parts, panels with a proper keyboard. Whatever the dashboard's kit
// already has (btn, label, field, table, modal, list, toast) is used by its class, not copied.
import { lang, say, sayOr } from "./words.js";
import { me } from "./session.js";
import { get, poll } from "./api.js";

export const icon = (name) => t.i({ className: `ri-${name}`, ariaHidden: true });
export const hint = (...text) => t.span({ className: "txt-hint" }, ...text);
export const kbd = (key) => t.kbd({ className: "desk-key", ariaHidden: true }, key);
export const go = (hash) => (window.location.hash = hash);
export const ref = (r) => t.code({ className: "desk-ref" }, r);
export const fill = () => t.span({ className: "flex-fill" });
export const label = (text, look = "") => t.span({ className: `label ${look}` }, text);
export const list = (texts) => texts.join(lang === "en" ? ", " : "、");

// --- time and names ---------------------------------------------------------------------------------------------------------
const dayMs = 864e5;
export const daysUntil = (day) => Math.round((Date.parse(day) - Date.parse(me.today)) / dayMs);
// A moment is written in the desk's zone, a day always as 2026-12-11: nobody reads it two ways.
export function moment(stamp) {
    const d = new Date((stamp ?? "").replace(" ", "T"));
    if (!stamp || isNaN(d)) return "";
    const p = Object.fromEntries(new Intl.DateTimeFormat("en-CA", { timeZone: me?.zone || undefined, year: "numeric", month: "2-digit", day: "2-digit", hour: "2-digit", minute: "2-digit", hourCycle: "h23" }).formatToParts(d).map((x) => [x.type, x.value]));
    return `${p.year}-${p.month}-${p.day} ${p.hour}:${p.minute}`;
}
export const actor = (who) => sayOr(`actor.${who}`, who);
export const actName = (name) => sayOr(`act.${name}`, name);
export const stateName = (name) => sayOr(`state.${name}`, name);
// because says in words why something was done: the record keeps codes.
export const because = (e) => e.act === "search_record" ? sayOr(`search.by_${e.why}`, sayOr(`archive.${e.why}`, e.why)) : sayOr(`${e.act === "log_call" ? "call" : "why"}.${e.why}`, e.why);

// When something is due: icon, words and shape say it; colour only repeats it.
const dueLooks = { late: ["danger", "alarm-warning-fill"], today: ["warning", "time-fill"], soon: ["", "calendar-line"], stopped: ["desk-hollow", "pause-circle-line"] };
export function due(how, day) {
    const n = day ? daysUntil(day) : 0;
    const text = { late: () => say("due.late", { n: -n }), today: () => say("due.today"), soon: () => say("due.soon", { n }), stopped: () => say("due.stopped") }[how]();
    return t.span({ className: `label desk-due ${dueLooks[how][0]}` }, icon(dueLooks[how][1]), text);
}

// --- buttons -----------------------------------------------------------------------------------------------------------------
// A button in the dashboard's look. `keys` is shown discreetly and announced through aria-keyshortcuts.
export const button = (label, { look = "secondary", size = "sm", ico, keys, ...rest } = {}) =>
    t.button({ type: "button", className: `btn ${size} ${look}`, "html-aria-keyshortcuts": keys, ...rest },
        ico ? icon(ico) : null, t.span({ className: "txt" }, label), keys ? kbd(keys) : null);
export const iconButton = (ico, label, rest = {}) =>
    t.button({ type: "button", className: "btn sm circle transparent secondary", title: label, ariaLabel: label, ...rest }, icon(ico));

// doing runs an act once at a time: the button waits, what goes wrong is said where somebody looks. A conflict reads the
// page again; what was typed stays.
export const doing = (act, reread) => async (e) => {
    e?.preventDefault?.();
    const b = e?.submitter ?? e?.currentTarget;
    if (b?.classList?.contains("loading")) return;
    b?.classList?.add("loading");
    try {
        return await act(e);
    } catch (err) {
        if (err.status === 409) await Promise.resolve(reread?.()).catch(() => {}); // first what it is now, then the words that say so
        tell(err);
    } finally {
        b?.classList?.remove("loading");
    }
};

export function troubleText(err) {
    if (err.status === undefined) { console.error(err); return [say("error.unknown")]; }
    if (err.code !== "conflict") return [err.message];
    return [err.message, " ", say("conflict.by", { who: actor(err.by), at: moment(err.at), act: actName(err.act) })];
}

// tell says what went wrong: in the open panel, otherwise as a toast.
export function tell(err) {
    const box = app.modals.getTop()?.querySelector(".desk-alert");
    if (!box) return app.toasts.error(t.div({ role: "alert" }, ...troubleText(err)), { duration: 9000 });
    box.replaceChildren(t.div({ className: "alert danger desk-kept" }, icon("error-warning-line"), t.div({}, ...troubleText(err))));
    box.scrollIntoView({ block: "nearest" });
}
export const done = (text) => app.toasts.success(t.div({ role: "status" }, text));

// copy works without a secure context too: a desk on an office network has none.
export async function copy(text) {
    try {
        await navigator.clipboard.writeText(text);
    } catch {
        const box = t.textarea({ value: text, className: "desk-offscreen" });
        document.body.append(box);
        box.select();
        document.execCommand("copy");
        box.remove();
    }
    app.toasts.info(t.div({ role: "status" }, say("kit.copied")));
}
export const copyButton = (text, what) => iconButton("file-copy-line", `${say("kit.copy")} ${what}`, { onclick: (e) => { e.stopPropagation(); copy(text); } });

// --- pages -------------------------------------------------------------------------------------------------------------------
// page({crumbs, tools, foot, onkeys, className}, ...children): header with breadcrumbs, scrolling content, optional foot.
export function page({ crumbs, tools = [], foot, className = "", onkeys }, ...children) {
    app.store.title = [...crumbs.map((c) => c.text ?? c).reverse(), me?.desk ?? ""].filter(Boolean);
    return t.div({ className: "page desk", ...keyed(onkeys) },
        t.div({ className: `page-content full-height ${className}` },
            t.header({ className: "page-header" },
                t.nav({ className: "breadcrumbs", ariaLabel: say("kit.here") },
                    ...crumbs.map((c, i) => i + 1 < crumbs.length ? t.a({ href: c.href }, c.text) : t.div({}, t.h1({ className: "desk-title" }, c.text ?? c)))),
                ...tools),
            ...children, foot ?? null));
}

// Keys work while nothing is being typed and no panel is open; they are undone when the page goes.
function keyed(keys) {
    keys = { "?": keysHelp, ...keys };
    const press = (e) => {
        if (e.ctrlKey || e.metaKey || e.altKey || app.modals.getTop() || /^(INPUT|TEXTAREA|SELECT)$/.test(e.target.tagName)) return;
        const act = keys[e.key.length === 1 ? e.key.toLowerCase() : e.key];
        if (act) { e.preventDefault(); act(); }
    };
    return { onmount: () => document.addEventListener("keydown", press), onunmount: () => document.removeEventListener("keydown", press) };
}
export const keyLine = (...pairs) => t.footer({ className: "page-footer desk-keys" },
    ...pairs.map(([keys, what]) => t.span({}, ...keys.split(" ").map(kbd), " ", what)));

function keysHelp() {
    const pairs = [["J K", "keys.move"], ["Enter", "keys.open"], ["N", "keys.next"], ["/", "keys.search"], ["1 2 3", "keys.judge"], ["↑ ↓", "keys.items"], ["+ − 0", "keys.zoom"], ["L R", "keys.turn"], ["[ ]", "keys.pages"], ["F", "keys.full"], ["C", "keys.compare"], ["B", "keys.correct"], ["X", "keys.not"], ["P", "keys.pass"], ["U", "keys.back"]];
    panel({ title: say("keys.title"), popup: true, size: "sm" }, t.dl({ className: "desk-keylist" }, ...pairs.flatMap(([keys, what]) => [t.dt({}, ...keys.split(" ").map((k) => t.kbd({ className: "desk-key" }, k))), t.dd({}, say(what))])),
        t.p({ className: "txt-hint m-t-sm" }, say("keys.note")));
}

// live shows what a path answers, asks again every so often, and keeps the focus where it was.
export function live(path, draw, { every = 0, onload, className = "" } = {}) {
    const s = store({ at: 0 });
    let said = null, trouble = null, stop;
    const show = (x) => {
        const kept = document.activeElement?.getAttribute("data-focus");
        said = x; trouble = null;
        onload?.(x);
        s.at++;
        if (kept) requestAnimationFrame(() => el.querySelector(`[data-focus="${CSS.escape(kept)}"]`)?.focus());
    };
    const reload = async () => {
        const p = path();
        try {
            const x = await get(p);
            if (p === path()) show(x);
        } catch (e) { trouble = e; said = null; s.at++; }
    };
    const el = t.div({ className: `desk-live ${className}`, onmount: () => { reload(); if (every) stop = poll(path, show, every); }, onunmount: () => stop?.() },
        () => { s.at; return trouble ? troubleBox(trouble, reload) : said ? draw(said) : waiting(); });
    el.reload = reload;
    return el;
}
export const waiting = () => t.div({ className: "desk-empty", role: "status", ariaLabel: say("kit.loading") }, t.span({ className: "loader lg" }));
export const empty = (ico, title, text, ...acts) => t.div({ className: "desk-empty" }, t.div({ className: "pic" }, icon(ico)), t.h2({}, title), text ? t.p({ className: "txt-hint" }, text) : null, t.div({ className: "acts" }, ...acts));
export const troubleBox = (err, again) => empty("error-warning-line", err.status === 404 || err.status === 403 ? say("kit.not_yours") : say("kit.trouble"), troubleText(err).join(""),
    again ? button(say("kit.again"), { ico: "refresh-line", onclick: again }) : null);

export const section = (title, aside, ...children) => t.section({ className: "desk-section" }, t.header({}, t.h2({}, title), aside ?? null), ...children);
export const meter = (value, max) => t.span({ className: `desk-meter ${value >= max ? "full" : ""}`, role: "img", ariaLabel: `${value} / ${max}` },
    t.span({ style: `width:${max > 0 ? Math.min(100, 100 * value / max) : value > 0 ? 100 : 0}%` }));
export const table = (heads, rows, className = "") => t.div({ className: "page-table-wrapper desk-table", tabIndex: 0, role: "region", ariaLabel: say("kit.table", { what: heads.find((h) => typeof h === "string") ?? "" }) }, t.table({ className: `table ${className}` },
    t.thead({}, t.tr({}, ...heads.map((h) => h?.nodeType ? h : h ? t.th({ scope: "col" }, h) : t.td({ ariaHidden: true })))), t.tbody({}, ...rows)));
export const td = (...children) => t.td({}, ...children);
export const sub = (...children) => t.div({ className: "txt-hint txt-sm desk-sub" }, ...children);
export const facts = (pairs) => t.dl({ className: "desk-facts" }, ...pairs.filter(Boolean).flatMap(([k, v]) => [t.dt({}, k), t.dd({}, v)]));

// many says a count; the queue counts no further than a thousand.
export const many = (n) => n > 1000 ? "1000+" : n;

// pills choose one of several; counts stand beside the words.
export const pills = (name, all, current, choose) => t.div({ className: "desk-pills", role: "group", ariaLabel: name }, ...all.map(([id, text, n]) =>
    t.button({ type: "button", className: () => `btn sm pill ${current() === id ? "" : "transparent secondary"}`, ariaPressed: () => String(current() === id), onclick: () => choose(id) },
        text, n === undefined ? null : t.span({ className: "count" }, n))));

// --- fields ------------------------------------------------------------------------------------------------------------------
let ids = 0;
export function field(label, input, { help, required } = {}) {
    input.id ||= `desk-${++ids}`;
    const said = help ? t.div({ className: "field-help", id: `${input.id}-help` }, help) : null;
    if (said) input.setAttribute("aria-describedby", said.id);
    if (required) input.required = true;
    const box = t.div({ className: "desk-field" }, t.div({ className: "field" }, t.label({ htmlFor: input.id }, label), input), said);
    box.input = input;
    return box;
}
export const text = (props = {}) => t.input({ type: "text", ...props });
// The native date field follows the browser's language and could be read two ways: the day is written out, the native
// calendar stays behind the icon.
export function dayField(label, value, opts = {}) {
    const shown = text({ value, inputMode: "numeric", pattern: "\\d{4}-\\d{2}-\\d{2}", placeholder: "2026-12-31", ...opts.props });
    const native = t.input({ type: "date", value, tabIndex: -1, ariaHidden: "true", className: "desk-native-day", onchange: (e) => (shown.value = e.target.value) });
    const box = field(label, shown, opts);
    box.firstChild.append(native, t.button({ type: "button", className: "btn sm circle transparent secondary desk-day-btn", title: say("kit.calendar"), ariaLabel: `${say("kit.calendar")} ${label}`, onclick: () => native.showPicker() }, icon("calendar-line")));
    return box;
}
export const area = (props = {}) => t.textarea({ rows: 3, ...props });
// select takes [value, words] pairs.
export const select = (options, { value, ...props } = {}) => t.select(props, ...options.map(([v, words]) => t.option({ value: v, selected: v === value }, words)));
export function tick(label, { type = "checkbox", className = "", ...props } = {}) {
    const input = t.input({ type, className, id: `desk-${++ids}`, ...props });
    const box = t.div({ className: "field desk-tick" }, input, t.label({ htmlFor: input.id }, label));
    box.input = input;
    return box;
}
export function searchBox(label, { value = "", onsubmit } = {}) {
    const input = t.input({ type: "search", value, placeholder: label, ariaLabel: label, autocomplete: "off", "html-data-search": "true" });
    return t.form({ className: "fields searchbar desk-search", role: "search", onsubmit: (e) => { e.preventDefault(); onsubmit(input.value.trim()); } },
        t.div({ className: "field addon" }, icon("search-line")), t.div({ className: "field" }, input), t.div({ className: "field addon" }, kbd("/")));
}
export const focusSearch = () => document.querySelector("[data-search]")?.focus();

// --- panels ------------------------------------------------------------------------------------------------------------------
// A panel from the right or a popup, on the dashboard's modal. The kit's modal names no role, lets Tab wander into the page
// behind, ignores Escape while a field has the focus, and drops the focus when it closes: all four are added here.
export function panel({ title, sub, size = "lg", popup = false, manual = false, className = "", foot, onclose }, ...children) {
    const main = document.querySelector("main");
    const id = `desk-panel-${++ids}`;
    const opener = document.activeElement;
    const close = () => app.modals.close(el);
    const el = t.div({
        className: `modal desk desk-panel ${size} ${popup ? "popup" : ""} ${manual ? "manual" : ""} ${className}`,
        role: "dialog", ariaModal: "true", "html-aria-labelledby": id,
        onbeforeopen: () => { main.inert = true; },
        onafterclose: () => {
            main.inert = !!app.modals.getTop();
            onclose?.();
            el.remove();
            setTimeout(() => opener?.isConnected && !main.inert && opener.focus(), 10);
        },
        onkeydown: (e) => {
            if (e.key === "Escape" && !manual) { e.stopPropagation(); close(); }
            if (e.key === "Enter" && (e.ctrlKey || e.metaKey)) el.querySelector("[data-send]:not([disabled])")?.click();
        },
    },
    t.header({ className: "modal-header" }, t.div({ className: "modal-title" }, t.h2({ id, className: "desk-panel-title" }, title), sub ? t.p({ className: "txt-hint m-0" }, sub) : null),
        manual ? null : iconButton("close-line", say("kit.close"), { className: "btn sm circle transparent secondary modal-close-btn m-l-auto", onclick: close })),
    t.div({ className: "modal-content" }, t.div({ className: "desk-alert", role: "alert" }), ...children),
    foot ? t.footer({ className: "modal-footer" }, ...foot(close)) : null);
    document.body.append(el);
    app.modals.open(el);
    el.shut = close;
    return el;
}
export const cancel = (close) => button(say("kit.cancel"), { size: "", look: "transparent m-l-auto", onclick: close });
export const send = (label, onclick, look = "", more = {}) => t.button({ type: "button", className: `btn ${look}`, "html-data-send": "true", onclick, ...more }, t.span({ className: "txt" }, label));

// sure asks before something that others notice at once.
export const sure = (title, text, yes, act, look = "") => panel({ title, popup: true, size: "sm", foot: (close) => [cancel(close), send(yes, doing(async () => { await act(); close(); }), look, { autofocus: true })] }, t.p({ className: "m-0" }, text));

// menu is a button with a dropdown of the dashboard's kind; entries are [icon, words, act], null ones are left out.
export function menu(label, entries) {
    const id = `desk-menu-${++ids}`;
    const shown = entries.filter(Boolean);
    if (!shown.length) return null;
    const el = t.div({ id, className: "dropdown sm nowrap desk", popover: "auto" }, ...shown.map(([ico, words, act]) => t.button({ type: "button", className: "dropdown-item", onclick: () => { el.hidePopover(); act(); } }, icon(ico), t.span({ className: "txt" }, words))));
    return t.div({ className: "desk-menu" }, iconButton("more-2-line", label, { "html-popovertarget": id }), el);
}

export const mark = (kind) => t.span({ className: `desk-mark ${kind}`, role: "img", ariaLabel: say(`mark.${kind}`) }, icon({ ok: "check-line", bad: "close-line", ask: "question-mark", info: "information-line" }[kind]));
