import { Component } from "@odoo/owl";
import { _t } from "@web/core/l10n/translation";
import { registry } from "@web/core/registry";
import { standardFieldProps } from "@web/views/fields/standard_field_props";
import { ViewButton } from "@web/views/view_button/view_button";
import { kindIcons } from "./kind_field";

const SHOWN_CONTACTS = 3;

/** Return what tells a lead from the others, in a line. */
function leadFacts({ partner, stage, salesperson, revenue }) {
    return [partner, stage, salesperson, revenue].filter(Boolean).join(" · ");
}

/**
 * The lead of a communication, or those that it may belong to: the reason, what comes next, what
 * was last, and while it waits, a button to attach.
 */
export class CandidatesField extends Component {
    static template = "lead_communications.CandidatesField";
    static components = { ViewButton };
    static props = { ...standardFieldProps };

    setup() {
        this.facts = leadFacts;
        this.icons = kindIcons;
    }

    get candidates() {
        return this.props.record.data[this.props.name] || [];
    }

    get isWaiting() {
        return this.props.record.data.state === "ready";
    }

    contacts(candidate) {
        return candidate.contacts.slice(0, SHOWN_CONTACTS);
    }

    label(candidate) {
        return _t("Attach to “%s”", candidate.name);
    }

    clickParams(candidate) {
        return {
            type: "object",
            name: "action_attach_found",
            context: { found_lead_id: candidate.id, lead_stay: true },
        };
    }
}

/** The other open leads of the same company, and how many more there are. */
export class CompanyLeadsField extends Component {
    static template = "lead_communications.CompanyLeadsField";
    static props = { ...standardFieldProps };

    setup() {
        this.facts = leadFacts;
    }

    get found() {
        return this.props.record.data[this.props.name] || { leads: [], more: 0, hidden: 0 };
    }
}

registry.category("fields").add("lead_candidates", {
    component: CandidatesField,
    supportedTypes: ["json"],
});
registry.category("fields").add("lead_company_leads", {
    component: CompanyLeadsField,
    supportedTypes: ["json"],
});
