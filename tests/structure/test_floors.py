"""The rooms of the addon, and which of them may use which.

A room's ``__init__`` in ``models/`` says in its docstring which others it uses. What it uses are
modules that it imports, and private methods that are defined there alone.
"""

import ast
import re
from collections import defaultdict
from pathlib import Path

import pytest

ADDON = Path(__file__).resolve().parents[2] / "lead_communications"
ROOMS = ("lead", "communication", "call", "event", "email")
LAYERS = ("models", "wizard")


def uses(room):
    """Return the rooms that a room says it uses."""
    docstring = ast.get_docstring(ast.parse((ADDON / "models" / room / "__init__.py").read_text()))
    named = re.search(r"^Uses: (.*)\.$", docstring, re.MULTILINE)[1]
    return set() if named == "no other room" else set(named.split(", "))


def sources(room):
    """Return the syntax trees of a room's Python files by their paths."""
    paths = [path for layer in LAYERS for path in sorted((ADDON / layer / room).glob("*.py"))]
    return {path: ast.parse(path.read_text()) for path in paths}


def private_methods():
    """Return the rooms in which each private method is defined."""
    found = defaultdict(set)
    for room in ROOMS:
        for tree in sources(room).values():
            for node in ast.walk(tree):
                if isinstance(node, ast.FunctionDef) and node.name.startswith("_"):
                    found[node.name].add(room)
    return found


def imported_rooms(path, tree):
    """Yield the rooms from which a file imports."""
    package = path.relative_to(ADDON).parts[:-1]
    for node in ast.walk(tree):
        if isinstance(node, ast.ImportFrom) and node.level:
            base = package[: len(package) - node.level + 1]
            parts = [*base, *(node.module or "").split(".")]
            if len(parts) > 1 and parts[0] in LAYERS and parts[1] in ROOMS:
                yield parts[1]


def used_rooms(path, tree, room, methods):
    """Yield ``(room, what of it)`` for everything of other rooms that a file uses."""
    for other in imported_rooms(path, tree):
        yield other, "import"
    for node in ast.walk(tree):
        if isinstance(node, ast.Attribute) and node.attr in methods:
            owners = methods[node.attr]
            if room not in owners and not owners & uses(room):
                yield min(owners), node.attr


def test_there_are_no_other_rooms_and_no_file_lies_between_them():
    for layer in (*LAYERS, "views", "tests"):
        folders = {
            path.name
            for path in (ADDON / layer).iterdir()
            if path.is_dir() and path.name != "__pycache__"
        }
        assert folders <= set(ROOMS), layer


@pytest.mark.parametrize("room", ROOMS)
def test_a_room_uses_only_those_beneath_it(room):
    methods = private_methods()
    wrong = [
        f"{path.relative_to(ADDON)}: {what} of {other}"
        for path, tree in sources(room).items()
        for other, what in used_rooms(path, tree, room, methods)
        if other != room and other not in uses(room)
    ]
    assert not wrong


def test_no_room_is_above_and_beneath_another():
    beneath = {room: uses(room) for room in ROOMS}
    for room in ROOMS:
        for other in beneath[room]:
            assert beneath[other] < beneath[room], (room, other)


def test_every_file_of_a_room_is_imported():
    for layer in LAYERS:
        for folder in (ADDON / layer).iterdir():
            if folder.name in ROOMS:
                tree = ast.parse((folder / "__init__.py").read_text())
                imported = {
                    name.name
                    for node in tree.body
                    if isinstance(node, ast.ImportFrom)
                    for name in node.names
                }
                files = {path.stem for path in folder.glob("*.py")} - {"__init__"}
                assert imported == files, folder


def test_nothing_is_extended_in_the_room_in_which_it_is_defined():
    """The order of a room's files would decide otherwise what the method does."""
    for room in ROOMS:
        plain, extended = set(), set()
        for tree in sources(room).values():
            for model, method, calls_super in methods_of_models(tree):
                (extended if calls_super else plain).add((model, method))
        assert not plain & extended, room


def methods_of_models(tree):
    """Yield ``(model, method, whether it calls super())`` of the classes of a file."""
    for node in tree.body:
        if not isinstance(node, ast.ClassDef):
            continue
        names = {
            target.targets[0].id: ast.unparse(target.value)
            for target in node.body
            if isinstance(target, ast.Assign) and isinstance(target.targets[0], ast.Name)
        }
        model = names.get("_name") or names.get("_inherit")
        for method in node.body:
            if isinstance(method, ast.FunctionDef):
                yield model, method.name, "super(" in ast.unparse(method)


def test_each_step_is_one_method_of_one_room():
    tree = ast.parse((ADDON / "models" / "steps.py").read_text())
    (table,) = (node.value for node in tree.body if isinstance(node, ast.Assign))
    steps = [step for names in ast.literal_eval(table).values() for step in names]
    assert len(steps) == len(set(steps))
    methods = private_methods()
    assert {step: len(methods[step]) for step in steps} == dict.fromkeys(steps, 1)
