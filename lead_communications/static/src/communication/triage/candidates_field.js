import { Component } from "@odoo/owl";
import { _t } from "@web/core/l10n/translation";
import { registry } from "@web/core/registry";
import { standardFieldProps } from "@web/views/fields/standard_field_props";
import { ViewButton } from "@web/views/view_button/view_button";

/** The leads that a communication may belong to, each with the reason and a button to attach. */
export class CandidatesField extends Component {
    static template = "lead_communications.CandidatesField";
    static components = { ViewButton };
    static props = { ...standardFieldProps };

    get candidates() {
        return this.props.record.data[this.props.name] || [];
    }

    facts({ partner, stage, salesperson }) {
        return [partner, stage, salesperson].filter(Boolean).join(" · ");
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

registry.category("fields").add("lead_candidates", {
    component: CandidatesField,
    supportedTypes: ["json"],
});
