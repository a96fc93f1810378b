import { browser } from "@web/core/browser/browser";
import { _t } from "@web/core/l10n/translation";
import { useService } from "@web/core/utils/hooks";
import { patch } from "@web/core/utils/patch";
import { PhoneField } from "@web/views/fields/phone/phone_field";
import { session } from "@web/session";

// One person speaks with one party at a time: the next call takes the place of the last one.
let closeOffer = null;

/**
 * Numbers dial through the telephone system of those who have a telephone there. A call that goes by
 * the person's own program is reported by nobody: they are offered to write it down.
 */
patch(PhoneField.prototype, {
    setup() {
        super.setup(...arguments);
        const { lead_communications_can_dial, lead_communications_can_log } = session;
        if (lead_communications_can_dial) {
            this.orm = useService("orm");
        }
        if (lead_communications_can_dial || lead_communications_can_log) {
            this.notification = useService("notification");
            this.action = useService("action");
        }
    },

    /** @param {MouseEvent} ev on Odoo's own ``tel:`` link, which does it for everybody else */
    async onClickDial(ev) {
        if (ev.ctrlKey || ev.metaKey || ev.shiftKey) {
            return;
        }
        if (!this.orm) {
            return this.offerLog();
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
                this.offerLog();
            } else {
                this.notification.add(_t("Your telephone rings. Pick it up to call %s.", number), {
                    type: "info",
                });
            }
        } finally {
            this.isDialling = false;
        }
    },

    /** Offers to write the call down, as long as the person speaks. */
    offerLog() {
        if (!session.lead_communications_can_log) {
            return;
        }
        const { data, resId, resModel } = this.props.record;
        const number = data[this.props.name];
        const context = { default_number: number, default_direction: "outgoing" };
        if (resModel === "crm.lead" && resId) {
            context.default_lead_id = resId;
            context.default_contact_name = data.contact_name || "";
        }
        closeOffer?.();
        closeOffer = this.notification.add(_t("You are calling %s.", number), {
            type: "info",
            sticky: true,
            buttons: [
                {
                    name: _t("Log a Call"),
                    primary: true,
                    onClick: () => {
                        closeOffer?.();
                        this.action.doAction("lead_communications.lead_communication_log_action", {
                            additionalContext: context,
                        });
                    },
                },
            ],
        });
    },
});
