// Talking to the desk. PocketBase's client would clear the session and leave the page at a 401; here somebody signs in
// over the page, and the same request goes on.
import { lang, say } from "./words.js";

// Trouble is a refusal as the server says it: message is for people, in their language; code is for the page.
export class Trouble extends Error {
    constructor(status, said) {
        super(said?.message || say("error.unknown"));
        Object.assign(this, { status, code: said?.code ?? "unknown", args: said?.args ?? [], by: said?.by, at: said?.at, act: said?.act });
    }
}

let again; // set by the page frame: asks to sign in over the page, resolves once somebody has
export const onSignIn = (ask) => (again = ask);

async function ask(method, path, { body, headers = {}, guest, raw, signal } = {}) {
    for (;;) {
        let answer;
        try {
            answer = await fetch(app.pb.buildURL(path), {
                method, signal, credentials: "same-origin", cache: "no-store",
                headers: { "Accept-Language": lang, ...(body === undefined || body instanceof FormData ? {} : { "Content-Type": "application/json" }), ...headers },
                body: body === undefined || body instanceof FormData ? body : JSON.stringify(body),
            });
        } catch {
            throw new Trouble(0, { code: "offline", message: say("error.offline") });
        }
        if (answer.status === 304) return { status: 304 };
        if (answer.ok && raw) return { status: answer.status, name: fileName(answer), blob: await whole(answer) };
        const said = await answer.json().catch(() => null);
        if (answer.ok) return { status: answer.status, tag: answer.headers.get("ETag"), said };
        if (answer.status !== 401 || said?.code !== "sign_in" || guest) throw new Trouble(answer.status, said);
        await again();
    }
}

const fileName = (answer) => decodeURIComponent(/filename\*=UTF-8''([^;]*)/.exec(answer.headers.get("Content-Disposition") ?? "")?.[1] ?? "");

// whole reads a file to its end; one that breaks off on the way is no file.
async function whole(answer) {
    try {
        return await answer.blob();
    } catch {
        throw new Trouble(0, { code: "offline", message: say("error.offline") });
    }
}

export const get = async (path) => (await ask("GET", path)).said;
export const picture = async (path) => URL.createObjectURL((await ask("GET", path, { raw: true })).blob);
// save has the browser keep a file that the server answers; what is refused is said like any other refusal.
export async function save(path) {
    const a = await ask("GET", path, { raw: true });
    const link = Object.assign(document.createElement("a"), { href: URL.createObjectURL(a.blob), download: a.name });
    document.body.append(link);
    link.click();
    link.remove();
    setTimeout(() => URL.revokeObjectURL(link.href), 60000);
}
// asGuest is for the doors before the session: a 401 there is an answer, not a reason to sign in.
export const asGuest = async (method, path, body) => (await ask(method, path, { body, guest: true })).said;

const tags = new Map();
// check asks again without counting as somebody at work. Null means that nothing is new.
export async function check(path, signal) {
    const had = tags.get(path);
    const a = await ask("GET", path, { signal, headers: { "X-Desk-Background": "1", ...(had ? { "If-None-Match": had } : {}) } });
    if (a.tag) tags.set(path, a.tag);
    return a.status === 304 ? null : a.said;
}

let acting = 0; // acts that are being sent
const peeking = new Set();
// peek is a check for what a page shows: not while somebody fills a panel or an act is sent, since what is below stands still
// then, and after the act it may be somebody else's.
export async function peek(path) {
    if (acting || app.modals.getTop()) return null;
    const stop = new AbortController();
    peeking.add(stop);
    try {
        return await check(path, stop.signal);
    } finally {
        peeking.delete(stop);
    }
}

// act sends what changes something. What was asked in the background is not waited for: its answer would be of before.
async function act(path, rest) {
    acting++;
    for (const stop of peeking) stop.abort();
    try {
        return (await ask("POST", path, rest)).said;
    } finally {
        acting--;
    }
}

const keys = new Map();
const randomKey = () => Array.from(crypto.getRandomValues(new Uint8Array(16)), (b) => b.toString(16).padStart(2, "0")).join("");

// post does an act. The key belongs to the intention (where, in which revision, what): pressing again after a lost
// connection is the same intention and is done once.
export async function post(path, body = {}, rev = 0) {
    const intention = JSON.stringify([path, body, rev]);
    const key = keys.get(intention) ?? randomKey();
    keys.set(intention, key);
    try {
        const said = await act(path, { body, headers: { "Idempotency-Key": key, ...(rev ? { "If-Match": `"${rev}"` } : {}) } });
        keys.delete(intention);
        return said;
    } catch (e) {
        if (e.status >= 400 && e.status < 500) keys.delete(intention);
        throw e;
    }
}

// postForm sends a form with files. Its key stays with what was chosen and typed, as that of post does.
export async function postForm(path, form) {
    const intention = JSON.stringify([path, ...[...form].map(([name, v]) => [name, v instanceof File ? [v.name, v.size, v.lastModified] : v])]);
    const key = keys.get(intention) ?? randomKey();
    keys.set(intention, key);
    form.set("key", key);
    try {
        const said = await act(path, { body: form });
        keys.delete(intention);
        return said;
    } catch (e) {
        if (e.status >= 400 && e.status < 500) keys.delete(intention);
        throw e;
    }
}

// poll calls show(answer) now and whenever something is new, while the page is seen and el is in it.
export function poll(path, show, seconds = 20) {
    let timer;
    const turn = async () => {
        if (document.visibilityState === "visible") {
            try {
                const said = await peek(path());
                if (said && timer !== null) show(said);
            } catch { /* the next turn asks again; what somebody does themselves says what is wrong */ }
        }
        if (timer !== null) timer = setTimeout(turn, seconds * 1000);
    };
    timer = setTimeout(turn, seconds * 1000);
    return () => { clearTimeout(timer); timer = null; };
}
