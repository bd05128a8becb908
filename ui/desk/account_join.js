// Taking an invitation: a password, then the choice of the second factor.
import { asGuest } from "./api.js";
import { enter } from "./session.js";
import { say } from "./words.js";
import { button, doing, field, icon, text, tick, troubleText } from "./kit.js";
import { digitsField, passwordPair } from "./account_fields.js";
import { enrolTotp } from "./account_own.js";

export function joinPage(route) {
    app.store.title = say("join.title");
    const data = store({ step: "password", wrong: "", busy: false, factor: "", code: "" });
    let email = "", secret = "";
    const tried = (act) => async (e) => {
        e?.preventDefault();
        if (data.busy) return;
        Object.assign(data, { busy: true, wrong: "" });
        try { await act(); } catch (err) { data.wrong = troubleText(err).join(""); } finally { data.busy = false; }
    };
    const submit = (words) => t.button({ className: () => `btn lg block ${data.busy ? "loading" : ""}` }, t.span({ className: "txt" }, words), icon("arrow-right-line"));
    const first = () => {
        const pair = passwordPair(say("join.password")), agreed = tick(say("pledge.tick"), { required: true });
        return t.form({ className: "desk-form", rid: "password", onsubmit: tried(async () => {
            await asGuest("POST", "/api/desk/join", { code: route.params.code, password: pair.value(), pledge: agreed.input.checked });
            secret = pair.value();
            data.step = "sign-in";
        }) }, ...pair.boxes, t.blockquote({ className: "desk-pledge" }, say("pledge.text")), agreed, submit(say("join.set")));
    };
    // The first sign-in proves the mailbox; after it the factor can be chosen.
    const second = () => {
        const box = text({ type: "email", autocomplete: "username", autofocus: true });
        return t.form({ className: "desk-form", rid: "sign-in", onsubmit: tried(async () => {
            email = box.value.trim();
            const said = await asGuest("POST", "/api/desk/sign-in", { email, password: secret });
            if (said.me) return entered(said.me);
            Object.assign(data, { step: "code", code: said.code ?? "" });
        }) }, t.p({ className: "txt-hint" }, say("join.ready")), field(say("login.email"), box, { required: true }), submit(say("login.next")));
    };
    const third = () => {
        const digits = digitsField({ autofocus: true });
        return t.form({ className: "desk-form", rid: "code", onsubmit: tried(async () => {
            entered((await asGuest("POST", "/api/desk/sign-in/factor", { code: data.code, digits: digits.value.trim() })).me);
        }) }, field(say("login.mailed"), digits, { required: true, help: say("login.mailed_help") }), submit(say("login.in")));
    };
    const entered = (who) => { enter(who); data.step = "factor"; };
    const finish = () => (window.location.hash = "#/desk");
    const fourth = () => t.div({ className: "desk-form", rid: "factor" }, t.h2({}, say("factor.title")), t.p({ className: "txt-hint" }, say("factor.why")),
        t.button({ type: "button", className: "btn lg block", onclick: doing(() => enrolTotp(finish)) }, icon("smartphone-line"), t.span({ className: "txt" }, say("factor.totp"))),
        button(say("factor.keep_mail"), { size: "lg block m-t-10", look: "secondary", ico: "mail-line", onclick: finish }));
    return t.div({ className: "desk desk-signin" },
        t.header({ className: "txt-center m-b-base" }, t.img({ src: app.store.mainLogo, alt: "", className: "main-logo" }), t.h1({ className: "desk-signin-title" }, say("join.title"))),
        t.div({ role: "alert" }, () => data.wrong ? t.div({ className: "alert danger desk-kept" }, icon("error-warning-line"), t.div({}, data.wrong)) : null),
        () => ({ password: first, "sign-in": second, code: third, factor: fourth })[data.step]());
}
