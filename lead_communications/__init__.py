from . import controllers, models, wizard


def _leave_sources(env):
    """Keep the sources of leads when the addon is uninstalled: they are part of their history."""
    env["ir.model.data"].search(
        [("module", "=", "lead_communications"), ("model", "=", "utm.source")]
    ).unlink()
