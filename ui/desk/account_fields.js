// What the ways in share: the fields for a password, a new password and a code.
import { say } from "./words.js";
import { field, text } from "./kit.js";

export const password = (props = {}) => text({ type: "password", autocomplete: "current-password", ...props });
export const digitsField = (props = {}) => text({ inputMode: "numeric", autocomplete: "one-time-code", maxLength: 8, className: "desk-code", ...props });

export const minPassword = 12;
// passwordPair are two fields; value() is the password, or "" after saying what is wrong.
export function passwordPair(label) {
    const one = text({ type: "password", autocomplete: "new-password", minLength: minPassword }), two = text({ type: "password", autocomplete: "new-password" });
    two.oninput = one.oninput = () => two.setCustomValidity(two.value && two.value !== one.value ? say("password.differ") : "");
    return { boxes: [field(label, one, { required: true, help: say("password.rule", { n: minPassword }) }), field(say("password.again"), two, { required: true })], value: () => one.value };
}
