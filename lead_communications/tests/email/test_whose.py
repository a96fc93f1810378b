from odoo.exceptions import UserError
from odoo.fields import Command
from odoo.tests import tagged

from ..common import LeadCommunicationsCommon
from .common_samples import SamplesCommon, sample


@tagged("post_install", "-at_install", "lead_communications")
class TestWhose(SamplesCommon):
    """Whose an email is: customers are never joined, and colleagues and forms are no customers."""

    def _lead_values(self, row):
        row.with_user(self.anna).action_create_lead()
        return row.lead_id

    # ---- FORMS ----

    def test_visitor_of_a_form_is_in_reply_to(self):
        for name in (
            "form-own-address-junk",
            "control-form-own-address",
        ):
            row = self._sample(name)
            self.assertEqual(row.email_normalized, "marta.lis@lisbud.example", name)
            self.assertEqual(row.contact_name, "Marta Lis")
            self.assertEqual(row.number, "+48 22 555 01 47")
        row = self._sample("control-form-noreply-list-unsubscribe")
        self.assertEqual((row.state, row.email_normalized), ("ready", "p.wrona@wronadom.example"))

    def test_marketplace_is_answered_by_its_relay(self):
        row = self._sample("marketplace-relay")
        self.assertEqual(row.email_normalized, "k3j9-x81@reply.marketplace.example")

    def test_visitors_of_a_form_without_reply_to_are_never_joined(self):
        for site in ("form-no-replyto", "form-foreign-no-replyto"):
            rows = [self._sample(f"{site}-{number}", self.office) for number in (1, 2)]
            leads = [row.lead_id for row in rows]
            self.assertEqual(len(set(leads)), 2)
            for row, lead in zip(rows, leads, strict=True):
                self.assertEqual(row.known_by, "text")
                self.assertEqual(lead.email_normalized, row.email_normalized)
                self.assertTrue(lead.contact_name)
        self.assertEqual(leads[0].email_normalized, "ewa@sroka.example")
        self.assertEqual(leads[1].contact_name, "Jakub Czyz")

    def test_visitor_who_is_known_waits_in_automatic_mode(self):
        lead = self._create_lead(email_from="ewa@sroka.example")
        row = self._sample("form-foreign-no-replyto-1", self.office)
        self.assertEqual((row.state, row.rule), ("ready", "manual"))
        self.assertEqual(row.with_user(self.anna).found_lead_id, lead)

    def test_form_that_names_nobody_is_no_person(self):
        for sender in ("wordpress@shop.example", "noreply@shop.example", "www@seller.example"):
            rows = [
                self._receive(
                    self._mail(
                        **{
                            "from": f"Shop <{sender}>",
                            "to": "office@seller.example",
                            "body": f"Somebody called ({n}).",
                        }
                    ),
                    self.office,
                )
                for n in (1, 2)
            ]
            for row in rows:
                self.assertEqual(row.known_by, "nobody", sender)
                self.assertFalse(row.lead_id)
                self.assertFalse(row._same_counterpart())
        rows[0].state = "ready"
        lead = self._lead_values(rows[0])
        self.assertFalse(lead.email_from)
        self.assertFalse(lead.partner_name)
        self.assertFalse(rows[1].lead_id)
        self.assertFalse(rows[1]._find_candidates()[rows[1].id])

    def test_answers_to_a_form_do_not_join_its_visitors(self):
        rows = [
            self._receive(
                self._mail(
                    **{"from": "noreply@shop.example", "subject": subject, "body": f"{subject} x"}
                )
            )
            for subject in ("Order", "Re: Order")
        ]
        self.assertNotEqual(rows[0].conversation_ref, rows[1].conversation_ref)

    def test_visitors_whose_form_refers_to_one_mail_are_never_joined(self):
        site = "Site <wordpress@site.example>"
        body = "Name: Ewa\nEmail: ewa@sroka.example"
        first = self._receive(
            self._mail(**{"from": site, "reply_to": "ewa@sroka.example", "body": body}), self.office
        )
        self.assertEqual(first.rule, "automatic_new")
        refers = {"from": site, "in_reply_to": first.message_ref}
        for headers in (
            {"reply_to": "jan@kot.example", "body": "Name: Jan\nEmail: jan@kot.example"},
            {"body": "Name: Jan\nEmail: jan@czyz.example"},
            {"body": "Somebody wrote."},
        ):
            row = self._receive(self._mail(**refers | headers), self.office)
            self.assertNotEqual(row.lead_id, first.lead_id)
            self.assertNotEqual(row.conversation_ref, first.conversation_ref)
        again = self._mail(**refers | {"reply_to": "ewa@sroka.example"})
        self.assertEqual(self._receive(again, self.office).lead_id, first.lead_id)

    def test_form_of_our_own_with_a_copy_to_somebody_is_no_mail_of_ours(self):
        headers = {"reply_to": "Ewa <ewa@sroka.example>", "cc": "studio@archi.example"}
        row = self._receive(self._mail(**{"from": "Site <wordpress@seller.example>"} | headers))
        self.assertEqual((row.direction, row.email_normalized), ("incoming", "ewa@sroka.example"))

    def test_who_shares_a_number_is_not_decided_along(self):
        self.env["ir.config_parameter"].set_param("lead_communications.decide_counterpart", "1")
        body = "Name: %s\nEmail: %s@%s.example\nPhone: 22 777 88 99\nMessage: x"
        ewa, jan, again = (
            self._receive(
                self._mail(**{"from": "noreply@forms.example", "body": body % (name, name, name)})
            )
            for name in ("ewa", "jan", "ewa")
        )
        call = self._create_call(number="+48227778899", phone_sanitized="+48227778899")
        other = self._create_call(number="+48227778899", phone_sanitized="+48227778899")
        self.assertEqual(call.with_user(self.anna)._same_counterpart(), other)
        self.assertEqual(ewa.with_user(self.anna)._same_counterpart(), again | call | other)
        ewa.with_user(self.anna).action_create_lead()
        self.assertEqual(again.lead_id, ewa.lead_id)
        self.assertEqual((jan.state, jan.lead_id.id), ("ready", False))

    def test_who_passed_an_email_on_is_not_proposed_in_the_chatter(self):
        body = "Name: Ewa\nEmail: ewa%s@sroka.example\nMessage: x"
        forwarded = "From: Ewa <ewa4@sroka.example>\nSent: Monday\nTo: Kasia\nSubject: x\n\nHello"
        cases = (
            {"from": "Site <noreply@forms.example>", "body": body % 1},
            {"from": "Site <sales@seller.example>", "subject": "Form", "body": body % 2},
            {"from": "Agent <agent@agency.example>", "reply_to": "Ewa <ewa3@sroka.example>"},
            {"from": "Kasia <kasia@seller.example>", "subject": "Fwd: x", "body": forwarded},
        )
        for number, headers in enumerate(cases, 1):
            row = self._receive(self._mail(**{"to": "sales@seller.example"} | headers))
            lead = self._lead_values(row).with_user(self.anna)
            proposed = {
                one["email"]
                for one in lead._message_get_suggested_recipients(reply_discussion=True)
            }
            self.assertEqual(proposed - {self.anna.email}, {f"ewa{number}@sroka.example"})

    def test_form_that_a_colleague_forwards_is_from_its_visitor(self):
        forwarded = (
            "---------- Forwarded message ---------\nFrom: Site <%s>\nDate: Mon\n"
            "Subject: New\nTo: kasia@seller.example\n\n%s"
        )
        for sender in ("wordpress@seller.example", "noreply@forms.example"):
            for text, address, source in (
                ("Name: Paulo Reis\nEmail: paulo@reis.example", "paulo@reis.example", "text"),
                ("Name: Paulo Reis\nPhone: 601222333", False, "text"),
                ("Somebody called.", None, "nobody"),
            ):
                row = self._receive(
                    self._mail(
                        **{
                            "from": "Kasia <kasia@seller.example>",
                            "to": "sales@seller.example",
                            "subject": "Fwd: New",
                            "body": forwarded % (sender, text),
                        }
                    )
                )
                self.assertEqual(row.known_by, source, text)
                if address is not None:
                    self.assertEqual(
                        (row.email_normalized, row.contact_name), (address, "Paulo Reis")
                    )
                self.assertNotEqual(row._counterpart_address(), "noreply@forms.example")

    def test_number_of_a_form_alone(self):
        body = "Name: Olga Kania\nPhone: 601 222 333\nMessage: Call me"
        row = self._receive(
            self._mail(**{"from": "forms@formhost.example", "body": body}), self.office
        )
        self.assertEqual((row.known_by, row.phone_sanitized), ("text", "+48601222333"))
        self.assertEqual((row.state, row.email_normalized), ("ready", False))
        lead = self._lead_values(row)
        self.assertEqual((lead.phone, lead.contact_name), ("+48 601 222 333", "Olga Kania"))
        self.assertFalse(lead.email_from)

    def test_name_of_the_visitor_is_in_from(self):
        row = self._sample("form-name-in-from")
        self.assertEqual(row.contact_name, "Karolina Duda")
        self.assertEqual(row.email_normalized, "karolina.duda@gmail.com")

    def test_two_visitors_of_the_same_form_are_two_rows(self):
        rows = [self._sample(f"same-form-two-visitors-{number}") for number in (1, 2)]
        self.assertEqual(len({row.id for row in rows}), 2)
        self.assertEqual(rows[0].email_normalized, "anna.wolska@wolska.example")
        self.assertEqual(rows[1].email_normalized, "bert.lang@lang.example")
        self.assertNotEqual(rows[0].conversation_ref, rows[1].conversation_ref)
        self.assertEqual(self._sample("same-form-two-visitors-1"), rows[0])

    def test_our_own_address_in_reply_to_is_taken_out(self):
        row = self._sample("replyto-ours-and-customer")
        self.assertEqual(
            (row.email_normalized, row.contact_name), ("nils@langhof.example", "Nils Lang")
        )

    def test_person_who_fills_in_an_order_by_hand_stays_themselves(self):
        row = self._receive(
            self._mail(
                **{
                    "from": "Jan Kowalski <jan@customer.test>",
                    "body": "Name: Jan Kowalski\nEmail: jan.private@gmail.com\nMessage: 2 doors",
                }
            )
        )
        self.assertEqual((row.known_by, row.email_normalized), ("header", "jan@customer.test"))

    def test_google_groups_name_the_person(self):
        self.assertEqual(
            self._sample("google-group-via").email_normalized, "hanna.berg@bergholz.example"
        )
        self.assertEqual(
            self._sample("google-group-via-sender-only").email_normalized, "ulf@strandbygg.example"
        )

    def test_lines_of_mail_programs_are_lines_of_the_lead(self):
        lines = ("I take it.", "Best regards", "Jan Kot", "Kotbud sp. z o.o.", "tel. 601 222 333")
        quotation = (
            "<div>On Mon, 2 Nov 2026 at 10:00, Anna &lt;<a>anna@seller.example</a>&gt; wrote:"
        )
        for number, html in enumerate(
            (
                "".join(f"<div>{line}</div>" for line in lines),
                "".join(f'<p class="MsoNormal">{line}</p>' for line in lines),
                f"{lines[0]}<table><tr><td>x</td><td>{'<br>'.join(lines[1:])}</td></tr></table>",
            )
        ):
            html += f"{quotation}</div><blockquote><div>Our offer</div></blockquote>"
            headers = {"from": f"jan@k{number}.example", "subject": "Re: x", "html": html}
            lead = self._lead_values(self._receive(self._mail(**headers)))
            self.assertEqual((lead.phone, lead.partner_name), ("+48 601 222 333", lines[3]))
            self.assertIn("Jan Kot<br>Kotbud", str(lead.description))
            self.assertNotIn("Our offer", str(lead.description))

    # ---- COLLEAGUES ----

    def test_colleague_gets_no_lead(self):
        row = self._sample("internal-to-auto", self.office)
        self.assertEqual((row.state, row.known_by), ("ready", "nobody"))
        self.assertFalse(self.env["crm.lead"].search([("email_from", "like", "kasia@seller")]))

    def test_customer_in_copy_of_a_colleagues_mail_is_found(self):
        lead = self._create_lead(email_from="dana@novakova.example")
        row = self._sample("sent-customer-in-cc")
        self.assertEqual(row.direction, "outgoing")
        self.assertEqual((row.state, row.lead_id), ("done", lead))
        self.assertIn("dana@novakova.example", row.email_cc)

    def test_whom_a_colleague_tells_a_customer_of_is_not_who_wrote(self):
        lead = self._create_lead(email_from="dana@novakova.example")
        row = self._receive(
            self._mail(
                **{
                    "from": "Kasia <kasia@seller.example>",
                    "to": "dana@novakova.example",
                    "cc": "sales@seller.example",
                    "body": "Name: Jan Kot\nPhone: 601 222 333\nEmail: jan@kot.example",
                }
            )
        )
        self.assertEqual((row.direction, row.lead_id), ("outgoing", lead))

    def test_several_customers_of_a_colleagues_mail_are_proposed(self):
        leads = self._create_lead(email_from="dana@novakova.example") | self._create_lead(
            email_from="orders@glassworks.example"
        )
        row = self._sample("sent-customer-in-cc")
        self.assertEqual((row.state, row.rule), ("ready", "several"))
        found = {candidate.lead_id for candidate in row._find_candidates()[row.id]}
        self.assertEqual(found, set(leads.ids))


@tagged("post_install", "-at_install", "lead_communications")
class TestSeveralCompanies(LeadCommunicationsCommon):
    """The same email in mailboxes of two companies."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.mailbox.address = "sales@seller.example"
        cls.other_mailbox = cls.env["lead.mailbox"].create(
            {
                "name": "Trading",
                "address": "sales@beta-trading.example",
                "server_id": cls.server.copy().id,
                "company_id": cls.other_company.id,
                "member_ids": [Command.set(cls.otto.ids)],
                "fetch_since": "2020-01-01",
            }
        )
        cls.raw = sample("two-companies")

    def _both(self, *mailboxes, raw=None):
        return [self._receive(raw or self.raw, mailbox) for mailbox in mailboxes]

    def test_each_company_has_its_row(self):
        mine, others = self._both(self.mailbox, self.other_mailbox)
        self.assertNotEqual(mine, others)
        self.assertEqual((mine.company_id, others.company_id), (self.company, self.other_company))
        rows = self.env["lead.communication"].search([("subject", "like", "30 gates")])
        for user, row in ((self.anna, mine), (self.otto, others)):
            self.assertEqual(rows.with_user(user).search([("id", "in", rows.ids)]), row)
            self.assertIn("asking both", row.with_user(user).body)
        ids = rows.mail_message_id.mapped("message_id")
        self.assertEqual(ids, ["<TC1@olsenfarm.example>"] * 2, "what both answer refers to it")
        again = self._both(self.other_mailbox, self.mailbox)
        self.assertEqual(again, [others, mine])
        self.assertEqual(len(rows), 2)

    def test_three_companies(self):
        third = self.other_mailbox.copy(
            {
                "address": "c@c.example",
                "company_id": self.env["res.company"].create({"name": "Third"}).id,
                "member_ids": False,
                "server_id": self.server.copy().id,
            }
        )
        rows = self._both(self.mailbox, self.other_mailbox, third)
        self.assertEqual(len({row.id for row in rows}), 3)
        self.assertTrue(all(row.mail_message_id for row in rows))

    def test_each_decides_about_its_own(self):
        mine, others = self._both(self.mailbox, self.other_mailbox)
        mine.with_user(self.anna).action_create_lead()
        self.assertEqual(mine.lead_id.company_id, self.company)
        self.assertEqual((others.state, others.lead_id.id), ("ready", False))
        others.with_user(self.otto).action_create_lead()
        self.assertEqual(others.lead_id.company_id, self.other_company)
        self.assertEqual(others.mail_message_id.res_id, others.lead_id.id)

    def test_answers_reach_the_lead_of_each(self):
        rows = self._both(self.mailbox, self.other_mailbox)
        for row, user in zip(rows, (self.anna, self.otto), strict=True):
            row.with_user(user).action_create_lead()
        answer = {
            "from": "greta@olsenfarm.example",
            "subject": "Re: gates",
            "in_reply_to": "<TC1@olsenfarm.example>",
        }
        for row, mailbox in zip(rows, (self.mailbox, self.other_mailbox), strict=True):
            got = self._receive(self._mail(**answer), mailbox)
            self.assertEqual((got.lead_id, got.rule), (row.lead_id, "answer"))

    def test_an_answer_on_a_lead_is_one_row(self):
        for order in ((0, 1), (1, 0)):
            sender = f"eva@eva{order[0]}.example"
            boxes = (self.mailbox, self.other_mailbox)
            first = self._receive(self._mail(**{"from": sender}), self.other_mailbox)
            first.with_user(self.otto).action_create_lead()
            raw = self._mail(
                **{"from": sender, "subject": "Re: x", "in_reply_to": first.message_ref}
            )
            rows = self._both(*(boxes[number] for number in order), raw=raw)
            self.assertEqual(rows[0], rows[1])
            self.assertEqual(rows[0].lead_id, first.lead_id)
            self.assertEqual(rows[0].mailbox_ids, self.mailbox | self.other_mailbox)

    def test_conversation_on_a_lead_of_another_company_waits(self):
        first = self._receive(
            self._mail(**{"from": "eva@eva.example", "subject": "Barn"}), self.other_mailbox
        )
        first.with_user(self.otto).action_create_lead()
        mails = {
            "without references": {"from": "eva@eva.example", "subject": "Re: Barn"},
            "sent by us": {
                "from": "kasia@seller.example",
                "to": "eva@eva.example",
                "in_reply_to": first.message_ref,
            },
            "out of office": {
                "from": "eva@eva.example",
                "subject": "Automatic reply: Barn",
                "auto_submitted": "auto-replied",
                "in_reply_to": first.message_ref,
            },
        }
        for what, headers in mails.items():
            row = self._receive(self._mail(**headers), self.mailbox)
            self.assertEqual((row.state, row.company_id), ("ready", self.company), what)
            self.assertEqual(row.rule, "manual", what)
            self.assertEqual(row.conversation_ref, row.message_ref, "another company's is hidden")
            self.assertNotIn("ours", row.evidence_text, what)
            self.assertFalse(row.lead_id, what)

    def test_conversation_of_two_companies_is_decided_by_each(self):
        both = self.anna
        both.write({"company_ids": [Command.link(self.other_company.id)]})
        self.other_mailbox.member_ids |= both
        mine, others = self._both(self.mailbox, self.other_mailbox)
        rows = (
            (mine | others)
            .with_user(both)
            .with_context(allowed_company_ids=[self.company.id, self.other_company.id])
        )
        rows[0].action_create_lead()
        self.assertEqual((mine.state, others.state), ("done", "ready"))
        lead = self._create_lead(company_id=self.other_company.id, user_id=both.id)
        rows[1]._decide("attach", lead, others=rows[1]._decided_along())
        self.assertEqual(others.lead_id, lead)

    def test_one_lead_is_not_created_for_two_companies(self):
        self.other_mailbox.member_ids |= self.anna
        self.anna.write({"company_ids": [Command.link(self.other_company.id)]})
        mine, others = self._both(self.mailbox, self.other_mailbox)
        companies = (self.company | self.other_company).ids
        rows = (mine | others).with_user(self.anna).with_context(allowed_company_ids=companies)
        with self.assertRaises(UserError), self.env.cr.savepoint():
            rows._decide("create")
        self.assertEqual(set((mine | others).mapped("state")), {"ready"})

    def test_lead_that_changes_its_company_takes_its_rows_along(self):
        mine, others = self._both(self.mailbox, self.other_mailbox)
        mine.with_user(self.anna).action_create_lead()
        others.with_user(self.otto).action_create_lead()
        mine.lead_id.write(
            {"company_id": self.other_company.id, "user_id": False, "team_id": False}
        )
        self.assertEqual(mine.company_id, self.other_company)
        self.assertEqual(self._both(self.mailbox, self.other_mailbox), [mine, others])


@tagged("post_install", "-at_install", "lead_communications")
class TestElsewhere(LeadCommunicationsCommon):
    """Mail to a mailbox and to an alias of another model."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.env["ir.config_parameter"].set_param("mail.catchall.domain.allowed", False)
        domain = cls.env["mail.alias.domain"].create({"name": "company.test"})
        cls.company.alias_domain_id = domain
        cls.alias = cls.env["mail.alias"].create(
            {
                "alias_name": "partners",
                "alias_domain_id": domain.id,
                "alias_model_id": cls.env["ir.model"]._get_id("res.partner"),
                "alias_contact": "everyone",
            }
        )
        cls.raw = cls._mail(to="sales@company.test, partners@company.test", subject="To both")

    def _messages(self):
        return self.env["mail.message"].search([("subject", "=", "To both")])

    def test_has_its_row_and_its_record(self):
        row = self._receive(self.raw)
        self.assertEqual((row.state, row.subject), ("ready", "To both"))
        models = sorted(self._messages().mapped("model"))
        self.assertEqual(models, ["lead.communication", "res.partner"])
        self.assertEqual(self._receive(self.raw), row)
        self.assertEqual(len(self._messages()), 2)

    def test_has_its_row_when_the_gateway_was_first(self):
        self.env["mail.thread"].message_process("res.partner", self.raw)
        self.assertEqual(self._messages().mapped("model"), ["res.partner"])
        row = self._receive(self.raw)
        self.assertEqual((row.state, row.subject), ("ready", "To both"))
        self.assertEqual(row.mail_message_id.model, "lead.communication")
        self.assertEqual(len(self._messages()), 2)
        self.assertEqual(self._receive(self.raw), row)

    def test_of_two_companies_it_makes_one_record(self):
        other = self.mailbox.copy(
            {
                "company_id": self.other_company.id,
                "member_ids": [Command.set(self.otto.ids)],
                "server_id": self.server.copy().id,
            }
        )
        rows = [self._receive(self.raw, mailbox) for mailbox in (self.mailbox, other)]
        self.assertEqual([row.company_id for row in rows], [self.company, self.other_company])
        models = sorted(self._messages().mapped("model"))
        self.assertEqual(models, ["lead.communication"] * 2 + ["res.partner"])

    def test_answer_on_another_record_stays_there(self):
        partner = self.env["res.partner"].create({"name": "Jan", "email": "jan@customer.test"})
        message = partner.message_post(body="Hello", message_type="comment")
        raw = self._mail(subject="Re: Hello", in_reply_to=message.message_id)
        self.assertFalse(self._receive(raw))
        self.assertEqual(partner.message_ids[0].subject, "Re: Hello")
