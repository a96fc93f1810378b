import { defineMailModels } from "@mail/../tests/mail_test_helpers";
import { beforeEach, describe, expect, test } from "@odoo/hoot";
import { animationFrame, click, queryAllTexts, waitFor, waitForNone } from "@odoo/hoot-dom";
import { Deferred, advanceTime } from "@odoo/hoot-mock";
import {
    MockServer,
    mockService,
    mountWithCleanup,
    onRpc,
    serverState,
} from "@web/../tests/web_test_helpers";
import { WebClient } from "@web/webclient/webclient";
import { MAX_RINGING } from "@lead_communications/call/ringing/ringing_service";

describe.current.tags("desktop");
defineMailModels();

const POPUP = ".o_notification.o_lead_ringing";
const LEAD = {
    id: 7,
    name: "Windows for a house",
    partner: "Acme",
    stage: "New",
    salesperson: "Anna",
};

function send(type, message) {
    MockServer.env["bus.bus"]._sendone(
        serverState.partnerId,
        `lead_communications/${type}`,
        message,
    );
}

const calls = new Map();

function ring(values = {}) {
    const call = { id: 1, number: "+48 22 123 45 67", contact_name: "Jan", line: "", leads: [] };
    calls.set(values.id || 1, { ...call, lead_count: values.leads?.length || 0, ...values });
    send("ringing", { id: values.id || 1 });
}

beforeEach(() => {
    onRpc("lead.communication", "get_ringing_message", ({ args }) => calls.get(args[0]));
});

function mockActions() {
    mockService("action", {
        doAction(action, options) {
            expect.step(`${action} ${options.props.resId}`);
        },
        doActionButton({ type, name, resModel, resId }) {
            expect.step(`${type} ${resModel} ${name} ${resId}`);
        },
    });
}

test("shows who is calling, and the lead", async () => {
    await mountWithCleanup(WebClient);
    ring({ line: "22 700 11 01", leads: [LEAD] });
    await waitFor(POPUP);
    expect(`${POPUP} .o_notification_content`).toHaveText(
        "Incoming call: Jan, +48 22 123 45 67 to 22 700 11 01.\n" +
            "Windows for a house\nAcme · New · Anna",
    );
    expect(queryAllTexts(`${POPUP} .o_notification_buttons button`)).toEqual(["Open", "Create"]);
    expect(POPUP).toHaveAttribute("role", "alert");
    await advanceTime(10_000);
    expect(POPUP).toHaveCount(1);
});

test("says how many leads are not named", async () => {
    await mountWithCleanup(WebClient);
    ring({ leads: [LEAD, LEAD, LEAD, LEAD, LEAD], lead_count: 9 });
    await waitFor(POPUP);
    expect(`${POPUP} b`).toHaveCount(3);
    expect(`${POPUP} .o_notification_content`).toHaveText(/and 6 more$/);
});

test("names of callers and leads are text", async () => {
    await mountWithCleanup(WebClient);
    ring({ contact_name: "<i>Jan</i>", leads: [{ ...LEAD, name: "<i>x</i>", partner: "<u>" }] });
    await waitFor(POPUP);
    expect(`${POPUP} i`).toHaveCount(0);
    expect(`${POPUP} b`).toHaveText("<i>x</i>");
});

test("an unknown caller", async () => {
    await mountWithCleanup(WebClient);
    ring({ number: "", contact_name: "" });
    await waitFor(POPUP);
    expect(`${POPUP} .o_notification_content`).toHaveText(
        "Incoming call from an unknown number. No lead was found.",
    );
});

test("one popup for a call, and it goes when the call is over", async () => {
    await mountWithCleanup(WebClient);
    ring();
    ring();
    ring({ id: 2 });
    await waitFor(`${POPUP}:eq(1)`);
    expect(POPUP).toHaveCount(2);
    send("ringing_over", { id: 1 });
    await waitForNone(`${POPUP}:eq(1)`);
    ring();
    await advanceTime(100);
    expect(POPUP).toHaveCount(1);
    send("ringing_over", { id: 2 });
    await waitForNone(POPUP);
});

test("is not shown when the call was over before the answer came", async () => {
    const answer = new Deferred();
    onRpc("lead.communication", "get_ringing_message", () => answer);
    await mountWithCleanup(WebClient);
    ring();
    await animationFrame();
    send("ringing_over", { id: 1 });
    await animationFrame();
    answer.resolve(calls.get(1));
    await advanceTime(100);
    expect(POPUP).toHaveCount(0);
});

test("is not shown to whom the server shows nothing", async () => {
    onRpc("lead.communication", "get_ringing_message", () => {
        expect.step("asked");
        return false;
    });
    await mountWithCleanup(WebClient);
    ring();
    await expect.waitForSteps(["asked"]);
    await animationFrame();
    expect(POPUP).toHaveCount(0);
});

test("goes by itself when the end of the call is not reported", async () => {
    await mountWithCleanup(WebClient);
    ring();
    await waitFor(POPUP);
    await advanceTime(MAX_RINGING);
    await animationFrame();
    expect(POPUP).toHaveCount(0);
});

test("goes in all tabs when it is closed in one", async () => {
    await mountWithCleanup(WebClient);
    const otherTab = new BroadcastChannel("lead_communications.ringing");
    otherTab.addEventListener("message", ({ data }) => expect.step(data));
    ring();
    await waitFor(POPUP);
    await click(`${POPUP} .o_notification_close`);
    await waitForNone(POPUP);
    await expect.waitForSteps([1]);
    ring({ id: 2 });
    await waitFor(POPUP);
    otherTab.postMessage(2);
    await waitForNone(POPUP);
    expect.verifySteps([]);
});

test("opens the lead that was found", async () => {
    mockActions();
    await mountWithCleanup(WebClient);
    ring({ leads: [LEAD] });
    await waitFor(POPUP);
    await click(`${POPUP} button:contains(Open)`);
    await expect.waitForSteps(["object lead.communication action_open_lead 1"]);
    await animationFrame();
    expect(POPUP).toHaveCount(0);
});

test("opens the call when no lead was found", async () => {
    mockActions();
    await mountWithCleanup(WebClient);
    ring();
    await waitFor(POPUP);
    await click(`${POPUP} button:contains(Open)`);
    await expect.waitForSteps(["lead_communications.lead_communication_call_action 1"]);
});

test("creates a lead", async () => {
    mockActions();
    await mountWithCleanup(WebClient);
    ring();
    await waitFor(POPUP);
    await click(`${POPUP} button:contains(Create)`);
    await expect.waitForSteps(["object lead.communication action_create_lead 1"]);
    await animationFrame();
    expect(POPUP).toHaveCount(0);
});
