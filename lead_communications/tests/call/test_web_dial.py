import json
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from unittest.mock import patch

from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat

from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.fields import Command
from odoo.tests import tagged
from odoo.tools import mute_logger

from ...models.call import pbx_dial_web
from ..common import LeadCommunicationsCommon

LOGGER = "odoo.addons.lead_communications.models.call.pbx_dial"


class ApiServer(ThreadingHTTPServer):
    """The web server of a telephone system that dials, with one answer for every path."""

    daemon_threads = True

    def __init__(self):
        super().__init__(("127.0.0.1", 0), _Handler)
        self.requests = []
        self.answers = {
            "/openapi/v1.0/get_token": {"errcode": 0, "access_token": "token-1"},
            "/openapi/v1.0/call/dial": {"errcode": 0, "call_id": "1"},
            "/connect/token": {"access_token": "token-1"},
            "/callcontrol/101/makecall": {},
            "/txtapi/bgapi": "+OK Job-UUID: 1",
            "/v1/request/callback/": {"status": "success"},
            "/2010-04-01/Accounts/odoo/Calls.json": {"sid": "CA1"},
            "/v1/users": {"users": [{"id": 8, "email": "anna@example.com"}]},
            "/v1/users/8/dial": "",
            "/v1/calls": {"status": "started"},
        }
        threading.Thread(target=self.serve_forever, args=(0.01,), daemon=True).start()
        self.url = f"http://127.0.0.1:{self.server_port}"

    def stop(self):
        self.shutdown()
        self.server_close()


class _Handler(BaseHTTPRequestHandler):
    def do_POST(self):
        path, _mark, query = self.path.partition("?")
        body = self.rfile.read(int(self.headers.get("Content-Length") or 0)).decode()
        self.server.requests.append((path, query, body))
        answer = self.server.answers.get(path)
        self.send_response(404 if answer is None else 200)
        self.end_headers()
        self.wfile.write((answer if isinstance(answer, str) else json.dumps(answer)).encode())

    do_GET = do_POST

    def log_message(self, *_args):
        """Say nothing."""


@tagged("post_install", "-at_install", "lead_communications")
class TestWebDial(LeadCommunicationsCommon):
    """Systems that are told to dial by a web request."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.server = ApiServer()
        cls.addClassCleanup(cls.server.stop)
        cls.application_key = rsa.generate_private_key(65537, 2048).private_bytes(
            Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()
        )
        cls.application_key = cls.application_key.decode()
        cls.pbx.line_ids = [Command.create({"extension": "101", "user_id": cls.anna.id})]

    def setUp(self):
        super().setUp()
        self.server.requests.clear()

    def _connect(self, provider, **values):
        self.pbx.write(
            {
                "provider": provider,
                "api_url": self.server.url,
                "api_is_private": True,
                "api_user": "odoo",
                "api_password": "s3cret",
            }
            | values
        )

    def _dial(self, number="+48 22 123 45 67"):
        return self.env["lead.pbx"].with_user(self.anna).dial(number)

    def test_each_system_dials(self):
        for provider, path, words in (
            ("yeastar", "/openapi/v1.0/call/dial", ('"callee": "+48221234567"', "token-1")),
            ("threecx", "/callcontrol/101/makecall", ('"destination": "+48221234567"',)),
            ("freeswitch", "/txtapi/bgapi", ("user%2F101%20%2B48221234567%20XML%20default",)),
            ("zadarma", "/v1/request/callback/", ("from=101&to=%2B48221234567",)),
        ):
            with self.subTest(provider=provider):
                self._connect(provider)
                self.assertEqual(self._dial(), {"telephone": "101"})
                asked, query, body = self.server.requests[-1]
                self.assertEqual(asked, path)
                for word in words:
                    self.assertIn(word, query + body)

    def test_hosted_providers_dial_whole_numbers_from_an_own_one(self):
        self.pbx.country_id = self.env.ref("base.pl")
        for provider, path, words in (
            ("twilio", "/2010-04-01/Accounts/odoo/Calls.json", ("To=client%3A101", self.pbx.key)),
            ("vonage", "/v1/calls", ('"user": "101"', '"number": "48227001900"')),
        ):
            with self.subTest(provider=provider):
                secret = self.application_key if provider == "vonage" else "s3cret"
                self._connect(provider, dial_number="22 700 19 00", api_password=secret)
                self.assertEqual(self._dial("22 123 45 67"), {"telephone": "101"})
                asked, _query, body = self.server.requests[-1]
                self.assertEqual(asked, path)
                for word in (*words, "48221234567", "48227001900"):
                    self.assertIn(word, body)
                with self.assertRaisesRegex(UserError, "whole numbers only"):
                    self._dial("112")
                self.pbx.dial_number = False
                self.assertEqual(self._dial("22 123"), {"url": "tel:22123"})
        self.pbx.line_ids.extension = "Anna@example.com"
        self._connect("aircall")
        self._dial("22 123 45 67")
        self.assertEqual(self.server.requests[-1][0], "/v1/users/8/dial")
        self.assertEqual(self.server.requests[-1][2], '{"to": "+48221234567"}')

    def test_account_is_of_one_provider(self):
        self._connect("twilio", dial_number="+48 22 700 19 00")
        self.pbx.write({"provider": "vonage", "api_url": self.server.url})
        self.assertFalse(self.pbx.api_user or self.pbx.api_secret or self.pbx.dial_number)
        self.assertEqual(self.pbx.api_url, self.server.url, "It was given with the provider")
        self.assertEqual(self.pbx.dial_channel, "app:{extension}")

    def test_nobody_waits_for_many_slow_answers(self):
        self.pbx.line_ids.extension = "101@example.com"
        more = {"users": [], "meta": {"next_page_link": "https://api.aircall.io/"}}
        self.enterContext(patch.dict(self.server.answers, {"/v1/users": more}))
        self._connect("aircall")
        self.enterContext(patch.object(pbx_dial_web, "API_PATIENCE", 0))
        with mute_logger(LOGGER), self.assertRaisesRegex(UserError, "does not answer"):
            self._dial()
        self.assertFalse(self.server.requests)

    def test_settings_of_the_system(self):
        self._connect("yeastar", dial_plus="00")
        self._dial()
        self.assertIn('"callee": "0048221234567"', self.server.requests[-1][2])
        self._connect("freeswitch", dial_channel="sofia/internal/{extension}@b", dial_context="out")
        self._dial()
        command = self.server.requests[-1][1]
        self.assertIn("sofia%2Finternal%2F101%40b%200048221234567%20XML%20out", command)

    def test_names_follow_the_system(self):
        names = ["dial_channel", "dial_context"]
        self.assertEqual(self.pbx.read(names)[0]["dial_channel"], "PJSIP/{extension}")
        self.pbx.provider = "freeswitch"
        self.assertEqual(self.pbx.dial_channel, "user/{extension}")
        self.assertEqual(self.pbx.dial_context, "default")
        self.pbx.dial_context = "out"
        self.assertEqual(self.pbx.copy().dial_context, "out")

    def test_what_is_not_set_up_does_not_dial(self):
        for values in ({"api_user": False}, {"api_url": False}, {"provider": "generic"}):
            with self.subTest(values=values):
                self._connect(**({"provider": "yeastar"} | values))
                self.assertFalse(self.env["lead.pbx"].with_user(self.anna)._can_dial(self.anna))
                self.assertEqual(self._dial("22 123"), {"url": "tel:22123"})
        self.assertFalse(self.server.requests)
        for provider in ("zadarma", "aircall"):
            self._connect(provider, api_url=False)
            self.assertTrue(self.env["lead.pbx"].with_user(self.anna)._can_dial(self.anna))

    def test_own_network_only_if_allowed(self):
        url = self.server.url.replace("http:", "https:")
        self._connect("yeastar", api_url=url, api_is_private=False)
        with (
            self.assertLogs(LOGGER, "WARNING") as logs,
            self.assertRaisesRegex(UserError, "refused to dial"),
        ):
            self._dial()
        self.assertNotIn("s3cret", "".join(logs.output))
        self.assertFalse(self.server.requests)

    def test_errors_are_in_the_users_words(self):
        self._connect("yeastar")
        denied = {"/openapi/v1.0/get_token": {"errcode": 10004}}
        with (
            patch.dict(self.server.answers, denied),
            mute_logger(LOGGER),
            self.assertRaisesRegex(UserError, "refused to dial"),
        ):
            self._dial()
        self._connect("yeastar", api_url="http://127.0.0.1:1")
        with mute_logger(LOGGER), self.assertRaisesRegex(UserError, "does not answer"):
            self._dial()

    def test_settings_are_checked(self):
        for values in (
            {"api_url": "pbx.example.com"},
            {"api_url": "ftp://pbx.example.com"},
            {"api_url": "https://pbx.example.com/api"},
            {"api_url": "https://pbx.example.com/#a"},
            {"api_url": "https://a:b@pbx.example.com"},
            {"api_url": "http://pbx.example.com", "api_is_private": False},
            {"api_user": "a\r\nb"},
            {"api_secret": "a\r\nb"},
            {"dial_number": "1900"},
            {"provider": "vonage"},
        ):
            with self.subTest(values=values), self.assertRaises(ValidationError):
                self._connect(**({"provider": "yeastar"} | values))

    def test_secret_is_written_and_never_read(self):
        self._connect("yeastar")
        pbx = self.pbx.with_user(self.admin)
        pbx.write({"api_password": ""})
        self.assertEqual(self.pbx.api_secret, "s3cret")
        self.assertFalse(pbx.read(["api_password"])[0]["api_password"])
        with self.assertRaises(AccessError):
            pbx.read(["api_secret"])
        self.assertNotIn("api_secret", pbx.fields_get())
        pbx.write({"api_user": False})
        self.assertFalse(self.pbx.api_secret, "It goes with its user")
        for name in ("api_url", "api_user"):
            with self.subTest(name=name), self.assertRaises(AccessError):
                self.pbx.with_user(self.anna).read([name])
