import {
    Component,
    onMounted,
    onWillUnmount,
    useEffect,
    useRef,
    useState,
    useSubEnv,
} from "@odoo/owl";
import { browser } from "@web/core/browser/browser";
import { registry } from "@web/core/registry";
import { Layout } from "@web/search/layout";
import { FormController } from "@web/views/form/form_controller";
import { formView } from "@web/views/form/form_view";
import { getDefaultConfig, View } from "@web/views/view";
import { useViewButtons } from "@web/views/view_button/view_button_hook";

// So long has a suggestion to stand there before a key can take it: time enough to see it, and too
// long for the second press of a key that was meant once.
export const reading = { delay: 400 };
const FORM = "lead_communications.lead_communication_view_form_preview";

/** One communication as a form without a control panel, beside the list that it is in. */
export class Preview extends Component {
    static template = "lead_communications.Preview";
    static components = { View };
    static props = {
        resId: Number,
        resModel: String,
        context: Object,
        onDecided: Function,
        onRead: Function,
    };

    setup() {
        // The form would give its own name to the screen that it is a part of.
        useSubEnv({ config: getDefaultConfig() });
        const { context, onDecided, resId, resModel } = this.props;
        // Once: another row is another preview, and the same one is not to be read anew.
        this.viewProps = {
            type: "form",
            resId,
            resModel,
            context: { ...context, form_view_ref: FORM },
            display: { controlPanel: false },
            preventEdit: true,
            onDecided,
        };
        this.state = useState({ isRead: false });
        onMounted(() => {
            this.props.onRead(false);
            this.readTimeout = browser.setTimeout(() => {
                this.state.isRead = true;
                this.props.onRead(resId);
            }, reading.delay);
        });
        onWillUnmount(() => browser.clearTimeout(this.readTimeout));
    }
}

class PreviewLayout extends Layout {
    static template = "lead_communications.PreviewLayout";
}

/**
 * Tells the list what was done, so that it goes on to the next row; and is read anew when what the
 * list shows of the row has changed, by whomever: who is on it, above all.
 */
export class PreviewController extends FormController {
    static components = { ...FormController.components, Layout: PreviewLayout };
    static props = { ...FormController.props, onDecided: { type: Function, optional: true } };

    setup() {
        super.setup();
        useViewButtons(useRef("root"), { reload: () => this.props.onDecided?.() });
        if (this.env.triage) {
            this.followList(useState(this.env.triage));
        }
    }

    followList(triage) {
        let listed = triage.listed(this.props.resId);
        useEffect(
            () => {
                const now = triage.listed(this.props.resId);
                // What is gone from the list may be hidden by now; it may come back as it was.
                if (now && now !== listed && !this.model.root.dirty) {
                    this.model.load();
                }
                listed = now || listed;
            },
            () => [triage.reads],
        );
    }
}

registry
    .category("views")
    .add("lead_communication_preview", { ...formView, Controller: PreviewController });
