"""Forks that run one task each, with limits, several at once."""

import contextlib
import ctypes
import os
import pickle
import resource
import select
import shutil
import signal
import sys
import tempfile
import time
import traceback
from dataclasses import dataclass, field
from pathlib import Path

PR_SET_PDEATHSIG = 1
MEMORY = 3 << 30
CRASHED = 101
NOTE = "note"
FOLDER = "MUTATE_FOLDER"
SURVIVED, NOTICED, UNUSABLE = 0, 1, 3


@dataclass
class Task:
    """What a child does: its return value is the child's exit status.

    :param work: is called with the number of the slot that the child has
    :param processor_seconds: as much may the child calculate; a wall clock says little on a
        machine that is busy, and so may be much longer
    """

    name: object
    work: object
    processor_seconds: float
    wall_seconds: float


@dataclass
class Ending:
    """How a task ended.

    :param status: its exit status, or negative the signal that ended it
    :param str note: what it noted last
    """

    task: Task
    status: int
    note: str


@dataclass
class Child:
    """A task that runs."""

    task: Task
    slot: int
    folder: str = field(default_factory=lambda: tempfile.mkdtemp(prefix="mutate-"))
    start: float = field(default_factory=time.monotonic)
    pid: int = 0
    ends: int = -1  # can be waited for

    def begin(self):
        """Fork, and run the task in the child."""
        sys.stdout.flush()
        sys.stderr.flush()
        self.pid = os.fork()
        if not self.pid:
            run(self.task, self.slot, self.folder)
        with contextlib.suppress(ProcessLookupError):
            os.setpgid(self.pid, self.pid)
        self.ends = os.pidfd_open(self.pid)

    def seconds_left(self):
        """Return how long the child may still run."""
        return self.start + self.task.wall_seconds - time.monotonic()

    def end(self):
        """Kill what is left of the child, and return how it ended."""
        with contextlib.suppress(ProcessLookupError):
            os.killpg(self.pid, signal.SIGKILL)
        status = os.waitstatus_to_exitcode(os.waitpid(self.pid, 0)[1])
        os.close(self.ends)
        note = Path(self.folder, NOTE)
        ending = Ending(self.task, status, note.read_text() if note.is_file() else "")
        shutil.rmtree(self.folder, ignore_errors=True)
        return ending


def run(task, slot, folder):
    """Run a task in this process, which is the child, and end with its status."""
    status = CRASHED
    try:
        os.setpgid(0, 0)
        ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, signal.SIGKILL)
        limit(task.processor_seconds)
        # what pytest and the tests leave behind is removed with the folder
        os.environ["PYTEST_DEBUG_TEMPROOT"] = os.environ["TMPDIR"] = tempfile.tempdir = folder
        os.environ[FOLDER] = folder
        with contextlib.suppress(SystemExit):
            status = int(task.work(slot))
    except BaseException:  # noqa: BLE001 - this process must not go on as if it were the other
        traceback.print_exc()
    finally:
        sys.stdout.flush()
        os._exit(status)


def limit(seconds):
    """Let the kernel end this process when it calculates or grows without end."""
    whole = max(1, round(seconds))
    resource.setrlimit(resource.RLIMIT_CPU, (whole, whole + 2))
    resource.setrlimit(resource.RLIMIT_DATA, (MEMORY, MEMORY))


def leave_note(text):
    """Let the parent know a text, however this child ends."""
    Path(os.environ[FOLDER], NOTE).write_text(text)


def be_silent():
    """Send what this process prints nowhere."""
    nowhere = os.open(os.devnull, os.O_WRONLY)
    for descriptor in (1, 2):
        os.dup2(nowhere, descriptor)


def run_tasks(tasks, jobs):
    """Run tasks, as many at once as there are jobs, and yield their endings."""
    free, running, tasks = list(range(jobs)), {}, iter(tasks)
    try:
        while True:
            while free and (task := next(tasks, None)):
                child = Child(task, free.pop(0))
                child.begin()
                running[child.ends] = child
            if not running:
                return
            for child in wait_for_some(running):
                del running[child.ends]
                free.append(child.slot)
                yield child.end()
    finally:
        for child in running.values():
            child.end()


def wait_for_some(running):
    """Return the children that ended, or whose time is over."""
    patience = max(0, min(child.seconds_left() for child in running.values()))
    ended = select.select(list(running), [], [], patience)[0]
    late = [child for child in running.values() if child.seconds_left() <= 0]
    return {id(child): child for child in (*map(running.get, ended), *late)}.values()


def run_for_answers(works, jobs, seconds):
    """Run functions in children, and yield (key, answer) as they end; None of one that fails.

    :param dict works: {key: function}
    """
    with tempfile.TemporaryDirectory(prefix="mutate-") as folder:
        files = {key: Path(folder) / str(number) for number, key in enumerate(works)}
        tasks = [
            Task(key, keeping(work, files[key]), seconds, seconds) for key, work in works.items()
        ]
        for ending in run_tasks(tasks, jobs):
            file = files[ending.task.name]
            yield ending.task.name, pickle.loads(file.read_bytes()) if file.is_file() else None


def run_for_answer(work, seconds):
    """Run a function in a child and return what it returns, or None when it fails."""
    return dict(run_for_answers({None: work}, 1, seconds))[None]


def keeping(work, file):
    """Return the function that writes what another one returns into a file."""

    def write(slot):
        answer = work(slot)
        draft = file.with_suffix(".draft")
        draft.write_bytes(pickle.dumps(answer))
        draft.rename(file)
        return 0

    return write
