from odoo import api, models
from odoo.fields import Command

from .ir_rule import refused_error

MAGIC = {"create_uid", "write_uid"}


class LeadReferences(models.AbstractModel):
    """Records that people point at others: only at those that they may read.

    The name of what a many2one field points at is shown whatever the rights on it, and computed
    fields may tell more of it. So the right is asked for when it is written, when a default says
    it, and when a form is read that is not saved (``onchange``, also as a line of another form).

    What stands there already is left alone: it may have been written by those who see more.
    """

    _name = "lead.references"
    _description = "References to What May Be Read"

    @api.model
    def _reference_fields(self):
        """Return the names of the fields of this addon that point at records."""
        return [
            name
            for name, field in self._fields.items()
            if "lead_communications" in field._modules
            and _points(field)
            and name not in MAGIC
            # Of the others, Odoo shows and takes nothing.
            and self._has_field_access(field, "read")
        ]

    @api.model
    def _written_references(self):
        """Return those whose rights are asked for when they are written.

        For extension: where the others are not written by people.
        """
        return self._reference_fields()

    @api.model_create_multi
    def create(self, vals_list):
        self._check_there(vals_list)
        for vals in vals_list:
            self._check_written(vals)
        return super().create(vals_list)

    def write(self, vals):
        self._check_there([vals])
        self._check_written(vals)
        return super().write(vals)

    @api.model
    def default_get(self, fields):
        values = super().default_get(fields)
        names = set(values).intersection(self._reference_fields())
        if not names or self.env.su:
            return values
        for name, pointed in self._pointed_by(values, names):
            hidden = self._hidden_references(pointed)
            if hidden and self._fields[name].type == "many2many":
                values[name] = [Command.set((pointed - hidden).ids)]
            elif hidden:
                del values[name]
        return values

    def web_read(self, specification):
        if specification and not (self.env.su or all(self._ids)):
            for row in self:
                if not row.id:
                    row._check_unsaved()
        return super().web_read(specification)

    def _check_unsaved(self):
        """Check the record of a form that is not saved: it is what the client says it is."""
        for name in self._reference_fields():
            # What is computed follows the rights, unless the client has sent it.
            if self._fields[name].store or name in self._cache:
                if pointed := self._pointed(name):
                    self._refuse_hidden(self._pointed_newly(name, pointed))

    def _pointed_newly(self, name, pointed):
        # sudo: what stands there already; compared with only
        known = self._origin.sudo()[name]
        is_known = known and known._name == pointed._name
        return pointed - known.sudo(False) if is_known else pointed

    @api.model
    def _check_written(self, vals):
        """Check what ``vals`` point at before anything is done, and named in another error."""
        if self.env.su:
            return
        self._check_values(vals)
        names = set(vals).intersection(self._written_references())
        for _name, pointed in self._pointed_by(vals, names):
            self._refuse_hidden(pointed)

    @api.model
    def _pointed_by(self, values, names):
        """Yield the ``names`` that point at records in ``values``, as for ``write``, with those."""
        if not names:
            return
        # sudo: to know at what they point; archived ones would be left out
        model = self.sudo().with_context(active_test=False)
        row = model.new({name: values[name] for name in names})
        for name in names:
            if pointed := row[name]:
                yield name, pointed._origin.with_env(self.env)

    def _pointed(self, name):
        """Return the records at which ``self``, a record that is not saved, points."""
        row = self
        if self._fields[name].type == "many2many":
            # sudo: archived ones would be left out, for which Odoo has to read all
            row = self.sudo().with_context(active_test=False)
        pointed = row[name]
        return pointed and pointed._origin.with_env(self.env)

    def _refuse_hidden(self, pointed):
        if pointed and self._hidden_references(pointed):
            raise refused_error(pointed)

    @api.model
    def _hidden_references(self, pointed):
        """Return those of ``pointed`` that the user may not read."""
        return pointed - pointed._filtered_access("read")


class CrmLead(models.Model):
    _name = "crm.lead"
    _inherit = ["crm.lead", "lead.references"]


def _points(field):
    # The lines of a one2many field are records of their own, which are checked by themselves; so
    # are those of a many2many field that is computed.
    return field.type in ("many2one", "reference") or (field.type == "many2many" and field.store)
