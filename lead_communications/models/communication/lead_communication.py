from odoo import api, fields, models
from odoo.exceptions import AccessError, RedirectWarning, UserError
from odoo.fields import Command, Domain
from odoo.tools import SQL, format_datetime

from .decision import CHANGED_FIELDS

# action: (the states it starts from, the state it ends in). Every change of state is one of these.
TRANSITIONS = {
    "create": (("ready",), "done"),
    "attach": (("ready",), "done"),
    "ignore": (("ready",), "ignored"),
    "reopen": (("ignored", "done"), "ready"),
    # None: the state stays.
    "move": (("planned", "done", "canceled"), None),
    "plan": (("planned", "done", "canceled"), "planned"),
    "complete": (("planned", "canceled"), "done"),
    "cancel": (("planned", "done"), "canceled"),
    "assign": (("ready",), None),
    "split": (("ready", "ignored", "planned", "done", "canceled"), None),
    # The lead was deleted: what was received waits for a decision again.
    "release": (("planned", "done", "canceled"), "ready"),
}
LINKED_STATES = ("planned", "done", "canceled")


class LeadCommunication(models.Model):
    """One contact with somebody: a call, an email, a meeting, a message or a note.

    What it is (``type``) decides which of the fields are filled; what was decided about it is its
    ``state``. The states are changed by :meth:`_decide` alone. Users hold no write access: they see
    what :meth:`_visible_domain` says, and they decide by the actions.
    """

    _name = "lead.communication"
    _description = "Communication"
    _inherit = ["mail.thread"]
    _order = "date desc, id desc"
    _mail_post_access = "read"  # whoever sees it may add a note; nobody has the right to write
    _rec_name = "subject"

    type = fields.Selection(
        selection=[
            ("call", "Call"),
            ("meeting", "Meeting"),
            ("email", "Email"),
            ("message", "Chat/SMS"),
            ("note", "Note"),
        ],
        required=True,
        readonly=True,
    )
    direction = fields.Selection(
        selection=[
            ("incoming", "Incoming"),
            ("outgoing", "Outgoing"),
            ("internal", "Internal"),
        ],
        readonly=True,
    )
    subject = fields.Char(readonly=True)

    date = fields.Datetime(
        required=True,
        readonly=True,
        default=fields.Datetime.now,
        help="When the call started or the email was sent.",
    )
    date_end = fields.Datetime(string="End", readonly=True)

    contact_name = fields.Char(
        readonly=True,
        help="The name of the other party, as the telephone system or the email gave it.",
    )
    number = fields.Char(
        readonly=True, help="The number of the other party, as the telephone system showed it."
    )
    phone_sanitized = fields.Char(
        string="Sanitized Number", readonly=True, index="btree_not_null", help="In E.164."
    )
    email_normalized = fields.Char(
        string="Email Address",
        readonly=True,
        index="btree_not_null",
        help="The address of the other party, normalized.",
    )

    user_id = fields.Many2one(
        comodel_name="res.users",
        string="Responsible",
        readonly=True,
        ondelete="set null",
        help="Who took or made the call, or wrote the email.",
    )
    team_id = fields.Many2one(
        comodel_name="crm.team", string="Sales Team", readonly=True, ondelete="set null"
    )
    company_id = fields.Many2one(
        comodel_name="res.company",
        required=True,
        readonly=True,
        index=True,
        default=lambda self: self.env.company,
    )

    lead_id = fields.Many2one(
        comodel_name="crm.lead",
        readonly=True,
        # crm.lead.unlink() gives the received ones back as Ready; nothing may go in silence.
        ondelete="restrict",
    )
    state = fields.Selection(
        selection=[
            ("ready", "Ready"),
            ("ignored", "Ignored"),
            ("planned", "Planned"),
            ("done", "Completed"),
            ("canceled", "Canceled"),
        ],
        required=True,
        readonly=True,
        default="ready",
    )
    decision_id = fields.Many2one(
        comodel_name="lead.communication.decision",
        string="Last Decision",
        readonly=True,
        index="btree_not_null",
        ondelete="set null",
        copy=False,
    )
    decision_user_id = fields.Many2one(related="decision_id.user_id", string="Decided by")
    decision_date = fields.Datetime(related="decision_id.create_date", string="Decided on")

    _state_lead_check = models.Constraint(
        "CHECK ((lead_id IS NOT NULL) = (state IN ('planned', 'done', 'canceled')))",
        "A communication has a lead exactly when it is planned, completed or canceled.",
    )
    _date_end_check = models.Constraint(
        "CHECK (date_end >= date)", "A communication cannot end before it starts."
    )
    _ready_user_idx = models.Index("(user_id, date DESC, id DESC) WHERE state = 'ready'")
    _ready_type_idx = models.Index("(type, date DESC, id DESC) WHERE state = 'ready'")
    _date_idx = models.Index("(type, date DESC, id DESC)")
    _user_state_idx = models.Index("(user_id, state)")

    @api.depends("type", "subject", "contact_name", "number", "email_from", "date")
    @api.depends_context("lang", "tz")
    def _compute_display_name(self):
        for row in self:
            row.display_name = row.subject or row._default_lead_name()

    # ---- ACCESS ----

    @api.model
    def _queue_domain(self):
        """Return the domain of the rows without a lead that the user may see and decide."""
        user = self.env.user
        calls = Domain("type", "=", "call")
        if not user.has_group("sales_team.group_sale_salesman_all_leads"):
            # sudo: crm.team.member - the user's own memberships
            teams = user.sudo().crm_team_ids
            calls &= Domain("user_id", "=", user.id) | (
                Domain("user_id", "=", False) & Domain("team_id", "in", teams.ids)
            )
        # sudo: lead.mailbox - the mailboxes of which the user is a member
        mailboxes = self.env["lead.mailbox"].sudo()._of_user(user)
        emails = Domain("mailbox_ids", "in", mailboxes.ids)
        if user.has_group("sales_team.group_sale_manager"):
            # Of no mailbox: it came to a lead by the alias of a team, and the lead was deleted.
            emails |= Domain("mailbox_ids", "=", False)
        return calls | (Domain("type", "=", "email") & emails)

    @api.model
    def _visible_domain(self):
        """Return the domain of what the user may see.

        Without a lead: his queue. With a lead: what belongs to a lead that he may read, by whatever
        record rules leads have. (A rule's own domain is evaluated as superuser: it can't ask that.)
        """
        linked = Domain.custom(
            to_sql=lambda model, alias, _query: model._readable_lead_sql(alias),
            predicate=lambda row: row.lead_id.sudo(False)._filtered_access("read"),
        )
        return (Domain("lead_id", "=", False) & self._queue_domain()) | (
            Domain("lead_id", "!=", False) & linked
        )

    @api.model
    def _readable_lead_sql(self, alias):
        """Return the condition that the user may read the lead of ``alias``.

        It is looked up by primary key for each row: PostgreSQL would collect the ids of all leads
        for an ``IN``, and for an ``EXISTS`` that it takes for one.
        """
        leads = self.env["crm.lead"]._search(Domain.TRUE, active_test=False)
        if leads.is_empty():
            return SQL("FALSE")
        lead_id = SQL.identifier(alias, "lead_id", to_flush=self._fields["lead_id"])
        leads.add_where(SQL("%s = %s", SQL.identifier("crm_lead", "id"), lead_id))
        leads.limit = 1
        return SQL("%s", leads.subselect(SQL("TRUE")))

    @api.model
    def _search(self, domain, *args, bypass_access=False, **kwargs):
        if not self.env.su and not bypass_access:
            domain = Domain(domain) & self._visible_domain()
        return super()._search(domain, *args, bypass_access=bypass_access, **kwargs)

    def _check_access(self, operation):
        result = super()._check_access(operation)
        if result or self.env.su or not any(self._ids):
            return result
        hidden = self - self._filtered_visible()
        if hidden:
            return hidden, lambda: hidden._hidden_error()
        return None

    def _filtered_visible(self):
        """Return the part of ``self`` that :meth:`_visible_domain` describes."""
        # sudo: the columns that decide about the access have to be read before it is known
        rows = self.sudo()
        linked = rows.filtered("lead_id")
        readable = linked.lead_id.sudo(False)._filtered_access("read")
        visible = linked.filtered(lambda row: row.lead_id.id in readable._ids)
        visible |= (rows - linked).filtered_domain(self._queue_domain())
        return visible.sudo(False)

    def _hidden_error(self):
        return AccessError(
            self.env._("This communication belongs to a colleague, a mailbox or a lead of others.")
        )

    # ---- ACTIONS ----

    def action_create_lead(self):
        """Create a lead from the communication and open its card to be completed.

        While a lead of the counterpart is open, that is said first and Attach is offered. From the
        Inbox (``lead_stay`` in the context) the card is offered, from Calls and Email it opens.
        """
        self.ensure_one()
        row = self
        if self.env.context.get("lead_open_created"):
            row = self.with_context(lead_stay=False)
        if row._has_open_lead():
            return (
                self.env["lead.communication.attach"].with_env(row.env)._open(row, is_create=True)
            )
        rows = row._decide("create", others=row._decided_along())
        return rows._decided_notice(next_action=row.action_open_lead())

    def action_attach(self):
        """Open the dialog in which the lead is chosen."""
        self.check_access("read")
        return self.env["lead.communication.attach"]._open(self)

    def action_ignore(self):
        """Set aside what needs no lead."""
        return self._decide("ignore")._decided_notice(len(self))

    def action_reopen(self):
        """Give it back to the queue: the decision was wrong."""
        self._decide("reopen")

    def action_move(self):
        """Open the dialog in which another lead is chosen."""
        self.check_access("read")
        return self.env["lead.communication.attach"]._open(self, is_move=True)

    def action_open_lead(self):
        """Open the lead of the communication or, while it has none, the best candidate."""
        self.ensure_one()
        self.check_access("read")
        lead = self.lead_id or self.found_lead_id
        if not lead:
            raise UserError(self.env._("No lead was found for this communication yet."))
        return lead.redirect_lead_opportunity_view()

    # ---- DECISIONS ----

    def _decide(self, action, lead=None, others=None, **values):
        """Change the state of ``self``, the one way to do it; return the rows that were changed.

        Rows that are no longer in a state from which the action starts are left as they are; when
        none of ``self`` remains the user is told who was first.

        :param action: a key of ``TRANSITIONS``.
        :param lead: the ``crm.lead`` for ``attach`` and ``move``.
        :param others: rows that are decided along with ``self`` if they still can be.
        :param values: what else the decision changes in the rows.
        :raise AccessError: the user may not see a row, or not change its lead or the new one.
        :raise UserError: nothing was left to decide.
        """
        sources, state = TRANSITIONS[action]
        others = others or self.browse()
        locked = (self | others)._lock()
        rows = (self & locked)._filtered_undecided(sources)
        rows |= (others & locked)._filtered_along(sources)
        if action == "reopen" and not all(row.sudo()._is_received() for row in rows):
            raise UserError(self.env._("Only what was received can wait for a decision."))
        if not self.env.su:
            # Taking a communication off a lead changes the history of that lead.
            rows.lead_id.check_access("write")
        if action == "create":
            lead = rows[0]._create_lead()
        elif action in ("attach", "move"):
            rows._check_attach(lead)
        if state:
            values["state"] = state
        if lead or state not in (None, *LINKED_STATES):
            values["lead_id"] = lead.id if lead else False
        decision = self.env["lead.communication.decision"]._log(action, rows)
        rows._write_decision(dict(values, decision_id=decision.id))
        rows._after_decision(action)
        return rows

    def _changed_values(self):
        """Return what a decision about this row may change, in the form that ``write`` takes."""
        return {
            name: self._fields[name].convert_to_write(self[name], self) for name in CHANGED_FIELDS
        }

    def _write_decision(self, values):
        # sudo: users hold no write access on communications; the rights on the rows were checked
        # with the lock, those on the leads by the decision.
        self.sudo().with_context(tracking_disable=True).write(values)
        self._move_mail()

    def _after_decision(self, action):
        """Do what follows from a decision about ``self``; for extension.

        :param action: a key of ``TRANSITIONS``, or ``undo``.
        """

    def _decided_along(self):
        """Return the rows for which a decision about ``self`` counts too; for extension."""
        return self.browse()

    def _check_attach(self, lead):
        """Check that the user may put ``self`` on ``lead``."""
        lead.check_access("write")
        if lead == self.lead_id:
            raise UserError(self.env._("It is on this lead already."))
        if lead.company_id and lead.company_id != self.company_id:
            raise UserError(
                self.env._("“%(lead)s” belongs to another company.", lead=lead.display_name)
            )

    def _lock(self):
        """Lock and re-read the rows: what is decided next is decided on what is true now.

        A competing transaction waits here; when the first one has committed, PostgreSQL raises a
        serialization error, the host runs the request again, and the second one sees the decision.
        """
        if self.ids:
            self.flush_recordset()
            self.env.execute_query(
                SQL(
                    "SELECT id FROM lead_communication WHERE id IN %s ORDER BY id FOR UPDATE",
                    tuple(self.ids),
                )
            )
            self.invalidate_recordset()
        return self.exists()

    def _filtered_undecided(self, sources):
        # sudo: the state says whether the rest of the row may be shown to the user
        rows = self.filtered(lambda row: row.sudo().state in sources)
        if rows:
            rows.check_access("read")
            return rows
        raise self._decided_error()

    def _filtered_along(self, sources):
        """Return those of ``self`` that still can be decided, by a user who may see them."""
        # sudo: as above
        rows = self.filtered(lambda row: row.sudo().state in sources)
        return rows._filtered_access("read")

    def _decided_error(self):
        """Return the error that tells who was first, with a link to the lead if it may be seen."""
        # sudo: that somebody else decided is told to those in whose queue the row was; the lead
        # itself is named to its readers only.
        row = self.sudo()[:1]
        if not row:
            return UserError(self.env._("This communication does not exist any more."))
        if not self.env.su and not (self[:1].has_access("read") or self._was_in_queue(row)):
            return self._hidden_error()
        message = self.env._(
            "%(user)s was first: this communication is already %(state)s (%(date)s).",
            user=row.decision_id.user_id.name or self.env._("A rule"),
            state=dict(row._fields["state"]._description_selection(self.env))[row.state],
            date=format_datetime(self.env, row.decision_id.create_date or row.write_date),
        )
        lead = row.lead_id.sudo(False)
        if lead and lead.has_access("read"):
            # The client completes the action of a button, not that of a dialog.
            action = dict(lead.redirect_lead_opportunity_view(), views=[(False, "form")])
            return RedirectWarning(message, action, self.env._("Open the lead"))
        return UserError(message)

    def _is_received(self):
        """Tell whether it came in from outside, so that it can wait for a decision."""
        self.ensure_one()
        if self.type == "call":
            return bool(self.pbx_id) or self.state == "done"
        return self.type == "email" and self.direction == "incoming"

    def _was_in_queue(self, row):
        return bool(row.filtered_domain(self._queue_domain()))

    # ---- LEAD ----

    def _create_lead(self):
        self.ensure_one()
        return self.env["crm.lead"].create(self._prepare_lead_values())

    def _prepare_lead_values(self):
        """Return the values of the lead that is created from this communication."""
        self.ensure_one()
        values = {
            "name": self.subject or self._default_lead_name(),
            "contact_name": self.contact_name,
            "phone": self._lead_phone(),
            "email_from": self.email_normalized,
            "user_id": self.env.uid,
            "company_id": self.company_id.id,
            "source_id": self._lead_source().id,
        }
        return {name: value for name, value in values.items() if value}

    def _lead_phone(self):
        """Return the number in the form that the host gives to numbers typed into a lead."""
        return self._international(self.phone_sanitized) if self.phone_sanitized else self.number

    def _international(self, number):
        """Return a number in E.164 as people write it: ``+48 22 123 45 67``."""
        return self._phone_format(
            number=number, country=self.company_id.country_id, force_format="INTERNATIONAL"
        )

    def _default_lead_name(self):
        party = self.contact_name or self.phone_sanitized or self.number or self.email_normalized
        if not party:
            return self.env._("Communication without a name")
        if self.type == "call":
            return self.env._("Call: %(party)s", party=party)
        return self.env._("Email: %(party)s", party=party)

    def _lead_source(self):
        """Return the UTM source that says which way the lead came in: that of the line, if any."""
        # sudo: lead.pbx.line - what the number that was called stands for
        return (
            self.line_id.sudo().source_id
            or self.env.ref(f"lead_communications.utm_source_{self.type}", raise_if_not_found=False)
            or self.env["utm.source"]
        )

    # ---- FEATURES ----

    @api.model
    def _sync_features(self):
        """Show Calls and Email to salespeople exactly while a PBX, a mailbox is connected."""
        # sudo: whoever connects a PBX or a mailbox decides by that alone who sees the menus
        salesman = self.env.ref("sales_team.group_sale_salesman").sudo()
        for xmlid, model in (("group_calls", "lead.pbx"), ("group_emails", "lead.mailbox")):
            group = self.env.ref(f"lead_communications.{xmlid}")
            connected = bool(self.env[model].sudo().search_count([("active", "=", True)], limit=1))
            if connected != (group in salesman.implied_ids):
                command = Command.link if connected else Command.unlink
                salesman.write({"implied_ids": [command(group.id)]})
