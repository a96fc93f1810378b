"""What is printed about mutants, and what is not good enough."""

import pytest

from devkit.errors import DevError
from devkit.mutation.equal import read_equal
from devkit.mutation.report import report

FILE = "lead_communications/tools/phone.py"


def mutant(outcome, after="b", line=1):
    return {
        "file": FILE,
        "key": "NumberReplacer:1",
        "line": line,
        "before": "a",
        "after": after,
        "outcome": outcome,
    }


@pytest.fixture
def listed(tmp_path):
    def write(text):
        path = tmp_path / "equal.toml"
        path.write_text(text)
        return read_equal(path)

    return write


def entry(before="a", after="b"):
    return (
        f'[[mutant]]\nfile = "{FILE}"\nbefore = "{before}"\nafter = "{after}"\n'
        'reason = "It is the same."\n'
    )


def test_a_survivor_is_one_line(capsys):
    report([mutant("survived", line=59), *[mutant("killed")] * 99], [])
    out = capsys.readouterr().out.splitlines()
    assert out[0] == f"{FILE}:59: NumberReplacer: a  ->  b"
    assert out[-1].split() == ["total", "100", "99", "1", "0", "99.0"]


def test_what_no_test_runs_is_a_survivor(capsys):
    assert report([mutant("uncovered")], []) == 1
    assert "(no test runs it)" in capsys.readouterr().out


@pytest.mark.parametrize(("killed", "status"), [(94, 1), (95, 0)])
def test_a_folder_has_a_floor(killed, status, capsys):
    mutants = [mutant("killed")] * (killed - 1) + [mutant("timeout")]
    assert report(mutants + [mutant("survived")] * (100 - killed), []) == status
    assert ("95 % should be" in capsys.readouterr().err) == bool(status)


def test_an_equal_mutant_does_not_count(listed, capsys):
    assert report([mutant("survived"), mutant("killed", "c")], listed(entry())) == 0
    out = capsys.readouterr().out
    assert "->" not in out
    assert out.splitlines()[-1].split() == ["total", "2", "1", "0", "1", "100.0"]


def test_blanks_in_an_entry_are_no_matter(listed):
    [found] = listed(entry(before="a   b"))
    assert found.before == "a b"


@pytest.mark.parametrize(
    ("mutants", "complaint"),
    [
        ([mutant("killed")], "a test notices it"),
        ([mutant("killed", "c")], "no such mutant"),
    ],
)
def test_a_wrong_entry_is_told(mutants, complaint, listed, capsys):
    assert report(mutants, listed(entry())) == 1
    assert complaint in capsys.readouterr().err


def test_a_sample_says_nothing_about_entries_without_a_mutant(listed):
    assert report([mutant("killed", "c")], listed(entry()), is_sample=True) == 0


def test_an_entry_needs_a_reason(listed):
    with pytest.raises(DevError, match="reason"):
        listed(entry().replace("It is the same.", " "))


def test_the_list_of_the_repository_can_be_read():
    read_equal()
