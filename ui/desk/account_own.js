// One's own account: password, second factor, absence, language.
import { post } from "./api.js";
import { has, leave, me, refreshMe } from "./session.js";
import { lang, say, setLang } from "./words.js";
import { button, cancel, copy, dayField, doing, done, facts, field, hint, icon, label, page, panel, section, send, text, tick } from "./kit.js";
import { digitsField, passwordPair } from "./account_fields.js";

export function ownPage() {
    const data = store({ at: 0 });
    const again = async () => { await refreshMe(); data.at++; };
    return page({ crumbs: [say("own.title")], className: "desk-narrow", tools: [t.span({ className: "flex-fill" }), button(say("pb.logout"), { ico: "logout-circle-line", onclick: leave })] },
        section(say("own.who"), null, facts([[say("field.name"), me.name], [say("login.email"), me.email], [say("field.roles"), t.span({}, ...me.roles.map((r) => label(say(`role.${r}`))))], [say("own.zone"), me.zone]])),
        section(say("own.language"), null, t.div({ className: "desk-pills" }, ...[["zh-Hans", "中文"], ["en", "English"]].map(([id, words]) => t.button({ type: "button", lang: id, className: `btn sm pill ${id === lang ? "" : "transparent secondary"}`, ariaPressed: String(id === lang), onclick: () => id !== lang && setLang(id) }, words)))),
        section(say("own.absence"), hint(() => { data.at; return me.absentUntil ? say("own.away", { day: me.absentUntil }) : say("own.here"); }), absenceForm(me.id, 0, {}, again, !!me.absentUntil)),
        section(say("own.alerts"), hint(say("own.alerts_note")), alertsForm(again)),
        section(say("own.factor"), hint(() => { data.at; return me.factor === "totp" ? say("factor.is_totp") : say("factor.is_mail"); }), t.p({ className: "txt-hint" }, say("factor.why")),
            t.div({ className: "desk-row-acts" }, button(say("factor.totp"), { ico: "smartphone-line", onclick: doing(() => enrolTotp(again)) }), button(say("factor.use_mail"), { ico: "mail-line", onclick: doing(() => enrolMail(again)) }))),
        section(say("own.password"), null, passwordForm()));
}

function passwordForm() {
    const old = text({ type: "password", autocomplete: "current-password" }), pair = passwordPair(say("password.new"));
    const form = t.form({ className: "desk-form desk-short", onsubmit: doing(async () => {
        await post("/api/desk/password", { old: old.value, new: pair.value() });
        form.reset();
        done(say("password.changed"));
    }) }, field(say("password.old"), old, { required: true }), ...pair.boxes, t.button({ className: "btn secondary" }, t.span({ className: "txt" }, say("password.change"))), t.p({ className: "txt-hint txt-sm m-t-10" }, say("password.ends")));
    return form;
}

// alertsForm chooses what comes by mail; each tick is kept at once.
const alerts = ["digest", "returned", "overdue", "escalated"];
function alertsForm(again) {
    const boxes = alerts.filter((a) => a !== "escalated" || has("lead")).map((a) => Object.assign(tick(say(`alert.${a}`), { checked: !(me.quiet ?? []).includes(a), onchange: () => keep() }), { of: a }));
    const keep = doing(async () => {
        await post(`/api/desk/staff/${me.id}/choose-alerts`, { without: boxes.filter((b) => !b.input.checked).map((b) => b.of) });
        done(say("own.alerts_saved"));
        await again();
    });
    return t.div({ className: "desk-ticks stack" }, ...boxes, t.p({ className: "txt-hint txt-sm m-0" }, say("own.alerts_help")));
}

// absenceForm enters when somebody is away; both days empty is present.
export function absenceForm(id, rev, now, saved, away) {
    const from = dayField(say("absence.from"), now.absentFrom ?? ""), until = dayField(say("absence.until"), now.absentUntil ?? "");
    const put = (body) => doing(async () => {
        await post(`/api/desk/staff/${id}/set-absence`, body, rev);
        done(body.from ? say("absence.saved") : say("absence.ended"));
        await saved();
    });
    return t.form({ className: "desk-form desk-short", onsubmit: (e) => put({ from: from.querySelector("input").value, until: until.querySelector("input").value })(e) },
        t.div({ className: "desk-grid2" }, from, until), t.p({ className: "txt-hint txt-sm" }, say("absence.help")),
        t.div({ className: "desk-row-acts" }, t.button({ className: "btn sm secondary" }, icon("calendar-close-line"), t.span({ className: "txt" }, say("absence.save"))), away ? button(say("absence.end"), { look: "transparent", onclick: put({ from: "", until: "" }) }) : null));
}

async function enrolMail(then) {
    showRecovery((await post("/api/desk/factor", { kind: "mail" })).recovery, then);
}

// enrolTotp shows the secret, and keeps it only once a code of it was entered.
export async function enrolTotp(then) {
    const made = await post("/api/desk/factor/begin");
    const digits = digitsField({ autofocus: true });
    const el = panel({ title: say("factor.totp"), popup: true, size: "sm", foot: (close) => [cancel(close), send(say("factor.confirm"), doing(async () => {
        const said = await post("/api/desk/factor", { kind: "totp", secret: made.secret, digits: digits.value.replace(/\s/g, "") });
        await close();
        showRecovery(said.recovery, then);
    }))] },
    t.ol({ className: "desk-steps" }, t.li({}, say("factor.step_scan")), t.li({}, say("factor.step_enter"))),
    t.img({ src: made.qr, alt: say("factor.qr"), className: "desk-qr" }),
    t.p({ className: "txt-hint txt-center" }, say("factor.by_hand"), " ", t.code({}, made.secret.replace(/(.{4})/g, "$1 "))),
    field(say("login.totp"), digits, { required: true }));
    digits.onkeydown = (e) => { if (e.key === "Enter") el.querySelector("[data-send]").click(); };
}

// showRecovery shows the codes once: they are kept as digests only.
function showRecovery(codes, then) {
    panel({ title: say("recovery.title"), popup: true, manual: true, size: "sm", onclose: then, foot: (close) => [button(say("kit.copy"), { ico: "file-copy-line", onclick: () => copy(codes.join("\n")) }), button(say("recovery.print"), { ico: "printer-line", onclick: () => window.print() }),
        send(say("recovery.kept"), close, "m-l-auto")] },
    t.p({}, say("recovery.why")), t.ul({ className: "desk-recovery" }, ...codes.map((c) => t.li({}, t.code({}, c)))));
}
