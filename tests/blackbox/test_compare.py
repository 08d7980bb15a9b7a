"""conrun compare: which sessions, what is said of them, and the exit codes."""

import csv
import io
import json
import re
import shutil
import unittest

from harness import Case, header_of, read_csv

SUMMARY = ["scenario", "experiment", "workload", "type", "executor", "workers", "tasks",
           "duration_s", "status", "error", "runs", "elapsed_s", "throughput_per_s", "wait_p99_s",
           "checksum", "noise", "runtime_s", "rate_per_s", "arrival"]
RUNS = ["scenario", "experiment", "round", "status", "elapsed_s", "throughput_per_s", "wait_p99_s"]
MACHINE = {"name": "host", "architecture": "x86_64", "cpu_model": "Fast 3000", "cpus_online": 8,
           "cpus_usable": 8, "kernel": "6.1.0",
           "limits": {"cgroup": {"cpu.max": "max 100000"}}}

# Ten runs each; none of their values occurs in another one.
STEADY = [1.00, 1.01, 0.99, 1.02, 0.98, 1.005, 0.995, 1.015, 0.985, 1.025]
WIDE = [0.5, 1.5, 0.8, 1.2, 1.03, 0.97, 1.9, 0.6, 1.4, 0.7]


def scaled(values, factor):
    return [value * factor for value in values]


def median(values):
    values = sorted(values)
    return (values[(len(values) - 1) // 2] + values[len(values) // 2]) / 2


def write_rows(path, columns, rows):
    with open(path, "w", newline="", encoding="utf-8") as file:
        writer = csv.DictWriter(file, columns, restval="")
        writer.writeheader()
        writer.writerows(rows)


def cell(values, column="elapsed_s", status="ok", **more):
    return {"values": values, "column": column, "status": status, **more}


class Folders(Case):
    """Sessions written by hand, so that their figures are known."""

    count = 0

    def session(self, cells, name=None, machine=None, run=None, scenario="it"):
        """cells: experiment → cell(…). The folder's path, relative to self.tmp."""
        Folders.count += 1
        name = name or f"2026-01-01T00-00-{Folders.count % 60:02}Z"
        folder = self.tmp / "results" / scenario / name
        folder.mkdir(parents=True)
        summary, runs = [], []
        for number, (experiment, one) in enumerate(cells.items()):
            row = {"scenario": scenario, "experiment": experiment, "workload": "nap",
                   "type": "sleep", "executor": "thread", "workers": number + 1, "tasks": 100,
                   "checksum": 42} | {key: value for key, value in one.items()
                                      if key not in ("values", "column")}
            if one["values"]:
                row[one["column"]] = median(one["values"])
            summary.append(row | {"runs": len(one["values"])})
            runs += [{"scenario": scenario, "experiment": experiment, "round": index + 1,
                      "status": "ok", one["column"]: value}
                     for index, value in enumerate(one["values"])]
        write_rows(folder / "summary.csv", SUMMARY, summary)
        write_rows(folder / "runs.csv", RUNS, runs)
        described = {"outcome": {"interrupted": False, "out_of_budget": False},
                     "machine": MACHINE | (machine or {}),
                     "scenario": {"seed": 1}, "versions": {"conrun": "1"}}
        (folder / "run.json").write_text(json.dumps(described | (run or {})), encoding="utf-8")
        return str(folder.relative_to(self.tmp))

    def compare(self, *args, code=0, **more):
        result = self.conrun("compare", *args, **more)
        self.assertEqual(result.code, code, result.err + result.out)
        return result

    def cells(self, *args, code=0):
        """The CSV's rows, by experiment."""
        out = self.compare(*args, "--format", "csv", code=code).out
        rows = list(csv.DictReader(io.StringIO(out, newline=""), strict=True))
        return {row["experiment"]: row for row in rows}

    def verdict(self, a, b, *args, code=0):
        [row] = self.cells(self.session({"x": a}), self.session({"x": b}), *args,
                           code=code).values()
        return row

    def refused(self, *args):
        result = self.compare(*args, code=2)
        self.assertEqual(result.out, "")
        self.assertRegex(result.err, r"\Aconrun: error: .*\n\Z")
        return result.err


class Verdicts(Folders):
    def test_slower_faster_same_inconclusive(self):
        a = self.session({name: cell(STEADY) for name in ("x1", "x2", "x3", "x4")})
        b = self.session({"x1": cell(scaled(STEADY, 1.2)), "x2": cell(scaled(STEADY, 0.8)),
                          "x3": cell(scaled(STEADY, 1.001)), "x4": cell(WIDE)})
        cells = self.cells(a, b, code=3)
        self.assertEqual([row["verdict"] for row in cells.values()],
                         ["slower", "faster", "same", "inconclusive"])
        slower = cells["x1"]
        self.assertAlmostEqual(float(slower["time_ratio"]), 1.2, places=6)
        self.assertLess(float(slower["time_ratio_ci_low"]), 1.2)
        self.assertGreater(float(slower["time_ratio_ci_high"]), 1.2)
        # All of ten are above all of ten: 2 / C(20, 10); of four cells, two are as small.
        self.assertAlmostEqual(float(slower["p_adjusted"]), 4 * 2 / 184756, places=9)
        self.assertEqual((slower["runs_a"], slower["runs_b"]), ("10", "10"))
        out = self.compare(a, b, code=3).out
        self.assertIn("time B/A", out)
        self.assertIn("\n1 of 4 slower, 1 faster, 1 the same, 1 inconclusive (", out)

    def test_the_other_way_round(self):
        row = self.verdict(cell(scaled(STEADY, 1.2)), cell(STEADY))
        self.assertEqual(row["verdict"], "faster")

    def test_tolerance(self):
        a, b = cell(STEADY), cell(scaled(STEADY, 1.2))
        self.assertEqual(self.verdict(a, b, "--tolerance", "50%")["verdict"], "same")
        self.assertEqual(self.verdict(a, b, "--tolerance=20%")["verdict"], "inconclusive")
        self.assertEqual(self.verdict(a, b, "--tolerance", "0%", code=3)["verdict"], "slower")

    def test_repeatable(self):
        a, b = self.session({"x": cell(STEADY)}), self.session({"x": cell(WIDE)})
        self.assertEqual(self.compare(a, b).out, self.compare(a, b).out)

    def test_not_enough_runs_is_never_the_same(self):
        row = self.verdict(cell(STEADY[:3]), cell(STEADY[:3]))
        self.assertEqual(row["verdict"], "not enough runs")
        row = self.verdict(cell(STEADY[:3]), cell(scaled(STEADY[:3], 2)))
        self.assertEqual(row["verdict"], "not enough runs")
        # Four against four can have p = 2/70; in a family of two that is 4/70.
        row = self.verdict(cell(STEADY[:4]), cell(scaled(STEADY[:4], 2)), code=3)
        self.assertEqual(row["verdict"], "slower")
        few = {name: cell(STEADY[:4]) for name in ("x1", "x2")}
        twice = {name: cell(scaled(STEADY[:4], 2)) for name in few}
        a, b = self.session(few), self.session(twice)
        self.assertEqual({row["verdict"] for row in self.cells(a, b).values()},
                         {"not enough runs"})
        self.assertIn("none of 2 slower, 2 with not enough runs (repeat: 5 at least)",
                      self.compare(a, b).out)

    def test_few_runs_cost_the_others_nothing(self):
        cells = {f"y{i}": cell(STEADY[:2]) for i in range(20)}
        a = self.session({"x": cell(STEADY[:4])} | cells)
        b = self.session({"x": cell(scaled(STEADY[:4], 2))} | cells)
        self.assertEqual(self.cells(a, b, code=3)["x"]["verdict"], "slower")

    def test_throughput_where_a_runtime_decides(self):
        times = {"column": "throughput_per_s", "tasks": "", "runtime_s": 1}
        row = self.verdict(cell(scaled(STEADY, 1000), **times), cell(scaled(STEADY, 500), **times),
                           code=3)
        self.assertEqual((row["figure"], row["verdict"]), ("throughput_per_s", "slower"))
        self.assertAlmostEqual(float(row["time_ratio"]), 2, places=6)
        self.assertAlmostEqual(float(row["median_b"]), 501.25, delta=1)

    def test_waits_in_an_open_loop(self):
        times = {"column": "wait_p99_s", "rate_per_s": 500, "runtime_s": 1}
        row = self.verdict(cell(STEADY, **times), cell(scaled(STEADY, 3), **times), code=3)
        self.assertEqual((row["figure"], row["verdict"]), ("wait_p99_s", "slower"))

    def test_zero_is_no_ratio(self):
        times = {"column": "wait_p99_s", "rate_per_s": 500, "runtime_s": 1}
        row = self.verdict(cell([0] * 10, **times), cell(STEADY, **times))
        self.assertEqual((row["time_ratio"], row["verdict"]), ("", "inconclusive"))

    def test_only_in_one(self):
        a = self.session({"x1": cell(STEADY), "x2": cell(STEADY), "x3": cell(STEADY)})
        b = self.session({"x9": cell(STEADY), "x2": cell(STEADY)})
        out = self.compare(a, b).out
        self.assertIn("none of 1 slower, 1 the same, 2 only in A, 1 only in B", out)
        self.assertIn("nothing to compare", self.refused(a, self.session({"z": cell(STEADY)})))

    def test_status(self):
        states = {"x1": ("ok", "crashed"), "x2": ("timeout", "ok"), "x3": ("failed", "failed"),
                  "x4": ("ok", "interrupted"), "x5": ("ok", "skipped_limit"), "x6": ("ok", "ok")}
        a, b = (self.session({name: cell(STEADY, status=state[side])
                              for name, state in states.items()}) for side in (0, 1))
        self.assertEqual(
            [row["verdict"] for row in self.cells(a, b, code=3).values()],
            ["broke", "mended", "not compared", "not compared", "not compared", "same"])
        out = self.compare(a, b, code=3).out
        for text in ("ok → crashed", "timeout → ok", "failed in both", "ok → interrupted",
                     "none of 6 slower, 1 broke, 1 the same, 1 mended, 3 not compared"):
            self.assertIn(text, out)
        # What was not run is not worse.
        self.assertEqual(self.verdict(cell(STEADY), cell([], status="skipped_limit"))["verdict"],
                         "not compared")

    def test_other_work_is_noted(self):
        a, b = self.session({"x": cell(STEADY)}), self.session({"x": cell(STEADY, checksum=7)})
        self.assertIn("note: the checksums of 1 cell differ (x)", self.compare(a, b).out)
        b = self.session({"x": cell(STEADY, checksum=7)}, run={"scenario": {"seed": 2}})
        out = self.compare(a, b).out
        self.assertNotIn("checksums", out)
        self.assertIn("seed 1 → 2", out)

    def test_noise_is_noted(self):
        a, b = self.session({"x": cell(STEADY)}), self.session({"x": cell(STEADY, noise="steal")})
        self.assertIn("note: runs of 1 cell were disturbed", self.compare(a, b).out)

    def test_figure(self):
        a, b = self.session({"x": cell(STEADY)}), self.session({"x": cell(STEADY)})
        self.assertEqual(self.cells(a, b, "--figure", "elapsed_s")["x"]["verdict"], "same")
        row = self.cells(a, b, "--figure", "wait_p99_s")["x"]
        self.assertEqual((row["figure"], row["verdict"]), ("wait_p99_s", "not compared"))
        self.assertIn("did you mean 'elapsed_s'?", self.refused(a, b, "--figure", "elapsd_s"))
        self.assertIn("a time (…_s) or a rate", self.refused(a, b, "--figure", "round"))


class Sessions(Folders):
    """Which two are meant, and what if they are not there."""

    def test_the_last_two_of_a_scenario(self):
        self.session({"x": cell(WIDE)}, "2026-01-01T00-00-00Z")
        old = self.session({"x": cell(STEADY)}, "2026-01-02T00-00-00Z")
        new = self.session({"x": cell(scaled(STEADY, 2))}, "2026-01-02T00-00-00Z-2")
        self.session({"x": cell(WIDE)}, "2026-01-03T00-00-00Z",
                     run={"outcome": {"interrupted": True}})
        self.session({"x": cell(WIDE)}, "2026-01-04T00-00-00Z", run={"outcome": None})
        for named in ("it", "results/it", "scenarios/it.yaml"):
            out = self.compare(named, code=3).out
            self.assertTrue(out.startswith(f"A  {old}\nB  {new}\n"), out)

    def test_a_files_own_name(self):
        for second in (1, 2):
            self.session({"x": cell(STEADY)}, f"2026-01-01T00-00-0{second}Z", scenario="other")
        self.write("name: other\n", "file.yaml")
        self.assertIn("results/other/", self.compare("file.yaml").out)

    def test_elsewhere(self):
        for second in (1, 2):
            self.session({"x": cell(STEADY)}, f"2026-01-01T00-00-0{second}Z")
        (self.tmp / "results").rename(self.tmp / "kept")
        self.compare("it", "--output", "kept")
        self.assertIn("there is no folder 'results'", self.refused("it"))

    def test_missing(self):
        only = self.session({"x": cell(STEADY)})
        self.assertIn("only 1 finished session in 'results/it'; run", self.refused("it"))
        self.assertIn("did you mean 'it'?", self.refused("itt"))
        self.assertIn("no results of 'nothing' in 'results'; run", self.refused("nothing"))
        self.assertIn("no such file or folder: 'a/b'", self.refused("a/b", only))
        self.assertIn("'none.csv'", self.refused(only, "none.csv"))
        self.assertIn("is one session; name another", self.refused(only))
        self.assertIn("both are the same session", self.refused(only, f"{only}/summary.csv"))
        self.assertIn("there is no summary.csv", self.refused(only, "results"))
        self.assertIn("'results' has it", self.refused("nothing"))
        self.assertRegex(self.refused(), r"error: usage: conrun compare .*; 'results' has it$")
        self.assertRegex(self.refused("it", "it", "it"),
                         r"too many operands; usage: conrun compare .*; 'results' has it$")

    def test_torn_files(self):
        for name, text, fault in (
                ("runs.csv", "experiment,round,status,elapsed_s\r\nx,1,ok,0.", "within a line"),
                ("runs.csv", "experiment,round,status,elapsed_s\r\nx,1\r\n", "not as wide"),
                ("summary.csv", "scenario,experiment\r\nit,x\r\n", "no column 'status'"),
                ("summary.csv", "", "is empty"),
                ("run.json", '{"outcome": {', "run.json': line 1"),
                ("summary.csv", "\0\n" * 9, "summary.csv")):
            a, b = self.session({"x": cell(STEADY)}), self.session({"x": cell(STEADY)})
            (self.tmp / b / name).write_text(text, newline="", encoding="utf-8")
            self.assertIn(fault, self.refused(a, b))
            for folder in (a, b):
                shutil.rmtree(self.tmp / folder)

    def test_summaries_without_their_runs(self):
        a = self.session({"x": cell(STEADY)})
        shutil.copy(self.tmp / a / "summary.csv", self.tmp / "old.csv")
        b = self.session({"x": cell(scaled(STEADY, 2))})
        row = self.cells("old.csv", b)["x"]
        self.assertAlmostEqual(float(row["time_ratio"]), 2, places=6)
        self.assertEqual((row["verdict"], row["p_adjusted"], row["time_ratio_ci_low"]),
                         ("not enough runs", "", ""))
        out = self.compare("old.csv", b).out
        self.assertIn("A: no runs.csv beside the summary: a verdict needs every run", out)
        self.assertIn("A: no run.json", out)
        self.assertNotIn("repeat:", out)

    def test_one_that_was_interrupted(self):
        a = self.session({"x": cell(STEADY)})
        b = self.session({"x": cell(STEADY)}, run={"outcome": {"interrupted": True}})
        self.assertIn("note: B: interrupted before its end", self.compare(a, b).out)


class Machines(Folders):
    def test_others_are_refused(self):
        a = self.session({"x": cell(STEADY)})
        for machine, said in (({"name": "other"}, "machine host → other"),
                              ({"cpu_model": "Slow 1"}, "CPU Fast 3000 → Slow 1"),
                              ({"cpus_usable": 2}, "usable CPUs 8 → 2"),
                              ({"limits": {"cgroup": {"cpu.max": "5 10"}}}, "CPU quota")):
            b = self.session({"x": cell(STEADY)}, machine=machine)
            err = self.refused(a, b)
            self.assertIn(said, err)
            self.assertIn("--force", err)
            self.assertIn("note: different machines: " + said, self.compare(a, b, "--force").out)

    def test_what_matters_less_is_noted(self):
        a = self.session({"x": cell(STEADY)})
        b = self.session({"x": cell(STEADY)}, machine={"kernel": "6.8.0"},
                         run={"versions": {"conrun": "2"}})
        self.assertIn("note: also different: kernel 6.1.0 → 6.8.0, conrun 1 → 2",
                      self.compare(a, b).out)

    def test_unknown_does_not_differ(self):
        a = self.session({"x": cell(STEADY)}, machine={"cpu_model": None})
        b = self.session({"x": cell(STEADY)}, machine={"limits": {}})
        self.assertNotIn("note:", self.compare(a, b).out)


class Output(Folders):
    def pair(self):
        a = self.session({f"x{i}": cell(STEADY, duration_s=i / 1000) for i in range(1, 4)})
        b = self.session({f"x{i}": cell(scaled(STEADY, i), duration_s=i / 1000, error="a,b")
                          for i in range(1, 4)})
        return a, b

    def test_table(self):
        a, b = self.pair()
        lines = self.compare(a, b, code=3).out.split("\n")
        self.assertEqual(lines[:2], [f"A  {a}", f"B  {b}"])
        self.assertIn("tasks 100", lines[2])
        self.assertEqual(re.split(r" {2,}", lines[4].strip()), [
            "duration", "workers", "A", "B", "time B/A", "95 %", "p", "verdict"])
        self.assertEqual(re.split(r" {2,}", lines[6].strip())[:2], ["2ms", "2"])
        self.assertNotIn("\x1b", "".join(lines))

    def test_csv(self):
        a, b = self.pair()
        result = self.compare(a, b, "--format=csv", code=3)
        rows = list(csv.reader(io.StringIO(result.out, newline=""), strict=True))
        self.assertEqual({len(row) for row in rows}, {len(rows[0])})
        self.assertEqual(len(set(rows[0])), len(rows[0]))
        self.assertEqual(rows[0][:8], SUMMARY[:8])
        self.assertTrue(result.out.endswith("\r\n"))
        self.assertIn("2 of 3 slower", result.err)

    def test_markdown(self):
        a, b = self.pair()
        lines = self.compare(a, b, "--format", "markdown", code=3).out.split("\n")
        table = [line for line in lines if line.startswith("|")]
        self.assertEqual(len(table), 5)
        self.assertEqual({line.count("|") for line in table}, {table[0].count("|")})
        self.assertRegex(table[1], r"\A(\| -+:? )+\|\Z")
        self.assertIn("| 2ms |", table[3])
        self.assertIn("2 of 3 slower, 1 the same", lines)

    def test_terminal(self):
        a, b = self.pair()
        shown = self.compare(a, b, tty=True, code=3, width=60).out
        self.assertIn("\x1b[31m", shown)
        lines = re.sub(r"\x1b\[[0-9;]*m", "", shown).replace("\r", "").split("\n")
        table = [line for line in lines if re.search(r"verdict|slower$|same$", line)]
        self.assertTrue(table and all(len(line) <= 60 for line in table), table)
        plain = self.compare(a, b, tty=True, code=3, env={"NO_COLOR": "1"}).out
        self.assertNotIn("\x1b[3", plain)

    def test_quiet(self):
        a, b = self.pair()
        result = self.compare(a, b, "-q", code=3)
        self.assertEqual((result.out, result.err), ("", ""))

    def test_wrong_options(self):
        a, b = self.pair()
        self.assertIn("table, csv, markdown", self.refused(a, b, "--format", "xml"))
        self.assertIn("did you mean 'markdown'?", self.refused(a, b, "--format", "markdwn"))
        self.assertIn("write 5%", self.refused(a, b, "--tolerance", "5"))
        self.assertIn("--tolerance", self.refused(a, b, "--tolerance", "-5%"))
        self.assertIn("does not apply", self.refused(a, b, "--dry-run"))


class Real(Folders):
    """What conrun itself leaves."""

    def test_as_it_is_written(self):
        """The columns that the folders above are made of are those of real sessions."""
        self.run_scenario("workloads: { nap: { type: sleep, duration: [1ms, 2ms] } }\n"
                          "executors: [thread]\nrepeat: 1\n", "--quiet")
        header = header_of(self.folder() / "summary.csv")
        self.assertEqual([name for name in SUMMARY if name not in header], [])
        self.assertEqual(header.index("status") - header.index("tasks"), 2)
        header = header_of(self.folder() / "runs.csv")
        self.assertEqual([name for name in RUNS if name not in header], [])

    def test_twice_the_same(self):
        path = self.write("workloads: { nap: { type: sleep, duration: 20ms } }\n"
                          "executors: [sequential, async]\ntasks: 3\nrepeat: 6\n")
        for _ in range(2):
            self.assertEqual(self.conrun(path, "--quiet").code, 0)
        # Waits of 20 ms do not become twice as long.
        cells = self.cells("it", "--tolerance", "100%")
        self.assertEqual({row["verdict"] for row in cells.values()}, {"same"})
        summary = read_csv(self.tmp / "results" / "it.csv")
        self.assertEqual(set(cells), {row["experiment"] for row in summary})

    def test_a_real_slowdown(self):
        """What a task finds outside becomes slower; the experiment stays the same."""
        self.write('return { task = function(s, i, w) w.sleep(w.read("wait")) return 1 end }\n',
                   "nap.lua")
        path = self.write("workloads: { nap: { type: lua, script: nap.lua } }\n"
                          "executors: [thread_pool]\nworkers: 2\ntasks: 4\nrepeat: 6\n")
        for wait in ("2ms", "20ms"):
            self.write(wait, "wait")
            result = self.conrun(path, "--quiet")
            self.assertEqual(result.code, 0, result.err)
        [row] = self.cells("it.yaml", code=3).values()
        self.assertEqual(row["verdict"], "slower")
        self.assertGreater(float(row["time_ratio"]), 2)

    def test_it_crashes_now(self):
        self.write('return { task = function(s, i, w) w.read("wait") return 1 end }\n', "nap.lua")
        self.write("", "wait")
        path = self.write("workloads: { nap: { type: lua, script: nap.lua } }\n"
                          "executors: [sequential]\ntasks: 2\nrepeat: 4\n")
        for code in (0, 1):
            self.assertEqual(self.conrun(path, "--quiet").code, code)
            (self.tmp / "wait").unlink(missing_ok=True)
        self.assertIn("ok → failed", self.compare("it", code=3).out)


if __name__ == "__main__":
    unittest.main()
