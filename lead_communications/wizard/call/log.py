from datetime import timedelta

from odoo import api, fields, models
from odoo.exceptions import ValidationError

from ...models.call.open_end import UNKNOWN
from ...telephony.site import Site
from ...tools.mail.subject import clean_text
from ...tools.phone import normalize, typed
from ...tools.phone_text import only_number
from ...tools.withheld import is_withheld

MAX_NUMBER = 64


class LeadCommunicationLog(models.TransientModel):
    """A call that no telephone system reported, written down by hand."""

    _name = "lead.communication.log"
    _description = "Log a Call"
    _inherit = ["lead.next.step", "lead.references"]

    direction = fields.Selection(
        selection=[("incoming", "Incoming"), ("outgoing", "Outgoing")],
        required=True,
        default="outgoing",
    )
    number = fields.Char(required=True)
    contact_name = fields.Char(string="Name")
    date = fields.Datetime(string="Time", required=True, default=fields.Datetime.now)
    talk_time = fields.Float(string="Duration", help="Hours and minutes of conversation.")
    result = fields.Selection(
        selection=lambda self: self._selection_result(), required=True, default="answered"
    )
    lead_id = fields.Many2one(comodel_name="crm.lead")
    note = fields.Text()

    @api.model
    def _selection_result(self):
        results = self.env["lead.communication"]._fields["result"]._description_selection(self.env)
        return [(key, label) for key, label in results if key != UNKNOWN]  # a person knows

    @api.constrains("number")
    def _check_number(self):
        for log in self:
            if len(log.number) > MAX_NUMBER or not log._typed_number():
                raise ValidationError(self.env._("This is not a phone number."))

    @api.constrains("talk_time", "date")
    def _check_times(self):
        for log in self:
            if log.talk_time < 0:
                raise ValidationError(self.env._("The duration of a call cannot be negative."))
            if log.date > fields.Datetime.now() + timedelta(minutes=5):
                raise ValidationError(self.env._("This call is in the future."))

    def action_log(self):
        """Record the call, on the lead if one was chosen; else it waits in Calls."""
        self.ensure_one()
        # sudo: users hold no right to create; this call is their own, made of what they entered
        call = self.env["lead.communication"].sudo().create(self._prepare_call_values())
        if self.note:
            call.sudo(False).message_post(body=self.note)
        call._run_steps("after_report")
        if self.lead_id:
            call.sudo(False)._decide("attach", self.lead_id)
        self._plan_next_step(self.lead_id)
        return {"type": "ir.actions.act_window_close"}

    def _typed_number(self):
        """Return the number as it can be dialled, without the remarks that were pasted with it."""
        text = typed(clean_text(self.number, MAX_NUMBER))
        code = self.env.company.country_id.code
        return text if normalize(text, code) else only_number(text, code) or text

    def _prepare_call_values(self):
        company = self.env.company
        site = Site(country_code=company.country_id.code or "")
        number = site.counterpart(self._typed_number(), self.direction)
        name = clean_text(self.contact_name)
        seconds = round(self.talk_time * 3600)
        return {
            "type": "call",
            "direction": self.direction,
            "number": number,
            "phone_sanitized": normalize(number, site.country_code) or False,
            "contact_name": "" if is_withheld(name) else name,
            "date": self.date,
            "date_end": self.date + timedelta(seconds=seconds),
            "duration": seconds if self.result == "answered" else 0,
            "result": self.result,
            "outcome_id": self.outcome_id.id,
            "user_id": self.env.uid,
            "team_id": self.env.user.sale_team_id.id,
            "company_id": company.id,
        }
