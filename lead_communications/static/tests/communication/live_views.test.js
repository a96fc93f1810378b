import { defineMailModels } from "@mail/../tests/mail_test_helpers";
import { beforeEach, describe, expect, test } from "@odoo/hoot";
import { animationFrame, click, queryAllTexts, queryFirst, waitFor } from "@odoo/hoot-dom";
import { advanceTime, Deferred } from "@odoo/hoot-mock";
import {
    contains,
    defineModels,
    fields,
    getService,
    MockServer,
    models,
    mountView,
    onRpc,
    serverState,
    toggleMenuItem,
    toggleSearchBarMenu,
} from "@web/../tests/web_test_helpers";
import { Dialog } from "@web/core/dialog/dialog";
import { BUSY_DELAY, liveListView, RELOAD_DELAY } from "@lead_communications/communication/live/live_views";
import { Component, xml } from "@odoo/owl";
import { registry } from "@web/core/registry";

describe.current.tags("desktop");

class LeadCommunication extends models.Model {
    _name = "lead.communication";

    type = fields.Char();
    number = fields.Char();
    state = fields.Char();

    _records = Array.from({ length: 6 }, (_, index) => ({
        id: index + 1,
        type: "call",
        number: `10${index + 1}`,
        state: index < 3 ? "ready" : "done",
    }));
}

// The list of the addon is this one with more.
registry.category("views").add("lead_communication_live_test", liveListView);
defineMailModels();
defineModels([LeadCommunication]);

const LIST = /* xml */ `
    <list js_class="lead_communication_live_test"><field name="number"/><field name="state"/></list>`;
const KANBAN = /* xml */ `
    <kanban js_class="lead_communication_kanban">
        <templates><t t-name="card"><field name="number"/></t></templates>
    </kanban>`;
const CALLS = [["type", "=", "call"]];

class TestDialog extends Component {
    static components = { Dialog };
    static template = xml`<Dialog title="'Attach'"><button>OK</button></Dialog>`;
    static props = ["*"];
}

/** Say that communications changed, in one message for each list of types. */
async function change(...messages) {
    const bus = getService("bus_service");
    const arrived = new Deferred();
    let missing = messages.length;
    const count = () => --missing || arrived.resolve();
    bus.subscribe("lead_communications/changed", count);
    for (const types of messages) {
        MockServer.env["bus.bus"]._sendone(serverState.partnerId, "lead_communications/changed", {
            types,
        });
    }
    await arrived;
    bus.unsubscribe("lead_communications/changed", count);
}

async function reloaded(delay = RELOAD_DELAY) {
    await advanceTime(delay);
    await animationFrame();
    await animationFrame();
}

function rename(number) {
    MockServer.env["lead.communication"].write([1], { number });
}

function numbers() {
    return queryAllTexts(".o_data_row .o_data_cell[name=number]");
}

beforeEach(() => {
    onRpc("lead.communication", "web_search_read", () => expect.step("read"));
});

async function mountList(values = {}) {
    await mountView({
        type: "list",
        resModel: "lead.communication",
        arch: LIST,
        domain: CALLS,
        ...values,
    });
    expect.verifySteps(values.groupBy ? [] : ["read"]);
}

test("a list shows what has changed, with one reload for many changes", async () => {
    await mountList();
    rename("new");
    await change(["call"], ["call"], ["email", "call"]);
    expect(numbers()[0]).toBe("101");
    await reloaded();
    expect(numbers()[0]).toBe("new");
    await reloaded(5000);
    expect.verifySteps(["read"]);
});

test("a list of calls does not care about emails", async () => {
    await mountList();
    await change(["email"]);
    await reloaded();
    expect.verifySteps([]);
});

test("a list of both cares about both", async () => {
    await mountList({ domain: [] });
    await change(["email"]);
    await reloaded();
    expect.verifySteps(["read"]);
});

test("selection and page stay", async () => {
    await mountList({ arch: LIST.replace("<list", '<list limit="2"') });
    await contains(".o_pager_next").click();
    expect(numbers()).toEqual(["103", "104"]);
    await contains(".o_data_row:eq(1) .o_list_record_selector input").click();
    expect.verifySteps(["read"]);
    MockServer.env["lead.communication"].write([4], { number: "new" });
    await change(["call"]);
    await reloaded();
    expect(numbers()).toEqual(["103", "new"]);
    expect(".o_data_row_selected").toHaveCount(1);
    expect(".o_data_row:eq(1)").toHaveClass("o_data_row_selected");
    expect.verifySteps(["read"]);
});

test("a selection of all pages stays", async () => {
    await mountList({ arch: LIST.replace("<list", '<list limit="2"') });
    await contains("thead .o_list_record_selector input").click();
    await contains(".o_select_domain").click();
    await change(["call"]);
    await reloaded();
    expect(".o_data_row_selected").toHaveCount(2);
    expect(".o_selection_box").toHaveText(/All 6 selected/);
    expect.verifySteps(["read"]);
});

test("open groups stay open", async () => {
    await mountList({ groupBy: ["state"] });
    await contains(".o_group_header:contains(ready)").click();
    expect(numbers()).toEqual(["101", "102", "103"]);
    expect.verifySteps(["read"]);
    rename("new");
    await change(["call"]);
    await reloaded();
    expect(numbers()).toEqual(["new", "102", "103"]);
});

test("the keyboard stays where it was", async () => {
    await mountList();
    queryFirst(".o_data_row:eq(2) .o_data_cell[name=number]").focus();
    rename("new");
    await change(["call"]);
    await reloaded();
    expect(".o_data_row:eq(2) .o_data_cell[name=number]").toBeFocused();
    expect.verifySteps(["read"]);
});

test("nothing moves under an open dialog", async () => {
    await mountList();
    const close = getService("dialog").add(TestDialog);
    await waitFor(".o_dialog");
    await change(["call"]);
    await reloaded();
    await reloaded(BUSY_DELAY);
    expect.verifySteps([]);
    close();
    await animationFrame();
    await reloaded(BUSY_DELAY);
    expect.verifySteps(["read"]);
});

for (const [what, act] of [
    ["a change", () => change(["call"])],
    ["a decision", () => contains(".o_data_row:eq(0) button").click()],
]) {
    test(`${what} does not undo a search that is under way`, async () => {
        onRpc("/web/dataset/call_button/lead.communication/*", () => false);
        await mountList({
            arch: LIST.replace("</list>", '<button name="decide" type="object" string="D"/></list>'),
            searchViewArch: `<search><filter name="done" string="Done"
                domain="[('state', '=', 'done')]"/></search>`,
        });
        const answer = new Deferred();
        onRpc("lead.communication", "web_search_read", () => answer);
        await toggleSearchBarMenu();
        await toggleMenuItem("Done");
        await toggleSearchBarMenu();
        await act();
        await reloaded();
        answer.resolve();
        await animationFrame();
        await animationFrame();
        await reloaded(BUSY_DELAY);
        expect(".o_facet_value").toHaveText("Done");
        expect(numbers()).toEqual(["104", "105", "106"]);
        expect.verifySteps(["read", "read"]);
    });
}

test("a row that is edited stays", async () => {
    await mountList({ arch: LIST.replace("<list", '<list editable="bottom"') });
    await click(".o_data_row .o_data_cell[name=number]");
    await animationFrame();
    await contains(".o_selected_row [name=number] input").edit("typed", { confirm: false });
    await change(["call"]);
    await reloaded();
    await reloaded(BUSY_DELAY);
    expect(".o_selected_row [name=number] input").toHaveValue("typed");
    expect.verifySteps([]);
});

test("a kanban shows what has changed", async () => {
    await mountList({ type: "kanban", arch: KANBAN });
    rename("new");
    await change(["call"]);
    await reloaded();
    expect(".o_kanban_record:eq(0)").toHaveText("new");
    expect.verifySteps(["read"]);
});
