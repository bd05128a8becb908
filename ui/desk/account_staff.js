// Colleagues: invite, roles and types, capacity, absence, end of work here.
import { post } from "./api.js";
import { me } from "./session.js";
import { lang, pick, say } from "./words.js";
import { button, cancel, daysUntil, doing, done, field, fill, hint, icon, label, list, live, menu, page, panel, select, send, sub, sure, table, td, text, tick } from "./kit.js";
import { absencePanel, capacityPanel, whole } from "./assign_team.js";
import { typeNames, typesOf } from "./improve_types.js";
import { sayShort } from "./improve_waiting.js";

const roles = ["reviewer", "lead", "auditor", "manager"];

export function staffPage() {
    const names = typeNames();
    const view = live(() => "/api/desk/staff", (all) => table([say("field.name"), say("field.roles"), say("field.types"), say("team.in_hand"), say("staff.factor"), say("staff.conflicts"), null], whole(all).map((p) => t.tr({ className: p.state === "deactivated" ? "away" : "" },
        td(t.b({}, p.name), p.suspended ? label(say("fit.suspended"), "danger m-l-5") : p.state === "active" ? null : label(say(`state.${p.state}`), "m-l-5"), sub(p.email)),
        td(...p.roles.map((r) => label(say(`role.${r}`), "m-r-5"))), td(hint(() => p.types.length ? list(names(p.types)) : "–")), td(p.roles.includes("reviewer") ? `${p.load} / ${p.capacity}` : hint("–"), p.absentUntil && daysUntil(p.absentUntil) >= 0 ? sub(say("own.away", { day: p.absentUntil })) : null),
        td(p.factor === "totp" ? t.span({ className: "desk-yes" }, icon("shield-check-line"), say("factor.app")) : p.state === "invited" ? hint(say("staff.when_joining")) : hint(say("factor.mail"))),
        td(p.avoids ? t.span({ className: "desk-yes" }, icon("check-line"), say("staff.seen")) : hint(say("staff.by_name"))),
        t.td({ className: "col-meta" }, p.state === "deactivated" ? null : menu(say("staff.more", { name: p.name }), [
            p.id !== me.id && ["shield-user-line", say("staff.roles"), () => rolesPanel(p, names, view.reload)],
            ["scales-line", say("field.capacity"), () => capacityPanel(p, view.reload)], ["calendar-close-line", say("own.absence"), () => absencePanel(p, view.reload)],
            p.id !== me.id && p.roles.length > 1 && ["shield-cross-line", say("staff.revoke"), () => revokePanel(p, names, view.reload)],
            p.id !== me.id && p.state === "active" && ["key-2-line", say("staff.recover"), () => sure(say("staff.recover"), say("staff.recover_what", { name: p.name }), say("staff.recover"), async () => { await post(`/api/desk/staff/${p.id}/recover`, {}, p.rev); done(say("staff.recovered", { name: p.name })); view.reload(); }, "danger")],
            p.id !== me.id && p.state === "active" && (p.suspended ? ["user-follow-line", say("suspend.end"), () => suspension(p, false, names, view.reload)] : ["user-forbid-line", say("suspend.do"), () => suspension(p, true, names, view.reload)]),
            p.id !== me.id && ["user-unfollow-line", say("staff.deactivate"), () => sure(say("staff.deactivate"), say("staff.deactivate_what", { name: p.name, n: p.load }), say("staff.deactivate"), async () => { sayShort(await post(`/api/desk/staff/${p.id}/deactivate`, {}, p.rev), names); done(say("staff.deactivated", { name: p.name })); view.reload(); }, "danger")]]))))));
    return page({ crumbs: [say("nav.staff")], tools: [fill(), button(say("staff.invite"), { look: "", size: "", ico: "user-add-line", onclick: doing(() => invite(view.reload)) })] }, view);
}

function rolesAndTypes(types, had = { roles: [], types: [] }) {
    const boxes = (all, words, chosen) => all.map((id) => Object.assign(tick(words(id), { checked: chosen.includes(id) }), { of: id }));
    const r = boxes(roles, (id) => say(`role.${id}`), had.roles), y = boxes(types.map((x) => x.id), (id) => pick(types.find((x) => x.id === id).name) || id, had.types);
    const read = (all) => all.filter((b) => b.input.checked).map((b) => b.of);
    return { read: () => ({ roles: read(r), types: read(y) }), parts: [t.fieldset({ className: "desk-set" }, t.legend({}, say("field.roles")), t.div({ className: "desk-ticks" }, ...r), t.p({ className: "txt-hint txt-sm" }, say("staff.roles_help"))),
        t.fieldset({ className: "desk-set" }, t.legend({}, say("field.types")), t.div({ className: "desk-ticks" }, ...y), t.p({ className: "txt-hint txt-sm" }, say("staff.types_help")))] };
}

async function rolesPanel(p, names, reload) {
    const set = rolesAndTypes(await typesOf(), p);
    panel({ title: say("staff.roles"), sub: p.name, popup: true, size: "lg", foot: (close) => [cancel(close), send(say("kit.save"), doing(async () => {
        sayShort(await post(`/api/desk/staff/${p.id}/grant-role`, set.read(), p.rev), names);
        await close();
        done(say("staff.roles_saved", { name: p.name }));
        reload();
    }, reload))] }, ...set.parts);
}

// suspension keeps a colleague from all cases at once, or lets them work again.
function suspension(p, begin, names, reload) {
    const title = begin ? say("suspend.do") : say("suspend.end"), why = text({ maxLength: 500, autofocus: true });
    panel({ title, sub: p.name, popup: true, size: "sm", foot: (close) => [cancel(close), send(title, doing(async () => {
        if (!why.value.trim()) return why.focus();
        if (begin) sayShort(await post(`/api/desk/staff/${p.id}/suspend-reviewer`, { why: why.value.trim() }, p.rev), names);
        else await post(`/api/desk/staff/${p.id}/end-suspension`, { reason: why.value.trim() }, p.rev);
        await close();
        done(say("complaint.done"));
        reload();
    }, reload), begin ? "danger" : "")] }, t.p({ className: "txt-hint" }, say(begin ? "suspend.what" : "suspend.end_what", { name: p.name })), field(say("field.reason"), why, { required: true }));
}

function revokePanel(p, names, reload) {
    const role = select(p.roles.map((r) => [r, say(`role.${r}`)]), {});
    panel({ title: say("staff.revoke"), sub: p.name, popup: true, size: "sm", foot: (close) => [cancel(close), send(say("staff.revoke"), doing(async () => {
        sayShort(await post(`/api/desk/staff/${p.id}/revoke-role`, { role: role.value }, p.rev), names);
        await close();
        done(say("staff.revoked", { name: p.name, role: say(`role.${role.value}`) }));
        reload();
    }, reload), "danger")] }, field(say("staff.revoke_which"), role, { help: say("staff.revoke_help") }));
}

async function invite(reload) {
    const name = text({ autocomplete: "off", autofocus: true }), email = text({ type: "email", autocomplete: "off" }), number = text({ autocomplete: "off" }), phone = text({ autocomplete: "off", inputMode: "tel" });
    const capacity = t.input({ type: "number", min: 0, max: 500, value: 10 }), language = select([["zh-Hans", "中文"], ["en", "English"]], { value: lang });
    const set = rolesAndTypes(await typesOf(), { roles: ["reviewer"], types: [] });
    panel({ title: say("staff.invite"), sub: say("staff.invite_note"), popup: true, size: "lg", className: "desk-invite", foot: (close) => [cancel(close), send(say("staff.send"), doing(async () => {
        const to = email.value.trim();
        await post("/api/desk/staff", { name: name.value.trim(), email: to, ...set.read(), capacity: +capacity.value, idNumber: number.value.trim(), phone: phone.value.trim(), lang: language.value });
        await close();
        done(say("staff.invited", { email: to }));
        reload();
    }))] },
    t.div({ className: "desk-grid2" }, field(say("field.name"), name, { required: true }), field(say("login.email"), email, { required: true }),
        field(say("staff.number"), number, { help: say("staff.unreadable") }), field(say("staff.phone"), phone, { help: say("staff.unreadable") })),
    ...set.parts, t.div({ className: "desk-grid2" }, field(say("field.capacity"), capacity, { help: say("field.capacity_help") }), field(say("own.language"), language)));
}
