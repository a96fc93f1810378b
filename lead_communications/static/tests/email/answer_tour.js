import { addTour, field } from "../steps";

const CURRENT = ".o_data_row[aria-current=true]";
const REPLY = ".o_lead_preview .o_lead_answers button[name=action_reply]";

addTour("lead_communications.answer_waiting", {
    steps: () => [
        {
            content: "under the text of the email: answer it",
            trigger: `.o_list_view:has(${CURRENT}:contains(Jan Kowalski)) ${REPLY}`,
            run: "click",
        },
        {
            content: "what sending does is told",
            trigger: ".modal .alert-info:contains(Sending puts the email on “48 windows”.)",
        },
        {
            content: "think better of it",
            trigger: ".modal footer button:contains(Discard)",
            run: "click",
        },
        {
            content: "it waits still",
            trigger: `body:not(:has(.modal)) .o_list_view:has(${CURRENT}:contains(Jan Kowalski)) ${REPLY}`,
            run: "click",
        },
        {
            content: "the subject says that it is an answer",
            trigger: `.modal ${field("subject")}:value(Re: A question about windows)`,
        },
        {
            content: "send it, by a double click",
            trigger: ".modal button.o_mail_send:enabled",
            run: "dblclick",
        },
        {
            content: "what happened is told, and the next row is the current one",
            trigger: `body:not(:has(.modal)):has(${CURRENT}:contains(Ewa Nowak)) .o_notification:contains(48 windows)`,
        },
        {
            content: "of her, no lead is known: answer her",
            trigger: `.o_lead_preview:has(h3:contains(Ewa Nowak)) .o_lead_answers button[name=action_reply]`,
            run: "click",
        },
        {
            content: "a lead will be created",
            trigger: ".modal .alert-info:contains(Sending creates a lead from the email.)",
        },
        {
            content: "send it",
            trigger: ".modal button.o_mail_send:enabled",
            run: "click",
        },
        {
            content: "all is decided",
            trigger: "body:not(:has(.modal)) .o_view_nocontent:contains(All is decided. Well done!)",
        },
    ],
});

addTour("lead_communications.answer_phone", {
    steps: () => [
        {
            content: "the obvious decision is the first button of the card",
            trigger:
                ".o_kanban_record:contains(Jan Kowalski) button.btn-primary[name=action_attach_suggested]:contains(48 windows)",
        },
        {
            content: "open the email",
            trigger: ".o_kanban_record:contains(Jan Kowalski)",
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
            content: "attach it",
            trigger:
                ".o_kanban_record:contains(Jan Kowalski) button[name=action_attach_suggested]",
            run: "click",
        },
        {
            content: "the Inbox stays, without it",
            trigger: ".o_kanban_renderer:not(:has(.o_kanban_record:contains(Jan Kowalski)))",
        },
    ],
});
