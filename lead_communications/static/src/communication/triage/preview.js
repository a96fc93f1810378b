import { Component, useRef, useSubEnv } from "@odoo/owl";
import { registry } from "@web/core/registry";
import { Layout } from "@web/search/layout";
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

class PreviewLayout extends Layout {
    static template = "lead_communications.PreviewLayout";
}

/** Tells the list what was done, so that it goes on to the next row. */
export class PreviewController extends FormController {
    static components = { ...FormController.components, Layout: PreviewLayout };
    static props = { ...FormController.props, onDecided: { type: Function, optional: true } };

    setup() {
        super.setup();
        useViewButtons(useRef("root"), { reload: () => this.props.onDecided?.() });
    }
}

registry
    .category("views")
    .add("lead_communication_preview", { ...formView, Controller: PreviewController });
