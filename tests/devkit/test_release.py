"""A release: which versions may follow, and where they are written. The rest are other commands."""

import pytest

from devkit import release, screenshots
from devkit.errors import DevError
from devkit.paths import ROOT


@pytest.mark.parametrize("version", ["19.0.1.0.0", "19.0.1.0.1", "19.0.1.10.0", "19.0.2.0.0"])
def test_a_version_that_may_follow(version):
    release.check_version(version, "19.0.1.0.0", ["19.0.0.9.0"])


@pytest.mark.parametrize(
    ("version", "reason"),
    [
        ("1.0", "not of the form"),
        ("18.0.1.0.0", "not of the form"),
        ("19.0.1.2.0", "released already"),
        ("19.0.1.1.9", "below"),
        ("19.0.0.99.0", "below"),
    ],
)
def test_a_version_that_may_not_follow(version, reason):
    with pytest.raises(DevError, match=reason):
        release.check_version(version, "19.0.1.2.0", ["19.0.1.2.0"])


def test_only_the_version_of_the_manifest_changes(tmp_path, monkeypatch):
    manifest = tmp_path / "__manifest__.py"
    before = '{\n    "name": "A",\n    "version": "19.0.1.0.0",\n    "summary": "1.0"\n}\n'
    manifest.write_text(before)
    monkeypatch.setattr(release, "MANIFEST", manifest)
    release.set_version("19.0.1.10.0")
    assert manifest.read_text() == before.replace("19.0.1.0.0", "19.0.1.10.0")


def test_nothing_new_is_no_release(tmp_path, monkeypatch):
    (tmp_path / "README.md").touch()
    monkeypatch.setattr(release, "FRAGMENTS", tmp_path)
    with pytest.raises(DevError, match="what has changed"):
        release.fold_fragments("19.0.1.1.0")


def test_each_fragment_is_of_a_known_kind():
    endings = tuple(f".{kind}.md" for kind in ("added", "changed", "fixed", "removed"))
    names = {path.name for path in (ROOT / "changelog").glob("*")} - {"README.md"}
    assert not [name for name in names if not name.endswith(endings)]


def test_the_screenshots_show_the_screens_as_they_are():
    assert screenshots.STAMP.read_text().strip() == screenshots.fingerprint(), (
        "The screens have changed since: run ./dev screenshots, and look at the pictures."
    )


def test_a_changed_screen_is_another_fingerprint(tmp_path):
    view = tmp_path / screenshots.SOURCES[0]
    view.parent.mkdir(parents=True)
    view.write_text("<odoo/>")
    before = screenshots.fingerprint(tmp_path)
    view.write_text("<odoo></odoo>")
    assert screenshots.fingerprint(tmp_path) != before
