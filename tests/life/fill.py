"""Run in Odoo's shell with the last release: what its demo data has not, secrets above all."""
# ruff: noqa: F821

pbx = env["lead.pbx"].search([], limit=1, order="id")
pbx.write(
    {
        "ami_host": "pbx.example.com",
        "ami_user": "odoo",
        "ami_secret": "secret of the manager",
        "api_url": "https://pbx.example.com",
        "api_user": "odoo",
        "api_secret": "secret of the api",
        "recording_url": "https://pbx.example.com/{recording}",
        "recording_user": "odoo",
        "recording_password": "secret of the recordings",
    }
)
pbx.action_rotate_secret()
pbx.action_rotate_secret()
server = env["fetchmail.server"].create(
    {
        "name": "Of a mailbox alone",
        "server_type": "imap",
        "server": "mail.example.com",
        "user": "sales",
        "password": "secret of the mailbox",
        "state": "done",
    }
)
env["lead.mailbox"].create(
    {"name": "Released", "address": "released@example.com", "server_id": server.id}
)
other = env["fetchmail.server"].create(
    {
        "name": "Odoo's own",
        "server_type": "imap",
        "server": "mail.example.com",
        "user": "leads",
        "password": "secret of Odoo",
        "object_id": env["ir.model"]._get_id("crm.lead"),
        "state": "done",
    }
)
# As before the first installation: without its row.
env.cr.execute(
    """
    INSERT INTO mail_message (model, res_id, message_type, subject, body, email_from, date,
                              message_id, is_internal)
    SELECT 'crm.lead', min(id), 'email', 'Long ago', '<p>Long ago</p>', 'ewa@customer.example.com',
           '2020-01-01', '<long.ago@customer.example.com>', false
      FROM crm_lead
    """
)
# What telephone systems and mailboxes leave while they run.
env.cr.execute(
    """
    INSERT INTO lead_communication_agent (communication_id, extension)
    SELECT min(id), '101' FROM lead_communication WHERE type = 'call';
    INSERT INTO lead_mailbox_pop_message (mailbox_id, uidl)
    SELECT min(id), 'of before' FROM lead_mailbox;
    INSERT INTO lead_pbx_file (pbx_id, name, inode) SELECT min(id), 'a.csv', '1' FROM lead_pbx;
    INSERT INTO lead_pbx_path (pbx_id, field, path) SELECT min(id), 'id', 'call' FROM lead_pbx;
    INSERT INTO lead_pbx_rewrite (pbx_id, strip) SELECT min(id), '990' FROM lead_pbx;
    INSERT INTO lead_pbx_upload (pbx_id, name, state) SELECT min(id), 'a.csv', 'done'
      FROM lead_pbx;
    INSERT INTO lead_pbx_value (pbx_id, field) SELECT min(id), 'result' FROM lead_pbx;
    """
)
partner = env["res.partner"].create({"name": "Filled", "is_company": True})
env["crm.lead"].create({"name": "Filled", "existing_company_id": partner.id, "vat": "5260001246"})
env["ir.config_parameter"].set_param("lead_communications.lead_claim_minutes", "17")
env.cr.commit()
