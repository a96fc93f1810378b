import { cookie } from "@web/core/browser/cookie";
import { stepUtils } from "@web_tour/tour_utils";
import { addTour, choose, field, openCrm, openMenu, openTab } from "./steps";

const CONFIG = "crm.crm_menu_config";

addTour("lead_communications.connect_pbx", {
    steps: () => [
        ...openCrm(),
        ...openMenu(CONFIG, "lead_communications.lead_pbx_menu", "Telephone Systems"),
        { content: "connect one", trigger: ".o_list_button_add", run: "click" },
        { content: "name it", trigger: field("name"), run: "edit Branch Office" },
        {
            content: "add a line",
            trigger: field("line_ids", ".o_field_x2many_list_row_add :is(a, button)"),
            run: "click",
        },
        {
            content: "its extension",
            trigger: `.o_selected_row ${field("extension")}`,
            run: "edit 101",
        },
        ...choose("user_id", "Zofia", ".o_selected_row"),
        ...stepUtils.saveForm(),
        openTab("connection"),
        {
            content: "read the address and the secret off the screen, for the test",
            trigger: field("webhook_url", "span:contains(/lead_communications/pbx/)"),
            run({ queryFirst }) {
                const read = (name) => queryFirst(field(name, "span:first")).textContent.trim();
                console.log(`SHOWN ${read("webhook_url")} ${read("secret")} SHOWN`);
            },
        },
    ],
});

addTour("lead_communications.connect_mailbox", {
    steps: () => [
        ...openCrm(),
        ...openMenu(CONFIG, "lead_communications.lead_mailbox_menu", "Mailboxes"),
        { content: "connect one", trigger: ".o_list_button_add", run: "click" },
        { content: "name it", trigger: field("name"), run: "edit Branch Mail" },
        {
            content: "its address",
            trigger: field("address"),
            run: "edit branch@company.test",
        },
        {
            content: "its server, which is not there yet",
            trigger: field("server_id"),
            run: "edit Branch Server",
        },
        {
            content: "describe the server",
            trigger: ".o-autocomplete--dropdown-item.o_m2o_dropdown_option_create_edit",
            run: "click",
        },
        {
            content: "it is an IMAP server without being told so",
            trigger: `.modal ${field("server_type", "input[data-value=imap]:checked")}`,
        },
        {
            content: "Odoo",
            trigger: `.modal ${field("server")}`,
            run: "edit 127.0.0.1",
        },
        {
            content: "the port",
            trigger: `.modal ${field("port")}`,
            run: ({ edit }) => edit(cookie.get("imap_port")),
        },
        {
            content: "the login",
            trigger: `.modal ${field("user")}`,
            run: ({ edit }) => edit(cookie.get("imap_login")),
        },
        {
            content: "the password",
            trigger: `.modal ${field("password")}`,
            run: ({ edit }) => edit(cookie.get("imap_password")),
        },
        {
            content: "try it",
            trigger: ".modal button[name=button_confirm_login]",
            run: "click",
        },
        {
            content: "the server answers",
            trigger: `.modal ${field("state", "button[data-value=done].o_arrow_button_current")}`,
        },
        {
            content: "take this server",
            trigger: ".modal .o_form_button_save",
            run: "click",
        },
        {
            content: "back on the mailbox, with the server",
            trigger: `body:not(:has(.modal)) ${field("server_id")}:value(Branch)`,
        },
        ...choose("member_ids", "Zofia"),
        ...stepUtils.saveForm(),
        {
            content: "nothing is missing: the server is confirmed",
            trigger: ".o_form_view:not(:has(.alert-warning:visible))",
        },
    ],
});

addTour("lead_communications.fetch_now", {
    steps: () => [
        ...openCrm(),
        ...openMenu(CONFIG, "lead_communications.lead_mailbox_menu", "Mailboxes"),
        {
            content: "open the mailbox",
            trigger: ".o_data_row .o_data_cell:contains(Branch Mail)",
            run: "click",
        },
        { content: "fetch", trigger: "button[name=action_fetch]", run: "click" },
        {
            content: "both mails wait",
            trigger: ".o_field_widget[name=waiting_count]:contains(/^2$/)",
        },
    ],
});
