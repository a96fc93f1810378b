import { _t } from "@web/core/l10n/translation";
import { registry } from "@web/core/registry";

// Long enough to read it and to reach for Undo.
export const UNDO_DELAY = 12000;

/** The last decision of this tab, as long as it was not taken back: for the key of Undo. */
export const lastDecision = { undo: null, close: null };
let undoing = null;

async function takeBack(env) {
    if (lastDecision.undo) {
        return lastDecision.undo();
    }
    const { action, orm } = env.services;
    return action.doAction(await orm.call("lead.communication", "action_undo_last", []));
}

/**
 * Take back the last decision: that of the notice; then, and after a reload, the one before it, by
 * what the server knows of one's decisions.
 */
export function undoLast(env) {
    // One at a time, however fast the key is pressed.
    undoing ??= takeBack(env).finally(() => {
        undoing = null;
    });
    return undoing;
}

/** Call a method of the row that was decided and do what it asks for. */
async function callRow(env, method, { row_id: rowId, stay, next }, context = {}) {
    const { action, orm } = env.services;
    context = { ...context, ...(stay && { lead_stay: true }) };
    const result = await orm.call("lead.communication", method, [[rowId]], { context });
    if (result?.tag === "lead_communications.undone") {
        result.params.opened_lead_id = next?.res_id;
    }
    await action.doAction(result);
}

/**
 * Say what was decided, and offer to take it back or to do the same for the rest of the same party.
 *
 * params: {row_id, decision_id, message, others: text of the second button or false, is_partial,
 *     next: the action to go on with or false, open: an action that is only offered or false,
 *     stay: whether the screen stays}
 */
function decided(env, { params }) {
    const buttons = [];
    const notice = {};
    if (params.others) {
        buttons.push({
            name: params.others,
            primary: true,
            onClick: () => {
                notice.close();
                return callRow(env, "action_decide_others", params);
            },
        });
    }
    if (params.open) {
        buttons.push({
            name: _t("Open the lead"),
            onClick: () => {
                notice.close();
                return env.services.action.doAction(params.open);
            },
        });
    }
    const undo = () => {
        notice.close();
        lastDecision.undo = null;
        return callRow(env, "action_undo", params, { undo_decision_id: params.decision_id });
    };
    buttons.push({ name: _t("Undo"), onClick: undo });
    lastDecision.close?.(); // one is read at a time, and they would cover the screen
    notice.close = env.services.notification.add(params.message, {
        type: params.is_partial ? "warning" : "success",
        autocloseDelay: UNDO_DELAY,
        buttons,
    });
    Object.assign(lastDecision, { undo, close: notice.close });
    return params.next || { type: "ir.actions.act_window_close" };
}

registry.category("actions").add("lead_communications.decided", decided);
