"""Which tests a command line means: rooms, folders, files and node ids."""

from pathlib import Path

from . import addon
from .errors import DevError
from .paths import ADDON, ROOT
from .rooms import PURE_TESTS_OF_ROOMS, ROOMS

PURE_TESTS = ROOT / "tests"
ADDON_TESTS = ADDON / "tests"
# A folder of tests that need another of the host's modules is called with_ and its name.
WITH = "with_"


def split_paths(paths):
    """Sort the selected paths into those of the pure tests and those of the addon's tests.

    :raise DevError: when a path is no room and does not exist, or is in neither folder
    """
    if not paths:
        addon_tests = [str(ADDON_TESTS)] if addon.is_addon_there() and ADDON_TESTS.is_dir() else []
        return [str(PURE_TESTS)], addon_tests
    pure, models = [], []
    for given in paths:
        more_pure, more_models = paths_of_room(given) if given in ROOMS else paths_of_given(given)
        pure += more_pure
        models += more_models
    return pure, models


def paths_of_room(room):
    """Return the paths of a room's tests: the pure ones, and the addon's."""
    pure = [str(PURE_TESTS / name) for name in PURE_TESTS_OF_ROOMS[room]]
    return pure, [str(ADDON_TESTS / room)]


def paths_of_given(given):
    """Return the paths that a path or node id means: the pure ones, and the addon's."""
    name, separator, node = given.partition("::")
    path = find_path(name)
    if path == ROOT:
        return [str(PURE_TESTS)], [str(ADDON_TESTS)]
    if path == ADDON:
        return [], [str(ADDON_TESTS)]
    if path.is_relative_to(ADDON_TESTS):
        return [], [f"{path}{separator}{node}"]
    if path.is_relative_to(PURE_TESTS):
        return [f"{path}{separator}{node}"], []
    raise DevError(f"{given} is neither in {PURE_TESTS} nor in {ADDON_TESTS}.")


def find_path(name):
    """Return the path that a name means, seen from the current folder or from the checkout."""
    for base in (Path.cwd(), ROOT):
        if (base / name).exists():
            return (base / name).resolve()
    raise DevError(
        f"There is no {name}: give a room ({', '.join(ROOMS)}), or files or folders of tests as"
        " they are on the disk."
    )


def by_module(paths):
    """Return the selected paths of the addon's tests by the module that they need beside it.

    :return: {module, or None when the addon and what it depends on are enough: paths}
    """
    found = {}
    for given in paths:
        path = Path(given.partition("::")[0])
        inside_of = [part for part in path.relative_to(ADDON_TESTS).parts if part.startswith(WITH)]
        if inside_of:
            found.setdefault(inside_of[0].removeprefix(WITH), []).append(given)
            continue
        found.setdefault(None, []).append(given)
        for folder in sorted(path.rglob(f"{WITH}*")):
            found.setdefault(folder.name.removeprefix(WITH), []).append(str(folder))
    return found


def find_test_files(folder):
    """Return the files of tests in a folder of the addon's that need no other module, sorted."""
    return [
        path
        for path in sorted(folder.rglob("test_*.py"))
        if not any(part.startswith(WITH) for part in path.relative_to(folder).parts)
    ]


def read_sources(paths):
    """Return the text of the Python files that the selected paths mean."""
    files = []
    for path in paths:
        path = Path(path.partition("::")[0])
        files += sorted(path.rglob("*.py")) if path.is_dir() else [path]
    return "".join(file.read_text() for file in files)
