import { browser } from "@web/core/browser/browser";
import { addTour, field, openTab } from "../steps";

addTour("lead_communications.write_from_template", {
    steps: () => [
        {
            content: "the address is pointed out before anything is written",
            trigger: ".alert-warning:contains(jan@customer.test is blacklisted)",
        },
        {
            content: "write an email",
            trigger: ".o_form_statusbar button[name=action_write_email]",
            run: "click",
        },
        {
            content: "the template of the team is suggested, and fills the subject",
            trigger: `.modal ${field("subject")}:value(Our offer: Windows for a house)`,
        },
        {
            content: "the address is pointed out here, too",
            trigger: ".modal .alert-warning:contains(jan@customer.test is blacklisted)",
        },
        {
            content: "the mailbox of the customer's email is the account",
            trigger: `.modal ${field("email_from", "span:contains(sales@company.test)")}`,
        },
        {
            content: "it can be changed to the own address",
            trigger: `.modal ${field("lead_account")}:value(Sales)`,
            run: "click",
        },
        {
            content: "choose it",
            trigger: ".o_select_menu_item:contains(My own address)",
            run: "click",
        },
        {
            content: "the email goes out under it",
            trigger: `.modal ${field("email_from", "span:contains(a.a@example.com)")}`,
        },
        {
            content: "back to the mailbox",
            trigger: `.modal ${field("lead_account")}:value(My own address)`,
            run: "click",
        },
        {
            content: "choose the mailbox",
            trigger: ".o_select_menu_item:contains(Sales)",
            run: "click",
        },
        {
            content: "the email goes out under that again",
            trigger: `.modal ${field("email_from", "span:contains(sales@company.test)")}`,
        },
        {
            content: "who looks after it is the salesperson",
            trigger: `.modal ${field("lead_user_id")}:value(Anna)`,
        },
        {
            content: "look for another template",
            trigger: ".modal .o_field_widget[name=template_id] button",
            run: "click",
        },
        {
            content: "choose it",
            trigger: ".o-dropdown--menu .o-dropdown-item:contains(Short)",
            run: "click",
        },
        {
            content: "its text is there, and the recipient still is",
            trigger: `.modal:has(${field("partner_ids", ":contains(jan@customer.test)")}) ${field("body", ":contains(Call us)")}`,
        },
        {
            content: "send it",
            trigger: ".modal button.o_mail_send:enabled",
            run: "click",
        },
        {
            content: "the dialog is closed",
            trigger: "body:not(:has(.modal))",
        },
        openTab("emails"),
        {
            content: "the email is the newest of the conversation, nothing awaits our answer",
            trigger: `${field("latest_email_ids", ".o_data_row:first:contains(A short word)")}`,
        },
        {
            content: "the customer's email has its file",
            trigger: `${field("latest_email_ids", ".o_data_row a[href*='/web/content/']:contains(plan.pdf)")}`,
        },
        {
            content: "answer the customer's email in place",
            trigger: `${field("latest_email_ids", ".o_data_row:contains(A question about windows) button[name=action_reply]")}`,
            run: "click",
        },
        {
            content: "the subject says that it is an answer",
            trigger: `.modal ${field("subject")}:value(Re: A question about windows)`,
        },
        {
            content: "discard it",
            trigger: ".modal button:contains(Discard)",
            run: "click",
        },
    ],
});

addTour("lead_communications.write_without_template", {
    steps: () => [
        {
            content: "note what would be opened",
            trigger: ".o_form_statusbar button[name=action_write_email]",
            run() {
                const location = browser.location;
                const assign = (url) => (document.body.dataset.opened = url);
                Object.defineProperty(browser, "location", {
                    configurable: true,
                    get: () => ({ ...location, href: location.href, assign }),
                });
            },
        },
        {
            content: "write an email",
            trigger: ".o_form_statusbar button[name=action_write_email]",
            run: "click",
        },
        {
            content: "the mail program is given the address, the subject and a text",
            trigger:
                "body[data-opened^='mailto:jan%40customer.test?subject=Windows%20for%20a%20house&body=Hello']",
        },
        {
            content: "no dialog is open",
            trigger: "body:not(:has(.modal))",
        },
    ],
});
