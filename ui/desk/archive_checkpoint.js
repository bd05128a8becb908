// A checkpoint that somebody kept, as it came by mail, held against the record: it holds or it does not, in plain words.
import { post } from "./api.js";
import { say } from "./words.js";
import { area, doing, field, icon, moment } from "./kit.js";

export function checkpointPart() {
    const box = area({ rows: 8, spellcheck: false, className: "txt-code" });
    const data = store({ at: 0 });
    let said = null;
    const answer = () => t.div({ className: `desk-verified ${said.verdict === "holds" ? "" : "broken"}`, role: "status" }, t.span({ className: "seal" }, icon(said.verdict === "holds" ? "shield-check-fill" : "alarm-warning-fill")),
        t.div({}, t.b({}, say(`checkpoint.${said.verdict}`)), t.div({ className: "txt-hint" }, said.size ? say("checkpoint.what", { size: said.size, made: moment(said.made), now: said.now }) : say("checkpoint.try"))));
    return t.form({ className: "desk-form", onsubmit: doing(async () => { said = await post("/api/desk/record/compare", { checkpoint: box.value }); data.at++; }) },
        t.p({ className: "txt-hint desk-part-hint" }, say("checkpoint.hint")), field(say("checkpoint.paste"), box, { required: true }),
        t.div({ className: "desk-row-acts" }, t.button({ className: "btn" }, icon("shield-check-line"), t.span({ className: "txt" }, say("checkpoint.compare")))), t.div({ ariaLive: "polite", className: "m-t-sm" }, () => { data.at; return said ? answer() : null; }));
}
