import { defineMailModels } from "@mail/../tests/mail_test_helpers";
import { describe, expect, test } from "@odoo/hoot";
import { waitFor } from "@odoo/hoot-dom";
import {
    defineModels,
    fields,
    getService,
    models,
    mountWithCleanup,
    onRpc,
} from "@web/../tests/web_test_helpers";
import { WebClient } from "@web/webclient/webclient";

describe.current.tags("desktop");

class LeadCommunication extends models.Model {
    _name = "lead.communication";

    number = fields.Char();

    _records = [{ id: 1, number: "101" }];
    _views = {
        form: /* xml */ `<form class="o_of_no_type"><field name="number"/></form>`,
        "form,7": /* xml */ `<form class="o_of_calls"><field name="number"/></form>`,
        "form,8": /* xml */ `<form class="o_chosen"><field name="number"/></form>`,
    };
}

defineMailModels();
defineModels([LeadCommunication]);

const OPEN = { type: "ir.actions.act_window", res_model: "lead.communication", res_id: 1 };

test("what opens any record opens a communication in the form of its type", async () => {
    onRpc("lead.communication", "get_formview_action", ({ args }) => {
        expect(args).toEqual([[1]]);
        return { ...OPEN, views: [[7, "form"]] };
    });
    await mountWithCleanup(WebClient);
    await getService("action").doAction({ ...OPEN, views: [[false, "form"]] });
    await waitFor(".o_of_calls");
});

test("a form that was chosen stays", async () => {
    onRpc("lead.communication", "get_formview_action", () => expect.step("asked"));
    await mountWithCleanup(WebClient);
    await getService("action").doAction({ ...OPEN, views: [[8, "form"]] });
    await waitFor(".o_chosen");
    expect.verifySteps([]);
});
