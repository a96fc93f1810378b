import { defineMailModels } from "@mail/../tests/mail_test_helpers";
import { beforeEach, describe, expect, test } from "@odoo/hoot";
import { animationFrame, press, queryAllTexts, waitFor, waitForNone } from "@odoo/hoot-dom";
import { advanceTime } from "@odoo/hoot-mock";
import {
    contains,
    defineModels,
    fields,
    getService,
    models,
    mountWithCleanup,
    onRpc,
    patchWithCleanup,
} from "@web/../tests/web_test_helpers";
import { browser } from "@web/core/browser/browser";
import { session } from "@web/session";
import { WebClient } from "@web/webclient/webclient";
import { RELOAD_DELAY } from "@lead_communications/communication/live/live_views";
import { WAKE_SPREAD } from "@lead_communications/communication/systray/ready_counter";
import { PREVIEW_KEY } from "@lead_communications/communication/triage/triage_view";

describe.current.tags("desktop");

class LeadCommunication extends models.Model {
    _name = "lead.communication";

    type = fields.Char();
    counterpart_name = fields.Char();
    summary = fields.Char();
    state = fields.Char();
    is_snoozed = fields.Boolean();
    snooze_note = fields.Char();

    _records = [
        { id: 1, counterpart_name: "Ann", summary: "Doors", state: "ready", type: "email" },
        {
            id: 2,
            counterpart_name: "Bob",
            summary: "Windows",
            state: "ready",
            type: "email",
            snooze_note: "Snoozed until yesterday, 9:00",
        },
    ];
    _views = {
        search: `<search/>`,
        list: /* xml */ `
            <list js_class="lead_communication_triage">
                <field name="type" column_invisible="1"/>
                <field name="state" column_invisible="1"/>
                <field name="counterpart_name"/>
                <field name="summary" widget="lead_marked"/>
                <button name="action_snooze" type="object" string="Snooze"/>
            </list>`,
    };
}

class LeadCommunicationSnooze extends models.Model {
    _name = "lead.communication.snooze";

    tomorrow = fields.Char();
    until = fields.Char();

    _records = [{ id: 1, tomorrow: "Sunday 9:00" }];
    _views = {
        form: /* xml */ `
            <form js_class="lead_communication_snooze_form">
                <button name="action_snooze" type="object" data-key="1" context="{'lead_snooze': 'tomorrow'}">Tomorrow</button>
                <button name="action_snooze" type="object" data-key="2" context="{'lead_snooze': 'monday'}">Monday</button>
                <field name="until"/>
                <footer><button name="action_snooze" type="object" class="btn-primary" invisible="not until">Snooze</button></footer>
            </form>`,
    };
}

defineMailModels();
defineModels([LeadCommunication, LeadCommunicationSnooze]);

const DIALOG = {
    type: "ir.actions.act_window",
    res_model: "lead.communication.snooze",
    res_id: 1,
    views: [[false, "form"]],
    target: "new",
};

beforeEach(() => browser.localStorage.setItem(PREVIEW_KEY, "off"));

async function openList() {
    onRpc("lead.communication", "action_snooze", ({ args }) => {
        expect.step(`open ${args[0]}`);
        return DIALOG;
    });
    onRpc("lead.communication.snooze", "action_snooze", ({ kwargs }) => {
        expect.step(kwargs.context.lead_snooze || "until");
        return { type: "ir.actions.act_window_close" };
    });
    await mountWithCleanup(WebClient);
    await getService("action").doAction({
        type: "ir.actions.act_window",
        res_model: "lead.communication",
        views: [[false, "list"]],
    });
    await waitFor(".o_data_row[aria-current=true]");
}

test("a row that is back says so in front of its text", async () => {
    await openList();
    expect(".o_data_row:contains(Ann) .o_lead_mark").toHaveCount(0);
    expect(".o_data_row:contains(Bob) .o_lead_mark").toHaveAttribute(
        "title",
        "Snoozed until yesterday, 9:00",
    );
    expect(".o_data_row:contains(Bob) td[name=summary]:contains(Windows)").toHaveCount(1);
});

test("S and a digit, or Enter, snooze the current row", async () => {
    await openList();
    for (const [key, preset] of [
        ["2", "monday"],
        ["Enter", "tomorrow"],
    ]) {
        await press("s");
        await waitFor(".modal button[data-key='1']");
        await press(key);
        await animationFrame();
        await animationFrame();
        expect.verifySteps(["open 1", preset]);
        await waitForNone(".modal");
    }
});

test("S snoozes what is selected", async () => {
    await openList();
    await contains("thead .o_list_record_selector input").click();
    await press("s");
    await waitFor(".modal button[data-key='1']");
    expect.verifySteps(["open 1,2"]);
});

test("open lists are read again when something that was snoozed is back", async () => {
    patchWithCleanup(session, { lead_communications_types: ["call", "email"] });
    let counts = { call: 1, snoozed: 2, wake_in: 60 };
    onRpc("lead.communication", "count_ready", () => {
        expect.step("count");
        return counts;
    });
    onRpc("lead.communication", "web_search_read", () => expect.step("read"));
    await openList();
    await waitFor(".o_lead_ready_counter .badge:contains(1)");
    expect.verifySteps(["count", "read"]);
    await advanceTime(59 * 1000);
    expect.verifySteps([]);
    counts = { call: 3 };
    await advanceTime(2 * 1000 + WAKE_SPREAD);
    await advanceTime(RELOAD_DELAY);
    await animationFrame();
    expect.verifySteps(["count", "read"]);
    await advanceTime(24 * 60 * 60 * 1000);
    expect.verifySteps([]);
});

test("what is snoozed is counted apart", async () => {
    patchWithCleanup(session, { lead_communications_types: ["call", "email"] });
    onRpc("lead.communication", "count_ready", () => ({ call: 1, snoozed: 2, wake_in: 60 }));
    await openList();
    await waitFor(".o_lead_ready_counter .badge:contains(1)");
    await contains(".o_lead_ready_counter button").click();
    expect(queryAllTexts(".o-dropdown-item")).toEqual([
        "Inbox\n1",
        "Calls\n1",
        "Email\n0",
        "Snoozed\n2",
    ]);
});
