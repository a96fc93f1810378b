import { expect, test } from "@odoo/hoot";
import { getService, makeMockEnv, patchWithCleanup } from "@web/../tests/web_test_helpers";
import { browser } from "@web/core/browser/browser";

test("the mail client is given the address as it is", async () => {
    patchWithCleanup(browser.location, {
        assign: (url) => expect.step(url),
    });
    await makeMockEnv();
    await getService("action").doAction({
        type: "ir.actions.client",
        tag: "lead_communications.open_mail_client",
        params: { url: "mailto:jan@customer.test?subject=Windows%20for%20a%20house" },
    });
    expect.verifySteps(["mailto:jan@customer.test?subject=Windows%20for%20a%20house"]);
});
