import { stepUtils } from "@web_tour/tour_utils";
import { addTour, choose, field } from "../steps";

const fill = (name, text) => ({
    content: `fill in ${name}`,
    trigger: `.o_form_view ${field(name, "input, textarea")}:visible`,
    run: `edit ${text}`,
});

addTour("lead_communications.new_company", {
    steps: () => [
        { content: "a new lead", trigger: ".o_list_button_add", run: "click" },
        fill("name", "Doors for a hall"),
        { content: "a new company", trigger: field("is_new_company"), run: "click" },
        {
            content: "it has no place among the existing ones",
            trigger: ".o_form_view:not(:has(.o_field_widget[name=existing_company_id]))",
        },
        fill("partner_name", "ACME windows"),
        fill("vat", "PL 526-000-12-46"),
        fill("website", "www.acme-windows.test"),
        ...choose("direction_id", "Homes"),
        { content: "save", trigger: ".o_form_button_save", run: "click" },
        {
            content: "the error names the company that exists",
            trigger: ".modal:contains(company name exists already: Acme Windows)",
        },
        {
            content: "open it",
            trigger: ".modal-footer button:contains(Open the company)",
            run: "click",
        },
        {
            content: "it is that company",
            trigger: `.modal .o_form_view ${field("website")}:value(https://www.Acme.test/)`,
        },
        { content: "close it", trigger: ".modal .btn-close", run: "click" },
        {
            content: "nothing that was entered is lost",
            trigger: `body:not(:has(.modal)) ${field("vat")}:value(PL 526-000-12-46)`,
        },
        { content: "it is not new", trigger: field("is_new_company"), run: "click" },
        ...choose("existing_company_id", "Acme"),
        {
            content: "its name and number are not asked for",
            trigger: ".o_form_view:not(:has(.o_field_widget[name=vat]))",
        },
        ...choose("partner_id", "Ewa"),
        ...stepUtils.saveForm(),
        {
            content: "the contact is filled in",
            trigger: `${field("email_from")}:value(ewa@acme.test)`,
        },
    ],
});
