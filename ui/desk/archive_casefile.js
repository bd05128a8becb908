// A case as one file: the documents as they were uploaded, a readable PDF, what the record says with proofs, and the digest of
// everything in it. Found by the same search as everywhere; that it leaves is on record.
import { get, save } from "./api.js";
import { pick, say } from "./words.js";
import { button, doing, empty, field, hint, icon, moment, ref, stateName, table, td, text } from "./kit.js";

export function caseFilePart(route) {
    const key = text({ value: route.query.of?.[0] ?? "", autocomplete: "off" });
    const data = store({ at: 0 });
    let said = null;
    const line = (c) => t.tr({}, td(ref(c.ref)), td(pick(c.typeName)), td(stateName(c.state)), td(hint(moment(c.at))), td(c.erased ? hint(say("column.erased")) : button(say("archive.case_file_get"), { ico: "folder-download-line", onclick: doing(() => save(`/api/desk/applications/${c.id}/file`)) })));
    return t.div({}, t.form({ className: "desk-ask", role: "search", onsubmit: doing(async () => { said = await get(`/api/desk/search?q=${encodeURIComponent(key.value.trim())}`); data.at++; }) },
        field(say("archive.saw_person_of"), key, { required: true }), t.button({ className: "btn" }, icon("search-line"), t.span({ className: "txt" }, say("record.ask")))),
    t.p({ className: "txt-hint desk-part-hint" }, say("archive.case_file_hint")),
    t.div({ ariaLive: "polite" }, () => { data.at; return !said ? empty("folder-download-line", say("archive.case_file_sub"), say("archive.leaves_recorded")) : !said.rows.length ? empty("search-line", say("archive.nobody"), say("archive.nobody_hint"))
        : table([say("column.ref"), say("column.type"), say("column.state"), say("casefile.submitted"), null], said.rows.map(line)); }));
}
