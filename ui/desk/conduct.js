// Honesty on both sides: the sanctions on holders.
import { say } from "./words.js";
import { page } from "./kit.js";
import { sanctionList } from "./conduct_sanction.js";

export function conductPage() {
    return page({ crumbs: [say("nav.conduct")], className: "desk-conduct" }, sanctionList());
}
