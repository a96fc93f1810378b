from odoo import api, models

STEPS = {
    # Both refuse; the one that says more comes first.
    "check_decision": ["_check_real_emails", "_check_by_hand"],
    # Each sets columns of its own, unless the decision says what they are.
    "decision_values": [
        "_reset_automatic_sender",
        "_reset_exception",
        "_reset_claim",
        "_reset_snooze",
        "_note_decided_date",
    ],
    "decided_along": [
        "_conversation_along",
        # After the conversation: what is in it is not looked up once more.
        "_counterpart_along",
    ],
    "assigned_along": ["_conversation"],
    "after_decision": [
        # The mail lies where its row is before anything else looks at the lead.
        "_move_mail",
        "_forget_customer",
        # Whose the emails are, before anybody is asked.
        "_follow_responsible",
        # The telephone stops ringing for what is decided, whatever else takes its time.
        "_end_ringing",
        "_move_callbacks",
        # What is due follows when it is back; what was decided is put off no longer.
        "_settle_snooze",
        # Whom it was with is known now: what was missed of them, by whatever number, is settled.
        "_settle_decided_calls",
        # What a conversation completes is completed before its activity and meeting follow.
        "_settle_planned_calls",
        "_date_completed",
        "_sync_decided_activities",
        "_sync_decided_meetings",
        # Whether a person wrote it, before anybody is asked to answer.
        "_trust_reopened",
        # Who owes an answer is asked for on the lead where the mail is by now.
        "_ask_for_answers",
        "_follow_scheduled_messages",
        # What asked for this decision goes last, when nothing can refuse it any more.
        "_settle_assignment",
        "_settle_reminders",
    ],
    "after_report": [
        # First: history is neither excepted nor announced, and nobody has to call back.
        "_place_history",
        # Then: a call that an exception ignores rings nobody, and nobody has to call back.
        "_except",
        "_announce_report",
        "_settle_reported_calls",
        # Who was excepted is none who calls again.
        "_wake_reported",
        "_enqueue_reported_recordings",
    ],
    "after_event_change": [
        # A meeting in the calendar takes over the activity by which it was planned.
        "_sync_activities",
        "_sync_meetings",
    ],
    # Whom each was with is known before the words about an email are chosen.
    "customer_change": ["_keep_customers", "_tell_of_answers"],
    # While it is known whose lead each was on.
    "before_merge": ["_keep_merged_customers"],
    "after_merge": ["_tell_merged_emails", "_follow_salesperson"],
}


class LeadCommunication(models.Model):
    """What follows from what, in which order, and why: the one place where rooms meet."""

    _inherit = "lead.communication"

    @api.model
    def _steps(self, hook):
        return super()._steps(hook) + STEPS[hook]
