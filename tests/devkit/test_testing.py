"""How the selected tests run, and what counts as success."""

import contextlib
from pathlib import Path

import pytest

from devkit import testing
from devkit.pytest_runs import Outcome
from devkit.testing import ADDON_TESTS, conclude

GOOD = Outcome(status=0, tests=3, failed=0, skipped=0)
NOTHING = Outcome(status=5, tests=0, failed=0, skipped=0)


class FakeDatabases:
    environment = {}

    def addon_template(self):
        return "template"

    def equal_addon_template(self):
        return "equal template"

    def addon_template_with(self, module):
        return f"template with {module}"

    def warm_assets(self, _name):
        pass

    @contextlib.contextmanager
    def throw_away_copy(self, template, part=None):
        yield f"{template}, copy {part}"


@pytest.fixture
def started(monkeypatch, tmp_path):
    """Return the list of what is started, instead of starting it: (step, arguments)."""
    started = []

    def run(step, arguments, _variables):
        started.append((step, arguments))
        return GOOD

    def start(_name, step, arguments, variables):
        return run(step, arguments, variables)

    monkeypatch.setenv("DEV_HOME", str(tmp_path))
    monkeypatch.setattr(testing, "set_up", lambda: None)
    monkeypatch.setattr(testing, "ensure_services", lambda _sources: None)
    monkeypatch.setattr(testing, "databases", lambda: contextlib.nullcontext(FakeDatabases()))
    monkeypatch.setattr(testing, "run_pytest", run)
    monkeypatch.setattr(testing, "Run", start)
    monkeypatch.setattr(testing, "run_side_by_side", lambda jobs, _lanes: [job() for job in jobs])
    return started


def option(name, arguments):
    return next(one.partition("=")[2] for one in arguments if one.startswith(f"--{name}="))


def test_everything_runs_in_two_halves_each_in_a_database_of_its_own(started):
    assert testing.run_tests([]) == 0
    steps = dict(started)
    assert list(steps) == [
        *("pure", "half_1", "half_2"),
        *("with_crm_livechat", "with_base_vat", "with_website_crm"),
    ]
    bases = [option("odoo-database", arguments) for _step, arguments in started[1:]]
    assert len(set(bases)) == 5
    assert bases[0] == "template, copy half_1"
    files = [
        [Path(one) for one in steps[half] if one.endswith(".py")] for half in ("half_1", "half_2")
    ]
    assert sorted(files[0] + files[1]) == testing.find_test_files(ADDON_TESTS)


def test_only_parts_that_came_to_their_end_tell_how_long_files_take(monkeypatch):
    kept = {}
    monkeypatch.setattr(testing, "remember", lambda seconds, _files, _folder: kept.update(seconds))
    seconds = {"a": 1, "b": 2}
    outcomes = [Outcome(0, 1, 0, 0, seconds), Outcome(1, 1, 1, 0, seconds)]
    testing.remember_seconds([*outcomes, Outcome(2, 1, 0, 0, seconds)], [])
    assert kept == {"a": 2, "b": 4}


@pytest.mark.parametrize(
    ("paths", "keyword", "extra"),
    [([], "phone", ()), ([], None, ("--pdb",)), (["lead_communications/tests/call"], None, ())],
)
def test_a_part_or_an_option_is_for_one_pytest_at_a_time(started, paths, keyword, extra):
    testing.run_tests(paths, keyword, extra)
    steps = [step for step, _arguments in started]
    assert set(steps) <= {"pure", "addon"}
    for _step, arguments in started:
        assert ("-k" in arguments) == bool(keyword)
        assert ("--pdb" in arguments) == bool(extra)


def test_a_rooms_tests_run_with_and_without_odoo(started):
    testing.run_tests(["event"])
    assert [step for step, _arguments in started] == ["addon", "addon"]
    assert option("odoo-database", started[0][1]) == "equal template, copy None"
    assert option("odoo-database", started[1][1]) == "template with crm_livechat, copy None"
    testing.run_tests(["email"])
    assert [step for step, _arguments in started[2:]] == ["pure", "addon"]


@pytest.mark.parametrize(
    ("outcomes", "status"),
    [
        ([GOOD, GOOD], 0),
        ([GOOD, NOTHING], 0),
        ([NOTHING, NOTHING], 5),
        ([], 5),
        ([GOOD, Outcome(status=1, tests=2, failed=1, skipped=0)], 1),
        ([GOOD, Outcome(status=0, tests=2, failed=0, skipped=1)], 1),
        ([GOOD, Outcome(status=2, tests=0, failed=0, skipped=0)], 2),
    ],
)
def test_the_status_is_good_only_if_tests_ran_and_none_failed_or_was_skipped(outcomes, status):
    assert conclude(outcomes) == status


def test_the_sum_is_printed_last(capsys):
    conclude([GOOD, GOOD])
    assert capsys.readouterr().out.splitlines()[-1] == "total: 6 passed, 0 failed, 0 skipped"
