"""Two halves of the tests that take about as long as each other."""

import pytest

from devkit import balance
from devkit.selection import ADDON_TESTS


@pytest.fixture
def tests(tmp_path, monkeypatch):
    monkeypatch.setenv("DEV_HOME", str(tmp_path / "home"))
    folder = tmp_path / "addon" / "tests"
    for name, count in {"call/test_a": 1, "call/test_b": 2, "test_c": 3, "test_d": 10}.items():
        path = folder / f"{name}.py"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text("    def test_x(self):\n        pass\n" * count)
    return folder


def halves(folder):
    parts = balance.split_in_two(sorted(folder.rglob("*.py")), folder)
    return [[path.relative_to(folder).as_posix() for path in part] for part in parts]


def test_nothing_measured_yet_the_number_of_tests_counts(tests):
    assert halves(tests) == [["test_d.py"], ["call/test_a.py", "call/test_b.py", "test_c.py"]]


def test_nothing_measured_yet_slow_files_are_known(tests, monkeypatch):
    monkeypatch.setattr(balance, "SLOW_FILES", {"call/test_a.py": 60})
    assert halves(tests) == [["call/test_a.py"], ["call/test_b.py", "test_c.py", "test_d.py"]]


def test_what_was_measured_counts_most(tests, monkeypatch):
    monkeypatch.setattr(balance, "SLOW_FILES", {"call/test_a.py": 60})
    files = sorted(tests.rglob("*.py"))
    seconds = {
        "addon.tests.call.test_a": 1,
        "addon.tests.call.test_b.TestB": 18,
        "addon.tests.call.test_b.TestMore": 12,
        "addon.tests.call.test_b2.TestOther": 1000,
        "addon.tests.test_c": 20,
        "addon.tests.test_d": 12,
        "tests.tools.test_d": 1000,
    }
    balance.remember(seconds, files, tests)
    assert halves(tests) == [
        ["call/test_a.py", "call/test_b.py"],
        ["test_c.py", "test_d.py"],
    ]


def test_a_file_that_did_not_run_keeps_what_was_measured_before(tests):
    files = sorted(tests.rglob("*.py"))
    balance.remember({"addon.tests.test_c": 20, "addon.tests.test_d": 2}, files, tests)
    balance.remember({"addon.tests.test_d": 3}, files, tests)
    assert balance.read_durations() == {"test_c.py": 20, "test_d.py": 3}


def test_a_broken_file_of_what_was_measured_is_none(tests):
    balance.durations_file().write_text("{")
    assert halves(tests)[0] == ["test_d.py"]


def test_the_slow_files_are_there():
    assert [name for name in balance.SLOW_FILES if not (ADDON_TESTS / name).is_file()] == []
