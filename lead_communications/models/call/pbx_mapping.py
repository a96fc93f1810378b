import re

from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError
from odoo.fields import Command

from ... import telephony
from ...telephony import mapping
from ...telephony.payload import PayloadError


class LeadPbx(models.Model):
    """What the fields and words of a telephone system stand for, where that is entered."""

    _inherit = "lead.pbx"

    mapping_name = fields.Char(string="Mapping", readonly=True)
    mapping_source = fields.Char(string="Documented At")
    mapping_proof = fields.Selection(
        selection=[
            ("hmac", "Signature of the body (HMAC)"),
            ("bearer", "Bearer token"),
            ("basic", "User name and password"),
            ("header", "Token in a header"),
            ("token", "Token in the address"),
        ],
        string="Proof",
        default="hmac",
        required=True,
        help="How the telephone system proves with the secret that a report is its own.",
    )
    mapping_header = fields.Char(
        string="Header", default="X-Signature", help="The header with the signature or the token."
    )
    mapping_digest = fields.Selection(
        selection=[("sha256", "SHA-256"), ("sha512", "SHA-512"), ("sha1", "SHA-1")],
        string="Hash Function",
        default="sha256",
        required=True,
    )
    mapping_encoding = fields.Selection(
        selection=[("hex", "Hexadecimal"), ("base64", "Base64")],
        string="Written As",
        default="hex",
        required=True,
    )
    mapping_plus = fields.Boolean(
        string="Numbers Lack the Plus",
        help="It writes international numbers without the plus: 48221234567.",
    )
    path_ids = fields.One2many(
        comodel_name="lead.pbx.path", inverse_name="pbx_id", string="Fields", copy=True
    )
    value_ids = fields.One2many(
        comodel_name="lead.pbx.value", inverse_name="pbx_id", string="Values", copy=True
    )
    mapping_sample = fields.Text(
        string="Sample",
        groups="base.group_system",
        help="A report as the telephone system sends it: JSON, or a form.",
    )
    mapping_preview = fields.Text(
        string="The Call", compute="_compute_mapping_preview", groups="base.group_system"
    )

    @api.depends(
        *("mapping_sample", "mapping_plus", "provider", "tz", "country_id", "outside_digits"),
        *("path_ids.field", "path_ids.path"),
        *("value_ids.field", "value_ids.theirs", "value_ids.ours_direction"),
        *("value_ids.ours_result", "value_ids.sequence"),
        *("line_ids.number", "line_ids.extension"),
    )
    @api.depends_context("lang")
    def _compute_mapping_preview(self):
        for pbx in self:
            sample = pbx.provider == "mapped" and (pbx.mapping_sample or "").strip()
            pbx.mapping_preview = sample and pbx._describe_sample(sample)

    @api.constrains("mapping_header")
    def _check_mapping_header(self):
        for pbx in self:
            if pbx.mapping_header and not mapping.is_header(pbx.mapping_header):
                raise ValidationError(
                    self.env._("“%s” is not the name of a header.", pbx.mapping_header)
                )

    def _mapping(self):
        """Return what was entered, as plain data; None for a system of another kind."""
        # sudo: lead.pbx - what a report means is read for it, and shown to nobody
        pbx = self.sudo()
        return pbx._entered_mapping() if pbx.provider == "mapped" else None

    def _entered_mapping(self):
        """Return what stands in the form, which may not be saved yet."""
        values = {name: [] for name in mapping.VALUES}
        for row in self.value_ids.sorted("sequence"):
            if row.field and row.ours:
                values[row.field].append((row.theirs or "", row.ours))
        return mapping.CallMapping(
            paths={row.field: row.path or "" for row in self.path_ids if row.field},
            values=values,
            proof=self.mapping_proof or "hmac",
            header=self.mapping_header or "X-Signature",
            digest=self.mapping_digest or "sha256",
            encoding=self.mapping_encoding or "hex",
            plus=self.mapping_plus,
            name=self.mapping_name or self.name or "",
            source=self.mapping_source or "",
            sample=self.mapping_sample or "",
        )

    # ---- PREVIEW ----

    def _describe_sample(self, sample):
        """Return the calls that come of a sample in words, or what is wrong with it."""
        entered = self._entered_mapping()
        if missing := entered.missing():
            names = dict(
                self.env["lead.pbx.path"]._fields["field"]._description_selection(self.env)
            )
            return self.env._(
                "There is no path yet for: %s.", ", ".join(names[name] for name in missing)
            )
        site = self._described_site()
        try:
            parsed = telephony.parse(
                "mapped", sample.encode(), "", site, fields.Datetime.now(), entered
            )
        except PayloadError as error:
            return self.env._("It cannot be read: %s", error)
        if parsed.broken:
            return self.env._("It cannot be read: %s", parsed.broken[0].reason)
        described = [self._describe_event(event) for event in parsed.events]
        return "\n\n".join(described) or self.env._("This does not report a call.")

    def _describe_event(self, event):
        communication = self.env["lead.communication"]
        labels = {
            "direction": self._selection_label(communication, "direction", event.direction),
            "result": self._selection_label(communication, "result", event.result)
            or self.env._("The call goes on"),
        }
        rows = [
            (self.env._("Call"), event.external_id),
            (self.env._("Direction"), labels["direction"]),
            (self.env._("Result"), labels["result"]),
            (self.env._("Number"), event.number),
            (self.env._("Name"), event.contact_name),
            (self.env._("Own number"), event.line_number),
            (self.env._("Extension"), event.extension),
            (self.env._("Start (UTC)"), event.start),
            (self.env._("Answered (UTC)"), event.answer),
            (self.env._("End (UTC)"), event.end),
            (self.env._("Seconds of talk"), event.talk_seconds or ""),
            (self.env._("Recording"), event.recording),
        ]
        return "\n".join(f"{label}: {value}" for label, value in rows if value)

    @api.model
    def _selection_label(self, model, name, value):
        return dict(model._fields[name]._description_selection(self.env)).get(value, "")

    # ---- PRESETS ----

    def action_load_mapping(self):
        """Open the dialog in which a preset is chosen, or a file with a mapping."""
        self.ensure_one()
        action = self.env["ir.actions.actions"]._for_xml_id(
            "lead_communications.lead_pbx_preset_action"
        )
        return dict(action, context={"default_pbx_id": self.id})

    def action_export_mapping(self):
        """Download the mapping as a file that another telephone system can load."""
        self.ensure_one()
        self._make_mapping_file()
        return {
            "type": "ir.actions.act_url",
            "url": f"/lead_communications/pbx_mapping/{self.id}",
            "target": "download",
        }

    def _make_mapping_file(self):
        """Return the document; the secret is not in it.

        :raise UserError: there is none to be exported yet.
        """
        self.ensure_one()
        self.check_access("write")
        entered = self._mapping()
        if entered is None or entered.missing():
            raise UserError(self.env._("There is no complete mapping to export yet."))
        return entered.dump()

    def _mapping_file_name(self):
        return re.sub(r"\W+", "-", self.mapping_name or self.name or "").strip("-") or "mapping"

    def _apply_mapping(self, loaded):
        """Replace what is entered by ``loaded``; the secret stays."""
        self.ensure_one()
        self.check_access("write")
        self.write(
            {
                "mapping_name": loaded.name,
                "mapping_source": loaded.source,
                "mapping_proof": loaded.proof,
                "mapping_header": loaded.header,
                "mapping_digest": loaded.digest,
                "mapping_encoding": loaded.encoding,
                "mapping_plus": loaded.plus,
                "mapping_sample": loaded.sample,
                "path_ids": [
                    Command.clear(),
                    *(
                        Command.create({"field": name, "path": path})
                        for name, path in loaded.paths.items()
                        if path
                    ),
                ],
                "value_ids": [
                    Command.clear(),
                    *(
                        Command.create(
                            {
                                "sequence": number,
                                "field": name,
                                "theirs": theirs,
                                f"ours_{name}": ours,
                            }
                        )
                        for name, pairs in sorted(loaded.values.items())
                        # One table after the other, for people who look at both.
                        for number, (theirs, ours) in enumerate(
                            pairs, start=mapping.MAX_VALUES * sorted(mapping.VALUES).index(name)
                        )
                    ),
                ],
            }
        )
