import { browser } from "@web/core/browser/browser";
import { registry } from "@web/core/registry";

/** Open the person's own mail client: Odoo takes any other address for one of its own. */
function openMailClient(env, action) {
    browser.location.assign(action.params.url);
}

registry.category("actions").add("lead_communications.open_mail_client", openMailClient);
