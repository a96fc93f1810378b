import { Component } from "@odoo/owl";
import { formatDateTime } from "@web/core/l10n/dates";
import { registry } from "@web/core/registry";
import { standardFieldProps } from "@web/views/fields/standard_field_props";

/** Says in a few letters how long ago something was, and when exactly on demand. */
export class AgeField extends Component {
    static template = "lead_communications.AgeField";
    static props = { ...standardFieldProps };

    get value() {
        return this.props.record.data[this.props.name];
    }

    get age() {
        return this.value.toRelative({ style: "short" });
    }

    get title() {
        return formatDateTime(this.value);
    }
}

registry.category("fields").add("lead_age", {
    component: AgeField,
    supportedTypes: ["datetime"],
});
