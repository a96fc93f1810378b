import { Component } from "@odoo/owl";
import { registry } from "@web/core/registry";
import { standardFieldProps } from "@web/views/fields/standard_field_props";

// What the browser shows without running anything; everything else is downloaded.
const SHOWN = /^(image\/(?!svg)|application\/pdf$)/;

/** The files of an email, each to be opened or downloaded without leaving the list. */
export class AttachmentLinks extends Component {
    static template = "lead_communications.AttachmentLinks";
    static props = { ...standardFieldProps };

    get files() {
        return this.props.record.data[this.props.name] || [];
    }

    url({ id, type }) {
        return SHOWN.test(type) ? `/web/content/${id}` : `/web/content/${id}?download=true`;
    }
}

registry.category("fields").add("lead_attachment_links", {
    component: AttachmentLinks,
    supportedTypes: ["json"],
});
