// What people said about the pages, and the answer where they wished one.
import { post } from "./api.js";
import { say, sayOr } from "./words.js";
import { area, button, cancel, doing, done, empty, field, hint, icon, label, live, moment, page, panel, send, stateName } from "./kit.js";

export function feedbackPage() {
    const view = live(() => "/api/desk/feedback", (q) => q.rows.length ? t.ul({ className: "desk-plain desk-said-list" }, ...q.rows.map((f) => one(f, view.reload))) : empty("chat-smile-2-line", say("feedback.none"), ""));
    return page({ crumbs: [say("nav.feedback")], className: "desk-narrow" }, view);
}

const one = (f, reload) => t.li({ className: "desk-card" },
    t.header({}, f.score ? label(say("feedback.easy", { said: sayOr(`easy.${f.score}`, f.score) })) : null, f.easy ? label(say("feedback.clear", { said: sayOr(`clear.${f.easy}`, f.easy) })) : null, label(stateName(f.state), f.state === "new" ? "warning" : ""), t.span({ className: "flex-fill" }), hint(moment(f.at))),
    f.text ? t.p({ className: "desk-quote" }, f.text) : null, hint(say("feedback.page", { page: f.page })),
    f.contact ? t.p({ className: "m-0" }, icon("mail-line"), " ", say("feedback.wishes", { contact: f.contact })) : null,
    f.reply ? t.div({ className: "desk-note" }, t.b({}, say("feedback.answered")), t.p({ className: "m-0" }, f.reply)) : null,
    f.state === "new" ? button(f.contact ? say("feedback.answer") : say("feedback.close"), { ico: f.contact ? "reply-line" : "check-line", ariaLabel: `${f.contact ? say("feedback.answer") : say("feedback.close")} ${moment(f.at)}`, onclick: () => answer(f, reload) }) : null);

function answer(f, reload) {
    const said = area({ rows: 5, maxLength: 2000, autofocus: true });
    panel({ title: f.contact ? say("feedback.answer") : say("feedback.close"), sub: f.text.slice(0, 120), popup: true, foot: (close) => [cancel(close), send(f.contact ? say("feedback.send") : say("kit.save"), doing(async () => {
        if (f.contact && !said.value.trim()) return said.focus();
        await post(`/api/desk/feedback/${f.id}/answer`, { text: said.value.trim() }, f.rev);
        await close();
        done(say("feedback.done"));
        reload();
    }, reload))] }, field(f.contact ? say("feedback.text") : say("feedback.note"), said, { required: !!f.contact, help: f.contact ? say("feedback.goes_to", { contact: f.contact }) : say("feedback.no_contact") }));
}
