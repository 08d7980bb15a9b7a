"""Loads: tasks or a runtime, closed loops and open ones, from the scenario to the CSV."""

import json
import unittest

from harness import Case, header_of

EXECUTORS = ["sequential", "thread", "thread_pool", "process", "process_pool", "pipe", "async"]

ALL = f"executors: [{', '.join(EXECUTORS)}]\nrepeat: 1\n"
NAP = "workloads: {{ nap: {{ type: sleep, duration: {} }} }}\n"


def number(row, column):
    return float(row[column])


class Runtime(Case):
    def test_every_executor_takes_on_tasks_until_time_is_up(self):
        self.run_scenario(NAP.format("2ms") + ALL + "workers: 2\nruntime: 300ms\n")
        rows = self.summary()
        self.assertEqual([row["executor"] for row in rows], EXECUTORS)
        for row in rows:
            with self.subTest(row["executor"]):
                self.assertEqual((row["status"], row["tasks"], row["checksum"]), ("ok", "", ""))
                self.assertEqual((row["runtime_s"], row["rate_per_s"], row["arrival"],
                                  row["backlog"]), ("0.3", "", "", ""))
                self.assertGreater(number(row, "elapsed_s"), 0.25)
                self.assertLess(number(row, "elapsed_s"), 2)
                # 150 naps fit on each worker.
                self.assertTrue(10 < int(row["tasks_ok"]) <= 310, row["tasks_ok"])
                self.assertEqual((row["tasks_failed"], row["tasks_lost"]), ("0", "0"))
                self.assertAlmostEqual(
                    number(row, "throughput_per_s"),
                    int(row["tasks_ok"]) / number(row, "elapsed_s"), delta=1)

    def test_times_of_a_claim_that_the_end_cut_short(self):
        """Its tasks count, and so do their times."""
        self.run_scenario("""
workloads: { nap: { type: sleep, duration: 10ms } }
executors: [{ type: thread_pool, chunk: 1000 }]
workers: 2
runtime: 200ms
repeat: 1
""")
        row, = self.summary()
        self.assertGreaterEqual(float(row["task_p50_s"]), 0.0099)
        self.assertGreaterEqual(float(row["task_max_s"]), 0.01)
        self.assertGreater(float(row["wait_p99_s"]), 0.05)

    def test_a_list_means_try_each(self):
        self.run_scenario(NAP.format("1ms") + "executors: sequential\nruntime: [100ms, 400ms]\n")
        short, long = self.summary()
        self.assertEqual((short["runtime_s"], long["runtime_s"]), ("0.1", "0.4"))
        self.assertLess(int(short["tasks_ok"]), int(long["tasks_ok"]))

    def test_checksums_of_different_numbers_of_tasks_do_not_clash(self):
        self.run_scenario("workloads: { p: { type: primes } }\n"
                          "executors: [sequential, thread_pool]\nworkers: 2\nruntime: 100ms\n")
        self.assertEqual({row["status"] for row in self.summary()}, {"ok"})

    def test_screen(self):
        text = NAP.format("5ms") + "executors: [sequential, thread]\nworkers: 4\nruntime: 400ms\n"
        out = self.run_scenario(text, tty=True, width=200).out
        self.assertRegex(out, r"\] round 1/3 · nap · \w+( ×4)? · 0\.\d\ds of 400ms · \d+ tasks · ETA")
        self.assertRegex(out, r"runtime 400ms · ")
        self.assertRegex(out, r"fastest for nap: thread ×4 — [\d.]+ /s, [\d.]+ × sequential")

    def test_a_narrow_table_keeps_the_throughput(self):
        out = self.run_scenario(NAP.format("5ms") + "executors: [sequential, thread]\n"
                                "runtime: 100ms\nrepeat: 1\n", tty=True, width=40).out
        self.assertRegex(out, r"(?m)^executor.* throughput")


class Rate(Case):
    def test_tasks_arrive_under_every_executor(self):
        self.run_scenario(NAP.format("1ms") + ALL +
                          "workers: 8\ntasks: 100\nrate: 250/s\narrival: [constant, poisson]\n")
        rows = self.summary()
        self.assertEqual(len(rows), 2 * len(EXECUTORS))
        self.assertEqual(len({row["experiment"] for row in rows}), len(rows))
        self.assertEqual(len({row["checksum"] for row in rows}), 1)
        for row in rows:
            with self.subTest(executor=row["executor"], arrival=row["arrival"]):
                self.assertEqual((row["status"], row["tasks"], row["tasks_ok"]), ("ok", "100", "100"))
                self.assertEqual((row["runtime_s"], row["rate_per_s"]), ("", "250"))
                # The last of 100 arrives after 396 ms; at random, 400 ± 40 ms.
                self.assertGreater(number(row, "elapsed_s"), 0.39 if row["arrival"] == "constant"
                                   else 0.2)
                self.assertLess(number(row, "elapsed_s"), 4)
                self.assertGreaterEqual(int(row["backlog"]), 1)

    def test_the_seed_makes_the_arrivals(self):
        text = (NAP.format("0s") + "executors: [sequential, thread_pool]\nworkers: 2\ntasks: 50\n"
                "rate: 500/s\narrival: poisson\nrepeat: 3\n")
        lengths = []
        for seed in (1, 2):
            self.run_scenario(text + f"seed: {seed}\n")
            lengths.append([number(row, "elapsed_s") for row in self.runs()])
        # A busy machine can only make a run longer.
        first, second = map(min, lengths)
        self.assertGreater(abs(first - second), 0.001)
        for least, runs in zip((first, second), lengths):
            self.assertGreater(sum(run < least + 0.05 for run in runs), 1, runs)

    def test_a_runtime_says_how_many_arrive(self):
        self.run_scenario(NAP.format("1ms") + "executors: thread_pool\nworkers: 4\n"
                          "rate: [100/s, 400/s]\nruntime: 300ms\nrepeat: 1\n")
        self.assertEqual([(row["rate_per_s"], row["tasks"], row["runtime_s"], row["tasks_ok"])
                          for row in self.summary()],
                         [("100", "30", "0.3", "30"), ("400", "120", "0.3", "120")])

    def test_overload_shows_in_waits_and_backlog(self):
        """200 tasks a second for 0.4 s, of which one worker does half."""
        result = self.run_scenario(NAP.format("10ms") + ALL + "workers: [1, 10]\nrate: 200/s\n"
                                   "runtime: 400ms\nexclude: [{ executor: process, workers: 10 }]\n")
        for row in self.summary():
            with self.subTest(executor=row["executor"], workers=row["workers"]):
                self.assertEqual((row["status"], row["tasks_ok"]), ("ok", "80"))
                if row["workers"] == "1":
                    self.assertGreater(int(row["backlog"]), 30)
                    self.assertGreater(number(row, "elapsed_s"), 0.75)
                    self.assertGreater(number(row, "wait_p99_s"), 0.3)
                else:
                    self.assertLess(number(row, "elapsed_s"), 0.75)
                    self.assertLess(int(row["backlog"]), 35)
        for run in self.runs():
            self.assertRegex(run["backlog"], r"^\d+$")
        self.assertRegex(result.out, r"(?m)^executor .* wait p99 .* backlog")
        self.assertRegex(result.out, r"for nap at 200/s: ")
        self.assertNotRegex(result.out, r"(?m)^executor .* speedup")

    def test_a_loop_that_is_behind_does_not_spin(self):
        """Tasks are overdue all the time, and every place is asleep."""
        self.run_scenario("""
workloads: { nap: { type: sleep, duration: 20ms } }
executors: [async]
workers: 10
rate: 2000/s
runtime: 300ms
repeat: 1
""")
        row, = self.summary()
        cpu_s = float(row["cpu_user_s"]) + float(row["cpu_sys_s"])
        self.assertLess(cpu_s, 0.25 * float(row["elapsed_s"]))

    def test_the_shortest_wait_wins(self):
        out = self.run_scenario(NAP.format("10ms") + "executors: [sequential, thread_pool]\n"
                                "workers: 20\nrate: 150/s\ntasks: 60\narrival: poisson\n").out
        self.assertRegex(out, r"(?m)^shortest waits for nap at 150/s \(poisson\): thread_pool ×20 — "
                              r"wait p99 [\d.]+ [mµ]s; the next, sequential: wait p99 [\d.]+ ms$")
        self.assertRegex(out, r"rate 150/s · arrival poisson · tasks 60")


class Scenario(Case):
    def test_plan_lists_loads(self):
        path = self.write(NAP.format("1ms") + "executors: thread\nworkers: 2\nrepeat: 1\n"
                          "runtime: 2s\ninclude: { workload: nap, executor: pipe, rate: 5/s }\n")
        out = self.conrun("plan", path).out
        self.assertRegex(out, r"(?m)^experiment +workload +executor +workers +tasks +runtime +rate "
                              r"+arrival +runs +timeout$")
        self.assertRegex(out, r"(?m)^x\w+ +nap +thread +2 +2s +1 +1m$")
        self.assertRegex(out, r"(?m)^x\w+ +nap +pipe +2 +10 +2s +5/s +constant +1 +1m$")
        # Ten arrivals have nine gaps.
        self.assertIn("estimate: 3.8s from known times", out)

    def test_overrides_and_includes(self):
        self.run_scenario(NAP.format("1ms") + "executors: [sequential, thread]\nworkers: 2\n"
                          "tasks: 5\nrepeat: 1\n"
                          "overrides: [{ when: { executor: thread }, set: { runtime: 100ms } }]\n"
                          "include: { workload: nap, executor: pipe, rate: 100/s }\n")
        self.assertEqual([(row["executor"], row["tasks"], row["runtime_s"], row["rate_per_s"])
                          for row in self.summary()],
                         [("sequential", "5", "", ""), ("thread", "", "0.1", ""),
                          ("pipe", "5", "", "100")])

    def test_overrides_that_cannot_end_in_time(self):
        path = self.write(NAP.format("1ms") + "executors: thread\nworkers: 2\nruntime: 2s\n"
                          "overrides: [{ when: { workers: 2 }, set: { timeout: 1s } }]\n")
        result = self.conrun(path)
        self.assertEqual((result.code, result.out), (2, ""))
        self.assertIn("nap under thread with workers 2: a run takes 2s, but the timeout ends it "
                      "after 1s; write for instance timeout: 4s", result.err)

    def test_run_json_keeps_the_load(self):
        self.run_scenario(NAP.format("1ms") + "executors: sequential\nrate: [100/s, 200/s]\n"
                          "runtime: 50ms\nrepeat: 1\n")
        data = json.loads((self.folder() / "run.json").read_text(encoding="utf-8"))["scenario"]
        self.assertEqual((data["runtime"], data["rate"]), (["50ms"], ["100/s", "200/s"]))
        self.assertNotIn("tasks", data)


class ExecutorMetrics(Case):
    def test_are_columns_where_the_gil_is_on(self):
        self.run_scenario("workloads: { sum: { type: count, n: 100_000_000 } }\n"
                          "executors: [{ type: thread, gil: [false, true] }, sequential]\n"
                          "workers: 3\ntasks: 6\nrepeat: 1\n")
        header = header_of(self.folder() / "summary.csv")
        self.assertEqual(header[-2:], ["gil_handovers", "gil_wait_s"])
        rows = {row["executor"]: row for row in self.summary()}
        self.assertGreater(number(rows["thread[gil]"], "gil_handovers"), 0)
        self.assertGreater(number(rows["thread[gil]"], "gil_wait_s"), 0)
        for name in ("thread", "sequential"):
            self.assertEqual((rows[name]["gil_handovers"], rows[name]["gil_wait_s"]), ("", ""))
        self.assertTrue(any(run["gil_wait_s"] for run in self.runs()))

    def test_are_absent_elsewhere(self):
        self.run_scenario(NAP.format("1ms") + "executors: [thread, { type: thread_pool, chunk: 2 }]\n"
                          "tasks: 2\nrepeat: 1\n")
        for name in ("summary.csv", "runs.csv"):
            header = header_of(self.folder() / name)
            self.assertEqual([column for column in header if column.startswith("gil_")], [])

    def test_are_listed(self):
        out = self.conrun("list", "thread").out
        self.assertRegex(out, r"metrics, columns of their own, with gil:\n  gil_handovers +\S")


if __name__ == "__main__":
    unittest.main()
