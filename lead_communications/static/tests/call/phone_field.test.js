import { defineMailModels } from "@mail/../tests/mail_test_helpers";
import { expect, test } from "@odoo/hoot";
import { animationFrame, click, waitFor, waitForNone } from "@odoo/hoot-dom";
import {
    defineModels,
    fields,
    getService,
    mockService,
    models,
    mountView,
    onRpc,
    patchWithCleanup,
} from "@web/../tests/web_test_helpers";
import { browser } from "@web/core/browser/browser";
import { session } from "@web/session";

class Contact extends models.Model {
    phone = fields.Char();

    _records = [{ id: 1, phone: "+48 22 123 45 67" }];
}

class Lead extends models.Model {
    _name = "crm.lead";

    phone = fields.Char();
    contact_name = fields.Char();

    _records = [{ id: 7, phone: "+48 600 100 200", contact_name: "Jan" }];
}

defineMailModels();
defineModels([Contact, Lead]);

const FORM = `<form><field name="phone" widget="phone" options="{'enable_sms': false}"/></form>`;
const LIST = `<list><field name="phone" widget="phone" options="{'enable_sms': false}"/></list>`;

function mockDial(canDial, answer) {
    patchWithCleanup(session, {
        lead_communications_can_dial: canDial,
        lead_communications_can_log: false,
    });
    patchWithCleanup(browser.location, { assign: (url) => expect.step(url) });
    onRpc("lead.pbx", "dial", ({ args }) => {
        expect.step(`dial ${args[0]}`);
        return answer;
    });
}

async function mountContact(values) {
    await mountView({ resModel: "contact", ...values });
    // A test that ends while something is being fetched fails.
    await getService("mail.store").isReady;
}

for (const [name, values, selector] of [
    ["form", { type: "form", resId: 1, arch: FORM }, ".o_phone_form_link"],
    ["readonly form", { type: "form", resId: 1, arch: FORM, readonly: true }, ".o_field_phone a"],
    ["list", { type: "list", arch: LIST }, ".o_field_phone a"],
]) {
    test(`dials by the telephone system: ${name}`, async () => {
        mockDial(true, { telephone: "101" });
        await mountContact(values);
        expect(selector).toHaveAttribute("href", "tel:+48221234567");
        await click(selector);
        await waitFor(".o_notification");
        expect(".o_notification_content").toHaveText(
            "Your telephone rings. Pick it up to call +48 22 123 45 67.",
        );
        expect.verifySteps(["dial +48 22 123 45 67"]);
    });

    test(`is Odoo's link for everybody else: ${name}`, async () => {
        mockDial(false);
        await mountContact(values);
        await click(selector);
        await animationFrame();
        expect.verifySteps([]);
    });
}

test("the device dials when the telephone system does not", async () => {
    mockDial(true, { url: "tel:+48221234567" });
    await mountContact({ type: "form", resId: 1, arch: FORM });
    await click(".o_phone_form_link");
    await animationFrame();
    expect.verifySteps(["dial +48 22 123 45 67", "tel:+48221234567"]);
});

const LEAD = `<form><field name="contact_name"/><field name="phone" widget="phone"
    options="{'enable_sms': false}"/></form>`;

function mockLog() {
    patchWithCleanup(session, { lead_communications_can_log: true });
    mockService("action", {
        doAction(action, { additionalContext }) {
            expect.step([action, additionalContext]);
        },
    });
}

test("a call by the person's own program is offered to be written down", async () => {
    mockDial(false);
    mockLog();
    await mountContact({ type: "form", resModel: "crm.lead", resId: 7, arch: LEAD });
    await click(".o_phone_form_link");
    await click(".o_phone_form_link");
    await waitFor(".o_notification");
    await animationFrame();
    expect(".o_notification").toHaveCount(1);
    expect(".o_notification_content").toHaveText("You are calling +48 600 100 200.");
    await click(".o_notification button:contains(Log a Call)");
    await animationFrame();
    expect(".o_notification").toHaveCount(0);
    expect.verifySteps([
        [
            "lead_communications.lead_communication_log_action",
            {
                default_number: "+48 600 100 200",
                default_direction: "outgoing",
                default_lead_id: 7,
                default_contact_name: "Jan",
            },
        ],
    ]);
});

test("so is one that the device dials; what the telephone system dials is reported", async () => {
    mockDial(true, { url: "tel:+48221234567" });
    mockLog();
    await mountContact({ type: "form", resId: 1, arch: FORM });
    await click(".o_phone_form_link");
    await waitFor(".o_notification button:contains(Log a Call)");
    expect.verifySteps(["dial +48 22 123 45 67", "tel:+48221234567"]);
    onRpc("lead.pbx", "dial", () => ({ telephone: "101" }));
    await click(".o_notification_close");
    await waitForNone(".o_notification");
    await click(".o_phone_form_link");
    await waitFor(".o_notification");
    expect(".o_notification button:contains(Log a Call)").toHaveCount(0);
});
