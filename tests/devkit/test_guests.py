"""Modules of others beside the addon: which of them does not get along with it, and when."""

import contextlib
import re
from pathlib import Path

import pytest

from devkit import guests
from devkit.errors import DevError
from devkit.pytest_runs import Outcome

ADDON = guests.ADDON_NAME


class FakeDatabases:
    environment, variables, host = {}, {}, None

    def __init__(self):
        self.done, self.broken = [], set()

    def addon_template(self):
        return "addon"

    def plain_addon_template(self):
        return "plain"

    def host_template(self):
        return "host"

    def install(self, modules, name):
        self.done.append((modules, name))
        if (modules, name) in self.broken or self.broken & {
            (one, name) for one in modules.split(",")
        }:
            raise DevError(f"{modules} failed in {name}")

    @contextlib.contextmanager
    def throw_away_copy(self, template):
        yield template


@pytest.fixture
def found(monkeypatch):
    found = FakeDatabases()
    monkeypatch.setattr(guests, "databases", lambda: contextlib.nullcontext(found))
    monkeypatch.setattr(guests, "ensure_guests", lambda: Path("/guests"))
    monkeypatch.setattr(guests, "odoo_environment", lambda *_arguments: {})
    monkeypatch.setattr(guests, "run_pytest", lambda *_arguments: Outcome(0, 2, 0, 0))
    return found


def test_a_group_is_installed_at_once_before_and_after(found):
    assert guests.run_guests(["crm_lead_vat", "hr"]) == 0
    both = "crm_lead_vat,hr"
    assert found.done == [(both, "host"), (ADDON, "host"), (both, "plain"), (both, "addon")]


def test_which_one_does_not_get_along_is_told(found, capsys):
    found.broken = {("crm_lead_vat", "plain")}
    assert guests.run_guests(["crm_lead_vat", "hr"]) == 1
    told = capsys.readouterr().err
    assert f"does not get along with {ADDON}: crm_lead_vat, installed after\n" in told
    assert "hr, installed" not in told
    assert found.done[-1] == ("hr", "addon")


def test_a_module_that_is_no_guest_is_told(found):
    with pytest.raises(DevError, match=r"no_such: see guests\.txt"):
        guests.run_guests(["no_such"])


def test_guests_are_pinned():
    lines = [line for line in guests.PINS.read_text().splitlines() if not line.startswith("#")]
    assert all(re.fullmatch(r"[\w.-]+==[\w.]+", line) for line in lines)
    assert "crm_lead_vat" in guests.pinned_guests()
    assert all((guests.ADDON_TESTS / path).is_file() for path in guests.MAIN_TESTS)
