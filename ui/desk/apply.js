// At the counter or on the phone: a colleague opens an application for somebody who has no account, and fills in the same pages
// as everybody else. Who takes it never reviews it.
import { post } from "./api.js";
import { lang, pick, say } from "./words.js";
import { button, doing, empty, field, hint, icon, label, live, moment, page, ref, section, select, stateName, sub, table, td, text, tick } from "./kit.js";

export function counterPage() {
    const view = live(() => "/api/desk/taken", (q) => {
        const name = text({ maxLength: 60, autocomplete: "off", spellcheck: false }), phone = text({ type: "tel", maxLength: 30, autocomplete: "off" });
        const type = select(q.types.map((y) => [y.id, pick(y.name)]), {}), speaks = select([["zh-Hans", "中文"], ["en", "English"]], { value: lang });
        const how = select([["counter", say("counter.here")], ["phone", say("counter.phone")]], {}), agreed = tick(say("counter.agreed"));
        const take = doing(async () => {
            const r = await post("/api/desk/take", { type: type.value, name: name.value.trim(), phone: phone.value.trim(), how: how.value, agreed: agreed.input.checked, lang: speaks.value });
            window.location.assign(`/applications/${r.answer.id}`);
        });
        return [section(say("counter.new"), null, t.form({ className: "desk-form", onsubmit: take },
            field(say("counter.type"), type, { required: true }), field(say("counter.name"), name, { required: true, help: say("counter.name_help") }), field(say("counter.ring"), phone, { help: say("counter.ring_help") }),
            field(say("counter.how"), how), field(say("counter.speaks"), speaks), t.div({ className: "desk-ticks stack" }, agreed), t.p({ className: "txt-hint" }, say("counter.rule")),
            t.div({ className: "desk-row-acts" }, t.button({ className: "btn" }, icon("user-add-line"), t.span({ className: "txt" }, say("counter.begin")))))),
        section(say("lost.title"), null, t.a({ href: "#/desk/recovery", className: "btn secondary" }, icon("user-shared-line"), t.span({ className: "txt" }, say("lost.open")))),
        section(say("counter.taken"), null, q.rows.length ? table([say("queue.applicant"), say("queue.type"), say("queue.state"), null], q.rows.map((r) => t.tr({},
            td(t.a({ href: `/applications/${r.id}`, className: "desk-who" }, r.name || r.ref), sub(r.ref ? ref(r.ref) : hint(say("counter.draft")))), td(pick(r.typeName)),
            td(label(stateName(r.state)), r.at ? sub(say("queue.came", { at: moment(r.at) })) : null),
            t.td({ className: "col-meta" }, r.ref ? t.a({ href: `/applications/${r.id}/receipt`, target: "_blank", rel: "noopener", className: "btn sm secondary" }, icon("printer-line"), t.span({ className: "txt" }, say("counter.sheet"))) : null))))
            : empty("customer-service-2-line", say("counter.none"), ""))];
    });
    return page({ crumbs: [say("nav.counter")], className: "desk-narrow" }, view);
}
