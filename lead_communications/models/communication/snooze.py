from datetime import datetime, time, timedelta

import pytz
from babel.dates import format_skeleton

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Domain
from odoo.tools import format_time
from odoo.tools.misc import babel_locale_parse

# When a working day begins, for who says no time.
SNOOZE_HOUR = 9
# What is put off for longer is forgotten: a mistyped year would hide it for ever.
LONGEST_SNOOZE = timedelta(days=366)
# Among so many days there is one on which people work, whatever holidays there are.
LOOK_AHEAD = timedelta(days=28)
# An email that was written longer ago is fetched late: it is no news …
NEWS = timedelta(days=1)
# … and a call of longer ago is from a file of old ones.
LATE_CALL = timedelta(days=31)
MONDAY = 0
SNOOZE_FIELDS = ("snoozed_until", "snoozed_by_id", "snooze_meant_until")


class LeadCommunication(models.Model):
    """What waits is put off: out of Ready until a time, and then back by itself.

    It is the same for everybody, as the state is, and whoever may decide about a row may put it off
    and bring it back. Nothing has to run for that: the time is compared with now. It ends at once
    when the other party is in touch again, when somebody decides, says “I am on it”, or gives it to
    a colleague. The time at which it ended stays: from then on it waits, for the reminder and for
    the reports. Back in Ready after a decision, nothing is left of it.
    """

    _inherit = "lead.communication"

    snoozed_until = fields.Datetime(readonly=True, copy=False)
    snoozed_by_id = fields.Many2one(
        comodel_name="res.users",
        string="Snoozed by",
        readonly=True,
        copy=False,
        ondelete="set null",
    )
    snooze_meant_until = fields.Datetime(
        string="Meant to Be Snoozed Until",
        readonly=True,
        copy=False,
        help="The time that was chosen, if the other party was in touch before it.",
    )
    is_snoozed = fields.Boolean(
        string="Snoozed", compute="_compute_is_snoozed", search="_search_is_snoozed"
    )
    snooze_note = fields.Char(
        string="Snooze",
        compute="_compute_snooze_note",
        help="Until when it is put off, or was.",
    )

    _snoozed_idx = models.Index("(snoozed_until) WHERE snoozed_until IS NOT NULL")

    @api.depends("snoozed_until")
    def _compute_is_snoozed(self):
        now = fields.Datetime.now()
        for row in self:
            row.is_snoozed = bool(row.snoozed_until) and row.snoozed_until > now

    @api.model
    def _search_is_snoozed(self, operator, value):
        if operator != "in":
            return NotImplemented
        snoozed = Domain("snoozed_until", ">", fields.Datetime.now())
        domain = snoozed if True in value else Domain.FALSE
        return domain | ~snoozed if False in value else domain

    @api.depends("snoozed_until", "snooze_meant_until", "state")
    @api.depends_context("lang", "tz")
    def _compute_snooze_note(self):
        for row in self:
            row.snooze_note = (
                row.state == "ready" and row.snoozed_until and row._snooze_words()
            ) or False

    def _snooze_words(self):
        if self.snooze_meant_until:
            return self.env._("Back early: they were in touch again")
        words = {
            -1: self.env._("Snoozed until yesterday, %(time)s"),
            0: self.env._("Snoozed until today, %(time)s"),
            1: self.env._("Snoozed until tomorrow, %(time)s"),
        }
        until, today = (
            fields.Datetime.context_timestamp(self, moment)
            for moment in (self.snoozed_until, fields.Datetime.now())
        )
        clock = format_time(self.env, until.time(), time_format="short")
        sentence = words.get((until.date() - today.date()).days)
        if sentence:
            return sentence % {"time": clock}
        locale = babel_locale_parse(self.env.lang or "en_US")
        return self.env._(
            "Snoozed until %(date)s, %(time)s",
            date=format_skeleton("MMMEd", until, locale=locale),
            time=clock,
        )

    @api.model
    def _waiting_now_domain(self):
        """Return the domain of what waits for a decision now: Ready, and not put off."""
        return Domain("state", "=", "ready") & Domain("is_snoozed", "=", False)

    # ---- WHEN ----

    @api.model
    def _snooze_times(self):
        """Return when the user works again, as UTC: ``tomorrow``, ``monday`` and in a ``week``.

        By their clock, and never on a day on which nobody works by their calendar: then it is the
        next day on which people do. On a Monday, Monday is the next one.
        """
        tz = pytz.timezone(self.env.user.tz or self.env.tz.zone)
        today = datetime.now(tz).date()
        free = self._days_off(today, tz)
        days = {
            "tomorrow": 1,
            "monday": (MONDAY - today.weekday() - 1) % 7 + 1,
            "week": 7,
        }
        return {
            name: _in_utc(_first_working(today + timedelta(days=number), free), tz)
            for name, number in days.items()
        }

    @api.model
    def _days_off(self, today, tz):
        """Return the dates from ``today`` on, as texts, on which the user does not work."""
        # sudo: the calendar by which the user works
        user = self.env.user.sudo()
        calendar = user.resource_calendar_id or self.env.company.sudo().resource_calendar_id
        start = tz.localize(datetime.combine(today, time()))
        unusual = calendar[:1]._get_unusual_days(start, start + LOOK_AHEAD, self.env.company)
        return {day for day, is_off in unusual.items() if is_off}

    # ---- PUTTING OFF ----

    def action_snooze(self):
        """Open the dialog in which it is said until when this is put off."""
        self.check_access("read")
        return self.env["lead.communication.snooze"]._open(self)

    def _snooze(self, until):
        """Put ``self`` off until ``until``, in UTC; return what was put off.

        What is decided along with ``self`` is put off along with it.

        :raise AccessError: a row is none of the user's.
        :raise UserError: nothing waits any more, or the time is none to wait for.
        """
        now = fields.Datetime.now()
        if not until:
            raise UserError(self.env._("Choose until when to snooze it."))
        if until <= now:
            raise UserError(self.env._("This time is past. Choose one that is still to come."))
        if until > now + LONGEST_SNOOZE:
            raise UserError(self.env._("It can be snoozed for a year at most."))
        return self._decide(
            "snooze",
            others=self._decided_along(),
            snoozed_until=until,
            snoozed_by_id=self.env.uid,
            snooze_meant_until=False,
        )

    def _wake(self):
        """Bring ``self``, which are put off, back to Ready as a person asks; return them."""
        return self._decide("wake", **dict.fromkeys(SNOOZE_FIELDS, False))

    # ---- BACK AGAIN ----

    def _end_snooze(self, is_early=False):
        """Let ``self``, which are put off, wait from now on.

        :param is_early: the other party is in touch, which is told.
        """
        for until, rows in self.grouped("snoozed_until").items():
            values = {"snoozed_until": fields.Datetime.now()}
            if is_early:
                values["snooze_meant_until"] = until
            rows.with_context(tracking_disable=True).write(values)

    def _wake_reported(self):
        """Bring back what is put off of those who have called, or were spoken to."""
        oldest = fields.Datetime.now() - LATE_CALL
        calls = self.filtered(
            lambda row: (
                row.direction == "incoming"
                or (row.direction == "outgoing" and row.result == "answered")
            )
            and (row.decision_id or row.state != "ignored")
            and row.date > oldest
        )
        # What somebody wrote down by hand changes nothing that they do not see.
        by_hand = calls.filtered(lambda row: not row.pbx_id)
        (calls - by_hand).sudo()._wake_parties()
        by_hand.sudo(False)._wake_parties()

    def _wake_parties(self):
        """Bring back what is put off of the parties of ``self``, which have just come in.

        The rows of a conversation are of one party. One query, and none for nobody.
        """
        numbers = {*self.mapped("phone_sanitized")} - {False}
        mails = self.filtered(lambda row: row.type == "email")
        refs = [ref for ref in mails.mapped("conversation_ref") if ref]
        # What we write is for the conversation to go on, not for the party to be in touch.
        received = mails.filtered(lambda row: row.direction != "outgoing")
        emails = {row._counterpart_address() for row in received} - {False, None, ""}
        if not numbers and not emails and not refs:
            return
        parties = self._contact_domain(numbers, emails) | Domain("conversation_ref", "in", refs)
        snoozed = self.search(
            Domain("is_snoozed", "=", True)
            & parties
            & Domain("company_id", "in", self.company_id.ids)
            & Domain("id", "not in", self.ids)
        )
        if snoozed:
            # sudo: rows are written by the system alone
            news = snoozed.sudo()._filtered_before(self)
            news._end_snooze(is_early=True)
            news._ask_when_back()

    def _filtered_before(self, news):
        """Return those of ``self`` that were put off before one of ``news`` began.

        A file of old calls, or a mailbox that is read for the first time, brings no news.
        """
        calls = news.filtered(lambda row: row.type == "call")
        # Clocks of senders are wrong by hours.
        is_mail = bool(news - calls) and max((news - calls).mapped("date")) > (
            fields.Datetime.now() - NEWS
        )
        last = max(calls.mapped("date"), default=datetime.min)
        return self.filtered(lambda row: is_mail or row.decision_id.create_date <= last)

    def _end_claimed_snooze(self):
        """Let end what is put off of ``self``: somebody is on it."""
        # sudo: rows are written by the system alone; that the user sees these was checked
        self.sudo().filtered("is_snoozed")._end_snooze()

    # ---- DECISIONS ----

    def _reset_snooze(self, values):
        # Back in Ready it waits anew; Undo says how it was.
        if values.get("state") == "ready":
            return dict.fromkeys(SNOOZE_FIELDS, False) | values
        return values

    def _settle_snooze(self, action):
        """Let end what is put off and was decided, or given to a colleague; ask when it is back."""
        # sudo: rows are written by the system alone; the rights were checked by the decision
        rows = self.sudo()
        rows.filtered(
            lambda row: row.is_snoozed and (row.state != "ready" or action == "assign")
        )._end_snooze()
        if action in ("snooze", "wake"):
            rows._ask_when_back()

    def _ask_when_back(self):
        """Let the open activities about ``self`` be due when they wait again: put off, or today."""
        now = fields.Datetime.now()
        for name in self._asking_fields():
            for row in self.filtered(name):
                activity = row[name].with_context(mail_activity_quick_update=True)
                user = activity.user_id
                moment = max(row.snoozed_until or now, now)
                local = row.with_user(user).with_context(tz=False)
                deadline = fields.Datetime.context_timestamp(local, moment).date()
                if activity.active and activity.date_deadline != deadline:
                    activity.date_deadline = deadline

    # ---- COUNTING ----

    @api.model
    def _count_snoozed(self):
        """Return how much is put off of what the user's Inbox shows, and when some of it is back.

        ``{"snoozed": 2, "wake_in": 3600.0}``: in seconds, of all rows in the queue of the user, so
        that each list that is open is read again then. Empty while nothing is put off.
        """
        domain = (
            Domain("is_snoozed", "=", True)
            & Domain("company_id", "in", self.env.companies.ids)
            & self._queue_domain()
        )
        # sudo: the domain is what the rules of rows without a lead say, without the rest of them
        groups = self.sudo()._read_group(domain, ["user_id"], ["__count", "snoozed_until:min"])
        if not groups:
            return {}
        own = (self.env["res.users"], self.env.user)
        wake = min(first for _user, _count, first in groups) - fields.Datetime.now()
        return {
            "snoozed": sum(count for user, count, _first in groups if user in own),
            "wake_in": max(wake.total_seconds(), 0),
        }

    # ---- REPORTS ----

    def _waited_since(self):
        """Return when it began to wait for the decision: when it was here, or was back."""
        return max(filter(None, (self.create_date, self.snoozed_until)))


def _first_working(day, free):
    """Return the first date from ``day`` on that is not in ``free``; ``day`` if all of them are."""
    for number in range(LOOK_AHEAD.days):
        date = day + timedelta(days=number)
        if fields.Date.to_string(date) not in free:
            return date
    return day


def _in_utc(day, tz):
    """Return when the working day begins, by the clock of that day: summer time or not."""
    local = tz.localize(datetime.combine(day, time(SNOOZE_HOUR)))
    return local.astimezone(pytz.utc).replace(tzinfo=None)
