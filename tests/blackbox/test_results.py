"""The files that a session leaves: what is in them, and that other programs can read them."""

import json
import re
import unittest

from harness import SOURCE, Case, header_of

SMALL = """
description: "Two workloads: a wait and nothing"
workloads:
  wait: { type: sleep, duration: [1ms, 2ms] }
  none: { type: noop }
executors: [sequential, thread, { type: thread_pool, chunk: [1, 4] }, process_pool]
workers: [1, 2]
tasks: 4
repeat: 2
warmup: 1
baseline: { executor: sequential }
"""

FIRST = "scenario,experiment,workload,type,executor,workers,tasks".split(",")
SUMMARY = (
    "status,error,runs,elapsed_s,elapsed_ci_low_s,elapsed_ci_high_s,elapsed_min_s,elapsed_max_s,"
    "startup_s,teardown_s,throughput_per_s,speedup,efficiency,task_p50_s,task_p90_s,task_p99_s,"
    "task_max_s,wait_p50_s,wait_p99_s,cpu_user_s,cpu_sys_s,running_s,runnable_s,blocked_s,"
    "ctx_voluntary,ctx_involuntary,faults_minor,faults_major,max_rss_bytes,tasks_ok,tasks_failed,"
    "checksum,noise").split(",")

NUMBER = re.compile(r"-?(0|[1-9][0-9]*)(\.[0-9]{1,9})?")
WORDS = {"scenario", "experiment", "workload", "type", "executor", "status", "error", "noise",
         "started_utc", "trend", "stop_reason", "governor"}


class Results(Case):
    def test_columns_and_rows(self):
        self.run_scenario(SMALL)
        header = header_of(self.folder() / "summary.csv")
        swept = header[len(FIRST):header.index("status")]
        self.assertEqual(header[:len(FIRST)], FIRST)
        self.assertEqual(sorted(swept), ["chunk", "duration_s"])
        self.assertEqual(header[len(FIRST) + 2:][:len(SUMMARY)], SUMMARY)

        summary, runs = self.summary(), self.runs()
        # 3 workload variants; sequential once, the others with 1 and 2 workers.
        self.assertEqual(len(summary), 3 * (1 + 2 + 2 * 2 + 2))
        self.assertEqual(len(runs), 2 * len(summary))
        self.assertEqual({row["status"] for row in summary + runs}, {"ok"})
        self.assertEqual({row["runs"] for row in summary}, {"2"})
        self.assertEqual({row["round"] for row in runs}, {"1", "2"})
        self.assertEqual({row["duration_s"] for row in summary if row["workload"] == "wait"},
                         {"0.001", "0.002"})
        self.assertEqual({row["duration_s"] for row in summary if row["workload"] == "none"}, {""})
        ids = [row["experiment"] for row in summary]
        self.assertEqual(len(set(ids)), len(ids))
        self.assertEqual(set(ids), {row["experiment"] for row in runs})

    def test_same_names_mean_the_same(self):
        self.run_scenario(SMALL)
        runs_header = header_of(self.folder() / "runs.csv")
        of_runs_only = {"round", "started_utc"}
        shared = [name for name in header_of(self.folder() / "summary.csv") if name in runs_header]
        self.assertEqual([name for name in runs_header if name not in of_runs_only], shared)

    def test_figures_fit_together(self):
        self.run_scenario(SMALL)
        for row in self.summary():
            if row["type"] != "sleep":
                continue
            nap, tasks = float(row["duration_s"]), int(row["tasks"])
            lanes = 1 if row["executor"] == "sequential" else int(row["workers"])
            self.assertGreaterEqual(float(row["elapsed_s"]), nap * tasks / lanes * 0.99, row)
            self.assertGreaterEqual(float(row["task_p50_s"]), nap * 0.99)
            self.assertLessEqual(float(row["elapsed_min_s"]), float(row["elapsed_s"]))
            self.assertLessEqual(float(row["elapsed_s"]), float(row["elapsed_max_s"]))
            self.assertEqual(row["tasks_ok"], row["tasks"])
            self.assertEqual((row["tasks_failed"], row["tasks_lost"]), ("0", "0"))
            if row["executor"] == "sequential":
                self.assertEqual(float(row["speedup"]), 1)

    def test_numbers_are_numbers_in_every_locale(self):
        for locale in ({}, {"LC_ALL": "de_DE.UTF-8", "LANG": "de_DE.UTF-8"}):
            self.run_scenario(SMALL, env=locale)
            for row in self.summary() + self.runs():
                for name, value in row.items():
                    if value and name not in WORDS:
                        self.assertRegex(value, rf"^{NUMBER.pattern}$", name)

    def test_is_rfc_4180(self):
        self.run_scenario(SMALL)
        for name in ("summary.csv", "runs.csv"):
            data = (self.folder() / name).read_bytes()
            self.assertTrue(data.startswith(b"scenario,experiment,"))
            self.assertTrue(data.endswith(b"\r\n"))
            self.assertEqual(data.count(b"\n"), data.count(b"\r\n"))
            data.decode("utf-8")

    def test_latest_is_the_newest_summary(self):
        for _ in range(2):
            self.run_scenario(SMALL)
            self.assertEqual((self.tmp / "results/it.csv").read_bytes(),
                             (self.folder() / "summary.csv").read_bytes())
        self.assertEqual(len(list((self.tmp / "results/it").iterdir())), 2)
        left = sorted(path.name for path in self.folder().iterdir())
        self.assertEqual(left, ["journal.jsonl", "report.html", "run.json", "runs.csv", "summary.csv"])

    def test_metrics_are_columns_where_a_workload_has_them(self):
        self.run_scenario("""
workloads: { p: { type: primes }, n: { type: noop } }
executors: [sequential]
tasks: 100
""")
        rows = {row["workload"]: row for row in self.summary()}
        self.assertEqual((rows["p"]["primes"], rows["n"]["primes"]), ("6", ""))
        self.assertEqual({row["primes"] for row in self.runs()}, {"6", ""})
        # Behind all columns that every scenario has.
        self.assertEqual(header_of(self.folder() / "summary.csv")[-1], "primes")

    def test_failures_have_words(self):
        self.run_scenario("""
workloads: { bad: { type: fault, kind: [error, segv] } }
executors: [thread]
tasks: 3
""", code=1)
        rows = self.summary()
        self.assertEqual({row["status"] for row in rows}, {"failed", "crashed"})
        for row in rows:
            self.assertTrue(row["error"])
        crashed = next(row for row in rows if row["status"] == "crashed")
        self.assertIn("SIGSEGV", crashed["error"])
        self.assertEqual(crashed["elapsed_s"], "")


class RunJson(Case):
    def test_says_all_that_repeats_it(self):
        self.run_scenario(SMALL)
        data = json.loads((self.folder() / "run.json").read_text(encoding="utf-8"))
        self.assertEqual(data["arguments"][1], str(self.tmp / "it.yaml"))
        self.assertEqual(data["scenario"]["text"], SMALL)
        self.assertEqual(data["scenario"]["workloads"][0]["params"]["duration"], ["1ms", "2ms"])
        self.assertIsInstance(data["scenario"]["seed"], int)
        self.assertEqual(data["plan"]["runs"], 3 * 9 * 3)
        self.assertEqual(data["outcome"]["experiments"]["ok"], 27)
        self.assertFalse(data["outcome"]["interrupted"])
        self.assertIn(data["clock"]["source"], ("tsc", "monotonic"))
        self.assertGreater(data["clock"]["cost_ns"], 0)
        for part in ("conrun", "libyaml", "lua", "jansson", "compiler", "build"):
            self.assertTrue(data["versions"][part], part)
        self.assertGreater(data["machine"]["cpus_usable"], 0)
        self.assertIn("open_files", data["machine"]["limits"])
        stamp = r"^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$"
        self.assertRegex(data["started_utc"], stamp)
        self.assertRegex(data["outcome"]["ended_utc"], stamp)


class Dictionary(Case):
    def test_readme_is_current(self):
        printed = self.conrun("list", "columns")
        kept = (SOURCE / "results/README.md").read_text(encoding="utf-8")
        self.assertEqual(printed.out, kept, "conrun list columns > results/README.md")

    def test_every_column_is_explained(self):
        self.run_scenario(SMALL)
        kept = (SOURCE / "results/README.md").read_text(encoding="utf-8")
        explained = set(re.findall(r"^\| `([a-z0-9_]+)` \|", kept, re.MULTILINE))
        for name in ("summary.csv", "runs.csv"):
            self.assertLessEqual(set(header_of(self.folder() / name)), explained)


if __name__ == "__main__":
    unittest.main()
