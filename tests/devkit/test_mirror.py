"""The Debian mirror, read from apt's sources in both of their formats."""

import pytest

from devkit import mirror
from devkit.errors import DevError

ONE_LINE = """
# deb http://commented.example/debian bookworm main
deb http://security.example/debian-security bookworm-security main
deb [arch=amd64 signed-by=/usr/share/keyrings/x.gpg] http://tools.example/apt nodistro main
deb-src http://sources.example/debian bookworm main
deb [signed-by=/usr/share/keyrings/d.gpg] http://mirror.example/debian/ trixie main contrib
"""
DEB822 = """\
Types: deb
# a comment within
URIs: http://other.example/apt
Suites: nodistro
Components: main

Types: deb deb-src
URIs: http://mirror.example/debian
  http://second.example/debian
Suites: bookworm bookworm-updates
Components: main
Signed-By: /usr/share/keyrings/debian-archive-keyring.gpg

Enabled: no
Types: deb
URIs: http://off.example/debian
Suites: bookworm
"""


@pytest.fixture
def apt_folder(tmp_path, monkeypatch):
    (tmp_path / "sources.list.d").mkdir()
    monkeypatch.setattr(mirror, "APT_FOLDER", tmp_path)
    monkeypatch.delenv("DEBIAN_MIRROR", raising=False)
    return tmp_path


def test_one_line_sources(apt_folder):
    (apt_folder / "sources.list").write_text(ONE_LINE)
    assert mirror.debian_mirror() == "http://mirror.example/debian/"


def test_deb822_sources(apt_folder):
    (apt_folder / "sources.list.d" / "debian.sources").write_text(DEB822)
    assert mirror.debian_mirror() == "http://mirror.example/debian"


def test_a_field_goes_on_in_the_next_lines_and_disabled_stanzas_are_left_out():
    addresses = [address for address, _suites in mirror.parse_deb822(DEB822)]
    assert "http://second.example/debian" in addresses
    assert "http://off.example/debian" not in addresses


def test_files_that_apt_ignores_are_ignored(apt_folder):
    (apt_folder / "sources.list.d" / "debian.sources.disabled").write_text(DEB822)
    with pytest.raises(DevError, match=r"DEBIAN_MIRROR.*ODOO_HOME"):
        mirror.debian_mirror()


def test_another_distribution_is_no_mirror_of_debian(apt_folder):
    (apt_folder / "sources.list").write_text("deb http://archive.example/ubuntu noble main\n")
    with pytest.raises(DevError, match="DEBIAN_MIRROR"):
        mirror.debian_mirror()


def test_the_environment_variable_comes_first(apt_folder, monkeypatch):
    (apt_folder / "sources.list").write_text(ONE_LINE)
    monkeypatch.setenv("DEBIAN_MIRROR", "http://mine.example/debian")
    assert mirror.debian_mirror() == "http://mine.example/debian"
