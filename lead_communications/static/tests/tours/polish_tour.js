import { registry } from "@web/core/registry";
import { openCrm, openMenu } from "./steps";

const LEADS = "crm.crm_menu_leads";
const ROW = ".o_data_row:contains(+48221234567)";

registry.category("web_tour.tours").add("lead_communications.polish", {
    steps: () => [
        ...openCrm(),
        ...openMenu(LEADS, "lead_communications.calls_menu_leads", "Połączenia"),
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
            trigger: `${ROW} button[name=action_ignore]:contains(/^Ignorowany$/)`,
        },
    ],
});
