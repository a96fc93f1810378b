import { Component, onMounted, onWillDestroy, useState } from "@odoo/owl";
import { browser } from "@web/core/browser/browser";
import { Dropdown } from "@web/core/dropdown/dropdown";
import { DropdownItem } from "@web/core/dropdown/dropdown_item";
import { _t } from "@web/core/l10n/translation";
import { registry } from "@web/core/registry";
import { useService } from "@web/core/utils/hooks";
import { session } from "@web/session";
import { WOKEN } from "../live/live_views";

// A busy morning asks for the numbers no more often than this.
export const COUNT_DELAY = 1000;
// Everybody's mornings begin at nine: what is back then is read within some seconds, not at once.
export const WAKE_SPREAD = 10000;
// Timers of browsers are no longer than three weeks; nobody keeps a tab open for that long.
const LONGEST_TIMER = 24 * 60 * 60 * 1000;

const ACTION = "lead_communications.lead_communication_%s_action";

/** How many calls and emails wait for the user, always, and the ways to their lists. */
export class ReadyCounter extends Component {
    static template = "lead_communications.ReadyCounter";
    static components = { Dropdown, DropdownItem };
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
            browser.clearTimeout(this.wakeTimeout);
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
        this.waitForWake(this.state.counts.wake_in);
    }

    /** Let open lists be read again when the next of what is snoozed is back. */
    waitForWake(seconds) {
        browser.clearTimeout(this.wakeTimeout);
        if (seconds !== undefined) {
            const delay = (seconds + 1) * 1000 + Math.random() * WAKE_SPREAD;
            this.wakeTimeout = browser.setTimeout(
                () => {
                    this.env.bus.trigger(WOKEN);
                    return this.count();
                },
                Math.min(delay, LONGEST_TIMER),
            );
        }
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

    /** The lists, with how much waits in each: those of what is connected. */
    get items() {
        const { call = 0, email = 0, snoozed = 0 } = this.state.counts;
        const types = session.lead_communications_types;
        return [
            { type: "inbox", name: _t("Inbox"), count: this.total },
            { type: "call", name: _t("Calls"), count: call },
            { type: "email", name: _t("Email"), count: email },
            { type: "snoozed", name: _t("Snoozed"), count: snoozed },
        ]
            .filter(({ type, count }) =>
                type === "snoozed" ? count : type === "inbox" || types.includes(type),
            )
            .map((item) => ({ ...item, action: ACTION.replace("%s", item.type) }));
    }

    open(action) {
        return this.action.doAction(action, { clearBreadcrumbs: true });
    }
}

registry.category("systray").add(
    "lead_communications.ready",
    {
        Component: ReadyCounter,
        isDisplayed: () => Boolean(session.lead_communications_types?.length),
    },
    { sequence: 30 }
);
