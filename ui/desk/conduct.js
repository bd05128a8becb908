// Honesty on both sides: one's own pledge, the register of gifts, and for those who watch over it the sanctions on holders.
import { post } from "./api.js";
import { has, me, refreshMe } from "./session.js";
import { say } from "./words.js";
import { area, button, cancel, dayField, doing, done, field, hint, icon, label, list, live, page, panel, pills, ref, section, select, send, table, td, text } from "./kit.js";
import { sanctionList } from "./conduct_sanction.js";
import { complaints } from "./conduct_complaint.js";
import { lookAgain } from "./conduct_suspend.js";

export function conductPage() {
    const view = live(() => "/api/desk/conduct", (q) => [t.div({ className: "desk-cols desk-conduct-cols" },
        t.div({}, pledge(q, view.reload), gifts(q, view.reload), complaints(q, view.reload)), giftForm(view.reload))]);
    return page({ crumbs: [say("nav.conduct")], className: "desk-conduct", tools: [hint(say("conduct.note"))] }, view, has("lead", "manager") ? lookAgain() : null, has("lead", "manager", "auditor") ? sanctionList() : null);
}

function pledge(q, reload) {
    const make = doing(async () => {
        await post(`/api/desk/staff/${me.id}/pledge`, { version: q.version });
        done(say("pledge.done"));
        await refreshMe();
        reload();
    });
    const missing = (q.pledges ?? []).filter((p) => p.over).map((p) => p.name);
    return section(say("pledge.title", { year: q.mine.ask ? q.next.slice(0, 4) : q.mine.until.slice(0, 4) }), q.mine.over ? label(say("team.not_pledged"), "warning") : t.span({ className: "desk-ok" }, icon("checkbox-circle-line"), " ", say("pledge.made", { day: q.mine.until })),
        t.blockquote({ className: "desk-pledge" }, say("pledge.text")),
        q.mine.ask ? button(say("pledge.make"), { look: "", ico: "quill-pen-line", onclick: make }) : null,
        t.p({ className: "m-t-10" }, t.span({}, say("pledge.count", { n: q.pledged, of: q.reviewers })), " ", missing.length ? hint(say("pledge.missing", { names: list(missing) })) : null, " ", q.mine.ask ? null : hint(say("pledge.from"))));
}

function gifts(q, reload) {
    return section(say("gift.title"), hint(say("gift.all_see")), q.gifts.length ? table([say("gift.day"), say("gift.who"), say("gift.giver"), say("gift.kind"), say("gift.done"), say("sanction.case"), null], q.gifts.map((g) => t.tr({},
        td(g.day), td(t.b({}, g.who)), td(g.giver || hint("–")), td(g.adds ? label(say("gift.adds")) : null, " ", say(`gift.kind_${g.kind}`), g.what ? ` · ${g.what}` : ""), td(say(`gift.how_${g.how}`)), td(g.ref ? ref(g.ref) : hint("–")),
        t.td({ className: "col-meta" }, g.mine && !g.adds ? button(say("gift.add"), { look: "transparent secondary", ico: "add-line", ariaLabel: `${say("gift.add")} ${g.day}`, onclick: () => addPanel(g, reload) }) : null)))) : t.p({ className: "txt-hint" }, say("gift.none")));
}

function addPanel(g, reload) {
    const what = area({ maxLength: 500, autofocus: true }), how = select(["declined", "returned", "handed_in", "kept"].map((k) => [k, say(`gift.how_${k}`)]), { value: g.how });
    panel({ title: say("gift.add"), sub: `${g.day} ${g.what}`, popup: true, size: "sm", foot: (close) => [cancel(close), send(say("gift.add"), doing(async () => {
        await post("/api/desk/gifts", { kind: g.kind, how: how.value, what: what.value.trim(), giver: g.giver, day: me.today, adds: g.id });
        await close();
        done(say("gift.done"));
        reload();
    }))] }, field(say("gift.adds"), what, { required: true }), field(say("gift.how"), how));
}

function giftForm(reload) {
    const data = store({ kind: "gift", how: "declined" });
    const what = text({ maxLength: 500 }), giver = text({ maxLength: 100 }), about = text({ maxLength: 30 });
    const on = dayField(say("gift.day"), me.today, { required: true });
    const form = t.form({ className: "desk-card desk-form", onsubmit: doing(async () => {
        if (!what.value.trim()) return what.focus();
        await post("/api/desk/gifts", { kind: data.kind, how: data.how, what: what.value.trim(), giver: giver.value.trim(), day: on.input.value.trim(), case: about.value.trim() });
        done(say("gift.done"));
        [what, giver, about].forEach((x) => (x.value = ""));
        reload();
    }) }, t.h2({}, say("gift.new")), t.p({ className: "txt-hint" }, say("gift.new_note")),
    t.p({ className: "m-0" }, say("gift.kind")), pills(say("gift.kind"), ["gift", "meal", "money", "plea", "other"].map((k) => [k, say(`gift.kind_${k}`)]), () => data.kind, (k) => (data.kind = k)),
    field(say("gift.what"), what, { required: true }), t.div({ className: "desk-grid2" }, field(say("gift.giver"), giver, { help: say("gift.giver_help") }), on),
    t.p({ className: "m-0" }, say("gift.how")), pills(say("gift.how"), ["declined", "returned", "handed_in", "kept"].map((k) => [k, say(`gift.how_${k}`)]), () => data.how, (k) => (data.how = k)),
    field(say("gift.case"), about, { help: say("gift.case_help") }),
    t.button({ className: "btn block" }, icon("quill-pen-line"), t.span({ className: "txt" }, say("gift.send"))), t.p({ className: "txt-hint txt-sm m-t-5" }, say("gift.final")));
    return form;
}
