import { Component, onMounted, useRef } from "@odoo/owl";
import { Dialog } from "@web/core/dialog/dialog";
import { registry } from "@web/core/registry";

/** Asks whether to go on. Cancel has the focus: a key that is pressed twice decides nothing. */
export class AskFirstDialog extends Component {
    static template = "lead_communications.AskFirstDialog";
    static components = { Dialog };
    static props = {
        close: Function,
        title: String,
        message: String,
        choices: Array,
        choose: Function,
        onMounted: Function,
    };

    setup() {
        const cancel = useRef("cancel");
        onMounted(() => {
            cancel.el.focus();
            this.props.onMounted();
        });
    }

    choose(choice) {
        if (!this.isChosen) {
            this.isChosen = true;
            this.props.close();
            return this.props.choose(choice);
        }
    }
}

/**
 * Ask before a button does what it was pressed for, and press it again with the answer.
 *
 * params: {title, message, model, method, context, choices: [{label, ids, context}]}
 */
async function askFirst(env, { params }, options = {}) {
    const { title, message, choices } = params;
    // Keys that were quicker wait until it is there.
    await new Promise((resolve) => {
        env.services.dialog.add(AskFirstDialog, {
            title,
            message,
            choices,
            onMounted: resolve,
            choose: ({ context, ids }) =>
                env.services.action.doActionButton({
                    type: "object",
                    name: params.method,
                    resModel: params.model,
                    resId: ids.length === 1 && ids[0],
                    resIds: ids,
                    context: { ...params.context, ...context },
                    onClose: options.onClose,
                }),
        });
    });
}

registry.category("actions").add("lead_communications.ask_first", askFirst);
