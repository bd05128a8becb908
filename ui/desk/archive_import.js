// Taking over a register of before: choose a file, check what its columns hold, read line by line what is wrong, and take it over
// as a whole. The file stays on this machine; it goes along with every step.
import { get, postForm } from "./api.js";
import { lang, pick, say, sayOr } from "./words.js";
import { button, cancel, doing, done, field, fill, hint, icon, moment, panel, section, select, send, table, td } from "./kit.js";

export async function importPart() {
    const offer = await get("/api/desk/imports");
    const data = store({ at: 0 });
    let said = null, list = offer.rows, now = offer.now, asking;
    const file = t.input({ type: "file", accept: ".xlsx,.csv,.txt,text/csv,application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", onchange: () => { said = null; data.at++; } });
    const type = select([["", say("import.type_column")], ...offer.types.map((y) => [y.id, pick(y.name)])], { onchange: () => { if (said) tryIt().catch(() => {}); } });
    const form = () => {
        const f = new FormData();
        if (said) f.set("columns", JSON.stringify(chosen()));
        f.set("type", type.value);
        f.set("file", file.files[0]);
        return f;
    };
    const columns = new Map(); // column of the file → its select
    const chosen = () => Object.fromEntries([...columns].filter(([, s]) => s.value).map(([at, s]) => [s.value, at]));
    const tryIt = doing(async () => {
        said = await postForm("/api/desk/imports/try", form());
        data.at++;
    });
    const follow = async () => {
        clearTimeout(asking);
        const q = await get("/api/desk/imports");
        const was = now.running;
        now = q.now; list = q.rows;
        if (now.running) asking = setTimeout(() => follow().catch(() => {}), 1500);
        else if (was && now.id) ended();
        data.at++;
    };
    const ended = () => { done(say("import.done", { rows: now.rows })); said = null; file.value = ""; };
    const take = () => panel({ title: say("import.take", { n: said.good }), popup: true, size: "sm", foot: (close) => [cancel(close), send(say("import.take", { n: said.good }), doing(async () => {
        now = await postForm("/api/desk/imports", form());
        await close();
        if (!now.running) ended();
        await follow();
    }))] }, t.p({}, say("import.take_what", { n: said.good })), said.good > 2000 ? t.p({ className: "txt-hint m-0" }, say("import.take_long")) : null);
    const mapping = () => {
        const of = Object.fromEntries(Object.entries(said.columns).map(([f, at]) => [at, f]));
        columns.clear();
        return said.header.map((h, at) => {
            const s = select([["", say("import.none_chosen")], ...offer.fields.map((f) => [f, say(`import.field_${f}`)])], { value: of[at] ?? "", ariaLabel: h || String(at + 1) });
            columns.set(at, s);
            return t.tr({}, td(t.b({}, h || hint("–"))), td(t.div({ className: "field desk-inline" }, s)), td(hint(said.peek.map((line) => line[at]).filter(Boolean).join(" · "))));
        });
    };
    const verdict = () => said.wrong ? wrong(`${sayWrong(said)}`) : said.bad ? wrong(say("import.bad", said))
        : t.div({ className: "desk-verified", role: "status" }, t.span({ className: "seal" }, icon("shield-check-fill")), t.div({}, t.b({}, say("import.good", said))));
    const wrong = (text) => t.div({ className: "desk-verified broken", role: "status" }, t.span({ className: "seal" }, icon("alarm-warning-fill")), t.div({}, t.b({}, text)));
    const result = () => [verdict(), section(say("import.columns"), null, t.p({ className: "txt-hint desk-part-hint" }, say("import.columns_hint")), table([say("import.column"), say("import.holds"), say("import.first_lines")], mapping()),
        t.div({ className: "desk-row-acts m-t-sm" }, button(say("import.again"), { ico: "refresh-line", size: "", onclick: tryIt }), fill(),
            said.good && !said.bad && !said.wrong ? button(say("import.take", { n: said.good }), { ico: "inbox-archive-line", look: "", size: "", onclick: take }) : null)),
    said.faults.length ? section(say("import.what"), hint(said.faults.length < said.bad ? say("import.more", { n: said.faults.length }) : ""), table([say("import.line"), say("import.holds"), say("import.what")], said.faults.map((f) => t.tr({},
        td(t.span({ className: "txt-code" }, String(f.line))), td(say(`import.field_${f.field}`)), td(f.text ? pick(f.text) : say(`import.fault_${f.code}`, { a: f.args?.[0] ?? "" })))))) : null];
    const sayWrong = (s) => `${sayOr(`import.wrong_${s.wrong}`, s.wrong)} ${s.field ? say(`import.field_${s.field}`) : ""}`;
    const running = () => t.div({ className: "alert info desk-kept", role: "status" }, t.span({ className: "loader" }), t.div({}, say("import.running", now)));
    const broke = () => t.div({ className: "alert danger desk-kept", role: "alert" }, icon("error-warning-line"), t.div({}, now.message));
    return t.div({ onmount: () => { if (now.running) follow().catch(() => {}); }, onunmount: () => clearTimeout(asking) },
        t.p({ className: "txt-hint desk-part-hint" }, say("import.hint")),
        t.form({ className: "desk-ask", onsubmit: (e) => { said = null; data.at++; return tryIt(e); } }, field(say("import.file"), file, { required: true, help: say("import.file_help", { mb: offer.mostMB, rows: offer.mostRows.toLocaleString(lang) }) }), field(say("import.type"), type),
            t.button({ className: "btn" }, icon("search-eye-line"), t.span({ className: "txt" }, say("import.check")))),
        t.div({ ariaLive: "polite" }, () => { data.at; return [now.running ? running() : now.code ? broke() : null, said ? result() : null].flat().filter(Boolean); }),
        () => { data.at; return section(say("import.earlier"), null, list.length ? table([say("import.when"), say("import.file"), say("import.rows"), say("import.who")], list.map((r) => t.tr({}, td(hint(moment(r.at))), td(r.file || "–"), td(String(r.rows)), td(r.who))))
            : t.p({ className: "txt-hint" }, say("import.none"))); });
}
