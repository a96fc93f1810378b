import { addTour, field, openTab } from "../steps";

const EVENTS = ".o_field_widget[name=latest_event_ids]";

/** Plan an event of a type from the card: two clicks, then what is known of it. */
function newEvent(type, subject) {
    return [
        openTab("events"),
        {
            content: `a new ${type}`,
            trigger: `.o_notebook button[name=action_new_event]:contains(${type})`,
            run: "click",
        },
        {
            content: "what it is about",
            trigger: `.modal ${field("subject")}`,
            run: `edit ${subject}`,
        },
        {
            content: "save and close",
            trigger: ".modal .modal-footer button:contains(Save and Close)",
            run: "click",
        },
        {
            content: "it stands on the card",
            trigger: `body:not(:has(.modal)) ${EVENTS} .o_data_row:contains(${subject})`,
        },
    ];
}

addTour("lead_communications.plan_events", {
    steps: () => [
        ...newEvent("Call", "Agree on the colour"),
        ...newEvent("Meeting", "Measure the windows"),
        ...newEvent("Note", "Has a dog"),
        {
            content: "three are counted",
            trigger: "button[name=action_open_events] .o_stat_value:contains(/^3$/)",
        },
        {
            content: "the meeting is called off",
            trigger: `${EVENTS} .o_data_row:contains(Measure) button[name=action_cancel]`,
            run: "click",
        },
        {
            content: "it is canceled",
            trigger: `${EVENTS} .o_data_row:contains(Measure):contains(Canceled)`,
        },
    ],
});

addTour("lead_communications.real_call", {
    steps: () => [
        {
            content: "the call that was made waits: it belongs to the lead that was found",
            trigger: ".o_data_row:contains(+48221234567) button[name=action_attach]",
            run: "click",
        },
        {
            content: "put it on the lead",
            trigger: ".modal .modal-footer .btn-primary:contains(Attach)",
            run: "click",
        },
        {
            content: "it waits no longer",
            trigger: "body:not(:has(.modal)):not(:has(.o_data_row))",
        },
    ],
});

addTour("lead_communications.call_took_place", {
    steps: () => [
        openTab("events"),
        {
            content: "the call that was planned took place",
            trigger: `${EVENTS} .o_data_row:contains(Agree on the colour):contains(Completed)`,
        },
        {
            content: "open all events",
            trigger: ".o_notebook button[name=action_open_events]",
            run: "click",
        },
        {
            content: "the planned one, the real one, the meeting and the note",
            trigger: ".o_list_view .o_data_row:count(4)",
        },
        {
            content: "as a timeline",
            trigger: ".o_switch_view.o_kanban",
            run: "click",
        },
        {
            content: "they stand there, too",
            trigger: ".o_lead_timeline .o_kanban_record:contains(Has a dog)",
        },
        {
            content: "and in a calendar",
            trigger: ".o_switch_view.o_calendar",
            run: "click",
        },
        {
            content: "the meeting is in it",
            trigger: ".o_calendar_view .fc-event:contains(Measure)",
        },
    ],
});
