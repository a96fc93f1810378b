from odoo.tests import tagged

from ..common import LeadCommunicationsCommon
from ..patience import PatientHttpCase
from ..remote import Remote

# Everything by which a mail may call home. {remote} is a server that writes down who calls.
CALLING_HTML = """<!doctype html><html><head>
<base href="{remote}/base/" target="_top">
<meta http-equiv="refresh" content="0;url={remote}/refresh">
<link rel="preconnect" href="{preconnect}"><link rel="dns-prefetch" href="//dns.company.test">
<link rel="stylesheet" href="{remote}/link.css"><link rel="prefetch" href="{remote}/prefetch">
<link rel="icon" href="{remote}/icon">
<style>@import url("{remote}/import.css");
@font-face {{ font-family: x; src: url("{remote}/font"); }}
p {{ font-family: x; background: url("{remote}/background.png"); }}</style>
<script>new Image().src = "{remote}/inline-script";</script>
<script src="{remote}/script.js"></script>
</head><body onload="new Image().src='{remote}/onload'">
<p>Nice windows</p><img src="{remote}/pixel.png"><img src="relative.png">
<img src="data:," onerror="new Image().src='{remote}/onerror'"><img src="cid:logo@x">
<svg><image href="{remote}/svg.png" /><script>fetch("{remote}/svg-script")</script></svg>
<iframe src="{remote}/frame"></iframe><iframe srcdoc="<script>fetch('{remote}/srcdoc')</script>">
</iframe><object data="{remote}/object"></object><embed src="{remote}/embed">
<video src="{remote}/video" poster="{remote}/poster.png" autoplay></video>
<audio src="{remote}/audio" autoplay></audio>
<form action="{remote}/form"><input type="image" src="{remote}/input.png" autofocus></form>
<details open ontoggle="fetch('{remote}/ontoggle')"></details>
</body></html>"""


@tagged("post_install", "-at_install", "lead_communications")
class TestLeadCommunicationOriginal(LeadCommunicationsCommon, PatientHttpCase):
    """The original of an email, as it is looked at."""

    def _get(self, row_id, what, user=None):
        user = user or self.anna
        self.authenticate(user.login, user.login)
        return self.url_open(f"/lead_communications/email/{row_id}/{what}", allow_redirects=False)

    def _written_in_odoo(self):
        lead = self._create_lead(email_from="jan@customer.test")
        partner = self.env["res.partner"].create({"name": "Jan", "email": "jan@customer.test"})
        lead.with_user(self.anna).message_post(
            body="Our offer", partner_ids=partner.ids, subtype_xmlid="mail.mt_comment"
        )
        return lead.email_ids

    # ---- WHAT IS SENT ----

    def test_html_is_a_page_that_can_do_nothing(self):
        row = self._receive(html="<p onclick='x()'>Żółte okna</p><script>x()</script>")
        response = self._get(row.id, "html")
        self.assertEqual(response.status_code, 200)
        self.assertIn("Żółte okna", response.text)
        self.assertEqual(response.headers["Content-Type"], "text/html; charset=utf-8")
        self.assertEqual(
            response.headers["Content-Security-Policy"],
            "sandbox allow-popups allow-popups-to-escape-sandbox; default-src 'none';"
            " style-src 'unsafe-inline'; img-src data:; font-src data:; form-action 'none';"
            " base-uri 'none'; frame-ancestors 'self'",
        )
        self.assertEqual(response.headers["X-Content-Type-Options"], "nosniff")
        self.assertEqual(response.headers["Referrer-Policy"], "no-referrer")
        self.assertEqual(response.headers["Cache-Control"], "private")

    def test_images_are_allowed_only_when_asked_for(self):
        row = self._receive(html='<p>x</p><img src="https://x.test/a.png">')
        for query, sources in (
            ("?images=1", "img-src data: https://x.test;"),
            ("?images=0", "img-src data:;"),
            ("?images=true", "img-src data:;"),
            ("?images=1;%20script-src%20*", "img-src data:;"),
        ):
            policy = self._get(row.id, f"html{query}").headers["Content-Security-Policy"]
            self.assertIn(sources, policy)
            self.assertNotIn("script-src", policy)

    def test_eml_is_the_file_byte_by_byte(self):
        raw = self._mail(subject='Zażółć "gęślą"/../ X: y', body="8 bit: \u017b")
        response = self._get(self._receive(raw).id, "eml")
        self.assertEqual(response.content, raw)
        self.assertEqual(response.headers["Content-Type"].split(";")[0], "message/rfc822")
        self.assertEqual(response.headers["X-Content-Type-Options"], "nosniff")
        disposition = response.headers["Content-Disposition"]
        self.assertTrue(disposition.startswith("attachment;"), disposition)
        self.assertIn("filename*=UTF-8''Za%C5%BC%C3%B3%C5%82%C4%87%20_g%C4%99%C5%9Bl", disposition)
        self.assertNotIn("/", disposition)

    def test_original_of_a_row(self):
        row = self._receive(html='<img src="https://x.test/a.png">', subject="Zażółć")
        original = row.with_user(self.anna).read(["original"])[0]["original"]
        self.assertIn(["subject", "Zażółć"], [list(header) for header in original["headers"]])
        self.assertIn("how much is a window", original["text"])
        self.assertTrue(original["has_html"] and original["has_remote_images"])

    def test_original_without_html(self):
        row = self._receive()
        self.assertFalse(row.original["has_html"])
        self.assertEqual(self._get(row.id, "html").status_code, 404)
        self.assertEqual(self._get(row.id, "eml").status_code, 200)

    def test_email_written_in_odoo_has_none(self):
        row = self._written_in_odoo()
        self.assertFalse(row.with_user(self.anna).original)
        self.assertEqual(self._get(row.id, "html").status_code, 404)
        self.assertEqual(self._get(row.id, "eml").status_code, 404)

    def test_lists_and_forms_do_not_read_the_original(self):
        for name in ("list_email", "kanban_inbox", "form_email"):
            view = self.env.ref(f"lead_communications.lead_communication_view_{name}")
            view_type = view.type
            views = self.env["lead.communication"].get_view(view.id, view_type)
            self.assertNotIn("original", views["models"]["lead.communication"])
            self.assertNotIn("raw", views["models"]["lead.communication"])

    def test_original_is_one_query(self):
        row = self._receive().with_user(self.anna)
        row.read(["original"])
        self.env.invalidate_all()
        row.read(["subject"])
        with self.assertQueryCount(1):
            row.original  # noqa: B018  # pylint: disable=pointless-statement

    # ---- WHO GETS IT ----

    def test_nobody_learns_that_a_hidden_email_exists(self):
        row = self._receive(html="<p>Secret</p>")
        call = self._create_call()
        gone = self._receive()
        gone.unlink()
        for what in ("html", "eml"):
            answers = {
                (answer.status_code, answer.text)
                for answer in (
                    self._get(row.id, what, self.ben),
                    self._get(row.id, what, self.admin),
                    self._get(gone.id, what, self.anna),
                    self._get(call.id, what, self.anna),
                    self._get(2**31 - 1, what, self.anna),
                )
            }
            self.assertEqual(answers, {(404, "There is no such original.")})

    def test_without_a_session_there_is_the_login_page(self):
        row = self._receive(html="<p>Secret</p>")
        for what in ("html", "eml"):
            response = self.url_open(
                f"/lead_communications/email/{row.id}/{what}", allow_redirects=False
            )
            self.assertEqual(response.status_code, 303)
            self.assertIn("/web/login", response.headers["Location"])

    # ---- ATTACHMENTS ----

    def test_attachments_that_are_pages_are_never_pages_of_ours(self):
        html = b"<html><script>alert(1)</script></html>"
        svg = b'<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>'
        row = self._receive(
            attachments=[("a.html", html), ("a.svg", svg), ("a.xml", svg), ("a.xhtml", html)]
        )
        self.authenticate(self.anna.login, self.anna.login)
        self.assertEqual(len(row.attachment_ids), 4)
        for attachment in row.attachment_ids:
            for query in ("", "?download=true"):
                response = self.url_open(f"/web/content/{attachment.id}{query}")
                self.assertEqual(response.status_code, 200)
                self.assertEqual(response.headers["X-Content-Type-Options"], "nosniff")
                is_file = response.headers.get("Content-Disposition", "").startswith("attachment")
                kind = response.headers["Content-Type"].split(";")[0]
                self.assertTrue(
                    is_file or kind in ("text/plain", "application/octet-stream"),
                    (attachment.name, query, kind, attachment.mimetype),
                )

    # ---- IN THE BROWSER ----

    def test_the_sender_is_not_called_before_somebody_asks(self):
        remote, preconnect = Remote(), Remote()
        self.addCleanup(remote.stop)
        self.addCleanup(preconnect.stop)
        html = CALLING_HTML.format(remote=remote.url, preconnect=preconnect.url)
        row = self._receive(html=html, x_tracker="=?utf-8?b?WmHFvMOzxYLEhyA8Yj5nxJnFm2zEhTwvYj4=?=")
        self.start_tour(
            f"/odoo/lead-emails/{row.id}",
            "lead_communications.original",
            login=self.anna.login,
            cookies={"remote": remote.url},
        )
        opened, shown = remote.paths.index("/opened"), remote.paths.index("/shown")
        self.assertEqual(remote.paths[:opened], [])
        self.assertEqual(
            set(remote.paths[opened + 1 : shown]),
            {"/pixel.png", "/background.png", "/svg.png", "/input.png", "/poster.png"},
        )
        self.assertEqual(remote.paths[shown + 1 :], [])
        self.assertEqual(preconnect.connections, 0)
