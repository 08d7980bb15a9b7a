"""Limits of the system are foreseen: the cell is skipped by name, the others run."""

import resource
import unittest

from harness import Case


def few_descriptors():
    resource.setrlimit(resource.RLIMIT_NOFILE, (200, 200))


class Limits(Case):
    def check_skipped(self, row, limit):
        self.assertEqual(row["status"], "skipped_limit")
        self.assertTrue(row["error"].startswith(limit + ": needs "), row["error"])
        self.assertIn("; use fewer workers", row["error"])
        self.assertEqual(row["elapsed_s"], "")

    def test_too_many_workers(self):
        result = self.run_scenario("""
workloads: { nothing: { type: noop } }
executors: [thread_pool, process_pool, pipe, async]
workers: [2, 1_000_000]
tasks: 10
repeat: 1
""", code=1)
        for rows in (self.summary(), self.runs()):
            for row in rows:
                if row["workers"] == "2" or row["type"] == "noop" and row["executor"] == "async":
                    self.assertEqual(row["status"], "ok", row["error"])
                else:
                    self.assertEqual(row["status"], "skipped_limit")
                    self.assertRegex(row["error"], r"^\S.*: needs \d+ .*; use fewer workers")
        self.assertIn("skipped_limit", result.out)

    def test_descriptors(self):
        self.run_scenario("""
workloads: { nothing: { type: noop } }
executors: [pipe, process_pool]
workers: 80
tasks: 100
repeat: 1
""", code=1, preexec_fn=few_descriptors)
        rows = {row["executor"]: row for row in self.summary()}
        self.check_skipped(rows["pipe"], "RLIMIT_NOFILE")
        self.assertEqual(rows["process_pool"]["status"], "ok")

    def test_memory(self):
        self.run_scenario("""
workloads: { nothing: { type: noop } }
executors:
  - { type: pipe, depth: 65536, message_size: [64B, 16MiB] }
workers: 2
tasks: 10
repeat: 1
""", code=1)
        rows = {row["message_size_bytes"]: row for row in self.summary()}
        self.check_skipped(rows["16777216"], "memory")
        self.assertEqual(rows["64"]["status"], "ok")


if __name__ == "__main__":
    unittest.main()
