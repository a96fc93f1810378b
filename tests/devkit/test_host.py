"""Which Odoo is taken."""

import pytest

from devkit import host
from devkit.errors import DevError

RELEASE = "version_info = ({}, 0, FINAL, 0, '')\n"


def make_odoo(folder, version="19, 0", addons="odoo/addons"):
    (folder / "odoo").mkdir(parents=True)
    (folder / "odoo" / "release.py").write_text(RELEASE.format(version))
    (folder / addons / "crm" / "views").mkdir(parents=True)
    return folder


@pytest.mark.parametrize(
    ("root", "home"),
    [
        (".", "."),
        (".", "odoo"),
        ("usr/lib/python3/dist-packages", "."),
        ("usr/lib/python3/dist-packages", "usr"),
    ],
)
def test_odoo_is_found_in_a_tree_a_package_and_an_installation(tmp_path, root, home):
    make_odoo(tmp_path / root)
    found = host.find_host(tmp_path / home)
    assert found.python_path == (tmp_path / root).resolve()


def test_the_addons_of_a_source_tree_are_beside_the_package(tmp_path):
    make_odoo(tmp_path, addons="addons")
    (tmp_path / "odoo" / "addons" / "base").mkdir(parents=True)
    assert host.find_host(tmp_path).addons_folder == tmp_path / "addons"


def test_a_second_folder_of_addons_without_views_is_not_taken(tmp_path):
    make_odoo(tmp_path)
    (tmp_path / "addons" / "crm" / "models").mkdir(parents=True)
    assert host.find_host(tmp_path).addons_folder == tmp_path / "odoo" / "addons"


def test_a_folder_without_odoo_is_refused(tmp_path):
    with pytest.raises(DevError, match="there is no Odoo in it"):
        host.find_host(tmp_path)


def test_another_series_is_refused(tmp_path):
    make_odoo(tmp_path, version="18, 0")
    with pytest.raises(DevError, match=r"holds Odoo 18\.0: 19\.0 is needed"):
        host.find_host(tmp_path)


def test_the_pinned_version_is_taken_without_a_word(capsys):
    assert host.choose_version(["19.0.1+dfsg-1", host.ODOO_PIN]) == host.ODOO_PIN
    assert capsys.readouterr().out == ""


def test_the_newest_of_the_series_is_taken_when_the_pin_is_gone_and_said(capsys):
    assert host.choose_version(["20.0-1", "19.0.2-1", "19.0.1-1"]) == "19.0.2-1"
    assert "19.0.2-1 is taken instead" in capsys.readouterr().out


def test_a_mirror_without_the_series_is_told():
    with pytest.raises(DevError, match=r"DEBIAN_MIRROR.*ODOO_HOME"):
        host.choose_version(["20.0-1"])
