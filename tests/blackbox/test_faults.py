"""Faults under every executor: the row says what happened, nothing more is lost than had to be,
nothing survives the run, and the next cell runs as if nothing had been.

Every cell of faults is followed by a healthy one under the same executor.
"""

import os
import signal
import time
import unittest
import uuid
from pathlib import Path

import harness

EXECUTORS = {
    "sequential": "sequential",
    "thread": "thread",
    "thread[gil]": "{ type: thread, gil: true }",
    "thread_pool": "thread_pool",
    "thread_pool[gil]": "{ type: thread_pool, gil: true }",
    "process": "process",
    "process[start=spawn]": "{ type: process, start: spawn }",
    "process_pool": "process_pool",
    "process_pool[start=spawn]": "{ type: process_pool, start: spawn }",
    "pipe": "pipe",
    "pipe[depth=8]": "{ type: pipe, depth: 8 }",
    "pipe[start=spawn]": "{ type: pipe, start: spawn }",
    "async": "async",
}
ONE_BY_ONE = ("sequential", "async")  # all tasks on the host's one thread
THREADS = tuple(name for name in EXECUTORS if name.startswith("thread"))
IN_FLIGHT = "pipe[depth=8]"  # a child dies with what was sent to it
TASKS = 100
EVERY = 10


def state_of(pid):
    """The fields of /proc/PID/stat behind the name: state, parent, group, session, ..."""
    return Path("/proc", str(pid), "stat").read_text().rsplit(")", 1)[1].split()


def processes(wanted):
    """The processes of which wanted(pid) holds; one that ends meanwhile is not there."""
    found = []
    for entry in os.listdir("/proc"):
        try:
            if entry.isdigit() and wanted(int(entry)):
                found.append(int(entry))
        except OSError:
            pass
    return found


class Case(harness.Case):
    def setUp(self):
        super().setUp()
        self.mark = f"CONRUN_TEST_{uuid.uuid4().hex}"
        self.scratch = self.tmp / "scratch"
        self.scratch.mkdir()
        self.env = {self.mark: "1", "TMPDIR": str(self.scratch)}

    def is_marked(self, pid):
        return self.mark.encode() in Path("/proc", str(pid), "environ").read_bytes()

    def assert_nothing_is_left(self, session=None):
        """Neither a living process of the run, nor a dead one that nobody reaped, nor a file."""
        self.assertEqual(processes(self.is_marked), [])
        if session:
            self.assertEqual(processes(lambda pid: int(state_of(pid)[3]) == session), [])
        self.assertEqual(list(self.scratch.iterdir()), [])


class Matrix(Case):
    def run_matrix(self, parameters, timeout, tasks, code):
        """The rows of the faults by executor, when all else has been checked."""
        cells = "\n".join(f"  - {{ workload: {workload}, executor: {executor} }}"
                          for executor in list(EXECUTORS.values())[1:]
                          for workload in ("fault", "healthy"))
        process = harness.start(self.write(f"""
workloads:
  fault: {{ type: fault, {parameters} }}
  healthy: {{ type: count, n: 1000 }}
executors: [sequential]
include:
{cells}
workers: 3
tasks: {tasks}
timeout: {timeout}
order: batch
repeat: 1
"""), cwd=self.tmp, env=self.env)
        out, err = process.communicate(timeout=120)
        self.assertEqual(process.returncode, code, err + out)
        self.assert_nothing_is_left(session=process.pid)
        return self.check_order(self.runs(), tasks)

    def check_order(self, rows, tasks):
        self.assertEqual([row["workload"] for row in rows], ["fault", "healthy"] * len(EXECUTORS))
        faults, healthy = rows[0::2], rows[1::2]
        for some in (faults, healthy):
            self.assertEqual([row["executor"] for row in some], list(EXECUTORS))
        for row in healthy:
            self.assertEqual(
                (row["status"], row["tasks_ok"], row["checksum"], row["error"]),
                ("ok", str(tasks), str(1000 * tasks), ""), row["executor"])
        for row in faults:
            done = [int(row[column]) for column in ("tasks_ok", "tasks_failed", "tasks_lost")]
            self.assertEqual(sum(done), tasks, row["executor"])
        return {row["executor"]: row for row in faults}

    def matrix(self, parameters, timeout="30s", tasks=TASKS, code=1):
        return self.run_matrix(f"{parameters}, every: {EVERY}", timeout, tasks, code)

    def check_crashes(self, parameters, how):
        """Every tenth of a hundred tasks ends its process."""
        for executor, row in self.matrix(parameters).items():
            lost, done = int(row["tasks_lost"]), int(row["tasks_ok"])
            self.assertEqual((row["status"], row["tasks_failed"], row["checksum"]),
                             ("crashed", "0", ""), executor)
            if executor in ONE_BY_ONE:
                self.assertEqual((lost, done), (91, 9), executor)
                self.assertEqual(row["error"], f"{how} with task 9 in flight", executor)
            elif executor in THREADS:
                # All three come to a faulty task before the fourth, however they take turns.
                self.assertGreater(lost, 60, executor)
                self.assertRegex(row["error"], rf"^{how} with tasks? .*\b[123]?9\b.* in flight$")
            elif executor == IN_FLIGHT:
                self.assertTrue(10 <= lost <= 80, f"{executor}: {lost} lost")
                self.assertRegex(
                    row["error"], rf"^worker \d (was )?{how} in task \d?9(, and \d more died)?$")
            else:
                self.assertEqual((lost, done), (10, 90), executor)
                self.assertRegex(
                    row["error"], rf"^worker \d (was )?{how} in task \d?9, and 9 more died$")

    def test_segv(self):
        self.check_crashes("kind: segv", "killed by SIGSEGV")

    def test_abort(self):
        self.check_crashes("kind: abort", "killed by SIGABRT")

    def test_exit(self):
        self.check_crashes("kind: exit, code: 3", "exited with code 3")

    def test_exit_that_looks_like_success(self):
        self.check_crashes("kind: exit, code: 0", "exited with code 0")

    def test_oom(self):
        self.check_crashes("kind: oom, size: 12MiB", "killed by SIGABRT")

    def test_error(self):
        for executor, row in self.matrix("kind: error").items():
            self.assertEqual(
                (row["status"], row["tasks_ok"], row["tasks_failed"], row["tasks_lost"]),
                ("failed", "90", "10", "0"), executor)
            self.assertRegex(row["error"], r"^task \d?9 failed on purpose", executor)

    def test_hang(self):
        for executor, row in self.matrix("kind: hang", timeout="1s", tasks=20).items():
            done = int(row["tasks_ok"])
            self.assertEqual((row["status"], row["tasks_failed"]), ("timeout", "0"), executor)
            # A busy machine may come to the timeout before the tasks do.
            self.assertRegex(
                row["error"], rf"^not done within 1s while (tasks ran|its workers were made|it was set up), "
                              rf"{done} of 20 tasks done$", executor)
            self.assertLessEqual(done, 9 if executor in ONE_BY_ONE else 18, executor)

    def test_orphan(self):
        for executor, row in self.matrix("kind: orphan", code=0).items():
            self.assertEqual((row["status"], row["tasks_ok"], row["checksum"], row["error"]),
                             ("ok", str(TASKS), str(TASKS), ""), executor)


def await_processes(count, wanted, seconds=30):
    """That many processes of which wanted(pid) holds; fails if there never are."""
    end = time.monotonic() + seconds
    while len(found := processes(wanted)) < count:
        if time.monotonic() > end:
            raise AssertionError(f"{len(found)} of {count} processes after {seconds} s")
        time.sleep(0.02)
    return found


class Orphan(Case):
    def test_it_has_left_the_run_and_is_ended_with_it(self):
        """Else the matrix would find that nothing survives where nothing ever lived."""
        process = harness.start(self.write("""
workloads: { fault: { type: fault, kind: orphan, every: 2_000_000 } }
executors: [process_pool]
tasks: 1_000_000_000_000
workers: 2
repeat: 1
timeout: 1m
"""), cwd=self.tmp, env=self.env)
        # Its parent, which left the session first, is of the run itself and gone a moment later.
        orphan = await_processes(
            1, lambda pid: self.is_marked(pid) and int(state_of(pid)[3]) != process.pid
            and int(state_of(pid)[1]) == process.pid)[0]
        self.assertNotEqual(int(state_of(orphan)[2]), process.pid)
        harness.interrupt(process)
        process.communicate(timeout=30)
        self.assertEqual(process.returncode, 130)
        self.assert_nothing_is_left(session=process.pid)


class Killed(Case):
    def check(self, workers):
        process = harness.start(self.write(f"""
workloads: {{ fault: {{ type: fault, kind: orphan, every: 50_000 }} }}
executors: [pipe]
tasks: 400_000
workers: {workers}
repeat: 1
timeout: 1m
"""), cwd=self.tmp, env=self.env)
        await_processes(
            1, lambda pid: self.is_marked(pid) and int(state_of(pid)[3]) != process.pid)
        host = processes(lambda pid: int(state_of(pid)[1]) == process.pid
                         and int(state_of(pid)[3]) == process.pid)[0]
        for worker in processes(lambda pid: int(state_of(pid)[1]) == host):
            os.kill(worker, signal.SIGKILL)
        process.communicate(timeout=90)
        row = self.summary()[0]
        self.assertEqual(row["status"], "crashed", row["error"])
        self.assertIn("SIGKILL", row["error"])
        self.assertEqual(int(row["tasks_ok"]) + int(row["tasks_lost"]), 400_000)
        self.assertLessEqual(int(row["tasks_lost"]), workers)

    def test_a_death_is_noticed_behind_an_orphan(self):
        """The orphan holds its maker's pipes open, so that they do not end with it."""
        for workers in (1, 2):
            self.check(workers)


def is_image(pid):
    return Path("/proc", str(pid), "cmdline").read_bytes().split(b"\0")[1:2] == [b"--worker"]


def descriptors_of(pid):
    return {int(fd) for fd in os.listdir(f"/proc/{pid}/fd")}


class Spawned(Case):
    """start: spawn: a fresh image, and what it costs."""

    def check_descriptors(self, executor, expected):
        """Both images of a run under way come to have these descriptors and no other."""
        process = harness.start(self.write(f"""
workloads: {{ wait: {{ type: sleep, duration: 30s }} }}
executors: [{{ type: {executor}, start: spawn }}]
workers: 2
tasks: 2
repeat: 1
timeout: 1m
"""), cwd=self.tmp, env=self.env)
        images = await_processes(2, lambda pid: self.is_marked(pid) and is_image(pid))
        # What they open to set themselves up they close again.
        end = time.monotonic() + 10
        while (found := [descriptors_of(pid) for pid in images]) != [expected] * 2:
            self.assertLess(time.monotonic(), end, f"{executor}: {found}")
            time.sleep(0.02)
        harness.interrupt(process)
        process.communicate(timeout=30)
        self.assertEqual(process.returncode, 130)
        self.assert_nothing_is_left(session=process.pid)

    def test_they_inherit_nothing_but_the_run(self):
        self.check_descriptors("process", {0, 1, 2, 3})
        self.check_descriptors("process_pool", {0, 1, 2, 3})

    def test_they_inherit_their_own_pipes_only(self):
        self.check_descriptors("pipe", {0, 1, 2, 3, 4, 5})

    def test_their_start_up_is_in_the_row(self):
        self.run_scenario("""
workloads: { nothing: { type: noop } }
executors:
  - { type: process, start: [fork, spawn] }
  - { type: process_pool, start: [fork, spawn] }
workers: 1
tasks: 50
repeat: 3
""", env=self.env)
        rows = {row["executor"]: row for row in self.summary()}
        for executor, column in (("process", "wait_p50_s"), ("process_pool", "startup_s")):
            fork, spawn = (float(rows[name][column])
                           for name in (executor, f"{executor}[start=spawn]"))
            self.assertGreater(spawn, fork, executor)


class Memory(Case):
    def test_all_workers_together_stay_below_the_size(self):
        self.run_scenario("""
workloads: { fault: { type: fault, kind: oom, size: [8MiB, 64MiB] } }
executors: [thread_pool]
workers: 4
tasks: 4
order: batch
repeat: 1
""", code=1, env=self.env)
        small, large = (int(row["max_rss_bytes"]) for row in self.runs())
        self.assertGreater(large - small, 14 * 2**20)
        # A sanitizer keeps accounts of its own of what was allocated.
        self.assertLess(large - small, (64 if harness.sanitized() else 57) * 2**20)
        self.assert_nothing_is_left()


if __name__ == "__main__":
    unittest.main()
