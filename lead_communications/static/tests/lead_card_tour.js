import { stepUtils } from "@web_tour/tour_utils";
import { addTour, field, openTab } from "./steps";

addTour("lead_communications.lead_card", {
    steps: () => [
        {
            content: "two calls are counted",
            trigger: "button[name=action_open_calls] .o_stat_value:contains(/^2$/)",
        },
        {
            content: "one email is counted",
            trigger: "button[name=action_open_emails] .o_stat_value:contains(/^1$/)",
        },
        openTab("calls"),
        {
            content: "the calls are there",
            trigger: field("latest_call_ids", ".o_data_row:contains(+48221234567):count(2)"),
        },
        openTab("emails"),
        {
            content: "the email is there",
            trigger: field("latest_email_ids", ".o_data_row:contains(A question about windows)"),
        },
        {
            content: "without an address there is nobody to write to",
            trigger: ".o_form_view:not(:has(button[name=action_write_email]))",
        },
        {
            content: "open the calls by their counter",
            trigger: "button[name=action_open_calls]",
            run: "click",
        },
        {
            content: "they are listed, though nothing of them waits",
            trigger: ".o_list_view .o_data_row:count(2)",
        },
        {
            content: "back to the lead",
            trigger: ".o_breadcrumb .breadcrumb-item:last a, .o_back_button",
            run: "click",
        },
        {
            content: "fill in an address",
            trigger: `.o_form_view ${field("email_from")}:first`,
            run: "edit jan@customer.test",
        },
        ...stepUtils.saveForm(),
        {
            content: "write an email",
            trigger: "button[name=action_write_email]",
            run: "click",
        },
        {
            content: "the recipient is filled in",
            trigger: `.modal ${field("partner_ids", ":contains(jan@customer.test)")}`,
        },
        {
            content: "so is the subject, by the template",
            trigger: `.modal ${field("subject")}:value(Our offer: Windows for a house)`,
        },
        {
            content: "and the text",
            trigger: `.modal ${field("body", ":contains(Good morning, here is our offer)")}`,
        },
    ],
});
