import { addTour, choose, openCrm } from "./steps";

const DIALOG = ".modal .o_form_view";

function kind(name, count, after) {
    const counts = [count, ...(after === undefined ? [] : [after])];
    const cells = ["count", "left_count"]
        .slice(0, counts.length)
        .map((field, index) => `:has([name=${field}]:contains(/^${counts[index]}$/))`);
    return {
        content: `${name}: ${counts.join(", then ")}`,
        trigger: `${DIALOG} .o_data_row:has([name=kind]:contains(${name}))${cells.join("")}`,
    };
}

const KINDS = [
    "Mailboxes",
    "Extensions and Numbers",
    "Planned Events",
    "Open Leads",
    "Calls in Ready",
    "Emails in Ready",
    "Call-Backs and Answers",
    "Other Activities",
    "Said “I Am on It”",
    "Exceptions",
];

addTour("lead_communications.hand_over", {
    steps: () => [
        ...openCrm(),
        {
            content: "open the configuration",
            trigger: ".o_menu_sections button[data-menu-xmlid='crm.crm_menu_config']",
            run: "click",
        },
        {
            content: "hand over",
            trigger:
                ".o-dropdown--menu [data-menu-xmlid='lead_communications.lead_communication_hand_over_menu']",
            run: "click",
        },
        ...choose("user_id", "Anna", DIALOG),
        {
            content: "count what she has",
            trigger: ".modal footer button[name=action_count]",
            run: "click",
        },
        ...KINDS.map((name) => kind(name, 1)),
        ...choose("successor_id", "Ben", `${DIALOG} .o_inner_group`),
        {
            content: "hand all of it over",
            trigger: ".modal footer button[name=action_hand_over]",
            run: "click",
        },
        {
            content: "it says that all is done",
            trigger: `${DIALOG} .alert-success:contains(All of it is handed over)`,
        },
        ...KINDS.map((name) => kind(name, 1, 0)),
        {
            content: "close",
            trigger: ".modal footer button:contains(Close)",
            run: "click",
        },
        {
            content: "the dialog is gone",
            trigger: "body:not(:has(.modal))",
        },
    ],
});
