import { addTour, field } from "../steps";

const COUNT = 20;
const CURRENT = ".o_data_row[aria-current=true]";

/** The list and the preview show the row; then its key is pressed, nothing else. */
function decide(number) {
    const name = `Caller ${String(number).padStart(2, "0")}`;
    const key = "ica"[number % 3];
    const steps = [
        {
            content: `${name}: press ${key}`,
            trigger: `.o_list_view:has(${CURRENT}:contains(${name})) .o_lead_preview h3:contains(${name})`,
            run: `press ${key}`,
        },
    ];
    if (key === "a") {
        steps.push({
            content: "the lead that fits is chosen: attach by Alt+Q",
            trigger: `.modal:has(.o_field_widget[name=lead_id] input:value(Lead of ${name})) footer`,
            run: "press alt+q",
        });
    }
    return steps;
}

addTour("lead_communications.inbox_keys", {
    steps: () => [
        ...Array.from({ length: COUNT }, (_, number) => decide(number)).flat(),
        {
            content: "that the last one is on a lead is told for some seconds, with the way back",
            trigger: ".o_notification:contains(/from 1 email|Attached to “/):contains(Undo)",
        },
        {
            content: "all is decided: take the last one back",
            trigger: ".o_view_nocontent:contains(All is decided. Well done!)",
            run: "press u",
        },
        {
            content: "it waits again",
            trigger: `${CURRENT}:contains(Caller 19)`,
            run: "press Enter",
        },
        {
            content: "it is open, and the way back is there",
            trigger: `.o_breadcrumb:contains(Inbox) ~ *, .o_form_view ${field("state", "")}`,
        },
    ],
});

addTour("lead_communications.inbox_second", {
    steps: () => [
        {
            content: "press C on a call that a colleague is attaching",
            trigger: `${CURRENT}:contains(+48221234567)`,
            run: "press c",
        },
        {
            content: "who was first is told",
            trigger: ".modal .o_error_dialog:contains(/Clara was first/)",
        },
        {
            content: "look at what was decided",
            trigger: ".modal footer button:contains(Open the lead)",
            run: "click",
        },
        {
            content: "the lead is open",
            trigger: `body:not(:has(.modal)) ${field("name", "textarea")}:value(First come)`,
        },
    ],
});

function card(text) {
    return `.o_kanban_record:contains(${text})`;
}

addTour("lead_communications.inbox_phone", {
    steps: () => [
        {
            content: "how much waits is in the bar",
            trigger: ".o_lead_ready_counter button[aria-label*='calls: 2, emails: 1']",
            run: "click",
        },
        {
            content: "go there",
            trigger: ".o-dropdown-item[data-type=inbox]:contains(3)",
            run: "click",
        },
        {
            content: "nothing is wider than the screen",
            trigger: `.o_kanban_renderer:has(${card("Jan Kowalski")})`,
            run() {
                for (const { scrollWidth, clientWidth } of [
                    this.anchor,
                    document.documentElement,
                ]) {
                    if (scrollWidth > clientWidth) {
                        throw new Error(`${scrollWidth} pixels in ${clientWidth}`);
                    }
                }
            },
        },
        {
            content: "what it is can be heard",
            trigger: `${card("+48221234501")} [role=img][aria-label='Call, Incoming, Missed']`,
        },
        {
            content: "set a call aside",
            trigger: `${card("+48221234501")} button[name=action_ignore]`,
            run: "click",
        },
        {
            content: "it waits no longer; open the email",
            trigger: `.o_kanban_renderer:not(:has(${card("+48221234501")})) ${card("Jan Kowalski")}`,
            run: "click",
        },
        {
            content: "read it",
            trigger: `.o_form_view ${field("body", ":contains(how much is a window)")}`,
        },
        {
            content: "back to the Inbox",
            trigger: ".o_back_button",
            run: "click",
        },
        {
            content: "create a lead of the other call",
            trigger: `${card("+48221234502")} button[name=action_create_lead]`,
            run: "click",
        },
        {
            content: "the Inbox stays, without it",
            trigger: `.o_kanban_renderer:not(:has(${card("+48221234502")}))`,
        },
        {
            content: "the lead is offered",
            trigger: ".o_notification button:contains(Open the lead)",
            run: "click",
        },
        {
            content: "the card of the lead is open, with the number",
            trigger: `.o_form_view ${field("phone")}:value(+48 22 123 45 02)`,
        },
    ],
});
