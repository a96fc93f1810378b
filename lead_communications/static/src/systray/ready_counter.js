import { Component, onMounted, onWillDestroy, useState } from "@odoo/owl";
import { browser } from "@web/core/browser/browser";
import { _t } from "@web/core/l10n/translation";
import { registry } from "@web/core/registry";
import { useService } from "@web/core/utils/hooks";
import { session } from "@web/session";

// A busy morning asks for the numbers no more often than this.
export const COUNT_DELAY = 1000;

/** How many calls and emails wait for the user, always; a click opens the Inbox. */
export class ReadyCounter extends Component {
    static template = "lead_communications.ReadyCounter";
    static props = {};

    setup() {
        this.orm = useService("orm");
        this.action = useService("action");
        this.state = useState({ counts: {} });
        const bus = useService("bus_service");
        const onChanged = () => this.countSoon();
        bus.subscribe("lead_communications/changed", onChanged);
        onMounted(() => this.count());
        onWillDestroy(() => {
            bus.unsubscribe("lead_communications/changed", onChanged);
            browser.clearTimeout(this.timeout);
        });
    }

    countSoon() {
        this.timeout ??= browser.setTimeout(() => {
            this.timeout = undefined;
            return this.count();
        }, COUNT_DELAY);
    }

    async count() {
        this.state.counts = await this.orm.silent.call("lead.communication", "count_ready", []);
    }

    get total() {
        const { call = 0, email = 0 } = this.state.counts;
        return call + email;
    }

    get label() {
        const { call = 0, email = 0 } = this.state.counts;
        return _t("Inbox (calls: %(calls)s, emails: %(emails)s)", {
            calls: call,
            emails: email,
        });
    }

    open() {
        return this.action.doAction("lead_communications.lead_communication_inbox_action", {
            clearBreadcrumbs: true,
        });
    }
}

registry.category("systray").add(
    "lead_communications.ready",
    {
        Component: ReadyCounter,
        isDisplayed: () => Boolean(session.lead_communications_has_inbox),
    },
    { sequence: 30 }
);
