from odoo import SUPERUSER_ID, api


def migrate(cr, _version):
    """Let what stood on leads before the first installation become their history, too."""
    env = api.Environment(cr, SUPERUSER_ID, {})
    # Companies and numbers were filled in at the first installation.
    env["lead.past"]._start("activity", "meeting", "email")
