// The desk's words: one flat file a language, the same keys in each. The language is kept in a cookie, so that the server
// answers in it too; where the portal has set that cookie out of a script's reach, this browser keeps a copy.
const cookie = () => /(?:^|; )(?:__Host-)?certdesk_lang=(zh-Hans|en)/.exec(document.cookie)?.[1];

function spoken() {
    for (const tag of navigator.languages ?? [navigator.language]) {
        if (/^zh/i.test(tag)) return "zh-Hans";
        if (/^en/i.test(tag)) return "en";
    }
    return "zh-Hans";
}

const copy = localStorage.getItem("certdeskLang");
export const chosen = cookie() ?? (copy === "en" || copy === "zh-Hans" ? copy : undefined);
export const lang = chosen ?? spoken();
export const other = lang === "en" ? "zh-Hans" : "en";

// setLang keeps the choice and draws everything again: words are read once, at the start.
export function setLang(to) {
    const secure = location.protocol === "https:";
    document.cookie = `${secure ? "__Host-" : ""}certdesk_lang=${to}; Path=/; Max-Age=31536000; SameSite=Lax${secure ? "; Secure" : ""}`;
    localStorage.setItem("certdeskLang", to);
    location.reload();
}

const said = await fetch(new URL(`./locales/desk.${lang}.json`, import.meta.url));
const words = await said.json();

// maintenance says that the server was started with --maintenance: collections and settings can be changed.
export const maintenance = said.headers.get("X-Desk-Maintenance") === "on";

// say returns a sentence with its gaps filled. A key without a sentence shows itself: tests keep that from happening.
export const say = (key, fill = {}) => (words[key] ?? key).replace(/\{(\w+)\}/g, (all, name) => fill[name] ?? all);

// sayOr is for words that come from elsewhere, such as the name of an act made after this page: unknown ones stay as they are.
export const sayOr = (key, otherwise) => words[key] ?? otherwise;

// keys are what there are words for under a prefix, such as the name of every act.
export const keys = (prefix) => Object.keys(words).filter((k) => k.startsWith(prefix)).map((k) => k.slice(prefix.length));

// pick takes the reader's language from a text that a certification type brought along.
export const pick = (text) => (lang === "en" && text?.en ? text.en : text?.["zh-Hans"] ?? "");

// What the dashboard itself says and colleagues can meet, by its own English words.
const dashboard = {
    "Light": "pb.light", "Dark": "pb.dark", "Auto": "pb.auto", "Color scheme": "pb.scheme", "Logout": "pb.logout", "Clear": "pb.clear",
    "Copy": "pb.copy", "Copied": "pb.copied", "Yes": "pb.yes", "No": "pb.no", "App logo": "pb.logo", "Loading plugins...": "pb.loading", "Close": "pb.close",
    "Something went wrong!": "pb.wrong", "Refresh": "pb.refresh",
};
const turned = (s) => (typeof s === "string" && Object.hasOwn(dashboard, s) ? words[dashboard[s]] : s);

// translate wraps the dashboard's tag functions, so that its own words come out in the reader's language. Superusers keep
// the dashboard as it is.
export function translate(tags, wanted) {
    return new Proxy({}, {
        get: (_, tag) => (props, ...children) => {
            if (!wanted()) return tags[tag](props, ...children);
            for (const name of ["title", "ariaLabel", "placeholder", "alt"]) {
                if (props && typeof props[name] === "string") props[name] = turned(props[name]);
            }
            return tags[tag](props, ...children.map(turned));
        },
    });
}
