// At the counter: somebody names their visit code; their answers are read back to them, person and original are seen, and
// that is put on record. Who attests never gets the case.
import { get, post } from "./api.js";
import { pick, say } from "./words.js";
import { button, doing, done, empty, field, icon, page, section, text, tick } from "./kit.js";

export function attestPage() {
    const data = store({ found: 0, wrong: "" });
    let f = null;
    const code = text({ className: "desk-code", autocomplete: "off", autofocus: true, maxLength: 20, spellcheck: false });
    const find = doing(async () => {
        f = null; data.found++; data.wrong = "";
        try {
            f = await get(`/api/desk/attest?code=${encodeURIComponent(code.value.trim().toUpperCase())}`);
        } catch (e) {
            if (e.status !== 404 && e.status !== 403) throw e;
            data.wrong = e.status === 403 ? e.message : say("attest.none");
        }
        data.found++;
    });
    const reset = () => { f = null; code.value = ""; data.found++; code.focus(); };
    const form = () => {
        const person = tick(say("attest.saw_person")), original = tick(say("attest.saw_original"));
        return t.form({ className: "desk-form", onsubmit: doing(async () => {
            await post(`/api/desk/applications/${f.id}/attest-presence`, { sawPerson: person.input.checked, sawOriginal: original.input.checked }, f.rev);
            done(say("attest.done"));
            reset();
        }, () => find()) }, t.div({ className: "desk-ticks stack" }, person, original), t.p({ className: "txt-hint" }, say("attest.consequence")),
        t.div({ className: "desk-row-acts" }, t.button({ className: "btn" }, icon("map-pin-user-line"), t.span({ className: "txt" }, say("attest.attest"))), button(say("attest.another"), { size: "", look: "transparent", onclick: reset })));
    };
    const found = () => [section(pick(f.typeName), null, t.p({ className: "txt-hint" }, say("attest.read_back")), t.dl({ className: "desk-readback" }, ...f.answers.flatMap((a) => [t.dt({}, pick(a.label)), t.dd({}, pick(a.shown) || a.value)]))),
        !f.attestable ? t.div({ className: "alert warning desk-kept" }, icon("information-line"), t.div({}, say("attest.not_this_type")))
            : f.attested ? t.div({ className: "alert success desk-kept" }, icon("checkbox-circle-line"), t.div({}, say("attest.already")), button(say("attest.another"), { onclick: reset })) : section(say("attest.what"), null, form())];
    return page({ crumbs: [say("nav.attest")], className: "desk-narrow" },
        t.form({ className: "desk-form desk-short", onsubmit: find }, field(say("attest.code"), code, { required: true, help: say("attest.code_help") }), t.button({ className: "btn" }, icon("search-line"), t.span({ className: "txt" }, say("attest.find")))),
        t.div({ ariaLive: "polite" }, () => { data.found; return data.wrong ? empty("search-line", data.wrong, say("attest.none_why")) : f ? found() : null; }));
}
