import { addTour, field } from "../steps";

function card(text) {
    return `.o_kanban_record:contains(${text})`;
}

addTour("lead_communications.phone", {
    steps: () => [
        {
            content: "open the menu",
            trigger: ".o_menu_toggle",
            run: "click",
        },
        {
            content: "choose Calls",
            trigger: ".o_app_menu_sidebar [data-menu-xmlid^='lead_communications.calls_menu']",
            run: "click",
        },
        {
            content: "three calls wait, as cards",
            trigger: ".o_kanban_view:has(.o_kanban_record:contains(+48):count(3))",
        },
        {
            content: "nothing is wider than the screen",
            trigger: ".o_kanban_renderer",
            run() {
                const { scrollWidth, clientWidth } = this.anchor;
                if (scrollWidth > clientWidth) {
                    throw new Error(`${scrollWidth} pixels in ${clientWidth}`);
                }
            },
        },
        {
            content: "set one aside",
            trigger: `${card("+48221234501")} button[name=action_ignore]`,
            run: "click",
        },
        {
            content: "it waits no longer",
            trigger: ".o_kanban_view:has(.o_kanban_record:contains(+48):count(2))",
        },
        {
            content: "open another",
            trigger: card("+48221234502"),
            run: "click",
        },
        {
            content: "its number is shown",
            trigger: `.o_form_view ${field("number", "")}:contains(+48221234502)`,
        },
        {
            content: "on to the next one",
            trigger: ".o_pager_next",
            run: "click",
        },
        {
            content: "its number is shown",
            trigger: `.o_form_view ${field("number", "")}:contains(+48221234503)`,
        },
        {
            content: "back to the calls",
            trigger: ".o_breadcrumb .o_back_button, .o_back_button",
            run: "click",
        },
        {
            content: "create a lead of the last one",
            trigger: `${card("+48221234503")} button[name=action_create_lead]`,
            run: "click",
        },
        {
            content: "its card opens, with the number",
            trigger: `.o_form_view ${field("phone")}:value(+48 22 123 45 03)`,
        },
    ],
});
