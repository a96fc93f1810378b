"""Which tests run, and what counts as success."""

import pytest

from devkit import testing
from devkit.errors import DevError
from devkit.testing import Outcome, conclude

GOOD = Outcome(status=0, tests=3, failed=0, skipped=0)
NOTHING = Outcome(status=5, tests=0, failed=0, skipped=0)


@pytest.fixture
def checkout(tmp_path, monkeypatch):
    for name in ("tests/tools/test_phone.py", "lead_communications/tests/test_lead.py", "README"):
        path = tmp_path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.touch()
    (tmp_path / "lead_communications" / "__manifest__.py").touch()
    monkeypatch.setattr(testing, "ROOT", tmp_path)
    monkeypatch.setattr(testing, "ADDON", tmp_path / "lead_communications")
    monkeypatch.setattr(testing, "PURE_TESTS", tmp_path / "tests")
    monkeypatch.setattr(testing, "ADDON_TESTS", tmp_path / "lead_communications" / "tests")
    monkeypatch.chdir(tmp_path)
    return tmp_path


def test_paths_go_to_the_step_that_can_run_them(checkout):
    pure, models = testing.split_paths(
        ["tests/tools", "lead_communications/tests/test_lead.py::TestLead::test_x"]
    )
    assert pure == [f"{checkout}/tests/tools"]
    assert models == [f"{checkout}/lead_communications/tests/test_lead.py::TestLead::test_x"]


def test_the_addons_folder_means_its_tests(checkout):
    assert testing.split_paths(["lead_communications"]) == (
        [],
        [f"{checkout}/lead_communications/tests"],
    )


def test_paths_are_seen_from_the_current_folder_too(checkout, monkeypatch):
    monkeypatch.chdir(checkout / "tests")
    assert testing.split_paths(["tools/test_phone.py"])[0] == [
        f"{checkout}/tests/tools/test_phone.py"
    ]


def test_tests_that_need_another_module_run_beside_it(checkout):
    tests = checkout / "lead_communications" / "tests"
    (tests / "with_sale").mkdir()
    test = str(tests / "test_lead.py")
    of_sale = str(tests / "with_sale" / "test_sale.py")
    assert testing.by_module([test]) == {None: [test]}
    assert testing.by_module([f"{of_sale}::TestSale"]) == {"sale": [f"{of_sale}::TestSale"]}
    assert testing.by_module([str(tests)]) == {
        None: [str(tests)],
        "sale": [str(tests / "with_sale")],
    }


@pytest.mark.parametrize("path", ["tests/test_missing.py", "README"])
def test_a_path_without_tests_is_refused(checkout, path):
    with pytest.raises(DevError, match=path.rpartition("/")[2]):
        testing.split_paths([path])


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


def test_the_report_of_pytest_is_read(tmp_path):
    report = tmp_path / "report.xml"
    report.write_text(
        "<testsuites><testsuite>"
        '<testcase classname="a" name="good"/><testcase classname="b" name="good"/>'
        '<testcase classname="a" name="bad"><failure/></testcase>'
        '<testcase classname="a" name="broken"><error/></testcase>'
        '<testcase classname="a" name="left"><skipped/></testcase>'
        '<testcase classname="a" name="many"/><testcase classname="a" name="many"/>'
        "</testsuite></testsuites>"
    )
    outcome = testing.read_report(report, 1)
    assert (outcome.tests, outcome.passed, outcome.failed, outcome.skipped) == (6, 3, 2, 1)


def test_a_pytest_that_died_is_a_failure_even_with_status_0(tmp_path):
    assert testing.read_report(tmp_path / "missing.xml", 0).status == 1
