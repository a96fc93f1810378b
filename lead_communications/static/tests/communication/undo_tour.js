import { addTour } from "../steps";

const CURRENT = ".o_data_row[aria-current=true]";

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
