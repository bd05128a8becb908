// The checklist: a verdict is one click or one key in any row; only the active row opens. Each is kept at once.
import { post } from "./api.js";
import { pick, say } from "./words.js";
import { button, copy, icon, select, tell } from "./kit.js";

const verdicts = [["ok", "check-line", "1"], ["bad", "close-line", "2"], ["ask", "question-mark", "3"]];

// judging holds the verdicts on the screen. They are shown at once and sent one after the other; one that the server
// refuses goes back to what it was, and says why.
export function judging(now, data, reread) {
    let line = Promise.resolve();
    const fill = () => {
        const c = now();
        for (const i of c.checklist) data.v[i.id] = { value: c.verdicts[i.id]?.value ?? "", how: c.verdicts[i.id]?.how ?? 0 };
        data.v = { ...JSON.parse(JSON.stringify(data.v)) };
        if (!data.active) data.active = (c.checklist.find((i) => !data.v[i.id].value) ?? c.checklist[0])?.id ?? "";
    };
    const put = (id, value, how) => {
        const before = { ...JSON.parse(JSON.stringify(data.v[id])) };
        data.v[id] = { value, how };
        data.v = { ...JSON.parse(JSON.stringify(data.v)) };
        data.saving++;
        line = line.then(() => post(`/api/desk/applications/${now().id}/verdict`, { item: id, value, how, note: "" })).catch((e) => {
            data.v = { ...JSON.parse(JSON.stringify(data.v)), [id]: before };
            tell(e);
            if (e.status === 409) return reread();
        }).finally(() => data.saving--);
        return line;
    };
    const value = (id) => data.v[id]?.value ?? "";
    const sum = () => {
        const items = now().checklist, of = (v) => items.filter((i) => value(i.id) === v).map((i) => i.id);
        return { bad: of("bad"), unsure: items.filter((i) => !i.optional && value(i.id) === "ask").map((i) => i.id), open: items.filter((i) => !i.optional && !value(i.id)).map((i) => i.id) };
    };
    const jump = (id) => {
        Object.assign(data, { active: id, tab: "checklist" });
        requestAnimationFrame(() => document.getElementById(`item-${id}`)?.scrollIntoView({ block: "nearest" }));
    };
    const judge = (id, v) => {
        if (!now().may.verdict) return;
        put(id, value(id) === v ? "" : v, data.v[id].how);
        const next = now().checklist.find((i) => !value(i.id));
        if (v === "ok" && value(id) && next) jump(next.id);
    };
    const step = (by) => {
        const all = now().checklist, at = all.findIndex((i) => i.id === data.active) + by;
        if (all[at]) jump(all[at].id);
    };
    const j = { fill, value, sum, jump, judge, step, how: (id, how) => put(id, value(id), how), settled: () => line };
    fill();
    return j;
}

export function checklist(now, data, j, view) {
    const c = now(), may = c.may.verdict;
    const item = (i) => {
        const answer = c.answers.find((a) => a.id === i.copy), doc = c.documents.findIndex((d) => d.slot === i.slot);
        const said = () => {
            const v = data.v[i.id];
            return v.value ? `${say(`verdict.${v.value}`)}${i.ways?.length ? ` · ${pick(i.ways[v.how] ?? i.ways[0])}` : ""}` : i.optional ? say("item.optional") : say("item.open");
        };
        return t.li({ id: `item-${i.id}`, className: () => `desk-item ${j.value(i.id) || "open"} ${data.active === i.id ? "active" : ""}`, onclick: () => (data.active = i.id) },
            t.div({ className: "what" }, t.span({ id: `t-${i.id}` }, pick(i.text)), t.small({ className: "txt-hint" }, said)),
            t.div({ className: "desk-verdict", role: "radiogroup", "html-aria-labelledby": `t-${i.id}` }, ...verdicts.map(([v, ico, key]) => t.button({
                type: "button", role: "radio", disabled: !may, className: `v ${v}`, title: `${say(`verdict.${v}`)} (${key})`, ariaLabel: say(`verdict.${v}`), ariaChecked: () => String(j.value(i.id) === v), onclick: (e) => { e.stopPropagation(); data.active = i.id; j.judge(i.id, v); } }, icon(ico)))),
            t.div({ className: "how", hidden: () => data.active !== i.id },
                i.ways?.length ? t.div({ className: "field" }, t.label({ htmlFor: `how-${i.id}` }, say("item.how")), select(i.ways.map((w, n) => [String(n), pick(w)]), { id: `how-${i.id}`, value: String(data.v[i.id].how), disabled: !may, onchange: (e) => j.how(i.id, +e.target.value) })) : null,
                t.div({ className: "links" },
                    i.lookup?.url?.startsWith("https://") ? t.a({ href: i.lookup.url, className: "btn sm secondary", target: "_blank", rel: "noopener noreferrer" }, icon("external-link-line"), t.span({ className: "txt" }, pick(i.lookup.label)), t.span({ className: "desk-offscreen" }, say("item.new_tab"))) : null,
                    answer ? button(say("item.copy", { what: pick(answer.label) }), { ico: "file-copy-line", look: "transparent secondary", onclick: () => copy(answer.value) }) : null,
                    doc >= 0 ? button(say("case.look", { what: pick(c.documents[doc].label) }), { ico: "focus-3-line", look: "transparent secondary", onclick: () => view.show(doc) }) : null)));
    };
    return t.ul({ className: "desk-plain desk-items" }, () => { data.at; return now().checklist.map(item); });
}
