import { useHotkey } from "@web/core/hotkeys/hotkey_hook";
import { registry } from "@web/core/registry";
import { formView } from "@web/views/form/form_view";

/** Enter attaches to the lead that is chosen: Odoo has no key for a dialog that is saved. */
export class AttachFormController extends formView.Controller {
    setup() {
        super.setup();
        // While a list of proposals is open, Enter chooses there, and Odoo stops it.
        useHotkey("enter", () => this.clickAttach(), {
            bypassEditableProtection: true,
            isAvailable: () =>
                Boolean(this.model.root.data.lead_id) &&
                !document.activeElement?.closest("button, a"),
        });
    }

    clickAttach() {
        document.querySelector(".o_dialog:not(.o_inactive_modal) footer .btn-primary")?.click();
    }
}

registry.category("views").add("lead_communication_attach_form", {
    ...formView,
    Controller: AttachFormController,
});
