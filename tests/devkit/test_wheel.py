"""The wheel: what is in it. That it installs is tried by `./dev wheel`."""

import zipfile

import pytest

from devkit import wheel
from devkit.addon import read_manifest
from devkit.manifest_check import listed_files
from devkit.paths import ADDON, ADDON_NAME


@pytest.fixture(scope="module")
def built(tmp_path_factory):
    return zipfile.ZipFile(wheel.build_wheel(tmp_path_factory.mktemp("dist")))


@pytest.fixture
def names(built):
    folder = f"odoo/addons/{ADDON_NAME}/"
    names = {name.removeprefix(folder) for name in built.namelist()}
    return {name for name in names if not name.startswith("odoo_addon_")}


def test_all_that_the_manifest_loads_is_in_the_wheel(names):
    manifest = read_manifest()
    assert {"__init__.py", "__manifest__.py", *listed_files(manifest)} <= names
    assert {"static/description/icon.png", "i18n/pl.po", "LICENSE"} <= names


def test_all_code_that_runs_is_in_the_wheel_and_no_test(names):
    code = {str(path.relative_to(ADDON)) for path in ADDON.rglob("*.py")}
    assert {name for name in code if not name.startswith("tests/")} <= names
    assert not [name for name in names if name.startswith(("tests/", "static/tests/"))]
    assert "pyproject.toml" not in names


def test_what_it_needs_is_in_its_metadata(built):
    (name,) = [name for name in built.namelist() if name.endswith("/METADATA")]
    lines = built.read(name).decode().splitlines()
    assert f"Version: {read_manifest()['version']}" in lines
    for package in read_manifest()["external_dependencies"]["python"]:
        assert f"Requires-Dist: {package}" in lines
