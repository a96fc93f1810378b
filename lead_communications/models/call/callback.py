from datetime import timedelta

import psycopg2

from odoo import fields, models
from odoo.fields import Domain
from odoo.tools import format_datetime

from ...tools import ranking

MISSED = ("missed", "voicemail", "busy", "rejected")
# A missed call is settled by a conversation with the same number within this time …
SETTLED_WITHIN = timedelta(days=30)
# … and asks for a call back only while it is fresh: a file of last year's calls asks for nothing.
FRESH = timedelta(days=2)
# What is looked at to tell which missed calls are settled.
CALLBACK_FIELDS = [
    "phone_sanitized",
    "company_id",
    "date",
    "direction",
    "result",
    "state",
    "called_back_date",
    "duration",
    "is_callback_requested",
    "callback_activity_id",
    "lead_id",
    "pbx_id",
]


class LeadCommunication(models.Model):
    """Calls that nobody took: one activity to call back, until somebody speaks with the caller."""

    _name = "lead.communication"
    _inherit = ["lead.communication", "mail.activity.mixin"]

    called_back_date = fields.Datetime(
        string="Called back on",
        readonly=True,
        help="When somebody spoke with the caller after this missed call.",
    )
    is_callback_requested = fields.Boolean(readonly=True)
    callback_activity_id = fields.Many2one(
        comodel_name="mail.activity",
        readonly=True,
        index="btree_not_null",
        ondelete="set null",
        help="The open activity to call this number back; one call of the number has it.",
    )

    _callback_unique = models.UniqueIndex(
        "(company_id, phone_sanitized) WHERE callback_activity_id IS NOT NULL",
        "Somebody has already been asked to call this number back.",
    )

    def _settle_reported_calls(self):
        """Ask to call back who was missed, and settle what was missed of who was spoken to."""
        # sudo: follow-ups are the system's; who reported the call is no user
        calls = self.sudo().filtered(
            lambda call: call.phone_sanitized and (call.result == "answered" or call._is_missed())
        )
        groups = calls._calls_of_missed_numbers()
        elsewhere = calls.union(*groups)._conversations_elsewhere() if groups else {}
        for group in groups:
            group._settled_by(calls)._settle_missed(elsewhere)

    def _settle_decided_calls(self, action):
        """Settle what was missed of whom ``self`` turned out to be with."""
        if action in ("create", "attach", "move"):
            self.filtered(lambda row: row.type == "call")._settle_reported_calls()

    def _settled_by(self, calls):
        """Return those of ``self`` about which ``calls`` say something.

        What somebody wrote down by hand says nothing about calls that they do not see.
        """
        if any(call.pbx_id for call in calls):
            return self
        # sudo: as above
        return self.sudo(False)._filtered_access("read").sudo()

    def _is_missed(self):
        self.ensure_one()
        return self.direction == "incoming" and self.result in MISSED

    def _is_conversation(self):
        """Tell whether somebody spoke: what lasted no second was no conversation.

        What a person wrote down need not say how long it was.
        """
        self.ensure_one()
        return self.result == "answered" and bool(self.duration or not self.pbx_id)

    def _calls_of_missed_numbers(self):
        """Return the recent calls of the parties of ``self`` that were missed, oldest first.

        Two queries; one if no call of such a party was missed, as is most often so.

        :return: a recordset for each company and number.
        """
        if not self:
            return []
        oldest = min(self.mapped("date")) - SETTLED_WITHIN
        numbers = self._missed_numbers(oldest)
        if not numbers:
            return []
        calls = self.search_fetch(
            Domain("phone_sanitized", "in", numbers)
            & Domain("company_id", "in", self.company_id.ids)
            & Domain("type", "=", "call")
            & Domain("date", ">=", oldest),
            CALLBACK_FIELDS,
            order="date, id",
        )
        return list(calls.grouped(lambda call: (call.company_id, call.phone_sanitized)).values())

    def _settle_missed(self, elsewhere):
        """Note on the missed calls among ``self`` when the caller was spoken to, or ask for it.

        ``self`` are calls with one number, the oldest first. In whatever order they are reported,
        each missed call ends with the first conversation after it.

        :param elsewhere: the conversations with the same parties that are known by other numbers.
        """
        spoken = None
        waiting = self.browse()
        for call in reversed(self):
            if call.result == "answered":
                # It was reported as missed before the leg that somebody answered.
                call._close_callback(call)
                spoken = call if call._is_conversation() else spoken
            elif call._is_missed():
                later = [other for other in elsewhere.get(call.id, ()) if other.date >= call.date]
                first = min([*later, *([spoken] if spoken else [])], key=_by_date, default=None)
                if first and first.date - call.date <= SETTLED_WITHIN:
                    call._settle(first)
                else:
                    waiting |= call
        asking = self.filtered("callback_activity_id")
        asking.filtered(
            lambda call: not call.callback_activity_id.active
        ).callback_activity_id = False
        waiting._request_callback()

    def _settle(self, spoken):
        if self.called_back_date != spoken.date:
            self.called_back_date = spoken.date
        self._close_callback(spoken)

    def _close_callback(self, spoken):
        """Close the activity that asks to call back: ``spoken`` is when that happened."""
        activity = self.callback_activity_id
        if activity:
            self.callback_activity_id = False
            env = activity.with_context(lang=activity.user_id.lang).env
            date = format_datetime(env, spoken.date, tz=activity.user_id.tz or "UTC")
            activity.filtered("active").action_feedback(
                feedback=env._("Called back on %(date)s.", date=date)
            )

    def _request_callback(self):
        """Ask one person, once, to call back; ``self`` are missed calls of one number."""
        fresh = self.filtered(
            lambda call: call.state in ("ready", "done")
            and not call.is_callback_requested
            and not call._is_history()
            and call.date >= fields.Datetime.now() - FRESH
        )
        if not fresh:
            return
        fresh.is_callback_requested = True
        if self.callback_activity_id:
            return
        call = fresh[0]  # the latest one
        if salesperson := call._lead_salesperson():
            call.user_id = salesperson  # so that the call is seen by who has to call back
        if user := call.user_id or call.team_id.user_id:
            call._schedule_callback(user)

    def _schedule_callback(self, user):
        quiet = self.with_context(mail_activity_quick_update=True, lang=user.lang)
        try:
            with self.env.cr.savepoint():
                self.callback_activity_id = quiet.activity_schedule(
                    "mail.mail_activity_data_call",
                    date_deadline=user._own_today(),
                    summary=quiet.env._("Call back %(party)s", party=self._counterpart_label()),
                    user_id=user.id,
                )
                self.flush_recordset(["callback_activity_id"])
        except psycopg2.errors.UniqueViolation:
            # Another worker asks for it at this moment.
            self.invalidate_recordset(["callback_activity_id"])

    def _lead_salesperson(self):
        """Return whose the call is by its lead, or by the only one that fits; of nobody's call."""
        if self.user_id:
            return self.user_id.browse()
        lead = self.lead_id
        if not lead:
            candidate = ranking.only_open(self._find_candidates().get(self.id, []))
            lead = lead.browse(candidate.lead_id if candidate else [])
        return lead.user_id.filtered("active")

    def _move_callbacks(self, action):
        """Let the activities follow the calls: to the lead or the colleague, or away."""
        # sudo: the activity follows the call that the user decided
        for call in self.sudo().filtered("callback_activity_id"):
            activity = call.callback_activity_id.with_context(mail_activity_quick_update=True)
            if action == "assign" and call.user_id:
                activity.user_id = call.user_id  # whoever got a missed call is the one to call back
            if action == "ignore":
                activity.unlink()
            else:
                record = call.lead_id or call
                activity.write(
                    {
                        "res_model_id": self.env["ir.model"]._get_id(record._name),
                        "res_id": record.id,
                    }
                )


def _by_date(call):
    return call.date, call.id
