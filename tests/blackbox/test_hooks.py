"""Hooks: columns, tables of their own, errors of each kind, and what is shipped in lua/hooks."""

import csv
import json
import math
import time
import unittest

import harness

NAP = """name: it
description: a | b
workloads: { nap: { type: sleep, duration: 1ms } }
executors: [sequential, thread]
workers: [1, 2, 4]
tasks: 8
repeat: 2
timeout: 2s
hooks: """


class Hooks(harness.Case):
    def hook(self, lua, name="mine.lua"):
        return self.write(lua, name)

    def run_hooks(self, *names, code=0, args=(), base=NAP, **more):
        return self.run_scenario(
            base + "[" + ", ".join(names or ("mine.lua",)) + "]\n", *args, code=code, **more)

    def own(self, name):
        with open(self.folder() / name, newline="", encoding="utf-8") as file:
            return list(csv.reader(file, strict=True))

    def names(self):
        """The files of the session, without those that every session has beside its results."""
        return sorted(path.name for path in self.folder().iterdir()
                      if path.name not in ("journal.jsonl", "report.html"))


class Columns(Hooks):
    def test_values_of_each_kind(self):
        self.hook("""return {
  columns = { { name = "per_task_s", help = "x" }, "word", { name = "whole" }, "yes", "nothing" },
  row = function(r)
    return { per_task_s = r.elapsed_s / r.tasks, word = 'a,"b"\\n=c', whole = r.workers * 2,
             yes = r.executor == "thread", nothing = 0 / 0 }
  end }""")
        result = self.run_hooks()
        self.assertIn("per_task_s", result.out)
        header = harness.header_of(self.folder() / "summary.csv")
        self.assertEqual(header[-5:], ["per_task_s", "word", "whole", "yes", "nothing"])
        self.assertEqual(self.summary(), harness.read_csv(self.tmp / "results/it.csv"))
        for row in self.summary():
            self.assertAlmostEqual(float(row["per_task_s"]), float(row["elapsed_s"]) / 8, 7)
            self.assertEqual(row["word"], 'a,"b"\n=c')
            self.assertEqual(row["whole"], str(2 * int(row["workers"])))
            self.assertEqual(row["yes"], "true" if row["executor"] == "thread" else "false")
            self.assertEqual(row["nothing"], "")
        self.assertNotIn("word", harness.header_of(self.folder() / "runs.csv"))
        hooks = json.loads((self.folder() / "run.json").read_text())["outcome"]["hooks"]
        self.assertEqual((hooks[0]["columns"]["per_task_s"], hooks[0]["error"]), ("x", None))

    def test_rows_are_what_the_file_says(self):
        self.hook("""return { columns = { "seen" }, row = function(r)
  local parts = {}
  for name, value in pairs(r) do parts[#parts + 1] = name .. "=" .. tostring(value) end
  return { seen = table.concat(parts, "\\n") }
end }""")
        self.run_hooks()
        for row in self.summary():
            seen = dict(line.split("=", 1) for line in row.pop("seen").split("\n"))
            for name, value in row.items():
                # What hooks see before rows are judged.
                if name in ("expect", "error", "noise", "arrival", "trend", "governor"):
                    continue
                if value == "":
                    self.assertNotIn(name, seen)
                elif value.replace(".", "").isdigit():
                    self.assertAlmostEqual(float(seen[name]), float(value), 9, name)
                else:
                    self.assertEqual(seen[name], value)

    def test_map_of_columns_and_later_hooks(self):
        self.hook("return { columns = { b = 'x', a = 'y' }, "
                  "row = function() return { a = 1, b = 2 } end }", "first.lua")
        self.hook("return { columns = { 'c' }, row = function(r) return { c = r.a + r.b } end }",
                  "second.lua")
        self.run_hooks("first.lua", "second.lua")
        self.assertEqual(harness.header_of(self.folder() / "summary.csv")[-3:], ["a", "b", "c"])
        self.assertEqual({row["c"] for row in self.summary()}, {"3"})
        # In the other order the second one's columns are not there yet.
        self.run_hooks("second.lua", "first.lua", code=1)

    def test_expectations_see_them(self):
        self.hook("return { columns = { 'a' }, row = function() return { a = 1 } end }")
        text = NAP + "[mine.lua]\nexpect: { that: 'a == %d' }\n"
        self.run_scenario(text % 1)
        self.run_scenario(text % 2, code=3)
        self.assertIn("did you mean", self.run_scenario(
            text.replace("a ==", "tasks_okk ==") % 1, code=2).err)

    def test_quantiles_and_times_of_runs(self):
        self.hook("""return { columns = { "p50", "p100", "w", "runs_seen", "least" }, row = function(r)
  local times = r:times()
  table.sort(times)
  return { p50 = r:latency(0.5), p100 = r:latency(1), w = r:wait(0.99), runs_seen = #times,
           least = times[1] }
end }""")
        self.run_hooks()
        for row in self.summary():
            for own, known in (("p50", "task_p50_s"), ("p100", "task_max_s"), ("w", "wait_p99_s"),
                               ("runs_seen", "runs"), ("least", "elapsed_min_s")):
                self.assertAlmostEqual(float(row[own]), float(row[known]), 8, own)

    def test_tasks_of_each_worker(self):
        self.hook("""return { columns = { "counted", "of_all" }, row = function(r)
  local sum = 0
  for _, tasks in ipairs(r:tasks_by_worker()) do sum = sum + tasks end
  return { counted = #r:tasks_by_worker(), of_all = sum }
end }""")
        self.run_hooks()
        for row in self.summary():
            self.assertEqual(row["counted"], row["workers"])
            self.assertEqual(int(row["of_all"]), int(row["tasks"]) * int(row["runs"]))

    def test_rows_are_read_only(self):
        self.hook("return {\n  row = function(r)\n    r.elapsed_s = 0\n  end }")
        result = self.run_hooks(code=1)
        self.assertRegex(result.out, r"hook 'mine\.lua' failed: .*mine\.lua:3: results are read-only")

    def test_crashed_rows_have_no_figures(self):
        self.hook("return { columns = { 'a' }, row = function(r) "
                  "return { a = tostring(r.elapsed_s) .. tostring(r:latency(0.5)) .. r.status } end }")
        self.run_hooks(code=1, base="workloads: { bad: { type: fault, kind: segv, every: 1 } }\n"
                                    "executors: [thread]\ntasks: 1\nrepeat: 1\nhooks: ")
        self.assertEqual(self.summary()[0]["a"], "nilnilcrashed")


class Tables(Hooks):
    def test_csv_of_its_own(self):
        self.hook("""return { finish = function(results)
  local out = results.csv("own.csv", { "executor", "b", "c d" })
  for i, r in ipairs(results.rows) do
    out:row { r.executor, r.elapsed_s, ["c d"] = 'x,"' .. i .. '"\\r\\n' }
  end
  out:row { b = true }
  out:row { "=1+1", 2^60, -0.1 }
  assert(#results.rows == 5 and results.rows[6] == nil and results.rows[1].workload == "nap")
  assert(results.scenario == "it" and results.description == "a | b" and results.ncpu >= 1)
  results.text("note.txt", results.path)
end }""")
        # One of the six cells is merged: sequential has no workers.
        self.run_hooks(base=NAP.replace("[1, 2, 4]", "[1, 2, 3, 4]"))
        rows = self.own("own.csv")
        self.assertEqual(rows[0], ["executor", "b", "c d"])
        self.assertEqual([row[2] for row in rows[1:6]], [f'x,"{i}"\r\n' for i in range(1, 6)])
        self.assertEqual([row[0] for row in rows[1:6]], ["sequential"] + ["thread"] * 4)
        self.assertEqual(rows[6], ["", "true", ""])
        self.assertEqual(rows[7], ["'=1+1", "1152921500000000000", "-0.1"])
        self.assertTrue((self.folder() / "own.csv").read_bytes().endswith(b"\r\n"))
        self.assertTrue((self.tmp / (self.folder() / "note.txt").read_text()).samefile(self.folder()))

    def test_reading(self):
        (self.tmp / "before.csv").write_text('executor,limit_s,note\r\nthread,0.5,"a,b"\r\n,,\r\n')
        self.hook("""return { finish = function(results)
  local rows, header = results.read_csv("before.csv")
  assert(table.concat(header, " ") == "executor limit_s note")
  assert(#rows == 2 and rows[1].limit_s == 0.5 and rows[1].note == "a,b")
  assert(rows[2].executor == nil and rows[2].limit_s == nil)
  local runs = results.read_csv("runs.csv")
  assert(#runs == 2 * #results.rows and runs[1].elapsed_s > 0 and runs[1].workload == "nap")
end }""")
        self.run_hooks()

    def test_reading_what_is_not_there_or_not_csv(self):
        (self.tmp / "uneven.csv").write_text("a,b\n1\n")
        (self.tmp / "empty.csv").write_text("")
        for name, problem in (("no.csv", "No such file"), ("uneven.csv", "row 2 is not as wide"),
                              ("empty.csv", "is empty"), ("../it.yaml", "only files of the session"),
                              ("a/../../b", "only files of the session"),
                              ("/etc/passwd", "only files of the session")):
            self.hook(f"return {{ finish = function(r)\n\nr.read_csv('{name}') end }}")
            self.assertRegex(self.run_hooks(code=1).out, rf"mine\.lua:3: .*{problem}")

    def test_names_that_lead_elsewhere(self):
        for name in ("../x.csv", "/tmp/x.csv", "a/b.csv", "", ".hidden", "summary.csv", "run.json",
                     "-x", "x\\0y"):
            for call in (f"results.csv('{name}', {{ 'a' }})", f"results.text('{name}', '')"):
                self.hook(f"return {{ finish = function(results) {call} end }}")
                self.assertIn("mine.lua:1: cannot write '", self.run_hooks(code=1).out, call)
                self.assertEqual(self.names(), ["run.json", "runs.csv", "summary.csv"])

    def test_a_row_that_does_not_fit(self):
        for row, problem in (("{ x = 1 }", "no column x"), ("{ 1, 2, 3 }", "no column 3"),
                             ("{ a = {} }", "a field is a table value"), ("1", "table expected")):
            self.hook("return { finish = function(results)\n"
                      "local out = results.csv('own.csv', { 'a', 'b' })\n"
                      f"out:row({row}) end }}")
            self.assertRegex(self.run_hooks(code=1).out, rf"mine\.lua:3: .*{problem}")
            self.assertEqual(self.names(), ["run.json", "runs.csv", "summary.csv"])

    def test_twice_the_same_file(self):
        self.hook("return { finish = function(r) r.text('a', '') r.text('a', '') end }")
        self.assertIn("'a' is being written already", self.run_hooks(code=1).out)


class Wrong(Hooks):
    """Before anything runs: exit code 2, at the hook's place, with the script's file and line."""

    def errors(self, lua, *names):
        self.hook(lua)
        result = self.run_hooks(*names, code=2)
        self.assertFalse((self.tmp / "results").exists())
        self.assertRegex(result.err, r"it\.yaml:9:9: error: ")
        self.assertIn("hooks: [", result.err)
        return result.err

    def test_script(self):
        for lua, problem in (
                ("return {\n  row = = 1 }", r"mine\.lua:2: "),
                ("\nerror('no luck')", r"mine\.lua:2: no luck"),
                ("error({})", "table"),
                ("return 1", "returns a number value, not a table"),
                ("", "returns nothing"),
                ("return {}", "neither row nor finish"),
                ("return { row = 1 }", "row is a number value, not a function"),
                ("return { rows = print }", "no field 'rows'; did you mean 'row'?"),
                ("return { columns = { 'a' }, finish = print }", "no row to fill them"),
                ("return { columns = 1, row = print }", "columns is a number value"),
                ("return { columns = { {} }, row = print }", "a column needs a name"),
                ("return { columns = { 'a b' }, row = print }", "'a b' cannot be a column"),
                ("return { columns = { '' }, row = print }", "'' cannot be a column"),
                ("return { columns = { '1a' }, row = print }", "'1a' cannot be a column"),
                ("x = 1", "x"),
                ("return { row = io.open }", r"mine\.lua:1: "),
                ("while true do end", r"mine\.lua:1: the script takes too long"),
                ("local t = {} for i = 1, 1e9 do t[i] = ('x'):rep(1e6) .. i end",
                 "too much memory"),
                ("local function f() return 1 + f() end f()", "stack overflow")):
            self.assertRegex(self.errors(lua), problem.replace("?", r"\?"), lua)

    def test_columns_that_are_taken(self):
        for name, problem in (("elapsed_s", "one of conrun's own"), ("round", "conrun's own"),
                              ("expect", "conrun's own"), ("end", "a word of Lua"),
                              ("ncpu", "a meaning of its own"), ("latency", "meaning of its own")):
            err = self.errors(f"return {{ columns = {{ '{name}' }}, row = print }}")
            self.assertRegex(err, rf"mine\.lua: the column '{name}' .*{problem}")
        self.assertIn("'a' is declared twice",
                      self.errors("return { columns = { 'a', 'a' }, row = print }"))
        self.hook("return { columns = { 'a' }, row = print }")
        result = self.run_hooks("mine.lua", "mine.lua", code=2)
        self.assertIn("it.yaml:9:19: error: ", result.err)
        self.assertIn("'a' is declared twice", result.err)

    def test_swept_columns_and_metrics_are_taken(self):
        text = "workloads: { c: { type: counter, n: [1, 2] } }\nexecutors: [thread]\nhooks: mine.lua\n"
        for name in ("n", "lost_updates"):
            self.hook(f"return {{ columns = {{ '{name}' }}, row = print }}")
            self.assertIn(f"'{name}' is one of this scenario's", self.run_scenario(text, code=2).err)

    def test_missing(self):
        result = self.run_hooks("scalin", code=2)
        self.assertIn("it.yaml:9:9: error: there is no hook 'scalin'; looked for ", result.err)

    def test_plan_says_so_too(self):
        self.hook("return {}")
        self.assertEqual(self.conrun("plan", self.write(NAP + "mine.lua\n")).code, 2)


class Failing(Hooks):
    """At the end: exit code 1, the error in the report, all files of conrun's own whole."""

    def failure(self, lua, problem, **more):
        self.hook(lua)
        result = self.run_hooks(code=1, **more)
        self.assertRegex(result.out + result.err, r"hook 'mine\.lua' failed: " + problem)
        self.assertEqual(len(self.summary()), 4)
        self.assertEqual(len(self.runs()), 8)
        self.assertEqual({row["status"] for row in self.summary()}, {"ok"})
        self.assertEqual(self.names(), ["run.json", "runs.csv", "summary.csv"])
        return result

    def test_in_row(self):
        place = r".*mine\.lua:2: "
        for body, problem in (("error('no luck')", place + "no luck"),
                              ("return r.elapsed_s + nil", place + "attempt to perform arithmetic"),
                              ("return { b = 1 }", place + "row returned 'b', which is not among"),
                              ("return { 1 }", place + "row returned '1', which is not among"),
                              ("return 1", place + "row returned a number value, not a table"),
                              ("return { a = {} }", place + "row returned a table value for 'a'"),
                              ("while true do end", place + "the script takes too long"),
                              ("error()", "."), ("error({})", "."),
                              ("return { a = ('x'):rep(1 << 30) }", ".*too much memory")):
            self.failure(f"return {{ columns = {{ 'a' }},\nrow = function(r) {body} end,\n"
                         "finish = function(results) results.text('never', '') end }", problem)

    def test_in_finish(self):
        for body, problem in (("error('no luck')", "no luck"), ("while true do end", "too long"),
                              ("results.rows[1] = 1", "read-only")):
            self.failure("return { finish = function(results)\n"
                         "results.csv('own.csv', { 'a' }):row { 1 }\n"
                         f"{body} end }}", r".*mine\.lua:3: .*" + problem)

    def test_quiet_says_it_too(self):
        result = self.failure("return { row = function() error('no luck') end }", ".*no luck",
                              args=["--quiet"])
        self.assertEqual(result.out, "")
        self.assertIn("no luck", result.err)

    def test_the_others_go_on(self):
        self.hook("return { row = function() error('no luck') end }", "bad.lua")
        self.hook("return { columns = { 'a' }, row = function() return { a = 1 } end,\n"
                  "finish = function(results) results.text('here', '') end }", "good.lua")
        self.run_hooks("bad.lua", "good.lua", code=1)
        self.assertEqual({row["a"] for row in self.summary()}, {"1"})
        self.assertIn("here", self.names())
        hooks = json.loads((self.folder() / "run.json").read_text())["outcome"]["hooks"]
        self.assertIn("no luck", hooks[0]["error"])
        self.assertIsNone(hooks[1]["error"])

    def test_interrupted(self):
        self.hook("return { finish = function(results) results.text('never', '') "
                  "while true do end end }")
        path = self.write(NAP.replace("timeout: 2s", "timeout: 60s") + "mine.lua\n")
        process = harness.start(path, cwd=self.tmp)
        end = time.monotonic() + 30
        while time.monotonic() < end and not list(self.tmp.glob("results/it/*/*never*")):
            time.sleep(0.02)
        harness.interrupt(process)
        out, _ = process.communicate(timeout=30)
        self.assertEqual(process.returncode, 130)
        self.assertRegex(out.decode(), r"hook 'mine\.lua' failed: .*was interrupted")
        self.assertEqual(len(self.summary()), 4)
        self.assertEqual(self.names(), ["run.json", "runs.csv", "summary.csv"])

    def test_nothing_dangerous_is_there(self):
        self.hook("return { finish = function(results)\n"
                  "assert(not io and not os.execute and not os.remove and not debug)\n"
                  "assert(not package.loadlib and not dofile and not loadfile) end }")
        self.run_hooks()


class Shipped(Hooks):
    """lua/hooks, and what they rest on."""

    # The SPEC SDM 91 benchmark on a SPARCcenter 2000 and the coefficients that the R package usl
    # publishes for it (https://cran.r-project.org/package=usl, README).
    SPEC = [(1, 64.9), (18, 995.9), (36, 1652.4), (72, 1853.2), (108, 1828.9), (144, 1775.0),
            (216, 1702.2)]
    SPEC_FIT = {"lambda": 89.9952330, "sigma": 0.0277285, "kappa": 0.0001044}

    def fit(self, points):
        lua = ", ".join(f"{{ n = {n}, x = {x!r} }}" for n, x in points)
        self.hook(f"""local usl = require "usl"
return {{ finish = function(results)
  local names = {{ "lambda", "sigma", "kappa", "r2", "sse", "best", "why" }}
  local out = results.csv("fit.csv", names)
  local fit, why = usl.fit({{ {lua} }})
  if fit then fit.best = usl.best_workers(fit) end
  out:row(fit or {{ why = why }})
end }}""")
        self.run_hooks(base="workloads: { n: { type: noop } }\nexecutors: [sequential]\n"
                            "tasks: 1\nrepeat: 1\nhooks: ")
        header, row = self.own("fit.csv")
        return {name: value if name == "why" or not value else float(value)
                for name, value in zip(header, row)}

    @staticmethod
    def law(fit, n):
        return fit["lambda"] * n / (1 + fit["sigma"] * (n - 1) + fit["kappa"] * n * (n - 1))

    def squares(self, fit, points):
        return sum((x - self.law(fit, n)) ** 2 for n, x in points)

    def search(self, points):
        """Least squares by another way: lambda in closed form, the others by a shrinking grid."""
        def best_lambda(sigma, kappa):
            shape = [n / (1 + sigma * (n - 1) + kappa * n * (n - 1)) for n, _ in points]
            scale = sum(s * x for s, (_, x) in zip(shape, points)) / sum(s * s for s in shape)
            return {"lambda": scale, "sigma": sigma, "kappa": kappa}
        best = best_lambda(0, 0)
        steps = [0.1, 0.01]
        while steps[0] > 1e-10:
            around = [best_lambda(max(0, best["sigma"] + i * steps[0]),
                                  max(0, best["kappa"] + k * steps[1]))
                      for i in range(-3, 4) for k in range(-3, 4)]
            nearest = min(around, key=lambda fit: self.squares(fit, points))
            if self.squares(nearest, points) < self.squares(best, points):
                best = nearest
            else:
                steps = [step / 2 for step in steps]
        return best

    def test_published_fit(self):
        fit = self.fit(self.SPEC)
        self.assertAlmostEqual(fit["lambda"], self.SPEC_FIT["lambda"], 5)
        self.assertAlmostEqual(fit["sigma"], self.SPEC_FIT["sigma"], 7)
        self.assertAlmostEqual(fit["kappa"], self.SPEC_FIT["kappa"], 7)
        self.assertAlmostEqual(fit["best"], math.sqrt((1 - fit["sigma"]) / fit["kappa"]), 2)
        mean = sum(x for _, x in self.SPEC) / len(self.SPEC)
        total = sum((x - mean) ** 2 for _, x in self.SPEC)
        self.assertAlmostEqual(fit["r2"], 1 - self.squares(fit, self.SPEC) / total, 6)

    def test_least_squares(self):
        for points in (self.SPEC, [(1, 20), (4, 78), (8, 130), (12, 170), (16, 190), (24, 220)],
                       [(1, 100), (2, 210), (4, 430)], [(1, 9), (2, 5), (3, 4), (4, 2)]):
            fit, found = self.fit(points), self.search(points)
            self.assertGreaterEqual(min(fit["sigma"], fit["kappa"]), 0)
            self.assertLessEqual(fit["sse"], self.squares(found, points) * (1 + 1e-6) + 1e-9)

    def test_exact_law_is_found_again(self):
        for sigma, kappa in ((0.05, 0.0002), (0, 0.001), (0.3, 0), (0, 0), (1, 0)):
            law = {"lambda": 1000, "sigma": sigma, "kappa": kappa}
            fit = self.fit([(n, self.law(law, n)) for n in (1, 2, 4, 8, 16, 32, 64)])
            for name, value in law.items():
                self.assertAlmostEqual(fit[name], value, 6, law)
            self.assertEqual(fit["best"] == "", kappa == 0 and sigma < 1)

    def test_too_few_points(self):
        self.assertIn("fewer than three", self.fit([(1, 1), (2, 2), (2, 3)])["why"])

    def test_scaling(self):
        self.run_hooks("scaling")
        header, *rows = self.own("scaling.csv")
        rows = {row["executor"]: row for row in (dict(zip(header, row)) for row in rows)}
        self.assertEqual(list(rows), ["sequential", "thread"])
        self.assertIn("fewer than three", rows["sequential"]["note"])
        thread = rows["thread"]
        self.assertEqual((thread["points"], thread["tasks"]), ("3", "8"))
        self.assertEqual(thread["note"] == "", thread["best_workers"] != "")
        one = next(row for row in self.summary()
                   if (row["executor"], row["workers"]) == ("thread", "1"))
        ratio = float(thread["lambda_per_s"]) / float(one["throughput_per_s"])
        most = 10 if harness.sanitized() else 2  # three points of a busy machine
        self.assertTrue(1 / most < ratio < most, ratio)

    def test_pivot(self):
        self.run_hooks("pivot")
        header, *rows = self.own("pivot.csv")
        self.assertEqual(header, ["measure", "workers", "workload", "tasks", "runtime_s",
                                  "rate_per_s", "arrival", "sequential", "thread"])
        self.assertEqual([row[:2] for row in rows],
                         [[measure, workers] for measure in ("throughput_per_s", "elapsed_s")
                          for workers in ("1", "2", "4")])
        for summary in self.summary():
            line = next(row for row in rows if row[:2] == ["elapsed_s", summary["workers"]])
            self.assertAlmostEqual(float(line[header.index(summary["executor"])]),
                                   float(summary["elapsed_s"]), 7)

    def test_markdown(self):
        self.hook("return { columns = { 'mine' }, row = function() return { mine = 'a|b' } end }")
        self.run_hooks("mine.lua", "markdown")
        lines = (self.folder() / "results.md").read_text().splitlines()
        self.assertEqual(lines[:3], ["# it", "", "a \\| b"])
        self.assertTrue(lines[4].startswith("| workload | executor | workers | tasks | runs |"))
        self.assertTrue(lines[4].endswith(" | status | mine |"), lines[4])
        self.assertEqual(len(lines), 6 + 4)
        self.assertIn("| ok | a\\|b |", lines[6])


if __name__ == "__main__":
    unittest.main()
