import { useHotkey } from "@web/core/hotkeys/hotkey_hook";
import { registry } from "@web/core/registry";
import { formView } from "@web/views/form/form_view";

/** Attach to the lead that is chosen, if the button is there. */
export function clickAttach() {
    document
        .querySelector(".o_dialog:not(.o_inactive_modal) footer button[name=action_attach]")
        ?.click();
}

/** Enter attaches to the lead that is chosen: Odoo has no key for a dialog that is saved. */
export class AttachFormController extends formView.Controller {
    setup() {
        super.setup();
        // While a list of proposals is open, Enter chooses there, and Odoo stops it. On a card, it
        // is that card's.
        useHotkey("enter", clickAttach, {
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
