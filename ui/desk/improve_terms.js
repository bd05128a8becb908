// Adjusting a type without code: deadlines, reminders, waits, advice and letters, seen before they hold, with the reason that
// everybody can read.
import { get, post } from "./api.js";
import { pick, say, sayOr } from "./words.js";
import { area, button, cancel, done, doing, field, hint, panel, section, send, tick } from "./kit.js";

// changeText says one change in a sentence.
export const changeText = (c) => sayOr(`change.${c.what}`, "") ? say(`change.${c.what}`, { from: days(c.from), to: days(c.to), of: pick(c.of) }) : c.what;
const days = (n) => n === "-1" ? say("change.never") : n;

export async function termsPanel(type, reload) {
    const { rows } = await get(`/api/desk/terms?type=${encodeURIComponent(type)}`);
    const r = rows.find((x) => x.id === type);
    const said = await get("/api/desk/feedback");
    const number = (value, min, max) => t.input({ type: "number", min, max, value });
    const f = { reviewDays: number(r.now.reviewDays, 1, 365), remindDays: number(r.now.remindDays, 1, 60), correctionDays: number(r.now.correctionDays, 0, 365), correctionRounds: number(r.now.correctionRounds, 0, 10) };
    const both = (x) => ({ zh: area({ value: x["zh-Hans"] ?? "", lang: "zh-Hans", rows: 2, maxLength: 600 }), en: area({ value: x.en ?? "", lang: "en", rows: 2, maxLength: 1200 }) });
    const passed = both(r.now.letters.passed), notPassed = both(r.now.letters.notPassed);
    const reasons = r.now.reasons.map((x) => ({ ...x, wait: number(x.afterDays, -1, 3650), words: both(x.advice) }));
    const becauseZh = area({ rows: 2, maxLength: 300, lang: "zh-Hans" }), becauseEn = area({ rows: 2, maxLength: 600, lang: "en" });
    const ticks = said.rows.slice(0, 30).map((x) => Object.assign(tick(`${x.at.slice(0, 10)} ${(x.text || x.page).slice(0, 60)}`, {}), { of: x.id }));
    const changed = (b, x) => b.zh.value.trim() !== (x["zh-Hans"] ?? "") || b.en.value.trim() !== (x.en ?? "");
    const words = (b) => ({ "zh-Hans": b.zh.value.trim(), en: b.en.value.trim() });
    // What was set before stays set; what differs from what holds now is set anew.
    const input = () => {
        const terms = structuredClone(r.terms);
        for (const k of Object.keys(f)) if (+f[k].value !== r.now[k]) terms[k] = +f[k].value;
        if (changed(passed, r.now.letters.passed)) terms.passed = words(passed);
        if (changed(notPassed, r.now.letters.notPassed)) terms.notPassed = words(notPassed);
        for (const x of reasons) {
            const one = { ...terms.reasons?.[x.id] };
            if (+x.wait.value !== x.afterDays) one.after = +x.wait.value;
            if (changed(x.words, x.advice)) one.advice = words(x.words);
            if (Object.keys(one).length) terms.reasons = { ...terms.reasons, [x.id]: one };
        }
        return { terms, becauseZh: becauseZh.value.trim(), becauseEn: becauseEn.value.trim(), feedback: ticks.filter((b) => b.input.checked).map((b) => b.of) };
    };
    const shown = t.div({ className: "desk-preview", role: "status" });
    const see = async () => {
        const p = await post(`/api/desk/types/${type}/preview`, input());
        shown.replaceChildren(section(say("terms.preview"), null, t.ul({}, ...p.changes.map((c) => t.li({}, changeText(c)))), t.p({ className: "txt-hint" }, say("terms.from_today", { drafts: p.drafts, running: p.running }))));
        shown.scrollIntoView({ block: "nearest" });
        return p;
    };
    panel({ title: say("terms.title"), sub: pick(r.name), size: "lg", className: "desk-terms", foot: (close) => [button(say("terms.see"), { ico: "eye-line", onclick: doing(see) }), cancel(close), send(say("terms.save"), doing(async () => {
        if (!becauseZh.value.trim()) { becauseZh.focus(); return; }
        await see();
        await post(`/api/desk/types/${type}/adjust`, input(), r.rev);
        await close();
        done(say("terms.saved"));
        reload();
    }))] },
    t.div({ className: "desk-grid2" }, field(say("terms.review_days"), f.reviewDays, { help: say("terms.own", { n: r.base.reviewDays }) }), field(say("terms.remind_days"), f.remindDays, { help: say("terms.own", { n: r.base.remindDays }) }),
        field(say("terms.correction_days"), f.correctionDays, { help: say("terms.own", { n: r.base.correctionDays }) }), field(say("terms.correction_rounds"), f.correctionRounds, { help: say("terms.own", { n: r.base.correctionRounds }) })),
    section(say("terms.letters"), null, t.div({ className: "desk-grid2" }, field(`${say("terms.passed")} 中文`, passed.zh), field(`${say("terms.passed")} English`, passed.en), field(`${say("terms.not_passed")} 中文`, notPassed.zh), field(`${say("terms.not_passed")} English`, notPassed.en))),
    section(say("terms.reasons"), hint(say("terms.reasons_note")), ...reasons.map((x) => t.details({ className: "desk-details" }, t.summary({}, pick(x.text), " ", hint(x.afterDays < 0 ? say("change.never") : say("terms.waits", { n: x.afterDays }))),
        field(say("terms.wait"), x.wait, { help: say("terms.wait_help") }), t.div({ className: "desk-grid2" }, field(`${say("terms.advice")} 中文`, x.words.zh), field(`${say("terms.advice")} English`, x.words.en))))),
    section(say("terms.because"), hint(say("terms.because_note")), t.div({ className: "desk-grid2" }, field("中文", becauseZh, { required: true }), field("English", becauseEn)),
        ticks.length ? t.details({ className: "desk-details" }, t.summary({}, say("terms.feedback")), t.div({ className: "desk-ticks stack" }, ...ticks)) : null),
    shown);
}
