import { browser } from "@web/core/browser/browser";
import { _t } from "@web/core/l10n/translation";
import { useService } from "@web/core/utils/hooks";
import { patch } from "@web/core/utils/patch";
import { PhoneField } from "@web/views/fields/phone/phone_field";
import { session } from "@web/session";

/** Numbers dial through the telephone system of those who have a telephone there. */
patch(PhoneField.prototype, {
    setup() {
        super.setup(...arguments);
        if (session.lead_communications_can_dial) {
            this.orm = useService("orm");
            this.notification = useService("notification");
        }
    },

    /** @param {MouseEvent} ev on Odoo's own ``tel:`` link, which does it for everybody else */
    async onClickDial(ev) {
        if (!this.orm || ev.ctrlKey || ev.metaKey || ev.shiftKey) {
            return;
        }
        ev.preventDefault();
        ev.stopPropagation();
        if (this.isDialling) {
            return;
        }
        this.isDialling = true;
        const number = this.props.record.data[this.props.name];
        try {
            const { url } = await this.orm.call("lead.pbx", "dial", [number]);
            if (url) {
                browser.location.assign(url);
            } else {
                this.notification.add(
                    _t("Your telephone rings. Pick it up to call %s.", number),
                    { type: "info" }
                );
            }
        } finally {
            this.isDialling = false;
        }
    },
});
