"""Ports, disk space and Debian packages."""

import socket

import pytest

from devkit import services, system
from devkit.errors import DevError


def test_a_free_port_can_be_listened_on():
    port = system.free_port()
    system.check_port(port)
    with socket.socket() as server:
        server.bind(("127.0.0.1", port))


def test_a_port_in_use_is_refused_with_the_way_out():
    with socket.socket() as server:
        server.bind(("127.0.0.1", 0))
        server.listen()
        with pytest.raises(DevError, match=r"Port \d+ .* in use.*--port \d+"):
            system.check_port(server.getsockname()[1])


def test_a_full_disk_is_told_before_anything_is_written(tmp_path):
    with pytest.raises(DevError, match=r"GB are free.*DEV_HOME"):
        system.check_disk(tmp_path, gigabytes=10**6)
    system.check_disk(tmp_path, gigabytes=0)


def test_an_ordinary_user_is_told_what_to_install(monkeypatch):
    monkeypatch.setattr(system, "is_root", lambda: False)
    with pytest.raises(DevError, match=r"tests need .*'sudo apt install chromium'"):
        system.have_root_install(["chromium"], "the browser tests")


@pytest.mark.parametrize(
    ("source", "packages"),
    [
        ("self.start_tour('/odoo', 'tour')", "chromium"),
        ("class TestRoute(HttpCase):", "chromium"),
        ("from .dovecot import Dovecot", "dovecot-imapd dovecot-lmtpd dovecot-pop3d"),
        (
            "HttpCase DovecotCase",
            "chromium dovecot-imapd dovecot-lmtpd dovecot-pop3d",
        ),
    ],
)
def test_all_that_is_missing_for_the_tests_is_told_at_once(monkeypatch, source, packages):
    monkeypatch.setattr(system, "is_root", lambda: False)
    monkeypatch.setattr(services.shutil, "which", lambda *_args, **_options: None)
    with pytest.raises(DevError, match=f"'sudo apt install {packages}'"):
        services.ensure_services(source)


def test_nothing_is_asked_for_that_the_selected_tests_do_not_use(monkeypatch):
    monkeypatch.setattr(services.shutil, "which", lambda *_args, **_options: None)
    services.ensure_services("class TestLead(TransactionCase):")
