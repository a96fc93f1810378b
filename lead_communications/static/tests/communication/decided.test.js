import { defineMailModels } from "@mail/../tests/mail_test_helpers";
import { describe, expect, test } from "@odoo/hoot";
import { waitFor, waitForNone } from "@odoo/hoot-dom";
import { contains, getService, mountWithCleanup, onRpc } from "@web/../tests/web_test_helpers";
import { WebClient } from "@web/webclient/webclient";

describe.current.tags("desktop");
defineMailModels();

/** Show what was decided about row 7; each call of its methods is a step. */
async function decide(params) {
    onRpc("/web/dataset/call_kw/lead.communication/*", async (request) => {
        const { params } = await request.json();
        expect.step(`${params.method} ${params.args[0]}`);
        return { type: "ir.actions.act_window_close" };
    });
    await mountWithCleanup(WebClient);
    await getService("action").doAction({
        type: "ir.actions.client",
        tag: "lead_communications.decided",
        params: { row_id: 7, message: "Ignored: 1.", ...params },
    });
    await waitFor(".o_notification:contains(Ignored: 1.)");
}

test("a decision can be taken back from its message", async () => {
    await decide({ others: false });
    expect(".o_notification_buttons button").toHaveCount(1);
    await contains(".o_notification button:contains(Undo)").click();
    expect.verifySteps(["action_undo 7"]);
    await waitForNone(".o_notification");
});

test("the rest of the same party is decided with one click", async () => {
    await decide({ others: "The same for the rest (calls: 2, emails: 1)" });
    await contains(".o_notification button:contains(The same for the rest)").click();
    expect.verifySteps(["action_decide_others 7"]);
});
