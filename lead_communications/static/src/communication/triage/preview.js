import { Component, useEffect, useRef, useState, useSubEnv } from "@odoo/owl";
import { registry } from "@web/core/registry";
import { FormController } from "@web/views/form/form_controller";
import { formView } from "@web/views/form/form_view";
import { getDefaultConfig, View } from "@web/views/view";
import { useViewButtons } from "@web/views/view_button/view_button_hook";

const FORM = "lead_communications.lead_communication_view_form_preview";

/** One communication as a form without a control panel, beside the list that it is in. */
export class Preview extends Component {
    static template = "lead_communications.Preview";
    static components = { View };
    static props = { resId: Number, resModel: String, context: Object, onDecided: Function };

    setup() {
        // The form would give its own name to the screen that it is a part of.
        useSubEnv({ config: getDefaultConfig() });
    }

    get viewProps() {
        const { context, onDecided, resId, resModel } = this.props;
        return {
            type: "form",
            resId,
            resModel,
            context: { ...context, form_view_ref: FORM },
            display: { controlPanel: false },
            preventEdit: true,
            onDecided,
        };
    }
}

/**
 * Tells the list what was done, so that it goes on to the next row; and is read anew when what the
 * list shows of the row has changed, by whomever: who is on it, above all.
 */
export class PreviewController extends FormController {
    static props = { ...FormController.props, onDecided: { type: Function, optional: true } };

    setup() {
        super.setup();
        useViewButtons(useRef("root"), { reload: () => this.props.onDecided?.() });
        const triage = useState(this.env.triage);
        let listed = triage.listed(this.props.resId);
        useEffect(
            () => {
                const now = triage.listed(this.props.resId);
                // What is gone from the list may be hidden by now.
                if (now && now !== listed && !this.model.root.dirty) {
                    this.model.load();
                }
                listed = now;
            },
            () => [triage.reads],
        );
    }
}

registry
    .category("views")
    .add("lead_communication_preview", { ...formView, Controller: PreviewController });
