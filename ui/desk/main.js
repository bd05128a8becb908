// The review desk inside PocketBase's dashboard: what colleagues see instead of the superuser's screens. One line a page;
// each page lives in the file of its word.
//
// PocketBase pastes this file into one script, inside a function: a static import is a syntax error, and the router starts
// at the first await. So: routes and the guard first; each page waits until it is known who is here, and is fetched when it
// is first opened.
const base = app.pb.buildURL("/_/extensions/desk/");
let session, booted, wanted = "", maintenance = false;
const ready = new Promise((resolve) => (booted = resolve));
const keep = (hash) => /^#\/desk\/(?!join\/)/.test(hash) && (wanted = hash);
keep(window.location.hash);

// The router draws whatever answers last: a page that one has left meanwhile never answers.
let turn = 0;
const never = new Promise(() => {});
const from = (file, page) => async (route) => {
    const mine = ++turn;
    await ready;
    const to = rightPlace(route.path);
    if (to !== route.path) {
        window.location.replace(to);
        return t.div({ className: "page" });
    }
    const module = await import(base + file);
    if (mine !== turn) return never;
    const drawn = await module[page](route);
    return mine === turn ? drawn : never;
};

app.routes.guestOnly("#/login", from("account.js", "signInPage"));
app.routes.blank("#/desk/join/{code}", from("account_join.js", "joinPage"));
app.routes.superuserOnly("#/desk", from("", "")); // the guard sends each to their own start
app.routes.superuserOnly("#/desk/account", from("account_own.js", "ownPage"));
app.routes.superuserOnly("#/desk/staff", from("account_staff.js", "staffPage"));
app.routes.superuserOnly("#/desk/queue", from("assign.js", "queuePage"));
app.routes.superuserOnly("#/desk/team", from("assign_team.js", "teamPage"));
app.routes.superuserOnly("#/desk/case/{id}", from("review.js", "casePage"));
app.routes.superuserOnly("#/desk/counter", from("apply.js", "counterPage"));
app.routes.superuserOnly("#/desk/recovery", from("account_recovery.js", "recoveryPage"));
app.routes.superuserOnly("#/desk/attest", from("review_attest.js", "attestPage"));
app.routes.superuserOnly("#/desk/certificates", from("certify.js", "certificatesPage"));
app.routes.superuserOnly("#/desk/certificates/{id}", from("certify.js", "certificatePage"));
app.routes.superuserOnly("#/desk/conduct", from("conduct.js", "conductPage"));
app.routes.superuserOnly("#/desk/conduct/{id}", from("conduct_complaint.js", "conductCasePage"));
app.routes.superuserOnly("#/desk/outbox", from("notify.js", "outboxPage"));
app.routes.superuserOnly("#/desk/types", from("improve_types.js", "typesPage"));
app.routes.superuserOnly("#/desk/reports", from("improve_reports.js", "reportsPage"));
app.routes.superuserOnly("#/desk/feedback", from("improve_feedback.js", "feedbackPage"));
app.routes.superuserOnly("#/desk/settings", from("improve.js", "settingsPage"));
app.routes.superuserOnly("#/desk/record", from("archive.js", "recordPage"));
app.routes.superuserOnly("#/desk/record/{part}", from("archive.js", "recordPage"));
app.routes.superuserOnly("#/sealed", from("account_superuser.js", "sealedPage"));
app.routes.fallbackPath = "#/desk";

// --- who may be where: colleagues on the desk's pages, superusers on their own ---------------------------------------------------
function rightPlace(hash) {
    const desk = /^#\/desk(\/|$|\?)/.test(hash);
    if (hash.startsWith("#/desk/join/")) return hash;
    if (session.me) return desk && hash !== "#/desk" ? hash : start();
    if (session.superuser()) return operations(hash);
    keep(hash);
    return hash.startsWith("#/login") || hash.startsWith("#/auth/") ? hash : "#/login";
}
// operations is where superusers may be: everywhere under maintenance, otherwise where nothing is sealed.
function operations(hash) {
    if (maintenance) return /^#\/(desk|login|sealed)/.test(hash) ? "#/collections" : hash;
    return /^#\/(sealed|logs|settings|settings\/crons)($|\?)/.test(hash) ? hash : "#/sealed";
}
function start() {
    const to = wanted || session.home();
    wanted = "";
    return to;
}
// The dashboard's router listens after this one: a page that is not for this person is never drawn.
window.addEventListener("hashchange", (e) => {
    const to = session ? rightPlace(window.location.hash) : window.location.hash;
    if (to === window.location.hash) return;
    e.stopImmediatePropagation();
    window.location.replace(to);
});
window.addEventListener("desk:entered", () => (window.location.hash = start()));

document.head.append(Object.assign(document.createElement("link"), { rel: "stylesheet", href: base + "desk.css" }));
app.store.mainLogo = base + "mark.svg";
app.store.headerLogo = base + "mark_white.svg";
app.store.favicon = base + "mark.svg";

const { lang, maintenance: underMaintenance, other, say, setLang, translate } = await import(base + "words.js");
maintenance = underMaintenance;
session = await import(base + "session.js");
const { onSignIn } = await import(base + "api.js");
const { signInOver } = await import(base + "account.js");

onSignIn(signInOver);
globalThis.t = translate(t, () => !session.superuser());

// --- header: each role sees only what it may do -----------------------------------------------------------------------------
// Superusers keep the dashboard's own, without what is sealed.
const superuserLinks = maintenance ? app.store.headerLinks : app.store.headerLinks.map((l) => l.href === "#/collections" ? { ...l, href: "#/sealed" } : l);
if (!maintenance) {
    const open = ["#/settings", "#/settings/crons"];
    app.store.settingsNavGroups = { System: app.store.settingsNavGroups.System.filter((l) => open.includes(l.href)) };
}
const link = (roles, page, icon, more = {}) => ({ roles: roles.split(" "), href: `#/desk/${page}`, icon: `ri-${icon}`, label: say(`nav.${page}`), ...more });
const deskLinks = [
    link("reviewer lead", "queue", "inbox-line", { isActive: () => app.utils.isActivePath("#/desk/case") }),
    link("reviewer lead", "counter", "customer-service-2-line"),
    link("reviewer lead", "attest", "map-pin-user-line"),
    link("lead manager", "team", "team-line"),
    link("lead", "certificates", "award-line"),
    link("lead manager", "outbox", "mail-send-line"),
    link("reviewer auditor lead manager barred", "conduct", "scales-line", { isActive: () => app.utils.isActivePath("#/desk/conduct") }),
    link("manager", "staff", "user-settings-line"),
    link("lead manager", "types", "puzzle-line"),
    link("auditor lead manager", "record", "archive-line", { isActive: () => app.utils.isActivePath("#/desk/record") }),
    link("lead manager", "reports", "line-chart-line"),
    link("manager", "feedback", "chat-smile-2-line"),
    link("manager", "settings", "settings-3-line"),
];

function sync() {
    app.store.headerLinks = session.superuser() ? superuserLinks : deskLinks.filter((l) => session.has(...l.roles));
    document.documentElement.classList.toggle("desk-staff", !!session.me);
    // Without it, Chinese is drawn with Japanese glyphs on many machines. The superuser's screens are English.
    document.documentElement.lang = session.superuser() ? "en" : lang;
}
session.onChange(sync);
app.pb.authStore.onChange(sync);

// --- the dashboard's menus, for colleagues --------------------------------------------------------------------------------------
document.addEventListener("mount:appHeader", ({ detail: el }) => {
    if (!session.me) return;
    el.querySelector(".logo").ariaLabel = say("nav.home");
    el.querySelector(".logged-user").ariaLabel = `${session.me.name} · ${session.me.roles.map((r) => say(`role.${r}`)).join(" ")}`;
    const scheme = el.querySelector(".color-scheme-picker");
    scheme.ariaLabel = scheme.title;
});
document.addEventListener("mount:loggedUserDropdown", ({ detail: el }) => {
    if (!session.me) return;
    const item = (icon, words, props) => t[props.href ? "a" : "button"]({ className: "dropdown-item", ...props }, t.i({ className: `ri-${icon}`, ariaHidden: true }), t.span({ className: "txt" }, words));
    el.querySelector(".dropdown-item-manage").replaceWith(
        t.div({ className: "desk-whoami" }, t.b({}, session.me.name), t.div({ className: "txt-hint txt-sm" }, session.me.roles.map((r) => say(`role.${r}`)).join(" · "))),
        item("user-settings-line", say("nav.account"), { href: "#/desk/account", onclick: () => el.hidePopover() }),
        item("translate-2", other === "en" ? "English" : "中文", { type: "button", lang: other, onclick: () => setLang(other) }));
});

await session.restore();
sync();
session.watchSession();
booted();
