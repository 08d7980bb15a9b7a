"""How the black-box tests start conrun and read what it leaves.

CONRUN is the program, CONRUN_SOURCE the root of its source.
"""

import collections
import csv
import fcntl
import os
import pty
import re
import select
import shutil
import signal
import struct
import subprocess
import tempfile
import termios
import time
import unittest
from pathlib import Path

CONRUN = os.environ.get("CONRUN", "conrun")
SOURCE = Path(os.environ.get("CONRUN_SOURCE", Path(__file__).resolve().parents[2]))

Result = collections.namedtuple("Result", "code out err")

# Every executor in every way that matters to a workload: so many cells.
EXECUTORS = """
  - sequential
  - { type: thread, gil: [false, true] }
  - { type: thread_pool, gil: [false, true] }
  - { type: process, start: [fork, spawn] }
  - { type: process_pool, start: [fork, spawn] }
  - { type: pipe, start: [fork, spawn] }
  - async
"""
EXECUTOR_CELLS = 12

ESCAPE = re.compile(r"\x1b\[[0-9;]*[A-Za-z]")


def environment(changes=None):
    """This process's environment without what would change conrun's output, and with `changes`."""
    env = {name: value for name, value in os.environ.items()
           if name not in ("NO_COLOR", "TERM", "COLUMNS") and not name.startswith("LC_")}
    env["TERM"] = "xterm"
    env.update(changes or {})
    return env


def arguments(args):
    """run("plan", path) and run(["plan", path]) are the same."""
    flat = []
    for arg in args:
        flat.extend(map(str, arg) if isinstance(arg, (list, tuple)) else [str(arg)])
    return [CONRUN] + flat


def run(*args, cwd=None, env=None, timeout=180, tty=False, width=80, **more):
    """Runs conrun to its end. With `tty` stdout and stderr are one terminal, and all is in `out`."""
    if tty:
        with Terminal(*args, cwd=cwd, env=env, width=width, **more) as terminal:
            return Result(terminal.wait(timeout), terminal.output, "")
    done = subprocess.run(
        arguments(args), cwd=cwd, env=environment(env), timeout=timeout,
        stdin=subprocess.DEVNULL, stdout=more.pop("stdout", subprocess.PIPE),
        stderr=subprocess.PIPE, **more)
    out = (done.stdout or b"").decode("utf-8", "replace")
    return Result(done.returncode, out, done.stderr.decode("utf-8", "replace"))


def start(*args, cwd=None, env=None, **more):
    """Starts conrun in a session of its own; the caller waits for it. Linux schedules sessions as
    groups, and one of tasks that wake each other all the time can starve the test: where that is
    what is run, say start_new_session=False."""
    more.setdefault("start_new_session", True)
    return subprocess.Popen(
        arguments(args), cwd=cwd, env=environment(env), stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE, stderr=subprocess.PIPE, **more)


class Terminal:
    """conrun on a terminal of its own."""

    def __init__(self, *args, cwd=None, env=None, width=80, **more):
        self.output = ""
        self.master, slave = pty.openpty()
        fcntl.ioctl(slave, termios.TIOCSWINSZ, struct.pack("HHHH", 24, width, 0, 0))
        self.process = subprocess.Popen(
            arguments(args), cwd=cwd, env=environment(env), stdin=slave, stdout=slave,
            stderr=slave, start_new_session=True,
            preexec_fn=lambda: fcntl.ioctl(0, termios.TIOCSCTTY, 0), **more)
        os.close(slave)

    def __enter__(self):
        return self

    def __exit__(self, *_):
        if self.process.poll() is None:
            self.process.kill()
            self.process.wait()
        os.close(self.master)

    def read(self, seconds):
        """Takes what arrives within the time; False at the end of the output."""
        ready, _, _ = select.select([self.master], [], [], seconds)
        try:
            piece = os.read(self.master, 65536) if ready else None
        except OSError:  # EIO: nobody has the terminal open any more
            piece = b""
        if piece:
            self.output += piece.decode("utf-8", "replace")
        return piece != b""

    def read_until(self, pattern, timeout=30):
        end = time.monotonic() + timeout
        while not re.search(pattern, self.output):
            if time.monotonic() > end or not self.read(0.1):
                raise AssertionError(f"{pattern!r} is not in {self.output!r}")

    def press(self, keys):
        os.write(self.master, keys)

    def wait(self, timeout=60):
        end = time.monotonic() + timeout
        while self.read(0.1):
            if time.monotonic() > end:
                raise AssertionError(f"still runs: {self.output!r}")
        return self.process.wait(timeout)


def screen_lines(output):
    """The lines that stay on a terminal: without colour, and only what a rewritten line became."""
    text = output.replace("\r\n", "\n")
    return [ESCAPE.sub("", line.split("\r")[-1]) for line in text.split("\n")]


def read_csv(path):
    """A list of dicts; every row must be as wide as the header."""
    with open(path, newline="", encoding="utf-8") as file:
        rows = list(csv.reader(file, strict=True))
    header, rows = rows[0], rows[1:]
    assert len(set(header)) == len(header), f"a column occurs twice: {header}"
    for number, row in enumerate(rows, 2):
        assert len(row) == len(header), f"{path}:{number}: {len(row)} of {len(header)} columns"
    return [dict(zip(header, row)) for row in rows]


def header_of(path):
    with open(path, newline="", encoding="utf-8") as file:
        return next(csv.reader(file))


def latest_folder(root, scenario):
    """The folder of the newest session."""
    folders = sorted((Path(root) / scenario).iterdir(), key=lambda path: path.stat().st_mtime_ns)
    return folders[-1]


def children_of(pid):
    """The processes whose session or ancestor is `pid`, dead ones not counted."""
    parents = {}
    for entry in os.listdir("/proc"):
        if not entry.isdigit():
            continue
        try:
            fields = Path("/proc", entry, "stat").read_text().rsplit(")", 1)[1].split()
        except OSError:
            continue
        if fields[0] != "Z":
            parents[int(entry)] = (int(fields[1]), int(fields[3]))
    return [child for child, (parent, session) in parents.items()
            if child != pid and pid in (parent, session)]


def sanitized(kind=""):
    """Is the program built with a sanitizer, or this one: "thread"?"""
    return f"sanitize={kind}" in run("version").out


def listed_workloads():
    """What `conrun list` lists, in its order: name → what is unavailable, as pairs of a parameter
    and a value of it; ("", "") is all of it."""
    listed, name = {}, None
    listing = run("list").out
    for section in listing.split("\n\n"):
        if not section.startswith("workloads: "):
            continue
        for line in section.split("\n")[1:]:
            if match := re.match(r"  (\w+) +\S", line):
                name = match.group(1)
                listed[name] = set()
            elif match := re.match(r"   +(?:(\w+) (\w+) )?unavailable: ", line):
                listed[name].add((match.group(1) or "", match.group(2) or ""))
    assert len(listed) >= 9, listing
    return listed


def listed_executors():
    section = run("list").out.split("\nexecutors:\n")[1].split("\n\n")[0]
    return re.findall(r"^  (\w+) ", section, re.MULTILINE)


class Case(unittest.TestCase):
    """A test with a folder of its own, `self.tmp`, in which conrun runs."""

    maxDiff = None

    def setUp(self):
        self.tmp = Path(tempfile.mkdtemp(prefix="conrun-test-"))
        self.addCleanup(shutil.rmtree, self.tmp, ignore_errors=True)

    def write(self, text, name="it.yaml"):
        path = self.tmp / name
        path.write_text(text, encoding="utf-8")
        return path

    def conrun(self, *args, **more):
        more.setdefault("cwd", self.tmp)
        return run(*args, **more)

    def run_scenario(self, text, *args, code=0, **more):
        """Runs a scenario; the exit code must be as expected."""
        result = self.conrun(self.write(text), *args, **more)
        self.assertEqual(result.code, code, result.err + result.out)
        return result

    def folder(self, scenario="it"):
        return latest_folder(self.tmp / "results", scenario)

    def summary(self, scenario="it"):
        return read_csv(self.folder(scenario) / "summary.csv")

    def runs(self, scenario="it"):
        return read_csv(self.folder(scenario) / "runs.csv")


def interrupt(process):
    process.send_signal(signal.SIGINT)
