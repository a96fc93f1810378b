from odoo.exceptions import RedirectWarning, UserError
from odoo.http import request


def error_with_offer(env, message, action, button):
    """Return the error that says ``message`` and offers ``action`` where there is a screen for it.

    An import and Odoo's JSON-2 API would answer a ``RedirectWarning`` with its text in Python.

    :param button: what the button says.
    """
    is_import = "_import_current_module" in env.context
    if is_import or (request and request.dispatcher.routing_type == "json2"):
        return UserError(message)
    return RedirectWarning(message, action, button)
