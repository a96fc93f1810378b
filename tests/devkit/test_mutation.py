"""Faults are put into code, and it is told which of them its tests do not notice."""

import json
import os
import subprocess
import sys
import time

import pytest

from devkit.mutation import command
from devkit.mutation.children import NOTICED, SURVIVED, Task, leave_note, run_tasks
from devkit.mutation.measuring import MeasuredTest, Measurement
from devkit.mutation.mutants import mutants_of, sample
from devkit.mutation.placing import changed_functions, compile_module
from devkit.mutation.plan import drop_unreliable
from devkit.mutation.results import files_of_tests
from devkit.paths import ROOT

SHOP = '''\
"""What is for sale."""
import functools

LARGEST = 3


def adder(step):
    def add(number):
        return number + step

    return add


add_two = adder(2)


@functools.cache
def fits(number):
    return number < LARGEST


def twice(numbers):
    return [number * 2 for number in numbers if number > 0]


def multiplier(factor):
    def multiply(number):
        return factor * number

    return multiply


class Shelf:
    kinds = ()

    @property
    def room(self):
        if self.kinds:
            return self.never() - 1
        return True

    def never(self):
        return 1
'''
TESTS = """\
from shop import Shelf, add_two, fits, multiplier, twice

def test_add_two():
    assert add_two(2) == 4

def test_fits():
    assert fits(2) and not fits(4)

def test_twice():
    assert twice([1, 2]) == [2, 4]

def test_multiplier():
    assert multiplier(3)(2) == 6

def test_room():
    assert Shelf().room is True
"""
SURVIVORS = {
    # module level: a process of its own imports the mutated module
    ("LARGEST = 3", "LARGEST = 4", "survived"),
    # a function in a cache, a comprehension, a method
    ("return number < LARGEST", "return number <= LARGEST", "survived"),
    (
        "return [number * 2 for number in numbers if number > 0]",
        "return [number * 2 for number in numbers if number >= 0]",
        "survived",
    ),
    (
        "return [number * 2 for number in numbers if number > 0]",
        "return [number * 2 for number in numbers if number > -1]",
        "survived",
    ),
    ("return self.never() - 1", "return self.never() + 1", "uncovered"),
    ("return self.never() - 1", "return self.never() - 2", "uncovered"),
    ("return self.never() - 1", "return self.never() - 0", "uncovered"),
    ("return 1", "return 2", "uncovered"),
    ("return 1", "return 0", "uncovered"),
}
KILLED = {
    ("LARGEST = 3", "LARGEST = 2"),
    # the closure of one function was made at import, that of the other one is made by a test
    ("add_two = adder(2)", "add_two = adder(3)"),
    ("add_two = adder(2)", "add_two = adder(1)"),
    ("return number + step", "return number - step"),
    ("return factor * number", "return factor / number"),
    ("if self.kinds:", "if not self.kinds:"),
    ("return True", "return False"),
}


def try_mutants(folder):
    """Run the engine on the shop, and return its mutants and what it said."""
    wanted = {
        "files": [str(folder / "shop.py")],
        "package": [str(folder / "shop.py")],
        "tests": [str(folder / "tests")],
        "users": [str(folder / "shop.py")],
        "databases": [],
        "jobs": 2,
        "sample": None,
        "slow": False,
        "limit": 60,
    }
    question, answer = folder / "question.json", folder / "answer.json"
    question.write_text(json.dumps(wanted))
    result = subprocess.run(
        [sys.executable, "-m", "devkit.mutation.engine", question, answer],
        cwd=folder,
        env={**os.environ, "PYTHONPATH": f"{ROOT}:{folder}", "DEV_HOME": str(folder / "dev")},
        capture_output=True,
        text=True,
        check=False,
    )
    assert result.returncode == 0, result.stdout + result.stderr
    return json.loads(answer.read_text()), result.stdout


@pytest.fixture(scope="module")
def shop(tmp_path_factory):
    folder = tmp_path_factory.mktemp("shop")
    (folder / "tests").mkdir()
    (folder / "shop.py").write_text(SHOP)
    (folder / "pytest.ini").write_text("[pytest]\n")
    (folder / "tests" / "test_shop.py").write_text(TESTS)
    return folder, *try_mutants(folder)


def test_survivors_are_found(shop):
    _folder, mutants, _said = shop
    found = {(m["before"], m["after"], m["outcome"]) for m in mutants if m["outcome"] != "killed"}
    assert found == SURVIVORS


def test_what_a_test_notices_is_killed(shop):
    _folder, mutants, _said = shop
    killed = {(m["before"], m["after"]) for m in mutants if m["outcome"] == "killed"}
    assert killed > KILLED
    assert [m["line"] for m in mutants] == sorted(m["line"] for m in mutants)


def test_the_code_stays_as_it_is(shop):
    folder, _mutants, _said = shop
    assert (folder / "shop.py").read_text() == SHOP


def test_only_what_has_changed_is_tried_again(shop):
    folder, mutants, said = shop
    assert f"{len(mutants)} mutants in 1 files, {len(mutants)} of them to be tried" in said
    again, said = try_mutants(folder)
    assert again == mutants
    assert ", 0 of them to be tried" in said


# -- the mutants -----------------------------------------------------------------------------------


def changes(source):
    return {(mutant.before, mutant.after) for mutant in mutants_of("x.py", source)}


def test_what_is_no_calculation_is_left_alone():
    assert not changes("def f(a: int | None, *, b, **c) -> str | None: ...\nx: int | str\n")
    assert not changes("@cache(size=8)\ndef f(*a): return g(*a, **{**a})\n")
    assert changes("x = Char(index=True, copy=True)\n") == {
        ("x = Char(index=True, copy=True)", "x = Char(index=True, copy=False)")
    }


def test_an_annotated_name_has_a_value():
    assert changes("x: int | None = 1 + y\n") >= {
        ("x: int | None = 1 + y", "x: int | None = 1 - y"),
        ("x: int | None = 1 + y", "x: int | None = 2 + y"),
    }


def test_membership_and_augmented_assignments_are_inverted():
    assert changes("x = a in b or c not in d\n") == {
        ("x = a in b or c not in d", "x = a not in b or c not in d"),
        ("x = a in b or c not in d", "x = a in b or c in d"),
        ("x = a in b or c not in d", "x = a in b and c not in d"),
    }
    assert changes("x |= y\n") == {("x |= y", "x &= y")}


def test_mutants_that_run_the_same_code_are_one():
    assert changes("if not x:\n    y()\n") == {("if not x:", "if x:")} or changes(
        "if not x:\n    y()\n"
    ) == {("if not x:", "if not not x:")}


def test_a_fault_stays_on_its_line():
    [mutant] = [
        m for m in mutants_of("x.py", "x = (\n    4,  # four\n    b,\n)\n") if "5" in m.after
    ]
    assert (mutant.line, mutant.before, mutant.after) == (2, "4, # four", "5, # four")
    assert mutant.lines == [1, 2, 3, 4]


def test_a_sample_is_the_same_each_time():
    mutants = mutants_of("x.py", "x = 1 + 2 - 3\n")
    assert len(sample(mutants, 3)) == 3
    assert sample(mutants, 3) == sample(mutants[::-1], 3)
    assert sample(mutants, None) == mutants


# -- where they are --------------------------------------------------------------------------------


def places(old, new):
    found = changed_functions(compile_module(old, "x.py"), compile_module(new, "x.py"))
    return found if found is None else [place.name for place, _code in found]


def test_the_outermost_function_is_what_is_replaced():
    source = "class A:\n    def f(self):\n        return [lambda: 1]\n"
    assert places(source, source.replace("1", "2")) == ["A.f"]


def test_a_default_is_set_by_the_import():
    assert places("def f(a=1): return a\n", "def f(a=2): return a\n") is None


# -- children --------------------------------------------------------------------------------------


def test_the_status_and_the_note_of_a_child_are_told():
    def work(slot):
        leave_note("here")
        return 7 + slot

    [ending] = run_tasks([Task("a", work, 5, 5)], 1)
    assert (ending.task.name, ending.status, ending.note) == ("a", 7, "here")


def test_a_child_that_takes_too_long_is_killed():
    start = time.monotonic()
    [ending] = run_tasks([Task("a", lambda _slot: time.sleep(60), 5, 0.1)], 1)
    assert ending.status < 0
    assert time.monotonic() - start < 10


def test_what_a_child_raises_is_not_the_parents():
    [ending] = run_tasks([Task("a", lambda _slot: 1 / 0, 5, 5)], 1)
    assert ending.status > 0


# -- tests that are of no use ----------------------------------------------------------------------


def test_tests_that_fail_among_others_without_any_fault_are_left_out():
    names = ("good", "bad", "fine")
    tests = [vars(MeasuredTest(name, name, 0, 0, passed=True)) for name in names]
    measurement = Measurement(limit=1)
    measurement.add({"tests": tests, "lines": {}})

    def work(_slot):
        for name in measurement.tests:
            leave_note(f"tests/test_x.py\n{name}")
            if name == "bad":
                return NOTICED
        return SURVIVED

    drop_unreliable(measurement, 1, lambda file: Task(file, work, 5, 5), ["x.py"])
    assert measurement.broken == ["bad"]
    assert measurement.in_order(names) == ["fine", "good"]


def test_a_test_that_takes_long_is_only_used_where_no_other_one_is():
    tests = [
        vars(MeasuredTest(name, name, 1, cost, passed=True))
        for name, cost in (("a", 9), ("b", 0.1))
    ]
    measurement = Measurement(limit=1)
    measurement.add({"tests": tests, "lines": {"x.py": {"1": ["a", "b"], "2": ["a"]}}})
    assert measurement.running("x.py", [1]) == ["b"]
    assert measurement.running("x.py", [2]) == ["a"]


# -- files and tests -------------------------------------------------------------------------------


def test_the_files_of_a_folder_are_those_with_code():
    folder = ROOT / "lead_communications" / "tools"
    found = command.files_of([str(folder)])
    assert folder / "phone.py" in found
    assert folder / "remote_file" / "__init__.py" in found
    assert folder / "__init__.py" not in found  # it is empty


def test_what_is_no_code_of_the_addon_is_refused():
    with pytest.raises(command.DevError, match="README"):
        command.files_of([str(ROOT / "README.md")])


def test_what_is_known_depends_on_each_selected_file_of_tests(tmp_path):
    names = ("conftest.py", "shelves.py", "test_a.py", "test_b.py", "test_c.py")
    for name in names:
        (tmp_path / name).touch()

    def files(*selected):
        return [file.name for file in files_of_tests([f"{tmp_path}/{name}" for name in selected])]

    assert files("test_a.py") == ["conftest.py", "shelves.py", "test_a.py"]
    assert files("test_a.py::test_it", "test_b.py") == [
        "conftest.py",
        "shelves.py",
        "test_a.py",
        "test_b.py",
    ]
    assert files("") == list(names)
