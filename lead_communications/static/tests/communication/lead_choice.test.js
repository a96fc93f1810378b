import { defineMailModels } from "@mail/../tests/mail_test_helpers";
import { beforeEach, describe, expect, test } from "@odoo/hoot";
import { click, press, queryFirst, waitFor, waitForNone } from "@odoo/hoot-dom";
import { animationFrame, Deferred } from "@odoo/hoot-mock";
import {
    defineModels,
    fields,
    getService,
    MockServer,
    models,
    mountWithCleanup,
    onRpc,
} from "@web/../tests/web_test_helpers";
import { WebClient } from "@web/webclient/webclient";

describe.current.tags("desktop");

const card = (name) => `.modal .o_kanban_record:contains(${name})`;

class CrmLead extends models.Model {
    _name = "crm.lead";

    name = fields.Char();

    _records = [
        { id: 1, name: "Windows" },
        { id: 2, name: "Doors" },
    ];
}

class Candidate extends models.Model {
    _name = "lead.communication.attach.candidate";

    lead_id = fields.Many2one({ relation: "crm.lead" });

    _records = [
        { id: 11, lead_id: 1 },
        { id: 12, lead_id: 2 },
    ];
}

class Attach extends models.Model {
    _name = "lead.communication.attach";

    lead_id = fields.Many2one({ relation: "crm.lead" });
    candidate_ids = fields.One2many({ relation: "lead.communication.attach.candidate" });

    _records = [{ id: 1, lead_id: false, candidate_ids: [11, 12] }];
    _views = {
        form: /* xml */ `
            <form js_class="lead_communication_attach_form">
                <field name="lead_id"/>
                <field name="candidate_ids" mode="kanban" widget="lead_choice">
                    <kanban create="0" delete="0" edit="0">
                        <templates>
                            <t t-name="card">
                                <field name="lead_id"/>
                                <i t-if="isChosen" class="fa fa-check-circle"/>
                            </t>
                        </templates>
                    </kanban>
                </field>
                <footer>
                    <button name="action_attach" type="object" string="Attach"
                        invisible="not lead_id"/>
                </footer>
            </form>`,
    };
}

defineMailModels();
defineModels([CrmLead, Candidate, Attach]);

beforeEach(() => {
    onRpc("/web/dataset/call_button/lead.communication.attach/action_attach", () => {
        const [{ lead_id: leadId }] = MockServer.env["lead.communication.attach"].browse(1);
        expect.step(`attach to ${leadId}`);
        return { type: "ir.actions.act_window_close" };
    });
});

async function open(leadId = false) {
    await mountWithCleanup(WebClient);
    MockServer.env["lead.communication.attach"].write([1], { lead_id: leadId });
    await getService("action").doAction({
        type: "ir.actions.act_window",
        name: "Attach to a Lead",
        res_model: "lead.communication.attach",
        res_id: 1,
        target: "new",
        views: [[false, "form"]],
    });
    await waitFor(card("Doors"));
}

test("a click chooses, a second one attaches", async () => {
    await open();
    await click(card("Doors"));
    await waitFor(`${card("Doors")}.o_lead_chosen .fa-check-circle`);
    expect(".o_lead_chosen").toHaveCount(1);
    expect.verifySteps([]);
    await click(card("Windows"));
    await waitFor(`${card("Windows")}.o_lead_chosen`);
    expect(".o_lead_chosen").toHaveCount(1);
    expect.verifySteps([]);
    await click(card("Windows"));
    await animationFrame();
    await animationFrame();
    expect.verifySteps(["attach to 1"]);
});

test("a double click attaches once, to the lead that is meant", async () => {
    const onchange = new Deferred();
    onRpc("lead.communication.attach", "onchange", () => onchange);
    await open();
    await click(card("Doors"));
    await click(card("Doors"));
    onchange.resolve({ value: {} });
    await waitForNone(".modal");
    expect.verifySteps(["attach to 2"]);
});

test("two quick clicks on two leads attach nothing", async () => {
    await open();
    await click(card("Doors"));
    await click(card("Windows"));
    await waitFor(`${card("Windows")}.o_lead_chosen`);
    expect.verifySteps([]);
});

test("what is chosen already is not attached by one click", async () => {
    await open(2);
    await click(card("Doors"));
    await animationFrame();
    await animationFrame();
    expect.verifySteps([]);
    expect(`${card("Doors")}.o_lead_chosen`).toHaveCount(1);
});

test("Enter on a card is that card's", async () => {
    await open(2);
    queryFirst(card("Windows")).focus();
    await press("Enter");
    await waitFor(`${card("Windows")}.o_lead_chosen`);
    expect.verifySteps([]);
    await press("Enter");
    await waitForNone(".modal");
    expect.verifySteps(["attach to 1"]);
});
