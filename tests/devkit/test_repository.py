"""What the files of the repository must and must not hold."""

import json
import re
import subprocess

import pytest

from devkit.paths import LOCK_FILE, ROOT

# Host names of registries and mirrors, cut in two so that this file does not hold them.
FORBIDDEN = [
    "".join(parts)
    for parts in [
        ("registry.", "npmjs"),
        ("files.", "pythonhosted"),
        ("pypi.", "org"),
        ("deb.", "debian.org"),
        ("snapshot.", "debian.org"),
        ("ftp.", "debian.org"),
        ("security.", "debian.org"),
    ]
]


def tracked_files():
    command = ["git", "ls-files", "-co", "--exclude-standard", "-z"]
    result = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    if result.returncode:
        pytest.fail("git cannot list the files of the checkout")
    return [ROOT / name for name in result.stdout.split("\0") if name]


def test_the_lock_file_pins_every_package():
    lines = LOCK_FILE.read_text().split("\n")
    requirements = [line for line in lines if line and not line.startswith("#")]
    loose = [line for line in requirements if not re.fullmatch(r"[\w.-]+==[\w.]+", line)]
    assert requirements
    assert not loose


def test_the_npm_lock_pins_every_package_by_a_hash():
    packages = json.loads((ROOT / "package-lock.json").read_text())["packages"]
    assert all("integrity" in package for name, package in packages.items() if name)


def test_no_registry_and_no_mirror_is_named():
    found = [
        f"{path.relative_to(ROOT)}: {name}"
        for path in tracked_files()
        if path.is_file() and not path.is_symlink()
        for name in FORBIDDEN
        if name.encode() in path.read_bytes()
    ]
    assert not found
