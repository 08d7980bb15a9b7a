"""--resume goes on with an unfinished session, --rerun failed with what went wrong: what was measured
counts as it is, what is doubtful is made again."""

import json
import signal
import time

import harness

NAPS = """
workloads: { nap: { type: sleep, duration: 40ms } }
executors: [sequential, thread_pool]
workers: 2
tasks: 4
repeat: 6
order: interleave
"""


class Resume(harness.Case):
    def begin(self, scenario, rows, end):
        """Starts a session and ends it by a signal when runs.csv has so many rows."""
        path = self.write(scenario)
        process = harness.start(path, cwd=self.tmp)
        deadline = time.monotonic() + 60
        while time.monotonic() < deadline and self.count_rows() < rows:
            time.sleep(0.01)
        process.send_signal(end)
        process.communicate(timeout=60)
        return path

    def count_rows(self):
        files = list(self.tmp.glob("results/it/*/runs.csv"))
        return files[0].read_text().count("\n") - 1 if files else -1

    def run_json(self):
        return json.loads((self.folder() / "run.json").read_text())

    def stamps(self):
        return {(run["experiment"], run["round"]): run["started_utc"] for run in self.runs()}

    def assert_whole(self, kept):
        """All runs are there, those that were kept as they were, and the figures are of all."""
        runs = self.runs()
        self.assertEqual(len(runs), 12)
        self.assertEqual(len({(run["experiment"], run["round"]) for run in runs}), 12)
        self.assertEqual({run["status"] for run in runs}, {"ok"})
        after = self.stamps()
        self.assertEqual({key: after[key] for key in kept}, kept)
        for row in self.summary():
            own = sorted(float(run["elapsed_s"]) for run in runs
                         if run["experiment"] == row["experiment"])
            self.assertEqual((row["runs"], row["status"], row["stop_reason"]),
                             ("6", "ok", "repeats"))
            self.assertAlmostEqual(float(row["elapsed_s"]), (own[2] + own[3]) / 2, places=6)
            # The tasks' histograms of all runs, those before the break included.
            self.assertGreaterEqual(float(row["task_p50_s"]), 0.0396)
            self.assertGreaterEqual(float(row["task_max_s"]), float(row["task_p50_s"]))
            self.assertEqual(float(row["task_max_s"]),
                             max(float(run["task_max_s"]) for run in runs
                                 if run["experiment"] == row["experiment"]))
        outcome = self.run_json()["outcome"]
        self.assertFalse(outcome["interrupted"])
        self.assertEqual(len(list(self.tmp.glob("results/it/*"))), 1)

    def test_after_ctrl_c(self):
        path = self.begin(NAPS, 5, signal.SIGINT)
        self.assertTrue(self.run_json()["outcome"]["interrupted"])
        kept = {(run["experiment"], run["round"]): run["started_utc"]
                for run in self.runs() if run["status"] == "ok"}
        self.assertGreaterEqual(len(kept), 4)
        result = self.conrun("--resume", path)
        self.assertEqual(result.code, 0, result.err + result.out)
        self.assertRegex(result.err, r"note: it: going on with 'results/it/.*', where \d+ runs")
        self.assert_whole(kept)

    def test_after_a_kill(self):
        """Nobody had the time to write a summary."""
        path = self.begin(NAPS, 5, signal.SIGKILL)
        self.assertIsNone(self.run_json()["outcome"])
        kept = dict(list(self.stamps().items())[:-1])  # the last may lack its line in the journal
        self.assertEqual(self.conrun("--resume", path).code, 0)
        self.assert_whole(kept)

    def test_a_torn_last_row_is_redone(self):
        path = self.begin(NAPS, 6, signal.SIGKILL)
        runs = self.folder() / "runs.csv"
        before = self.stamps()
        lines = runs.read_bytes().splitlines(keepends=True)
        journal = self.folder() / "journal.jsonl"
        kept = len(journal.read_bytes().splitlines())
        runs.write_bytes(b"".join(lines[:kept]) + lines[kept][:25])
        self.assertEqual(self.conrun("--resume", path).code, 0)
        redone = list(before)[kept - 1]
        self.assert_whole({key: before[key] for key in list(before)[:kept - 1]})
        self.assertNotEqual(self.stamps()[redone], before[redone])

    def test_a_torn_journal_is_no_journal(self):
        path = self.begin(NAPS, 6, signal.SIGKILL)
        journal = self.folder() / "journal.jsonl"
        lines = journal.read_bytes().splitlines(keepends=True)
        journal.write_bytes(b"".join(lines[:2]) + b'{"experiment":"' + lines[2][15:40] + b"\n"
                            + lines[3][:100])
        kept = dict(list(self.stamps().items())[:2])
        self.assertEqual(self.conrun("--resume", path).code, 0)
        self.assert_whole(kept)

    def test_resuming_twice(self):
        path = self.begin(NAPS, 3, signal.SIGKILL)
        process = harness.start("--resume", path, cwd=self.tmp)
        time.sleep(0.6)
        process.send_signal(signal.SIGKILL)
        process.communicate(timeout=60)
        self.assertEqual(self.conrun("--resume", path).code, 0)
        self.assert_whole({})

    def test_another_cell_is_measured_anew(self):
        """A scenario that was changed meanwhile keeps what is still the same."""
        self.begin(NAPS, 6, signal.SIGINT)
        kept = [run for run in self.runs()
                if run["status"] == "ok" and run["executor"] == "sequential"]
        path = self.write(NAPS.replace("thread_pool", "thread"))
        self.assertEqual(self.conrun("--resume", path).code, 0)
        runs = self.runs()
        self.assertEqual({run["executor"] for run in runs}, {"sequential", "thread"})
        for run in kept:
            self.assertIn(run, runs)

    def test_another_script_is_measured_anew(self):
        scenario = """
workloads: { it: { type: lua, script: it.lua } }
executors: [sequential]
tasks: 1
repeat: 40
"""
        self.write('return { task = function(_, _, w) w.sleep("30ms") return 1 end }', "it.lua")
        path = self.begin(scenario, 3, signal.SIGINT)
        self.write('return { task = function() return 2 end }', "it.lua")
        self.assertEqual(self.conrun("--resume", path).code, 0)
        self.assertEqual({run["checksum"] for run in self.runs()}, {"2"})

    def test_another_machine_or_build_begins_anew(self):
        for part, key, why in (("machine", "cpu_model", "CPU"),
                               ("versions", "binary", "another build of conrun")):
            with self.subTest(key):
                path = self.begin(NAPS, 2, signal.SIGKILL)
                file = self.folder() / "run.json"
                data = json.loads(file.read_text())
                data[part][key] = "another one"
                file.write_text(json.dumps(data))
                result = self.conrun("--resume", path)
                self.assertEqual(result.code, 0)
                self.assertRegex(result.err, f"are of another kind .*{why}.*; a new session")
                self.assertEqual(len(list(self.tmp.glob("results/it/*"))), 2)
                harness.shutil.rmtree(self.tmp / "results")

    def test_nothing_to_go_on_with(self):
        path = self.write(NAPS)
        result = self.conrun("--resume", path)
        self.assertEqual(result.code, 0)
        self.assertIn("there is no session to go on with", result.err)
        before = self.runs()
        for option in ("--resume", "--rerun=failed"):
            result = self.conrun(option, path)
            self.assertIn("is finished, and all its runs are kept", result.err)
            self.assertNotIn("[", result.err, "no run is shown that was not made")
            self.assertEqual((result.code, self.runs()), (0, before))
            self.assertIn("all ok", result.out)
        self.assertEqual(len(list(self.tmp.glob("results/it/*"))), 1)

    def test_a_finished_session_gets_nothing_new(self):
        self.assertEqual(self.conrun(self.write(NAPS)).code, 0)
        before = self.runs()
        for number, repeat in ((2, 7), (3, 2)):
            result = self.conrun("--resume", self.write(NAPS.replace("repeat: 6",
                                                                     f"repeat: {repeat}")))
            self.assertIn("the scenario has changed since; a new one begins", result.err)
            folders = sorted(self.tmp.glob("results/it/*"), key=lambda path: path.stat().st_ctime)
            self.assertEqual(len(folders), number)
        kept = [harness.read_csv(folder / "runs.csv") for folder in folders]
        self.assertTrue(before in kept, f"{len(before)} runs, and now {[len(it) for it in kept]}")

    def test_a_session_that_goes_on_is_left_alone(self):
        path = self.write(NAPS.replace("repeat: 6", "repeat: 30"))
        process = harness.start(path, cwd=self.tmp)
        while self.count_rows() < 1:
            time.sleep(0.01)
        result = self.conrun("--resume", self.write(NAPS))
        self.assertEqual(result.code, 0)
        self.assertIn("is still going on; a new one begins", result.err)
        self.assertEqual(len(list(self.tmp.glob("results/it/*"))), 2)
        process.send_signal(signal.SIGINT)
        process.communicate(timeout=60)

    def test_what_is_kept_survives_a_second_break(self):
        """A rerun that is broken off at its first run still has the runs behind that one."""
        path = self.write("""
workloads:
  fails: { type: fault, kind: error }
  naps: { type: sleep, duration: 20ms }
executors: [sequential]
tasks: 1
repeat: 3
order: batch
""")
        self.assertEqual(self.conrun(path).code, 1)
        kept = [run for run in self.runs() if run["status"] == "ok"]
        self.assertEqual(len(kept), 3)
        path = self.write(path.read_text() + "budget: 1ms\n")
        self.conrun("--rerun", "failed", path)
        self.assertEqual([run for run in self.runs() if run["status"] == "ok"], kept)
        self.assertEqual([row["status"] for row in self.summary()][1], "ok")

    def test_warm_ups_only_where_something_is_left(self):
        scenario = NAPS.replace("order: interleave", "order: batch\nwarmup: 1")
        path = self.begin(scenario, 7, signal.SIGKILL)
        self.assertEqual(self.conrun("--resume", path).code, 0)
        self.assert_whole({})

    def test_rerun_failed(self):
        """Only what was not ok is made again; the file that was missing is there now."""
        self.write('return { task = function(_, _, w) return #w.read("there") end }', "it.lua")
        path = self.write("""
workloads:
  reads: { type: lua, script: it.lua }
  naps: { type: sleep, duration: 1ms }
executors: [sequential]
tasks: 1
repeat: 2
""")
        self.assertEqual(self.conrun(path).code, 1)
        before = self.stamps()
        fine = {run["experiment"] for run in self.runs() if run["status"] == "ok"}
        self.assertEqual(len(fine), 1)
        self.write("now", "there")
        result = self.conrun("--rerun", "failed", path)
        self.assertEqual(result.code, 0, result.err + result.out)
        after = self.stamps()
        for key, started in before.items():
            self.assertEqual(after[key] == started, key[0] in fine)
        self.assertEqual({row["status"] for row in self.summary()}, {"ok"})

    def test_usage(self):
        path = self.write(NAPS)
        result = self.conrun("--rerun", "all", path)
        self.assertEqual(result.code, 2)
        self.assertIn("allowed: failed", result.err)
        self.assertEqual(self.conrun("plan", "--resume", path).code, 2)
