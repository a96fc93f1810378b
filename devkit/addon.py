"""What the addon's files say: its manifest, and the fingerprint of what a database depends on."""

import ast
import hashlib
from pathlib import Path

from .errors import DevError
from .paths import ADDON

# Files that no database depends on.
IGNORED_SUFFIXES = {".pyc", ".md", ".rst", ".orig", ".rej", ".swp"}
# JavaScript, styles and their tests are read when a page is served, not at the installation.
ASSET_FOLDERS = (("static", "src"), ("static", "tests"))


def read_manifest(folder=ADDON):
    """Return the manifest of an addon.

    :raise DevError: when it is missing or is not a Python dictionary
    """
    path = folder / "__manifest__.py"
    try:
        manifest = ast.literal_eval(path.read_text())
    except OSError as error:
        raise DevError(f"There is no addon here yet: {path} is missing.") from error
    except (SyntaxError, ValueError) as error:
        raise DevError(f"{path} is not a Python dictionary of literals: {error}.") from error
    return manifest


def dependencies():
    """Return the addons of the host that the addon's manifest names."""
    return sorted(read_manifest().get("depends", []))


def database_fingerprint(folder=ADDON):
    """Return a hash of all that a database with the addon depends on: everything but assets."""
    return fingerprint(folder, database_files(folder))


def database_files(folder=ADDON):
    """Return the files that a database with the addon depends on, relative and sorted."""
    return [path for path in source_files(folder) if not is_asset(path)]


def assets_fingerprint(folder=ADDON):
    """Return a hash of what the bundles of JavaScript and styles are made of."""
    return fingerprint(folder, [path for path in source_files(folder) if is_asset(path)])


def source_files(folder):
    """Return the addon's files but its Python tests and generated files, relative and sorted."""
    found = []
    for path in sorted(folder.rglob("*")):
        relative = path.relative_to(folder)
        hidden = any(part.startswith(".") or part == "__pycache__" for part in relative.parts)
        ignored = hidden or path.suffix in IGNORED_SUFFIXES or relative.parts[0] == "tests"
        if path.is_file() and not ignored:
            found.append(relative)
    return found


def is_asset(path):
    """Tell whether a file is read when a page is served."""
    return path.parts[:2] in ASSET_FOLDERS


def fingerprint(folder, files):
    """Return a hash of the names and the contents of files."""
    digest = hashlib.sha256()
    for relative in files:
        digest.update(f"{relative}\0".encode())
        try:
            content = Path(folder, relative).read_bytes()
        except FileNotFoundError:
            continue  # an editor has just replaced it; the next command sees the new one
        digest.update(hashlib.sha256(content).digest())
    return digest.hexdigest()


def is_addon_there():
    """Tell whether the addon has a manifest."""
    return (ADDON / "__manifest__.py").is_file()
