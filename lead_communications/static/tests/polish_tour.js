import { addTour, openCrm, openMenu } from "./steps";

const LEADS = "crm.crm_menu_leads";
const ROW = ".o_data_row:contains(+48221234567)";

/** What can be decided about the call, in the row and beside it. */
function decisions() {
    return [
        {
            content: "the filter is named",
            trigger: ".o_searchview_facet .o_facet_value:contains(/^Gotowy$/)",
        },
        {
            content: "a lead can be created",
            trigger: `${ROW} button[name=action_create_lead]:contains(/^Utwórz$/)`,
        },
        {
            content: "the call can be attached",
            trigger: `${ROW} button[name=action_attach]:contains(/^Dołącz$/)`,
        },
        {
            content: "and be set aside",
            trigger: `${ROW} button[name=action_ignore]:contains(/^Ignoruj$/)`,
        },
        {
            content: "beside the list, too",
            trigger: ".o_lead_preview button[name=action_ignore]:contains(/^Ignoruj$/)",
        },
    ];
}

addTour("lead_communications.polish", {
    steps: () => [
        ...openCrm(),
        ...openMenu(LEADS, "lead_communications.inbox_menu_leads", "Skrzynka odbiorcza"),
        ...decisions(),
        {
            content: "the preview is named, and the result of the call",
            trigger: "aside[aria-label=Podgląd] .o_field_widget[name=result]:contains(/^Nieodebrane$/)",
        },
        {
            content: "what it is can be heard",
            trigger: `${ROW} [role=img][aria-label='Połączenie, Przychodzące, Nieodebrane']`,
        },
        {
            content: "so can the counter",
            trigger: ".o_lead_ready_counter button[aria-label^='Skrzynka odbiorcza (']",
        },
        ...openMenu(LEADS, "lead_communications.calls_menu_leads", "Połączenia"),
        ...decisions(),
    ],
});
