import { useEffect } from "@odoo/owl";
import { registry } from "@web/core/registry";
import { useService } from "@web/core/utils/hooks";
import { FormController } from "@web/views/form/form_controller";
import { formView } from "@web/views/form/form_view";

/** A call or an email, opened from a list of both: the next one may need the other form. */
export class CommunicationFormController extends FormController {
    static props = { ...FormController.props, types: { type: Object, optional: true } };

    setup() {
        super.setup();
        this.actionService = useService("action");
        useEffect(
            () => {
                // Odoo gives the focus to the first button: Enter is not to create a lead.
                const active = document.activeElement;
                if (active?.matches("button[name=action_create_lead], button[name=action_create_another]")) {
                    active.blur();
                }
            },
            () => [this.model.root.isInEdition]
        );
    }

    async onPagerUpdate({ offset, resIds }) {
        const { types } = this.props;
        const nextId = resIds[offset];
        if (!types || types[nextId] === types[this.model.root.resId]) {
            return super.onPagerUpdate(...arguments);
        }
        const action = await this.orm.call(this.props.resModel, "action_open", [[nextId]]);
        return this.actionService.doAction(action, {
            stackPosition: "replaceCurrentAction",
            props: { resIds, types },
        });
    }
}

registry
    .category("views")
    .add("lead_communication_form", { ...formView, Controller: CommunicationFormController });
