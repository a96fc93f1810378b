import { _t } from "@web/core/l10n/translation";
import { registry } from "@web/core/registry";

// Long enough to read it and to reach for Undo.
export const UNDO_DELAY = 12000;

/** Call a method of the row that was decided and do what it asks for. */
async function callRow(env, method, rowId, context = {}) {
    const { action, orm } = env.services;
    await action.doAction(await orm.call("lead.communication", method, [[rowId]], { context }));
}

/**
 * Say what was decided, and offer to take it back or to do the same for the rest of the same party.
 *
 * params: {row_id, decision_id, message, others: text of the second button or false, is_partial, next: action}
 */
function decided(env, { params }) {
    const buttons = [];
    if (params.others) {
        buttons.push({
            name: params.others,
            primary: true,
            onClick: () => {
                close();
                return callRow(env, "action_decide_others", params.row_id);
            },
        });
    }
    buttons.push({
        name: _t("Undo"),
        onClick: () => {
            close();
            return callRow(env, "action_undo", params.row_id, {
                undo_decision_id: params.decision_id,
            });
        },
    });
    const close = env.services.notification.add(params.message, {
        type: params.is_partial ? "warning" : "success",
        autocloseDelay: UNDO_DELAY,
        buttons,
    });
    return params.next || { type: "ir.actions.act_window_close" };
}

registry.category("actions").add("lead_communications.decided", decided);
