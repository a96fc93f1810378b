"""What docs/architecture.md names is there."""

import re
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
ADDON = ROOT / "lead_communications"
PAGE = (ROOT / "docs" / "architecture.md").read_text()
CODE = "\n".join(path.read_text() for path in ADDON.rglob("*.py") if "tests" not in path.parts)
# `name`, `name()` or `model.name`, where the name is that of a method, an index or a hook
NAMED = sorted(set(re.findall(r"`(?:[a-z]+\.)*(\w+)(?:\(\))?`", PAGE)))


@pytest.mark.parametrize("name", [name for name in NAMED if "_" in name])
def test_methods_and_indexes_exist(name):
    assert re.search(rf"\b(def|class) {name}\b|\b{name} = |[\"']{name}[\"']", CODE), name


@pytest.mark.parametrize("name", sorted(set(re.findall(r"`([\w.]+/[\w./]*)`", PAGE))))
def test_files_and_folders_exist(name):
    assert (ADDON / name).exists() or (ROOT / name).exists(), name
