import { isMacOS } from "@web/core/browser/feature_detection";

const MODIFIERS = ["Alt", "AltGraph", "Control", "Meta", "Shift"];
const WRITTEN = "input:not([type=checkbox], [type=radio]), textarea, [contenteditable=true] *";

/** Whether the key is a letter for the text in which it was pressed. */
export function isWritten({ target }) {
    return Boolean(target.isContentEditable || target.matches?.(WRITTEN));
}

/**
 * Whether the key is a letter that only a third key reaches, such as the Polish “ć”.
 *
 * Odoo takes a letter that it does not know for the key on which it lies: here C, for Create.
 */
export function isThirdLetter(ev) {
    // What a browser fills in by itself comes as a key without any of this.
    const isThird = ev.getModifierState?.("AltGraph") || (isMacOS() && ev.altKey);
    return Boolean(isThird && ev.key?.length === 1);
}

/** Whether the key is for what is opened by the one before it, and has to wait for that. */
export function isForNext(ev) {
    return Boolean(ev.key) && !MODIFIERS.includes(ev.key) && !isWritten(ev);
}

/**
 * Drop the second click of a double click on a button under `root`: what it would fall on is the
 * next row, which has come to that place.
 */
export function dropSecondClick(ev, root) {
    const button = ev.detail > 1 && ev.target.closest?.("button[name^=action_]");
    if (button && root?.contains(button)) {
        ev.preventDefault();
        ev.stopImmediatePropagation();
    }
}
