"""Every workload under every executor and its variants: the same values everywhere.

A workload that is new in `conrun list` is run with its defaults; one whose defaults take long, or
whose values are known in advance, gets an entry here.
"""

import re
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
TASKS = 40

PARAMETERS = {
    "count": "n: 300_000",
    "sum_squares": "n: 300_000",
    "sleep": "cycle: [1ms, 2ms, 0s]",
    "file_read": "size: [1B, 100kB], block: 4KiB",
    "file_write": "size: 100kB, block: 4KiB, sync: [none, fdatasync]",
    "counter": "n: 5000, hold: 100, "
               "sync: [none, mutex, spinlock, rwlock, semaphore, atomic, thread_local]",
    "lua": f"script: {harness.SOURCE}/lua/tasks/hello.lua",
}

CHECKSUMS = {
    "noop": 0,
    "count": TASKS * 300_000,
    "sum_squares": TASKS * sum(i * i for i in range(300_000)) % 2**64,
    "primes": 100_003 + 100_019,
    "sleep": sum((1_000_000, 2_000_000, 0)[i % 3] for i in range(TASKS)),
    "file_write": TASKS * 100_000,
    "counter": TASKS * 5000,
    "lua": sum(i * i for i in range(TASKS)),
}


def workloads():
    """What `conrun list` lists, without the one that fails on purpose."""
    section = harness.run("list").out.split("\n\n")[0]
    names = re.findall(r"^  (\w+) ", section, re.MULTILINE)
    assert section.startswith("workloads:") and len(names) >= 9, section
    return [name for name in names if name != "fault"]


class Conformance(harness.Case):
    def scenario(self, workers):
        lines = [f"  {name}: {{ type: {name}, {PARAMETERS.get(name, '')} }}"
                 for name in workloads()]
        return "\n".join(["workloads:", *lines, "executors:" + EXECUTORS,
                          f"workers: {workers}", f"tasks: {TASKS}", "repeat: 1"])

    def check(self, workers):
        self.run_scenario(self.scenario(workers), timeout=300)
        checksums = defaultdict(set)
        executors = defaultdict(set)
        for row in self.runs():
            cell = f"{row['workload']} {row['executor']}"
            self.assertEqual((row["status"], row["error"]), ("ok", ""), cell)
            self.assertEqual(row["tasks_ok"], str(TASKS), cell)
            self.assertEqual((row["tasks_failed"], row["tasks_lost"]), ("0", "0"), cell)
            what = (row["workload"], row.get("size_bytes", ""), row.get("sync", ""))
            checksums[what].add(int(row["checksum"]))
            executors[what].add(row["executor"])
            if row["sync"] not in ("", "none") and row["workload"] == "counter":
                self.assertEqual(row["lost_updates"], "0", f"{cell} {row['sync']}")
        self.assertEqual({what[0] for what in checksums}, set(workloads()))
        for what, values in checksums.items():
            self.assertEqual(executors[what], LABELS, what)
            self.assertEqual(len(values), 1, f"{what}: {values}")
            self.assertEqual(values, {CHECKSUMS.get(what[0], *values)}, what)

    def test_three_workers(self):
        self.check(3)

    def test_more_workers_than_tasks(self):
        self.check(TASKS + 3)


class Parameters(harness.Case):
    def test_jitter_depends_on_the_seed_alone(self):
        text = """
workloads: {{ nap: {{ type: sleep, duration: 1ms, jitter: 50% }} }}
executors: [thread, process_pool]
workers: 10
tasks: 50
repeat: 2
seed: {}
"""
        seen = {}
        for seed in (1, 2, 1):
            self.run_scenario(text.format(seed))
            values = {row["checksum"] for row in self.runs()}
            self.assertEqual(len(values), 1)
            self.assertEqual(seen.setdefault(seed, values), values)
        self.assertNotEqual(seen[1], seen[2])

    def test_a_write_that_fails_is_the_rows_error(self):
        result = self.conrun(self.write("""
workloads: { big: { type: file_write, size: 1MiB } }
executors: [thread_pool, process]
workers: 2
tasks: 4
repeat: 1
"""), preexec_fn=limit_file_size)
        self.assertEqual(result.code, 1, result.err)
        for row in self.runs():
            self.assertEqual((row["status"], row["tasks_failed"]), ("failed", "4"))
            self.assertRegex(row["error"], r"cannot write '/.*/write-[01]': File too large")

    def test_threads_that_end_leave_the_lock_to_others(self):
        """Many threads of one task each, at whose end somebody always asks for the lock."""
        self.run_scenario("""
workloads: { count: { type: count, n: 3_000_000 } }
executors: [{ type: thread, gil: true, switch_interval: 100us }]
workers: 4
tasks: 64
repeat: 25
timeout: 10s
""")
        self.assertEqual({row["checksum"] for row in self.runs()}, {str(64 * 3_000_000)})


def limit_file_size():
    import resource
    import signal
    signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
    resource.setrlimit(resource.RLIMIT_FSIZE, (512 * 1024, 512 * 1024))


if __name__ == "__main__":
    unittest.main()
