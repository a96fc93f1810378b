import { registry } from "@web/core/registry";
import { stepUtils } from "@web_tour/tour_utils";

// As long as the host lets a step wait: on a machine that is busy, what it waits for comes late.
const STEP_TIMEOUT = 60000;

/** Register a tour whose steps have time enough. */
export function addTour(name, { steps }) {
    registry.category("web_tour.tours").add(name, {
        steps: () => steps().map((step) => ({ timeout: STEP_TIMEOUT, ...step })),
    });
}

/** Open the CRM from the menu of all apps. */
export function openCrm() {
    return stepUtils.goToAppSteps("crm.crm_menu_root", "open the CRM");
}

/** Open an entry of a menu of the CRM, and wait for the screen with that title. */
export function openMenu(section, entry, title) {
    return [
        {
            content: `open the menu ${section}`,
            trigger: `.o_menu_sections button[data-menu-xmlid="${section}"]`,
            run: "click",
        },
        {
            content: `choose ${entry}`,
            trigger: `.o-dropdown--menu [data-menu-xmlid="${entry}"]`,
            run: "click",
        },
        {
            content: `the screen ${title} is open`,
            trigger: `.o_breadcrumb .o_last_breadcrumb_item > span:contains(/^${title}$/)`,
        },
    ];
}

/** The part of a selector that finds a field of the form, in the dialog if one is open. */
export function field(name, rest = "input") {
    return `.o_field_widget[name=${name}] ${rest}`;
}

/** Choose a value of a many2one by a part of its name. */
export function choose(name, text, scope = "") {
    return [
        {
            content: `search ${name} for ${text}`,
            trigger: `${scope} ${field(name)}`,
            run: `edit ${text}`,
        },
        {
            content: `choose ${text}`,
            trigger: `.o-autocomplete--dropdown-item:not(.o_m2o_dropdown_option):contains(${text})`,
            run: "click",
        },
    ];
}

/** Open a tab of the form. */
export function openTab(name) {
    return {
        content: `open the tab ${name}`,
        trigger: `.o_notebook_headers .nav-link[name=${name}]`,
        run: "click",
    };
}
