// Signing in with a password and a second factor; signing in again over a half-done case; and the way in for superusers.
import { asGuest, Trouble } from "./api.js";
import { enter, leave, me } from "./session.js";
import { lang, maintenance, other, say, setLang } from "./words.js";
import { button, field, icon, panel, tell, text, troubleText } from "./kit.js";
import { digitsField, password } from "./account_fields.js";
import { resetForm } from "./account_reset.js";

export function signInPage(route) {
    app.store.title = say("login.title");
    const operations = maintenance || !!route.query.superuser, forgot = !!route.query.reset;
    const body = operations ? superuserForm() : forgot ? resetForm() : signInForm({ onin: () => dispatchEvent(new Event("desk:entered")) });
    return t.div({ className: "desk desk-signin" },
        t.header({ className: "txt-center m-b-base" }, t.img({ src: app.store.mainLogo, alt: "", className: "main-logo" }),
            t.h1({ className: "desk-signin-title" }, say("login.desk")), t.p({ className: "txt-hint" }, operations ? say("login.operations") : say("login.staff")), maintenance ? t.p({ className: "txt-hint" }, say("login.maintenance")) : null),
        body,
        t.footer({ className: "desk-signin-foot txt-hint" }, operations ? null : t.span({}, say("login.idle")),
            t.div({}, t.button({ type: "button", className: "link-hint", lang: other, onclick: () => setLang(other) }, other === "en" ? "English" : "中文"), maintenance ? null : t.span({ ariaHidden: true }, " · "),
                maintenance ? null : operations ? t.a({ href: "#/login", className: "link-hint" }, say("login.to_staff")) : t.a({ href: "#/login?superuser=1", className: "link-hint" }, say("login.to_operations")))));
}

// signInForm asks for the password, then for the second factor. `fixed` is the e-mail of somebody who signs in again.
function signInForm({ fixed = "", onin, lead = say("login.in") }) {
    const data = store({ step: "password", kind: "", code: "", email: fixed, secret: "", recovery: false, busy: false, wrong: "" });
    const ask = async (path, body) => {
        if (data.busy) return;
        Object.assign(data, { busy: true, wrong: "" });
        try {
            const said = await asGuest("POST", path, body);
            if (said.me) { enter(said.me); onin(); return; }
            Object.assign(data, { step: "factor", kind: said.factor, code: said.code ?? "" });
        } catch (e) {
            data.wrong = troubleText(e).join("");
            if (e.code === "sign_in" || e.code === "code_void") data.step = "password";
        } finally { data.busy = false; }
    };
    const first = () => ask("/api/desk/sign-in", { email: data.email.trim(), password: data.secret });
    const submit = (label, ico) => t.button({ className: () => `btn lg block ${data.busy ? "loading" : ""}`, "html-data-send": "true" }, t.span({ className: "txt" }, label), icon(ico));
    const wrong = t.div({ role: "alert" }, () => data.wrong ? t.div({ className: "alert danger desk-kept" }, icon("error-warning-line"), t.div({}, data.wrong)) : null);
    const person = (back) => t.div({ className: "desk-person" }, icon("user-line"), t.div({}, t.b({}, data.email)), back ? button(say("login.other"), { look: "transparent secondary m-l-auto", onclick: () => Object.assign(data, { step: "password", secret: "", recovery: false }) }) : null);
    const one = () => t.form({ className: "desk-form", rid: "one", onsubmit: (e) => { e.preventDefault(); first(); } },
        fixed ? person() : field(say("login.email"), text({ type: "email", autocomplete: "username", id: "desk-email", autofocus: true, value: data.email, oninput: (e) => (data.email = e.target.value) }), { required: true }),
        field(say("login.password"), password({ id: "desk-password", autofocus: !!fixed, oninput: (e) => (data.secret = e.target.value) }), { required: true }), submit(say("login.next"), "arrow-right-line"),
        fixed ? null : t.div({ className: "desk-or" }, t.a({ href: "#/login?reset=1", className: "link-hint txt-sm" }, say("login.forgot"))));
    const two = () => {
        const digits = data.recovery ? text({ autocomplete: "off", id: "desk-recovery", autofocus: true }) : digitsField({ id: "desk-digits", autofocus: true });
        const body = () => data.recovery ? { recovery: digits.value.trim() } : { code: data.code, digits: digits.value.replace(/\s/g, "") };
        setTimeout(() => digits.focus(), 50);
        return t.form({ className: "desk-form", rid: `two${data.recovery}`, onsubmit: (e) => { e.preventDefault(); ask("/api/desk/sign-in/factor", body()); } },
            person(!fixed), field(data.recovery ? say("login.recovery") : data.kind === "totp" ? say("login.totp") : say("login.mailed"), digits,
                { required: true, help: data.recovery ? say("login.recovery_help") : data.kind === "totp" ? say("login.totp_help") : say("login.mailed_help") }),
            submit(lead, "shield-check-line"),
            t.div({ className: "desk-or" }, data.kind === "mail" ? t.button({ type: "button", className: "link-hint txt-sm", onclick: first }, say("login.resend")) : null,
                t.button({ type: "button", className: "link-hint txt-sm", onclick: () => (data.recovery = !data.recovery) }, data.recovery ? say("login.with_code") : say("login.with_recovery")),
                t.span({ className: "txt-hint txt-sm" }, say("login.no_way"))));
    };
    return t.div({}, wrong, () => data.step === "password" ? one() : two());
}

let pending;
// signInOver asks over the page, not instead of it: nothing typed is lost, and nobody passing by can read the case meanwhile.
export function signInOver() {
    if (!me) { window.location.hash = "#/login"; return new Promise(() => {}); }
    return (pending ??= new Promise((resolve) => {
        const was = me.id, title = app.store.title;
        document.documentElement.classList.add("desk-veiled");
        app.store.title = say("again.title"); // the tab must not name anybody either
        const el = panel({ title: say("again.title"), sub: say("again.why"), size: "sm", popup: true, manual: true, className: "desk-again-in",
            foot: () => [t.button({ type: "button", className: "link-hint", onclick: () => { unveil(); leave(); } }, say("again.other", { name: me.name }))] },
        t.div({ className: "alert info desk-kept" }, icon("save-3-line"), t.div({}, say("again.kept"))),
        signInForm({ fixed: me.email, lead: say("again.go"), onin: () => { unveil(); if (me.id === was) resolve(); else window.location.reload(); } }));
        const unveil = () => {
            document.documentElement.classList.remove("desk-veiled");
            app.store.title = title;
            pending = undefined;
            el.shut();
        };
    }));
}

// superuserForm is the dashboard's own way in: a password, then a mailed code, both asked by PocketBase.
function superuserForm() {
    const data = store({ email: "", secret: "", mfa: "", otp: "", server: false, busy: false });
    const staff = () => app.pb.collection("_superusers");
    const run = async (act) => {
        if (data.busy) return;
        data.busy = true;
        try {
            await act();
            window.location.hash = "#/"; // the guard knows where superusers begin
        } catch (e) {
            if (e.status === 401 && e.response?.mfaId) {
                data.mfa = e.response.mfaId;
                if (maintenance) return (data.server = true); // no mail leaves then
                await staff().requestOTP(data.email).then((r) => (data.otp = r.otpId)).catch((err) => { data.server = true; tell(new Trouble(err.status, { message: say("login.operations_code") })); });
            } else tell(new Trouble(e.status, { message: e.status === 404 ? say("login.operations_where") : say("login.operations_wrong") }));
        } finally { data.busy = false; }
    };
    const submit = (words) => t.button({ className: () => `btn lg block ${data.busy ? "loading" : ""}` }, t.span({ className: "txt" }, words), icon("arrow-right-line"));
    const one = () => t.form({ className: "desk-form", rid: "one", onsubmit: (e) => { e.preventDefault(); run(() => staff().authWithPassword(data.email, data.secret)); } },
        field(say("login.email"), text({ type: "email", autocomplete: "username", id: "desk-email", autofocus: true, value: data.email, oninput: (e) => (data.email = e.target.value) }), { required: true }),
        field(say("login.password"), password({ id: "desk-password", oninput: (e) => (data.secret = e.target.value) }), { required: true }), submit(say("login.next")));
    const two = () => {
        const digits = digitsField({ id: "desk-digits" }), id = data.server ? text({ autocomplete: "off", id: "desk-otp" }) : null;
        setTimeout(() => (id ?? digits).focus(), 50);
        return t.form({ className: "desk-form", rid: `two${data.server}`, onsubmit: (e) => { e.preventDefault(); run(() => staff().authWithOTP(id ? id.value.trim() : data.otp, digits.value.trim(), { mfaId: data.mfa })); } },
            id ? field(say("login.server_id"), id, { required: true }) : null,
            field(say("login.mailed"), digits, { required: true, help: id ? say("login.server_help") : say("login.mailed_help") }), submit(say("login.in")),
            id ? null : t.div({ className: "desk-or" }, t.button({ type: "button", className: "link-hint txt-sm", onclick: () => (data.server = true) }, say("login.from_server"))));
    };
    return t.div({ lang }, () => data.mfa ? two() : one());
}
