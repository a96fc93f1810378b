import { _t } from "@web/core/l10n/translation";
import { registry } from "@web/core/registry";
import { isScreenLive, showAgain } from "../live/live_views";

const MY_DECISIONS = "lead_communications.lead_communication_decision_action";

/** Go back from a lead that is gone, or that the decision has opened, to where one came from. */
async function goBack(env, { fallback, gone_lead_ids: goneIds, opened_lead_id: openedId }) {
    const { action } = env.services;
    const { props } = action.currentController || {};
    const isLead = props?.resModel === "crm.lead";
    const resId = action.currentController?.currentState?.resId || props?.resId;
    if (!isLead || ![...goneIds, openedId].includes(resId)) {
        // The lists on the screen read themselves anew.
        return isScreenLive() ? undefined : { type: "ir.actions.client", tag: "soft_reload" };
    }
    try {
        // The list as it was left: with its search, and its current row.
        await action.restore();
    } catch {
        return goneIds.includes(resId) ? fallback : undefined;
    }
}

/**
 * Say what was taken back, and what stays as it is.
 *
 * params: {message, type, row_id, gone_lead_ids, opened_lead_id, fallback: where to go if there is
 *     no way back}
 */
async function undone(env, { params }) {
    env.services.notification.add(params.message, {
        type: params.type,
        sticky: params.type === "warning",
        buttons: [
            {
                name: _t("My Decisions"),
                onClick: () => env.services.action.doAction(MY_DECISIONS),
            },
        ],
    });
    showAgain(params.row_id);
    return goBack(env, params);
}

registry.category("actions").add("lead_communications.undone", undone);
