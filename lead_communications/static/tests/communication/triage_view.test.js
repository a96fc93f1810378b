import { defineMailModels } from "@mail/../tests/mail_test_helpers";
import { beforeEach, describe, expect, test } from "@odoo/hoot";
import {
    animationFrame,
    press,
    queryAllTexts,
    queryFirst,
    resize,
    waitFor,
    waitForNone,
} from "@odoo/hoot-dom";
import { advanceTime, Deferred } from "@odoo/hoot-mock";
import { markup } from "@odoo/owl";
import {
    contains,
    defineModels,
    editSearch,
    fields,
    getService,
    MockServer,
    models,
    mountWithCleanup,
    onRpc,
    patchWithCleanup,
    serverState,
    validateSearch,
} from "@web/../tests/web_test_helpers";
import { WebClient } from "@web/webclient/webclient";
import { browser } from "@web/core/browser/browser";
import { lastDecision } from "@lead_communications/communication/decided/decided";
import { RELOAD_DELAY } from "@lead_communications/communication/live/live_views";
import { reading } from "@lead_communications/communication/triage/preview";
import { PREVIEW_DELAY, PREVIEW_KEY } from "@lead_communications/communication/triage/triage_view";

describe.current.tags("desktop");

const PREVIEW = "lead_communications.lead_communication_view_form_preview";

class LeadCommunication extends models.Model {
    _name = "lead.communication";

    type = fields.Char();
    counterpart_name = fields.Char();
    body = fields.Char();
    state = fields.Char();
    suggestion = fields.Char();
    claimed_by_id = fields.Many2one({ relation: "res.users" });

    _records = Array.from({ length: 4 }, (_, index) => ({
        id: index + 1,
        type: index < 2 ? "call" : "email",
        counterpart_name: `Caller ${index + 1}`,
        body: `Text ${index + 1}`,
        state: "ready",
    }));
    _views = {
        search: /* xml */ `
            <search>
                <field name="counterpart_name"/>
                <filter name="filter_ready" string="Ready" domain="[('state', '=', 'ready')]"/>
                <filter name="filter_missed" string="Missed" domain="[('id', '=', 0)]"/>
            </search>`,
        list: /* xml */ `
            <list js_class="lead_communication_triage">
                <field name="type" column_invisible="1"/>
                <field name="counterpart_name"/>
                <field name="state"/>
                <field name="suggestion" column_invisible="1"/>
                <button name="action_attach_suggested" type="object" string="Attach"
                    invisible="suggestion != 'attach'"/>
                <field name="claimed_by_id" column_invisible="1"/>
                <button name="action_create_lead" type="object" string="Create"
                    invisible="state != 'ready'"/>
                <button name="action_ignore" type="object" string="Ignored"
                    invisible="state != 'ready'"/>
                <button name="action_ignore_always" type="object" string="Ignore Always"
                    invisible="state != 'ready'"/>
                <button name="action_reopen" type="object" string="Back to Ready"
                    invisible="state != 'ignored'"/>
            </list>`,
        kanban: /* xml */ `
            <kanban js_class="lead_communication_kanban">
                <field name="type"/>
                <field name="state"/>
                <templates><t t-name="card"><field name="counterpart_name"/></t></templates>
            </kanban>`,
        "form,1": /* xml */ `
            <form js_class="lead_communication_form" edit="0">
                <h1>Call</h1><field name="counterpart_name"/>
            </form>`,
        "form,2": /* xml */ `
            <form js_class="lead_communication_form" edit="0">
                <h1>Email</h1><field name="counterpart_name"/>
            </form>`,
        [`form,${PREVIEW}`]: /* xml */ `
            <form js_class="lead_communication_preview" disable_autofocus="1" edit="0">
                <header>
                    <button name="action_ignore" type="object" string="Ignored"/>
                </header>
                <field name="counterpart_name"/>
                <field name="claimed_by_id"/>
                <field name="body"/>
            </form>`,
    };
}

defineMailModels();
defineModels([LeadCommunication]);

function decided(id, state) {
    MockServer.env["lead.communication"].write([id], { state });
    return {
        type: "ir.actions.client",
        tag: "lead_communications.decided",
        params: { row_id: id, message: `${state} ${id}`, stay: true },
    };
}

/** Suggest to attach these rows to the leads that were found. */
function suggest(...ids) {
    for (const record of LeadCommunication._records) {
        record.suggestion = ids.includes(record.id) ? "attach" : false;
    }
}

beforeEach(() => {
    suggest();
    lastDecision.undo = null;
    lastDecision.close = null;
    onRpc("lead.communication", "web_read", ({ args }) => expect.step(`read ${args[0]}`));
    onRpc("lead.communication", "count_ready", () => ({}));
    onRpc("lead.communication", "action_open", ({ args }) => {
        const [[id]] = args;
        expect.step(`action_open ${id}`);
        const [{ type }] = MockServer.env["lead.communication"].read([id], ["type"]);
        return {
            type: "ir.actions.act_window",
            name: "Communication",
            res_model: "lead.communication",
            res_id: id,
            views: [[type === "call" ? 1 : 2, "form"]],
        };
    });
    onRpc("/web/dataset/call_button/lead.communication/*", async (request) => {
        const { params } = await request.json();
        const [[id]] = params.args;
        expect.step(`${params.method} ${id}`);
        const states = {
            action_ignore: "ignored",
            action_create_lead: "done",
            action_attach_suggested: "done",
        };
        return params.method in states && decided(id, states[params.method]);
    });
});

/** Let the preview of the current row be read. */
async function shown() {
    await animationFrame();
    await advanceTime(PREVIEW_DELAY);
    await animationFrame();
    await animationFrame();
}

/** Open the Inbox; only what is Ready is in it, unless the domain says otherwise. */
async function open(domain = [["state", "=", "ready"]], view = "list", values = {}) {
    await mountWithCleanup(WebClient);
    await getService("action").doAction({
        type: "ir.actions.act_window",
        name: "Inbox",
        res_model: "lead.communication",
        views: [[false, view]],
        domain,
        ...values,
    });
    await shown();
}

/** Let the server ask first when somebody wants to create a lead. */
function mockAsking() {
    onRpc("/web/dataset/call_button/lead.communication/action_create_lead", async (request) => {
        const { params } = await request.json();
        const { args, kwargs, method } = params;
        const [[id]] = args;
        const told = kwargs.context.lead_claims_told;
        expect.step(told ? `told ${told}` : `${method} ${id}`);
        return told
            ? decided(id, "done")
            : {
                  type: "ir.actions.client",
                  tag: "lead_communications.ask_first",
                  params: {
                      title: "A Colleague Is on It",
                      message: "Anna has been on it since 10:12. Create a lead all the same?",
                      model: "lead.communication",
                      method,
                      choices: [{ label: "Create Anyway", ids: [id] }],
                      context: { lead_claims_told: [[id, 7]] },
                  },
              };
    });
}

function current() {
    return queryAllTexts(".o_data_row[aria-current=true] .o_data_cell[name=counterpart_name]");
}

function rows() {
    return queryAllTexts(".o_data_row .o_data_cell[name=counterpart_name]");
}

async function key(...keys) {
    for (const one of keys) {
        await press(one);
        await animationFrame();
    }
    await shown();
}

async function change() {
    const heard = new Deferred();
    const told = () => heard.resolve();
    const type = "lead_communications/changed";
    getService("bus_service").subscribe(type, told);
    MockServer.env["bus.bus"]._sendone(serverState.partnerId, type, { types: ["call"] });
    await heard; // on a busy machine after some frames
    getService("bus_service").unsubscribe(type, told);
    await animationFrame();
    await advanceTime(RELOAD_DELAY);
    await shown();
}

test("the first row is shown beside the list, and no other is read", async () => {
    await open();
    expect(current()).toEqual(["Caller 1"]);
    expect(".o_data_row:eq(0) .o_data_cell[name=counterpart_name]").toBeFocused();
    expect("aside[aria-label=Preview] .o_field_widget[name=body]").toHaveText("Text 1");
    expect(".o_breadcrumb").toHaveText("Inbox");
    expect.verifySteps(["read 1"]);
});

test("arrows, J and K go from row to row; what is passed on the way is not read", async () => {
    await open();
    await key("ArrowDown");
    expect(current()).toEqual(["Caller 2"]);
    await key("j");
    expect(".o_lead_preview .o_field_widget[name=body]").toHaveText("Text 3");
    await key("k", "k");
    expect(current()).toEqual(["Caller 1"]);
    await key("k");
    expect(current()).toEqual(["Caller 1"]);
    await key("j", "j", "j", "j", "j");
    expect(current()).toEqual(["Caller 4"]);
    expect.verifySteps(["read 1", "read 2", "read 3", "read 1", "read 4"]);
});

test("a click shows the row, a second one opens it", async () => {
    await open();
    await contains(".o_data_row:eq(2) .o_data_cell[name=counterpart_name]").click();
    await shown();
    expect(current()).toEqual(["Caller 3"]);
    expect.verifySteps(["read 1", "read 3"]);
    await contains(".o_data_row:eq(2) .o_data_cell[name=counterpart_name]").dblclick();
    expect.verifySteps(["action_open 3", "read 3"]);
});

test("Enter opens the current row", async () => {
    await open();
    await key("j", "Enter");
    expect.verifySteps(["read 1", "action_open 2", "read 2"]);
});

/** Let no preview have stood there for long, before the function that is returned is called. */
function holdReading() {
    const delay = 100000; // never by itself, however busy the machine is
    patchWithCleanup(reading, { delay });
    return async () => {
        await advanceTime(delay);
        await animationFrame();
    };
}

test("Enter takes the suggestion of the row, and the next one comes", async () => {
    const read = holdReading();
    suggest(1, 2);
    await open();
    expect(".o_lead_preview .o_lead_read").toHaveCount(0);
    await read();
    expect(".o_lead_preview .o_lead_read").toHaveCount(1);
    await key("Enter");
    expect(current()).toEqual(["Caller 2"]);
    await read();
    await key("Enter");
    expect(current()).toEqual(["Caller 3"]);
    await read();
    await key("Enter"); // nothing is sure there: it is opened
    expect.verifySteps([
        ...["read 1", "action_attach_suggested 1", "read 2", "action_attach_suggested 2"],
        ...["read 3", "action_open 3", "read 3"],
    ]);
});

test("Enter takes nothing that could not be read yet, and opens nothing", async () => {
    const read = holdReading();
    suggest(1, 2, 3, 4);
    await open();
    await key("Enter");
    await key("j", "Enter");
    expect(current()).toEqual(["Caller 2"]);
    expect(".o_list_view").toHaveCount(1);
    await read();
    await press("j");
    await press("Enter"); // the preview is that of the row before
    await shown();
    expect.verifySteps(["read 1", "read 2", "read 3"]);
});

test("a second Enter, or one that is held down, decides about no other row", async () => {
    const read = holdReading();
    suggest(1, 2);
    await open();
    await read();
    const server = new Deferred();
    onRpc("/web/dataset/call_button/lead.communication/action_attach_suggested", () => server);
    await press("Enter");
    await press("Enter");
    const repeated = { key: "Enter", bubbles: true, cancelable: true, repeat: true };
    const repeat = () => document.activeElement.dispatchEvent(new KeyboardEvent("keydown", repeated));
    repeat();
    server.resolve();
    await shown();
    await shown();
    expect(current()).toEqual(["Caller 2"]);
    await read();
    repeat();
    await shown();
    expect(current()).toEqual(["Caller 2"]);
    expect.verifySteps(["read 1", "action_attach_suggested 1", "read 2"]);
});

test("Enter opens the row where no preview says what it would do", async () => {
    const read = holdReading();
    suggest(1, 2);
    browser.localStorage.setItem(PREVIEW_KEY, "off");
    await open();
    await read();
    await key("Enter");
    expect.verifySteps(["action_open 1", "read 1"]);
});

test("a letter of the third level is no key", async () => {
    await open();
    const letter = { key: "ć", code: "KeyC", bubbles: true, cancelable: true };
    for (const modifier of [{ modifierAltGraph: true }, {}]) {
        const ev = new KeyboardEvent("keydown", { ...letter, ...modifier });
        document.activeElement.dispatchEvent(ev);
        await shown();
    }
    // On another keyboard, the letter is that of the key itself.
    expect.verifySteps(["read 1", "action_create_lead 1", "read 2"]);
});

test("a key that is held down decides about one row", async () => {
    const server = new Deferred();
    onRpc("/web/dataset/call_button/lead.communication/action_ignore", () => server);
    await open();
    await press("i");
    const repeated = { key: "i", bubbles: true, cancelable: true, repeat: true };
    document.activeElement.dispatchEvent(new KeyboardEvent("keydown", repeated));
    server.resolve();
    await shown();
    await shown();
    expect(rows()).toEqual(["Caller 2", "Caller 3", "Caller 4"]);
    expect.verifySteps(["read 1", "action_ignore 1", "read 2"]);
});

test("the second click of a double click decides about no other row", async () => {
    await open();
    await contains(".o_data_row:eq(0) button[name=action_ignore]").click();
    await shown();
    const second = new MouseEvent("click", { bubbles: true, cancelable: true, detail: 2 });
    queryFirst(".o_data_row:eq(0) button[name=action_ignore]").dispatchEvent(second);
    queryFirst(".o_lead_preview button[name=action_ignore]").dispatchEvent(second);
    await shown();
    expect(rows()).toEqual(["Caller 2", "Caller 3", "Caller 4"]);
    expect.verifySteps(["read 1", "action_ignore 1", "read 2"]);
});

test("the next row comes after a decision by a key, with the focus", async () => {
    await open();
    await key("j", "i");
    expect(rows()).toEqual(["Caller 1", "Caller 3", "Caller 4"]);
    expect(current()).toEqual(["Caller 3"]);
    expect(".o_data_row:eq(1) .o_data_cell[name=counterpart_name]").toBeFocused();
    expect(".o_lead_preview .o_field_widget[name=body]").toHaveText("Text 3");
    await key("c");
    expect(current()).toEqual(["Caller 4"]);
    expect(".o_notification").toHaveCount(1);
    expect.verifySteps(["read 1", "action_ignore 2", "read 3", "action_create_lead 3", "read 4"]);
});

test("after the last row comes the one before it, and then nothing", async () => {
    await open([
        ["id", "in", [1, 2]],
        ["state", "=", "ready"],
    ]);
    await key("j", "i");
    expect(current()).toEqual(["Caller 1"]);
    await key("i");
    expect(rows()).toEqual([]);
    expect(".o_lead_preview").toHaveCount(0);
    await key("i", "j");
    expect.verifySteps(["read 1", "action_ignore 2", "read 1", "action_ignore 1"]);
});

test("the next row comes after a button of the preview", async () => {
    await open();
    await contains(".o_lead_preview button[name=action_ignore]").click();
    await shown();
    expect(current()).toEqual(["Caller 2"]);
    expect(rows()).toEqual(["Caller 2", "Caller 3", "Caller 4"]);
    expect.verifySteps(["read 1", "action_ignore 1", "read 2"]);
});

test("a decided row that stays in the list is left too", async () => {
    await open([]);
    await key("i");
    expect(rows()).toHaveLength(4);
    expect(current()).toEqual(["Caller 2"]);
    await key("k", "i");
    expect(current()).toEqual(["Caller 1"]);
    expect.verifySteps(["read 1", "action_ignore 1", "read 2", "read 1"]);
});

test("a key gives back what was set aside, and nothing else", async () => {
    await open([]);
    await key("r", "i");
    expect(current()).toEqual(["Caller 2"]);
    await key("k", "r");
    expect(current()).toEqual(["Caller 2"]);
    expect.verifySteps(["read 1", "action_ignore 1", "read 2", "action_reopen 1", "read 2"]);
});

test("keys are letters while somebody types", async () => {
    await open();
    await contains(".o_searchview_input").click();
    await key("i", "c", "j");
    expect(".o_searchview_input").toHaveValue("icj");
    expect(current()).toEqual(["Caller 1"]);
    expect.verifySteps(["read 1"]);
});

test("keys are in the command palette", async () => {
    await open();
    await press(["control", "k"]);
    await waitFor(".o_command_palette");
    expect(".o_command:contains(Ignore the current row) kbd").toHaveText("I");
    expect(".o_command:contains(Undo the last decision)").toHaveCount(1);
    await contains(".o_command:contains(Ignore the current row)").click();
    await shown();
    expect(current()).toEqual(["Caller 2"]);
    expect.verifySteps(["read 1", "action_ignore 1", "read 2"]);
});

test("what a colleague decided stays in sight, and no other row slips in", async () => {
    await open();
    await key("j");
    MockServer.env["lead.communication"].write([2], { state: "done" });
    await change();
    expect(rows()).toEqual(["Caller 1", "Caller 3", "Caller 4"]);
    expect(current()).toEqual([]);
    expect(".o_lead_preview .o_field_widget[name=body]").toHaveText("Text 2");
    expect(".o_lead_preview .alert").toHaveText("It is not in the list any more.");
    expect("[role=status].o_lead_announcement").toHaveText("It is not in the list any more.");
    await key("i");
    expect.verifySteps(["read 1", "read 2"]);
    await key("j");
    expect(current()).toEqual(["Caller 3"]);
    expect(".o_lead_preview .alert").toHaveCount(0);
    expect.verifySteps(["read 3"]);
});

test("a live reload keeps the current row and the focus, and reads no preview anew", async () => {
    await open();
    await key("j");
    MockServer.env["lead.communication"].create({ counterpart_name: "New", state: "ready" });
    await change();
    expect(rows()).toHaveLength(5);
    expect(current()).toEqual(["Caller 2"]);
    expect(".o_data_row:eq(1) .o_data_cell[name=counterpart_name]").toBeFocused();
    expect.verifySteps(["read 1", "read 2"]);
});

test("U takes the last decision back and returns to its row", async () => {
    onRpc("lead.communication", "action_undo", ({ args, kwargs }) => {
        expect.step(`undo ${args[0]} ${kwargs.context.lead_stay}`);
        MockServer.env["lead.communication"].write(args[0], { state: "ready" });
        const params = { message: "Undone", type: "success", row_id: args[0][0], gone_lead_ids: [] };
        return { type: "ir.actions.client", tag: "lead_communications.undone", params };
    });
    await open();
    await key("j", "i");
    await key("j");
    expect(current()).toEqual(["Caller 4"]);
    expect.verifySteps(["read 1", "action_ignore 2", "read 3", "read 4"]);
    onRpc("lead.communication", "web_search_read", () => expect.step("list"));
    await key("u");
    await change(); // the server tells of the same
    expect(rows()).toHaveLength(4);
    expect(current()).toEqual(["Caller 2"]);
    expect.verifySteps(["undo 2 true", "list", "read 2"]);
    onRpc("lead.communication", "action_undo_last", () => {
        expect.step("undo the one before");
        const params = { message: "Undone", type: "success", row_id: 4, gone_lead_ids: [] };
        return { type: "ir.actions.client", tag: "lead_communications.undone", params };
    });
    await key("u");
    await change();
    expect(current()).toEqual(["Caller 4"]);
    expect.verifySteps(["undo the one before", "list", "read 4"]);
});

test("who is on a row is shown beside the list at once", async () => {
    await open();
    await key("j");
    MockServer.env["lead.communication"].write([2], { claimed_by_id: serverState.userId });
    await change();
    expect(".o_lead_preview .o_field_widget[name=claimed_by_id]").toHaveText("Mitchell Admin");
    MockServer.env["lead.communication"].write([3], { claimed_by_id: serverState.userId });
    await change();
    expect.verifySteps(["read 1", "read 2", "read 2"]);
});

test("a button that asks first decides nothing by a key that is pressed twice", async () => {
    mockAsking();
    await open();
    await key("c");
    await waitFor(".modal:contains(Anna has been on it)");
    expect(".modal footer button:contains(Cancel)").toBeFocused();
    await key("c", "c");
    expect(".modal").toHaveCount(1);
    await key("Enter");
    await waitForNone(".modal");
    expect(rows()).toHaveLength(4);
    expect.verifySteps(["read 1", "action_create_lead 1"]);
});

test("whoever is told of the claim goes on to the next row", async () => {
    mockAsking();
    await open();
    await key("c");
    await contains(".modal footer button:contains(Create Anyway)").click();
    await shown();
    expect(current()).toEqual(["Caller 2"]);
    expect(".o_notification").toHaveCount(1);
    expect.verifySteps(["read 1", "action_create_lead 1", "told 1,7", "read 2"]);
});

test("the preview is switched off for this browser", async () => {
    await open();
    await key("p");
    expect(".o_lead_preview").toHaveCount(0);
    expect(".o_lead_preview_toggle").toHaveAttribute("aria-pressed", "false");
    expect(browser.localStorage.getItem(PREVIEW_KEY)).toBe("off");
    await key("j");
    expect.verifySteps(["read 1"]);
    await contains(".o_data_row:eq(2) .o_data_cell[name=counterpart_name]").click();
    await shown();
    expect.verifySteps(["action_open 3", "read 3"]);
    await contains(".o_back_button").click();
    await shown();
    await contains(".o_lead_preview_toggle").click();
    await shown();
    expect(".o_lead_preview").toHaveCount(1);
    expect.verifySteps(["read 3"]);
});

test("without room there is no preview, and a click opens the row", async () => {
    await resize({ width: 1000 });
    await open();
    expect(".o_lead_preview, .o_lead_preview_toggle").toHaveCount(0);
    await key("j", "i");
    await contains(".o_data_row:eq(1) .o_data_cell[name=counterpart_name]").click();
    await shown();
    expect.verifySteps(["action_ignore 2", "action_open 3", "read 3"]);
});

test("rows are bold until they were shown", async () => {
    await open();
    expect(".o_data_row.o_lead_unread").toHaveCount(3);
    await key("j");
    expect(".o_data_row.o_lead_unread").toHaveCount(2);
    expect.verifySteps(["read 1", "read 2"]);
});

for (const view of ["list", "kanban"]) {
    test(`from a row of a ${view} to the next ones, in the form of their type`, async () => {
        await resize({ width: 1000 });
        await open([], view);
        await contains(
            view === "list"
                ? ".o_data_row:eq(1) [name=counterpart_name]"
                : ".o_kanban_record:eq(1)",
        ).click();
        await shown();
        expect(".o_form_view h1").toHaveText("Call");
        expect(".o_pager_value").toHaveText("2");
        expect(".o_pager_limit").toHaveText("4");
        await contains(".o_pager_previous").click();
        expect(".o_field_widget[name=counterpart_name]").toHaveText("Caller 1");
        expect.verifySteps(["action_open 2", "read 2", "read 1"]);
        await contains(".o_pager_next").click();
        await contains(".o_pager_next").click();
        await shown();
        expect(".o_form_view h1").toHaveText("Email");
        expect(".o_field_widget[name=counterpart_name]").toHaveText("Caller 3");
        expect(".o_pager_value").toHaveText("3");
        await contains(".o_pager_next").click();
        expect(".o_field_widget[name=counterpart_name]").toHaveText("Caller 4");
        expect.verifySteps(["read 2", "action_open 3", "read 3", "read 4"]);
        await contains(".o_back_button").click();
        await shown();
        expect(`.o_${view}_view`).toHaveCount(1);
    });
}

test("cards are bold until they were opened", async () => {
    await open([], "kanban");
    expect(".o_lead_unread").toHaveCount(4);
    await contains(".o_kanban_record:eq(1)").click();
    await shown();
    await contains(".o_back_button").click();
    await shown();
    expect(".o_lead_unread").toHaveCount(3);
    expect(".o_kanban_record:eq(1)").not.toHaveClass("o_lead_unread");
    expect.verifySteps(["action_open 2", "read 2"]);
});

test("X opens the dialog to ignore the party always", async () => {
    await open();
    await key("j", "x");
    expect.verifySteps(["read 1", "action_ignore_always 2", "read 2"]);
});

test("a key that is quicker than the decision before it is for the next row", async () => {
    browser.localStorage.setItem(PREVIEW_KEY, "off");
    const server = new Deferred();
    onRpc("/web/dataset/call_button/lead.communication/action_ignore", () => server);
    await open();
    await press("i");
    await press("i");
    await press("j");
    expect.verifySteps([]);
    server.resolve();
    await shown();
    await shown();
    await shown();
    expect(rows()).toEqual(["Caller 3", "Caller 4"]);
    expect(current()).toEqual(["Caller 4"]);
    expect.verifySteps(["action_ignore 1", "action_ignore 2"]);
});

test("Enter right after X is for the dialog, and opens no row", async () => {
    const server = new Deferred();
    onRpc("/web/dataset/call_button/lead.communication/action_ignore_always", async () => {
        await server;
        return {
            type: "ir.actions.act_window",
            name: "Ignore Always",
            res_model: "lead.communication",
            res_id: 1,
            views: [[1, "form"]],
            target: "new",
        };
    });
    await open();
    await press("x");
    await press("Enter");
    await press("Enter");
    await shown();
    expect(".o_list_view").toHaveCount(1);
    server.resolve();
    await shown();
    await shown();
    expect(".o_dialog").toHaveCount(1);
    // The list is behind it still: neither Enter has opened the row.
    expect(".o_list_view").toHaveCount(1);
    expect.verifySteps(["read 1", "read 1"]);
});

test("rows have names, and which one is shown is read out", async () => {
    await open();
    expect(".o_data_row:eq(1)").toHaveAttribute("aria-label", "Caller 2");
    expect(".o_data_row:eq(1) .o_list_record_selector").toHaveText("Select: Caller 2");
    const announcement = queryFirst("[role=status].o_lead_announcement");
    expect(announcement).toHaveText("Preview: Caller 1");
    await key("j");
    expect(".o_data_row[aria-current=true]").toHaveAttribute("aria-label", "Caller 2");
    expect(announcement).toHaveText("Preview: Caller 2");
    await key("p");
    expect(announcement).toHaveText("");
    expect("[tabindex]:not([tabindex='0'], [tabindex='-1'])").toHaveCount(0);
    expect.verifySteps(["read 1", "read 2"]);
});

for (const view of ["list", "kanban"]) {
    test(`a search without hits is not praised: ${view}`, async () => {
        const help = markup`<p class="o_view_nocontent_smiling_face">All is decided</p>`;
        await open([["id", "=", 0]], view, { help, context: { search_default_filter_ready: 1 } });
        expect(".o_view_nocontent").toHaveText("All is decided");
        await editSearch("Nobody");
        await validateSearch();
        expect(".o_view_nocontent").toHaveText(/Nothing fits this search/);
        expect(".o_view_nocontent").not.toHaveText(/All is decided/);
    });

    test(`a filter without hits is not praised: ${view}`, async () => {
        const help = markup`<p class="o_view_nocontent_smiling_face">All is decided</p>`;
        await open([], view, { help, context: { search_default_filter_missed: 1 } });
        expect(".o_view_nocontent").toHaveText(/Nothing fits this search/);
    });
}
