"""The rooms: which tests are where, and what they may use."""

import ast
import re
from collections import Counter

import pytest

from devkit.paths import ADDON
from devkit.rooms import PURE_TESTS_OF_ROOMS, ROOMS
from devkit.selection import ADDON_TESTS, PURE_TESTS, find_test_files, paths_of_room

JAVASCRIPT_TESTS = ADDON / "static" / "tests"
# What is tested there belongs to no room.
OF_THE_HOUSE = ("devkit", "life", "structure")
# Which rooms' helpers the tests of a room may use, beside its own and those in the open.
BENEATH = {
    "lead": (),
    "communication": ("lead",),
    "call": ("lead", "communication"),
    "event": ("lead", "communication"),
    "email": ("lead", "communication", "call", "event"),
}


def test_the_rooms_are_those_of_the_addon():
    for folder in (ADDON_TESTS, ADDON / "models"):
        found = {path.parent.name for path in folder.glob("*/__init__.py")}
        assert found == set(ROOMS), folder


def test_each_test_without_odoo_belongs_to_one_room():
    owned = Counter()
    for room in ROOMS:
        for name in paths_of_room(room)[0]:
            path = PURE_TESTS / name
            owned.update(path.rglob("test_*.py") if path.is_dir() else [path])
    there = {
        path
        for path in PURE_TESTS.rglob("test_*.py")
        if path.relative_to(PURE_TESTS).parts[0] not in OF_THE_HOUSE
    }
    assert set(owned) == there
    assert [path for path, count in owned.items() if count > 1] == []
    assert set(PURE_TESTS_OF_ROOMS) == set(ROOMS)


def test_no_two_modules_of_tests_have_the_same_name():
    names = Counter(path.stem for path in find_test_files(ADDON_TESTS))
    assert [name for name, count in names.items() if count > 1] == []


@pytest.mark.parametrize("room", ["", *ROOMS])
def test_odoos_own_runner_finds_the_modules(room):
    folder = ADDON_TESTS / room
    imported = re.findall(r"^from \. import (\w+)$", (folder / "__init__.py").read_text(), re.M)
    assert sorted(imported) == sorted(path.stem for path in folder.glob("test_*.py"))


@pytest.mark.parametrize("room", ROOMS)
def test_helpers_are_from_the_open_or_from_beneath(room):
    wrong = [
        f"{path.relative_to(ADDON_TESTS)}: {'.'.join(module)}"
        for path in (ADDON_TESTS / room).rglob("*.py")
        for module in imported_tests(path)
        if not may_use(room, module)
    ]
    assert wrong == []


def imported_tests(path):
    """Yield the parts of the name, within the tests, of each module of them that a file imports."""
    inside = path.relative_to(ADDON_TESTS).parent.parts
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.ImportFrom) and 0 < node.level <= len(inside) + 1:
            folder = inside[: len(inside) + 1 - node.level]
            if node.module:
                yield [*folder, *node.module.split(".")]
            elif path.name != "__init__.py":
                yield from ([*folder, alias.name] for alias in node.names)


def may_use(room, module):
    """Tell whether tests of a room may import a module; one of tests is no helper."""
    if module[-1].startswith("test_"):
        return False
    return module[0] not in ROOMS or module[0] == room or module[0] in BENEATH[room]


def test_modules_in_the_open_import_no_module_of_tests():
    for path in ADDON_TESTS.glob("*.py"):
        if path.name != "__init__.py":
            assert not [one for one in imported_tests(path) if one[-1].startswith("test_")], path


def test_each_room_with_tests_in_javascript_has_them_run():
    rooms = {path.relative_to(JAVASCRIPT_TESTS).parts[0] for path in hoot_files()}
    running = {
        room
        for path in ADDON_TESTS.rglob("test_*.py")
        for room in re.findall(r'_run_room\("(\w+)"\)', path.read_text())
        if path.parent.name == room
    }
    assert rooms == running


def hoot_files():
    return JAVASCRIPT_TESTS.rglob("*.test.js")


def test_each_tour_is_run():
    declared = set()
    for path in JAVASCRIPT_TESTS.rglob("*_tour.js"):
        declared |= set(re.findall(r'addTour\(\s*"lead_communications\.(\w+)"', path.read_text()))
    sources = "".join(path.read_text() for path in ADDON_TESTS.rglob("*.py"))
    assert declared
    assert [name for name in declared if not re.search(rf'["/.]{name}"', sources)] == []
