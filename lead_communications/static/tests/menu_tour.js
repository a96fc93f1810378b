import { addTour, openCrm, openMenu } from "./steps";

const LEADS = "crm.crm_menu_leads";
const SALES = "crm.crm_menu_sales";
const INBOX = "[data-menu-xmlid^='lead_communications.inbox_menu']";
const CALLS = "[data-menu-xmlid^='lead_communications.calls_menu']";
const EMAILS = "[data-menu-xmlid^='lead_communications.emails_menu']";

function menu(xmlid) {
    return `[data-menu-xmlid="${xmlid}"]`;
}

/** The menu Sales, open, without anything of ours. */
const BARE_SALES = [
    ".o-dropdown--menu:has([data-menu-xmlid='crm.menu_crm_opportunities'])",
    `:not(:has(${INBOX})):not(:has(${CALLS})):not(:has(${EMAILS}))`,
].join("");

addTour("lead_communications.menus_leads", {
    steps: () => [
        ...openCrm(),
        ...openMenu(LEADS, "lead_communications.inbox_menu_leads", "Inbox"),
        ...openMenu(LEADS, "lead_communications.leads_menu_leads", "Leads"),
        ...openMenu(LEADS, "lead_communications.calls_menu_leads", "Calls"),
        ...openMenu(LEADS, "lead_communications.emails_menu_leads", "Email"),
        ...openMenu(LEADS, "lead_communications.exceptions_menu_leads", "Exceptions"),
        {
            content: "open Sales",
            trigger: `.o_menu_sections button${menu(SALES)}`,
            run: "click",
        },
        {
            content: "they are not there a second time",
            trigger: BARE_SALES,
        },
    ],
});

addTour("lead_communications.menus_sales", {
    steps: () => [
        ...openCrm(),
        {
            content: "there is no menu Leads",
            trigger: `.o_menu_sections:has(${menu(SALES)}):not(:has(${menu(LEADS)}))`,
        },
        ...openMenu(SALES, "lead_communications.inbox_menu_sales", "Inbox"),
        ...openMenu(SALES, "lead_communications.calls_menu_sales", "Calls"),
        ...openMenu(SALES, "lead_communications.emails_menu_sales", "Email"),
        ...openMenu(SALES, "lead_communications.exceptions_menu_sales", "Exceptions"),
    ],
});

addTour("lead_communications.menus_none", {
    steps: () => [
        ...openCrm(),
        {
            content: "Leads is Odoo's own entry, not a menu with entries",
            trigger: `.o_menu_sections a${menu(LEADS)}`,
        },
        {
            content: "open Sales",
            trigger: `.o_menu_sections button${menu(SALES)}`,
            run: "click",
        },
        {
            content: "nothing of ours is there",
            trigger: BARE_SALES,
        },
    ],
});
