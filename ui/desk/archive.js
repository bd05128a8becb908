// The archive: the record and what can be asked of it, the register, and whether all of it is still as it was.
import { get } from "./api.js";
import { has } from "./session.js";
import { say, sayOr } from "./words.js";
import { button, doing, facts, fill, hint, icon, label, page, section } from "./kit.js";

// Each part of the archive: its name, its picture, who has it, and the module that draws it.
const parts = [
    ["saw_person", "eye-line", "auditor lead", "archive_questions.js", "questionPart"],
    ["acts_of", "user-search-line", "auditor lead", "archive_questions.js", "questionPart"],
    ["rule_changes", "settings-3-line", "auditor lead", "archive_questions.js", "questionPart"],
    ["quick_decisions", "timer-flash-line", "auditor lead", "archive_questions.js", "questionPart"],
    ["any", "search-line", "auditor lead", "archive_search.js", "searchPart"],
    ["checkpoint", "shield-check-line", "auditor lead", "archive_checkpoint.js", "checkpointPart"],
    ["case_file", "folder-download-line", "auditor lead", "archive_casefile.js", "caseFilePart"],
    ["retention", "delete-bin-6-line", "manager auditor", "archive_retention.js", "retentionPart"],
    ["register", "file-list-3-line", "auditor lead", "archive_register.js", "registerPart"],
    ["import", "inbox-archive-line", "manager", "archive_import.js", "importPart"],
];
const questions = 5; // the first so many are about the record

export async function recordPage(route) {
    const mine = parts.filter(([, , roles]) => has(...roles.split(" ")));
    const asked = route.params?.part ?? (Object.keys(route.query).length ? "any" : "");
    const now = mine.find(([name]) => name === asked) ?? mine[0];
    const link = ([name, ico]) => t.li({}, t.a({ href: `#/desk/record/${name}`, className: `desk-part ${name === now[0] ? "active" : ""}`, "html-aria-current": name === now[0] ? "page" : undefined }, icon(ico), t.span({}, t.b({}, say(`archive.${name}`)), t.small({ className: "txt-hint" }, say(`archive.${name}_sub`)))));
    const list = (title, some) => some.length ? [t.h2({ className: "desk-parts-title" }, title), t.ul({ className: "desk-plain desk-parts" }, ...some.map(link))] : [];
    const module = await import(`./${now[3]}`);
    return page({ crumbs: [say("nav.record")], className: "desk-archive" },
        has("auditor") ? verifying() : null,
        t.div({ className: "desk-cols archive" },
            t.nav({ ariaLabel: say("archive.parts") }, ...list(say("archive.questions"), mine.filter((p) => parts.indexOf(p) < questions)), ...list(say("archive.holdings"), mine.filter((p) => parts.indexOf(p) >= questions))),
            t.section({ className: "desk-part-body", ariaLabel: say(`archive.${now[0]}`) }, await module[now[4]](route, now[0]))));
}

// verifying computes the whole record again on request, and says what it found.
function verifying() {
    const data = store({ at: 0 });
    let r = null;
    const run = doing(async () => { r = await get("/api/desk/record/verify"); data.at++; });
    const found = (list, look) => t.ul({ className: "desk-plain" }, ...list.slice(0, 50).map((x) => t.li({}, label(sayOr(`finding.${x.kind}`, x.kind), look), " ", x.seq ? `${say("record.seq")} ${x.seq} ` : "", x.noun ? `${sayOr(`noun.${x.noun}`, x.noun)} ${x.id ?? ""} ` : "", hint(x.text))));
    const report = () => {
        const bad = r.findings ?? [], warnings = r.warnings ?? [];
        return [t.div({ className: `desk-verified ${bad.length ? "broken" : ""}`, role: "status" }, t.span({ className: "seal" }, icon(bad.length ? "alarm-warning-fill" : "shield-check-fill")), t.div({}, t.b({}, bad.length ? say("verify.broken", { n: bad.length + (r.more ?? 0) }) : say("verify.whole")), t.div({ className: "txt-hint" }, say("verify.size", { n: r.size, rows: r.rows }))),
            facts([[say("verify.root"), t.code({}, r.root)], [say("verify.checkpoints"), `${r.checkpoints} · ${say("verify.witnesses", { n: r.witnesses })}`], [say("verify.erased"), String(r.erased)]])),
        bad.length ? section(say("verify.findings"), null, found(bad, "danger")) : null, warnings.length ? section(say("verify.warnings"), null, found(warnings, "warning")) : null].filter(Boolean);
    };
    return t.div({ className: "desk-verify" }, t.div({ className: "desk-row-acts" }, button(say("verify.now"), { ico: "shield-check-line", onclick: run }), hint(say("verify.what")), fill()), t.div({}, () => { data.at; return r ? report() : null; }));
}
