import { addTour, field } from "../steps";

const CURRENT = ".o_data_row[aria-current=true]";
const READY = ".o_searchview_facet .o_facet_value:contains(/^Ready$/)";

/** The current row, which is shown beside the list, too. */
function shown(name) {
    return `.o_list_view:has(${CURRENT}:contains(${name})) .o_lead_preview h3:contains(${name})`;
}

function preset(number) {
    return `.modal button[data-key='${number}']`;
}

addTour("lead_communications.snooze_keys", {
    steps: () => [
        { content: "only what waits is shown", trigger: READY },
        {
            content: "snooze the first one",
            trigger: shown("Caller 0"),
            run: "press s",
        },
        {
            content: "Enter is for the first time that is offered",
            trigger: preset(1),
            run: "press Enter",
        },
        {
            content: "it is told until when, and the next one is the current one",
            trigger: `body:not(:has(.modal)):has(.o_notification:contains(Snoozed until)) ${shown("Caller 1")}`,
            run: "press s",
        },
        {
            content: "a digit chooses a time",
            trigger: preset(3),
            run: "press 3",
        },
        {
            content: "the next one is there",
            trigger: `body:not(:has(.modal)) ${shown("Caller 2")}`,
            run: "press u",
        },
        {
            content: "the last one is back, and is the current one",
            trigger: shown("Caller 1"),
        },
        {
            content: "select two",
            trigger: ".o_data_row:contains(Caller 2) .o_list_record_selector input",
            run: "click",
        },
        {
            content: "and another",
            trigger: ".o_data_row:contains(Caller 3) .o_list_record_selector input",
            run: "click",
        },
        {
            content: "snooze them by the key",
            trigger: ".o_list_view:has(.o_data_row_selected:contains(Caller 3))",
            run: "press s",
        },
        {
            content: "it is about two",
            trigger: `.modal ${field("count", "")}:contains(2)`,
        },
        {
            content: "until Monday",
            trigger: preset(2),
            run: "click",
        },
        {
            content: "only one waits; what is snoozed is counted apart",
            trigger: ".o_list_view:has(.o_data_row:contains(Caller 1)):not(:has(.o_data_row:contains(Caller 2)))",
        },
        {
            content: "open the counter",
            trigger: ".o_lead_ready_counter button[aria-label*='calls: 1']",
            run: "click",
        },
        {
            content: "go to what is snoozed",
            trigger: ".o-dropdown-item[data-type=snoozed]:contains(3)",
            run: "click",
        },
        {
            content: "each says until when",
            trigger: ".o_data_row:contains(Caller 3) .o_lead_mark:contains(Snoozed until)",
        },
        {
            content: "choose one",
            trigger: ".o_data_row:contains(Caller 3) .o_data_cell[name=summary]",
            run: "click",
        },
        {
            content: "the preview says by whom",
            trigger: `${shown("Caller 3")}`,
        },
        {
            content: "give it back to Ready by the key",
            trigger: `.o_lead_preview:has(${field("snooze_note", "")}:contains(Snoozed until)) ${field("snoozed_by_id", "")}`,
            run: "press r",
        },
        {
            content: "it is snoozed no longer",
            trigger: ".o_list_view:has(.o_data_row:contains(Caller 2)):not(:has(.o_data_row:contains(Caller 3)))",
        },
    ],
});

function card(text) {
    return `.o_kanban_record:contains(${text})`;
}

addTour("lead_communications.snooze_phone", {
    steps: () => [
        {
            content: "snooze by the button of the card",
            trigger: `${card("Caller 0")} button[name=action_snooze]`,
            run: "click",
        },
        {
            content: "nothing is wider than the screen",
            trigger: preset(1),
            run() {
                const { scrollWidth, clientWidth } = document.documentElement;
                if (scrollWidth > clientWidth) {
                    throw new Error(`${scrollWidth} pixels in ${clientWidth}`);
                }
            },
        },
        {
            content: "in a week",
            trigger: preset(3),
            run: "click",
        },
        {
            content: "it waits no longer",
            trigger: `body:not(:has(.modal)) .o_kanban_view:has(${card("Caller 1")}):not(:has(${card("Caller 0")}))`,
        },
        {
            content: "take it back",
            trigger: ".o_notification button:contains(Undo)",
            run: "click",
        },
        {
            content: "it waits again: open it",
            trigger: card("Caller 0"),
            run: "click",
        },
        {
            content: "the buttons of its card are behind a menu",
            trigger: ".o_form_view .o_statusbar_buttons .dropdown-toggle",
            run: "click",
        },
        {
            content: "snooze it there",
            trigger: "button[name=action_snooze]",
            run: "click",
        },
        {
            content: "until Monday",
            trigger: preset(2),
            run: "click",
        },
        {
            content: "the card says so",
            trigger: `body:not(:has(.modal)) .o_form_view ${field("snooze_note", "")}:contains(Snoozed until)`,
        },
    ],
});
