// Who is at the screen. The session is a cookie that no script can read. The dashboard wants a token to open its pages: it
// gets a ticket without a signature, kept in memory only, worth nothing anywhere else. A reload asks the server who is here.
import { asGuest, check } from "./api.js";
import { chosen, lang, maintenance, setLang } from "./words.js";

export let me = null;
export const has = (...roles) => !!me && roles.some((r) => (me.roles ?? []).includes(r));

const auth = app.pb.authStore;
const tab = "certdeskTab"; // a tab of the desk stays one over a reload, although a superuser's token may lie in this browser
const listeners = [];
export const onChange = (f) => listeners.push(f);

const b64 = (o) => btoa(JSON.stringify(o)).replaceAll("=", "").replaceAll("+", "-").replaceAll("/", "_");
const token = `${b64({ alg: "none" })}.${b64({ type: "auth", collectionId: "desk", exp: 9999999999 })}.`;
// The dashboard's header prints `email`: that is the place for the name.
const record = () => ({ id: me.id, email: me.name, name: me.name, mail: me.email, roles: me.roles, collectionName: "staff", collectionId: "desk" });

function inherited(name) {
    for (let p = Object.getPrototypeOf(auth); p; p = Object.getPrototypeOf(p)) {
        const d = Object.getOwnPropertyDescriptor(p, name);
        if (d) return d.get ? () => d.get.call(auth) : d.value.bind(auth);
    }
}
const below = { token: inherited("token"), record: inherited("record"), clear: inherited("clear") };
Object.defineProperty(auth, "token", { configurable: true, get: () => (me ? token : below.token()) });
Object.defineProperty(auth, "record", { configurable: true, get: () => (me ? record() : below.record()) });
auth.clear = () => {
    if (!me) return below.clear();
    leave();
};

// Staff hold no superuser token: the dashboard must not ask for what only a superuser may read. Collections are sealed to
// superusers too, but under maintenance.
for (const name of ["loadCollections", "silentlyReloadCollections", "loadOAuth2Providers", "loadSettings"]) {
    const load = app.store[name];
    app.store[name] = (...args) => (me || !maintenance && name !== "loadSettings" ? undefined : load(...args));
}

export const superuser = () => !me && auth.isValid && !!auth.record?.id;

// enter opens the dashboard's pages to a colleague.
export function enter(who) {
    me = who;
    sessionStorage.setItem(tab, "1");
    if (!chosen && (who.lang === "en" || who.lang === "zh-Hans") && who.lang !== lang) return setLang(who.lang);
    auth.triggerChange();
    listeners.forEach((f) => f());
}

// leave ends the session on the server too.
export async function leave() {
    me = null;
    sessionStorage.removeItem(tab);
    app.toasts.removeAll();
    await asGuest("POST", "/api/desk/sign-out", {}).catch(() => {});
    auth.triggerChange();
    listeners.forEach((f) => f());
    window.location.hash = "#/login";
}

// restore asks after a reload who is here.
export async function restore() {
    if (auth.isValid && !sessionStorage.getItem(tab)) return;
    const who = await asGuest("GET", "/api/desk/me").catch(() => null); // nobody: the sign-in page says the rest
    if (who) enter(who);
}

// watchSession notices within a minute that the session is over or a role was taken away, and asks to sign in before
// anybody passing by reads on.
export function watchSession() {
    setInterval(async () => {
        if (!me || document.visibilityState !== "visible") return;
        const now = await check("/api/desk/me").catch(() => null);
        if (!now || !me || now.id !== me.id) return;
        const before = me.roles.join();
        me = now;
        if (now.roles.join() !== before) listeners.forEach((f) => f());
    }, 60000);
}
export const refreshMe = async () => { me = await asGuest("GET", "/api/desk/me"); listeners.forEach((f) => f()); };

// home is where each role starts.
export const home = () => has("reviewer", "lead") ? "#/desk/queue" : has("manager") ? "#/desk/team" : has("auditor") ? "#/desk/record" : has("barred") ? "#/desk/conduct" : "#/desk/account";
