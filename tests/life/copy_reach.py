"""Run in Odoo's shell, in a copy: whatever could reach somebody. It prints whom it reached."""
# ruff: noqa: F821

import json
import logging
import smtplib
import socket

from odoo import fields
from odoo.exceptions import UserError

logging.disable(logging.CRITICAL)  # what can't be sent is logged
reached, refused = [], []
connect, sendmail = socket.socket.connect, smtplib.SMTP.sendmail


def note(_socket, address):
    reached.append(str(address))
    raise ConnectionRefusedError


def press(record, method, *args):
    """Press a button as a person who does not know that this is a copy."""
    try:
        getattr(record, method)(*args)
    except UserError as error:
        refused.append(f"{method}: {error}")
    env.cr.commit()


socket.socket.connect = note
anna = env.ref("lead_communications.user_anna")
active = env["ir.cron"].search([]).mapped("cron_name")
mailbox = env["lead.mailbox"].search([("name", "=", "Copied")])
pbx = env["lead.pbx"].search([("name", "=", "Copied")])
# The mail server did not hand one over, when the copy was made.
failure = env["lead.communication.failure"]._keep(
    type="email",
    raw=b"",
    error="Not handed over",
    mailbox=mailbox,
    cause="server",
    is_temporary=True,
    details={
        "folder_id": mailbox.folder_ids[0].id,
        "uid": "1",
        "uid_validity": mailbox.folder_ids[0].uid_validity,
        "role": "inbox",
    },
)
failure.next_attempt_date = fields.Datetime.now()
env["lead.communication"].search([("type", "=", "call")], limit=1).write(
    {"recording": "1.wav", "recording_fetch_date": fields.Datetime.now()}
)
env.cr.commit()
ours = env["ir.model.data"].search(
    [("module", "=", "lead_communications"), ("model", "=", "ir.cron")]
)
others = ("mail.ir_cron_mail_gateway_action", "mail.ir_cron_mail_scheduler_action")
others += ("mail.ir_cron_post_scheduled_message", "digest.ir_cron_digest_scheduler_action")
jobs = env["ir.cron"].browse(ours.mapped("res_id"))
jobs += env["ir.cron"].union(*(env.ref(name) for name in others if env.ref(name, False)))
for job in jobs:
    job.method_direct_trigger()
    env.cr.commit()
press(mailbox, "action_fetch")
press(mailbox, "action_choose_folders")
press(mailbox.server_id, "_fetch_mail")
press(failure, "action_retry")
cut = env["lead.communication"].search([("is_header_only", "=", True)])
press(cut.with_user(anna), "action_fetch_whole")
print(
    "ANSWER "
    + json.dumps(
        {
            "active": active,
            "reached": reached,
            "refused": refused,
            "jobs": len(jobs),
            "cut": len(cut),
            "failed": failure.state,
            "can_dial": pbx._can_dial(anna),
            "dials": env["lead.pbx"].with_user(anna)._dial_line(anna).ids,
        }
    )
)
