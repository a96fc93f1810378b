import { addTour, field } from "../steps";

function row(text) {
    return `.o_data_row:has(.o_data_cell:contains(${text}))`;
}

addTour("lead_communications.ignore_always", {
    steps: () => [
        {
            content: "ignore a caller always",
            trigger: `${row("+48221234567")} button[name=action_ignore_always]`,
            run: "click",
        },
        {
            content: "all numbers that begin alike",
            trigger: `.modal ${field("call_kind", ".o_radio_item:contains(beginning) input")}`,
            run: "click",
        },
        {
            content: "the beginning is proposed",
            trigger: `.modal ${field("prefix")}:value(+48 22 123 45*)`,
        },
        {
            content: "what else waits is counted",
            trigger: `.modal ${field("other_count", "span:contains(1)")}`,
        },
        {
            content: "ignore them",
            trigger: ".modal footer button[name=action_ignore_always]",
            run: "click",
        },
        {
            content: "it is told what was done",
            trigger: ".o_notification:contains(Always ignored from now on):contains(now: 2)",
        },
        {
            content: "neither waits any longer",
            trigger: `body:not(:has(.modal)) .o_list_view:not(:has(${row("+4822123456")}))`,
        },
        {
            content: "show what is decided as well",
            trigger: ".o_searchview_facet:contains(Ready) .o_facet_remove",
            run: "click",
        },
        {
            content: "open the call",
            trigger: `${row("+48221234567")} [name=number]`,
            run: "dblclick",
        },
        {
            content: "it says by which exception it was ignored",
            trigger: `.o_form_view ${field("exception_id", ":contains(+48 22 123 45*)")}`,
        },
        {
            content: "remove the exception",
            trigger: ".o_form_view button[name=action_remove_exception]",
            run: "click",
        },
        {
            content: "the call waits again",
            trigger: ".o_form_view button[name=action_create_lead]",
        },
        {
            content: "it is told what stays ignored",
            trigger: ".o_notification:contains(no longer an exception):contains(there: 1)",
        },
    ],
});
