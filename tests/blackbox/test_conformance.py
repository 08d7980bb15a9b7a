"""Every workload that `conrun list` lists, under every executor and its variants: all tasks are
done, and the values are the same everywhere.

A new workload needs an entry in PARAMETERS, and one in CHECKSUMS where its values are known in
advance.
"""

import unittest
from collections import defaultdict

import harness

EXECUTORS = """
  - sequential
  - { type: thread, gil: [false, true] }
  - { type: thread_pool, gil: [false, true] }
  - { type: process, start: [fork, spawn] }
  - { type: process_pool, start: [fork, spawn] }
  - { type: pipe, start: [fork, spawn], depth: [1, 8] }
  - { type: pipe, message_size: 100kB }
  - async
"""
LABELS = {
    "sequential", "thread", "thread[gil]", "thread_pool", "thread_pool[gil]",
    "process", "process[start=spawn]", "process_pool", "process_pool[start=spawn]",
    "pipe", "pipe[start=spawn]", "pipe[depth=8]", "pipe[depth=8,start=spawn]",
    "pipe[message_size=100kB]", "async",
}
TASKS = 24
# Under a sanitizer a process takes ten times as long to come into the world.
WORKERS = (3,) if harness.sanitized() else (1, 3, TASKS + 3)

# With these a task takes 2 ms at the most. Lists are swept: every value is run.
PARAMETERS = {
    "noop": "",
    "count": "n: 300_000",
    "sum_squares": "n: 300_000",
    "primes": "",
    "matmul": "kernel: [naive, blocked, blas], size: 33, block: 8",
    "hash": "size: [0B, 10kB]",
    "blur": "width: 61, height: 37, format: [grey, rgb]",
    "sleep": "cycle: [1ms, 2ms, 0s]",
    "file_read": "size: [1B, 100kB], block: 4KiB",
    "file_write": "size: 100kB, block: 4KiB, sync: [none, fdatasync]",
    "fetch": "size: [0B, 20kB], delay: 0s, keep_alive: [true, false]",
    "tcp_echo": "connect: [per_worker, per_task], messages: 2",
    "counter": "n: 5000, hold: 100, "
               "sync: [none, mutex, spinlock, rwlock, semaphore, atomic, thread_local]",
    "queue": "sync: [mutex_cond, semaphore, lock_free], consumers: 2, items: 50, "
             "capacity: 4, peer: [thread, process]",
    "channel": "kind: [pipe, socketpair, unix, tcp, eventfd, shm], mode: [one_way, ping_pong], "
               "peer: [thread, process], messages: 3",
    "spawn": "kind: [thread, fork, posix_spawn, exec]",
    "cow": "heap: 256KiB, touch: [0%, 50%, 100%]",
    "memory": "pattern: [read, write, copy, chase], size: 256KiB",
    "alloc": "kind: [malloc, mmap], operations: 500, live: 100",
    "yield": "n: 100",
    "wake": "by: [futex, condvar, semaphore], n: 50",
    "exec": "command: [\"true\"]",
    "lua": f"script: {harness.SOURCE}/lua/tasks/hello.lua",
}

EXCLUDED = {
    "fault": "its tasks go wrong on purpose, each under some executors only: see test_faults.py",
}

# The thread sanitizer cannot bear a fork beside threads that come and go: in the child its own
# _exit may wait for a lock that another thread held.
FORKS_BESIDE_THREADS = {"cow", "spawn"}

CHECKSUMS = {
    "noop": 0,
    "count": TASKS * 300_000,
    "sum_squares": TASKS * sum(i * i for i in range(300_000)) % 2**64,
    "primes": 100_003 + 100_019,
    "sleep": sum((1_000_000, 2_000_000, 0)[i % 3] for i in range(TASKS)),
    "file_write": TASKS * 100_000,
    "tcp_echo": TASKS * 2 * 64,
    "counter": TASKS * 5000,
    "yield": TASKS * 100,
    "wake": TASKS * 50,
    "lua": sum(i * i for i in range(TASKS)),
}

LISTED = harness.listed_workloads()


class Conformance(harness.Case):
    """A method for each workload: see below."""

    def check(self, name):
        self.assertIn(name, PARAMETERS,
                      f"the workload '{name}' has no entry in PARAMETERS of {__file__}: add one "
                      "with which a task takes 2 ms at the most")
        if name in FORKS_BESIDE_THREADS and harness.sanitized("thread"):
            self.skipTest("the thread sanitizer may hang in a child")
        missing = LISTED[name]
        workload = f"{{ type: {name}, {PARAMETERS[name]} }}"
        self.run_scenario(
            f"workloads:\n  it: {workload}\nexecutors:{EXECUTORS}"
            f"workers: {list(WORKERS)}\ntasks: {TASKS}\nrepeat: 1\ntimeout: 2m\n",
            "--allow-exec", code=1 if missing else 0, timeout=600)
        variants = defaultdict(dict)
        for row in self.runs():
            if self.is_missing(row, missing):
                self.assertEqual(row["status"], "unsupported", row)
                continue
            self.check_row(name, row)
            variant = tuple(row[column] for column in self.swept(row))
            variants[variant][row["executor"], row["workers"]] = int(row["checksum"])
        if ("", "") in missing:
            self.skipTest("unavailable: see conrun list")
        for variant, values in variants.items():
            self.assertEqual({label for label, _ in values}, LABELS, variant)
            self.assertEqual(len(set(values.values())), 1, f"{variant}: {values}")
            self.assertEqual(set(values.values()), {CHECKSUMS.get(name, *set(values.values()))},
                             variant)

    @staticmethod
    def is_missing(row, missing):
        return any(not option or row.get(option) == choice for option, choice in missing)

    @staticmethod
    def swept(row):
        """The columns of swept parameters: between the loads and the figures, but the executors'."""
        names = list(row)
        between = names[names.index("tasks") + 1:names.index("round")]
        return [name for name in between if name not in ("gil", "start", "depth",
                                                         "message_size_bytes")]

    def check_row(self, name, row):
        cell = f"{row['executor']} x{row['workers']} {[row[column] for column in self.swept(row)]}"
        self.assertEqual((row["status"], row["error"]), ("ok", ""), cell)
        self.assertEqual(row["tasks_ok"], str(TASKS), cell)
        self.assertEqual((row["tasks_failed"], row["tasks_lost"]), ("0", "0"), cell)
        if name == "counter" and row["sync"] != "none":
            self.assertEqual(row["lost_updates"], "0", cell)


def add_method(name):
    def method(self):
        self.check(name)
    setattr(Conformance, f"test_{name}", method)


for listed in LISTED:
    if listed not in EXCLUDED:
        add_method(listed)


class Tables(unittest.TestCase):
    def test_nothing_is_left_over(self):
        """An entry of a workload that there is no more says nothing."""
        for table in (PARAMETERS, CHECKSUMS, EXCLUDED, FORKS_BESIDE_THREADS):
            self.assertEqual(set(table) - set(LISTED), set())


if __name__ == "__main__":
    unittest.main()
