import { Component } from "@odoo/owl";
import { registry } from "@web/core/registry";
import { standardFieldProps } from "@web/views/fields/standard_field_props";

/**
 * A text, in front of which is said until when the communication is snoozed, or was: by an icon where
 * the words have no room.
 */
export class MarkedField extends Component {
    static template = "lead_communications.MarkedField";
    static props = { ...standardFieldProps };

    get text() {
        const text = this.props.record.data[this.props.name] || "";
        return this.mark ? ` ${text}` : text;
    }

    get mark() {
        return this.props.record.data.snooze_note;
    }

    get icon() {
        return this.props.record.data.is_snoozed ? "fa-clock-o" : "fa-bell-o";
    }

    get color() {
        return this.props.record.data.is_snoozed ? "text-bg-secondary" : "text-bg-warning";
    }
}

registry.category("fields").add("lead_marked", {
    component: MarkedField,
    supportedTypes: ["char"],
    fieldDependencies: [
        { name: "is_snoozed", type: "boolean" },
        { name: "snooze_note", type: "char" },
    ],
});
