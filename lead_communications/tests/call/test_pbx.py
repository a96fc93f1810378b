from datetime import timedelta
from itertools import permutations
from unittest.mock import patch

from psycopg2 import IntegrityError
from psycopg2.errors import SerializationFailure

from odoo import fields
from odoo.exceptions import AccessError, UserError
from odoo.fields import Command
from odoo.tests import Form, freeze_time, new_test_user, tagged, users
from odoo.tools import mute_logger
from odoo.tools.safe_eval import safe_eval

from ...telephony.payload import PayloadError
from .captures import cdr, expected_calls, pushes
from .common import CSV, FACTS, FORM, LeadPbxCommon


@tagged("post_install", "-at_install", "lead_communications")
class TestLeadPbxRecording(LeadPbxCommon):
    """What telephone systems report becomes rows."""

    def _check_expected(self, agent_known=True):
        names = {
            body.split(b"linkedid=")[1].split(b"&")[0].decode(): call
            for body, call in zip(pushes(), expected_calls(), strict=True)
        }
        rows = self._rows()
        self.assertEqual(len(rows), 13)
        for row in rows:
            call = names[row.external_id]
            with self.subTest(call=call["call"]):
                self.assertEqual(row.direction, call["direction"])
                self.assertEqual(row.phone_sanitized or "", call["counterpart"])
                self.assertEqual(row.result, call["result"])
                self.assertEqual(row.duration, int(call["talk_seconds"]))
                self.assertEqual(
                    row.state, "ignored" if call["direction"] == "internal" else "ready"
                )
                if agent_known or row.extension:
                    self.assertEqual(row.extension, call["agent"])

    def test_cdr_gives_the_expected_calls(self):
        created, updated = self.pbx._receive(cdr(), CSV)
        self.assertEqual((len(created), len(updated)), (13, 0))
        self._check_expected()

    def test_pushes_give_the_expected_calls(self):
        self._push_all()
        self._check_expected(agent_known=False)

    def test_both_ways_in_both_orders_give_the_same_rows(self):
        self._push_all()
        self.pbx._receive(cdr(), CSV)
        self._check_expected()
        facts = self._facts()
        self._rows().unlink()
        self.pbx._receive(cdr(), CSV)
        self._push_all()
        self.assertEqual(self._facts(), facts)

    def test_repeated_reports_change_nothing(self):
        self.pbx._receive(cdr(), CSV)
        facts = self._facts()
        self._rows().write({"write_date": "2020-01-01"})
        self.env.flush_all()
        created, updated = self.pbx._receive(cdr(), CSV)
        self.assertFalse(created + updated)
        self.assertEqual(self._facts(), facts)

    def test_rows_of_one_call_in_any_order(self):
        rows = cdr("in_group").splitlines()
        results = []
        for order in permutations(rows):
            for row in order:
                self.pbx._receive(row, CSV)
            results.append(self._facts())
            self._rows().unlink()
        self.assertEqual(len(results[0]), 1)
        self.assertTrue(all(result == results[0] for result in results))
        self.assertEqual(results[0][0]["extension"], "101")

    def test_same_id_of_another_system_is_another_call(self):
        other = self.pbx.copy({"name": "Branch"})
        self.pbx._receive(cdr("in_answered"), CSV)
        other._receive(cdr("in_answered"), CSV)
        self.assertEqual((len(self._rows()), len(self._rows(other))), (1, 1))

    def test_text_of_a_caller_is_kept_as_text(self):
        self.pbx._receive(cdr("in_evil_name", "in_unicode"), CSV)
        self.assertEqual(
            set(self._rows().mapped("contact_name")),
            {"=cmd|calc!A1 <script>alert(1)</script> & x=1", "Zażółć Gęślą 日本"},
        )

    def test_anonymous_caller_is_ready(self):
        self.pbx._receive(cdr("in_anonymous"), CSV)
        self.assertRecordValues(
            self._rows(),
            [{"number": False, "phone_sanitized": False, "state": "ready"}],
        )

    def test_numbers_are_read_in_the_country_of_the_system(self):
        self.pbx.country_id = self.env.ref("base.be")
        self._push(src="0478323232")
        self.assertEqual(self._rows().phone_sanitized, "+32478323232")

    def test_local_times_of_the_cdr_become_utc(self):
        self.pbx.tz = "Europe/Warsaw"
        self.pbx._receive(cdr("out_answered"), CSV)
        self.assertEqual(str(self._rows().date), "2026-11-21 22:57:15")

    def test_internal_call_is_ignored(self):
        self.pbx._receive(cdr("internal"), CSV)
        self.assertRecordValues(
            self._rows(), [{"state": "ignored", "rule": "internal", "user_id": self.anna.id}]
        )

    def test_internal_leg_of_an_outside_call_does_not_hide_it(self):
        self._push(direction="internal", src="101", did="102")
        self.assertEqual(self._rows().state, "ignored")
        self._push(direction="outbound", src="101", did="600100200")
        self.assertRecordValues(
            self._rows(), [{"state": "ready", "rule": False, "phone_sanitized": "+48600100200"}]
        )

    def test_internal_call_that_a_person_reopened_stays_ready(self):
        self._push(direction="internal", src="101")
        self._rows()._decide("reopen")
        self._push(direction="internal", src="101", dialstatus="ANSWER", answered="3")
        self.assertRecordValues(self._rows(), [{"state": "ready", "result": "answered"}])

    def test_call_that_an_exception_ignored_stays_ignored(self):
        exception = self.env["lead.communication.exception"].create({"value": "+48221234567"})
        self._push(event="start")
        ignored = {"state": "ignored", "rule": "exception", "exception_id": exception.id}
        self.assertRecordValues(self._rows(), [ignored])
        self._push(dialstatus="NOANSWER")
        self.assertRecordValues(self._rows(), [ignored | {"result": "missed"}])

    def test_running_call_is_completed_by_its_end(self):
        self._push(event="start")
        self.assertRecordValues(self._rows(), [{"result": False, "date_end": False, "duration": 0}])
        created, updated = self._push(dialstatus="ANSWER", answered="3", peer="101")
        self.assertEqual((len(created), len(updated)), (0, 1))
        self.assertRecordValues(
            self._rows(), [{"result": "answered", "duration": 3, "user_id": self.anna.id}]
        )
        self.assertEqual(str(self._rows().date_end), "2026-11-21 23:56:12")
        self.assertAlmostEqual(self._rows().talk_time, 3 / 3600)

    # ---- WHOSE IT IS ----

    def test_call_belongs_to_who_answered(self):
        self._push(dialstatus="ANSWER", answered="3", peer="102")
        self.assertRecordValues(
            self._rows(), [{"user_id": self.ben.id, "team_id": self.team.id, "line_id": False}]
        )

    def test_unknown_extension_is_ready_for_the_team(self):
        self._push(dialstatus="ANSWER", answered="3", peer="199")
        self.assertRecordValues(
            self._rows(),
            [{"user_id": False, "team_id": self.team.id, "state": "ready", "extension": "199"}],
        )

    def test_missed_call_to_a_teams_number_is_the_teams(self):
        self._push(did="0048227001900", dialstatus="NOANSWER", agent="101")
        self.assertRecordValues(
            self._rows(),
            [
                {
                    "user_id": False,
                    "team_id": self.line_team.id,
                    "line_id": self.pbx.line_ids.filtered("number").id,
                }
            ],
        )

    def test_answered_call_to_a_teams_number_is_the_agents(self):
        self._push(did="227001900", dialstatus="ANSWER", answered="9", peer="101")
        self.assertRecordValues(
            self._rows(), [{"user_id": self.anna.id, "team_id": self.line_team.id}]
        )

    def test_missed_call_to_a_persons_number_is_that_persons(self):
        self.pbx.line_ids.filtered("number").user_id = self.ben
        self._push(did="227001900", dialstatus="NOANSWER", agent="101")
        self.assertEqual(self._rows().user_id, self.ben)

    def test_missed_call_to_an_unknown_number_is_the_agents(self):
        self._push(dialstatus="BUSY", agent="102")
        self.assertEqual(self._rows().user_id, self.ben)

    def test_better_report_moves_the_call_to_who_answered(self):
        self._push(dialstatus="BUSY", agent="102")
        self._push(dialstatus="ANSWER", answered="3", peer="101")
        self.assertEqual(self._rows().user_id, self.anna)

    def test_later_report_keeps_whom_a_person_chose(self):
        self._push(dialstatus="BUSY", agent="102")
        self._rows().write({"user_id": self.clara.id, "team_id": self.line_team.id})
        self._push(dialstatus="ANSWER", answered="3", peer="101")
        self.assertRecordValues(
            self._rows(),
            [{"user_id": self.clara.id, "team_id": self.line_team.id, "result": "answered"}],
        )

    def test_later_report_keeps_what_was_decided(self):
        self._push(event="start", agent="102")
        row = self._rows()
        lead = self._create_lead()
        row._decide("attach", lead)
        decision = row.decision_id
        self._push(dialstatus="ANSWER", answered="3", peer="101")
        self.assertRecordValues(
            row,
            [
                {
                    "state": "done",
                    "lead_id": lead.id,
                    "decision_id": decision.id,
                    "user_id": self.ben.id,
                    "result": "answered",
                    "duration": 3,
                }
            ],
        )

    def test_later_report_keeps_ignored(self):
        self._push(event="start")
        self._rows()._decide("ignore")
        self._push(dialstatus="NOANSWER")
        self.assertRecordValues(self._rows(), [{"state": "ignored", "result": "missed"}])

    def test_source_of_the_line_is_that_of_the_lead(self):
        self._push(did="227001900", dialstatus="ANSWER", answered="9", peer="101")
        self._push(linkedid="1.2", dialstatus="ANSWER", answered="9", peer="101")
        of_line, other = self._rows().sorted(lambda row: not row.line_id)
        for row, source in ((of_line, self.source), (other, self.env["utm.source"])):
            row.with_user(self.anna).action_create_lead()
            self.assertEqual(row.lead_id.source_id, source)

    # ---- WHAT IS NOT TYPED ----

    def test_what_was_reported_is_not_typed_over(self):
        reported = {
            "lead.communication": [
                *("pbx_id", "external_id", "line_id", "line_number", "extension", "result"),
                *("answer_date", "duration", "recording", "called_back_date"),
                *("is_callback_requested", "callback_activity_id", "ringing_user_ids"),
                *("recording_file", "is_recording_stored", "recording_asked"),
                *("recording_fetch_date", "recording_attempts", "recording_error"),
            ],
            "lead.pbx": [
                *("key", "last_event_date", "clock_difference", "is_secret_shown"),
                "silence_date",
            ],
            "lead.pbx.file": ["pbx_id", "name", "inode", "offset", "head"],
        }
        for model, names in reported.items():
            fields = self.env[model].fields_get(names, ["readonly"])
            for name in names:
                with self.subTest(model=model, field=name):
                    self.assertTrue(fields[name]["readonly"])

    def test_copy_of_a_call_is_another_call(self):
        self._push(event="start")
        row = self._rows()
        row.write(
            {
                "recording": "a.wav",
                "recording_file": b"UklGRg==",
                "is_recording_stored": True,
                "recording_asked": "a.wav",
                "recording_fetch_date": "2026-11-02",
                "recording_attempts": 2,
                "recording_error": "missing",
                "ringing_user_ids": self.anna.ids,
            }
        )
        self.assertRecordValues(
            row.copy(),
            [
                {
                    "number": row.number,
                    "external_id": False,
                    "recording_file": False,
                    "is_recording_stored": False,
                    "recording_asked": False,
                    "recording_fetch_date": False,
                    "recording_attempts": 0,
                    "recording_error": False,
                    "ringing_user_ids": False,
                }
            ],
        )

    # ---- COST ----

    def _count_queries(self, raw):
        self.env.flush_all()
        self.env.invalidate_all()
        before = self.env.cr.sql_log_count
        self.pbx._receive(raw, CSV)
        return self.env.cr.sql_log_count - before

    def _many(self, count, billsec="4"):
        row = cdr("in_answered").decode()
        return "".join(
            row.replace("1795305367.0", f"1795305367.{number}").replace(
                '"4","4"', f'"4","{billsec}"'
            )
            for number in range(count)
        ).encode()

    def test_queries_of_a_single_call(self):
        self.pbx._receive(cdr("in_queue"), CSV)  # warms what is cached for good
        new = self._many(1)
        self.assertLessEqual(self._count_queries(new), 6)
        self.assertLessEqual(self._count_queries(new), 4)  # it says nothing new
        self.assertLessEqual(self._count_queries(self._many(1, billsec="9")), 9)

    def test_queries_do_not_grow_with_the_batch(self):
        self.pbx._receive(cdr("in_queue"), CSV)  # warms what is cached for good
        new = self._many(100)
        self.assertLessEqual(self._count_queries(new), 6)
        self.assertEqual(len(self._rows()), 101)
        self.assertLessEqual(self._count_queries(new), 4)
        self.assertLessEqual(self._count_queries(self._many(100, billsec="9")), 9)
        self.assertEqual(set(self._rows().mapped("duration")), {2, 9})

    def test_only_calls_that_changed_are_written(self):
        self.pbx._receive(self._many(3), CSV)
        self.env.cr.execute("UPDATE lead_communication SET write_date = '2020-01-01'")
        self.env.invalidate_all()
        report = self._many(3).splitlines()
        report[1] = self._many(3, billsec="9").splitlines()[1]
        _created, updated = self.pbx._receive(b"\n".join(report), CSV)
        self.assertEqual(updated.mapped("external_id"), ["1795305367.1"])
        self.assertRecordValues(
            self._rows(),
            [{"duration": 4}, {"duration": 9}, {"duration": 4}],
        )
        self.assertEqual(
            [str(row.write_date)[:4] == "2020" for row in self._rows()], [True, False, True]
        )

    def test_what_follows_is_done_once_for_what_is_new_or_changed(self):
        seen = []
        model = self.env.registry["lead.communication"]

        def announce(rows):
            seen.append(rows.mapped("external_id"))

        with patch.object(model, "_announce_report", announce):
            self.pbx._receive(self._many(1), CSV)
            self.pbx._receive(self._many(2, billsec="9"), CSV)
            self.pbx._receive(self._many(2, billsec="9"), CSV)
        self.assertEqual(seen[0], ["1795305367.0"])
        self.assertCountEqual(seen[1], ["1795305367.0", "1795305367.1"])
        self.assertEqual(len(seen), 2)

    def test_what_is_remembered_of_a_new_call_is_what_was_stored(self):
        names = [*FACTS, "line_id", "company_id", "type", "lead_id", "decision_id", "rule"]
        created, _updated = self.pbx._receive(cdr(), CSV)
        remembered = created.read(names)
        self.env.invalidate_all()
        self.assertEqual(created.read(names), remembered)

    def test_lines_that_change_count_at_once(self):
        self.pbx._receive(self._many(1), CSV)
        line = self.pbx.line_ids.filtered(lambda line: line.extension == "101")
        for number, (change, user) in enumerate(
            [
                (lambda: line.write({"user_id": self.ben.id}), self.ben),
                (line.unlink, self.env["res.users"]),
                (
                    lambda: self.pbx.write(
                        {
                            "line_ids": [
                                Command.create({"extension": "101", "user_id": self.anna.id})
                            ]
                        }
                    ),
                    self.anna,
                ),
            ],
            start=1,
        ):
            change()
            created, _updated = self._push(
                linkedid=f"1.{number}", dialstatus="ANSWER", answered="3", peer="101"
            )
            self.assertEqual(created.user_id, user)
        self.line_team.unlink()
        created, _updated = self._push(linkedid="1.9", did="%2B48227001900")
        self.assertEqual(created.team_id, self.team)
        self.pbx.team_id = False
        created, _updated = self._push(linkedid="1.10")
        self.assertFalse(created.team_id)

    def test_rows_are_created_quietly(self):
        self._push(dialstatus="NOANSWER")
        self.assertFalse(self._rows().message_ids)
        self.assertFalse(self._rows().message_follower_ids)


@tagged("post_install", "-at_install", "lead_communications")
class TestLeadPbxFailure(LeadPbxCommon):
    """What cannot be recorded is kept, and can be tried again."""

    def setUp(self):
        super().setUp()
        self.failures = self.env["lead.communication.failure"].search([]).ids

    def _new_failures(self):
        return self.env["lead.communication.failure"].search([("id", "not in", self.failures)])

    def _breaking(self, error):
        return patch.object(
            self.env.registry["lead.communication"], "_report_values", side_effect=error
        )

    @mute_logger("odoo.addons.lead_communications.models.call.pbx_intake")
    def test_call_that_cannot_be_recorded_is_kept_and_retried(self):
        body = pushes()[0]
        with self._breaking(ZeroDivisionError("boom")):
            taken = self.pbx._take_in(body, FORM)
        self.assertEqual(taken, (1, 0, 0, True))
        self.assertFalse(self._rows())
        failure = self._new_failures()
        self.assertRecordValues(
            failure, [{"type": "call", "pbx_id": self.pbx.id, "state": "failed"}]
        )
        self.assertIn("boom", failure.error)
        self.assertEqual(failure.cause, "unexpected")
        self.assertFalse(failure.is_temporary)
        failure.action_retry()
        self.assertEqual(failure.state, "solved")
        self.assertEqual(self._rows().phone_sanitized, "+48221234567")

    def test_transient_error_is_raised(self):
        with self._breaking(SerializationFailure()), self.assertRaises(SerializationFailure):
            self.pbx._take_in(pushes()[0], FORM)
        self.assertFalse(self._new_failures())

    def test_broken_rows_are_kept_and_the_others_recorded(self):
        broken = cdr("in_busy").replace(b'"BUSY"', b'"EXPLODED"')
        taken = self.pbx._take_in(cdr("in_answered") + broken + cdr("out_answered"), CSV)
        self.assertEqual((taken.calls, taken.created, taken.broken), (2, 2, 2))
        failure = self._new_failures()
        self.assertIn("2: Unknown disposition 'EXPLODED'", failure.error)
        self.assertEqual(failure.cause, "result")
        failure.action_retry()
        self.assertEqual((failure.state, failure.attempts), ("failed", 2))
        self.assertEqual(failure.cause, "result")
        self.pbx.provider = "generic"
        failure.action_retry()
        self.assertEqual((failure.state, failure.cause), ("failed", "format"))
        self.assertEqual(len(self._rows()), 2)

    def test_first_broken_row_gives_the_cause(self):
        header = b"src,dst,start,disposition,uniqueid\n"
        result = b"+48221234567,101,2026-11-21 23:56:07,EXPLODED,1.1\n"
        date = b"+48221234567,101,yesterday,ANSWERED,1.2\n"
        for rows, cause in ((result + date, "result"), (date + result, "time")):
            with self.subTest(cause=cause):
                self.failures = self.env["lead.communication.failure"].search([]).ids
                self.pbx._take_in(header + rows, CSV)
                failure = self._new_failures()
                self.assertEqual(failure.cause, cause)
                self.assertEqual(failure._raw_bytes(), (header + rows).rstrip())
                failure.action_retry()
                self.assertEqual((failure.state, failure.cause), ("failed", cause))

    def test_first_hundred_broken_rows_are_described(self):
        for count, last in ((100, "101: 1 columns"), (101, "... 101")):
            with self.subTest(count=count):
                self.failures = self.env["lead.communication.failure"].search([]).ids
                taken = self.pbx._take_in(cdr("in_answered") + b"broken\n" * count, CSV)
                self.assertEqual(taken.broken, count)
                lines = self._new_failures().error.splitlines()
                self.assertEqual(len(lines), count)
                self.assertTrue(lines[-1].startswith(last), lines[-1])

    def test_input_that_meets_a_busy_database_is_kept_for_later(self):
        taken = self.pbx._postpone(pushes()[0], FORM)
        self.assertEqual(taken, (0, 0, 0, True))
        self.assertFalse(self._rows())
        failure = self._new_failures()
        self.assertEqual((failure.is_temporary, failure.cause), (True, "busy"))
        failure._retry()
        self.assertEqual(len(self._rows()), 1)

    def test_unreadable_input_is_refused_and_not_kept(self):
        with self.assertRaises(PayloadError):
            self.pbx._take_in(b"nonsense", FORM)
        self.assertFalse(self._new_failures())

    def test_report_is_noted_once_a_minute(self):
        self.pbx._take_in(pushes()[0], FORM)
        self.assertTrue(self.pbx.last_event_date)
        for seconds, is_noted in ((59, False), (60, True)):
            with freeze_time("2026-11-21 23:59:00"):
                before = fields.Datetime.now() - timedelta(seconds=seconds)
                self.pbx.last_event_date = before
                self.pbx._take_in(pushes()[0], FORM)
                self.assertEqual(self.pbx.last_event_date > before, is_noted)


@tagged("post_install", "-at_install", "lead_communications")
class TestLeadPbx(LeadPbxCommon):
    """The settings, and who may see them."""

    def test_form_makes_a_system_that_is_ready_to_connect(self):
        with Form(self.env["lead.pbx"].with_user(self.admin)) as form:
            form.name = "Branch"
            self.assertEqual(form.country_id.code, "PL")
        pbx = form.record
        self.assertEqual(len(pbx.secret), 43, "256 bits")
        self.assertEqual(len(pbx.key), 16, "96 bits")
        self.assertTrue(pbx.webhook_url.endswith(f"/lead_communications/pbx/{pbx.key}"))
        self.assertIn(pbx.webhook_url, pbx.setup_steps)
        self.assertNotIn(pbx.secret, pbx.setup_steps)

    def test_copy_has_its_own_key_and_secret(self):
        other = self.pbx.copy()
        self.assertNotEqual(other.key, self.pbx.key)
        self.assertNotEqual(other.secret, self.pbx.secret)
        self.assertEqual(len(other.line_ids), 3)

    def test_copy_begins_anew(self):
        self.pbx._take_in(pushes()[0], FORM, clock_difference=5)
        self.pbx.action_rotate_secret()
        self.pbx.action_hide_secret()
        self.pbx.write(
            {
                "silence_date": "2026-11-02",
                "user_id": self.admin.id,
                "ami_host": "127.0.0.1",
                "ami_user": "odoo",
                "ami_secret": "s3cret",
                "api_url": "https://pbx.example.com",
                "api_user": "odoo",
                "api_secret": "s3cret",
                "dial_number": "+48 22 700 19 00",
            }
        )
        other = self.pbx.with_user(self.marek).sudo().copy()
        self.assertEqual(len(other._live_secrets()), 1)
        self.assertTrue(other.secret)
        self.assertRecordValues(
            other,
            [
                {
                    "last_event_date": False,
                    "clock_difference": 0,
                    "silence_date": False,
                    "user_id": self.marek.id,
                    "cdr_folder": False,
                    "ami_host": False,
                    "ami_user": False,
                    "ami_secret": False,
                    "api_url": False,
                    "api_user": False,
                    "api_secret": False,
                    "dial_number": False,
                }
            ],
        )

    def test_secret_is_rotated_in_two_steps(self):
        first = self.pbx.secret
        self.pbx.action_rotate_secret()
        second = self.pbx.secret
        self.assertNotEqual(first, second)
        self.assertEqual(len(second), 43)
        self.assertEqual(self.pbx._live_secrets(), [second, first])
        self.pbx.action_forget_previous_secret()
        self.assertEqual(self.pbx._live_secrets(), [second])
        self.assertFalse(self.pbx.secret, "It is where it belongs")

    @mute_logger("odoo.addons.base.models.ir_model")
    @users("anna_t", "marek_t")
    def test_salespeople_cannot_read_systems(self):
        pbx = self.pbx.with_env(self.env)
        for name in ("name", "key", "secret"):
            with self.assertRaises(AccessError):
                pbx.read([name])
        with self.assertRaises(AccessError):
            self.env["lead.pbx.line"].search([])
        with self.assertRaises(AccessError):
            self.env["lead.pbx.import"].create({"pbx_id": pbx.id})

    def test_secret_is_shown_until_it_proves_a_report_or_is_hidden(self):
        admin = self.pbx.with_user(self.admin)
        secret = admin.secret
        self.assertEqual([secret], self.pbx._live_secrets())
        self.pbx._take_in(pushes()[0], FORM, is_signed=True)
        self.assertFalse(admin.secret)
        self.assertEqual([secret], self.pbx._live_secrets())
        admin.action_rotate_secret()
        self.assertTrue(admin.secret)
        self.pbx.last_event_date = False
        self.pbx._take_in(pushes()[0], FORM, is_signed=True)
        self.assertTrue(admin.secret, "It may have been signed with the previous one")
        admin.action_hide_secret()
        self.assertFalse(admin.secret)

    def test_calls_to_a_line_are_of_its_company(self):
        self.pbx.line_ids.filtered("number").write(
            {"company_id": self.other_company.id, "team_id": False, "user_id": False}
        )
        self._push(did="%2B48227001900")
        self._push(linkedid="1.2")
        self.assertEqual(self._rows().mapped("company_id"), self.company | self.other_company)
        line = self._rows().filtered("line_id")
        self.assertEqual(line.company_id, self.other_company)
        self.assertTrue(line.with_user(self.otto).has_access("read"))
        self.assertFalse(line.with_user(self.clara).has_access("read"))

    def test_ringing_is_told_apart_from_talking(self):
        self.pbx._receive(cdr("in_answered"), "text/csv")
        self.pbx._receive(cdr("in_noanswer"), "text/csv")
        self.assertEqual(sorted(self._rows().mapped("ring_seconds")), [1, 6])

    def test_secrets_stay_with_administrators_even_if_others_may_read_systems(self):
        self.env["ir.model.access"].create(
            {
                "name": "test",
                "model_id": self.env["ir.model"]._get_id("lead.pbx"),
                "group_id": self.env.ref("sales_team.group_sale_salesman").id,
                "perm_read": True,
            }
        )
        pbx = self.pbx.with_user(self.anna)
        self.assertEqual(pbx.read(["name"])[0]["name"], "Head Office")
        for name in ("secret", "previous_secret"):
            with self.assertRaises(AccessError):
                pbx.read([name])

    @users("anna_t")
    def test_salesperson_sees_the_name_of_the_system_on_a_call(self):
        call = self._create_call().with_env(self.env)
        values = call.web_read({"pbx_id": {"fields": {"display_name": {}}}, "line_id": {}})
        self.assertEqual(values[0]["pbx_id"]["display_name"], "Head Office")

    @mute_logger("odoo.addons.base.models.ir_rule")
    def test_administrator_of_another_company_sees_nothing(self):
        admin = self._create_user(
            "foreign_t",
            "base.group_system",
            company_id=self.other_company.id,
            company_ids=[Command.set(self.other_company.ids)],
        )
        self.assertFalse(self.env["lead.pbx"].with_user(admin).search([]) & self.pbx)
        self.assertFalse(self.env["lead.pbx.line"].with_user(admin).search([]) & self.pbx.line_ids)
        with self.assertRaises(AccessError):
            self.pbx.with_user(admin).read(["name"])

    def test_database_refuses_impossible_lines(self):
        for values in (
            {},
            {"extension": " ", "number": ""},
            {"extension": "101 "},
            {"number": "+48227001900"},
        ):
            with (
                self.subTest(values=values),
                mute_logger("odoo.sql_db"),
                self.assertRaises(IntegrityError),
                self.env.cr.savepoint(),
            ):
                self.env["lead.pbx.line"].create(dict(values, pbx_id=self.pbx.id))

    def test_line_is_named_by_its_number_else_by_its_extension(self):
        names = self.pbx.line_ids.mapped("display_name")
        self.assertCountEqual(names, ["101", "102", "22 700 19 00"])
        line = self.env["lead.pbx.line"].create(
            {"pbx_id": self.pbx.id, "number": "22 700 18 00", "extension": "103"}
        )
        self.assertEqual(line.display_name, "22 700 18 00")

    def test_line_is_for_people_and_teams_of_its_company(self):
        team = self.env["crm.team"].create({"name": "Theirs", "company_id": self.other_company.id})
        line = self.pbx.line_ids.filtered("number")
        for values in ({"user_id": self.otto.id}, {"team_id": team.id}):
            with self.subTest(values=values), self.assertRaises(UserError):
                line.write(values)
        with self.assertRaises(UserError):
            self.pbx.team_id = team
        line.write({"company_id": self.other_company.id, "team_id": False})
        line.write({"user_id": self.otto.id, "team_id": team.id})

    def test_line_is_nobodys_who_is_no_employee(self):
        portal = new_test_user(self.env, "portal_t", "base.group_portal")
        domain = self.env["lead.pbx.line"].fields_get(["user_id"])["user_id"]["domain"]
        people = self.env["res.users"].search(safe_eval(domain, {"company_id": self.company.id}))
        self.assertIn(self.anna, people)
        self.assertNotIn(portal, people)

    def test_what_has_to_be_entered(self):
        required = {
            "lead.pbx": ["name", "provider", "company_id", "tz", "key"],
            "lead.pbx.line": ["pbx_id", "company_id"],
            "lead.pbx.file": ["pbx_id", "name", "inode"],
        }
        for model, names in required.items():
            fields = self.env[model].fields_get(names, ["required"])
            for name in names:
                with self.subTest(model=model, field=name):
                    self.assertTrue(fields[name]["required"])

    def test_country_and_company_are_proposed_and_can_be_chosen(self):
        with Form(self.env["lead.pbx"].with_user(self.admin)) as form:
            form.name = "Branch"
            form.country_id = self.env.ref("base.be")
        pbx = form.record
        self.assertEqual(pbx.country_id, self.env.ref("base.be"))
        self.other_company.country_id = False
        pbx.company_id = self.other_company
        self.assertEqual(pbx.country_id, self.env.ref("base.be"), "Better than none")
        for model, name in (("lead.pbx", "country_id"), ("lead.pbx.line", "company_id")):
            self.assertFalse(self.env[model].fields_get([name])[name]["readonly"])

    def test_lines_of_two_systems_may_be_the_same(self):
        other = self.pbx.copy()
        self.assertEqual(
            set(other.line_ids.mapped("extension")), set(self.pbx.line_ids.mapped("extension"))
        )

    def test_number_of_a_line_follows_the_country(self):
        line = self.pbx.line_ids.filtered("number")
        self.assertEqual(line.number_sanitized, "+48227001900")
        self.pbx.country_id = self.env.ref("base.us")
        self.assertEqual(line.number_sanitized, "22 700 19 00")

    def test_calls_menus_show_while_a_system_is_connected(self):
        group = self.env.ref("lead_communications.group_calls")
        others = self.env["lead.pbx"].search([]) - self.pbx
        others.active = False
        self.assertIn(group, self.anna.all_group_ids)
        self.pbx.active = False
        self.assertNotIn(group, self.anna.all_group_ids)
        other = self.pbx.copy({"active": True})
        self.assertIn(group, self.anna.all_group_ids)
        other.unlink()
        self.assertNotIn(group, self.anna.all_group_ids)

    @mute_logger("odoo.sql_db")
    def test_system_with_calls_is_not_deleted(self):
        self._create_call()
        with self.assertRaises(IntegrityError), self.env.cr.savepoint():
            self.pbx.unlink()
