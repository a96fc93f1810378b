from datetime import timedelta
from unittest.mock import patch

from odoo import fields
from odoo.fields import Command
from odoo.tests import tagged
from odoo.tools import mute_logger

from ...telephony.call_event import CallEvent
from .captures import cdr
from .common import CSV, LeadPbxCommon

CALL, AGENT = "lead.communication", "lead.communication.agent"
LOGGER = "odoo.addons.lead_communications.models.call.pbx_intake"


@tagged("post_install", "-at_install", "lead_communications")
class TestColumnsOfOthers(LeadPbxCommon):
    """What other modules have added to calls is filled in, though no call goes by ``create``."""

    def _add(self, name, ttype="char", model=CALL, **values):
        added = self.env["ir.model.fields"].create(
            {
                "name": name,
                "model_id": self.env["ir.model"]._get_id(model),
                "field_description": name,
                "ttype": ttype,
            }
            | values
        )
        self.addCleanup(added.unlink)  # from the registry, which no transaction takes back
        return self.env[model]._fields[name]

    def _record(self, number=1, **values):
        start = fields.Datetime.now() - timedelta(hours=1)
        event = CallEvent(
            external_id=str(number),
            direction="incoming",
            number="+48600600001",
            extension="101",
            result="answered",
            start=start,
            answer=start,
            end=start + timedelta(seconds=90),
            **({"talk_seconds": 60} | values),
        )
        self.env[CALL]._record_calls(self.pbx, [event])
        return self._rows()[-1]

    def test_defaults(self):
        for model in (CALL, AGENT):
            self._add("x_urgency", model=model)
            self.env["ir.default"].set(model, "x_urgency", "low")
        row = self._record()
        self.assertEqual((row.x_urgency, row.agent_ids.x_urgency), ("low", "low"))
        row.x_urgency = "high"
        row = self._record(talk_seconds=70)
        self.assertEqual((row.duration, row.x_urgency), (70, "high"), "Later reports leave it")

    def test_default_in_code_is_asked_for_each_row(self):
        field, numbers = self._add("x_number", "integer"), iter(range(1, 9))
        with patch.object(field, "default", lambda _model: next(numbers)):
            self.assertEqual([self._record(1).x_number, self._record(2).x_number], [1, 2])

    def test_what_is_required(self):
        self._add("x_kind", "selection", selection="[('a', 'A'), ('b', 'B')]")
        self.env["ir.default"].set(CALL, "x_kind", "b")
        self.env.cr.execute("UPDATE lead_communication SET x_kind = 'a'")
        self.env.cr.execute("ALTER TABLE lead_communication ALTER x_kind SET NOT NULL")
        self.assertEqual(self._record().x_kind, "b")

    def test_default_of_the_database(self):
        self._add("x_origin")
        self.env.cr.execute("ALTER TABLE lead_communication ALTER x_origin SET DEFAULT 'here'")
        self.assertEqual(self._record().x_origin, "here")

    def test_what_is_no_column(self):
        tags = self.env["crm.tag"].create([{"name": "Of others"}, {"name": "Another"}])
        field = self._add("x_tag_ids", "many2many", relation="crm.tag")
        with patch.object(field, "default", lambda _model: [Command.set(tags.ids)]):
            self.assertEqual(self._record().x_tag_ids, tags)

    def test_default_of_a_company(self):
        """It is the one of the telephone system, whoever reports."""
        other = self.env["res.company"].create({"name": "Of the telephone system"})
        self.pbx.line_ids.unlink()
        self.pbx.write({"company_id": other.id, "team_id": False})
        for name, depends in (("x_mine", False), ("x_each", True)):
            self._add(name, company_dependent=depends)
            self.env["ir.default"].set(CALL, name, "theirs", company_id=other.id)
            self.env["ir.default"].set(CALL, name, "ours", company_id=self.env.company.id)
        row = self._record()
        self.assertEqual(row.x_mine, "theirs")
        self.assertEqual(row.with_company(other).x_each, "theirs")
        self.assertEqual(row.with_company(self.env.company).x_each, "ours")

    def test_what_is_computed_or_related(self):
        compute = "for row in self: row['{}'] = str(row.duration or row.communication_id.duration)"
        for model, depends in ((CALL, "duration"), (AGENT, "communication_id.duration")):
            code = compute.replace(
                " or row.communication_id.duration" if model == CALL else "row.duration or ", ""
            )
            self._add("x_sum", model=model, compute=code.format("x_sum"), depends=depends)
        self._add("x_system", related="pbx_id.name", readonly=True)
        row = self._record()
        self.env.flush_all()
        self.env.invalidate_all()
        self.assertEqual((row.x_sum, row.x_system), ("60", self.pbx.name))
        self.assertEqual(row.agent_ids.x_sum, "60")
        self.assertEqual(self._record(talk_seconds=70).x_sum, "70")

    def test_computed_before_the_row_is_there(self):
        """As what is required has to be."""
        code = "for row in self: row['x_next'] = f'{row.number} {row.pbx_id.name}'"
        field = self._add("x_next", compute=code, depends="number,pbx_id")
        self.env.flush_all()
        self.env.cr.execute("UPDATE lead_communication SET x_next = ''")
        self.env.cr.execute("ALTER TABLE lead_communication ALTER x_next SET NOT NULL")
        with patch.object(field, "precompute", True):
            self.assertEqual(self._record().x_next, f"+48600600001 {self.pbx.name}")

    def test_default_wins_over_what_people_may_change(self):
        """As it does in Odoo's ``create``."""
        code = "for row in self: row['x_may'] = 'computed'"
        field = self._add("x_may", compute=code, depends="number", readonly=False)
        with patch.object(field, "default", lambda _model: "default"):
            row = self._record()
            self.env.flush_all()
            self.env.invalidate_all()
            self.assertEqual(row.x_may, "default")
        self.assertEqual(self._record(2).x_may, "computed")

    @mute_logger(LOGGER, "odoo.sql_db")
    def test_what_an_extension_refuses_is_kept_whole(self):
        """Its condition, or a required column that nothing fills."""
        for statement in (
            "ADD CONSTRAINT of_others CHECK (extension <> '101' OR extension IS NULL)",
            "ADD COLUMN x_without varchar; UPDATE lead_communication SET x_without = '';"
            " ALTER TABLE lead_communication ALTER x_without SET NOT NULL",
        ):
            with self.subTest(statement), self.env.cr.savepoint() as savepoint:
                self.env[CALL].search([("type", "=", "call")]).unlink()
                self.env.flush_all()
                self.env.cr.execute(f"ALTER TABLE lead_communication {statement}")
                raw = cdr("in_answered")
                taken = self.pbx._take_in(raw, CSV)
                self.assertEqual((taken.is_kept, taken.created), (True, 0))
                failure = self.env["lead.communication.failure"].search(
                    [("pbx_id", "=", self.pbx.id)]
                )
                self.assertEqual((failure._raw_bytes(), failure.state), (raw, "failed"))
                self.env.cr.execute(
                    "ALTER TABLE lead_communication DROP CONSTRAINT IF EXISTS of_others,"
                    " DROP COLUMN IF EXISTS x_without"
                )
                failure.action_retry()
                self.assertEqual(failure.state, "solved")
                self.assertEqual(len(self._rows()), 1)
                savepoint.rollback()
            self.env.invalidate_all()

    def test_without_others_it_costs_nothing(self):
        self._record(1)
        self.env.flush_all()
        counts = []
        for number in (2, 3):
            self.env.invalidate_all()
            before = self.cr.sql_log_count
            self._record(number)
            counts.append(self.cr.sql_log_count - before)
        self.assertEqual(counts[0], counts[1])
