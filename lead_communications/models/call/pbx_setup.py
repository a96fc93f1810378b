from odoo import api, fields, models
from odoo.exceptions import UserError

from ... import telephony

TRIAL_LENGTH = 2000


class LeadPbx(models.Model):
    """What a telephone system needs to report its calls: the address, the steps, a file."""

    _inherit = "lead.pbx"

    webhook_url = fields.Char(string="Address", compute="_compute_webhook_url")
    setup_steps = fields.Text(compute="_compute_setup_steps")
    has_configuration = fields.Boolean(compute="_compute_provider")
    trial_date = fields.Datetime(
        string="Test Report on", readonly=True, copy=False, groups="base.group_system"
    )
    trial_text = fields.Text(
        string="What It Said", readonly=True, copy=False, groups="base.group_system"
    )

    @api.depends("key")
    def _compute_webhook_url(self):
        for pbx in self:
            pbx.webhook_url = f"{pbx.get_base_url()}/lead_communications/pbx/{pbx.key}"

    @api.depends("provider", "webhook_url")
    @api.depends_context("lang")
    def _compute_setup_steps(self):
        for pbx in self:
            provider = telephony.PROVIDERS.get(pbx.provider)
            pbx.setup_steps = provider and provider.setup_steps(pbx.webhook_url, self.env)

    def action_show_trial(self):
        """Show whether a test report has arrived: the form is read anew."""

    def _note_trial(self, text):
        """Show what a test report said; it is signed like any other."""
        # sudo: lead.pbx - the sender is no user
        self.sudo().write({"trial_date": fields.Datetime.now(), "trial_text": text[:TRIAL_LENGTH]})

    def action_download_configuration(self):
        """Download the file that sets the telephone system up."""
        self.ensure_one()
        return {
            "type": "ir.actions.act_url",
            "url": f"/lead_communications/pbx_configuration/{self.id}",
            "target": "download",
        }

    def _make_configuration(self):
        """Return name and content of the file that sets the telephone system up.

        :raise AccessError: the user is no administrator, for the secret is in it.
        """
        self.ensure_one()
        self.check_access("write")
        if not self.has_configuration:
            raise UserError(self.env._("There is no file for this kind of telephone system."))
        if not self.secret_is_given and not self.is_secret_shown:
            raise UserError(
                self.env._("The secret in the file is not shown again: press “New Secret” first.")
            )
        provider = telephony.get(self.provider)
        return provider.configuration(self.webhook_url, self.secret or "", self.env)
