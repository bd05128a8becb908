// Four eyes: what a second person sees of a proposal, and the two things they can do with it.
import { post } from "./api.js";
import { say } from "./words.js";
import { deputyButton } from "./decide_appeal.js";
import { area, button, cancel, doing, done, field, fill, go, icon, panel, send } from "./kit.js";

// secondBar stands below a case that waits for its second person.
export function secondBar(c, reread) {
    const words = c.may.confirm ? say("second.yours", { who: c.decision.who }) : say("second.theirs", { who: c.who || say("second.nobody") });
    return t.footer({ className: "desk-bar" }, t.div({ className: "desk-progress" }, icon("user-follow-line"), t.span({}, words)), fill(),
        deputyButton(c, reread),
        c.may.challenge ? button(say("second.challenge"), { look: "outline danger", keys: "X", onclick: () => challenge(c, reread) }) : null,
        c.may.confirm ? button(say("second.confirm"), { look: "success", keys: "P", ico: "check-double-line", onclick: () => confirm(c, reread) }) : null,
        !c.may.confirm && c.may.take_back ? button(say("second.take_back"), { look: "", ico: "arrow-go-back-line", onclick: doing(async () => { await post(`/api/desk/applications/${c.id}/take-back`, {}, c.rev); await reread(); }, reread) }) : null);
}

export const confirm = (c, reread) => c.may.confirm && opinion(c, reread, false, (said) => post(`/api/desk/applications/${c.id}/confirm`, said, c.rev));
export const challenge = (c, reread) => c.may.challenge && opinion(c, reread, true, (said) => post(`/api/desk/applications/${c.id}/challenge`, said, c.rev));

function opinion(c, reread, needed, act) {
    const box = area({ autofocus: true, maxLength: 1000, rows: 4 });
    panel({ title: say(needed ? "second.challenge" : "second.confirm"), sub: `${c.ref} ${c.name}`, popup: true, size: "sm", foot: (close) => [cancel(close), send(say(needed ? "second.challenge_now" : "second.confirm_now"), doing(async () => {
        if (needed && !box.value.trim()) return box.focus();
        await act({ comment: box.value.trim() });
        await close();
        done(say(needed ? "second.challenged" : "second.confirmed"));
        go(c.next ? `#/desk/case/${c.next}` : "#/desk/queue");
    }, reread), needed ? "danger" : "success")] },
    field(say(needed ? "second.comment" : "second.comment_free"), box, { required: needed, help: say("second.comment_help") }));
}
