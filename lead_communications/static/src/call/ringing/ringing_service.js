import { markup } from "@odoo/owl";
import { browser } from "@web/core/browser/browser";
import { _t } from "@web/core/l10n/translation";
import { registry } from "@web/core/registry";

// No telephone rings for longer; the word that it is over may have been lost.
export const MAX_RINGING = 3 * 60 * 1000;
const MAX_LEADS = 3;

/**
 * @typedef {Object} RingingCall
 * @property {number} id
 * @property {string} number
 * @property {string} contact_name
 * @property {string} line
 * @property {number} lead_count
 * @property {{id: number, name: string, partner: string, stage: string, salesperson: string}[]} leads
 */

/** @param {RingingCall} call */
function title(call) {
    const party = [call.contact_name, call.number].filter(Boolean).join(", ");
    if (!party) {
        return _t("Incoming call from an unknown number");
    }
    return call.line
        ? _t("Incoming call: %(party)s to %(line)s", { party, line: call.line })
        : _t("Incoming call: %(party)s", { party });
}

/** @param {RingingCall} call */
function message(call) {
    if (!call.leads.length) {
        return _t("No lead was found.");
    }
    const rows = call.leads.slice(0, MAX_LEADS).map((lead) => {
        const facts = [lead.partner, lead.stage, lead.salesperson].filter(Boolean).join(" · ");
        return markup`<div class="mt-1"><b>${lead.name}</b><br/>${facts}</div>`;
    });
    const more = call.lead_count - rows.length;
    if (more > 0) {
        const text = _t("and %s more", more); // not exported from inside a template
        rows.push(markup`<div class="mt-1">${text}</div>`);
    }
    return rows.reduce((all, row) => markup`${all}${row}`);
}

/**
 * Shows who is calling, in each open tab, until the call is answered or over, or until the person
 * has dealt with it in any of the tabs.
 */
export const ringingService = {
    dependencies: ["action", "bus_service", "notification", "orm"],

    start(env, { action, bus_service: bus, notification, orm }) {
        /** @type {Map<number, () => void>} */
        const popups = new Map();
        const asked = new Set();
        const finished = new Set();
        const tabs = new browser.BroadcastChannel("lead_communications.ringing");

        function close(id) {
            finished.add(id);
            popups.get(id)?.();
        }

        function closeEverywhere(id) {
            close(id);
            tabs.postMessage(id);
        }

        function press(name, call) {
            return action.doActionButton({
                type: "object",
                name,
                resModel: "lead.communication",
                resId: call.id,
                resIds: [call.id],
                context: {},
            });
        }

        function open(call) {
            closeEverywhere(call.id);
            if (call.leads.length) {
                return press("action_open_lead", call);
            }
            return action.doAction("lead_communications.lead_communication_call_action", {
                viewType: "form",
                props: { resId: call.id },
            });
        }

        function create(call) {
            closeEverywhere(call.id);
            return press("action_create_lead", call);
        }

        /** @param {RingingCall} call */
        function show(call) {
            const timeout = browser.setTimeout(() => close(call.id), MAX_RINGING);
            const remove = notification.add(message(call), {
                title: title(call),
                type: "info",
                sticky: true,
                className: "o_lead_ringing",
                buttons: [
                    { name: _t("Open"), primary: true, onClick: () => open(call) },
                    { name: _t("Create"), onClick: () => create(call) },
                ],
                onClose: () => {
                    browser.clearTimeout(timeout);
                    popups.delete(call.id);
                    if (!finished.has(call.id)) {
                        closeEverywhere(call.id); // closed by its own button
                    }
                },
            });
            popups.set(call.id, remove);
        }

        /** Asks what the person may see of the call, which may be over before the answer comes. */
        async function ring({ id }) {
            if (asked.has(id)) {
                return;
            }
            asked.add(id);
            const call = await orm.silent.call("lead.communication", "get_ringing_message", [id]);
            if (call && !finished.has(id)) {
                show(call);
            }
        }

        tabs.addEventListener("message", ({ data }) => close(data));
        bus.subscribe("lead_communications/ringing", ring);
        bus.subscribe("lead_communications/ringing_over", ({ id }) => close(id));
        bus.start();
    },
};

registry.category("services").add("lead_communications.ringing", ringingService);
