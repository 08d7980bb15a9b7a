"""cow, memory, alloc, yield and wake: what their figures add up to, and what happens where there is
not enough of something. That they give the same values everywhere is in test_conformance.py."""

import os
import resource
import signal
import time
import unittest
from pathlib import Path

import harness

ALL = "[sequential, thread, thread_pool, { type: process, start: [fork, spawn] }, process_pool, " \
      "pipe, async]"
MIB = 2**20
VERSION = harness.run("version").out
TOO_MUCH = "1TiB"


def little_space():
    resource.setrlimit(resource.RLIMIT_AS, (256 * MIB, 256 * MIB))


class MemoryCase(harness.Case):
    def rows_of(self, workload, *, executors=ALL, workers="2", tasks=6, code=0, timeout="60s",
                **more):
        self.run_scenario(
            f"workloads: {{ it: {{ type: {workload} }} }}\nexecutors: {executors}\n"
            f"workers: {workers}\ntasks: {tasks}\nrepeat: 1\ntimeout: {timeout}\n",
            code=code, timeout=200, **more)
        return self.runs()

    def assert_ok(self, rows, tasks):
        for row in rows:
            self.assertEqual((row["status"], row["error"], row["tasks_ok"]),
                             ("ok", "", str(tasks)), row)


class Cow(MemoryCase):
    def test_as_many_pages_are_copied_as_are_touched(self):
        rows = self.rows_of("cow, heap: [100KiB, 2MiB], touch: [0%, 1%, 50%, 100%]")
        self.assert_ok(rows, 6)
        page = os.sysconf("SC_PAGESIZE")
        for row in rows:
            pages = int(row["heap_bytes"]) // page
            touched = 6 * int(pages * float(row["touch_share"]) + 0.5)
            self.assertEqual(int(row["pages_touched"]), touched, row)
            # The thread sanitizer has a history of its own to write, in pages of its own.
            more = 60 if "sanitize=thread" in VERSION else 0
            self.assertTrue(0 <= int(row["pages_copied"]) - touched <= more, row)
            self.assertGreater(float(row["fork_s"]), 0)
            self.assertGreater(float(row["elapsed_s"]), 0)
        for heap in {row["heap_bytes"] for row in rows}:
            # What the parent has afterwards does not depend on what its children wrote.
            self.assertEqual(
                len({row["checksum"] for row in rows if row["heap_bytes"] == heap}), 1)

    def test_many_workers(self):
        rows = self.rows_of("cow, heap: 64KiB", executors="[thread_pool, process_pool, process]",
                            workers="[1, 100]", tasks=120)
        self.assert_ok(rows, 120)
        self.assertEqual(len({row["checksum"] for row in rows}), 1)


class Memory(MemoryCase):
    def test_bytes_and_loads_are_counted(self):
        rows = self.rows_of("memory, pattern: [read, write, copy, chase], size: [4KiB, 100kB], "
                            "passes: 3")
        self.assert_ok(rows, 6)
        for row in rows:
            size = int(row["size_bytes"]) // 128 * 128
            self.assertEqual(int(row["moved_bytes"]), 6 * 3 * size, row)
            loads = 6 * 3 * size // 64 if row["pattern"] == "chase" else 0
            self.assertEqual(int(row["loads"]), loads, row)

    def test_a_chase_out_of_cache_takes_longer_a_load(self):
        if harness.sanitized():
            self.skipTest("a sanitizer's own loads are as many")
        rows = self.rows_of("memory, pattern: [read, chase], size: 32MiB", tasks=1,
                            executors="[sequential]")
        read, chase = (next(row for row in rows if row["pattern"] == pattern)
                       for pattern in ("read", "chase"))
        # The same lines; in sequence they are fetched before they are asked for.
        self.assertGreater(float(chase["elapsed_s"]), 3 * float(read["elapsed_s"]))

    def test_many_workers(self):
        rows = self.rows_of("memory, pattern: [copy, chase], size: 64KiB",
                            executors="[thread_pool, process_pool]", workers="[1, 100]", tasks=120)
        self.assert_ok(rows, 120)


class NotEnough(MemoryCase):
    def test_sizes_beyond_memory_are_not_begun(self):
        self.run_scenario(f"""
workloads:
  memory: {{ type: memory, size: {TOO_MUCH} }}
  cow: {{ type: cow, heap: {TOO_MUCH} }}
  alloc: {{ type: alloc, size: 1GiB, live: 100_000_000, operations: 100_000_000 }}
executors: {ALL}
workers: [1, 100]
tasks: 100
repeat: 1
""", code=1)
        rows = self.runs()
        self.assertEqual({row["workload"] for row in rows}, {"memory", "cow", "alloc"})
        for row in rows:
            self.assertEqual(row["status"], "skipped_limit", row)
            self.assertRegex(row["error"], r"^memory: needs [\d.]+ [KMGTPE]iB, .*; use fewer workers")

    def test_under_async_one_worker_has_the_memory(self):
        """100,000 of these in flight would be more than any machine has."""
        rows = self.rows_of("memory, size: 64MiB", executors="[async]", workers="100_000", tasks=3)
        self.assert_ok(rows, 3)

    def check_refused(self, workload, refusal):
        if harness.sanitized():
            self.skipTest("a sanitizer reserves more than the limit itself")
        rows = self.rows_of(workload, code=1, executors="[sequential, thread_pool, process_pool]",
                            preexec_fn=little_space)
        for row in rows:
            self.assertEqual(row["status"], "failed", row)
            self.assertRegex(row["error"], refusal)

    def test_memory_that_is_refused(self):
        """Where no limit was foreseen the system says no."""
        self.check_refused("memory, size: 512MiB",
                           "cannot make 512MiB of memory for a worker: Cannot allocate memory; use")
        self.check_refused("cow, heap: 512MiB",
                           "cannot make .* of memory for a worker: Cannot allocate memory; use")

    def test_blocks_that_are_refused(self):
        for kind in ("malloc", "mmap"):
            self.check_refused(f"alloc, kind: {kind}, size: 64MiB, spread: 0%, live: 10, "
                               "operations: 100",
                               f"cannot allocate 67108864 bytes by {kind}: Cannot allocate memory")


class Alloc(MemoryCase):
    def test_sizes(self):
        rows = self.rows_of("alloc, kind: [malloc, mmap], size: [8B, 100B, 70KiB], "
                            "spread: [0%, 100%], operations: 200, live: 20")
        self.assert_ok(rows, 6)
        for row in rows:
            size, spread = int(row["size_bytes"]), float(row["spread_share"])
            allocated = int(row["allocated_bytes"])
            self.assertEqual(int(row["checksum"]), allocated)
            if spread == 0:
                self.assertEqual(allocated, 6 * 200 * size, row)
            elif size > 8:  # half of those around 8 are raised to 8
                self.assertTrue(0.8 < allocated / (6 * 200 * size) < 1.25, row)

    def test_many_workers(self):
        rows = self.rows_of("alloc, operations: 500", executors="[thread_pool, process_pool]",
                            workers="[1, 100]", tasks=120)
        self.assert_ok(rows, 120)
        self.assertEqual(len({row["checksum"] for row in rows}), 1)


class Wake(MemoryCase):
    def test_round_trips_are_counted(self):
        for row in self.rows_of("wake, by: [futex, condvar, semaphore], n: 30"):
            self.assertEqual((row["round_trips"], row["checksum"]), ("180", "180"), row)

    def test_many_workers(self):
        rows = self.rows_of("wake, n: 5", executors="[thread_pool, process_pool, process, async]",
                            workers="[1, 100]", tasks=200)
        self.assert_ok(rows, 200)

    def start_long(self, workload, executor, workers, tasks):
        process = harness.start(self.write(f"""
workloads: {{ it: {{ type: {workload} }} }}
executors: [{executor}]
workers: {workers}
tasks: {tasks}
repeat: 1
timeout: 3m
"""), cwd=self.tmp)
        self.addCleanup(process.kill)
        return process

    def children_of_host(self, process, count):
        """Partners are made before workers."""
        found, end = [], time.monotonic() + 60
        while time.monotonic() < end:
            hosts = [pid for pid in harness.children_of(process.pid) if parent(pid) == process.pid]
            found = sorted(pid for host in hosts for pid in harness.children_of(host)
                           if parent(pid) == host)
            if len(found) >= count:
                return found[:count]
            time.sleep(0.02)
        process.kill()
        raise AssertionError(f"{len(found)} of {count} processes: {process.communicate()}")

    # One pair that wakes each other at a time: two of them leave some kernels no time for others.

    def test_a_partner_that_dies_is_the_rows_error(self):
        for by in ("futex", "semaphore"):
            process = self.start_long(f"wake, by: {by}, n: 1_000_000_000", "thread_pool", 1, 1)
            [partner] = self.children_of_host(process, 1)
            time.sleep(0.2)
            os.kill(partner, signal.SIGKILL)
            _, err = process.communicate(timeout=90)
            self.assertEqual(process.returncode, 1, err)
            [row] = self.runs()
            self.assertEqual((row["status"], row["tasks_failed"], row["error"]),
                             ("failed", "1", "the process that worker 0 wakes has died"))

    def test_interrupted_in_mid_task(self):
        for workload, workers in (
                ("wake, n: 1_000_000_000", 1),
                ("wake, by: condvar, n: 1_000_000_000", 1),
                ("yield, n: 1_000_000_000", 2),
                ("memory, passes: 1_000_000_000, size: 16MiB", 2),
                ("memory, pattern: chase, passes: 1_000_000_000, size: 16MiB", 2),
                ("alloc, operations: 1_000_000_000", 2),
                ("cow, heap: 64MiB, touch: 100%", 2)):
            process = self.start_long(workload, "process_pool", workers, 1_000_000)
            self.children_of_host(process, 2)
            time.sleep(0.3)
            harness.interrupt(process)
            began = time.monotonic()
            process.communicate(timeout=90)
            # Far less than its timeout.
            self.assertLess(time.monotonic() - began, 60, workload)
            self.assertEqual(process.returncode, 130, workload)
            self.assertEqual(harness.children_of(process.pid), [], workload)


def parent(pid):
    try:
        return int(Path("/proc", str(pid), "stat").read_text().rsplit(")", 1)[1].split()[1])
    except OSError:
        return 0


if __name__ == "__main__":
    unittest.main()
