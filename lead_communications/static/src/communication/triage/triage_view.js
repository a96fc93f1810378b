import {
    onPatched,
    onWillUnmount,
    useEffect,
    useExternalListener,
    useState,
    useSubEnv,
} from "@odoo/owl";
import { browser } from "@web/core/browser/browser";
import { useCommand } from "@web/core/commands/command_hook";
import { useHotkey } from "@web/core/hotkeys/hotkey_hook";
import { getActiveHotkey } from "@web/core/hotkeys/hotkey_service";
import { _t } from "@web/core/l10n/translation";
import { registry } from "@web/core/registry";
import { SIZES } from "@web/core/ui/ui_service";
import { useBus, useService } from "@web/core/utils/hooks";
import { useSetupAction } from "@web/search/action_hook";
import { ListRenderer } from "@web/views/list/list_renderer";
import { useViewButtons } from "@web/views/view_button/view_button_hook";
import { undoLast } from "../decided/decided";
import { liveListView } from "../live/live_views";
import { readSeen, rememberSeen } from "../live/seen";
import { isForNext, isThirdLetter, isWritten } from "./presses";
import { Preview } from "./preview";

export const PREVIEW_KEY = "lead_communications.preview";
// Rows that are only passed on the way are not read.
export const PREVIEW_DELAY = 150;
// Keys wait for what a key has opened, but not for ever.
const HOLD_LIMIT = 10000;
const CHANGED_BY_OTHERS = ["state", "claimed_by_id", "user_id", "found_lead_id", "result"];

/** The list shows which of its rows is the current one: the one with the focus, last. */
export class TriageRenderer extends ListRenderer {
    static recordRowTemplate = "lead_communications.TriageRow";

    setup() {
        super.setup();
        this.triage = useState(this.env.triage);
        useExternalListener(document, "focusin", ({ target }) => {
            const id = this.tableRef.el?.contains(target) && target.closest("tr")?.dataset.id;
            const record = id && this.props.list.records.find((record) => record.id === id);
            if (record) {
                this.triage.currentId = record.resId;
            }
        });
        // From the search, the arrow down leads to the rows and not to their titles.
        useBus(this.env.searchModel, "focus-view", () => {
            this.tableRef.el?.querySelector(".o_lead_current .o_data_cell")?.focus();
        });
    }

    isCurrent(record) {
        return record.resId === this.triage.currentId;
    }

    getRowClass(record) {
        return [
            super.getRowClass(record),
            this.isCurrent(record) && "o_lead_current table-active",
            !this.triage.seen.has(record.resId) && record.data.state === "ready" && "o_lead_unread",
        ]
            .filter(Boolean)
            .join(" ");
    }

    selectorLabel(record) {
        return _t("Select: %s", record.data.counterpart_name);
    }

    onCellKeydown(ev, _group, record) {
        if (record && this.env.takeEnter(ev, record)) {
            ev.preventDefault();
            ev.stopPropagation();
            return;
        }
        return super.onCellKeydown(...arguments);
    }

    /** A click shows the row beside the list, where there is room; a second one opens it. */
    async onCellClicked(record, column, ev, newWindow) {
        const isOpened = newWindow || this.props.list.selection.length || ev.detail === 2;
        if (isOpened || !this.triage.hasPreview) {
            return super.onCellClicked(...arguments);
        }
    }
}

/** A list to be worked through: with a preview of the current row, keys, and the next row after. */
export class TriageController extends liveListView.Controller {
    static template = "lead_communications.TriageView";
    static components = { ...liveListView.Controller.components, Preview };

    setup() {
        this.triage = useState({
            currentId: this.props.state?.currentId || false,
            shownId: false,
            version: 0,
            // How often the list was read, and what it says of a row.
            reads: 0,
            listed: (id) => this.listed(id),
            isWanted: browser.localStorage.getItem(PREVIEW_KEY) !== "off",
            isWide: false,
            seen: readSeen(),
            get hasPreview() {
                return this.isWanted && this.isWide;
            },
        });
        useSubEnv({ triage: this.triage, takeEnter: (...args) => this.takeEnter(...args) });
        super.setup();
        this.ui = useState(useService("ui"));
        useSetupAction({ getLocalState: () => ({ currentId: this.triage.currentId }) });
        useViewButtons(this.rootRef, {
            beforeExecuteAction: this.beforeExecuteActionButton.bind(this),
            afterExecuteAction: this.afterExecuteActionButton.bind(this),
            reload: () => this.onDecided(),
        });
        this.useKeys();
        useEffect(
            (size) => {
                this.triage.isWide = size >= SIZES.XL;
            },
            () => [this.ui.size]
        );
        useEffect(
            (root) => {
                if (root) {
                    this.onLoaded();
                }
            },
            () => [this.model.isReady && this.model.root]
        );
        onPatched(() => {
            if (this.position >= 0) {
                this.lastPosition = this.position;
            }
            this.focusIfDue();
            if (this.dueButton && this.row) {
                this.press(this.dueButton);
            } else if (this.heldKeys) {
                this.releaseIfDue();
            }
        });
        useEffect(
            (currentId) => {
                const timeout = browser.setTimeout(() => {
                    this.triage.shownId = currentId;
                    if (currentId && this.triage.hasPreview) {
                        this.see(currentId);
                    }
                }, PREVIEW_DELAY);
                return () => browser.clearTimeout(timeout);
            },
            () => [this.triage.currentId]
        );
    }

    useKeys() {
        const keys = [
            ["c", "action_create_lead", _t("Create a lead of the current row")],
            ["a", "action_attach", _t("Attach the current row to a lead")],
            ["i", "action_ignore", _t("Ignore the current row")],
            ["s", "action_snooze", _t("Snooze the current row, or those that are selected")],
            ["x", "action_ignore_always", _t("Ignore the party of the current row always")],
            ["r", "action_reopen", _t("Give the current row back to Ready")],
            ["o", "action_open_lead", _t("Open the lead of the current row")],
        ];
        for (const [hotkey, name, text] of keys) {
            useCommand(text, () => this.pressFor(name), {
                hotkey,
                isAvailable: () => this.isRowDue || Boolean(this.button(name)),
            });
        }
        useCommand(_t("Undo the last decision"), () => undoLast(this.env), {
            hotkey: "u",
        });
        useCommand(_t("Switch the preview on or off"), () => this.togglePreview(), {
            hotkey: "p",
            isAvailable: () => this.triage.isWide,
        });
        useExternalListener(window, "keydown", (ev) => this.hold(ev), { capture: true });
        onWillUnmount(() => this.dropHeldKeys());
        useHotkey("j", () => this.move(1), { allowRepeat: true });
        useHotkey("k", () => this.move(-1), { allowRepeat: true });
    }

    // ---- THE CURRENT ROW ----

    get position() {
        return this.model.root.records.findIndex(({ resId }) => resId === this.triage.currentId);
    }

    /** The current row, drawn. */
    get row() {
        const record = this.model.root.records[this.position];
        return record && this.rootRef.el?.querySelector(`.o_data_row[data-id="${record.id}"]`);
    }

    /** Whether the current row was read, and is drawn in a moment. */
    get isRowDue() {
        return this.position >= 0 && !this.row;
    }

    button(name) {
        return this.row?.querySelector(`button[name="${name}"]:not([disabled])`);
    }

    /** Snooze what is selected, if anything is; else press a button of the current row. */
    async pressFor(name) {
        const { isDomainSelected, selection } = this.model.root;
        if (name !== "action_snooze" || !selection.length) {
            return this.press(name);
        }
        const ids = isDomainSelected
            ? await this.model.root.getResIds(true)
            : selection.map(({ resId }) => resId);
        const context = { ...this.props.context, lead_stay: true };
        const action = await this.orm.call(this.props.resModel, name, [ids], { context });
        return this.actionService.doAction(action, { onClose: () => this.reload() });
    }

    /** Press a button of the current row; a key that is quicker than the screen waits for it. */
    press(name, isEntered = false) {
        this.dueButton = this.isRowDue ? name : undefined;
        const button = this.button(name);
        if (button) {
            this.heldKeys = [];
            this.isExecuted = false;
            this.isEntered = isEntered;
            this.holdTimeout = browser.setTimeout(() => this.release(), HOLD_LIMIT);
            button.click();
        }
    }

    /** Keep a key that is quicker than what the key before it opens: it is meant for that. */
    hold(ev) {
        if (isThirdLetter(ev) && !isWritten(ev)) {
            ev.stopImmediatePropagation();
        } else if (this.heldKeys && isForNext(ev)) {
            ev.preventDefault();
            ev.stopImmediatePropagation();
            // A key that is held down, and an Enter that decided, were meant once.
            if (!ev.repeat && !(this.isEntered && ev.key === "Enter")) {
                const { key, code, altKey, ctrlKey, metaKey, shiftKey } = ev;
                this.heldKeys.push({ key, code, altKey, ctrlKey, metaKey, shiftKey });
            }
        }
    }

    /**
     * Enter on a row attaches to the lead that is suggested, once that has stood in the preview
     * to be read; where nothing is that sure, it opens the row. Return whether it was taken.
     */
    takeEnter(ev, { data, resId }) {
        if (getActiveHotkey(ev) !== "enter" || !ev.target.matches("td")) {
            return false;
        }
        if (!ev.repeat) {
            const isChoosing = this.model.root.selection.length;
            if (!this.triage.hasPreview || isChoosing || data.suggestion !== "attach") {
                return false;
            }
            if (this.readId === resId && this.triage.currentId === resId) {
                this.press("action_attach_suggested", true);
            }
        }
        return true;
    }

    /** Press the keys that were kept, on what is there by now. */
    release() {
        const keys = this.heldKeys || [];
        this.dropHeldKeys();
        while (keys.length && !this.heldKeys) {
            const options = { ...keys.shift(), bubbles: true, cancelable: true };
            const target = document.activeElement || document.body;
            target.dispatchEvent(new KeyboardEvent("keydown", options));
        }
        this.heldKeys?.push(...keys);
    }

    dropHeldKeys() {
        browser.clearTimeout(this.holdTimeout);
        this.heldKeys = undefined;
    }

    async afterExecuteActionButton() {
        await super.afterExecuteActionButton(...arguments);
        this.isExecuted = true;
        // What was opened gets the focus with the next frame.
        browser.requestAnimationFrame(() => this.releaseIfDue());
    }

    /** Press the keys that were kept, when the list has read what was decided. */
    releaseIfDue() {
        if (this.isExecuted && !this.isReloading && !this.isRowDue) {
            this.release();
        }
    }

    /** What the list shows of a row that others may change, as text to compare. */
    listed(id) {
        const record = this.model.root.records.find(({ resId }) => resId === id);
        return record && JSON.stringify(CHANGED_BY_OTHERS.map((name) => record.data[name]));
    }

    /** Choose the current row among those that were read: by whatever reload, one at a time. */
    onLoaded() {
        const isSearched = this.isSearched();
        if (this.returnedId) {
            this.triage.currentId = this.returnedId;
            this.returnedId = undefined;
            this.isFocusDue = this.isScrollDue = true;
            this.restoreFocus = null;
        }
        if (this.decidedPosition !== undefined) {
            this.goOnFrom(this.decidedPosition);
        } else if (this.position < 0 && (isSearched || !this.isReloading)) {
            this.triage.currentId = this.model.root.records[0]?.resId || false;
        }
        // Else it is gone by a colleague's doing and stays in sight: no other row slips under the
        // fingers.
        this.isReloading = false;
        this.decidedPosition = undefined;
        this.triage.reads++;
        if (!this.isStarted && !this.env.isSmall) {
            this.isStarted = true;
            const active = document.activeElement;
            const isTyping = active?.matches("input, textarea") && active.value;
            this.isFocusDue = !isTyping && this.ui.activeElement === document;
            this.isScrollDue = this.isFocusDue;
        }
        this.focusIfDue();
    }

    /** Whether the person searched for something else than what was read before. */
    isSearched() {
        const [before, now] = [this.lastSearch, JSON.stringify(this.model.root.domain)];
        this.lastSearch = now;
        return before !== now;
    }

    /** The row that was decided stood there: take the next one that waits. */
    goOnFrom(position) {
        const { records } = this.model.root;
        const current = records[this.position];
        this.isFocusDue = true;
        if (current?.data.state !== "ready" || current.data.is_snoozed) {
            const next = current ? this.position + 1 : position;
            const record = records[Math.max(0, Math.min(next, records.length - 1))];
            this.triage.currentId = this.triage.shownId = record?.resId || false;
            this.triage.version++;
            this.isScrollDue = true;
        }
    }

    /** Remember, in this browser, that the person has looked at the row: it is bold no longer. */
    see(id) {
        rememberSeen(this.triage.seen, id);
    }

    async openRecord(record) {
        this.see(record.resId);
        return super.openRecord(...arguments);
    }

    /** Give the focus to the current row, as soon as that is drawn. */
    focusIfDue() {
        if (!this.isFocusDue || this.isReloading || !this.row) {
            return;
        }
        this.isFocusDue = false;
        if (!this.row.contains(document.activeElement)) {
            this.row.querySelector(".o_data_cell").focus({ preventScroll: true });
        }
        if (this.isScrollDue) {
            this.isScrollDue = false;
            this.row.scrollIntoView({ block: "nearest" });
        }
    }

    /** Make the next or the previous row the current one. */
    move(step) {
        const { records } = this.model.root;
        // Where the current row was, if it is gone, the next one stands now.
        const gone = step > 0 ? this.lastPosition : this.lastPosition - 1;
        const position = this.position < 0 ? gone : this.position + step;
        const record = records[Math.max(0, Math.min(position, records.length - 1))];
        this.triage.currentId = record?.resId || false;
        this.dueButton = undefined;
        this.isFocusDue = this.isScrollDue = true;
        this.focusIfDue();
    }

    // ---- AFTER A DECISION ----

    async reload() {
        const active = document.activeElement;
        this.isFocusDue ||= active === document.body || Boolean(active.closest(".o_data_row"));
        this.isReloading = true;
        await super.reload();
    }

    /** What was opened from a row is closed: go on to the next one, if it was decided. */
    onDecided() {
        this.decidedPosition = this.position < 0 ? this.lastPosition : this.position;
        return this.reload();
    }

    /** What was taken back is the current row as soon as it is there. */
    showAgain(rowId) {
        this.returnedId = rowId;
        super.showAgain(rowId);
    }

    // ---- PREVIEW ----

    /** What is read out when another row is shown. */
    get announcement() {
        if (!this.isPreviewShown) {
            return "";
        }
        const record = this.model.root.records.find(({ resId }) => resId === this.triage.shownId);
        return record
            ? _t("Preview: %s", record.data.counterpart_name)
            : _t("It is not in the list any more.");
    }

    /** The preview of a row has stood there for a while; false while another one is drawn. */
    onRead(id) {
        this.readId = id;
    }

    get isPreviewShown() {
        return this.triage.hasPreview && this.triage.shownId;
    }

    togglePreview() {
        this.triage.isWanted = !this.triage.isWanted;
        browser.localStorage.setItem(PREVIEW_KEY, this.triage.isWanted ? "on" : "off");
    }
}

registry.category("views").add("lead_communication_triage", {
    ...liveListView,
    Controller: TriageController,
    Renderer: TriageRenderer,
});
