import { addTour, choose, field, openCrm, openMenu, openTab } from "../steps";

const LEADS = "crm.crm_menu_leads";
const READY = ".o_searchview_facet .o_facet_value:contains(/^Ready$/)";

function row(text) {
    return `.o_data_row:has(.o_data_cell:contains(${text}))`;
}

/** The text of an email in the chatter, which Odoo keeps from the styles of the page. */
function message(text) {
    return `.o-mail-Chatter .o-mail-Message-body .overflow-x-auto:shadow :contains(${text})`;
}

addTour("lead_communications.decide", {
    steps: () => [
        ...openCrm(),
        ...openMenu(LEADS, "lead_communications.calls_menu_leads", "Calls"),
        { content: "only what waits is shown", trigger: READY },
        {
            content: "create a lead of the call",
            trigger: `${row("+48221234567")} button[name=action_create_lead]`,
            run: "click",
        },
        {
            content: "its card opens, with the number",
            trigger: `.o_form_view ${field("phone")}:value(+48 22 123 45 67)`,
        },
        ...openMenu(LEADS, "lead_communications.emails_menu_leads", "Email"),
        { content: "only what waits is shown", trigger: READY },
        {
            content: "open a mail",
            trigger: `${row("A question about windows")} [name=summary]`,
            run: "dblclick",
        },
        {
            content: "read it",
            trigger: `.o_form_view ${field("body", ":contains(how much is a window)")}`,
        },
        {
            content: "it belongs to a lead",
            trigger: ".o_form_view button[name=action_attach]",
            run: "click",
        },
        {
            content: "no lead has this address yet",
            trigger: ".modal .text-muted:contains(No lead has this number or address yet)",
        },
        ...choose("lead_id", "Jan Kowalski", ".modal"),
        {
            content: "the chosen lead is told about",
            trigger: ".modal .o_field_widget[name=lead_stage_id]",
        },
        {
            content: "attach it, by the key",
            trigger: ".modal .o_field_widget[name=lead_id] input",
            run: "press Enter",
        },
        {
            content: "the card of the lead is open",
            trigger: `body:not(:has(.modal)) .o_form_view ${field("phone")}`,
        },
        openTab("emails"),
        {
            content: "the mail stands there",
            trigger: `${field("latest_email_ids", row("A question about windows"))}`,
        },
        ...openMenu(LEADS, "lead_communications.emails_menu_leads", "Email"),
        {
            content: "the attached mail waits no longer",
            trigger: `.o_list_view:not(:has(${row("A question about windows")})) ${row("Spam")}`,
        },
        {
            content: "set the other aside",
            trigger: `${row("Spam")} button[name=action_ignore]`,
            run: "click",
        },
        {
            content: "nothing waits",
            trigger: ".o_view_nocontent:contains(No email waits for you)",
        },
    ],
});

addTour("lead_communications.read_reply", {
    steps: () => [
        openTab("emails"),
        {
            content: "both are on the tab",
            trigger: field("latest_email_ids", ".o_data_row:count(2)"),
        },
        {
            content: "the answer is one of them",
            trigger: field("latest_email_ids", row("Re: A question about windows")),
        },
        {
            content: "and they are counted",
            trigger: "button[name=action_open_emails] .o_stat_value:contains(/^2$/)",
        },
        {
            content: "scroll to the chatter, which is read when it is seen",
            trigger: ".o-mail-Chatter",
            run() {
                this.anchor.scrollIntoView();
            },
        },
        {
            content: "the answer is in the chatter",
            trigger: message("Three windows then"),
        },
        {
            content: "so is the mail that it answers",
            trigger: message("how much is a window"),
        },
    ],
});

addTour("lead_communications.first", {
    steps: () => [
        {
            content: "attach the call to the lead that was found",
            trigger: `${row("+48221234567")} button[name=action_attach]`,
            run: "click",
        },
        {
            content: "put it on the lead",
            trigger: ".modal .modal-footer .btn-primary:contains(Attach)",
            run: "click",
        },
        {
            content: "that is told",
            trigger: "body:not(:has(.modal)) .o_notification:contains(First come)",
        },
    ],
});

addTour("lead_communications.second", {
    steps: () => [
        {
            content: "press Create on a call that a colleague is attaching",
            trigger: `${row("+48221234567")} button[name=action_create_lead]`,
            run: "click",
        },
        {
            content: "who was first is told",
            trigger: ".modal .o_error_dialog:contains(/Clara was first/)",
        },
        {
            content: "look at what was decided",
            trigger: ".modal footer button:contains(Open the lead)",
            run: "click",
        },
        {
            content: "the lead is open",
            trigger: `body:not(:has(.modal)) ${field("name", "textarea")}:value(First come)`,
        },
    ],
});
