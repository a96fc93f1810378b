"""Reading files of a folder on the server without being led out of it."""

import errno
import os
import re
import stat
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import BinaryIO

#: CDR files and what rotation makes of their names, but nothing compressed.
_CDR_FILE = re.compile(r"\.csv([.-](?!.*\.?(gz|bz2|xz|zst|zip)$)[\w.-]*)?$", re.IGNORECASE)


class FolderError(Exception):
    """The folder may not or cannot be read. ``code`` is for programs."""

    def __init__(self, code: str):
        super().__init__(code)
        self.code = code


class Folder:
    """An open folder; names of files are looked up in it and never followed elsewhere."""

    def __init__(self, descriptor: int):
        self._descriptor = descriptor

    def cdr_files(self) -> list[str]:
        """Return the names of the CDR files, those that were written to longest ago first."""
        times = {}
        with os.scandir(self._descriptor) as entries:
            for entry in entries:
                if _CDR_FILE.search(entry.name) and entry.is_file(follow_symlinks=False):
                    times[entry.name] = entry.stat().st_mtime_ns
        return sorted(times, key=lambda name: (times[name], name))

    @contextmanager
    def open(self, name: str) -> Iterator[BinaryIO]:
        """Open a file for reading; raises OSError for a symbolic link, FolderError for a pipe."""
        # Without O_NONBLOCK, opening a pipe would wait for somebody to write into it.
        flags = os.O_NOFOLLOW | os.O_NONBLOCK
        with open(os.open(name, flags, dir_fd=self._descriptor), "rb") as file:
            if not stat.S_ISREG(os.fstat(file.fileno()).st_mode):
                raise FolderError("no_file")
            yield file


@contextmanager
def open_folder(root: str, folder: str) -> Iterator[Folder]:
    """Open ``folder``, which has to be ``root`` or below it, without following symbolic links.

    :param root: absolute path of the folder that the administrator of the server allowed; it may
        be a symbolic link itself.
    :raise FolderError: ``no_root``, ``outside``, ``not_found``, ``no_access``, ``link``.
    """
    parts = _parts_below(root, folder)
    with ExitStack() as opened:
        yield Folder(_descend(root, parts, opened))


def _descend(root: str, parts: tuple[str, ...], opened: ExitStack) -> int:
    """Return the descriptor of the folder ``parts`` below ``root``; ``opened`` closes it.

    Each step is taken from an open folder, so that nothing can be exchanged meanwhile.
    """
    try:
        descriptor = os.open(root, os.O_DIRECTORY)
        opened.callback(os.close, descriptor)
        for part in parts:
            descriptor = os.open(part, os.O_DIRECTORY | os.O_NOFOLLOW, dir_fd=descriptor)
            opened.callback(os.close, descriptor)
    except OSError as error:
        codes = {errno.ENOENT: "not_found", errno.EACCES: "no_access", errno.EPERM: "no_access"}
        raise FolderError(codes.get(error.errno, "link")) from error
    return descriptor


def _parts_below(root: str, folder: str) -> tuple[str, ...]:
    if not os.path.isabs(root):
        raise FolderError("no_root")
    path = Path(folder)
    if "\0" in folder or ".." in path.parts or not path.is_relative_to(root):
        raise FolderError("outside")
    return path.relative_to(root).parts
