import { browser } from "@web/core/browser/browser";
import { useHotkey } from "@web/core/hotkeys/hotkey_hook";
import { registry } from "@web/core/registry";
import { formView } from "@web/views/form/form_view";

const BUTTON = ".o_dialog:not(.o_inactive_modal) footer button[name=action_attach]";
// Frames until the button is drawn, after a choice
const FRAMES = 30;

/** Attach to the lead that is chosen, as soon as the button for it is there. */
export async function clickAttach() {
    for (let frame = 0; frame < FRAMES && !document.querySelector(BUTTON); frame++) {
        await new Promise((resolve) => browser.requestAnimationFrame(resolve));
    }
    document.querySelector(BUTTON)?.click();
}

/** Enter attaches to the lead that is chosen: Odoo has no key for a dialog that is saved. */
export class AttachFormController extends formView.Controller {
    setup() {
        super.setup();
        // While a list of proposals is open, Enter chooses there, and Odoo stops it. On a card, it
        // is that card's.
        useHotkey("enter", () => clickAttach(), {
            bypassEditableProtection: true,
            isAvailable: () =>
                Boolean(this.model.root.data.lead_id) &&
                !document.activeElement?.closest("button, a, .o_kanban_record"),
        });
    }
}

registry.category("views").add("lead_communication_attach_form", {
    ...formView,
    Controller: AttachFormController,
});
