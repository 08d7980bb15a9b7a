"""The command line: commands, options, exit codes, and words that help."""

import unittest

from harness import Case

SCENARIO = """
workloads: { nap: { type: sleep, duration: 1ms } }
executors: [sequential, thread]
workers: [1, 2]
tasks: 3
repeat: 2
warmup: 1
timeout: 5s
"""


class CommandLine(Case):
    def assert_usage(self, args, *words):
        result = self.conrun(*args)
        self.assertEqual(result.code, 2, result)
        self.assertEqual(result.out, "")
        self.assertTrue(result.err.startswith("conrun: error: "), result.err)
        for word in words:
            self.assertIn(word, result.err)
        self.assertFalse((self.tmp / "results").exists())

    def test_nothing_given_is_help_and_an_error(self):
        result = self.conrun()
        self.assertEqual(result.code, 2)
        self.assertIn("usage: conrun FILE", result.err)

    def test_help(self):
        for args in (["help"], ["--help"], ["-h"]):
            result = self.conrun(*args)
            self.assertEqual((result.code, result.err), (0, ""))
            for word in ("run ", "plan ", "list ", "version ", "--output DIR", "--dry-run"):
                self.assertIn(word, result.out)
        for args in (["help", "plan"], ["plan", "--help"], ["--help", "plan", "file.yaml"]):
            result = self.conrun(*args)
            self.assertEqual((result.code, result.err), (0, ""))
            self.assertIn("usage: conrun plan FILE", result.out)
            self.assertIn("--all", result.out)

    def test_version_names_the_parts(self):
        for args in (["version"], ["--version"]):
            result = self.conrun(*args)
            self.assertEqual((result.code, result.err), (0, ""))
            self.assertRegex(result.out, r"^conrun \d+\.\d+\.\d+\n")
            for part in ("libyaml", "libcsv", "lua", "jansson", "compiler", "build", "optional parts"):
                self.assertRegex(result.out, rf"(?m)^  {part} \S")

    def test_did_you_mean(self):
        self.assert_usage(["pln", "x.yaml"], "unknown command 'pln'", "did you mean 'plan'?")
        self.assert_usage(["--ouput", "x"], "unknown option '--ouput'", "did you mean '--output'?")
        self.assert_usage(["list", "thred_pool"], "did you mean 'thread_pool'?")
        self.assert_usage(["zzzzzz"], "'zzzzzz' is neither a command nor a file")

    def test_a_key_of_the_scenario_as_an_option(self):
        self.assert_usage(["it.yaml", "--workers", "4"], "unknown option '--workers'; ",
                          ": --set workers=4")
        self.assert_usage(["it.yaml", "--tasks=4"], ": --set tasks=4")
        self.assert_usage(["it.yaml", "--runtime", "--quick"], ": --set runtime=…")
        self.assert_usage(["it.yaml", "--timeout"], ": --set timeout=…")

    def test_letters(self):
        for letter in ("-v", "-V"):
            self.assert_usage([letter], "did you mean '--version'?")
        self.assert_usage(["-e"], "see 'conrun help'")

    def test_pointers_to_lists(self):
        for word in ("scenarios", "columns", "workloads", "thread_pool"):
            self.assert_usage([word], f"'{word}' is no command; see 'conrun list {word}'")
            self.assert_usage(["help", word], f"see 'conrun list {word}'")
            self.assertEqual(self.conrun("list", word).code, 0)

    def test_scripts_and_scenarios(self):
        self.write("return { task = function() return 1 end }\n", "it.lua")
        for args in (["it.lua"], ["plan", "it.lua"]):
            self.assert_usage(args, "'it.lua' is a Lua script and no scenario; see 'conrun list "
                              "it.lua'", "conrun init NAME --lua")
        self.write(SCENARIO)
        self.assert_usage(["list", "it.yaml"], "'it.yaml' is a scenario; see 'conrun plan it.yaml'")

    def test_a_dry_run_is_called_as_it_was(self):
        self.assert_usage(["run", "-n"], "usage: conrun run FILE")
        self.assert_usage(["-n"], "usage: conrun run FILE")

    def test_endings_are_not_compared(self):
        for name in ("o1.yaml", "demo.yaml"):
            self.write(SCENARIO, name)
        self.assertNotIn("did you mean", self.conrun("check", "nope.yaml").out)
        self.assertIn("did you mean 'demo.yaml'?", self.conrun("check", "dmeo.yml").out)
        self.assertIn("did you mean 'demo.yaml'?", self.conrun("check", "./demo").out.replace("./", ""))

    def test_wrong_use(self):
        self.assert_usage(["--output"], "option '--output' needs a value: DIR")
        self.assert_usage(["--quiet=yes", "x.yaml"], "option '--quiet' takes no value")
        self.assert_usage(["list", "--output", "x"], "'--output' does not apply to 'conrun list'")
        self.assert_usage(["plan"], "usage: conrun plan FILE")
        self.assert_usage(["version", "x"], "usage: conrun version")

    def test_missing_scenario(self):
        result = self.conrun("nowhere.yaml")
        self.assertEqual(result.code, 2)
        self.assertIn("nowhere.yaml", result.err)
        self.assertFalse((self.tmp / "results").exists())

    def test_a_bad_scenario_stops_all_before_the_first_run(self):
        good, bad = self.write(SCENARIO), self.write("workloads: { x: { type: nope } }", "bad.yaml")
        result = self.conrun(good, bad)
        self.assertEqual(result.code, 2)
        self.assertIn("bad.yaml:1:", result.err)
        self.assertFalse((self.tmp / "results").exists())

    def test_several_files_and_another_folder(self):
        first, second = self.write(SCENARIO, "a.yaml"), self.write(SCENARIO, "b.yaml")
        result = self.conrun("run", first, "--output=out/deep", "--", second)
        self.assertEqual(result.code, 0, result.err)
        self.assertTrue((self.tmp / "out/deep/a.csv").exists())
        self.assertTrue((self.tmp / "out/deep/b.csv").exists())
        self.assertFalse((self.tmp / "results").exists())

    def test_quiet_says_nothing(self):
        result = self.conrun("-q", self.write(SCENARIO))
        self.assertEqual(result, (0, "", ""))
        self.assertEqual(len(self.summary()), 3)


class List(Case):
    def test_all(self):
        result = self.conrun("list")
        self.assertEqual((result.code, result.err), (0, ""))
        for name in ("noop", "sleep", "primes", "sequential", "thread_pool", "process"):
            self.assertRegex(result.out, rf"(?m)^  {name} +\S")

    def test_one_workload(self):
        out = self.conrun("list", "counter").out
        self.assertIn("counter (workload)", out)
        self.assertRegex(out, r"(?m)^  sync +choice +mutex +none, mutex, spinlock")
        self.assertRegex(out, r"(?m)^  lost_updates +\S")

    def test_one_executor(self):
        out = self.conrun("list", "thread_pool").out
        self.assertIn("thread_pool (executor)", out)
        self.assertRegex(out, r"(?m)^  chunk +\S")


class Plan(Case):
    def test_prints_cells_and_runs_nothing(self):
        path = self.write(SCENARIO)
        plan = self.conrun("plan", path)
        self.assertEqual((plan.code, plan.err), (0, ""))
        self.assertEqual(self.conrun("--dry-run", path), plan)
        self.assertFalse((self.tmp / "results").exists())
        self.assertRegex(plan.out, r"(?m)^x[0-9a-f]{16} +nap +sequential +1 +3 +2 \+1 +5s$")
        self.assertIn("3 experiments, 9 runs, 3 of them warm-ups", plan.out)
        self.assertIn("1 cell merged", plan.out)
        self.assertRegex(plan.out, r"estimate: .* from known times; at most 45s \(timeouts\)")

    def test_estimate_knows_the_last_run(self):
        path = self.write("""
workloads: { count: { type: count, n: 1000 } }
executors: [sequential, thread]
tasks: 2
repeat: 2
timeout: 5s
""")
        self.assertRegex(self.conrun("plan", path).out, "4 of 4 runs unknown; at most 20s")
        self.assertEqual(self.conrun(path).code, 0)
        after = self.conrun("plan", path).out
        self.assertIn("from the last run's figures", after)
        self.assertNotIn("unknown", after)
        (self.tmp / "results/it.csv").write_text('not,a\n"summary')
        self.assertIn("4 of 4 runs unknown", self.conrun("plan", path).out)

    def test_long_plans_are_cut(self):
        path = self.write("""
workloads: { none: { type: noop } }
executors: [thread]
workers: { from: 1, to: 250, step: 1 }
tasks: 1
""")
        short, full = self.conrun("plan", path).out, self.conrun("plan", path, "--all").out
        self.assertEqual(short.count("\nx"), 200)
        self.assertIn("50 more; --all prints them", short)
        self.assertEqual(full.count("\nx"), 250)

    def test_budget_ends_the_session(self):
        path = self.write("""
workloads: { nap: { type: sleep, duration: 60ms } }
executors: [sequential]
tasks: [1, 2]
repeat: 100
order: batch
budget: 300ms
""")
        result = self.conrun(path)
        self.assertEqual(result.code, 1, result)
        self.assertIn("budget", result.out)
        first, second = self.summary()
        self.assertEqual((first["status"], second["status"]), ("ok", "interrupted"))
        self.assertTrue(1 <= int(first["runs"]) <= 5, first["runs"])
        self.assertEqual((second["runs"], second["elapsed_s"]), ("0", ""))
        self.assertIn("budget", second["error"])


if __name__ == "__main__":
    unittest.main()
