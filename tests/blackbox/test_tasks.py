"""tasks.csv, trace.json and the text timeline: each task once, where and when it ran."""

import csv
import json
import signal
import time
import unittest
from collections import Counter, defaultdict

from harness import Case, header_of, interrupt, read_csv, sanitized, start
from test_disk import limit_files

COLUMNS = ("experiment,round,task,worker,submitted_s,started_s,finished_s,value,status").split(",")
EXECUTORS = """
  - sequential
  - { type: thread, gil: [false, true] }
  - { type: thread_pool, gil: [false, true] }
  - { type: process, start: [fork, spawn] }
  - { type: process_pool, start: [fork, spawn] }
  - { type: pipe, depth: [1, 4] }
  - async
"""
CELLS = 12
# Stamps of two CPUs may differ by a hair.
HAIR_S = 2e-6


def seconds(field):
    return float(field) if field else None


class TaskCase(Case):
    def tasks_by_run(self, scenario="it"):
        """The rows of tasks.csv by (experiment, round), those of a run together."""
        rows, order = defaultdict(list), []
        for row in read_csv(self.folder(scenario) / "tasks.csv"):
            key = row["experiment"], row["round"]
            if not order or order[-1] != key:
                order.append(key)
            rows[key].append(row)
        self.assertEqual(len(order), len(set(order)), "the rows of a run do not stand together")
        return rows

    def each_run(self, scenario="it"):
        """(row of runs.csv, its rows of tasks.csv) of every run."""
        tasks = self.tasks_by_run(scenario)
        runs = self.runs(scenario)
        self.assertLessEqual(set(tasks), {(run["experiment"], run["round"]) for run in runs})
        for run in runs:
            yield run, tasks[run["experiment"], run["round"]]

    def check_lanes(self, rows):
        """No worker runs two tasks at once."""
        lanes = defaultdict(list)
        for row in rows:
            if row["finished_s"]:
                lanes[row["worker"]].append((seconds(row["started_s"]), seconds(row["finished_s"])))
        for spans in lanes.values():
            spans.sort()
            for (_, ended), (began, _) in zip(spans, spans[1:]):
                self.assertLessEqual(ended, began + HAIR_S)

    def check_whole_rows(self, scenario="it"):
        path = self.folder(scenario) / "tasks.csv"
        data = path.read_bytes()
        self.assertTrue(data.endswith(b"\r\n"))
        self.assertEqual(data.count(b"\n"), data.count(b"\r\n"))
        for row in read_csv(self.folder(scenario) / "tasks.csv"):
            self.assertIn(row["status"], ("ok", "failed", "lost"))


class EveryTask(TaskCase):
    def test_once_under_every_executor(self):
        self.run_scenario(f"""
workloads: {{ p: {{ type: primes }} }}
executors: {EXECUTORS}
workers: 3
tasks: 100
repeat: 2
warmup: 1
output: {{ tasks: true }}
""")
        self.assertEqual(header_of(self.folder() / "tasks.csv"), COLUMNS)
        runs = list(self.each_run())
        self.assertEqual(len(runs), 2 * CELLS)
        for run, rows in runs:
            with self.subTest(executor=run["executor"], round=run["round"]):
                self.assertEqual([int(row["task"]) for row in rows], list(range(100)))
                self.assertEqual({row["status"] for row in rows}, {"ok"})
                self.assertEqual(sum(int(row["value"]) for row in rows), int(run["checksum"]))
                self.assertLess(max(int(row["worker"]) for row in rows), int(run["workers"]))
                for row in rows:
                    stamps = [seconds(row[name])
                              for name in ("submitted_s", "started_s", "finished_s")]
                    self.assertEqual(stamps, sorted(stamps))
                    self.assertLessEqual(stamps[-1], float(run["elapsed_s"]) + HAIR_S)
                    self.assertRegex(row["finished_s"], r"^\d+\.\d{9}$")
                self.check_lanes(rows)

    def test_times_are_those_of_the_summary(self):
        """Within the histogram's 1/128; the summary's percentiles are of all rounds together."""
        self.run_scenario("""
workloads: { nap: { type: sleep, cycle: [1ms, 2ms, 5ms] } }
executors: [sequential, thread, thread_pool, process_pool, pipe, async]
workers: 2
tasks: 30
repeat: 2
output: { tasks: true }
""")
        rows = defaultdict(list)
        for row in read_csv(self.folder() / "tasks.csv"):
            rows[row["experiment"]].append(row)
        for summary in self.summary():
            own = rows[summary["experiment"]]
            for column, first, last in (("task_p50_s", "started_s", "finished_s"),
                                        ("wait_p50_s", "submitted_s", "started_s")):
                spans = sorted(float(row[last]) - float(row[first]) for row in own)
                median = spans[(len(spans) - 1) // 2]
                self.assertAlmostEqual(float(summary[column]), median, delta=median / 64 + 4e-9,
                                       msg=f"{summary['executor']}: {column}")

    def test_three_tasks_then_two(self):
        """What scenarios/pool_flow.yaml asks, in less time."""
        self.run_scenario("""
workloads: { wait: { type: sleep, duration: 400ms } }
executors: [thread_pool, process_pool]
workers: 3
tasks: 5
repeat: 1
output: { tasks: true }
""")
        for _, rows in self.each_run():
            self.assertEqual({row["submitted_s"] for row in rows}, {"0.000000000"})
            began = sorted(float(row["started_s"]) for row in rows)
            self.assertLess(began[2], 0.4)
            self.assertGreaterEqual(began[3], 0.4)
            self.assertEqual({row["worker"] for row in rows}, {"0", "1", "2"})
            self.assertEqual(sorted(Counter(row["worker"] for row in rows).values()), [1, 2, 2])

    def test_arrivals(self):
        self.run_scenario("""
workloads: { nap: { type: sleep, duration: 1ms } }
executors: [thread, thread_pool, process_pool, pipe, async]
workers: 2
runtime: 200ms
rate: 200/s
repeat: 1
output: { tasks: true }
""")
        for run, rows in self.each_run():
            self.assertEqual(len(rows), int(run["tasks_ok"]))
            for row in rows:
                self.assertAlmostEqual(float(row["submitted_s"]), int(row["task"]) / 200,
                                       delta=1e-6, msg=run["executor"])

    def test_as_many_as_fit(self):
        self.run_scenario(f"""
workloads: {{ nap: {{ type: sleep, duration: 1ms }} }}
executors: {EXECUTORS}
workers: 2
runtime: {"500ms" if sanitized() else "50ms"}
repeat: 1
output: {{ tasks: true }}
""")
        for run, rows in self.each_run():
            self.assertEqual(len(rows), int(run["tasks_ok"]), run["executor"])
            self.assertGreater(len(rows), 0)
            self.assertEqual({row["status"] for row in rows}, {"ok"})

    def test_more_than_the_rings_hold(self):
        """Many workers, whose rings are small, and many tasks."""
        self.run_scenario("""
workloads: { none: { type: noop } }
executors: [thread_pool, process_pool]
workers: [2, 200]
tasks: 300_000
repeat: 1
output: { tasks: true }
""")
        tasks = defaultdict(set)
        rows = 0
        with open(self.folder() / "tasks.csv", newline="", encoding="utf-8") as file:
            for row in csv.DictReader(file):
                tasks[row["experiment"]].add(int(row["task"]))
                rows += 1
        for run in self.runs():
            self.assertEqual(len(tasks[run["experiment"]]), 300_000)
            self.assertGreaterEqual(float(run["recording_stall_s"]), 0)
        self.assertEqual(rows, 4 * 300_000)

    def test_only_where_asked_for(self):
        result = self.run_scenario("""
workloads: { none: { type: noop } }
executors: [sequential]
tasks: 3
""")
        self.assertEqual([path for path in self.folder().iterdir()
                          if path.name in ("tasks.csv", "trace.json")], [])
        self.assertEqual({row["recording_stall_s"] for row in self.runs() + self.summary()}, {""})
        self.assertNotIn("tasks.csv", result.out)

    def test_columns_are_explained(self):
        section = self.conrun("list", "columns").out.split("## Columns of tasks.csv")[1]
        for column in COLUMNS:
            self.assertIn(f"| `{column}` |", section.split("\n## ")[0])


class WhatGoesWrong(TaskCase):
    def test_failed(self):
        self.run_scenario(f"""
workloads: {{ bad: {{ type: fault, kind: error, every: 3 }} }}
executors: {EXECUTORS}
workers: 2
tasks: 10
repeat: 1
output: {{ tasks: true, trace: true }}
""", code=1)
        runs = list(self.each_run())
        self.assertEqual(len(runs), CELLS)
        for run, rows in runs:
            failed = [row for row in rows if row["status"] == "failed"]
            self.assertEqual([int(row["task"]) for row in failed], [2, 5, 8], run["executor"])
            self.assertEqual({row["value"] for row in failed}, {""})
            self.assertTrue(all(row["finished_s"] for row in failed))
            self.assertEqual(len(rows), 10)

    def test_crashed_workers_lose_one_task_each(self):
        """What a dead worker had done is there; what it was doing has no end."""
        self.run_scenario("""
workloads: { bad: { type: fault, kind: segv, every: 10 } }
executors:
  - { type: process, start: [fork, spawn] }
  - { type: process_pool, start: [fork, spawn] }
  - { type: pipe, depth: [1, 4] }
workers: 3
tasks: 40
repeat: 1
output: { tasks: true, trace: true }
""", code=1)
        for run, rows in self.each_run():
            with self.subTest(executor=run["executor"]):
                lost = [row for row in rows if row["status"] == "lost"]
                self.assertEqual(run["status"], "crashed")
                self.assertEqual(len(rows), 40)
                self.assertEqual(len({row["task"] for row in rows}), 40)
                self.assertEqual(len(lost), int(run["tasks_lost"]))
                self.assertEqual({(row["finished_s"], row["value"]) for row in lost}, {("", "")})
                began = {int(row["task"]) for row in lost if row["started_s"]}
                self.assertLessEqual({9, 19, 29, 39}, began)

    def test_crashed_host(self):
        self.run_scenario("""
workloads: { bad: { type: fault, kind: segv, every: 10 } }
executors: [sequential, thread, thread_pool, async]
workers: 3
tasks: 40
repeat: 1
output: { tasks: true }
""", code=1)
        for run, rows in self.each_run():
            count = Counter(row["status"] for row in rows)
            self.assertEqual(count["ok"], int(run["tasks_ok"]), run["executor"])
            self.assertIn("9", [row["task"] for row in rows if row["status"] == "lost"])
            self.assertLessEqual(count["lost"], 3)
            self.assertEqual(len({row["task"] for row in rows}), len(rows))

    def test_timeout(self):
        self.run_scenario(f"""
workloads: {{ nap: {{ type: sleep, cycle: [1ms, 1h] }} }}
executors: {EXECUTORS}
workers: 3
tasks: 12
repeat: 1
timeout: 1s
output: {{ tasks: true }}
""", code=1)
        for run, rows in self.each_run():
            with self.subTest(executor=run["executor"]):
                self.assertEqual(run["status"], "timeout")
                lost = [row for row in rows if row["status"] == "lost"]
                self.assertEqual(len(rows) - len(lost), int(run["tasks_ok"]))
                self.assertGreaterEqual(len(lost), 1)
                self.assertTrue(all(int(row["task"]) % 2 for row in lost))
                self.assertTrue(all(row["started_s"] and not row["finished_s"] for row in lost))

    def test_interrupted(self):
        path = self.write("""
workloads: { nap: { type: sleep, duration: 20ms } }
executors: [thread_pool]
workers: 2
tasks: 100_000
output: { tasks: true, trace: true }
""")
        with start(path, cwd=self.tmp) as process:
            time.sleep(1)
            interrupt(process)
            process.communicate(timeout=60)
        self.assertEqual(process.returncode, 130)
        self.check_whole_rows()
        [(run, rows)] = self.each_run()
        count = Counter(row["status"] for row in rows)
        self.assertGreater(count["ok"], 0)
        self.assertEqual(count["ok"], int(run["tasks_ok"]))
        json.loads((self.folder() / "trace.json").read_text(encoding="utf-8"))

    def test_killed(self):
        """Nobody can put things in order any more: whole rows all the same, but for the one that
        was being written."""
        path = self.write("""
workloads: { none: { type: noop } }
executors: [thread_pool]
workers: 2
tasks: 50_000
repeat: 1000
output: { tasks: true }
""")
        with start(path, "--quiet", cwd=self.tmp) as process:
            time.sleep(1.5)
            process.kill()
            process.communicate(timeout=60)
        self.assertEqual(process.returncode, -signal.SIGKILL)
        path = self.folder() / "tasks.csv"
        data = path.read_bytes()
        path.write_bytes(data[:data.rindex(b"\n") + 1])
        self.check_whole_rows()
        self.assertEqual([path.name for path in self.folder().iterdir()
                          if path.name.startswith(".tasks")], [])

    def test_full_disk(self):
        path = self.write("""
workloads: { none: { type: noop } }
executors: [sequential]
tasks: 1000
repeat: 30
output: { tasks: true }
""")
        result = self.conrun(path, preexec_fn=limit_files(200_000))
        self.assertEqual(result.code, 1)
        self.assertRegex(result.err, r"conrun: error: .*results/it/.*/tasks\.csv': ")
        self.check_whole_rows()
        # All that runs.csv says was done is in tasks.csv.
        done = {(run["experiment"], run["round"]) for run in self.runs()}
        self.assertGreater(len(done), 0)
        for key, rows in self.tasks_by_run().items():
            self.assertEqual(len(rows), 1000) if key in done else None

    def test_full_disk_while_a_run_lasts(self):
        """More tasks than are kept in memory, and no room to put them: no worker waits for ever."""
        path = self.write("""
workloads: { none: { type: noop } }
executors: [thread_pool]
workers: 2
tasks: 1_000_000
repeat: 1
output: { tasks: true }
""")
        result = self.conrun(path, preexec_fn=limit_files(4_000_000))
        self.assertEqual(result.code, 1)
        self.assertRegex(result.err, r"conrun: error: cannot keep .* in 'results/it/.*': ")
        self.assertEqual(read_csv(self.folder() / "tasks.csv"), [])

    def await_runs(self, count, seconds=60):
        """Until so many are in runs.csv."""
        end = time.monotonic() + seconds
        found = []
        while len(found) < count + 1:
            self.assertLess(time.monotonic(), end, f"no {count} runs after {seconds} s")
            time.sleep(0.02)
            found = [line for path in self.tmp.glob("results/it/*/runs.csv")
                     for line in path.read_bytes().splitlines()]

    def test_gone_on_with(self):
        """--resume: of a run that is made again only the new rows stay."""
        path = self.write("""
workloads: { nap: { type: sleep, duration: 20ms } }
executors: [thread_pool]
workers: 2
tasks: 20
repeat: 12
output: { tasks: true, trace: true }
""")
        with start(path, cwd=self.tmp) as process:
            self.await_runs(2)
            interrupt(process)
            process.communicate(timeout=60)
        self.assertEqual(process.returncode, 130)
        before = self.tasks_by_run()
        result = self.conrun(path, "--resume")
        self.assertEqual(result.code, 0, result.err)
        runs = list(self.each_run())
        self.assertEqual(len(runs), 12)
        for run, rows in runs:
            self.assertEqual([row["task"] for row in rows], [str(i) for i in range(20)])
            old = before.get((run["experiment"], run["round"]), [])
            if len(old) == 20 and {row["status"] for row in old} == {"ok"}:
                self.assertEqual(rows, old)
        json.loads((self.folder() / "trace.json").read_text(encoding="utf-8"))


class Trace(TaskCase):
    NUMBERS = (int, float)
    # The document calls for these; `s` of instant events: thread, process, global.
    REQUIRED = {"X": {"name": str, "pid": int, "tid": int, "ts": NUMBERS, "dur": NUMBERS},
                "i": {"name": str, "pid": int, "tid": int, "ts": NUMBERS, "s": str},
                "M": {"name": str, "pid": int, "tid": int, "args": dict}}
    NAMES = {"process_name": ("name", str), "process_sort_index": ("sort_index", int),
             "thread_name": ("name", str), "thread_sort_index": ("sort_index", int)}

    def check_event(self, event):
        self.assertIn(event["ph"], self.REQUIRED)
        for key, kind in self.REQUIRED[event["ph"]].items():
            self.assertIsInstance(event[key], kind, event)
            self.assertNotIsInstance(event[key], bool)
        self.assertIsInstance(event.get("args", {}), dict)
        if event["ph"] == "M":
            key, kind = self.NAMES[event["name"]]
            self.assertIsInstance(event["args"][key], kind)
        else:
            self.assertGreaterEqual(event["ts"], 0)
            self.assertGreaterEqual(event.get("dur", 0), 0)
        if event["ph"] == "i":
            self.assertIn(event["s"], "tpg")

    def check_trace(self, scenario="it"):
        trace = json.loads((self.folder(scenario) / "trace.json").read_text(encoding="utf-8"))
        self.assertEqual(set(trace), {"traceEvents", "displayTimeUnit", "otherData"})
        self.assertIn(trace["displayTimeUnit"], ("ms", "ns"))
        lanes, named = defaultdict(list), set()
        for event in trace["traceEvents"]:
            self.check_event(event)
            if event["name"] == "thread_name":
                named.add((event["pid"], event["tid"]))
            elif event["ph"] == "X":
                lanes[event["pid"], event["tid"]].append((event["ts"], event["dur"]))
        self.assertLessEqual(set(lanes), named)
        for spans in lanes.values():
            spans.sort()
            for (began, lasted), (following, _) in zip(spans, spans[1:]):
                self.assertLessEqual(began + lasted, following + 0.0006)
        return trace

    def test_lanes_and_tasks(self):
        self.run_scenario(f"""
workloads: {{ nap: {{ type: sleep, duration: [1ms, 2ms] }} }}
executors: {EXECUTORS}
workers: 3
tasks: 7
repeat: 2
warmup: 1
output: {{ trace: true }}
""")
        self.assertFalse((self.folder() / "tasks.csv").exists())
        events = self.check_trace()["traceEvents"]
        processes = {event["pid"]: event["args"]["name"] for event in events
                     if event["name"] == "process_name"}
        self.assertEqual(len(processes), 2 * CELLS)
        self.assertIn("nap(duration=1ms) · thread_pool ×3, round 1", processes.values())
        tasks = defaultdict(list)
        for event in events:
            if event["ph"] == "X":
                tasks[event["pid"]].append(event["args"]["task"])
                self.assertEqual(event["name"], f"task {event['args']['task']}")
                self.assertGreaterEqual(event["args"]["wait_us"], 0)
        self.assertEqual({pid: sorted(own) for pid, own in tasks.items()},
                         {pid: list(range(7)) for pid in processes})
        names = {event["args"]["name"] for event in events if event["name"] == "thread_name"}
        self.assertEqual(names, {"worker 0", "worker 1", "worker 2"})

    def test_it_says_what_tasks_csv_says(self):
        self.run_scenario("""
workloads: { p: { type: primes } }
executors: [process_pool]
workers: 2
tasks: 50
repeat: 1
output: { tasks: true, trace: true }
""")
        [rows] = self.tasks_by_run().values()
        shown = {event["args"]["task"]: event for event in self.check_trace()["traceEvents"]
                 if event["ph"] == "X"}
        for row in rows:
            event = shown[int(row["task"])]
            self.assertEqual(event["tid"], int(row["worker"]) + 1)
            self.assertEqual(event["args"]["value"], int(row["value"]))
            self.assertAlmostEqual(event["ts"], float(row["started_s"]) * 1e6, delta=HAIR_S * 1e6)

    def test_what_went_wrong(self):
        self.run_scenario("""
workloads:
  lost: { type: fault, kind: segv, every: 5 }
  failed: { type: fault, kind: error, every: 5 }
executors: [process_pool]
workers: 2
tasks: 10
repeat: 1
output: { trace: true }
""", code=1)
        kinds = Counter((event["ph"], event["args"].get("status", "ok"))
                        for event in self.check_trace()["traceEvents"] if event["ph"] != "M")
        self.assertEqual(kinds, {("X", "ok"): 16, ("X", "failed"): 2, ("i", "lost"): 2})


class Timeline(TaskCase):
    SCENARIO = """
workloads: { wait: { type: sleep, duration: 1ms } }
executors: [{ type: thread_pool }]
workers: 3
tasks: 5
repeat: 1
output: { tasks: true }
"""

    def write_tasks(self, *rows):
        """Puts rows of (task, worker, started, finished, status) in the place of the measured ones."""
        path = self.folder() / "tasks.csv"
        own = read_csv(path)[0]
        with open(path, "w", newline="", encoding="utf-8") as file:
            out = csv.writer(file)
            out.writerow(COLUMNS)
            for task, worker, began, ended, status in rows:
                out.writerow([own["experiment"], "1", task, worker, 0, began, ended, "", status])

    def timeline(self, *args, **more):
        result = self.conrun("report", "it", "--timeline", *args, **more)
        self.assertEqual(result.code, 0, result.err)
        return result.out.replace("\r\n", "\n").split("\n")

    def test_three_then_two(self):
        self.run_scenario(self.SCENARIO)
        self.write_tasks((0, 0, 0, 1, "ok"), (1, 1, 0, 1, "ok"), (2, 2, 0, 1, "ok"),
                         (3, 1, 1, 2, "ok"), (4, 0, 1, 2, "ok"))
        lines = self.timeline(tty=True, width=50)
        self.assertEqual(lines, [
            "wait · thread_pool ×3, round 1: 5 tasks in 2.000 s",
            "          0 s       0.5 s     1.0 s     1.5 s",
            "worker 0  ├─────── 0 ────────┤├─────── 4 ────────┤",
            "worker 1  ├─────── 1 ────────┤├─────── 3 ────────┤",
            "worker 2  ├─────── 2 ────────┤",
            ""])

    def test_marks_and_shades(self):
        self.run_scenario(self.SCENARIO)
        short = [(i, 0, i / 1000, (i + 0.5) / 1000, "ok") for i in range(100)]
        self.write_tasks(*short, (100, 1, 0, 0.05, "failed"), (101, 1, 0.05, "", "lost"),
                         (102, 2, "", "", "lost"))
        lines = self.timeline(tty=True, width=50)
        self.assertRegex(lines[2], "^worker 0  ▒{39,40}$")
        self.assertRegex(lines[3], "^worker 1  ├─* 100! ─*┤✗$")
        self.assertEqual(lines[4], "worker 2")
        self.assertEqual(lines[5:7], ["! failed", "✗ lost: its worker died, or the run was ended"])

    def test_of_what_was_measured(self):
        self.run_scenario(self.SCENARIO + "# twice\n")
        lines = self.timeline()
        self.assertRegex(lines[0], r"^wait · thread_pool ×3, round 1: 5 tasks in [0-9.]+ ms$")
        drawn = "".join(lines[2:5])
        for task in range(5):
            self.assertIn(f" {task} ", drawn)
        self.assertLessEqual(max(map(len, lines)), 120)

    def test_one_that_has_no_tasks(self):
        self.run_scenario(self.SCENARIO.replace("output: { tasks: true }", ""))
        result = self.conrun("report", "it", "--timeline")
        self.assertEqual(result.code, 1)
        self.assertIn("has no tasks.csv; run the scenario with output: { tasks: true }", result.err)

    def test_another_file(self):
        self.run_scenario(self.SCENARIO)
        (self.folder() / "tasks.csv").write_text("task,time\n1,2\n")
        result = self.conrun("report", "it", "--timeline")
        self.assertEqual(result.code, 1)
        self.assertRegex(result.err, "'results/it/.*/tasks.csv' is not as conrun writes it: line 1")


if __name__ == "__main__":
    unittest.main()
