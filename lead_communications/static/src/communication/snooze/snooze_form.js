import { useHotkey } from "@web/core/hotkeys/hotkey_hook";
import { registry } from "@web/core/registry";
import { formView } from "@web/views/form/form_view";

const DIALOG = ".o_dialog:not(.o_inactive_modal)";

/** Press a button of the dialog; it is the first one that is there. */
function click(...selectors) {
    const [button] = selectors.map((one) => document.querySelector(`${DIALOG} ${one}`)).filter(Boolean);
    button?.click();
}

/** A digit chooses a time. Enter is for the time that was entered, else for the first one. */
export class SnoozeFormController extends formView.Controller {
    setup() {
        super.setup();
        for (const key of ["1", "2", "3", "4"]) {
            useHotkey(key, () => click(`button[data-key="${key}"]`));
        }
        useHotkey(
            "enter",
            () => {
                const active = document.activeElement?.closest(`${DIALOG} button`);
                if (active) {
                    active.click();
                } else {
                    click("footer .btn-primary", 'button[data-key="1"]');
                }
            },
            // In the field of the time it enters that.
            { isAvailable: () => !document.activeElement?.matches("input") },
        );
    }
}

registry.category("views").add("lead_communication_snooze_form", {
    ...formView,
    Controller: SnoozeFormController,
});
