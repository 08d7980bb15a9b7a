"""Channels and queues under every executor: what is sent arrives, and when the other side is gone
nobody waits for it, nor does it outlive the run."""

import os
import signal
import time
import unittest
import uuid
from collections import defaultdict
from pathlib import Path

import harness
from harness import EXECUTOR_CELLS

ONE_OF_EACH = "[sequential, thread, thread_pool, process, process_pool, pipe, async]"
STREAMS = ("pipe", "socketpair", "unix", "tcp", "shm")
KINDS = STREAMS + ("eventfd",)
WAYS = {"one_way": 1, "ping_pong": 2}


def listed(names):
    return "[" + ", ".join(names) + "]"


def stat_of(pid):
    """The fields of /proc/PID/stat behind the name: state, parent, ..."""
    return Path("/proc", str(pid), "stat").read_text().rsplit(")", 1)[1].split()


class Case(harness.Case):
    def setUp(self):
        super().setUp()
        self.mark = f"CONRUN_TEST_{uuid.uuid4().hex}"

    def marked(self):
        """The processes of this test's program."""
        found = []
        for entry in os.listdir("/proc"):
            try:
                if entry.isdigit() and self.mark.encode() in Path(
                        "/proc", entry, "environ").read_bytes():
                    found.append(int(entry))
            except OSError:
                pass
        return found

    def leaves(self):
        """Those of them that have no child: where there are partners, the partners."""
        parents, found = set(), self.marked()
        for pid in found:
            try:
                parents.add(int(stat_of(pid)[1]))
            except OSError:
                pass
        return [pid for pid in found if pid not in parents]

    def await_leaves(self, process, count):
        """The partners, when there are so many and they have been at work for a moment."""
        end = time.monotonic() + 40
        while process.poll() is None and time.monotonic() < end:
            found = self.leaves()
            time.sleep(0.2)
            # Before it has a host the program itself is one.
            if len(found) == count and process.pid not in found and self.leaves() == found:
                return found
        process.kill()
        raise AssertionError(f"not {count} partners: {process.communicate()}")

    def scenario(self, workload, executors, more=""):
        return self.write(f"workloads:\n  it: {{ {workload} }}\nexecutors: {executors}\n"
                          f"repeat: 1\n{more}")

    def start(self, workload, executor, more):
        process = harness.start(self.scenario(workload, f"[{executor}]", more), cwd=self.tmp,
                                env={self.mark: "1"}, start_new_session=False)
        self.addCleanup(process.kill)
        self.addCleanup(process.stdout.close)
        self.addCleanup(process.stderr.close)
        return process

    def end(self, process, code):
        out, err = process.communicate(timeout=60)
        self.assertEqual(process.returncode, code, err + out)
        self.assertEqual(self.marked(), [])


class Bytes(Case):
    def check(self, workload, tasks, bytes_of):
        self.assertEqual(
            self.conrun(self.scenario(workload, harness.EXECUTORS, f"workers: 3\ntasks: {tasks}\n"),
                        timeout=300).code, 0)
        seen = defaultdict(int)
        for row in self.runs():
            self.assertEqual((row["status"], row["error"]), ("ok", ""), row)
            self.assertEqual(int(row["checksum"]), tasks * bytes_of(row), row)
            seen[row["kind"], row["mode"]] += 1
        return seen

    def test_every_kind_mode_and_executor(self):
        seen = self.check(f"type: channel, kind: {listed(KINDS)}, mode: {listed(WAYS)}, "
                          "messages: 20", 9, lambda row: WAYS[row["mode"]] * 20 * 8)
        self.assertEqual(seen, {(kind, mode): EXECUTOR_CELLS for kind in KINDS for mode in WAYS})

    def test_one_byte_and_a_mebibyte(self):
        seen = self.check(
            f"type: channel, kind: {listed(STREAMS)}, mode: {listed(WAYS)}, messages: 2, "
            "message_size: [1B, 1MiB]", 4,
            lambda row: WAYS[row["mode"]] * 2 * int(row["message_size_bytes"]))
        cells = 2 * EXECUTOR_CELLS
        self.assertEqual(seen, {(kind, mode): cells for kind in STREAMS for mode in WAYS})

    def test_partners_that_are_threads(self):
        self.check(f"type: channel, kind: {listed(KINDS)}, mode: {listed(WAYS)}, "
                   "messages: 20, peer: thread", 9, lambda row: WAYS[row["mode"]] * 20 * 8)

    def test_an_eventfd_has_eight_bytes(self):
        result = self.conrun("plan", self.scenario(
            "type: channel, kind: [pipe, eventfd], message_size: [8B, 16B]", "[sequential]"))
        self.assertEqual(result.code, 2)
        self.assertIn("an eventfd moves values of 8 bytes", result.err)


class Queues(Case):
    def test_every_sync_and_executor(self):
        workload = ("type: queue, sync: [mutex_cond, semaphore, lock_free], capacity: [1, 100], "
                    "consumers: [1, 3], peer: [process, thread], items: 40")
        result = self.conrun(self.scenario(workload, harness.EXECUTORS, "workers: 3\ntasks: 9\n"),
                             timeout=300)
        self.assertEqual(result.code, 0, result.err + result.out)
        rows = self.runs()
        self.assertEqual(len(rows), 24 * EXECUTOR_CELLS)
        self.assertEqual({(row["status"], row["error"]) for row in rows}, {("ok", "")})
        self.assertEqual(len({row["checksum"] for row in rows}), 1)

    def test_a_killed_consumer_fails_its_tasks(self):
        for executor in ("thread_pool", "process_pool", "process"):
            for sync in ("semaphore", "lock_free", "mutex_cond"):
                # It counts for days on its first item, so it holds nothing when it dies.
                process = self.start(
                    f"type: queue, sync: {sync}, capacity: 2, work: 1_000_000_000, items: 5",
                    executor, "workers: 1\ntasks: 2\ntimeout: 50s\n")
                consumer = self.await_consumer(process)
                os.kill(consumer, signal.SIGKILL)
                self.end(process, 1)
                [row] = self.runs()
                self.assertEqual((row["status"], row["tasks_failed"]), ("failed", "2"), row)
                self.assertRegex(row["error"], "a consumer has ended")

    def await_consumer(self, process):
        """Of the host's children, it is the one that counts; while they are still being made the
        program and the host are busy, too."""
        end = time.monotonic() + 20
        while time.monotonic() < end:
            for pid in self.leaves():
                try:
                    if process.pid in (pid, int(stat_of(pid)[1])):
                        continue
                    before = int(stat_of(pid)[11])
                    time.sleep(0.2)
                    if int(stat_of(pid)[11]) >= before + 2:
                        return pid
                except OSError:
                    pass
        raise AssertionError("no consumer")

    def test_timeout(self):
        for executor in ("sequential", "thread_pool", "process_pool", "async"):
            self.end(self.start("type: queue, items: 1_000_000_000, consumers: 3", executor,
                                "workers: 2\ntasks: 4\ntimeout: 500ms\n"), 1)
            self.assertEqual(self.runs()[0]["status"], "timeout", executor)


class Ends(Case):
    def test_timeout_in_a_task_leaves_nothing_behind(self):
        for kind in KINDS:
            for peer in ("process", "thread"):
                process = harness.start(self.scenario(
                    f"type: channel, kind: {kind}, messages: 1_000_000_000, peer: {peer}",
                    ONE_OF_EACH, "workers: 2\ntasks: 2\ntimeout: 300ms\n"), cwd=self.tmp,
                    env={self.mark: "1"}, start_new_session=False)
                self.end(process, 1)
                self.assertEqual({row["status"] for row in self.runs()}, {"timeout"}, kind)
                self.assertEqual(len(self.runs()), 7)

    def test_ctrl_c_leaves_nothing_behind(self):
        for kind in KINDS:
            process = self.start(f"type: channel, kind: {kind}, messages: 1_000_000_000",
                                 "process_pool", "workers: 3\ntasks: 3\n")
            self.await_leaves(process, 3)
            harness.interrupt(process)
            self.end(process, 130)

    def test_a_killed_partner_fails_its_tasks(self):
        for executor in ("sequential", "thread_pool", "process_pool"):
            for kind in KINDS:
                process = self.start(
                    f"type: channel, kind: {kind}, messages: 1_000_000_000", executor,
                    "workers: 1\ntasks: 3\ntimeout: 50s\n")
                [partner] = self.await_leaves(process, 1)
                os.kill(partner, signal.SIGKILL)
                self.end(process, 1)
                [row] = self.runs()
                self.assertEqual((row["status"], row["tasks_failed"]), ("failed", "3"), row)
                self.assertRegex(row["error"],
                                 r"^cannot (send|receive the reply to) message \d+ of 1000000000: "
                                 "the partner has ended")

    def test_a_killed_worker_takes_its_partner_along(self):
        """The pool fills its place, and the new worker has a partner of its own."""
        for kind in KINDS:
            process = self.start(f"type: channel, kind: {kind}, messages: 1_000_000_000",
                                 "process_pool", "workers: 1\ntasks: 2\ntimeout: 50s\n")
            for _ in range(2):
                [partner] = self.await_leaves(process, 1)
                os.kill(int(stat_of(partner)[1]), signal.SIGKILL)
                end = time.monotonic() + 20
                while partner in self.marked() and time.monotonic() < end:
                    time.sleep(0.02)
                self.assertNotIn(partner, self.marked())
            self.end(process, 1)
            [row] = self.runs()
            self.assertEqual((row["status"], row["tasks_lost"]), ("crashed", "2"), row)
            self.assertIn("SIGKILL", row["error"])


if __name__ == "__main__":
    unittest.main()
