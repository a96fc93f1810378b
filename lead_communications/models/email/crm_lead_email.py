from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Domain
from odoo.tools import email_normalize, email_split, html2plaintext

from odoo.addons.mail.tools.mail_validation import mail_validate

from ...tools.mail.mailto import mailto
from ...tools.mail.subject import clean_text


class CrmLead(models.Model):
    """Write an email: to whom, what to begin with, by which program, and what speaks against it."""

    _inherit = "crm.lead"

    email_warning = fields.Text(
        compute="_compute_email_warning",
        help="Why not to write to the lead: a wrong, blacklisted or bounced address.",
    )

    @api.depends("email_from", "partner_id.email", "message_bounce")
    @api.depends_context("uid", "lang")
    def _compute_email_warning(self):
        for lead in self:
            lead.email_warning = "\n".join(lead._address_warnings(lead._email_addresses()))

    def action_write_email(self):
        """Open a prepared message to the lead.

        With templates: Odoo's composer, filled by the one that suits best. Without any, or when
        the person prefers that: their own mail program.

        :raise UserError: the lead has no email, or it is no address at all.
        """
        self.ensure_one()
        self.check_access("write")
        addresses = self._email_addresses()
        if not self.email_from:
            raise UserError(self.env._("Fill in the email of the lead first."))
        if not any(map(email_normalize, addresses)):
            raise UserError(
                self.env._("“%(email)s” is not an email address.", email=self.email_from)
            )
        template = self._suggested_mail_template()
        if self.env.user.lead_email_program == "own" or not self._has_mail_templates():
            return self._open_mail_client(template)
        # The recipients here: a template proposes everybody of the last discussion, or nobody.
        return self._open_composer(
            self.env._("Write an email"),
            default_template_id=template.id,
            default_partner_ids=self._email_recipients().ids,
        )

    def _open_composer(self, name, **context):
        """Return the action that opens Odoo's composer on the lead."""
        action = self.env["ir.actions.actions"]._for_xml_id("crm.action_lead_mail_compose")
        prepared = {
            "default_model": self._name,
            "default_res_ids": self.ids,
            "default_composition_mode": "comment",
        }
        return dict(action, name=name, context=prepared | context)

    # ---- TO WHOM ----

    def _email_contact(self):
        """Return the contact of the lead, if the user may see it."""
        self.ensure_one()
        return self.partner_id if not self._filtered_hidden_contact() else self.partner_id.browse()

    def _email_addresses(self):
        """Return the addresses of the lead and of its contact, each once; also wrong ones."""
        texts = [self.email_from, self._email_contact().email]
        # What is no address is shown as it was written.
        found = [one for text in texts if text for one in email_split(text) or [text]]
        return list({(email_normalize(one) or one): None for one in found})

    def _email_recipients(self):
        """Return the contacts at the addresses; as the composer does, made if there are none."""
        addresses = [one for one in self._email_addresses() if email_normalize(one)]
        contact = self._email_contact()
        of_contact = {email_normalize(one) for one in email_split(contact.email or "")}
        if not of_contact & set(addresses):
            contact = contact.browse()
        others = [one for one in addresses if one not in of_contact]
        return (self._partner_find_from_emails_single(others) if others else contact) | contact

    # ---- WHAT TO BEGIN WITH ----

    def _has_mail_templates(self):
        templates = self.env["mail.template"]
        return bool(templates.search_count(templates._lead_template_domain(), limit=1))

    def _suggested_mail_template(self):
        """Return the template to start from; empty when none is meant for a lead like this."""
        return self.env["mail.template"]._suggested_for_lead(self)

    def _customer_lang(self):
        """Return the code of the language of the customer; False if it is not known."""
        self.ensure_one()
        lang = self.lang_id if self.lang_id.active else self.env["res.lang"]
        return lang.code or self._email_contact().lang

    # ---- THE PERSON'S OWN MAIL PROGRAM ----

    def _open_mail_client(self, template):
        """Return the action that opens the person's mail program with a prepared message."""
        addresses = [one for one in self._email_addresses() if email_normalize(one)]
        subject, body = self._prepared_text(template)
        return {
            "type": "ir.actions.client",
            "tag": "lead_communications.open_mail_client",
            "params": {"url": mailto(addresses, clean_text(subject), body)},
        }

    def _prepared_text(self, template):
        """Return the subject and the text of an email, in the language of the customer."""
        if template:
            texts = template._generate_template(self.ids, ["subject", "body_html"])[self.id]
            body = html2plaintext(texts["body_html"] or "", include_references=False)
            return texts["subject"], body
        lang = self._customer_lang()
        hello = (self.with_context(lang=lang) if lang else self).env._("Hello,")
        signature = html2plaintext(self.env.user.signature or "", include_references=False)
        return self.name, "\n".join((hello, "", "", signature)).rstrip() + "\n"

    # ---- WARNINGS ----

    @api.model
    def _address_warnings(self, emails):
        """Return what speaks against writing to ``emails``, a sentence each."""
        addresses = {one: email_normalize(one) for one in emails}
        known = list(filter(None, addresses.values()))
        # sudo: mail.blacklist - whether these addresses are on it
        blacklist = self.env["mail.blacklist"].sudo().search([("email", "in", known)])
        blocked, bounces = set(blacklist.mapped("email")), self._address_bounces(known)
        warnings = []
        for email, address in addresses.items():
            if not address or not mail_validate(address):
                warnings.append(self.env._("“%(email)s” is not an email address.", email=email))
            if address in blocked:
                warnings.append(
                    self.env._(
                        "%(email)s is blacklisted: no more mailings are wanted.", email=email
                    )
                )
            if bounces.get(address):
                warnings.append(
                    self.env._(
                        "Mail to %(email)s came back: %(count)s.",
                        email=email,
                        count=bounces[address],
                    )
                )
        return warnings

    @api.model
    def _address_bounces(self, addresses):
        """Return ``{address: how many times mail to it came back}``, of those where it did."""
        found = {}
        bounced = Domain("email_normalized", "in", addresses) & Domain("message_bounce", ">", 0)
        for name in ("crm.lead", "res.partner"):
            # sudo: that the address does not work, wherever it was tried
            model = self.env[name].sudo().with_context(active_test=False)
            for address, count in model._read_group(
                bounced, ["email_normalized"], ["message_bounce:max"]
            ):
                found[address] = max(count, found.get(address, 0))
        return found
