// Asking for a correction: pick answers and documents, say why and how in plain words, see what the applicant will see. And
// what became of it: who is awaited until when, what came back, what changed.
import { post } from "./api.js";
import { pick, say } from "./words.js";
import { area, button, cancel, doing, done, field, go, hint, icon, iconButton, label, moment, panel, section } from "./kit.js";

const most = 20;

// openCorrection asks for nothing by itself: each item needs a reason or a note, a free one a note.
export function openCorrection(c, reread) {
    const fields = c.ask.fields, of = (id) => fields.find((f) => f.id === id);
    const data = store({ items: [] });
    const has = (id) => data.items.some((i) => i.of === id);
    let free = 0;
    const add = (of) => { if (data.items.length < most) data.items = [...data.items, { key: of || `free-${++free}`, of, why: "", note: "" }]; };
    const drop = (key) => (data.items = data.items.filter((i) => i.key !== key));
    const reasons = c.reasons.filter((r) => r.severity === "fixable");
    const fit = (item) => { const first = of(item.of)?.why ?? []; return reasons.filter((r) => first.includes(r.id)).concat(reasons.filter((r) => !first.includes(r.id))); };
    const unclear = () => data.items.filter((i) => !i.note.trim() && (!i.why || !i.of));
    const body = () => ({ items: data.items.map((i) => ({ ...(i.of ? { of: i.of } : {}), ...(i.why ? { why: i.why } : {}), ...(i.note.trim() ? { note: i.note.trim() } : {}) })) });
    const choice = (f) => t.button({ type: "button", className: () => `desk-choice ${has(f.id) ? "on" : ""}`, ariaPressed: () => String(has(f.id)), onclick: () => has(f.id) ? drop(f.id) : add(f.id) },
        t.span({ className: "txt" }, t.span({}, pick(f.name)), pick(f.shown) ? t.small({ className: "txt-hint" }, pick(f.shown)) : null), t.span({ className: "tickmark", ariaHidden: true }, () => icon(has(f.id) ? "checkbox-circle-fill" : "add-circle-line")));
    const name = (i) => i.of ? pick(of(i.of).name) : say("correct.free");
    const reason = (i, r) => t.button({ type: "button", role: "radio", ariaChecked: () => String(i.why === r.id), className: () => `btn sm pill ${i.why === r.id ? "" : "secondary"}`, onclick: () => (i.why = i.why === r.id ? "" : r.id) }, pick(r.text));
    const asked = (i) => {
        const all = i.of ? fit(i) : [], near = of(i.of)?.why.length || 3;
        const note = area({ rows: 2, maxLength: 500, value: i.note, oninput: (e) => (i.note = e.target.value) });
        return t.div({ className: "desk-asked", rid: i.key },
            t.header({}, t.b({}, name(i)), iconButton("close-line", `${say("correct.drop")} ${name(i)}`, { className: "btn sm circle transparent secondary m-l-auto", onclick: () => drop(i.key) })),
            all.length ? t.div({ className: "desk-chips", role: "radiogroup", ariaLabel: say("correct.why") }, ...all.slice(0, near).map((r) => reason(i, r))) : null,
            all.length > near ? t.details({ className: "desk-details" }, t.summary({}, say("correct.more_reasons")), t.div({ className: "desk-chips", role: "radiogroup", ariaLabel: say("correct.why") }, ...all.slice(near).map((r) => reason(i, r)))) : null,
            field(say("correct.how"), note, { help: i.of ? say("correct.how_help") : say("correct.free_help") }));
    };
    panel({
        title: say("correct.title", { i: c.ask.of - c.ask.left + 1, of: c.ask.of }), sub: `${c.ref} ${c.name} · ${pick(c.typeName)}`, className: "desk-wide",
        foot: (close) => [hint(c.ask.left === 1 ? say("correct.note_last") : say("correct.note")), cancel(close),
            t.button({ type: "button", className: "btn", "html-data-send": "true", disabled: () => !data.items.length || !!unclear().length, onclick: doing(async () => {
                await post(`/api/desk/applications/${c.id}/request-correction`, body(), c.rev);
                await close();
                done(say("correct.sent", { day: c.ask.due }));
                go(c.next ? `#/desk/case/${c.next}` : "#/desk/queue");
            }, reread) }, () => !data.items.length ? say("correct.choose") : unclear().length ? say("correct.unclear") : say("correct.send", { n: data.items.length }))],
    },
    t.div({ className: "desk-three" },
        t.section({ ariaLabel: say("correct.what") }, t.h3({}, say("correct.what")), t.div({ className: "desk-choices" }, ...fields.filter((f) => !f.slot).map(choice)),
            t.h3({}, say("correct.evidence")), t.div({ className: "desk-choices" }, ...fields.filter((f) => f.slot).map(choice)), button(say("correct.free_add"), { ico: "add-line", look: "transparent secondary", onclick: () => add("") })),
        t.section({ ariaLabel: say("correct.why_how") }, t.h3({}, say("correct.why_how")), t.div({}, () => data.items.map(asked)), () => data.items.length ? null : hint(say("correct.choose_first")),
            t.h3({}, say("correct.until")), t.p({ className: "txt-hint" }, say("correct.until_text", { day: c.ask.due, n: c.ask.days, list: c.ask.remind.join(", ") }))),
        t.section({ ariaLabel: say("correct.preview") }, t.h3({}, say("correct.preview")), () => phone(c, data.items, of, reasons))));
}

// phone shows the applicant's page in the applicant's language.
function phone(c, items, of, reasons) {
    const l = c.lang === "en" ? "en" : "zh-Hans", en = l === "en", words = (x) => x?.[l] || x?.["zh-Hans"] || "";
    return t.div({ className: "desk-phone", lang: l }, t.div({ className: "screen" }, t.div({ className: "head" }, t.b({}, en ? "Certification service" : "认证服务"), t.span({}, c.ask.desk)),
        t.div({ className: "body" }, t.p({ className: "big" }, en ? `Please put ${items.length} things right; nothing else` : `请补 ${items.length} 样，别的都不用动`), t.p({}, en ? "Please send it by " : "请在 ", t.b({}, c.ask.due), en ? "." : " 前补好。这段时间不算进审核时限。"),
            ...items.map((i, n) => t.div({ className: "ask", rid: i.key }, t.small({}, en ? `Number ${n + 1}` : `第 ${n + 1} 样`), t.b({}, i.of ? words(of(i.of).name) : en ? "Please explain" : "请您说明"), i.why ? t.p({}, words(reasons.find((r) => r.id === i.why)?.text)) : null,
                i.note.trim() ? t.div({ className: "so" }, t.b({}, en ? "How to put it right" : "这样改"), t.p({}, i.note)) : null)),
            t.div({ className: "go", ariaHidden: true }, en ? "Do it now" : "现在就补"), c.ask.hotline ? t.p({ className: "call" }, en ? `Need help? Ring ${c.ask.hotline}` : `来不及？打 ${c.ask.hotline}`) : null)));
}

// changed is what the last answer changed, by field; empty where the last round was not taken.
export const changed = (c) => c.rounds[0]?.state === "resolved" ? c.rounds[0].changes : [];
export const change = (c, of) => changed(c).find((x) => x.of === of);

// untaken are the documents that were written to a round that was not taken: they can be looked at.
export const untaken = (c) => c.rounds.filter((r) => r.state !== "resolved").flatMap((r) => r.changes.flatMap((x) => x.new ?? []));

// rounds tells what was asked and what came of it, the last first.
export const rounds = (c) => c.rounds.length ? section(say("correct.rounds"), hint(say("correct.rounds_of", { n: c.ask.of })), ...c.rounds.map((r) => t.div({ className: "desk-round" },
    t.header({}, t.b({}, say("correct.round", { n: r.round })), label(say(`round.${r.state}`), r.state === "resolved" ? "success" : r.state === "open" ? "info" : "")),
    hint(`${r.who} · ${moment(r.at)}${r.answeredAt ? ` → ${moment(r.answeredAt)}` : r.state === "open" ? ` · ${say("correct.until_day", { day: r.due })}` : ""}`),
    r.lateAt ? t.p({ className: "desk-late" }, icon("alarm-warning-line"), " ", say("correct.late", { at: moment(r.lateAt) })) : null,
    t.ul({ className: "desk-plain" }, ...r.items.map((i) => t.li({}, t.b({}, i.of ? pick(i.name) : say("correct.free")), " ", pick(i.why), i.note ? t.div({ className: "txt-hint" }, i.note) : null, i.said ? t.blockquote({ className: "desk-quote" }, i.said) : null))),
    r.state !== "resolved" && r.changes.length ? t.div({}, hint(say("correct.kept")), t.ul({ className: "desk-plain" }, ...r.changes.map((x) => t.li({}, t.b({}, pick(x.name)), " ", pick(x.after), x.new?.length ? say("correct.pictures", { n: x.new.length }) : "")))) : null))) : null;

// awaited is the line below a case that waits for its applicant, or that lapsed; null for others.
export function awaited(c, reread) {
    if (c.state === "awaiting_applicant") return [t.span({}, say("correct.awaited", { day: c.answerDue })), null];
    if (c.state !== "lapsed") return null;
    const ask = () => {
        const box = area({ autofocus: true, maxLength: 500 });
        const late = c.rounds[0]?.lateAt;
        panel({ title: say("correct.reopen"), sub: c.ref, popup: true, size: "sm", foot: (close) => [cancel(close), t.button({ type: "button", className: "btn", "html-data-send": "true", onclick: doing(async () => {
            await post(`/api/desk/applications/${c.id}/reopen`, box.value.trim() ? { why: box.value.trim() } : {}, c.rev);
            await close();
            done(say("correct.reopened"));
            await reread();
        }, reread) }, say("correct.reopen"))] }, t.p({ className: "txt-hint" }, late ? say("correct.reopen_late") : say("correct.reopen_note")), field(say("field.reason_free"), box));
    };
    return [t.span({}, say("correct.lapsed", { day: c.ask.until })), c.may.reopen ? button(say("correct.reopen"), { look: "", ico: "restart-line", onclick: ask }) : null];
}
