// The case page: what the applicant said, beside what proves it, beside what has to be decided.
import { get, peek, post, save } from "./api.js";
import { has } from "./session.js";
import { lang, pick, say, sayOr } from "./words.js";
import { actName, actor, area, because, button, cancel, copyButton, doing, done, due, field, fill, go, hint, icon, iconButton, kbd, label, list, live, mark, menu, moment, page, panel, ref, section, select, send, stateName, sub, table, td, tell, text, troubleBox, waiting } from "./kit.js";
import { checklist, judging } from "./review_checklist.js";
import { viewer } from "./review_document.js";
import { awaited, change, openCorrection, rounds } from "./review_correction.js";
import { talk } from "./review_message.js";
import { hold, resume, twins } from "./review_hold.js";
import { sanctions } from "./conduct_sanction.js";
import { askPass, decided, openNotPassed, prefetched, takeBack } from "./decide.js";
import { challenge, confirm, secondBar } from "./decide_second.js";
import { appealBar, appealed } from "./decide_appeal.js";
import { openReverse, reverseBar, reversed, reverses } from "./decide_reverse.js";

export async function casePage(route) {
    const id = route.params.id;
    let c;
    try {
        c = (await prefetched(id)) ?? (await get(`/api/desk/applications/${id}`));
    } catch (e) {
        return page({ crumbs: [{ text: say("nav.queue"), href: "#/desk/queue" }, say("case.title")] }, troubleBox(e, () => window.location.reload()));
    }
    return drawCase(c);
}

function drawCase(first) {
    // `c` is the case as last read; `data.at` counts the readings, what was typed or chosen stays over them.
    const c = first;
    const data = store({ at: 0, v: {}, active: "", doc: 0, page: 1, zoom: 100, turn: 0, tab: "checklist", saving: 0 });
    const now = () => { data.at; return c; };
    const reread = async () => {
        try { renew(c, await get(`/api/desk/applications/${c.id}`)); } catch (e) { if (e.status === 404 || e.status === 403) return go("#/desk/queue"); throw e; }
        j.fill();
        data.at++;
        if (c.checked === "waiting") later();
    };
    const j = judging(now, data, reread);
    // While the machine checks, the page asks for what it found; it stops when somebody has gone on, or the case went to others.
    let turn;
    const later = () => { clearTimeout(turn); turn = setTimeout(answered, 2000); };
    const answered = async () => {
        if (c.checked !== "waiting" || !location.hash.endsWith(c.id)) return;
        try { renew(c, (await peek(`/api/desk/applications/${c.id}`)) ?? c); data.at++; } catch (e) { if (e.status === 403 || e.status === 404) return; }
        later();
    };
    later();
    const decides = (x) => x.may.decide || x.may.propose;
    const notPassed = () => decides(c) ? openNotPassed(c, j, reread) : challenge(c, reread), pass = () => decides(c) ? askPass(c, j, reread) : confirm(c, reread);
    const correct = () => c.may.request_correction && c.ask.left > 0 && openCorrection(c, reread);
    const judgeActive = (v) => () => c.may.verdict && data.active && j.judge(data.active, v);
    const view = viewer(now, data);
    return page({
        className: "desk-case", crumbs: [{ text: say("nav.queue"), href: "#/desk/queue" }, c.name || c.ref],
        tools: [t.div({ className: "desk-headline" }, () => headline(now())), fill(), t.div({ className: "desk-walk" }, () => walk(now(), reread))],
        onkeys: { 1: judgeActive("ok"), 2: judgeActive("bad"), 3: judgeActive("ask"), ArrowDown: () => j.step(1), ArrowUp: () => j.step(-1), ...view.keys, b: correct, x: notPassed, p: pass, n: () => c.next && go(`#/desk/case/${c.next}`) },
    },
    t.div({ className: () => `desk-split show-${data.tab}` },
        t.div({ className: "tabs-header equal-width desk-narrow-tabs", role: "group", ariaLabel: say("case.panes") }, ...[["answers", say("case.tab_answers")], ["checklist", say("case.tab_checklist")]].map(([id, label]) => t.button({ type: "button", ariaPressed: () => String(data.tab === id), className: () => `tab-item ${data.tab === id ? "active" : ""}`, onclick: () => (data.tab = id) }, label))),
        said(now, data, view, reread), view.el, judged(now, data, j, view)),
    () => decides(now()) ? bar(now(), j, correct, notPassed, pass) : now().state === "proposed" ? secondBar(now(), reread) : now().state === "appealed" ? appealBar(now(), reread) : reverses(now()) ? reverseBar(now(), reread) : resting(now(), reread));
}

// renew puts a case as it is now in the place of what was read: an open panel that was refused because somebody was quicker
// sends what is typed in it on the case as it is now, when its button is pressed again.
function renew(c, fresh) {
    if (fresh === c) return;
    for (const k of Object.keys(c)) delete c[k];
    Object.assign(c, fresh);
}

// --- above: what it is, and what else can be done with it ----------------------------------------------------------------------
const headline = (c) => [ref(c.ref), label(`${pick(c.typeName)}${c.kind === "new" ? "" : ` · ${say(`kind.${c.kind}`)}`}`, "desk-type"), label(stateName(c.state), "info"), c.unread ? button(say("talk.unread"), { look: "outline warning", ico: "mail-unread-line", onclick: () => document.getElementById("desk-talk")?.scrollIntoView({ block: "start" }) }) : null, c.due && ["submitted", "in_review", "awaiting_applicant", "on_hold", "proposed", "appealed", "questioned", "heard"].includes(c.state) ? t.span({ title: c.due }, due(c.how, c.due)) : null,
    c.malicious ? label(say("case.is_malicious"), "danger") : null, c.mine ? null : hint(c.who ? say("case.with", { who: c.who }) : say("queue.nobody"))].filter(Boolean);

function walk(c, reread) {
    const act = (to, words) => doing(async () => { await to(); done(words); go("#/desk/queue"); }, reread);
    return [c.may.claim ? button(say("case.claim"), { look: "", ico: "hand-heart-line", onclick: doing(async () => { await post(`/api/desk/applications/${c.id}/claim`, {}, c.rev); done(say("case.claimed", { ref: c.ref })); await reread(); }, reread) }) : null,
        c.next ? button(say("keys.next"), { look: "transparent secondary", ico: "arrow-right-line", keys: "N", onclick: () => go(`#/desk/case/${c.next}`) }) : null,
        menu(say("case.more"), [
            c.may.release && ["arrow-go-back-line", say("case.release"), () => why(say("case.release"), say("case.release_note"), false, (text) => act(() => post(`/api/desk/applications/${c.id}/release`, text ? { why: text } : {}, c.rev), say("case.released")))],
            c.may.declare_conflict && ["user-forbid-line", say("case.conflict"), () => why(say("case.conflict"), say("case.conflict_note"), true, (text) => act(() => post(`/api/desk/applications/${c.id}/declare-conflict`, { why: text }, c.rev), say("case.conflict_declared")))],
            c.may.hold && ["pause-circle-line", say("hold.title"), () => hold(c, reread)],
            c.may.mark_malicious && ["error-warning-line", c.malicious ? say("case.malicious_back") : say("case.malicious"), () => why(c.malicious ? say("case.malicious_back") : say("case.malicious"), c.malicious ? say("case.malicious_back_note") : say("case.malicious_note"), true, (text) => doing(async () => { await post(`/api/desk/applications/${c.id}/mark-malicious`, { malicious: !c.malicious, why: text }, c.rev); done(say("case.malicious_done")); await reread(); }, reread))],
            c.may.reverse && ["forbid-line", say("reverse.open"), () => openReverse(c, reread)],
            c.may.reassign && ["user-shared-line", say("team.hand_on"), () => handOn(c, reread)],
            c.may.export && ["folder-download-line", say("archive.case_file_get"), () => save(`/api/desk/applications/${c.id}/file`).catch(tell)],
            c.certificate && has("lead") && ["award-line", c.certificate.number, () => go(`#/desk/certificates/${c.certificate.id}`)],
        ])].filter(Boolean);
}

function why(title, note, needed, act) {
    const box = area({ autofocus: true, maxLength: 500 });
    panel({ title, popup: true, size: "sm", foot: (close) => [cancel(close), send(title, doing(async (e) => { if (needed && !box.value.trim()) return box.focus(); await close(); await act(box.value.trim())(e); }))] },
        t.p({ className: "txt-hint" }, note), field(needed ? say("field.reason") : say("field.reason_free"), box, { required: needed }));
}

async function handOn(c, reread) {
    const { people } = await get("/api/desk/team");
    const to = select(people.filter((p) => p.state === "active" && (p.roles ?? []).includes("reviewer") && p.id !== c.assignee).map((p) => [p.id, `${p.name} (${p.load} / ${p.capacity})`]), {}), reason = text({ maxLength: 300 });
    panel({ title: say("team.hand_on"), sub: c.ref, popup: true, size: "sm", foot: (close) => [cancel(close), send(say("team.hand_on"), doing(async () => {
        await post(`/api/desk/applications/${c.id}/reassign`, { to: to.value, why: reason.value }, c.rev);
        await close();
        done(say("team.handed", { n: 1 }));
        await reread();
    }, reread))] }, field(say("team.hand_to"), to), field(say("field.reason"), reason));
}

// --- left: what was said ---------------------------------------------------------------------------------------------------
function said(now, data, view, reread) {
    const c = now();
    const answer = (a, c) => {
        const d = c.derived[a.id];
        const shown = c.checklist.find((i) => i.question === a.id && i.slot)?.slot;
        const at = shown ? c.documents.findIndex((x) => x.slot === shown) : -1;
        const was = change(c, a.id);
        return t.div({ className: `desk-answer ${was ? "changed" : ""}` }, t.dt({}, pick(a.label)),
            t.dd({}, t.span({ className: "value" }, pick(a.shown) || a.value, copyButton(a.value, pick(a.label))),
                a.before ? t.span({ className: "desk-before" }, say("case.before", { before: pick(a.before) || "—" })) : null,
                d ? hint(say("case.derived", { birth: d.birth, sex: sayOr(`sex.${d.sex}`, d.sex), place: pick(d.province) })) : null,
                was ? t.span({ className: "was" }, icon("edit-line"), " ", say("correct.was"), " ", t.del({}, pick(was.before) || say("correct.was_empty"))) : null),
            t.dd({}, at >= 0 ? iconButton("focus-3-line", say("case.look", { what: pick(c.documents[at].label) }), { onclick: () => view.show(at) }) : null));
    };
    const note = area({ id: "desk-note", rows: 2, maxLength: 2000, className: "autoexpand" });
    const keep = t.form({ onsubmit: doing(async () => {
        if (!note.value.trim()) return note.focus();
        await post(`/api/desk/applications/${c.id}/note`, { text: note.value.trim() });
        note.value = "";
        await reread();
    }, reread) }, t.div({ className: "field" }, t.label({ htmlFor: "desk-note" }, say("case.note_add")), note), t.button({ className: "btn sm secondary m-t-5" }, t.span({ className: "txt" }, say("kit.save"))));
    return t.div({ className: "desk-pane desk-said", tabIndex: 0, role: "region", ariaLabel: say("case.answers") },
        () => now().erasedAt ? t.div({ className: "alert warning desk-kept", role: "status" }, icon("delete-bin-6-line"), t.div({}, say("case.erased", { at: moment(now().erasedAt) }))) : null,
        section(say("case.answers"), c.attestedBy ? hint(icon("map-pin-user-line"), " ", say("case.attested", { who: c.attestedBy })) : null, () => now().changes?.length ? t.p({ className: "desk-changed" }, icon("edit-2-line"), t.b({}, say("case.changed")), " ", list(now().changes.map(pick))) : null,
            t.dl({}, () => now().answers.map((a) => answer(a, now())))),
        () => rounds(now()),
        section(say("case.findings"), hint(say("case.findings_note")), t.ul({ className: "desk-plain" }, () => findings(now())), () => now().may.check && now().checked !== "waiting" ? button(say("case.check_again"), { look: "transparent secondary", ico: "refresh-line", onclick: doing(async () => {
            await post(`/api/desk/applications/${c.id}/check`, {}, now().rev);
            done(say("case.check_asked"));
            await reread();
        }, reread) }) : null),
        () => twins(now(), reread),
        () => sanctions(now(), reread),
        talk(now, view, reread),
        section(say("case.notes"), hint(say("case.notes_hidden")), t.div({}, () => now().notes.map((n) => t.div({ className: "desk-note" }, t.p({ className: "m-0" }, n.text), hint(`${n.who} · ${moment(n.at)}`)))), c.may.note ? keep : null));
}

const levels = { good: "ok", info: "info", warn: "ask", bad: "bad" };
const findings = (c) => c.erasedAt ? [] : [
    c.checked !== "done" ? t.li({ className: "desk-finding" }, mark(c.checked === "failed" ? "ask" : "info"), t.div({}, c.checked === "failed" ? say("case.check_failed") : say("case.check_waiting"))) : null,
    ...c.findings.map((f) => t.li({ className: "desk-finding" }, mark(levels[f.level] ?? "info"), t.div({}, pick(f.text)))),
    c.checked === "done" && !c.findings.length ? t.li({ className: "txt-hint" }, say("case.no_findings")) : null].filter(Boolean);

// --- right: what has to be decided -------------------------------------------------------------------------------------------
function judged(now, data, j, view) {
    return t.div({ className: "desk-pane desk-judged", tabIndex: 0, role: "region", ariaLabel: say("case.checklist") },
        () => now().reversal ? reversed(now()) : null,
        () => now().appeal ? appealed(now()) : null,
        () => { const d = now().decision; return d ? decided(now()) : null; },
        section(say("case.checklist"), t.span({ className: "desk-keys" }, kbd("↑"), kbd("↓"), " ", kbd("1"), kbd("2"), kbd("3")), checklist(now, data, j, view)),
        section(say("case.history"), null, t.ol({ className: "desk-plain desk-history" }, () => now().history.map((h) =>
            t.li({}, t.time({}, moment(h.at)), t.div({}, actName(h.act), " ", hint(actor(h.who)), h.to && h.to !== h.from ? sub(`${stateName(h.from)} → ${stateName(h.to)}`) : null, h.why && h.act !== "view_document" ? sub(because(h)) : null))))),
        () => now().why.length ? section(say("case.why"), null, t.ul({ className: "desk-plain" }, ...now().why.map((w) =>
            t.li({ className: "desk-whyline" }, t.b({}, w.mine ? say("case.you") : w.who), " ", sayOr(`fit.${w.verdict}`, w.verdict), " ", hint(`${w.load} / ${w.capacity}`))))) : null);
}

// --- below: the decision --------------------------------------------------------------------------------------------------------
function bar(c, j, correct, notPassed, pass) {
    const icons = { ok: "check-line", bad: "close-line", ask: "question-mark" };
    const names = (ids) => list(ids.map((id) => pick(c.checklist.find((i) => i.id === id).text)));
    const sum = () => {
        const { open, bad, unsure } = j.sum();
        return bad.length ? say("bar.bad", { n: bad.length }) : open.length > 2 ? say("bar.open", { n: open.length }) : open.length ? say("bar.open_list", { n: open.length, list: names(open) }) : unsure.length ? say("bar.unsure", { n: unsure.length }) : say("bar.ready");
    };
    const waits = () => { const { open, bad, unsure } = j.sum(); return bad.length ? say("bar.pass_bad", { n: bad.length }) : open.length ? say("bar.pass_open", { n: open.length }) : unsure.length ? say("bar.pass_unsure", { n: unsure.length }) : ""; };
    return t.footer({ className: "desk-bar" }, t.div({ className: "desk-progress" },
        t.div({ className: "desk-dots" }, ...c.checklist.map((i) => t.button({ type: "button", title: pick(i.text), ariaLabel: () => `${pick(i.text)}: ${say(`verdict.${j.value(i.id) || "open"}`)}`, className: () => `dot ${j.value(i.id) || "open"}`, onclick: () => j.jump(i.id) }, () => j.value(i.id) ? icon(icons[j.value(i.id)]) : ""))),
        t.span({ role: "status" }, sum)), fill(),
    c.may.request_correction ? button(c.ask.left > 0 ? say("correct.ask") : say("correct.none_left"), { ico: "arrow-go-back-line", keys: "B", disabled: c.ask.left <= 0, onclick: correct }) : null,
    button(say("decide.not_passed"), { look: "outline danger", keys: "X", onclick: notPassed }),
    t.button({ type: "button", className: () => `btn sm success desk-pass ${waits() ? "waits" : ""}`, ariaDisabled: () => String(!!waits()), "html-aria-keyshortcuts": "P", onclick: pass },
        () => waits() ? t.span({}, waits()) : [icon("check-line"), t.span({}, say("decide.pass")), kbd("P")]));
}

function resting(c, reread) {
    const back = c.may.take_back && c.state === "decided", waits = awaited(c, reread);
    if (waits) return t.footer({ className: "desk-bar" }, t.div({ className: "desk-progress" }, icon("pause-circle-line"), waits[0]), fill(), waits[1]);
    return t.footer({ className: "desk-bar" }, t.div({ className: "desk-progress" }, icon("information-line"), t.span({}, c.state === "decided" ? say("case.decided_until", { at: moment(c.decision?.releaseAt) }) : c.state === "in_review" && !c.mine ? say("case.with", { who: c.who }) : c.state === "on_hold" ? say("hold.waits", { day: c.heldUntil, why: c.history.find((h) => h.act === "hold")?.why ?? "" }) : say("case.resting", { state: stateName(c.state) }))), fill(),
        c.may.resume ? resume(c, reread) : null,
        back ? button(say("decide.take_back"), { look: "", ico: "arrow-go-back-line", onclick: doing(() => takeBack(c, c.rev), reread) }) : null);
}
