"""What people see: the live line, plain lines, the table, the winner, and Ctrl-C."""

import os
import time
import unittest

from harness import Case, Terminal, children_of, interrupt, read_csv, screen_lines, start

NAPS = """
name: naps
description: Twenty naps, one after the other and side by side.
workloads: { nap: { type: sleep, duration: 10ms } }
executors: [sequential, thread, thread_pool]
workers: [1, 20]
tasks: 20
repeat: 2
baseline: { executor: sequential }
"""

HANG = """
name: hang
workloads: { stuck: { type: fault, kind: hang }, quick: { type: noop } }
executors: [process_pool, thread]
workers: 3
tasks: 3
order: batch
timeout: 60s
"""


class Screen(Case):
    def table(self, text):
        """The table's lines, from its titles to the blank line behind it."""
        lines = screen_lines(text)
        first = next(i for i, line in enumerate(lines) if line.startswith("executor"))
        return lines[first:lines.index("", first)]

    def test_live_line_on_a_terminal(self):
        result = self.run_scenario(NAPS, tty=True, width=200)
        self.assertRegex(result.out, r"\r\[\d+/10\] round 1/2 · nap · \w+( ×\d+)? · \d+/20 tasks · ")
        self.assertIn("ETA", result.out)
        self.assertNotIn("ETA", "\n".join(screen_lines(result.out)))

    def test_live_line_is_cut_to_the_width(self):
        result = self.run_scenario(NAPS, tty=True, width=40)
        pieces = [piece.split("\x1b[K")[0] for piece in result.out.split("\r") if piece[:1] == "["]
        self.assertTrue(pieces)
        for piece in pieces:
            self.assertLessEqual(len(piece), 39)

    def test_plain_lines_elsewhere(self):
        result = self.run_scenario(NAPS)
        self.assertNotIn("\r", result.err)
        self.assertNotIn("\x1b", result.err + result.out)
        lines = result.err.splitlines()
        self.assertRegex(lines[0], r"^\[1/10\] round 1/2 · nap · .* · ok · ")
        self.assertRegex(lines[-1], r"^\[10/10\] round 2/2 · nap · ")

    def test_many_quick_runs_are_few_lines(self):
        result = self.run_scenario("""
workloads: { none: { type: noop } }
executors: [sequential]
tasks: 1
repeat: 100
""")
        lines = result.err.splitlines()
        self.assertTrue(2 <= len(lines) <= 20, result.err)
        self.assertIn("[100/100]", lines[-1])

    def test_constant_columns_stand_above_the_table(self):
        out = self.run_scenario(NAPS).out
        self.assertRegex(out, r"(?m)^workload nap · tasks 20 · runs 2 · (noise: \w+ · )?all ok · speedup over sequential · CPUs \d+$")
        table = self.table(out)
        self.assertRegex(table[0], r"^executor +workers +time +speedup +throughput ")
        for name in ("workload", "tasks ", "runs", "status"):
            self.assertNotIn(name, table[0])
        self.assertEqual(len(table), 6)

    def test_narrow_tables_fit(self):
        for width in (60, 80, 120):
            out = self.run_scenario(NAPS, tty=True, width=width).out
            table = self.table(out)
            self.assertTrue(all(len(line) <= width for line in table), table)
            self.assertRegex(table[0], r"^executor +workers +time +speedup")

    def test_says_what_won(self):
        out = self.run_scenario("""
workloads: { nap: { type: sleep, duration: 20ms } }
executors: [sequential, thread]
workers: [1, 20]
tasks: 20
exclude: [ { executor: thread, workers: 1 } ]
baseline: { executor: sequential }
""").out
        self.assertRegex(out, r"(?m)^fastest for nap: thread ×20 — [\d.]+ ms, [\d.]+ × sequential")

    def test_says_when_nothing_won(self):
        out = self.run_scenario("""
workloads: { nap: { type: sleep, duration: 300ms } }
executors: [thread, thread_pool]
workers: 2
tasks: 2
""").out
        self.assertRegex(out, r"(?m)^no clear winner for nap: \w+ ×2 and \w+ ×2 "
                              r"(within 3 %|cannot be told apart) — at best 3")

    def test_colour_only_where_it_is_wanted(self):
        bad = "workloads: { bad: { type: fault, kind: error } }\nexecutors: [thread]\ntasks: 1\n"
        red = "\x1b[31m"
        self.assertIn(red, self.run_scenario(bad, tty=True, code=1).out)
        self.assertNotIn(red, self.run_scenario(bad, tty=True, code=1, env={"NO_COLOR": "1"}).out)
        self.assertIn(red, self.run_scenario(bad, tty=True, code=1, env={"NO_COLOR": ""}).out)
        dumb = self.run_scenario(bad, tty=True, code=1, env={"TERM": "dumb"}).out
        self.assertNotIn("\x1b", dumb)
        self.assertNotIn("\x1b", self.run_scenario(bad, code=1).out)

    def test_problems_stand_below_the_table(self):
        out = self.run_scenario("""
workloads: { bad: { type: fault, kind: segv } }
executors: [thread, sequential]
workers: 1
tasks: 1
""", code=1).out
        self.assertRegex(out, r"(?m)^crashed: bad · thread ×1: .*SIGSEGV")

    def test_names_the_files(self):
        out = self.run_scenario(NAPS).out
        self.assertRegex(out, r"(?m)^results: results/naps\.csv \(this session: results/naps/\S+\)$")


class Interrupt(Case):
    def assert_kept(self, code):
        self.assertEqual(code, 130)
        rows = {row["workload"]: row for row in self.summary("hang") if row["executor"] != "thread"}
        self.assertEqual(rows["stuck"]["status"], "interrupted")
        latest = read_csv(self.tmp / "results/hang.csv")
        self.assertEqual(len(latest), 4)
        self.assertTrue((self.folder("hang") / "run.json").exists())

    def wait_for_workers(self, pid):
        end = time.monotonic() + 20
        while len(children_of(pid)) < 4:
            self.assertLess(time.monotonic(), end, "no workers appeared")
            time.sleep(0.02)
        return children_of(pid)

    def assert_gone(self, workers):
        left = [pid for pid in workers if os.path.exists(f"/proc/{pid}")]
        self.assertEqual(left, [])

    def test_ctrl_c_on_a_terminal(self):
        with Terminal(self.write(HANG), cwd=self.tmp) as terminal:
            workers = self.wait_for_workers(terminal.process.pid)
            terminal.press(b"\x03")
            code = terminal.wait(20)
        self.assert_kept(code)
        self.assert_gone(workers)
        self.assertIn("interrupted", terminal.output)

    def test_signal(self):
        process = start(self.write(HANG), cwd=self.tmp)
        workers = self.wait_for_workers(process.pid)
        interrupt(process)
        process.communicate(timeout=20)
        self.assert_kept(process.returncode)
        self.assert_gone(workers)

    def test_finished_runs_are_kept(self):
        text = HANG.replace(
            "workloads: { stuck: { type: fault, kind: hang }, quick: { type: noop } }",
            "workloads: { quick: { type: noop }, stuck: { type: fault, kind: hang } }")
        process = start(self.write(text), cwd=self.tmp)
        self.wait_for_workers(process.pid)
        time.sleep(0.5)
        interrupt(process)
        process.communicate(timeout=20)
        self.assertEqual(process.returncode, 130)
        quick = [row for row in self.runs("hang") if row["workload"] == "quick"]
        self.assertEqual([row["status"] for row in quick], ["ok"] * 6)
        statuses = [row["status"] for row in self.summary("hang") if row["workload"] == "quick"]
        self.assertEqual(statuses, ["ok", "ok"])


if __name__ == "__main__":
    unittest.main()
