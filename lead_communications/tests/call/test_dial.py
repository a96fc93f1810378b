import time
from datetime import timedelta
from unittest.mock import patch

from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.fields import Command
from odoo.tests import BaseCase, new_test_user, tagged, users
from odoo.tools import mute_logger

from ...telephony import asterisk_originate
from ...telephony.asterisk_originate import DialError, Manager, clean_number, originate
from ..common import LeadCommunicationsCommon
from ..patience import PatientHttpCase
from .ami_server import AmiServer

LOGGER = "odoo.addons.lead_communications.models.call.pbx_dial"


@tagged("post_install", "-at_install", "lead_communications")
class TestOriginate(BaseCase):
    """One Originate over a real connection."""

    def setUp(self):
        super().setUp()
        self.server = AmiServer()
        self.enterContext(self.server.running())
        for name, seconds in (
            ("CONNECT_TIMEOUT", 1),
            ("ANSWER_TIMEOUT", 0.4),
            ("RESULT_WAIT", 0.2),
        ):
            self.enterContext(patch.object(asterisk_originate, name, seconds))

    def _originate(self, **values):
        manager = {"host": "127.0.0.1", "port": self.server.port, "user": "odoo"}
        call = {"channel": "PJSIP/101", "extension": "101"}
        call |= {"context": "from-internal", "number": "+48221234567"}
        manager["secret"] = "s3cret"
        manager |= {name: values.pop(name) for name in tuple(values) if name in manager}
        originate(Manager(**manager), **(call | values))

    def _check_error(self, code, **values):
        start = time.monotonic()
        with self.assertRaises(DialError) as caught:
            self._originate(**values)
        self.assertEqual(caught.exception.code, code)
        self.assertLess(time.monotonic() - start, 2)

    def test_login_and_originate(self):
        self._originate()
        login, dialled = self.server.actions
        self.assertEqual(login["Action"], "Login")
        self.assertTrue(dialled.pop("ActionID"))
        self.assertEqual(
            dialled,
            {
                "Action": "Originate",
                "Channel": "PJSIP/101",
                "Context": "from-internal",
                "Exten": "+48221234567",
                "Priority": "1",
                "CallerID": '"+48221234567" <101>',
                "Timeout": "30000",
                "Async": "true",
            },
        )

    def test_events_between_are_passed_over(self):
        self.server.noise = b"Event: FullyBooted\r\nStatus: Zaj\xeate\r\n\r\n" * 5
        self.server.result = "Success"
        self._originate()

    def test_refusals(self):
        self._check_error("denied", secret="wrong")
        self.server.originate = "Error"
        self._check_error("refused")

    def test_telephone_that_cannot_ring(self):
        self.server.result = "Failure"
        self._check_error("unanswered")

    def test_nobody_listens(self):
        with self.server._socket.__class__() as unused:
            unused.bind(("127.0.0.1", 0))
            self._check_error("unreachable", port=unused.getsockname()[1])
        self._check_error("unreachable", host="..")

    def test_silence_does_not_last(self):
        for place in ("greeting", "Login", "Originate"):
            with self.subTest(place=place):
                server = AmiServer()
                server.silent_at = place
                with server.running():
                    self._check_error("timeout", port=server.port)

    def test_closed_connection(self):
        for place in ("greeting", "Login", "Originate"):
            with self.subTest(place=place):
                self.server.closed_at = place
                self._check_error("refused")

    def test_something_else_listens(self):
        self.server.greeting = "SSH-2.0-OpenSSH_9.2"
        self._check_error("refused")
        self.assertFalse(self.server.actions)

    def test_endless_answer(self):
        self.server.noise = b"A: b\r\n" * 100_000
        self._check_error("refused")
        self.server.noise = b"A: b\r\n\r\n" * 100_000
        self._check_error("refused")

    def test_no_header_can_be_injected(self):
        bad = "1\r\nAction: Command\r\nCommand: core stop now"
        for values in (
            {"number": bad},
            {"number": "1\n"},
            {"number": "1,2"},
            {"number": "1&PJSIP/102"},
            {"number": ""},
            {"number": "1" * 33},
            {"number": "\u0661\u0662"},  # digits of another alphabet
            {"channel": f"PJSIP/{bad}"},
            {"channel": "PJSIP/101&PJSIP/102"},
            {"extension": bad},
            {"extension": '101> "x" <102'},
            {"context": bad},
            {"user": bad},
            {"secret": f"s3cret\r\n{bad}"},
        ):
            with self.subTest(values=values), self.assertRaises(ValueError):
                self._originate(**values)
        self.assertFalse([one for one in self.server.actions if one["Action"] != "Login"])
        self.assertFalse([one for one in self.server.actions if "Command" in one])

    def test_numbers_as_people_write_them(self):
        for text, number in (
            ("+48 22 123-45-67", "+48221234567"),
            ("(22) 123.45.67", "221234567"),
            ("22/123 45 67", "221234567"),
            ("+48\u00a0600\u2013100\u2013200", "+48600100200"),
            ("*21#", "*21#"),
            ("266696687", "266696687"),
            ("anonymous", ""),
            ("12 ext. 3", ""),
            ("1+2", ""),
            ("+", ""),
            ("", ""),
            (None, ""),
        ):
            with self.subTest(text=text):
                self.assertEqual(clean_number(text), number)


class DialCommon(LeadCommunicationsCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.pbx.line_ids = [
            Command.create({"extension": "101", "user_id": cls.anna.id}),
            Command.create({"extension": "102", "user_id": cls.admin.id}),
            Command.create({"number": "22 700 19 00", "user_id": cls.ben.id}),
        ]

    def _connect(self, **values):
        server = AmiServer()
        self.enterContext(server.running())
        self.enterContext(patch.object(asterisk_originate, "RESULT_WAIT", 0.1))
        self.pbx.write(
            {
                "ami_host": "127.0.0.1",
                "ami_port": server.port,
                "ami_user": server.user,
                "ami_secret": server.secret,
            }
            | values
        )
        return server


@tagged("post_install", "-at_install", "lead_communications")
class TestDial(DialCommon):
    """Who dials what, and what they are told."""

    def _dial(self, number, user=None):
        return self.env["lead.pbx"].with_user(user or self.anna).dial(number)

    def test_own_telephone_dials(self):
        server = self._connect()
        self.assertEqual(self._dial("+48 22 123 45 67"), {"telephone": "101"})
        self.assertEqual(server.actions[-1]["Channel"], "PJSIP/101")
        self.assertEqual(server.actions[-1]["Exten"], "+48221234567")
        self.assertEqual(self._dial("0", self.admin), {"telephone": "102"})
        self.assertEqual(server.actions[-1]["Channel"], "PJSIP/102")

    def test_settings_of_the_system(self):
        server = self._connect(
            dial_channel="Local/{extension}@phones/n", dial_context="out", dial_plus="00"
        )
        self._dial("+48221234567")
        self.assertEqual(server.actions[-1]["Channel"], "Local/101@phones/n")
        self.assertEqual(server.actions[-1]["Context"], "out")
        self.assertEqual(server.actions[-1]["Exten"], "0048221234567")

    def test_without_a_telephone_there_the_device_dials(self):
        server = self._connect()
        self.assertEqual(self._dial("22 123", self.ben), {"url": "tel:22123"})
        self.pbx.active = False
        self.assertEqual(self._dial("22 123"), {"url": "tel:22123"})
        self.pbx.write({"active": True, "ami_host": False})
        self.assertEqual(self._dial("22 123"), {"url": "tel:22123"})
        self.assertFalse(server.actions)

    def test_telephone_that_is_somebody_elses_today(self):
        server = self._connect()
        line = self.pbx.line_ids.filtered(lambda one: one.user_id == self.anna)
        today = self.anna._own_today()
        for values, is_theirs in (
            ({"date_until": today - timedelta(days=1)}, False),
            ({"date_until": today}, True),
            ({"date_until": False, "date_from": today + timedelta(days=1)}, False),
            ({"date_from": today}, True),
        ):
            with self.subTest(**values):
                line.write(values)
                told = {"telephone": "101"} if is_theirs else {"url": "tel:22123"}
                self.assertEqual(self._dial("22 123"), told)
        dialled = [action for action in server.actions if "Exten" in action]
        self.assertEqual(len(dialled), 2)

    def test_telephone_in_another_company(self):
        self._connect()
        pbx = self.env["lead.pbx"].with_user(self.anna)
        self.assertFalse(
            pbx.with_context(allowed_company_ids=self.company.ids)
            .with_user(self.otto)
            .with_context(allowed_company_ids=self.other_company.ids)
            ._can_dial(self.otto)
        )
        self.pbx.line_ids.filtered(lambda line: line.extension == "101").unlink()
        self.assertEqual(pbx.dial("22 123"), {"url": "tel:22123"})

    def test_only_numbers(self):
        server = self._connect()
        for number in ("anonymous", "", False, None, 22, ["22"], "1\r\nAction: Logoff"):
            with self.subTest(number=number), self.assertRaises(UserError):
                self._dial(number)
        self.assertFalse(server.actions)

    def test_only_salespeople(self):
        self._connect()
        employee = new_test_user(self.env, "eve_t", "base.group_user")
        self.pbx.line_ids = [Command.create({"extension": "103", "user_id": employee.id})]
        with self.assertRaises(AccessError):
            self._dial("22 123", employee)
        self.assertFalse(self.env["lead.pbx"].with_user(employee)._can_dial(employee))

    def test_extension_that_would_dial_more(self):
        server = self._connect()
        line = self.pbx.line_ids.filtered(lambda one: one.extension == "101")
        line.extension = "101&PJSIP/102"
        with mute_logger(LOGGER), self.assertRaises(UserError):
            self._dial("22 123")
        self.assertFalse(server.actions)

    def test_errors_are_in_the_users_words(self):
        for flags, words in (
            ({"result": "Failure"}, "Your telephone does not answer"),
            ({"secret": "changed"}, "refused to dial"),
            ({"originate": "Error"}, "refused to dial"),
            ({"closed_at": "Login"}, "refused to dial"),
        ):
            with self.subTest(flags=flags):
                server = self._connect()
                for name, value in flags.items():
                    setattr(server, name, value)
                with (
                    self.assertLogs(LOGGER, "WARNING") as logs,
                    self.assertRaisesRegex(UserError, words),
                ):
                    self._dial("22 123")
                self.assertNotIn("s3cret", "".join(logs.output))

    def test_system_that_is_gone(self):
        self._connect(ami_port=1)
        with mute_logger(LOGGER), self.assertRaisesRegex(UserError, "does not answer"):
            self._dial("22 123")

    def test_settings_are_checked(self):
        for values in (
            {"ami_port": 0},
            {"ami_port": 65536},
            {"ami_user": "a\r\nb"},
            {"ami_secret": "a\r\nb"},
            {"dial_channel": "PJSIP/{extension}&PJSIP/9"},
            {"dial_context": "a b"},
            {"dial_plus": "zero"},
            {"dial_plus": "0\n0"},
            {"dial_plus": "00\n"},
            {"dial_plus": "0\r\nAction: Originate"},
            {"dial_plus": "0\x000"},
            {"dial_plus": "0 0"},
        ):
            with self.subTest(values=values), self.assertRaises(ValidationError):
                self._connect(**values)

    def test_secret_is_written_and_never_read(self):
        pbx = self.pbx.with_user(self.admin)
        pbx.write({"ami_host": "127.0.0.1", "ami_password": "s3cret"})
        pbx.write({"ami_password": ""})
        self.assertEqual(self.pbx.ami_secret, "s3cret")
        self.assertFalse(pbx.read(["ami_password"])[0]["ami_password"])
        with self.assertRaises(AccessError):
            pbx.read(["ami_secret"])
        self.assertNotIn("s3cret", str(pbx.read()) + str(pbx.export_data(["ami_password"])))
        self.assertNotIn("ami_secret", pbx.fields_get())

    def test_settings_that_are_accepted(self):
        self.assertEqual(self.pbx.ami_port, 5038)
        for values in (
            {"ami_port": 1},
            {"ami_port": 65535},
            {"ami_user": False, "ami_secret": False},
            {"dial_channel": False, "dial_context": False, "dial_plus": False},
            {"dial_channel": "SIP/{extension}", "dial_context": "out", "dial_plus": "011"},
        ):
            with self.subTest(values=values):
                self._connect(**values)

    def test_first_of_several_telephones_dials(self):
        self._connect()
        self.pbx.line_ids = [Command.create({"extension": "100", "user_id": self.anna.id})]
        self.assertEqual(self._dial("22 123"), {"telephone": "100"})

    @users("anna_t", "marek_t")
    def test_settings_are_secret(self):
        self._connect()
        pbx = self.pbx.with_env(self.env)
        for name in ("ami_host", "ami_user", "ami_secret"):
            with self.subTest(name=name), self.assertRaises(AccessError):
                pbx.read([name])

    def test_one_query_tells_who_can_dial(self):
        self._connect()
        pbx = self.env["lead.pbx"].with_user(self.anna)
        self.assertTrue(pbx._can_dial(self.anna))
        self.assertFalse(pbx._can_dial(self.ben))
        self.env.flush_all()
        with self.assertQueryCount(1):
            pbx._can_dial(self.anna)


@tagged("post_install", "-at_install", "lead_communications")
class TestDialHttp(DialCommon, PatientHttpCase):
    """What the browser is told and may ask."""

    def _session_info(self, login):
        self.authenticate(login, login)
        return self.make_jsonrpc_request("/web/session/get_session_info", {})

    def _call(self, login, method, *args):
        self.authenticate(login, login)
        return self.make_jsonrpc_request(
            f"/web/dataset/call_kw/lead.pbx/{method}",
            {"model": "lead.pbx", "method": method, "args": args, "kwargs": {}},
        )

    def test_session_says_who_can_dial(self):
        self._connect()
        info = "lead_communications_can_dial"
        self.assertIs(self._session_info("anna_t")[info], True)
        self.assertIs(self._session_info("ben_t")[info], False)

    def test_session_says_who_can_log_a_call(self):
        new_test_user(self.env, "eve_t", "base.group_user", password="eve_t")
        info = "lead_communications_can_log"
        self.assertIs(self._session_info("anna_t")[info], True)
        self.assertIs(self._session_info("eve_t")[info], False)

    def test_dial_by_rpc(self):
        server = self._connect()
        self.assertEqual(self._call("anna_t", "dial", "22 123"), {"telephone": "101"})
        self.assertEqual(server.actions[-1]["Exten"], "22123")
