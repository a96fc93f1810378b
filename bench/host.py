"""Odoo without us, in the same process and the same database."""

import types

OURS = "odoo.addons.lead_communications."


class HostAlone:
    """Takes our overrides of Odoo's methods away, as long as it is entered.

    What we add is left there, and so are our indexes: Odoo is as fast as it can be.
    """

    def __init__(self, registry):
        self._taken = {}
        for model in registry.values():
            if not model._original_module.startswith("lead_communications"):
                self._taken.update(_overrides(model))

    def __enter__(self):
        for owner, name in self._taken:
            delattr(owner, name)

    def __exit__(self, *_error):
        for (owner, name), method in self._taken.items():
            setattr(owner, name, method)


def _overrides(model) -> dict:
    """Return our methods, by class and name, that override a method of Odoo."""
    hosts = [cls for cls in model.__mro__ if not cls.__module__.startswith(OURS)]
    return {
        (cls, name): method
        for cls in model.__mro__
        if cls.__module__.startswith(OURS)
        for name, method in vars(cls).items()
        if isinstance(method, types.FunctionType) and any(name in vars(host) for host in hosts)
    }


#: Our indexes on tables of Odoo.
INDEXES = (
    "crm_lead_email_normalized_idx",
    "res_partner_email_normalized_idx",
    "res_partner_phone_sanitized_idx",
)


def drop_indexes(cr) -> None:
    """Drop our indexes in this transaction, which is to be rolled back."""
    for name in INDEXES:
        cr.execute(f"DROP INDEX {name}")
