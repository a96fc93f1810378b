"""Which changes of Python code leave a database as it is."""

import ast
import json
import subprocess
import sys

import pytest

from devkit import addon, databases
from devkit.functions import is_same_for, outermost_functions, read_state
from devkit.noting import noting
from devkit.paths import ROOT

MODEL = '''
"""A model."""
import functools

LIMIT = 5


class Model:
    """It is one."""

    def __init__(self, limit=LIMIT):
        """Begin."""
        self.limit = limit

    @functools.cached_property
    def value(self):
        def nested():
            return 1
        return nested()

    def never(self):
        # nobody calls it
        return 2

    if LIMIT:
        def chosen(self):
            return 3


def helper():
    yield Model().value
'''


@pytest.fixture
def folder(tmp_path):
    folder = tmp_path / "addon"
    write(folder, "models/model.py", MODEL)
    write(folder, "views/model.xml", "<odoo/>")
    write(folder, "tests/test_model.py", "def test(): pass")
    return folder


def write(folder, name, text):
    path = folder / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text)


def names(text, path="model.py"):
    return {name for name, _node in outermost_functions(ast.parse(text), path)}


def test_each_function_has_a_name_of_its_own_and_nested_ones_belong_to_it():
    assert names(MODEL) == {
        "model.py:Model:__init__#1",
        "model.py:Model:value#1",
        "model.py:Model:never#1",
        "model.py:Model:chosen#1",
        "model.py:helper#1",
    }
    twice = "class A:\n    def x(self): pass\n    @x.setter\n    def x(self, value): pass\n"
    assert names(twice) == {"model.py:A:x#1", "model.py:A:x#2"}


RAN = ["models/model.py:Model:value#1"]


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("return 2", "return 4"),
        ("# nobody calls it", "# nobody at all calls it"),
        ("yield Model().value", "yield None"),
        ("LIMIT = 5", "LIMIT  =  5  # as ever"),
    ],
)
def test_what_did_not_run_makes_no_difference(folder, old, new):
    before = read_state("host", folder)
    write(folder, "models/model.py", MODEL.replace(old, new))
    write(folder, "tests/test_model.py", "def test(): assert False")
    assert is_same_for(before, RAN, read_state("host", folder))


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("return 1", "return 4"),  # within a function that ran
        ("LIMIT = 5", "LIMIT = 6"),
        ("limit=LIMIT", "limit=7"),
        ("functools.cached_property", "property"),
        ("never(self)", "never(self, more)"),
        ("never", "renamed"),
        ("It is one.", "It was one."),
        ("def helper", "def new(): pass\n\ndef helper"),
    ],
)
def test_what_ran_or_is_no_function_does(folder, old, new):
    assert old in MODEL
    before = read_state("host", folder)
    write(folder, "models/model.py", MODEL.replace(old, new))
    assert not is_same_for(before, RAN, read_state("host", folder))


@pytest.mark.parametrize("name", ["views/model.xml", "models/new.py", "security/rules.csv"])
def test_other_files_do_too(folder, name):
    before = read_state("host", folder)
    write(folder, name, "<odoo> </odoo>" if name.endswith("xml") else "")
    assert not is_same_for(before, RAN, read_state("host", folder))


def test_another_host_does_too(folder):
    assert not is_same_for(read_state("host", folder), RAN, read_state("other host", folder))


def test_code_that_cannot_be_read_equals_nothing_else(folder):
    before = read_state("host", folder)
    write(folder, "models/model.py", "def")
    assert not is_same_for(before, RAN, read_state("host", folder))


def test_all_functions_of_the_addon_have_names_of_their_own():
    state = read_state("host")
    assert len(state["functions"]) > 1000
    for path in addon.database_files():
        if path.suffix == ".py":
            compile(noting((addon.ADDON / path).read_bytes(), str(path)), str(path), "exec")


def test_a_process_notes_what_runs_in_it_and_leaves_no_code_behind(folder, tmp_path):
    output = tmp_path / "ran.json"
    code = (
        "import sys; from pathlib import Path; from devkit.noting import note_functions;"
        f"note_functions(Path({str(folder)!r}), {str(output)!r});"
        f"sys.path.append({str(folder / 'models')!r});"
        "import model; model.helper(); assert model.Model().value == 1;"
        "assert model.Model.__init__.__doc__ == 'Begin.'"
    )
    subprocess.run([sys.executable, "-c", code], cwd=ROOT, check=True)
    assert json.loads(output.read_text()) == [
        "models/model.py:Model:__init__#1",
        "models/model.py:Model:value#1",
    ]
    assert not list(folder.rglob("*.pyc"))


@pytest.fixture
def found(tmp_path, monkeypatch, folder):
    """Return databases of which two templates are there, the second one used last."""
    monkeypatch.setenv("DEV_HOME", str(tmp_path / "home"))
    found = object.__new__(databases.Databases)
    found.prefix = "lc"
    monkeypatch.setattr(databases.Databases, "host_template_name", "host")
    monkeypatch.setattr(databases.Databases, "addon_template_name", "lc_addon_now")
    monkeypatch.setattr(found, "names", lambda: ["lc_addon_1", "lc_addon_2", "lc_host_1"], False)
    monkeypatch.setattr(found, "exists", lambda name: name in found.names(), False)
    monkeypatch.setattr(found, "addon_template", lambda: "lc_addon_now", False)
    monkeypatch.setattr(found, "read_state", lambda: read_state("host", folder), False)
    for name in ("lc_addon_1", "lc_addon_2"):
        databases.marker(name).touch()
    return found


def keep_record(name, state, ran=RAN):
    databases.record_of(name).write_text(json.dumps({"state": state, "ran": ran}))


def test_a_template_with_the_same_content_is_taken(found, folder):
    assert found.equal_addon_template() == "lc_addon_now"
    keep_record("lc_addon_2", read_state("host", folder), ["models/model.py:Model:never#1"])
    keep_record("lc_addon_1", read_state("host", folder))
    write(folder, "models/model.py", MODEL.replace("return 2", "return 4"))
    assert found.equal_addon_template() == "lc_addon_1"
    databases.marker("lc_addon_1").unlink()
    assert found.equal_addon_template() == "lc_addon_now"


def test_the_template_of_the_present_state_comes_first(found, folder, monkeypatch):
    monkeypatch.setattr(databases.Databases, "addon_template_name", "lc_addon_1")
    keep_record("lc_addon_2", read_state("host", folder))
    monkeypatch.setattr(found, "addon_template", lambda: "lc_addon_1", False)
    assert found.equal_addon_template() == "lc_addon_1"
