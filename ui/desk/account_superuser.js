// What a superuser finds in place of the collections: words on what is sealed and where to go, and the accounts of operations.
import { lang, say } from "./words.js";
import { empty, icon, moment, section, table, td, waiting } from "./kit.js";

export function sealedPage() {
    app.store.title = say("sealed.title");
    const data = store({ people: null, trouble: "" });
    app.pb.collection("_superusers").getFullList({ sort: "email" }).then((all) => (data.people = all), (e) => (data.trouble = e.message));
    const people = () => {
        if (data.trouble) return empty("error-warning-line", data.trouble);
        if (!data.people) return waiting();
        return table([say("login.email"), say("sealed.made"), say("sealed.updated")], data.people.map((p) => t.tr({}, td(t.b({}, p.email)), td(moment(p.created)), td(moment(p.updated)))));
    };
    return t.div({ className: "page desk", lang }, t.div({ className: "page-content full-height desk-narrow" },
        t.header({ className: "page-header" }, t.nav({ className: "breadcrumbs", ariaLabel: say("kit.here") }, t.div({}, t.h1({ className: "desk-title" }, say("sealed.title"))))),
        t.div({ className: "alert info desk-kept", role: "status" }, icon("lock-line"), t.div({}, t.b({}, say("sealed.what")), t.p({ className: "m-0" }, say("sealed.why")))),
        section(say("sealed.superusers"), null, people, t.p({ className: "txt-hint m-t-10" }, say("sealed.commands")), t.pre({ className: "desk-commands", tabIndex: 0 }, ["create", "otp"].map((act) => `certdesk superuser ${act} name@example.com`).join("\n")))));
}
