import { Component, onWillStart, onWillUpdateProps, useState } from "@odoo/owl";
import { _t } from "@web/core/l10n/translation";
import { registry } from "@web/core/registry";
import { useService } from "@web/core/utils/hooks";
import { standardWidgetProps } from "@web/views/widgets/standard_widget_props";

/**
 * Shows the original of an email, which is read when its tab is opened. The HTML is a page of its
 * own in a sandbox, and pictures from other servers are fetched only when somebody asks for them.
 */
export class OriginalWidget extends Component {
    static template = "lead_communications.OriginalWidget";
    static props = { ...standardWidgetProps };

    setup() {
        this.orm = useService("orm");
        this.state = useState({ original: false, hasImages: false });
        onWillStart(() => this.load(this.props.record));
        onWillUpdateProps(async ({ record }) => {
            if (record.resId !== this.resId) {
                await this.load(record);
            }
        });
    }

    async load({ resModel, resId }) {
        this.resId = resId;
        const [row] = await this.orm.read(resModel, [resId], ["original"]);
        if (resId === this.resId) {
            Object.assign(this.state, { original: row.original, hasImages: false });
        }
    }

    get base() {
        return `/lead_communications/email/${this.resId}`;
    }

    get htmlUrl() {
        return `${this.base}/html?images=${this.state.hasImages ? 1 : 0}`;
    }

    get title() {
        return _t("The email as the sender designed it");
    }

    showImages() {
        this.state.hasImages = true;
    }
}

registry.category("view_widgets").add("lead_original", { component: OriginalWidget });
