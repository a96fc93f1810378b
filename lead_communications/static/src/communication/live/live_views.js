import {
    markup,
    onMounted,
    onPatched,
    onWillDestroy,
    onWillUnmount,
    useExternalListener,
    useSubEnv,
} from "@odoo/owl";
import { browser } from "@web/core/browser/browser";
import { _t } from "@web/core/l10n/translation";
import { registry } from "@web/core/registry";
import { useBus, useService } from "@web/core/utils/hooks";
import { KanbanController } from "@web/views/kanban/kanban_controller";
import { KanbanRecord } from "@web/views/kanban/kanban_record";
import { KanbanRenderer } from "@web/views/kanban/kanban_renderer";
import { kanbanView } from "@web/views/kanban/kanban_view";
import { ListController } from "@web/views/list/list_controller";
import { listView } from "@web/views/list/list_view";
import { dropSecondClick } from "../triage/presses";
import { readSeen, rememberSeen } from "./seen";

// What arrives within this time is fetched at once; a busy morning reloads no more than that.
export const RELOAD_DELAY = 300;
// When to look again whether a list that must not move may be reloaded.
export const BUSY_DELAY = 1000;
// In this tab: a time has come until which something was snoozed.
export const WOKEN = "lead_communications:woken";
// The live views that are on the screen.
const liveViews = new Set();
// The filters of what waits for a person.
const QUEUE_FILTERS = ["filter_ready", "filter_mine", "filter_unassigned"];

/** Return the kind of communications that a domain is limited to, if it says so. */
function typeInDomain(domain) {
    const leaf = domain.find(
        (part) => Array.isArray(part) && part[0] === "type" && part[1] === "=",
    );
    return leaf?.[2];
}

/** Whether what is on the screen reads itself anew when something has changed. */
export function isScreenLive() {
    return liveViews.size > 0;
}

/** Show a row that was given back: read once, though the server tells of the same change as well. */
export function showAgain(rowId) {
    liveViews.forEach((view) => view.showAgain(rowId));
}

/** Return what gives the focus back to the same place of the same record, drawn anew. */
function rememberFocus(records) {
    const active = document.activeElement;
    const row = active?.closest(".o_data_row, .o_kanban_record");
    const record = row && records.find(({ id }) => id === row.dataset.id);
    if (!record) {
        return null;
    }
    const place = [row, ...row.querySelectorAll("*")].indexOf(active);
    return (newRecords) => {
        const sameRecord = newRecords.find(({ resId }) => resId === record.resId);
        const newRow = sameRecord && document.querySelector(`[data-id="${sameRecord.id}"]`);
        if (newRow && document.activeElement === document.body) {
            [newRow, ...newRow.querySelectorAll("*")][place]?.focus();
        }
    };
}

/**
 * Reload the view when the server says that what it shows has changed, and open a row in the form
 * of its type, from which the next one and the one before are opened too.
 */
export const liveMixin = (Controller) =>
    class extends Controller {
        setup() {
            super.setup(...arguments);
            this.ui = useService("ui");
            this.orm = useService("orm");
            this.actionService = useService("action");
            this.trackLoading();
            const onClick = (ev) => dropSecondClick(ev, this.rootRef.el);
            useExternalListener(window, "click", onClick, { capture: true });
            const bus = useService("bus_service");
            const onChanged = ({ types }) => {
                const shown = typeInDomain(this.props.domain);
                if (!shown || types.includes(shown)) {
                    this.scheduleReload(RELOAD_DELAY);
                }
            };
            bus.subscribe("lead_communications/changed", onChanged);
            // Something that was snoozed is back, with the time, which nobody has to say.
            useBus(this.env.bus, WOKEN, () => this.scheduleReload(RELOAD_DELAY));
            onMounted(() => liveViews.add(this));
            onWillUnmount(() => liveViews.delete(this));
            onPatched(() => {
                this.restoreFocus?.(this.model.root.records);
                this.restoreFocus = null;
            });
            onWillDestroy(() => {
                bus.unsubscribe("lead_communications/changed", onChanged);
                browser.clearTimeout(this.reloadTimeout);
            });
        }

        /** Let who loads the view anew wait for a search that is under way, instead of undoing it. */
        trackLoading() {
            const controller = this;
            const { load } = this.model;
            this.model.load = async function (params) {
                if (!params) {
                    await controller.loading;
                }
                const loading = load.call(this, params);
                const waiting = Promise.allSettled([loading]);
                controller.loading = waiting;
                waiting.then(() => {
                    if (controller.loading === waiting) {
                        controller.loading = undefined;
                    }
                });
                return loading;
            };
        }

        /** Reload soon; further changes until then are fetched by the same reload. */
        scheduleReload(delay) {
            this.reloadTimeout ??= browser.setTimeout(() => {
                this.reloadTimeout = undefined;
                return this.mustNotMove ? this.scheduleReload(BUSY_DELAY) : this.reload();
            }, delay);
        }

        showAgain() {
            this.scheduleReload(RELOAD_DELAY);
        }

        /** What is said of an empty list: praise is for a queue that is done, not for a search. */
        get noContentHelp() {
            const active = this.env.searchModel.getSearchItems(
                ({ isActive, type }) => isActive && !["groupBy", "dateGroupBy"].includes(type),
            );
            if (active.every(({ name }) => QUEUE_FILTERS.includes(name))) {
                return this.props.info.noContentHelp;
            }
            const found = _t("Nothing fits this search");
            const advice = _t("Change or remove the filters above.");
            return markup`<p class="o_view_nocontent_empty_folder">${found}</p><p>${advice}</p>`;
        }

        /** Whether the person is in the middle of something, or looks at something else. */
        get mustNotMove() {
            return (
                !this.model.isReady ||
                Boolean(this.loading) ||
                Boolean(this.model.root.editedRecord) ||
                this.ui.activeElement !== document ||
                this.ui.isBlocked ||
                document.hidden
            );
        }

        async openRecord(record, { newWindow } = {}) {
            const { records } = this.model.root;
            const action = await this.orm.call(record.resModel, "action_open", [[record.resId]]);
            await this.actionService.doAction(action, {
                newWindow,
                props: {
                    resIds: records.map(({ resId }) => resId),
                    types: Object.fromEntries(records.map(({ resId, data }) => [resId, data.type])),
                },
            });
        }

        async reload() {
            const { root } = this.model;
            this.restoreFocus = rememberFocus(root.records);
            await this.model.load();
            // What was selected while it was read counts, too.
            const selected = new Set(root.selection.map(({ resId }) => resId));
            if (root.isDomainSelected) {
                await this.model.root.selectDomain(true);
            } else {
                const again = this.model.root.records.filter(({ resId }) => selected.has(resId));
                again.forEach((record) => record.toggleSelection(true));
            }
        }
    };

export const liveListView = { ...listView, Controller: liveMixin(ListController) };

class LiveKanbanController extends liveMixin(KanbanController) {
    static template = "lead_communications.LiveKanbanView";

    async openRecord(record) {
        rememberSeen(readSeen(), record.resId);
        return super.openRecord(...arguments);
    }
}

/** A card that waits is bold until it was opened in this browser. */
class LiveKanbanRecord extends KanbanRecord {
    getRecordClasses() {
        const { data, resId } = this.props.record;
        const isUnread = data.state === "ready" && !this.env.seen.has(resId);
        return super.getRecordClasses() + (isUnread ? " o_lead_unread" : "");
    }
}

class LiveKanbanRenderer extends KanbanRenderer {
    static components = { ...KanbanRenderer.components, KanbanRecord: LiveKanbanRecord };

    setup() {
        super.setup();
        useSubEnv({ seen: readSeen() });
    }
}

export const liveKanbanView = {
    ...kanbanView,
    Controller: LiveKanbanController,
    Renderer: LiveKanbanRenderer,
};

registry.category("views").add("lead_communication_kanban", liveKanbanView);
