"""CDR files are read from the allowed folder, and nothing leads out of it."""

import contextlib
import errno
import os

import pytest

from lead_communications.tools.folders import FolderError, open_folder


@pytest.fixture
def root(tmp_path):
    """Return an allowed folder, with one for Asterisk in it and a secret beside it."""
    (tmp_path / "secret").mkdir()
    (tmp_path / "secret" / "Master.csv").write_bytes(b"secret")
    (tmp_path / "cdr" / "asterisk").mkdir(parents=True)
    return tmp_path / "cdr"


def write(folder, name, time=0):
    (folder / name).write_bytes(name.encode())
    os.utime(folder / name, (time, time))


def refusal(root, folder):
    """Return the code with which a folder is refused."""
    with pytest.raises(FolderError) as caught, open_folder(str(root), str(folder)):
        pass
    return caught.value.code


def files(root, folder):
    with open_folder(str(root), str(folder)) as opened:
        return opened.cdr_files()


def left_open(root):
    """Return what this process has open in a folder."""
    found = []
    for descriptor in os.listdir("/proc/self/fd"):
        with contextlib.suppress(OSError):
            found.append(os.readlink(f"/proc/self/fd/{descriptor}"))
    return [path for path in found if path.startswith(str(root))]


# ---- FOLDERS ----


def test_allowed_folder_and_those_below_are_read(root):
    write(root, "a.csv")
    write(root / "asterisk", "b.csv")
    assert files(root, root) == ["a.csv"]
    assert files(root, root / "asterisk") == ["b.csv"]


def test_allowed_folder_may_be_a_link_itself(root, tmp_path):
    write(root, "a.csv")
    (tmp_path / "link").symlink_to(root)
    assert files(tmp_path / "link", tmp_path / "link") == ["a.csv"]


@pytest.mark.parametrize("allowed", ["", ".", "var/log/asterisk"])
def test_nothing_is_read_unless_a_folder_is_allowed(allowed):
    assert refusal(allowed, "/var/log/asterisk") == "no_root"


@pytest.mark.parametrize(
    "folder", ["", "asterisk", "/", "{root}/../secret", "{root}/..", "{root}-2", "{root}/a\0b"]
)
def test_folder_that_is_not_below_the_allowed_one_is_refused(root, folder):
    assert refusal(root, folder.format(root=root)) == "outside"


def test_folder_that_is_not_there(root):
    assert refusal(root, root / "freeswitch") == "not_found"
    assert refusal(root / "missing", root / "missing") == "not_found"


def test_link_to_a_folder_is_not_followed(root, tmp_path):
    (root / "link").symlink_to(tmp_path / "secret")
    assert refusal(root, root / "link") == "link"
    (tmp_path / "secret" / "inner").mkdir()
    assert refusal(root, root / "link" / "inner") == "link"


def test_file_is_no_folder(root):
    write(root, "a.csv")
    assert refusal(root, root / "a.csv") == "link"
    assert refusal(root / "a.csv", root / "a.csv") == "link"


@pytest.mark.parametrize("number", [errno.EACCES, errno.EPERM])
def test_folder_that_odoo_may_not_read(monkeypatch, root, number):
    def refuse(*_args, **_kwargs):
        raise OSError(number, "refused")

    monkeypatch.setattr(os, "open", refuse)
    assert refusal(root, root) == "no_access"


def test_no_folder_is_left_open(root):
    with open_folder(str(root), str(root / "asterisk")):
        assert left_open(root)
    refusal(root, root / "asterisk" / "missing")
    assert not left_open(root)


# ---- FILES ----


def test_files_are_read_in_the_order_in_which_they_were_written(root):
    write(root, "Master.csv", time=3)
    write(root, "Master.csv.2", time=1)
    write(root, "Master.csv.1", time=2)
    write(root, "Other.csv", time=2)
    assert files(root, root) == ["Master.csv.2", "Master.csv.1", "Other.csv", "Master.csv"]


@pytest.mark.parametrize(
    ("name", "is_one"),
    [
        ("Master.csv", True),
        ("MASTER.CSV", True),
        ("Master.csv.1", True),
        ("Master.csv-20260302", True),
        ("Master.csv.1.gz", False),
        ("Master.csv.gz", False),
        ("Master.csv-20260302.xz", False),
        ("Master.csv~", False),
        ("Master.txt", False),
    ],
)
def test_which_files_have_calls(root, name, is_one):
    write(root, name)
    assert files(root, root) == ([name] if is_one else [])


def test_only_files_are_listed(root, tmp_path):
    (root / "folder.csv").mkdir()
    (root / "link.csv").symlink_to(tmp_path / "secret" / "Master.csv")
    os.mkfifo(root / "pipe.csv")
    assert files(root, root) == []


def test_file_is_read(root):
    write(root, "a.csv")
    with open_folder(str(root), str(root)) as folder, folder.open("a.csv") as file:
        assert file.read() == b"a.csv"


def test_link_that_takes_the_place_of_a_file_is_not_followed(root, tmp_path):
    (root / "a.csv").symlink_to(tmp_path / "secret" / "Master.csv")
    with (
        open_folder(str(root), str(root)) as folder,
        pytest.raises(OSError, match="symbolic links"),
        folder.open("a.csv"),
    ):
        pass


def test_pipe_that_takes_the_place_of_a_file_is_not_waited_for(root):
    os.mkfifo(root / "a.csv")
    with (
        open_folder(str(root), str(root)) as folder,
        pytest.raises(FolderError, match="no_file"),
        folder.open("a.csv"),
    ):
        pass
