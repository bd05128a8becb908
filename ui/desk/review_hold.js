// A case that waits: put on hold until a day, taken off hold; and the same person or picture in another case, with the merge.
import { post } from "./api.js";
import { has } from "./session.js";
import { pick, say } from "./words.js";
import { area, button, cancel, dayField, doing, done, field, hint, label, list, panel, ref, section, send, stateName, sure } from "./kit.js";

export function hold(c, reread) {
    const reason = area({ autofocus: true, maxLength: 500 }), until = dayField(say("hold.until"), "", { required: true, help: say("hold.until_note") });
    panel({ title: say("hold.title"), sub: c.ref, popup: true, size: "sm", foot: (close) => [cancel(close), send(say("hold.title"), doing(async () => {
        if (!reason.value.trim()) return reason.focus();
        await post(`/api/desk/applications/${c.id}/hold`, { reason: reason.value.trim(), until: until.input.value.trim() }, c.rev);
        await close();
        done(say("hold.held", { day: until.input.value.trim() }));
        await reread();
    }, reread))] }, field(say("field.reason"), reason, { required: true, help: say("hold.reason_note") }), until);
}

export const resume = (c, reread) => button(say("hold.resume"), { look: "", ico: "play-line", onclick: doing(async () => {
    await post(`/api/desk/applications/${c.id}/resume`, {}, c.rev);
    done(say("hold.resumed"));
    await reread();
}, reread) });

// twins are other cases with something in common, and what was merged.
export function twins(c, reread) {
    const link = (o) => has("lead") ? t.a({ href: `#/desk/case/${o.id}` }, ref(o.ref)) : ref(o.ref);
    const where = (o) => [o.person ? say("twins.person") : "", ...o.pictures.map((p) => say("twins.picture", { here: pick(p.here), there: pick(p.there) }))].filter(Boolean);
    const merge = (o) => button(say("twins.merge"), { ico: "git-merge-line", ariaLabel: `${say("twins.merge")} ${o.ref}`, onclick: () => sure(say("twins.merge"), say("twins.merge_sure", { ends: o.ref, stays: c.ref }), say("twins.merge"), async () => {
        await post(`/api/desk/applications/${o.id}/merge`, { into: c.id });
        done(say("twins.merged", { ref: o.ref }));
        await reread();
    }) });
    const parts = [
        c.mergedInto ? t.p({ className: "m-0" }, say("twins.into"), " ", t.a({ href: `#/desk/case/${c.mergedInto.id}` }, ref(c.mergedInto.ref))) : null,
        c.merged.length ? t.p({ className: "m-0" }, say("twins.holds"), " ", ...c.merged.map((m) => t.a({ href: `#/desk/case/${m.id}` }, ref(m.ref)))) : null,
        c.others.length ? t.ul({ className: "desk-plain" }, ...c.others.map((o) => t.li({ className: "desk-other" }, link(o), " ", pick(o.typeName), " ", label(stateName(o.state)), t.div({}, hint(list(where(o)))), o.merge ? merge(o) : null))) : null].filter(Boolean);
    return parts.length ? section(say("twins.title"), null, ...parts) : null;
}
