import base64
import hashlib
import hmac
import json
import os
import time
from datetime import timedelta
from urllib.parse import urlencode

from cryptography.hazmat.primitives.asymmetric import padding, rsa
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from odoo import fields
from odoo.exceptions import AccessError, UserError
from odoo.tests import Form, TransactionCase, tagged, users
from odoo.tools import mute_logger

from ... import telephony
from ...telephony import generic
from ..common import LeadCommunicationsCommon
from ..patience import PatientHttpCase

TOKEN = "twilio-auth-token"
NUMBER = "+48600111222"
FORM = "application/x-www-form-urlencoded"


@tagged("post_install", "-at_install", "lead_communications")
class TestPbxProvidersHttp(LeadCommunicationsCommon, PatientHttpCase):
    """What telephone systems of several kinds send, and what they are answered."""

    def _system(self, provider, **values):
        return self.pbx.copy({"name": provider, "provider": provider, **values})

    def _request(self, pbx, body=None, query="", method=None, **headers):
        return self.url_open(
            f"/lead_communications/pbx/{pbx.key}{query}",
            data=body,
            headers={name.replace("_", "-"): value for name, value in headers.items()},
            method=method,
        )

    def _calls(self, pbx):
        return self.env["lead.communication"].search([("pbx_id", "=", pbx.id)])

    def _failures(self, pbx):
        return self.env["lead.communication.failure"].search([("pbx_id", "=", pbx.id)])

    # ---- TWILIO ----

    def _twilio(self, pbx, url=None, **fields):
        fields = {
            "CallSid": "CA1",
            "CallStatus": "completed",
            "CallDuration": "30",
            "Direction": "inbound",
            "From": NUMBER,
            "To": "+48221234567",
            "Timestamp": "Mon, 02 Nov 2026 10:15:00 +0000",
            **fields,
        }
        text = (url or pbx.webhook_url) + "".join(k + fields[k] for k in sorted(fields))
        digest = hmac.new(TOKEN.encode(), text.encode(), hashlib.sha1).digest()
        return urlencode(fields), base64.b64encode(digest).decode()

    def test_twilio_callback_is_recorded_once(self):
        pbx = self._system("twilio", secret=TOKEN)
        for _time in range(3):
            body, signature = self._twilio(pbx)
            response = self._request(
                pbx,
                body,
                X_Twilio_Signature=signature,
                Content_Type="application/x-www-form-urlencoded",
            )
            self.assertEqual((response.status_code, response.json()["status"]), (200, "ok"))
        call = self._calls(pbx)
        self.assertRecordValues(
            call,
            [{"result": "answered", "phone_sanitized": NUMBER, "duration": 30, "state": "ready"}],
        )

    def test_twilio_signs_the_public_address(self):
        self.env["ir.config_parameter"].set_param("web.base.url", "https://crm.example.com")
        pbx = self._system("twilio", secret=TOKEN)
        self.assertTrue(pbx.webhook_url.startswith("https://crm.example.com/"))
        for url, status in (
            (f"{pbx.webhook_url}?a=%20b", 200),
            (f"{pbx.webhook_url}?a=%20b".replace(".com/", ".com:443/"), 200),
            (f"{self.base_url()}/lead_communications/pbx/{pbx.key}?a=%20b", 401),
        ):
            body, signature = self._twilio(pbx, url)
            response = self._request(
                pbx,
                body,
                "?a=%20b",
                X_Twilio_Signature=signature,
                Content_Type="application/x-www-form-urlencoded",
            )
            self.assertEqual(response.status_code, status)

    def test_twilio_callback_with_one_changed_byte_is_refused(self):
        pbx = self._system("twilio", secret=TOKEN)
        body, signature = self._twilio(pbx)
        for changed in (body.replace("CA1", "CA2"), body + "&x=y"):
            response = self._request(
                pbx,
                changed,
                X_Twilio_Signature=signature,
                Content_Type="application/x-www-form-urlencoded",
            )
            self.assertEqual(response.status_code, 401)
            self.assertEqual(response.json()["code"], "signature_mismatch")
        self.assertFalse(self._calls(pbx))
        self.assertFalse(self._failures(pbx))

    def test_nothing_is_accepted_before_the_secret_is_entered(self):
        pbx = self._system("twilio")
        body, signature = self._twilio(pbx)
        self.assertEqual(self._request(pbx, body, X_Twilio_Signature=signature).status_code, 401)

    # ---- ZADARMA ----

    def test_zadarma_checks_the_address(self):
        pbx = self._system("zadarma")
        response = self._request(pbx, query="?zd_echo=<b>abc</b>")
        self.assertEqual((response.status_code, response.text), (200, "<b>abc</b>"))
        self.assertEqual(response.headers["Content-Type"], "text/plain; charset=utf-8")
        self.assertEqual(response.headers["X-Content-Type-Options"], "nosniff")
        self.assertNotIn("Set-Cookie", response.headers)
        self.assertEqual(self._request(pbx).status_code, 405)
        self.assertEqual(self._request(self.pbx, query="?zd_echo=1").status_code, 405)

    # ---- OTHERS THAT CHECK THE ADDRESS, OR ARE ANSWERED ----

    def test_ringcentral_is_echoed_its_token_and_reports_a_call(self):
        pbx = self._system("ringcentral")
        response = self._request(pbx, "", method="POST", Validation_Token="a1-b2")
        self.assertEqual(
            (response.status_code, response.headers["Validation-Token"]), (200, "a1-b2")
        )
        self.assertNotIn("Set-Cookie", response.headers)
        party = {
            "id": "p-1-2",
            "direction": "Inbound",
            "extensionId": "1",
            "from": {"phoneNumber": NUMBER},
            "to": {"phoneNumber": "+48221234567", "extensionId": "1"},
            "status": {"code": "Disconnected"},
            "missedCall": True,
        }
        body = {"telephonySessionId": "s-1", "eventTime": "2026-11-02T10:15:00Z"}
        report = json.dumps({"body": body | {"parties": [party]}})
        for token, status in (("wrong", 401), (pbx._live_secrets()[0], 200)):
            response = self._request(pbx, report, Verification_Token=token)
            self.assertEqual(response.status_code, status)
        self.assertRecordValues(
            self._calls(pbx), [{"result": "missed", "phone_sanitized": NUMBER, "extension": "1"}]
        )

    def test_zoom_has_its_token_signed_and_nobody_else(self):
        pbx = self._system("zoom_phone", secret="zoom-secret")
        body = json.dumps({"event": "endpoint.url_validation", "payload": {"plainToken": "abc"}})
        now = str(int(time.time()))
        digest = hmac.new(b"zoom-secret", f"v0:{now}:{body}".encode(), hashlib.sha256).hexdigest()
        headers = {"x_zm_request_timestamp": now, "Content_Type": "application/json"}
        response = self._request(pbx, body, x_zm_signature=f"v0={digest}", **headers)
        self.assertEqual(response.headers["Content-Type"], "application/json; charset=utf-8")
        expected = hmac.new(b"zoom-secret", b"abc", hashlib.sha256).hexdigest()
        self.assertEqual(response.json(), {"plainToken": "abc", "encryptedToken": expected})
        self.assertEqual(self._request(pbx, body, **headers).status_code, 401)

    def test_sipgate_is_told_where_to_report_and_its_calls_are_of_now(self):
        pbx = self._system("sipgate")
        key = rsa.generate_private_key(public_exponent=65537, key_size=2048)
        public = key.public_key().public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo)
        self.patch(telephony.get("sipgate"), "PUBLIC_KEY", public)
        call = {"event": "newCall", "direction": "in", "from": NUMBER[1:], "callId": "1"}
        body = urlencode(call | {"to": "48221234567"})
        signature = base64.b64encode(key.sign(body.encode(), padding.PKCS1v15(), SHA256()))
        query = f"?token={pbx._live_secrets()[0]}"
        response = self._request(pbx, body, query, X_Sipgate_Signature=signature.decode())
        self.assertEqual(response.headers["Content-Type"], "application/xml; charset=utf-8")
        self.assertIn(f'onHangup="{pbx.webhook_url}{query}"', response.text)
        self.assertEqual(self._calls(pbx).phone_sanitized, NUMBER)
        # What was kept is of the moment in which it came in, not of that in which it is read.
        pbx._postpone(urlencode(call | {"callId": "2", "to": "1"}).encode(), FORM)
        failure = self._failures(pbx)
        earlier = fields.Datetime.now() - timedelta(hours=3)
        self.env.cr.execute(
            "UPDATE lead_communication_failure SET create_date = %s WHERE id = %s",
            (earlier, failure.id),
        )
        failure.invalidate_recordset()
        failure.action_retry()
        late = self._calls(pbx).filtered(lambda call: call.external_id == "2")
        self.assertEqual(late.date, earlier)

    # ---- 3CX ----

    def _lookup(self, pbx, number=NUMBER, secret=None):
        return self._request(
            pbx,
            query="?" + urlencode({"number": number}),
            Authorization=f"Bearer {secret or pbx._live_secrets()[0]}",
        )

    def test_3cx_is_told_who_has_the_number(self):
        pbx = self._system("threecx")
        lead = self._create_lead(contact_name="Jan Nowak", partner_name="ACME", phone=NUMBER)
        partner = self.env["res.partner"].create({"name": "Maria", "phone": "600 111 222"})
        values = {"company_id": self.other_company.id, "phone": NUMBER}
        self._create_lead(name="Theirs", user_id=False, team_id=False, **values)
        self.env["res.partner"].create({"name": "Theirs", **values})
        response = self._lookup(pbx, "600111222")
        self.assertEqual(response.status_code, 200)
        contacts = response.json()["contacts"]
        self.assertEqual(
            [(contact["type"], contact["id"]) for contact in contacts],
            [("Leads", lead.id), ("Contacts", partner.id)],
        )
        self.assertEqual({contact["phone"] for contact in contacts}, {"600111222"})
        self.assertEqual(contacts[0]["name"], "Jan Nowak")
        self.assertTrue(contacts[0]["url"].endswith(f"/odoo/crm.lead/{lead.id}"))

    def test_3cx_is_told_nothing_without_the_secret_or_the_number(self):
        pbx = self._system("threecx")
        self._create_lead(phone=NUMBER)
        self.assertEqual(self._lookup(pbx, secret="wrong").status_code, 401)
        self.assertEqual(self._request(pbx, query=f"?number={NUMBER}").status_code, 401)
        for number in ("", "anonymous", "101", "600", "+266696687"):
            self.assertEqual(self._lookup(pbx, number).json(), {"contacts": []})

    def test_3cx_reports_a_call(self):
        pbx = self._system("threecx")
        report = {
            "call_type": "Missed",
            "number": "600111222",
            "agent": "101",
            "duration": "00:00:00",
            "started_at": "2026-11-02T10:15:00Z",
            "name": "[Name]",
        }
        for _time in range(2):
            response = self._request(
                pbx,
                json.dumps(report),
                Authorization=f"Bearer {pbx._live_secrets()[0]}",
                Content_Type="application/json",
            )
            self.assertEqual(response.json(), {"status": "ok", "calls": 1})
        self.assertRecordValues(
            self._calls(pbx), [{"result": "missed", "contact_name": False, "extension": "101"}]
        )

    # ---- OTHERS ----

    def _generic(self, pbx, body):
        signature = generic.sign(body, pbx.secret, int(time.time()))
        return self._request(
            pbx, body, X_Signature=signature, Content_Type="application/json; charset=utf-8"
        )

    def _standard_webhook(self, pbx, body, secret):
        key = base64.b64decode(secret.removeprefix("whsec_"))
        now = int(time.time())
        digest = hmac.digest(key, f"msg_1.{now}.{body}".encode(), "sha256")
        return self._request(
            pbx,
            body,
            webhook_id="msg_1",
            webhook_timestamp=str(now),
            webhook_signature=f"v1,{base64.b64encode(digest).decode()}",
            Content_Type="application/json",
        )

    def test_standard_webhook_with_the_secret_of_its_sender(self):
        pbx = self._system("generic")
        ours = pbx.secret
        first, second = (f"whsec_{base64.b64encode(os.urandom(24)).decode()}" for _time in range(2))
        with Form(pbx.with_user(self.admin)) as form:
            form.secret = f" {first} "
        self.assertEqual(pbx._live_secrets(), [first])
        body = json.dumps({"id": "1", "direction": "incoming", "start": "2026-11-02T10:15:00Z"})
        self.assertEqual(
            self._standard_webhook(pbx, body, first).json(), {"status": "ok", "calls": 1}
        )
        pbx.invalidate_recordset()
        self.assertFalse(pbx.secret)  # it has arrived where it belongs
        pbx.action_rotate_secret()
        pbx.secret = second
        self.assertEqual(pbx._live_secrets(), [second, first])
        for secret in (first, second):
            self.assertEqual(self._standard_webhook(pbx, body, secret).status_code, 200)
        pbx.action_forget_previous_secret()
        for secret in (first, base64.b64encode(ours.encode()).decode()):
            self.assertEqual(self._standard_webhook(pbx, body, secret).status_code, 401)
        self.assertEqual(len(self._calls(pbx)), 1)

    def test_deep_nesting_is_refused(self):
        pbx = self._system("generic")
        for body in (b"[" * 500_000, b'{"a":' * 100_000):
            response = self._generic(pbx, body)
            self.assertEqual((response.status_code, response.json()["code"]), (400, "too_deep"))
        self.assertFalse(self._failures(pbx))

    def test_call_that_cannot_be_read_is_kept_and_the_others_are_recorded(self):
        pbx = self._system("generic")
        good = {"id": "1", "direction": "incoming", "start": "2026-11-02T10:15:00Z"}
        response = self._generic(pbx, json.dumps([good, good | {"id": "2", "start": "x"}]).encode())
        self.assertEqual(response.json(), {"status": "kept", "calls": 1})
        self.assertEqual(self._calls(pbx).external_id, "1")
        failure = self._failures(pbx)
        self.assertIn("no date", failure.error)
        self.assertEqual(failure.cause, "time")
        failure.action_retry()
        self.assertEqual(failure.state, "failed")
        self.assertIn("no date", failure.error)

    def test_fields_of_the_query_do_no_harm(self):
        pbx = self._system("freeswitch")
        record = {"variables": {"uuid": "A", "start_epoch": "1793614500"}}
        credentials = base64.b64encode(f"odoo:{pbx.secret}".encode()).decode()
        response = self._request(
            pbx,
            json.dumps(record),
            "?uuid=a_A&self=1&key=other&db=other&model=res.users",
            Authorization=f"Basic {credentials}",
            Content_Type="application/json",
        )
        self.assertEqual(response.json(), {"status": "ok", "calls": 1})

    def test_description_is_served(self):
        response = self.url_open(generic.DESCRIPTION)
        self.assertEqual(response.status_code, 200)
        self.assertIn("openapi: 3.1.0", response.text)

    def test_configuration_is_for_administrators(self):
        pbx, other = self._system("threecx"), self._system("threecx")
        url = f"/lead_communications/pbx_configuration/{pbx.id}"
        self.authenticate("admin_t", "admin_t")
        response = self.url_open(url)
        self.assertEqual(response.status_code, 200)
        self.assertIn("odoo-3cx.xml", response.headers["Content-Disposition"])
        self.assertEqual(response.headers["Cache-Control"], "no-store")
        self.assertIn(pbx.secret, response.text)
        self.assertIn(pbx.webhook_url, response.text)
        for secret in (other.secret, other.key, self.pbx.secret):
            self.assertNotIn(secret, response.text)
        self.authenticate("marek_t", "marek_t")
        with mute_logger("odoo.http", "odoo.addons.base.models.ir_model"):
            response = self.url_open(url)
        self.assertNotEqual(response.status_code, 200)
        self.assertNotIn(pbx.secret, response.text)


@tagged("post_install", "-at_install", "lead_communications")
class TestPbxProviders(LeadCommunicationsCommon, TransactionCase):
    """The settings of providers that give the secret, and of those that are given ours."""

    def _form(self, provider):
        form = Form(self.env["lead.pbx"].with_user(self.admin))
        form.name = provider
        form.provider = provider
        return form

    def test_given_secret_can_be_entered_but_not_read(self):
        pbx = self._form("twilio").save()
        self.assertEqual((pbx.secret_is_given, pbx.has_secret), (True, False))
        self.assertEqual(pbx._live_secrets(), [])
        with Form(pbx) as form:
            form.secret = " first "
        self.assertEqual(pbx._live_secrets(), ["first"])
        self.assertTrue(pbx.has_secret)
        self.assertFalse(pbx.has_previous_secret)
        pbx.invalidate_recordset()
        self.assertFalse(pbx.secret)
        self.assertNotIn("first", str(pbx.read()))
        for name in ("live_secret", "previous_secret"):
            with self.assertRaises(AccessError):
                pbx.read([name])

    def test_given_secret_is_replaced_in_two_steps(self):
        pbx = self._form("zadarma").save()
        pbx.secret = "first"
        pbx.secret = "second"
        self.assertEqual(pbx._live_secrets(), ["second", "first"])
        with Form(pbx) as form:
            form.name = "Other Name"
        self.assertEqual(pbx._live_secrets(), ["second", "first"])
        pbx.action_forget_previous_secret()
        self.assertEqual(pbx._live_secrets(), ["second"])

    def test_secret_changes_with_the_provider(self):
        pbx = self._form("asterisk").save()
        made = pbx.secret
        self.assertTrue(made)
        pbx.provider = "threecx"
        self.assertEqual(pbx.secret, made)
        pbx.provider = "twilio"
        self.assertEqual(pbx._live_secrets(), [])
        pbx.write({"provider": "vonage", "secret": "theirs"})
        self.assertEqual(pbx._live_secrets(), ["theirs"])
        pbx.provider = "generic"
        self.assertEqual(len(pbx._live_secrets()), 1)
        self.assertNotIn("theirs", pbx._live_secrets())
        self.assertEqual(len(pbx.secret), 43)

    def test_new_system_takes_the_secret_it_is_given(self):
        pbx = self.env["lead.pbx"].create(
            {"name": "Twilio", "provider": "twilio", "secret": "theirs"}
        )
        self.assertEqual(pbx._live_secrets(), ["theirs"])
        self.assertEqual(pbx.copy()._live_secrets(), [])

    def test_every_provider_tells_how_to_set_it_up(self):
        for provider in telephony.PROVIDERS:
            pbx = self._form(provider).save()
            self.assertIn(pbx.webhook_url, pbx.setup_steps)
            for secret in pbx._live_secrets():
                self.assertNotIn(secret, pbx.setup_steps)

    def test_who_has_a_number_is_described_by_what_is_known(self):
        acme = self.env["res.partner"].create({"name": "ACME", "is_company": True})
        partner = self.env["res.partner"].create(
            {
                "name": "Maria",
                "phone": "600 111 222",
                "email": "Maria <MARIA@acme.test>",
                "parent_id": acme.id,
            }
        )
        leads = [
            self._create_lead(company_id=False, phone="600 111 222", **values)
            for values in (
                {"contact_name": "Jan", "partner_name": "Big", "email_from": "Jan <JAN@big.test>"},
                {"partner_id": partner.id, "contact_name": False},
                {"name": "Roof"},
            )
        ]
        contacts = self.pbx._find_contacts("600111222")
        self.assertEqual(
            [(one.id, one.name, one.company, one.email) for one in contacts],
            [
                (leads[2].id, "Roof", "", ""),
                (leads[1].id, "Maria", "ACME", "maria@acme.test"),
                (leads[0].id, "Jan", "Big", "jan@big.test"),
                (partner.id, "Maria", "ACME", "maria@acme.test"),
            ],
        )

    def test_five_of_each_kind_are_shown(self):
        for number in range(6):
            self._create_lead(name=f"Lead {number}", phone="600 111 222")
            self.env["res.partner"].create({"name": f"Contact {number}", "phone": "600 111 222"})
        kinds = [contact.kind for contact in self.pbx._find_contacts("600111222")]
        self.assertEqual(kinds, ["Leads"] * 5 + ["Contacts"] * 5)

    def test_configuration_has_no_secret_that_is_hidden(self):
        pbx = self._form("threecx").save()
        pbx.action_hide_secret()
        with self.assertRaisesRegex(UserError, "not shown again"):
            pbx._make_configuration()

    def test_configuration(self):
        for provider in ("threecx", "freeswitch"):
            pbx = self._form(provider).save()
            self.assertTrue(pbx.has_configuration)
            action = pbx.action_download_configuration()
            self.assertEqual(action["url"], f"/lead_communications/pbx_configuration/{pbx.id}")
        with self.assertRaises(UserError):
            self.pbx.with_user(self.admin)._make_configuration()

    @users("anna_t", "marek_t")
    def test_salespeople_can_do_nothing_with_secrets(self):
        pbx = self.pbx.with_env(self.env)
        with mute_logger("odoo.addons.base.models.ir_model"):
            for method in (
                pbx.action_rotate_secret,
                pbx.action_forget_previous_secret,
                pbx._make_configuration,
            ):
                with self.assertRaises(AccessError):
                    method()
