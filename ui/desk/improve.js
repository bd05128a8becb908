// The desk's settings: what it is called, where it is reached, how it sends mail and SMS.
import { get, post } from "./api.js";
import { me } from "./session.js";
import { say } from "./words.js";
import { button, cancel, doing, done, fill, field, icon, live, page, panel, section, select, send, text, tick } from "./kit.js";

export function settingsPage() {
    const view = live(() => "/api/desk/settings", (s) => form(s, view.reload));
    return page({ crumbs: [say("nav.settings")], className: "desk-narrow" }, view);
}

const zones = () => Intl.supportedValuesOf?.("timeZone") ?? ["Asia/Shanghai", "Asia/Urumqi", "Europe/Berlin", "UTC"];

function form(s, reload) {
    const f = {
        nameZh: text({ value: s.nameZh, lang: "zh-Hans" }), nameEn: text({ value: s.nameEn, lang: "en" }), hotline: text({ value: s.hotline, inputMode: "tel" }), hoursZh: text({ value: s.hoursZh, lang: "zh-Hans" }), hoursEn: text({ value: s.hoursEn, lang: "en" }),
        publicUrl: text({ type: "url", value: s.publicUrl }), zone: select([...new Set([s.zone, ...zones()])].map((z) => [z, z]), { value: s.zone }), lang: select([["zh-Hans", "中文"], ["en", "English"]], { value: s.lang }),
        free: tick(say("settings.free"), { checked: s.free }), back: t.input({ type: "number", min: 0, max: 120, value: s.takeBackMinutes }), sms: tick(say("settings.sms_arrived"), { checked: s.smsTested }),
    };
    const mail = mailFields(s.mail, s.mailAtStart);
    const grid = (...parts) => t.div({ className: "desk-grid2" }, ...parts);
    return t.form({ className: "desk-form", onsubmit: doing(async () => {
        await post("/api/desk/settings", { nameZh: f.nameZh.value.trim(), nameEn: f.nameEn.value.trim(), zone: f.zone.value, lang: f.lang.value, publicUrl: f.publicUrl.value.trim().replace(/\/$/, ""), hotline: f.hotline.value.trim(),
            hoursZh: f.hoursZh.value.trim(), hoursEn: f.hoursEn.value.trim(), free: f.free.input.checked, takeBackMinutes: +f.back.value, smsTested: f.sms.input.checked, mail: mail.value() }, s.rev);
        done(say("settings.saved"));
        reload();
    }, async () => { s.rev = (await get("/api/desk/settings")).rev; }) },
    section(say("settings.who"), null, grid(field(say("settings.name_zh"), f.nameZh, { required: true }), field(say("settings.name_en"), f.nameEn, { required: true }), field(say("settings.hotline"), f.hotline, { help: say("settings.hotline_help") }), t.div({ className: "desk-field" }, f.free), field(say("settings.hours_zh"), f.hoursZh), field(say("settings.hours_en"), f.hoursEn))),
    section(say("settings.where"), null, grid(field(say("settings.url"), f.publicUrl, { required: true, help: say("settings.url_help") }), field(say("own.zone"), f.zone, { help: say("settings.zone_help") }), field(say("settings.lang"), f.lang), field(say("settings.back"), f.back, { help: say("settings.back_help") }))),
    section(say("settings.mail"), null, ...mail.parts, testButton("mail")),
    section(say("settings.sms"), null, t.p({ className: "txt-hint" }, say("settings.sms_driver", { driver: s.smsDriver || "–" })), t.div({ className: "desk-field" }, f.sms, t.div({ className: "field-help" }, say("settings.sms_help"))), testButton("sms")),
    t.footer({ className: "desk-bar desk-bar-form" }, fill(), t.button({ className: "btn" }, icon("save-line"), t.span({ className: "txt" }, say("kit.save")))));
}

// mailFields leave the mail server as it is unless one asks to change it: its password is never sent to the page.
function mailFields(now, atStart) {
    const data = store({ change: false });
    const m = now ?? {};
    const f = { host: text({ value: m.host ?? "" }), port: t.input({ type: "number", min: 0, max: 65535, value: m.port ?? 0 }), user: text({ value: m.user ?? "", autocomplete: "off" }), password: text({ type: "password", autocomplete: "new-password" }),
        security: select([["starttls", "STARTTLS (587)"], ["tls", "TLS (465)"], ["none", say("settings.mail_none")]], { value: m.security ?? "starttls" }), from: text({ type: "email", value: m.from ?? "" }), fromName: text({ value: m.fromName ?? "" }), replyTo: text({ type: "email", value: m.replyTo ?? "" }) };
    const value = () => {
        if (!data.change) return "";
        if (!f.host.value.trim()) return "-";
        const { password, ...kept } = m;
        return JSON.stringify({ ...kept, host: f.host.value.trim(), port: +f.port.value, user: f.user.value.trim(), password: f.password.value, security: f.security.value, from: f.from.value.trim(), fromName: f.fromName.value.trim(), replyTo: f.replyTo.value.trim() });
    };
    const shown = () => data.change ? t.div({ className: "desk-grid2" }, field(say("settings.mail_host"), f.host, { help: say("settings.mail_off") }), field(say("settings.mail_port"), f.port, { help: say("settings.mail_port_help") }), field(say("settings.mail_user"), f.user), field(say("login.password"), f.password, { help: say("settings.mail_password_help") }), field(say("settings.mail_security"), f.security), field(say("settings.mail_from"), f.from), field(say("settings.mail_from_name"), f.fromName), field(say("settings.mail_reply"), f.replyTo))
        : t.div({ className: "desk-row-acts" }, t.span({}, atStart ? say("settings.mail_at_start", atStart) : m.host ? say("settings.mail_is", { host: m.host, from: m.from ?? "" }) : say("settings.mail_not_set")), button(say("settings.mail_change"), { ico: "edit-line", onclick: () => (data.change = true) }));
    return { value, parts: [t.div({}, shown)] };
}

const testButton = (channel) => button(say(`settings.test_${channel}`), { ico: "send-plane-line", className: "btn sm secondary m-t-10", onclick: () => {
    const to = text({ type: channel === "mail" ? "email" : "tel", value: channel === "mail" ? me.email : "", autofocus: true });
    const el = panel({ title: say(`settings.test_${channel}`), popup: true, size: "sm", foot: (close) => [cancel(close), send(say("settings.test_send"), doing(async () => {
        await post("/api/desk/send-test", { channel, to: to.value.trim() });
        await close();
        done(say("settings.test_sent"));
    }))] }, t.p({ className: "txt-hint" }, say("settings.test_note")), field(say("outbox.to"), to, { required: true }));
    to.onkeydown = (e) => { if (e.key === "Enter") el.querySelector("[data-send]").click(); };
} });
