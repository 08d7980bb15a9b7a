"""Every workload that `conrun list` lists, stopped in the middle of its work: the run ends as
`timeout` soon after, and no process of it is left.

A new workload needs an entry in LONG: parameters with which a task does not end by itself in this
test's time, where it has such; many short tasks do as well.
"""

import os
import subprocess
import time
import unittest
import uuid
from pathlib import Path

import harness

EXECUTORS = """
  - sequential
  - { type: thread_pool, gil: [false, true] }
  - { type: process, start: spawn }
  - { type: process_pool }
  - { type: pipe }
  - async
"""
CELLS = 7
TIMEOUT_S = 0.3
# Asking, terminating and killing take half a second; the rest is for a slow machine.
MOST_SECONDS_A_CELL = 6

LONG = {
    "noop": "",
    "count": "n: 1_000_000_000_000",
    "sum_squares": "n: 1_000_000_000_000",
    "primes": "from: 1_000_000_000_000, to: 1_000_001_000_000",
    "matmul": "size: 8192",
    "hash": "size: 4MiB",
    "blur": "width: 4096, height: 4096, radius: 100, passes: 100",
    "sleep": "duration: 1h",
    "file_read": "size: 64MiB",
    "file_write": "size: 1MiB",
    "fetch": "delay: 1h, response_timeout: 2h",
    "tcp_echo": "hold: 1h, reply_timeout: 2h",
    "counter": "n: 1_000_000_000_000, sync: spinlock",
    "queue": "items: 1_000_000_000",
    "channel": "messages: 1_000_000_000",
    "spawn": "kind: posix_spawn",
    "cow": "heap: 64MiB, touch: 100%",
    "memory": "size: 16MiB, passes: 1_000_000_000",
    "alloc": "operations: 1_000_000_000_000",
    "yield": "n: 1_000_000_000_000",
    "wake": "n: 1_000_000_000_000",
    "exec": "command: [sleep, \"3600\"]",
    "lua": f"script: {harness.SOURCE}/tests/lua/busy.lua",
}

EXCLUDED = {"fault": "see test_faults.py"}

LISTED = harness.listed_workloads()


def marked(mark):
    """The processes that have this mark in their environment."""
    found = []
    for entry in os.listdir("/proc"):
        try:
            if entry.isdigit() and mark in Path("/proc", entry, "environ").read_bytes():
                found.append(Path("/proc", entry, "cmdline").read_bytes())
        except OSError:
            continue
    return found


class Stop(harness.Case):
    """A method for each workload: see below."""

    def check(self, name):
        self.assertIn(name, LONG, f"the workload '{name}' has no entry in LONG of {__file__}")
        if ("", "") in LISTED[name]:
            self.skipTest("unavailable: see conrun list")
        mark = uuid.uuid4().hex
        path = self.write(
            f"workloads:\n  it: {{ type: {name}, {LONG[name]} }}\nexecutors:{EXECUTORS}"
            "workers: 3\ntasks: 1_000_000_000_000\nrepeat: 1\n"
            f"timeout: {int(TIMEOUT_S * 1000)}ms\n")
        began = time.monotonic()
        result = self.conrun(path, "--allow-exec", timeout=300, env={"CONRUN_TEST_MARK": mark})
        took = time.monotonic() - began
        self.assertEqual(result.code, 1, result.err + result.out)
        rows = self.runs()
        self.assertEqual(len(rows), CELLS)
        for row in rows:
            self.assertEqual(row["status"], "timeout", f"{row['executor']}: {row['error']}")
        self.assertGreater(took, CELLS * TIMEOUT_S)
        self.assertLess(took, CELLS * MOST_SECONDS_A_CELL)
        self.assertEqual(marked(mark.encode()), [])


def add_method(name):
    def method(self):
        self.check(name)
    setattr(Stop, f"test_{name}", method)


for listed in LISTED:
    if listed not in EXCLUDED:
        add_method(listed)


class Tables(unittest.TestCase):
    def test_nothing_is_left_over(self):
        for table in (LONG, EXCLUDED):
            self.assertEqual(set(table) - set(LISTED), set())

    def test_marks_are_found(self):
        """The search finds what it is there to find."""
        mark = uuid.uuid4().hex
        with subprocess.Popen(["sleep", "60"], env={**os.environ, "CONRUN_TEST_MARK": mark}) as nap:
            try:
                # An image shows its environment a moment after it was executed.
                end = time.monotonic() + 30
                while not (found := marked(mark.encode())) and time.monotonic() < end:
                    time.sleep(0.01)
                self.assertEqual(found, [b"sleep\x0060\x00"])
            finally:
                nap.kill()


if __name__ == "__main__":
    unittest.main()
