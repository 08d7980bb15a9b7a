"""Runs until a figure is known well enough: `repeat: { min, max, until_ci }`, and what rows say of
their scatter."""

import re

import harness

CALM = """
workloads: { nap: { type: sleep, duration: 20ms } }
executors: [thread, thread_pool]
workers: 1
tasks: 1
"""
# Tasks that differ from run to run: the process's own clock decides how long they take.
WILD = """
workloads: { wild: { type: lua, script: wild.lua } }
executors: [sequential, thread_pool]
workers: 1
tasks: 1
"""
WILD_SCRIPT = """
return { task = function(_, _, w)
  local ns = math.floor(w.now() * 1e9)
  w.sleep(string.format("%dms", 1 + ns // 1000 % 40))
end }
"""


class Repeats(harness.Case):
    def rows(self, scenario, *args, code=0):
        result = self.conrun(self.write(scenario, "it.yaml"), *args)
        self.assertEqual(result.code, code, result.err + result.out)
        return self.summary("it"), result

    def test_a_calm_figure_needs_the_least(self):
        rows, _ = self.rows(CALM + "repeat: { min: 7, max: 50, until_ci: 100% }\n")
        self.assertEqual({(row["runs"], row["stop_reason"]) for row in rows}, {("7", "until_ci")})

    def test_the_plan_says_at_least_and_at_most(self):
        path = self.write(CALM + "repeat: { min: 7, max: 50, until_ci: 1% }\n", "it.yaml")
        plan = self.conrun("plan", path).out
        found = re.search(r"^(\d+) experiments?, (\d+)–(\d+) runs$", plan, re.M)
        self.assertTrue(found, plan)
        cells, least, most = map(int, found.groups())
        self.assertEqual((least, most), (7 * cells, 50 * cells))

    def test_a_wild_figure_takes_all_that_is_allowed(self):
        self.write(WILD_SCRIPT, "wild.lua")
        rows, _ = self.rows(WILD + "repeat: { max: 9, until_ci: 0.01% }\n")
        self.assertEqual({(row["runs"], row["stop_reason"]) for row in rows}, {("9", "max")})

    def test_rounds_are_whole(self):
        """One wild cell keeps the calm ones running, and each says why it ended."""
        self.write(WILD_SCRIPT, "wild.lua")
        rows, _ = self.rows("""
workloads: { nap: { type: sleep, duration: 50ms }, wild: { type: lua, script: wild.lua } }
executors: [sequential]
tasks: 1
repeat: { min: 6, max: 10, until_ci: 4% }
""")
        self.assertEqual([row["runs"] for row in rows], ["10", "10"])
        self.assertEqual(rows[1]["stop_reason"], "max")

    def test_one_after_the_other_each_for_itself(self):
        self.write(WILD_SCRIPT, "wild.lua")
        rows, _ = self.rows("""
workloads: { nap: { type: sleep, duration: 50ms }, wild: { type: lua, script: wild.lua } }
executors: [sequential]
tasks: 1
order: batch
repeat: { min: 6, max: 10, until_ci: 30% }
""")
        self.assertEqual(rows[0]["runs"], "6")
        self.assertEqual(rows[0]["stop_reason"], "until_ci")

    def test_an_override_is_a_fixed_number(self):
        rows, _ = self.rows(CALM + """
repeat: { min: 6, max: 8, until_ci: 0.01% }
overrides: [{ when: { executor: thread }, set: { repeat: 2 } }]
""")
        self.assertEqual((rows[0]["runs"], rows[0]["stop_reason"]), ("2", "repeats"))
        self.assertEqual(rows[1]["runs"], "8")

    def test_what_cannot_succeed_is_not_repeated(self):
        rows, _ = self.rows("""
workloads: { broken: { type: fault, kind: error } }
executors: [sequential]
tasks: 1
repeat: { min: 6, max: 1000, until_ci: 1% }
""", code=1)
        self.assertEqual((rows[0]["runs"], rows[0]["stop_reason"]), ("6", "repeats"))

    def test_the_budget_ends_it(self):
        rows, result = self.rows(CALM + """
repeat: { min: 1000, max: 1000000, until_ci: 0.01% }
budget: 300ms
""")
        self.assertEqual({row["stop_reason"] for row in rows}, {"budget"})
        self.assertIn("the budget is used up", result.out)

    def test_the_plan_says_from_and_to(self):
        result = self.conrun("plan", self.write(
            CALM + "repeat: { min: 6, max: 8, until_ci: 1% }\n", "it.yaml"))
        self.assertRegex(result.out, r"(?m)^.* 6–8 .*$")

    def test_a_rate_counts_where_a_runtime_decides(self):
        rows, _ = self.rows("""
workloads: { nap: { type: sleep, duration: 1ms } }
executors: [thread_pool]
workers: 1
runtime: 30ms
repeat: { min: 6, max: 7, until_ci: 100% }
""")
        self.assertEqual(rows[0]["stop_reason"], "until_ci")
        self.assertLess(float(rows[0]["mad_share"]), 1)


class Scatter(harness.Case):
    def test_columns(self):
        """The share of the median is that of the runs, whatever they were."""
        result = self.conrun(self.write(CALM + "repeat: 9\n", "it.yaml"))
        self.assertEqual(result.code, 0, result.err)
        runs = self.runs("it")
        for row in self.summary("it"):
            times = sorted(float(run["elapsed_s"]) for run in runs
                           if run["experiment"] == row["experiment"])
            median = times[4]
            mad = sorted(abs(time - median) for time in times)[4]
            self.assertAlmostEqual(float(row["mad_share"]), mad / median, places=6)
            outliers = sum(0.6745 * abs(time - median) > 3.5 * mad for time in times)
            self.assertEqual(int(row["outliers"]), outliers)

    def test_a_slow_first_run_is_named_with_its_remedy(self):
        """The first run of the cell finds no file and is the slow one."""
        marker = self.tmp / "marker"
        self.write(f"""
return {{ task = function(_, _, w)
  local warm = pcall(w.read, "{marker}")
  if not warm then w.write("{marker}", "x") end
  w.sleep(warm and "5ms" or "300ms")
end }}
""", "cold.lua")
        scenario = self.write("""
workloads: { cold: { type: lua, script: cold.lua } }
executors: [sequential]
tasks: 1
repeat: 7
""", "it.yaml")
        result = self.conrun(scenario, "--allow-exec")
        self.assertEqual(result.code, 0, result.err)
        row, = self.summary("it")
        self.assertIn("warm_up", row["trend"])
        self.assertGreaterEqual(int(row["outliers"]), 1)
        self.assertGreater(float(row["elapsed_max_s"]), 0.3)  # flagged, not removed

    def test_noise_columns_are_seconds(self):
        result = self.conrun(self.write(CALM, "it.yaml"))
        self.assertEqual(result.code, 0, result.err)
        for run in self.runs("it"):
            for column in ("steal_s", "throttled_s", "pressure_s", "others_cpu_s"):
                self.assertRegex(run[column], r"^(\d+(\.\d+)?)?$", column)
            self.assertTrue(re.fullmatch(r"((steal|throttled|busy|queued)( |$))*", run["noise"]))
