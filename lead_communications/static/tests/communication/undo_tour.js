import { addTour, openMenu } from "../steps";

const CURRENT = ".o_data_row[aria-current=true]";

addTour("lead_communications.undo_keys", {
    steps: () => [
        {
            content: "one waits; two were decided before this page was opened",
            trigger: `.o_list_view:has(.o_data_row:count(1)) ${CURRENT}:contains(Caller 2):has(.o_data_cell:focus)`,
            run: "press u",
        },
        {
            content: "the last one is back, it is told, and it is the current one",
            trigger: `.o_list_view:has(.o_data_row:count(2)) ${CURRENT}:contains(Caller 1)`,
            run: "press u",
        },
        {
            content: "so is the one before",
            trigger: `.o_list_view:has(.o_data_row:count(3)) ${CURRENT}:contains(Caller 0)`,
            run: "press u",
        },
        {
            content: "there is none any more",
            trigger: ".modal:contains(can be taken back any more) footer button",
            run: "click",
        },
        {
            content: "ignore one again",
            trigger: `body:not(:has(.modal)) ${CURRENT}:contains(Caller 0)`,
            run: "press i",
        },
        ...openMenu("crm.crm_menu_leads", "lead_communications.decisions_menu_leads", "My Decisions"),
        {
            content: "the older ones are undone already",
            trigger: ".o_data_row:contains(Caller 1):contains(Undone):not(:has(button[name=action_undo]))",
        },
        {
            content: "take back the last one from the list",
            trigger: ".o_data_row:contains(Caller 0):contains(Can be undone) button[name=action_undo]",
            run: "click",
        },
        {
            content: "the list says so",
            trigger: ".o_list_view:not(:has(button[name=action_undo]))",
        },
    ],
});

addTour("lead_communications.undo_back", {
    steps: () => [
        {
            content: "search for one",
            trigger: ".o_searchview_input",
            run: "edit Caller 1",
        },
        {
            content: "in the subject and the name",
            trigger: ".o_searchview_autocomplete .o-dropdown-item:first",
            run: "click",
        },
        {
            content: "create a lead of it",
            trigger: `.o_list_view:has(.o_data_row:count(1)) ${CURRENT}:contains(Caller 1) button[name=action_create_lead]`,
            run: "click",
        },
        {
            content: "its card is open: take it back",
            trigger: "body:has(.o_form_view .o_field_widget[name=phone]) .o_notification button:contains(Undo)",
            run: "click",
        },
        {
            content: "the list is there with the search and the row",
            trigger: `.o_list_view:has(.o_searchview_facet:contains(Caller 1)):has(.o_data_row:count(1)) ${CURRENT}:contains(Caller 1)`,
        },
    ],
});
