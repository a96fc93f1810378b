"""The host's own tests beside the addon: what fails only with it."""

import contextlib
from pathlib import Path

import pytest

from devkit import host_tests
from devkit.errors import DevError
from devkit.pytest_runs import Outcome, read_report

REPORT = """<testsuites><testsuite>
<testcase classname="crm.tests.test_lead.TestLead" name="test_a" file="crm/tests/test_lead.py"/>
<testcase classname="crm.tests.test_lead.TestLead" name="test_b" file="crm/tests/test_lead.py">
<failure/></testcase>
<testcase classname="crm.tests.test_lead.TestLead" name="test_b" file="crm/tests/test_lead.py"/>
</testsuite></testsuites>"""


class FakeDatabases:
    environment = {}
    host = type("Host", (), {"addons_folder": Path("/host")})

    def __init__(self):
        self.installed = []

    def addon_template(self):
        return "addon"

    def plain_addon_template(self):
        return "plain"

    def host_template(self):
        return "host"

    def warm_assets(self, _name):
        pass

    def install(self, module, name):
        self.installed.append((module, name))

    @contextlib.contextmanager
    def throw_away_copy(self, template):
        yield f"{template} copy"


@pytest.fixture
def run(monkeypatch):
    """Return a function that runs suites, of which it is told what fails in which template.

    Each time the same, or another answer each time.
    """
    found = FakeDatabases()
    monkeypatch.setattr(host_tests, "databases", lambda: contextlib.nullcontext(found))
    monkeypatch.setattr(host_tests, "read_sources", lambda _paths: "")
    monkeypatch.setattr(host_tests, "ensure_services", lambda _sources: None)

    def run_suites(names, failing, tests=3):
        ran = []

        def run_pytest(_step, arguments, _environment):
            database = next(one for one in arguments if one.startswith("--odoo-database="))
            template = database.partition("=")[2].split()[0]
            ran.append((template, [one for one in arguments if one.startswith("/host/")]))
            failures = failing.get(template, [])
            failures = failures if isinstance(failures, list) else next(failures)
            status = int(bool(failures)) if tests else host_tests.NOTHING_SELECTED
            return Outcome(status, tests, len(failures), 0, {}, failures)

        monkeypatch.setattr(host_tests, "run_pytest", run_pytest)
        return host_tests.run_host_tests(names), ran

    run_suites.found = found
    return run_suites


def test_what_fails_without_the_addon_as_well_is_the_hosts_matter(run, capsys):
    status, ran = run(["crm"], {"plain": ["crm/a", "crm/b"], "host": ["crm/b", "crm/c"]})
    assert status == host_tests.FAILED
    assert ran == [
        ("plain", ["/host/crm/tests"]),
        ("host", ["/host/crm/a", "/host/crm/b"]),
        ("plain", ["/host/crm/a"]),
    ]
    assert "fails only with lead_communications: crm/a\n" in capsys.readouterr().err
    assert run(["crm"], {"plain": ["crm/b"], "host": ["crm/b"]})[0] == host_tests.PASSED


def test_what_does_not_fail_again_was_an_accident(run):
    status, ran = run(["crm"], {"plain": iter([["crm/a"], []])})
    assert status == host_tests.PASSED
    assert len(ran) == 3


def test_nothing_runs_again_when_all_passes(run):
    status, ran = run([], {})
    assert status == host_tests.PASSED
    assert [template for template, _paths in ran] == ["plain"] * len(host_tests.SUITES)
    assert ("website_crm", "plain copy") in run.found.installed


def test_the_short_ones_take_the_template_of_the_addons_own_tests(run):
    assert [template for template, _paths in run(["short"], {})[1]] == ["addon"]


def test_an_unknown_suite_is_told_with_those_there_are(run):
    with pytest.raises(DevError, match=r"no tests cmr: give crm, .*short"):
        run(["cmr"], {})


def test_nothing_selected_is_a_failure(run):
    assert run(["crm"], {}, tests=0)[0] == host_tests.NOTHING_SELECTED


def test_a_test_fails_when_one_of_its_parts_does(tmp_path):
    report = tmp_path / "report.xml"
    report.write_text(REPORT)
    outcome = read_report(report, 1)
    assert (outcome.tests, outcome.failed) == (2, 1)
    assert outcome.failures == ["crm/tests/test_lead.py::TestLead::test_b"]
