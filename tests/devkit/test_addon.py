"""The fingerprint that names a template: it changes with what a database depends on."""

import pytest

from devkit import addon
from devkit.errors import DevError


@pytest.fixture
def folder(tmp_path):
    for name in ("__manifest__.py", "models/lead.py", "views/lead.xml", "i18n/pl.po"):
        write(tmp_path / name, "1")
    for name in ("tests/test_lead.py", "static/src/queue.js", "static/description/icon.png"):
        write(tmp_path / name, "1")
    return tmp_path


def write(path, text):
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text)


@pytest.mark.parametrize(
    "name",
    [
        "__manifest__.py",
        "models/lead.py",
        "models/new.py",
        "views/lead.xml",
        "i18n/pl.po",
        "security/ir.model.access.csv",
        "static/description/icon.png",
    ],
)
def test_a_change_leads_to_another_template(folder, name):
    before = addon.database_fingerprint(folder)
    write(folder / name, "2")
    assert addon.database_fingerprint(folder) != before


@pytest.mark.parametrize(
    "name",
    [
        "tests/test_lead.py",
        "tests/test_new.py",
        "README.md",
        "models/__pycache__/lead.cpython-311.pyc",
        "models/.lead.py.swp",
        "static/src/queue.js",
        "static/tests/queue.test.js",
    ],
)
def test_what_no_database_depends_on_does_not(folder, name):
    before = addon.database_fingerprint(folder)
    write(folder / name, "2")
    assert addon.database_fingerprint(folder) == before


def test_a_renamed_file_leads_to_another_template(folder):
    before = addon.database_fingerprint(folder)
    (folder / "models" / "lead.py").rename(folder / "models" / "other.py")
    assert addon.database_fingerprint(folder) != before


def test_bundles_follow_the_assets_only(folder):
    before = addon.assets_fingerprint(folder)
    write(folder / "models" / "lead.py", "2")
    assert addon.assets_fingerprint(folder) == before
    write(folder / "static/src/queue.js", "2")
    assert addon.assets_fingerprint(folder) != before


def test_a_missing_manifest_is_told(tmp_path):
    with pytest.raises(DevError, match="There is no addon here yet"):
        addon.read_manifest(tmp_path)
