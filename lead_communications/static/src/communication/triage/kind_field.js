import { Component } from "@odoo/owl";
import { formatDateTime } from "@web/core/l10n/dates";
import { _t } from "@web/core/l10n/translation";
import { registry } from "@web/core/registry";
import { standardFieldProps } from "@web/views/fields/standard_field_props";

const TYPE_ICONS = {
    call: "fa-phone",
    email: "fa-envelope-o",
    meeting: "fa-calendar",
    note: "fa-sticky-note-o",
};
const DIRECTION_ICONS = { incoming: "fa-arrow-down", outgoing: "fa-arrow-up" };
const RESULT_ICONS = { voicemail: "fa-microphone" };
const RESULT_COLORS = {
    answered: "text-success",
    missed: "text-danger",
    voicemail: "text-warning",
    no_answer: "text-warning",
    busy: "text-warning",
};

/** Return the icons of a communication: what it is, and in which direction. */
export function kindIcons({ direction, result, type }) {
    return [
        RESULT_ICONS[result] || TYPE_ICONS[type] || "fa-comment-o",
        DIRECTION_ICONS[direction],
    ].filter(Boolean);
}

/**
 * Says by icons what the communication is: its type, its direction, the result of a call and whether
 * somebody called back, whether an email has attachments.
 */
export class KindField extends Component {
    static template = "lead_communications.KindField";
    static props = { ...standardFieldProps };

    get icons() {
        const { attachment_count, called_back_date, direction, result } = this.props.record.data;
        const type = this.props.record.data[this.props.name];
        return [
            ...kindIcons({ direction, result, type }),
            attachment_count > 0 && "fa-paperclip",
            called_back_date && "fa-check",
        ].filter(Boolean);
    }

    get color() {
        return RESULT_COLORS[this.props.record.data.result] || "text-muted";
    }

    get label() {
        const { attachment_count: count, called_back_date: date } = this.props.record.data;
        return [
            ...[this.props.name, "direction", "result"].map((name) => this.labelOf(name)),
            count > 0 && _t("Attachments: %s", count),
            date && _t("Called back on %s", formatDateTime(date)),
        ]
            .filter(Boolean)
            .join(", ");
    }

    labelOf(name) {
        const { data, fields } = this.props.record;
        return fields[name].selection.find(([value]) => value === data[name])?.[1];
    }
}

export const kindField = {
    component: KindField,
    supportedTypes: ["selection"],
    fieldDependencies: [
        { name: "attachment_count", type: "integer" },
        { name: "called_back_date", type: "datetime" },
        { name: "direction", type: "selection" },
        { name: "result", type: "selection" },
    ],
};

registry.category("fields").add("lead_kind", kindField);
