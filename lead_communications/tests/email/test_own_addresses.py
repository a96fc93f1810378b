from base64 import b64encode

from odoo.tests import tagged

from ..patience import PatientHttpCase
from .common import EmailCommon

PNG = bytes.fromhex(
    "89504e470d0a1a0a0000000d4948445200000001000000010804000000b51c0c02"
    "0000000b4944415478da63fcff1f0003030200efa2a75b0000000049454e44ae426082"
)
# A picture that logs out whoever looks at it, one of the email itself, and links of both kinds.
HTML = """<p>Our offer</p><img src="/web/session/logout"><img src="https://x.test/web/session/logout">
<img src="{base}/web/session/logout"><img src="/web/image/1"><img src="cid:logo@x.test">
<!-- --!><img src="/web/session/logout"> -->
<a href="/web/session/logout">One</a><a href="{base}/web/session/logout">Two</a>
<a href="https://x.test/offer">Three</a>"""


@tagged("post_install", "-at_install", "lead_communications")
class TestOwnAddresses(EmailCommon, PatientHttpCase):
    """Nothing in an email that came in leads to this server but its own pictures."""

    def _hostile(self, **headers):
        """Return the bytes of an email with a picture of its own."""
        source = HTML.format(base=self.env["mail.thread"].get_base_url())
        raw = self._mail(html=source, **headers)
        part = (
            b"Content-Type: image/png\nContent-Transfer-Encoding: base64\n"
            b'Content-ID: <logo@x.test>\nContent-Disposition: inline; filename="logo.png"\n\n'
        )
        head, _blank, rest = raw.partition(b"\n\n")
        boundary = rest.partition(b"\n")[0]
        closed = rest.rstrip()[: -len(b"--")]
        return head + b"\n\n" + closed + b"\n" + part + b64encode(PNG) + b"\n" + boundary + b"--\n"

    def _assert_harmless(self, text, image_id):
        self.assertIn("Our offer", text)
        self.assertNotIn("logout", text)
        self.assertNotIn('/web/image/1"', text)
        self.assertIn(f"/web/image/{image_id}", text)
        self.assertIn("https://x.test/offer", text)

    def test_email_that_waits(self):
        row = self._receive(self._hostile())
        image = row.mail_message_id.attachment_ids
        self.assertEqual(image.mimetype, "image/png")
        self._assert_harmless(row.mail_message_id.body, image.id)
        self._assert_harmless(row.with_user(self.anna).body, image.id)

    def test_answer_on_a_lead_by_a_mailbox_and_by_the_gateway(self):
        answered = {"in_reply_to": self.mail.message_ref, "subject": "Re: x"}
        by_mailbox = self._receive(self._hostile(**answered))
        self.assertEqual(by_mailbox.lead_id, self.lead)
        self.env["mail.thread"].message_process(
            "crm.lead", self._hostile(to="other@company.test"), thread_id=self.lead.id
        )
        for message in self.lead.message_ids.filtered(lambda one: "Our offer" in one.body):
            self._assert_harmless(message.body, message.attachment_ids.id)

    def test_quote_in_an_answer(self):
        row = self._receive(self._hostile())
        row._decide("attach", self.lead)
        for action in (
            row.with_user(self.anna).action_reply,
            row.with_user(self.anna).action_forward,
        ):
            self._assert_harmless(self._form(action()).body, row.mail_message_id.attachment_ids.id)

    def test_text_that_is_changed_later(self):
        row = self._receive(self._hostile())
        row.mail_message_id.body = HTML.format(base="https://x.test")
        self.assertNotIn('"/web/session', row.mail_message_id.body)

    def test_picture_of_another_email_is_none_of_its_own(self):
        image = self._receive(self._hostile()).mail_message_id.attachment_ids
        row = self._receive(html=f'<p>Look</p><img src="/web/image/{image.id}">')
        self.assertNotIn("/web/image", row.mail_message_id.body)
        self.assertNotIn("/web/image", row.body)

    def test_what_is_written_here_keeps_its_pictures_and_links(self):
        body = '<p>Look <a href="/odoo">here</a><img src="/web/image/3-1f2e/a.png"></p>'
        message = self.lead.message_post(body="x", message_type="comment")
        message.body = body
        self.assertEqual(message.body, body)
        self.assertEqual(self.env["lead.communication"]._shown_body(message), body)

    def test_original(self):
        row = self._receive(self._hostile())
        self.authenticate(self.anna.login, self.anna.login)
        for images in (0, 1):
            response = self.url_open(
                f"/lead_communications/email/{row.id}/html?images={images}", allow_redirects=False
            )
            policy = response.headers["Content-Security-Policy"]
            sources = " data: https://x.test;" if images else " data:;"
            self.assertIn(f"img-src{sources}", policy)
            self.assertIn('x-href="/web/session/logout"', response.text)
            self.assertIn("data:image/png;base64", response.text)
