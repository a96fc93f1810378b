"""Run in Odoo's shell: a telephone system with a folder, a mailbox, and what waits to be sent."""
# ruff: noqa: F821

from odoo import fields
from odoo.fields import Command

anna = env.ref("lead_communications.user_anna")
env["lead.communication"].search([]).unlink()  # of the demo
env["lead.communication.failure"].search([]).unlink()
env["ir.config_parameter"].set_param("lead_communications.cdr_folder", CDR_FOLDER)
address = "http://127.0.0.1:9"
pbx = env["lead.pbx"].create(
    {
        "name": "Copied",
        "provider": "asterisk",
        "cdr_folder": CDR_FOLDER,
        "ami_host": "127.0.0.1",
        "ami_user": "odoo",
        "ami_secret": "secret",
        "fetch_recordings": True,
        "recording_url": address + "/{recording}",
        "recording_hosts": "127.0.0.1",
        "line_ids": [Command.create({"extension": "101", "user_id": anna.id})],
    }
)
server = env["fetchmail.server"].create(
    {
        "name": "Copied",
        "server_type": "imap",
        "server": "127.0.0.1",
        "port": IMAP_PORT,
        "user": LOGIN,
        "password": PASSWORD,
        "state": "done",
    }
)
mailbox = env["lead.mailbox"].create(
    {
        "name": "Copied",
        "address": "copied@company.test",
        "server_id": server.id,
        "mode": "manual",
        "member_ids": [Command.set(anna.ids)],
        "size_limit_mb": 1,
        "fetch_since": "2020-01-01",
    }
)
lead = env["crm.lead"].create(
    {"name": "Copied", "email_from": "jan@customer.test", "user_id": anna.id}
)
env["mail.scheduled.message"].create(
    {
        "subject": "Copied",
        "body": "Tomorrow",
        "model": "crm.lead",
        "res_id": lead.id,
        "author_id": anna.partner_id.id,
        "partner_ids": env["res.partner"].create({"name": "J", "email": "jan@customer.test"}).ids,
        "scheduled_date": fields.Datetime.now(),
    }
)
env.ref("mail.ir_cron_mail_gateway_action").active = True
env.cr.commit()
