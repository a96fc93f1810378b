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
        """Kill what is left of the child, and return its exit status, negative a signal."""
        with contextlib.suppress(ProcessLookupError):
            os.killpg(self.pid, signal.SIGKILL)
        status = os.waitstatus_to_exitcode(os.waitpid(self.pid, 0)[1])
        os.close(self.ends)
        shutil.rmtree(self.folder, ignore_errors=True)
        return status


def run(task, slot, folder):
    """Run a task in this process, which is the child, and end with its status."""
    status = CRASHED
    try:
        os.setpgid(0, 0)
        ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, signal.SIGKILL)
        limit(task.processor_seconds)
        # what pytest and the tests leave behind is removed with the folder
        os.environ["PYTEST_DEBUG_TEMPROOT"] = os.environ["TMPDIR"] = tempfile.tempdir = folder
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


def be_silent():
    """Send what this process prints nowhere."""
    nowhere = os.open(os.devnull, os.O_WRONLY)
    for descriptor in (1, 2):
        os.dup2(nowhere, descriptor)


def run_tasks(tasks, jobs):
    """Run tasks, as many at once as there are jobs, and yield (task, exit status) as they end.

    The status is negative the signal when a child had to be killed.
    """
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
                yield child.task, child.end()
    finally:
        for child in running.values():
            child.end()


def wait_for_some(running):
    """Return the children that ended, or whose time is over."""
    patience = max(0, min(child.seconds_left() for child in running.values()))
    ended = select.select(list(running), [], [], patience)[0]
    late = [child for child in running.values() if child.seconds_left() <= 0]
    return {id(child): child for child in (*map(running.get, ended), *late)}.values()


def answers(works, seconds):
    """Run functions at once, each in a child, and return what they return; None of a failure."""
    with tempfile.TemporaryDirectory(prefix="mutate-") as folder:
        files = [Path(folder) / str(number) for number in range(len(works))]
        tasks = [
            Task(number, keeping(work, file), seconds, seconds)
            for number, (work, file) in enumerate(zip(works, files, strict=True))
        ]
        for _task, _status in run_tasks(tasks, len(tasks)):
            pass
        return [pickle.loads(file.read_bytes()) if file.is_file() else None for file in files]


def keeping(work, file):
    """Return the function that writes what another one returns into a file."""

    def write(slot):
        answer = work(slot)
        draft = file.with_suffix(".draft")
        draft.write_bytes(pickle.dumps(answer))
        draft.rename(file)
        return 0

    return write
