import { defineMailModels } from "@mail/../tests/mail_test_helpers";
import { describe, expect, test } from "@odoo/hoot";
import { animationFrame, queryAllTexts } from "@odoo/hoot-dom";
import { advanceTime, Deferred } from "@odoo/hoot-mock";
import {
    contains,
    defineModels,
    getService,
    MockServer,
    mockService,
    models,
    mountWithCleanup,
    onRpc,
    patchWithCleanup,
    serverState,
} from "@web/../tests/web_test_helpers";
import { registry } from "@web/core/registry";
import { session } from "@web/session";
import {
    COUNT_DELAY,
    ReadyCounter,
} from "@lead_communications/communication/systray/ready_counter";

describe.current.tags("desktop");

class LeadCommunication extends models.Model {
    _name = "lead.communication";
}

defineMailModels();
defineModels([LeadCommunication]);

let counts = {};

async function mount(types = ["call", "email"]) {
    patchWithCleanup(session, { lead_communications_types: types });
    counts = { call: 3, email: 1 };
    onRpc("lead.communication", "count_ready", () => {
        expect.step("count");
        return counts;
    });
    await mountWithCleanup(ReadyCounter);
    await getService("bus_service").start();
    await animationFrame();
}

/** Say so many times that calls changed. */
async function change(times) {
    const bus = getService("bus_service");
    const arrived = new Deferred();
    const count = () => --times || arrived.resolve();
    bus.subscribe("lead_communications/changed", count);
    for (let missing = times; missing; missing--) {
        MockServer.env["bus.bus"]._sendone(serverState.partnerId, "lead_communications/changed", {
            types: ["call"],
        });
    }
    await arrived;
    bus.unsubscribe("lead_communications/changed", count);
    await advanceTime(COUNT_DELAY);
    await animationFrame();
}

test("what waits is counted, and said to those who do not see it", async () => {
    await mount();
    expect(".o_lead_ready_counter .badge").toHaveText("4");
    expect(".o_lead_ready_counter button").toHaveAttribute(
        "aria-label",
        "Inbox (calls: 3, emails: 1)",
    );
    expect.verifySteps(["count"]);
});

test("many changes are counted once", async () => {
    await mount();
    counts = { email: 1 };
    await change(5);
    expect(".o_lead_ready_counter .badge").toHaveText("1");
    expect.verifySteps(["count", "count"]);
});

test("nothing waits: no number", async () => {
    await mount();
    counts = {};
    await change(1);
    expect(".o_lead_ready_counter .badge").toHaveCount(0);
    expect.verifySteps(["count", "count"]);
});

test("people without calls and emails do not have it", () => {
    const { isDisplayed } = registry.category("systray").get("lead_communications.ready");
    expect(isDisplayed()).toBe(false);
    patchWithCleanup(session, { lead_communications_types: [] });
    expect(isDisplayed()).toBe(false);
    patchWithCleanup(session, { lead_communications_types: ["email"] });
    expect(isDisplayed()).toBe(true);
});

test("calls and emails are counted apart, and their lists are opened", async () => {
    mockService("action", { doAction: (action) => expect.step(action) });
    await mount();
    await contains(".o_lead_ready_counter button").click();
    expect(queryAllTexts(".o-dropdown-item")).toEqual(["Inbox\n4", "Calls\n3", "Email\n1"]);
    counts = { call: 5 };
    await change(1);
    expect(queryAllTexts(".o-dropdown-item")).toEqual(["Inbox\n5", "Calls\n5", "Email\n0"]);
    await contains(".o-dropdown-item:contains(Calls)").click();
    await contains(".o_lead_ready_counter button").click();
    await contains(".o-dropdown-item:contains(Inbox)").click();
    expect.verifySteps([
        "count",
        "count",
        "lead_communications.lead_communication_call_action",
        "lead_communications.lead_communication_inbox_action",
    ]);
});

test("what is not connected is not offered", async () => {
    await mount(["email"]);
    await contains(".o_lead_ready_counter button").click();
    expect(queryAllTexts(".o-dropdown-item")).toEqual(["Inbox\n4", "Email\n1"]);
    expect.verifySteps(["count"]);
});
