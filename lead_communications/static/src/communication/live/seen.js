import { toRaw } from "@odoo/owl";
import { browser } from "@web/core/browser/browser";

export const SEEN_KEY = "lead_communications.seen";
const MAX_SEEN = 500;

/** Which rows the person has looked at in this browser: the others are bold while they wait. */
export function readSeen() {
    return new Set(JSON.parse(browser.localStorage.getItem(SEEN_KEY) || "[]"));
}

/** Remember that the person has looked at the row. */
export function rememberSeen(seen, id) {
    // Raw: the rows are drawn anew, but not what only remembers, and would read the preview again.
    const known = toRaw(seen);
    if (!known.has(id)) {
        seen.add(id);
        browser.localStorage.setItem(SEEN_KEY, JSON.stringify([...known].slice(-MAX_SEEN)));
    }
}
