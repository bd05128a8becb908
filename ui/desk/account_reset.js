// A forgotten password: a code by mail, and a new password with it. Nobody is let in by it; the second step is still asked for.
import { asGuest } from "./api.js";
import { say } from "./words.js";
import { field, hint, icon, text, troubleText } from "./kit.js";
import { digitsField, passwordPair } from "./account_fields.js";

export function resetForm() {
    const data = store({ step: "ask", email: "", code: "", busy: false, wrong: "" });
    const tried = (act) => async (e) => {
        e.preventDefault();
        if (data.busy) return;
        Object.assign(data, { busy: true, wrong: "" });
        try { await act(); } catch (err) { data.wrong = troubleText(err).join(""); } finally { data.busy = false; }
    };
    const submit = (words, ico) => t.button({ className: () => `btn lg block ${data.busy ? "loading" : ""}`, "html-data-send": "true" }, t.span({ className: "txt" }, words), icon(ico));
    const back = () => t.div({ className: "desk-or" }, t.a({ href: "#/login", className: "link-hint txt-sm" }, say("forgot.back")));
    const ask = () => {
        const box = text({ type: "email", autocomplete: "username", id: "desk-email", autofocus: true, value: data.email });
        return t.form({ className: "desk-form", rid: "ask", onsubmit: tried(async () => {
            const email = box.value.trim();
            Object.assign(data, { email, code: (await asGuest("POST", "/api/desk/reset", { email })).code, step: "set" });
        }) }, t.h2({}, say("forgot.title")), t.p({ className: "txt-hint" }, say("forgot.lead")), field(say("login.email"), box, { required: true }), submit(say("forgot.ask"), "mail-send-line"), back());
    };
    const set = () => {
        const digits = digitsField({ id: "desk-digits", autofocus: true }), pair = passwordPair(say("password.new"));
        setTimeout(() => digits.focus(), 50);
        return t.form({ className: "desk-form", rid: "set", onsubmit: tried(async () => {
            await asGuest("POST", "/api/desk/reset/code", { code: data.code, digits: digits.value.replace(/\s/g, ""), password: pair.value() });
            data.step = "done";
        }) }, t.h2({}, say("forgot.title")), t.p({ role: "status" }, t.b({}, data.email), " ", hint(say("forgot.asked"))), field(say("forgot.code"), digits, { required: true }), ...pair.boxes, submit(say("forgot.set"), "shield-check-line"), back());
    };
    const done = () => t.div({ className: "desk-form", rid: "done" }, t.p({ role: "status" }, say("forgot.done")), t.a({ href: "#/login", className: "btn lg block", id: "desk-back" }, t.span({ className: "txt" }, say("login.in"))));
    return t.div({}, t.div({ role: "alert" }, () => data.wrong ? t.div({ className: "alert danger desk-kept" }, icon("error-warning-line"), t.div({}, data.wrong)) : null), () => ({ ask, set, done })[data.step]());
}
