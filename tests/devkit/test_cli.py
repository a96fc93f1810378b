"""The command line: arguments, and failures told in one sentence."""

import subprocess
import sys

import pytest

from devkit import cli
from devkit.errors import DevError
from devkit.paths import ROOT


def test_what_follows_the_dashes_is_passed_to_pytest():
    options = cli.parse(["test", "-k", "phone", "tests", "--", "-x", "--lf"])
    assert options.keyword == "phone"
    assert options.paths == ["tests"]
    assert options.extra == ["-x", "--lf"]


def test_what_follows_bench_is_passed_to_the_benchmark():
    options = cli.parse(["bench", "calls", "--sizes", "10", "20"])
    assert options.arguments == ["calls", "--sizes", "10", "20"]


def test_run_has_odoos_usual_port_and_keeps_its_database():
    options = cli.parse(["run"])
    assert options.port == 8069
    assert not options.fresh


@pytest.mark.parametrize("port", ["0", "80", "65536", "http"])
def test_ports_that_nobody_can_use_are_refused(port, capsys):
    with pytest.raises(SystemExit):
        cli.parse(["run", "--port", port])
    assert "--port" in capsys.readouterr().err


@pytest.mark.parametrize(
    "arguments",
    [
        *(["run"], ["test"], ["mutate"], ["lint"], ["i18n"], ["shell"], ["psql"], ["bench"]),
        *(["clean"], ["wheel"], ["screenshots"], ["release", "19.0.1.1.0"]),
    ],
)
def test_each_command_is_known(arguments):
    assert callable(cli.parse(arguments).run)


def test_a_known_failure_is_a_sentence_without_a_traceback(monkeypatch, capsys):
    def fail(_options):
        raise DevError("The disk is full: make room.")

    monkeypatch.setattr(cli, "clean", fail)
    assert cli.execute(["clean"]) == 1
    assert capsys.readouterr().err == "[dev] The disk is full: make room.\n"


def test_an_old_python_is_told_in_one_sentence():
    code = (
        "import sys; sys.version_info = (3, 9, 2); sys.argv = ['dev'];"
        " exec(compile(open('dev').read(), 'dev', 'exec'))"
    )
    result = subprocess.run(
        [sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=False
    )
    assert result.returncode == 1
    assert "Python 3.11 or newer is needed, and this is 3.9" in result.stderr
    assert "Traceback" not in result.stderr
