// Lost access: a colleague sees who comes, a second one agrees, and whoever has the account has days to say no.
import { post } from "./api.js";
import { lang, say } from "./words.js";
import { area, button, cancel, doing, done, empty, field, hint, icon, label, live, moment, page, panel, ref, section, select, send, sub, table, td, text, tick } from "./kit.js";

const looks = { open: "warning", pending: "info", resolved: "success", withdrawn: "" };
const contacts = (a) => [a.mail, a.phone].filter(Boolean).join(" · ");

export function recoveryPage() {
    const list = live(() => "/api/desk/recoveries", (q) => [q.ask ? finding(() => list.reload()) : null, taken(q.rows, () => list.reload())].filter(Boolean));
    return page({ crumbs: [{ text: say("nav.counter"), href: "#/desk/counter" }, say("lost.title")], className: "desk-narrow" }, t.p({ className: "txt-hint desk-part-hint" }, say("lost.lead")), list);
}

// finding looks for the holder; whoever is found is compared with the card in one's hand.
function finding(reload) {
    const key = text({ autocomplete: "off", spellcheck: false, autofocus: true });
    const data = store({ at: 0 });
    let found = null;
    const ask = doing(async () => { found = await post("/api/desk/recoveries/find", { q: key.value.trim() }); data.at++; });
    const after = async () => { found = null; key.value = ""; data.at++; await reload(); };
    const one = (h) => section(h.name, hint(say("lost.certs", { n: h.certificates })), t.p({ className: "m-0" }, ...h.refs.slice(0, 5).flatMap((r) => [ref(r), " "])),
        table([say("lost.account"), say("lost.to"), null], h.accounts.map((a) => t.tr({}, td(a.own ? say("lost.own") : say(`lost.role_${a.role}`)), td(contacts(a) || hint(say("lost.no_contact"))),
            t.td({ className: "col-meta" }, a.open ? label(say("lost.already"), "warning") : button(say("lost.choose"), { ico: "user-shared-line", ariaLabel: `${say("lost.choose")} ${h.name} ${contacts(a)}`, onclick: () => takeIn(h, a, found, after) }))))));
    return section(say("lost.open"), null, t.form({ className: "desk-ask", role: "search", onsubmit: ask }, field(say("lost.find"), key, { required: true, help: say("lost.find_help") }), t.button({ className: "btn" }, icon("search-line"), t.span({ className: "txt" }, say("lost.search")))),
        t.div({ ariaLive: "polite" }, () => { data.at; return !found ? null : found.rows.length ? found.rows.map(one) : empty("search-line", say("lost.nobody"), say("lost.nobody_why")); }));
}

function takeIn(h, account, how, after) {
    const institution = h.kind === "institution";
    const who = select([["same", say("lost.same")], ...(institution ? [["other", say("lost.other")]] : [])], { onchange: () => (letter.hidden = who.value !== "other") });
    const channels = [how.sms ? ["sms", say("lost.sms")] : null, how.mail ? ["mail", say("lost.mail")] : null].filter(Boolean);
    const channel = select(channels, {}), speaks = select([["zh-Hans", "中文"], ["en", "English"]], { value: lang });
    const contact = text({ id: "desk-lost-contact", autocomplete: "off", spellcheck: false, maxLength: 100 }), code = text({ id: "desk-lost-code", inputMode: "numeric", autocomplete: "off", maxLength: 12 }), note = area({ maxLength: 500 });
    const id = tick(say("lost.id_card")), letter = tick(say("lost.letter"));
    letter.hidden = true;
    const sent = store({ to: "" });
    let asked = "";
    const ask = doing(async () => { const r = await post(`/api/desk/holders/${h.id}/recovery-code`, { channel: channel.value, contact: contact.value.trim(), lang: speaks.value }); asked = r.code; sent.to = r.to; code.focus(); });
    panel({ title: say("lost.choose"), sub: `${h.name} · ${contacts(account) || say("lost.no_contact")}`, popup: true, foot: (close) => [cancel(close), send(say("lost.submit"), doing(async () => {
        await post(`/api/desk/holders/${h.id}/ask-recovery`, { account: account.id, who: who.value, seen: [id.input.checked ? "id_card" : "", letter.input.checked && who.value === "other" ? "letter" : ""].filter(Boolean), note: note.value.trim(), lang: speaks.value, code: asked, digits: code.value }, h.rev);
        await close();
        done(say("lost.asked"));
        await after();
    }))] },
    field(say("lost.who"), who, { required: true }), t.fieldset({ className: "desk-set" }, t.legend({}, say("lost.seen")), id, letter), field(say("lost.note"), note, { required: true, help: say("lost.note_help") }),
    field(say("lost.channel"), channel), field(say("lost.contact"), contact, { required: true }), field(say("lost.speaks"), speaks),
    t.div({ className: "desk-row-acts" }, button(say("lost.send"), { look: "secondary", ico: "message-2-line", onclick: ask })),
    t.div({ ariaLive: "polite", className: "desk-sent" }, () => sent.to ? t.p({ className: "txt-hint m-0" }, say("lost.sent", { to: sent.to })) : null), field(say("lost.code"), code, { required: true }));
}

// taken are those who came; names are shown as long as somebody has to look at it.
function taken(rows, reload) {
    const agree = (r) => panel({ title: say("lost.agree"), sub: r.name, popup: true, size: "sm", foot: (close) => [cancel(close), send(say("lost.agree"), doing(async () => {
        await post(`/api/desk/recoveries/${r.id}/agree-recovery`, {}, r.rev);
        await close();
        done(say("lost.agreed"));
        await reload();
    }, reload))] }, t.p({ className: "m-0 desk-pre" }, r.note), t.p({}, seen(r)), t.p({ className: "txt-hint m-0" }, say("lost.agree_what")));
    const drop = (r) => {
        const why = area({ autofocus: true, maxLength: 500 });
        panel({ title: say("lost.drop"), sub: r.name, popup: true, size: "sm", foot: (close) => [cancel(close), send(say("lost.drop"), doing(async () => {
            await post(`/api/desk/recoveries/${r.id}/drop-recovery`, { reason: why.value.trim() }, r.rev);
            await close();
            done(say("lost.dropped"));
            await reload();
        }, reload), "danger")] }, field(say("field.reason"), why, { required: true }));
    };
    const seen = (r) => r.seen.split(",").map((s) => say(`lost.${s}`)).join(lang === "en" ? "; " : "；");
    const ended = (r) => r.endedBy === "account" ? say("lost.ended_account") : r.endedBy ? say("lost.ended_by", { who: r.endedBy }) : "";
    return section(say("lost.list"), null, rows.length ? table([say("lost.holder"), say("lost.who"), say("lost.by"), say("queue.state"), null], rows.map((r) => t.tr({},
        td(r.name || hint(say("lost.hidden")), r.to ? sub(say("lost.to"), " ", r.to) : null), td(say(`lost.${r.who}`), sub(seen(r))), td(r.by, sub(moment(r.at)), r.second ? sub(say("lost.second"), " ", r.second) : null),
        td(label(say(`lost.state_${r.state}`), looks[r.state]), r.state === "pending" ? sub(say("lost.from", { day: r.due })) : null, r.endedAt ? sub(ended(r), " ", moment(r.endedAt)) : null),
        t.td({ className: "col-meta" }, r.agree ? button(say("lost.agree"), { look: "", ico: "check-line", ariaLabel: `${say("lost.agree")} ${r.name}`, onclick: () => agree(r) }) : r.state === "open" ? hint(say("lost.needs_other")) : null, r.drop ? button(say("lost.drop"), { look: "transparent secondary", ariaLabel: `${say("lost.drop")} ${r.name}`, onclick: () => drop(r) }) : null))))
        : t.p({ className: "txt-hint" }, say("lost.none")));
}
