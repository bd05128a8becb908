// The register: one line for each certificate that was ever given, as a file for a spreadsheet.
import { get, save } from "./api.js";
import { pick, say } from "./words.js";
import { button, doing, field, hint, select, stateName } from "./kit.js";

const states = ["valid", "suspended", "revoked", "expired", "superseded"];

export async function registerPart() {
    const types = (await get("/api/desk/record/questions")).types;
    const type = select([["", say("archive.all_types")], ...types.map((x) => [x.id, pick(x.name)])]), state = select([["", say("archive.all_states")], ...states.map((s) => [s, stateName(s)])]);
    const take = (as) => doing(() => save(`/api/desk/register?${new URLSearchParams({ as, type: type.value, state: state.value })}`));
    return t.div({ className: "desk-narrow" }, t.p({}, say("archive.register_hint")),
        t.div({ className: "desk-ask" }, field(say("column.type"), type), field(say("column.state"), state)),
        t.div({ className: "desk-row-acts" }, button(say("archive.xlsx"), { ico: "file-excel-2-line", look: "", size: "", onclick: take("xlsx") }), button("CSV", { ico: "download-2-line", size: "", onclick: take("csv") }), hint(say("archive.leaves_recorded"))));
}
