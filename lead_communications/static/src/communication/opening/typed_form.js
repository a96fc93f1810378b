import { patch } from "@web/core/utils/patch";
import { actionService } from "@web/webclient/actions/action_service";

/** Whether an action opens a communication and does not say in which form. */
function isUntyped(action) {
    return (
        action?.type === "ir.actions.act_window" &&
        action.res_model === "lead.communication" &&
        Number.isInteger(action.res_id) &&
        action.views?.length === 1 &&
        action.views[0][1] === "form" &&
        !action.views[0][0]
    );
}

/** Calls, emails and events have a form each: what opens any record asks for the form of no type. */
patch(actionService, {
    start(env) {
        const action = super.start(env);
        const { doAction } = action;
        const doTyped = async (request, options) => {
            const { views } = await env.services.orm.call(
                "lead.communication",
                "get_formview_action",
                [[request.res_id]]
            );
            return doAction({ ...request, views }, options);
        };
        action.doAction = (request, options) =>
            isUntyped(request) ? doTyped(request, options) : doAction(request, options);
        return action;
    },
});
