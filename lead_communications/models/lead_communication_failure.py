import base64

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.service.model import PG_CONCURRENCY_EXCEPTIONS_TO_RETRY


class LeadCommunicationFailure(models.Model):
    """What came in and could not be processed: kept as it came, with the error, to be retried."""

    _name = "lead.communication.failure"
    _description = "Communication That Failed"
    _order = "id desc"

    type = fields.Selection(
        selection=[("call", "Call"), ("email", "Email")], required=True, readonly=True
    )
    pbx_id = fields.Many2one(comodel_name="lead.pbx", string="PBX", readonly=True, index=True)
    mailbox_id = fields.Many2one(comodel_name="lead.mailbox", readonly=True, index=True)
    company_id = fields.Many2one(comodel_name="res.company", readonly=True)
    raw = fields.Binary(string="Raw Input", attachment=True, readonly=True)
    raw_name = fields.Char(compute="_compute_raw_name")
    content_type = fields.Char(readonly=True)
    error = fields.Text(readonly=True)
    attempts = fields.Integer(readonly=True, default=1)
    last_attempt_date = fields.Datetime(readonly=True, default=fields.Datetime.now)
    state = fields.Selection(
        selection=[("failed", "Failed"), ("solved", "Solved")],
        required=True,
        readonly=True,
        default="failed",
    )

    _failed_idx = models.Index("(mailbox_id, pbx_id) WHERE state = 'failed'")

    @api.depends("type")
    def _compute_display_name(self):
        types = dict(self._fields["type"]._description_selection(self.env))
        for failure in self:
            failure.display_name = f"{types[failure.type]} {failure.id}"

    @api.depends("type")
    def _compute_raw_name(self):
        for failure in self:
            suffix = "eml" if failure.type == "email" else "txt"
            failure.raw_name = f"{failure.type}-{failure.id}.{suffix}"

    @api.model
    def _keep(self, type, raw, error, pbx=None, mailbox=None, content_type=False):  # noqa: A002
        """Keep raw input that could not be processed.

        :param bytes raw: exactly what came in.
        :param str error: what went wrong, in words.
        """
        owner = pbx or mailbox
        # sudo: failures are written by the system alone
        return self.sudo().create(
            {
                "type": type,
                "pbx_id": pbx.id if pbx else False,
                "mailbox_id": mailbox.id if mailbox else False,
                "company_id": owner.company_id.id,
                "raw": base64.b64encode(raw),
                "content_type": content_type,
                "error": error,
            }
        )

    def action_retry(self):
        """Process the raw input again; what fails again stays, with the new error."""
        self.check_access("read")
        # sudo: the system takes in what it took in before; only the state is shown
        failures = self.sudo().filtered(lambda failure: failure.state == "failed")
        if not failures:
            raise UserError(self.env._("This was solved already."))
        for failure in failures.try_lock_for_update():
            failure._retry()

    def _retry(self):
        values = {"attempts": self.attempts + 1, "last_attempt_date": fields.Datetime.now()}
        try:
            with self.env.cr.savepoint():
                self._process()
            values["state"] = "solved"
        except PG_CONCURRENCY_EXCEPTIONS_TO_RETRY:
            raise  # the host runs the whole request again
        except Exception as exception:  # noqa: BLE001 - the new error is shown on the failure
            values["error"] = str(exception)
        self.write(values)

    def _process(self):
        raw = base64.b64decode(self.with_context(bin_size=False).raw)
        if self.type == "email":
            self.mailbox_id._receive(raw, self.create_date)
        else:
            self.pbx_id._receive(raw, self.content_type)
