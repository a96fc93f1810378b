from . import controllers, models, wizard


def _take_over_past(env):
    """Let the scheduler take over what was there before, when the installation is over."""
    env["lead.past"]._start()


def _leave(env):
    """Leave nothing behind that would do harm without the addon."""
    env["lead.uninstall"]._leave()
