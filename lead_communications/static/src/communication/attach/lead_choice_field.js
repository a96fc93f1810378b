import { registry } from "@web/core/registry";
import { X2ManyField, x2ManyField } from "@web/views/fields/x2many/x2many_field";
import { KanbanRecord } from "@web/views/kanban/kanban_record";
import { KanbanRenderer } from "@web/views/kanban/kanban_renderer";
import { clickAttach } from "./attach_form";

/** The card of a lead that may be chosen: it knows whether it is. */
export class LeadChoiceRecord extends KanbanRecord {
    get isChosen() {
        const { record } = this.props;
        return record.data.lead_id.id === record._parentRecord.data.lead_id?.id;
    }

    get renderingContext() {
        return { ...super.renderingContext, isChosen: this.isChosen };
    }

    getRecordClasses() {
        const classes = super.getRecordClasses();
        return this.isChosen ? `${classes} o_lead_chosen border-primary` : classes;
    }
}

export class LeadChoiceRenderer extends KanbanRenderer {
    static components = { ...KanbanRenderer.components, KanbanRecord: LeadChoiceRecord };
}

/** The leads that were found, as cards: a click chooses one, a second click attaches to it. */
export class LeadChoiceField extends X2ManyField {
    static components = { ...X2ManyField.components, KanbanRenderer: LeadChoiceRenderer };

    async openRecord(record) {
        const lead = record.data.lead_id;
        if (this.clickedId === lead.id && this.props.record.data.lead_id?.id === lead.id) {
            return clickAttach();
        }
        const isSecond = this.clickedId === lead.id && this.choosing;
        this.clickedId = lead.id;
        if (isSecond) {
            await this.choosing; // a double click is quicker than the choice
            return this.props.record.data.lead_id?.id === lead.id && clickAttach();
        }
        this.choosing = this.props.record.update({ lead_id: lead });
        await this.choosing;
        this.choosing = undefined;
    }
}

registry.category("fields").add("lead_choice", { ...x2ManyField, component: LeadChoiceField });
