"""No test of a page has the host's own bounds, which are for a machine that does nothing else."""

import re

import pytest

from devkit.paths import ADDON

ADDON_TESTS = ADDON / "tests"


# What the host has, where it may be used, and what the others take instead.
OWN = {
    "HttpCase": (ADDON_TESTS.rglob("*.py"), "patience.py", "PatientHttpCase"),
    "ChromeBrowser": (ADDON_TESTS.rglob("*.py"), "patience.py", "PatientBrowser"),
    "web_tour.tours": ((ADDON / "static/tests").rglob("*.js"), "steps.js", "addTour"),
}


@pytest.mark.parametrize("name", OWN)
def test_pages_have_time_enough(name):
    paths, home, instead = OWN[name]
    users = [path for path in paths if re.search(rf"\b{name}\b", path.read_text())]
    wrong = [path for path in users if path.name != home]
    assert [path.name for path in users if path not in wrong] == [home]
    assert wrong == [], f"Use {instead}"
