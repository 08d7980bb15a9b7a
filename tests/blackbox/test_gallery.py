"""The experiments in scenarios/ give the answers that they announce.

Bounds are ratios within one session, wide enough for a busy machine: what is asserted is the
shape of the answer. Each file is run as it stands, but with one repetition.
"""

import os
import re
import unittest

import harness

FOLDER = harness.SOURCE / "scenarios"
NCPU = len(os.sched_getaffinity(0))


def text_of(name):
    return (FOLDER / f"{name}.yaml").read_text(encoding="utf-8")


def number(row, column):
    return float(row[column])


def is_sanitized():
    return "sanitize" in harness.run("--version").out


class Gallery(harness.Case):
    def gallery(self, name, code=0):
        """The rows of its summary."""
        text, count = re.subn(r"^repeat: \d+$", "repeat: 1", text_of(name), flags=re.MULTILINE)
        self.assertEqual(count, 1, f"{name}: no repeat")
        result = self.conrun(self.write(text, f"{name}.yaml"), timeout=300)
        # What it expects are figures of a program that is not instrumented.
        codes = (code, 3) if is_sanitized() else (code,)
        self.assertIn(result.code, codes, result.err + result.out)
        self.assertRegex(result.out, r"\nexpectations: (\d+) of " +
                         (r"\d+" if is_sanitized() else r"\1") + " hold\n")
        self.assertNotIn("warning", result.err)
        return self.summary(name)

    def assert_ok(self, rows):
        for row in rows:
            self.assertEqual((row["status"], row["error"]), ("ok", ""), row)
            self.assertEqual(row["tasks_ok"], row["tasks"], row)

    def assert_checksum(self, rows, checksum):
        self.assertEqual({row["checksum"] for row in rows}, {str(checksum)})

    def by_executor(self, rows):
        found = {row["executor"]: row for row in rows}
        self.assertEqual(len(found), len(rows))
        return found

    def test_each_opens_with_its_question_and_answer(self):
        files = sorted(FOLDER.glob("*.yaml"))
        self.assertGreaterEqual(len(files), 14)
        for file in files:
            text = file.read_text(encoding="utf-8")
            self.assertRegex(text, r"\A# Question: .*\n(#           .*\n)*# Answer:   ", file.name)
            self.assertRegex(text, r"\n" + f"name: {file.stem}" + r"\ndescription: \S", file.name)
            plan = harness.run("plan", file, cwd=self.tmp)
            self.assertEqual((plan.code, plan.err), (0, ""), file.name)

    def test_io_1000(self):
        rows = self.gallery("io_1000")
        self.assert_ok(rows)
        rows = self.by_executor(rows)
        self.assertEqual(rows["sequential"]["checksum"], str(3 * 10**9))
        self.assertEqual(len(rows), 7)
        for executor in rows.keys() - {"sequential"}:
            row = rows[executor]
            self.assertEqual(row["checksum"], str(1000 * 10**9))
            self.assertGreaterEqual(number(row, "elapsed_s"), 1)
            self.assertGreater(number(row, "speedup"), 30 if is_sanitized() else 250, executor)

    def test_io_workers(self):
        rows = self.gallery("io_workers")
        self.assert_ok(rows)
        self.assertEqual(len(rows), 4 * 7)
        for row in rows:
            workers = int(row["workers"])
            # A quarter of what would be perfect; and each worker waits for its share of the tasks.
            self.assertGreater(number(row, "speedup"), min(workers, 32) / 4, row)
            self.assertGreater(number(row, "elapsed_s"), 64 / workers * 0.02)

    def test_cpu_workers(self):
        rows = self.gallery("cpu_workers")
        self.assert_ok(rows)
        self.assert_checksum(rows, 256 * 10**7)
        for row in rows:
            running, runnable = number(row, "running_s"), number(row, "runnable_s")
            # No further than the CPUs: the time on them is all there is, and the rest is waiting.
            self.assertLess(running, number(row, "elapsed_s") * NCPU * 1.1, row)
            if int(row["workers"]) > 2 * NCPU:
                self.assertGreater(runnable, running / 2, row)
            # Up to the CPUs, where nobody else used them.
            if int(row["workers"]) == NCPU > 1 and not any(other["noise"] for other in rows):
                self.assertGreater(number(row, "speedup"), 1 + (NCPU - 1) * 0.3, row)
        self.assertGreater(max(int(row["workers"]) for row in rows), 2 * NCPU)

    def test_primes(self):
        rows = self.gallery("primes")
        self.assert_ok(rows)
        self.assert_checksum(rows, 100003 + 100019 + 100043 + 100049 + 100057 + 100069)
        self.assertEqual({row["primes"] for row in rows}, {"6"})
        self.assertEqual(len(rows), 5)

    def test_sum_squares(self):
        rows = self.gallery("sum_squares")
        self.assert_ok(rows)
        n = 10**7
        self.assert_checksum(rows, 4 * ((n - 1) * n * (2 * n - 1) // 6) % 2**64)
        self.assertEqual(len(rows), 7)

    def test_race(self):
        rows = self.gallery("race")
        self.assert_ok(rows)
        self.assert_checksum(rows, 500_000)
        self.assertEqual(len(rows), 21)
        for row in rows:
            lost = int(row["lost_updates"])
            if row["sync"] == "none":
                self.assertTrue(0 < lost < 500_000, row)
            else:
                self.assertEqual(lost, 0, row)

    def test_uneven_waits(self):
        rows = self.gallery("uneven_waits")
        self.assert_ok(rows)
        self.assert_checksum(rows, 3 * 10**9)
        rows = self.by_executor(rows)
        self.assertGreaterEqual(number(rows.pop("sequential"), "elapsed_s"), 3)
        self.assertEqual(len(rows), 4)
        for executor, row in rows.items():
            self.assertGreaterEqual(number(row, "elapsed_s"), 2, executor)
            self.assertLess(number(row, "elapsed_s"), 2.9, executor)

    def test_crash_isolation(self):
        rows = self.gallery("crash_isolation", code=1)
        healthy = self.by_executor([row for row in rows if row["workload"] == "healthy"])
        crash = self.by_executor([row for row in rows if row["workload"] == "crash"])
        self.assert_ok(healthy.values())
        self.assertEqual(len(healthy), 4)
        for executor, row in crash.items():
            self.assertEqual(row["status"], "crashed", executor)
            self.assertIn("SIGSEGV", row["error"], executor)
        for executor in ("process", "process_pool"):
            row = crash[executor]
            self.assertEqual((row["tasks_lost"], row["tasks_ok"]), ("10", "990"), executor)
        for executor in ("thread", "thread_pool"):
            self.assertGreater(int(crash[executor]["tasks_lost"]), 500, executor)

    def test_gil(self):
        rows = self.gallery("gil")
        self.assert_ok(rows)
        self.assertEqual(len(rows), 12)
        quiet = not any(row["noise"] for row in rows)
        for row in rows:
            workers, locked = int(row["workers"]), row["executor"] == "thread_pool[gil]"
            if row["workload"] == "wait":
                self.assertGreater(number(row, "speedup"), workers * 0.7, row)
            elif locked:
                # One thread at a time is on a CPU, whoever else uses the machine.
                self.assertLess(number(row, "running_s"), number(row, "elapsed_s") * 1.1, row)
                if quiet:
                    self.assertLess(number(row, "speedup"), 1.1, row)
            elif workers == 2 and NCPU > 1 and quiet:
                self.assertGreater(number(row, "speedup"), 1.3, row)
            asked = locked and row["workload"] == "count" and workers > 1
            self.assertEqual(float(row["gil_handovers"] or 0) > 0, asked, row)
            self.assertEqual(bool(row["gil_wait_s"]), locked, row)

    def test_pool_flow(self):
        rows = self.gallery("pool_flow")
        self.assert_ok(rows)
        self.assert_checksum(rows, 5 * 10**9)
        self.assertEqual(len(rows), 2)
        for row in rows:
            self.assertTrue(2 <= number(row, "elapsed_s") < 2.9, row)
            self.assertLess(number(row, "wait_p50_s"), 0.5, row)
            self.assertGreater(number(row, "wait_p99_s"), 0.99, row)

    def test_fork_pipe(self):
        rows = self.gallery("fork_pipe")
        self.assert_ok(rows)
        elapsed = {(int(row["depth"]), int(row["message_size_bytes"])): number(row, "elapsed_s")
                   for row in rows}
        self.assertEqual(len(elapsed), 6)
        self.assertLess(elapsed[64, 64] * 3, elapsed[1, 64])
        for depth in (1, 64):
            self.assertLess(elapsed[depth, 64], elapsed[depth, 65536])

    def test_spawn_cost(self):
        rows = self.gallery("spawn_cost")
        self.assert_ok(rows)
        rows = self.by_executor(rows)
        fork, spawn = rows["process"], rows["process[start=spawn]"]
        factor = 1 if is_sanitized() else 1.5
        thread_s = number(rows["thread"], "wait_p50_s")
        self.assertLess(thread_s * factor, number(fork, "wait_p50_s"))
        self.assertLess(number(fork, "wait_p50_s") * factor, number(spawn, "wait_p50_s"))
        self.assertLess(number(rows["process_pool"], "startup_s"),
                        number(rows["process_pool[start=spawn]"], "startup_s"))

    def test_lifecycle(self):
        rows = self.gallery("lifecycle")
        self.assert_ok(rows)
        self.assertEqual(len(rows), 4)
        for row in rows:
            running, runnable, blocked = (
                number(row, column) for column in ("running_s", "runnable_s", "blocked_s"))
            life = running + runnable + blocked
            if row["workload"] == "wait":
                self.assertGreater(blocked, life * 0.8, row)
                continue
            self.assertLess(blocked, life * 0.2, row)
            if int(row["workers"]) == 4 * NCPU:
                self.assertGreater(runnable, running, row)
            elif not row["noise"]:
                self.assertGreater(running, life * 0.5, row)

    def test_threads_vs_processes(self):
        rows = self.gallery("threads_vs_processes")
        self.assert_ok(rows)
        checksums = {"nothing": 0, "wait": 32 * 50 * 10**6, "count": 32 * 20 * 10**6}
        cells = {(row["workload"], row["executor"]): row for row in rows}
        self.assertEqual(len(cells), 12)
        for (workload, executor), row in cells.items():
            self.assert_checksum([row], checksums[workload])
            if workload == "wait" and executor != "sequential":
                self.assertGreater(number(row, "speedup"), 2.5, row)
        locked = cells["count", "thread[gil]"]
        self.assertLess(number(locked, "running_s"), number(locked, "elapsed_s") * 1.1)
        thread, process = cells["nothing", "thread"], cells["nothing", "process"]
        if not thread["noise"] + process["noise"]:
            self.assertLess(number(thread, "wait_p50_s"), number(process, "wait_p50_s"))
        self.assertLess(number(thread, "faults_minor") * 2, number(process, "faults_minor"))


if __name__ == "__main__":
    unittest.main()
