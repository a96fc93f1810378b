"""Run in Odoo's shell: the jobs that take calls and mail in, as the scheduler runs them."""
# ruff: noqa: F821

for xmlid in ("mail.ir_cron_mail_gateway_action", "lead_communications.lead_pbx_cdr_cron"):
    cron = env.ref(xmlid)
    assert cron.active, xmlid
    cron.method_direct_trigger()
env.cr.commit()
