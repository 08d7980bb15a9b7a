"""The experiments in scenarios/ give the answers that they announce.

Bounds are ratios within one session, wide enough for a busy machine: what is asserted is the
shape of the answer. Each file is run as it stands, but with one repetition.
"""

import os
import re
import shutil
import unittest

import harness

FOLDER = harness.SOURCE / "scenarios"
NCPU = len(os.sched_getaffinity(0))
# CPUs that are threads of one core give little more than one of them does.
SOME_GAIN = 1.05


def text_of(name):
    return (FOLDER / f"{name}.yaml").read_text(encoding="utf-8")


def number(row, column):
    return float(row[column])


def is_sanitized():
    return "sanitize" in harness.run("--version").out


class Gallery(harness.Case):
    def gallery(self, name, code=0, options=()):
        """The rows of its summary. A scenario's own files are in a folder of its name."""
        if (FOLDER / name).exists():
            shutil.copytree(FOLDER / name, self.tmp / name)
        text, count = re.subn(r"^repeat: \d+$", "repeat: 1", text_of(name), flags=re.MULTILINE)
        self.assertEqual(count, 1, f"{name}: no repeat")
        result = self.conrun(self.write(text, f"{name}.yaml"), *options, timeout=300)
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
                self.assertGreater(number(row, "speedup"), SOME_GAIN, row)
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

    def assert_gain(self, row):
        """Up to the CPUs, where nobody else used them."""
        waited = number(row, "runnable_s") > 0.2 * number(row, "running_s")
        if NCPU > 1 and not row["noise"] and not waited:
            self.assertGreater(number(row, "speedup"), SOME_GAIN, row)

    def need(self, workload, *part):
        """Skips the test where this machine lacks what the workload needs."""
        if harness.listed_workloads()[workload] & {("", ""), part}:
            self.skipTest(f"{workload} is unavailable: see conrun list")

    def test_matmul(self):
        self.need("matmul", "kernel", "blas")
        rows = self.gallery("matmul")
        self.assert_ok(rows)
        self.assertEqual(len(rows), 6)
        self.assertEqual(len({row["checksum"] for row in rows}), 1)
        first = rows[0]
        self.assertEqual((first["kernel"], first["executor"]), ("naive", "thread_pool"))
        for row in rows:
            self.assertEqual(row["operations"], str(32 * 2 * 256**3))
            times = number(row, "throughput_per_s") / number(first, "throughput_per_s")
            self.assertAlmostEqual(number(row, "times_first") / times, 1, 5)
            if row["kernel"] == "blas" and row["executor"] == "sequential" and NCPU <= 16:
                self.assertGreater(times, 1)
            if row["kernel"] != "blas" and row["executor"] == "thread_pool" and not is_sanitized():
                self.assert_gain(row)

    def test_hashing(self):
        self.need("hash")
        rows = self.gallery("hashing")
        self.assertEqual(len(rows), 6)
        self.assert_ok(rows)
        self.assert_checksum(rows, 0xa8da5c3b5b14cde2)
        for row in rows:
            self.assertEqual(row["hashed_bytes"], str(200 << 20))
            if row["gil"] == "true" and row["release_gil"] == "false":
                self.assertLess(number(row, "running_s"), number(row, "elapsed_s") * 1.1, row)
            elif row["executor"] != "sequential":
                self.assert_gain(row)

    def test_blur(self):
        rows = self.gallery("blur")
        self.assert_ok(rows)
        self.assert_checksum(rows, 655808944150710880)
        self.assertEqual(len(rows), 4)
        for row in rows:
            self.assertEqual(row["pixels"], str(64 * 512 * 512))
            if row["gil"] == "true":
                self.assertLess(number(row, "running_s"), number(row, "elapsed_s") * 1.1, row)
            elif row["executor"] != "sequential" and not is_sanitized():
                self.assert_gain(row)

    def test_fetch(self):
        self.need("fetch")
        rows = self.gallery("fetch")
        self.assertEqual(len(rows), 14)
        self.assert_ok(rows)
        self.assertEqual(len({row["checksum"] for row in rows if row["tasks"] == "750"}), 1)
        for row in rows:
            self.assertEqual(int(row["received_bytes"]), int(row["tasks"]) * 16384, row)
            self.assertLessEqual(int(row["connections"]), int(row["workers"]), row)
            if row["delay_s"] == "0.02":
                self.assertGreaterEqual(number(row, "task_p50_s"), 0.0199, row)
                if not is_sanitized():
                    self.assertGreater(number(row, "speedup"), 0.4 * int(row["workers"]), row)
            elif int(row["workers"]) == 30:
                self.assertLess(number(row, "speedup"), 15, row)

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
                self.assertGreater(number(row, "speedup"), SOME_GAIN, row)
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

    def test_pipe_depth(self):
        rows = self.gallery("pipe_depth")
        self.assert_ok(rows)
        elapsed = {(int(row["depth"]), int(row["message_size_bytes"])): number(row, "elapsed_s")
                   for row in rows}
        self.assertEqual(len(elapsed), 6)
        self.assertLess(elapsed[64, 64] * 3, elapsed[1, 64])
        for depth in (1, 64):
            self.assertLess(elapsed[depth, 64], elapsed[depth, 65536])

    def test_fork_pipe(self):
        rows = self.gallery("fork_pipe")
        self.assert_ok(rows)
        self.assertEqual(len(rows), 6)
        for row in rows:
            ways = {"one_way": 1, "ping_pong": 2}[row["mode"]]
            self.assert_checksum([row], ways * 20 * 1000 * int(row["message_size_bytes"]))

    def test_channels(self):
        rows = self.gallery("channels")
        self.assert_ok(rows)
        cells = {(row["kind"], row["mode"]): row for row in rows}
        self.assertEqual(len(cells), 12)
        for (kind, mode), row in cells.items():
            moved = 100 * 8000 if mode == "one_way" else 20 * 16000
            self.assert_checksum([row], moved)
            if kind != "shm" and mode == "ping_pong":
                # To wait for the other side is to sleep until it wakes this one.
                self.assertGreater(number(row, "ctx_voluntary"), 2000, row)

    def test_spawn_cost(self):
        rows = self.gallery("spawn_cost")
        self.assert_ok(rows)
        begin = {row["kind"]: number(row, "until_running_p50_s")
                 for row in rows if row["workload"] == "begin"}
        rows = self.by_executor([row for row in rows if row["workload"] == "nothing"])
        factor = 1 if is_sanitized() else 1.5
        self.assertLess(begin["thread"] * factor, begin["fork"])
        self.assertLess(begin["fork"] * factor, begin["posix_spawn"])
        self.assertLess(begin["fork"] * factor, begin["exec"])
        fork, spawn = rows["process"], rows["process[start=spawn]"]
        thread_s = number(rows["thread"], "wait_p50_s")
        self.assertLess(thread_s * factor, number(fork, "wait_p50_s"))
        self.assertLess(number(fork, "wait_p50_s") * factor, number(spawn, "wait_p50_s"))
        pools = rows["process_pool"], rows["process_pool[start=spawn]"]
        if not any(row["noise"] for row in pools):  # a start-up is a single figure, no median
            self.assertLess(*(number(row, "startup_s") for row in pools))

    def test_python(self):
        self.assertEqual(self.conrun(FOLDER / "python.yaml").code, 2)
        rows = self.gallery("python", options=["--allow-exec"])
        self.assert_ok(rows)
        cells = {(row["workload"], row["executor"]): row for row in rows}
        self.assertEqual(len(cells), 15)

        def figure(column, workload, executor="sequential"):
            return number(cells[workload, executor], column)
        for python, executor in (("threads", "thread_pool"), ("processes", "process_pool")):
            self.assertGreater(figure("elapsed_s", f"python_pool_{python}"),
                               figure("elapsed_s", "c_empty", executor))
            # Two workers count twice as far as one.
            self.assertGreater(figure("command_user_s", f"python_count_{python}"),
                               figure("command_user_s", "python_count") * 1.4)
        self.assertGreater(figure("command_user_s", "python_count"),
                           figure("cpu_user_s", "c_count") * 3)
        self.assertLess(figure("command_user_s", "python_count_threads"),
                        figure("elapsed_s", "python_count_threads") * 1.1)

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

    def test_async_connections(self):
        rows = self.gallery("async_connections")
        self.assert_ok(rows)
        self.assert_checksum(rows, 3000 * 2 * 64)
        rows = self.by_executor(rows)
        self.assertEqual(rows.keys(), {"thread", "thread_pool", "async"})
        for executor, row in rows.items():
            self.assertEqual(row["connections"], "3000")
            self.assertGreaterEqual(number(row, "elapsed_s"), 2, executor)
        if is_sanitized():
            return
        loop = rows["async"]
        for executor in ("thread", "thread_pool"):
            self.assertGreaterEqual(int(rows[executor]["open_at_once"]), 3000)
            self.assertLess(number(loop, "max_rss_bytes") * 3,
                            number(rows[executor], "max_rss_bytes"), executor)
            self.assertLess(number(loop, "cpu_user_s") + number(loop, "cpu_sys_s"),
                            number(rows[executor], "cpu_user_s") +
                            number(rows[executor], "cpu_sys_s"), executor)

    def test_cow(self):
        rows = self.gallery("cow")
        self.assert_ok(rows)
        self.assertEqual(len(rows), 18)
        page = os.sysconf("SC_PAGESIZE")
        for heap in (2 * 2**20, 32 * 2**20):
            ours = [row for row in rows if int(row["heap_bytes"]) == heap]
            self.assertEqual(len({row["checksum"] for row in ours}), 1)
            for row in ours:
                touched = 10 * int(heap / page * float(row["touch_share"]))
                self.assertEqual(int(row["pages_touched"]), touched, row)
                self.assertEqual(int(row["pages_copied"]), touched, row)
        # Sixteen times the page tables.
        fork_s = {row["heap_bytes"]: number(row, "fork_s") for row in rows
                  if row["executor"] == "sequential" and row["touch_share"] == "0"}
        self.assertGreater(fork_s[str(32 * 2**20)], fork_s[str(2 * 2**20)])

    def test_thread_local(self):
        rows = self.gallery("thread_local")
        self.assert_ok(rows)
        self.assert_checksum(rows, 8_000_000)
        cells = {(row["executor"], row["workers"], row["sync"]): row for row in rows}
        self.assertEqual(len(cells), 18)
        for (executor, workers, sync), row in cells.items():
            self.assertEqual(row["lost_updates"], "0", row)
            # CPU time, which others that use the machine do not add to.
            alone_s = number(cells[executor, workers, "thread_local"], "running_s")
            if sync != "thread_local" and not is_sanitized():
                self.assertGreater(number(row, "running_s"), 1.5 * alone_s, row)

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
