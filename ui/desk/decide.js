// Deciding: not passed with concrete reasons and the letter they make; passed; and taking a result back before it leaves.
import { get, post } from "./api.js";
import { pick, say } from "./words.js";
import { area, cancel, doing, facts, field, go, hint, icon, kbd, moment, panel, section, send, troubleText } from "./kit.js";

// The next case is fetched while the decision is being made, so that it is there at once. Looking at it is on record from
// then on, as it is opened from then on.
let ahead = null;
function prefetch(id, after) {
    if (id && ahead?.id !== id) ahead = { id, at: Date.now(), said: get(`/api/desk/applications/${id}?after=${after}`).catch(() => null) };
}
export async function prefetched(id) {
    const had = ahead?.id === id && Date.now() - ahead.at < 60000 ? ahead.said : null;
    ahead = null;
    return had;
}

async function decide(c, body, passed) {
    const r = await (c.may.propose ? post(`/api/desk/applications/${c.id}/propose`, body, c.rev) : post(`/api/desk/applications/${c.id}/decide`, body, c.rev));
    go(c.next ? `#/desk/case/${c.next}` : "#/desk/queue");
    if (c.may.propose) app.toasts.success(t.div({ role: "status" }, say("second.was_proposed"), ` ${c.ref}`));
    else if (c.takeBackMinutes > 0) takeBackToast(c, r.rev, passed);
    else app.toasts.success(t.div({ role: "status" }, passed ? say("decide.was_passed") : say("decide.was_not"), ` ${c.ref}`));
}

// askPass names what is missing and goes there; only then it asks.
export async function askPass(c, j, reread) {
    const { bad, open, unsure } = j.sum(), missing = bad[0] ?? open[0] ?? unsure[0];
    if (missing) return j.jump(missing);
    await j.settled();
    prefetch(c.next, c.id);
    const extra = area({ rows: 2, maxLength: 1000 });
    const letter = letterBox(c, () => ({ outcome: "passed", extra: extra.value.trim() }));
    extra.oninput = letter.later;
    panel({ title: say("decide.pass"), sub: `${c.ref} ${c.name} · ${pick(c.typeName)}`, className: "desk-wide", foot: (close) => [hint(waitNote(c)), cancel(close),
        send(say(c.may.propose ? "second.propose_pass" : "decide.pass_now"), doing(async () => { const body = letter.body(); await post0(close, () => decide(c, body, true)); }, reread), "success", { autofocus: true })] },
    t.div({ className: "desk-two" },
        t.section({}, t.p({}, say("decide.pass_until", { day: c.validUntil })), field(say("decide.extra"), extra, { help: say("decide.extra_help") }), channelNote(c)), letter.el));
}
// The panel closes only when the act went through: a refusal is said in it, with all that was typed.
const post0 = async (close, act) => { await act(); await close(); };
const waitNote = (c) => c.may.propose ? say("second.rule") : c.takeBackMinutes > 0 ? say("decide.can_take_back", { n: c.takeBackMinutes }) : say("decide.at_once");
const channelNote = (c) => t.p({ className: "txt-hint desk-channel" }, icon(c.channel === "sms" ? "smartphone-line" : "mail-line"), say(c.channel === "sms" ? "decide.by_sms" : "decide.by_mail"));

// openNotPassed brings along the reasons that follow from the checklist; the reviewer may change them.
export async function openNotPassed(c, j, reread) {
    await j.settled();
    prefetch(c.next, c.id);
    const bad = j.sum().bad;
    const follow = [...new Set(c.checklist.filter((i) => bad.includes(i.id)).flatMap((i) => i.reasons ?? []))];
    // Where the checklist names one reason, it is chosen; of several, the reviewer chooses among the marked ones.
    const first = c.checklist.filter((i) => bad.includes(i.id) && i.reasons?.length === 1).flatMap((i) => i.reasons);
    const data = store({ chosen: [...new Set(first)], find: "" });
    const extra = area({ rows: 2, maxLength: 1000, className: "autoexpand" });
    const letter = letterBox(c, () => data.chosen.length ? { outcome: "not_passed", reasons: [...data.chosen], extra: extra.value.trim() } : null);
    extra.oninput = letter.later;
    const toggle = (id) => { data.chosen = data.chosen.includes(id) ? data.chosen.filter((x) => x !== id) : [...data.chosen, id]; letter.later(); };
    const again = (r) => r.afterDays < 0 ? say("decide.never") : r.afterDays ? say("decide.after", { n: r.afterDays }) : say("decide.at_once_again");
    const reason = (r) => t.li({ rid: r.id, className: () => `list-item desk-reason ${data.chosen.includes(r.id) ? "active" : ""}` },
        t.div({ className: "field" }, t.input({ type: "checkbox", id: `reason-${r.id}`, checked: () => data.chosen.includes(r.id), onchange: () => toggle(r.id) }),
            t.label({ htmlFor: `reason-${r.id}` }, t.span({}, t.span({}, pick(r.text), follow.includes(r.id) ? t.span({ className: "label sm m-l-5" }, icon("list-check-2"), say("decide.from_list")) : null), t.small({ className: "txt-hint" }, again(r))))),
        t.p({ className: "txt-hint desk-advice" }, icon("lightbulb-line"), pick(r.advice)));
    const rows = (severity) => c.reasons.filter((r) => r.severity === severity && (pick(r.text) + pick(r.advice)).toLowerCase().includes(data.find.toLowerCase())).sort((a, b) => follow.includes(b.id) - follow.includes(a.id));
    const group = (severity, title, ico) => () => rows(severity).length ? t.div({ className: "desk-group", rid: severity + data.find }, t.h3({}, icon(ico), title), t.ul({ className: "list" }, ...rows(severity).map(reason))) : null;
    const find = t.input({ type: "search", placeholder: say("decide.find"), ariaLabel: say("decide.find"), oninput: (e) => (data.find = e.target.value) });
    panel({ title: say("decide.not_passed"), sub: `${c.ref} ${c.name} · ${pick(c.typeName)}`, className: "desk-wide", foot: (close) => [hint(waitNote(c)), cancel(close),
        t.button({ type: "button", className: "btn danger", "html-data-send": "true", disabled: () => !data.chosen.length, onclick: doing(async () => { const body = letter.body(); await post0(close, () => decide(c, body, false)); }, reread) }, () => data.chosen.length ? say(c.may.propose ? "second.propose_not" : "decide.not_now") : say("decide.choose"))] },
    t.div({ className: "desk-two" },
        t.section({ ariaLabel: say("decide.reasons") }, t.div({ className: "fields searchbar desk-search" }, t.div({ className: "field addon" }, icon("search-line")), t.div({ className: "field" }, find)),
            group("fixable", say("decide.fixable"), "tools-line"), group("fatal", say("decide.fatal"), "forbid-2-line"), field(say("decide.extra"), extra, { help: say("decide.extra_help") }), channelNote(c)), letter.el));
}

// letterBox shows the letter as it will leave, made by the server; it follows what is chosen.
function letterBox(c, body) {
    const data = store({ lang: c.lang === "en" ? "en" : "zh-Hans", said: "", again: "", never: false, days: 0, wrong: "", none: true });
    let timer, turn = 0;
    const load = async () => {
        if (!el.isConnected) return; // the panel was closed meanwhile, and the case may be somebody else's by now
        const b = body(), mine = ++turn;
        if (!b) return Object.assign(data, { none: true, said: "", wrong: "" });
        try {
            const r = await post(`/api/desk/applications/${c.id}/letter`, { ...b, lang: data.lang });
            if (mine === turn) Object.assign(data, { said: r.letter, again: r.againOn ?? "", never: !!r.never, days: r.days ?? 0, wrong: "", none: false });
        } catch (e) { if (mine === turn) Object.assign(data, { wrong: troubleText(e).join(""), said: "", none: false }); }
    };
    const later = () => { clearTimeout(timer); timer = setTimeout(load, 250); };
    const inLang = (id, words) => t.button({ type: "button", lang: id, className: () => `btn sm ${data.lang === id ? "secondary" : "transparent secondary"}`, ariaPressed: () => String(data.lang === id), onclick: () => { data.lang = id; load(); } }, words);
    const el = t.section({ ariaLabel: say("letter.title"), onmount: load },
        () => body() && body().outcome === "not_passed" && !data.none && !data.wrong ? t.div({ className: "desk-again" }, icon("calendar-check-line"), t.div({}, t.b({}, data.never ? say("decide.never") : data.days ? say("letter.again_on", { day: data.again }) : say("decide.at_once_again")),
            t.div({ className: "txt-hint" }, data.never ? say("letter.never_rule") : say("letter.rule", { n: data.days })))) : null,
        t.header({ className: "desk-letter-head" }, t.h3({}, say("letter.title")), t.span({ className: "flex-fill" }), inLang("zh-Hans", "中文"), inLang("en", "English")),
        () => data.wrong ? t.div({ className: "alert danger", role: "alert" }, data.wrong) : t.article({ className: "desk-letter", lang: data.lang, ariaLive: "polite" }, data.said || say("letter.none")),
        t.p({ className: "txt-hint txt-sm" }, c.lang === "en" ? say("letter.in_en") : say("letter.in_zh")));
    return { el, later, body };
}

// decided shows a decision that was made: its letter, and when it leaves.
export function decided(c) {
    const d = c.decision, of = (id) => pick(c.reasons.find((r) => r.id === id)?.text) || id;
    const proposed = ["proposed", "challenged"].includes(d.state);
    return section(say(proposed ? "second.proposal" : "case.decision"), null, d.state === "challenged" ? t.div({ className: "alert warning desk-kept" }, icon("discuss-line"), t.div({}, t.b({}, say("second.challenged_by", { who: d.second })), " ", d.comment)) : proposed ? t.p({ className: "txt-hint" }, say("second.stale")) : null,
    facts([[say("decide.outcome"), t.b({}, d.outcome === "passed" ? say("decide.passed") : say("decide.not_passed"))], [say(proposed ? "second.by" : "case.decided_by"), `${d.who} · ${moment(d.at)}`],
        d.second && !proposed ? [say("second.seconded"), t.div({}, d.second, d.comment ? t.div({ className: "txt-hint" }, d.comment) : null)] : null,
        d.releaseAt ? [say("decide.leaves"), moment(d.releaseAt)] : null, d.outcome === "passed" ? null : [say("decide.reasons"), t.div({}, ...d.reasons.map((r) => t.div({}, of(r))))],
        d.outcome === "passed" ? null : [say("decide.again"), d.never ? say("decide.never") : d.againOn]]),
    t.details({ className: "desk-details" }, t.summary({}, say("letter.title")), t.article({ className: "desk-letter small", lang: c.lang }, d.letter)));
}

export async function takeBack(c, rev) {
    await post(`/api/desk/applications/${c.id}/take-back`, {}, rev);
    app.toasts.remove("take-back");
    app.toasts.info(t.div({ role: "status" }, say("decide.taken_back")));
    if (window.location.hash === `#/desk/case/${c.id}`) window.location.reload(); else go(`#/desk/case/${c.id}`);
}

// takeBackToast says how long a result waits; one key takes it back while the next case is already open.
function takeBackToast(c, rev, passed) {
    const all = c.takeBackMinutes * 60, end = Date.now() + all * 1000;
    const data = store({ left: all });
    const stop = () => { clearInterval(clock); document.removeEventListener("keydown", key); };
    const clock = setInterval(() => {
        data.left = Math.max(0, Math.round((end - Date.now()) / 1000));
        if (!data.left) { stop(); app.toasts.remove("take-back"); }
    }, 1000);
    const undo = doing(async () => { await takeBack(c, rev); stop(); });
    const key = (e) => {
        if (e.key.toLowerCase() !== "u" || e.ctrlKey || e.metaKey || e.altKey || app.modals.getTop() || /^(INPUT|TEXTAREA|SELECT)$/.test(e.target.tagName)) return;
        e.preventDefault();
        undo();
    };
    document.addEventListener("keydown", key);
    app.toasts.success(t.section({ className: "desk-takeback desk", ariaLabel: say("decide.take_back") },
        t.div({ role: "status" }, t.b({}, passed ? say("decide.was_passed") : say("decide.was_not")), t.div({}, `${c.ref} ${c.name}`)),
        t.div({ className: "desk-clock" }, t.span({}, () => say("decide.leaves_in", { t: `${Math.floor(data.left / 60)}:${String(data.left % 60).padStart(2, "0")}` })), t.span({ className: "desk-meter", ariaHidden: true }, t.span({ style: () => `width:${100 * data.left / all}%` }))),
        t.button({ type: "button", className: "btn sm", "html-aria-keyshortcuts": "U", onclick: undo }, icon("arrow-go-back-line"), t.span({ className: "txt" }, say("decide.take_back")), kbd("U"))), { duration: all * 1000, key: "take-back" });
}
