"""`expect`: what is checked before anything runs, what is judged at the end, and the exit code."""

import json
import unittest

import harness

NAP = """workloads: {{ nap: {{ type: sleep, duration: 1ms }} }}
executors: [sequential, thread]
workers: 2
tasks: 4
repeat: 1
expect:
{}
"""


def scenario(*expects):
    return NAP.format("\n".join(f"  - {expect}" for expect in expects))


class Wrong(harness.Case):
    """Errors before anything runs: exit code 2, file, line and column, nothing written."""

    def errors(self, text, command=None):
        path = self.write(text)
        result = self.conrun(*([command] if command else []), path)
        self.assertEqual(result.code, 2, result.err + result.out)
        self.assertFalse((self.tmp / "results").exists())
        return result.err

    def test_unknown_name(self):
        for command in (None, "plan"):
            err = self.errors(scenario('that: "elapsd_s < 1"'), command)
            self.assertIn("it.yaml:7:11: error: 'elapsd_s' is no column of this scenario's results;"
                          " did you mean 'elapsed_s'?", err)
            self.assertIn("allowed: ncpu, scenario,", err)

    def test_all_at_once(self):
        err = self.errors(scenario('that: "nothing == 1 and nowhere"', 'that: "speedup >"',
                                   'that: "cwd_depth == 1"'))
        for problem in ("7:11: error: 'nothing'", "7:11: error: 'nowhere'",
                        "8:11: error: 'speedup >' is no Lua expression: ",
                        "9:11: error: 'cwd_depth'"):
            self.assertIn(problem, err)

    def test_no_library_is_there(self):
        for name in ("os", "io", "print", "string", "math", "_G", "_ENV", "require", "load"):
            self.assertIn(f"'{name}' is no column", self.errors(scenario(f'that: "{name} ~= nil"')))

    def test_columns_of_other_plans(self):
        # gil_wait_s is a column only where the option is on, and duration_s only where it is swept.
        for name in ("gil_wait_s", "duration_s", "round", "expect"):
            self.assertIn(f"'{name}' is no column", self.errors(scenario(f'that: "{name} == 1"')))

    def test_form(self):
        for expect, problem in (
                ("when: { executor: thread }", "has no 'that'"),
                ("{ that: [1], name: x }", "'that' must be a single value, not a list"),
                ("{ that: 'true', because: x }", "unknown key 'because'"),
                ("{ that: 'true', when: { executer: thread } }", "did you mean 'executor'?"),
                ("{ that: 'true', when: {} }", "would match everything"),
                ("{ that: 'true', name: }", "'name' has no value"),
                ("{ that: '' }", "no Lua expression"),
                ("text", "must be a mapping")):
            err = self.errors(scenario(expect))
            self.assertIn(problem, err, expect)
            self.assertRegex(err, r"it\.yaml:7:\d+: error: ")

    def test_slips_have_a_remedy(self):
        for that, problem in (
                ("task_p99_s < 5ms", "columns are in seconds: write 0.005 instead of 5ms"),
                ("workers = 2", "write == instead of ="),
                ("status == failed", 'text stands in quotes: "failed"'),
                ("status == failt", "no column of this scenario's results\n"),
                ("workers == 2ncpu", "write for instance elapsed_s < 1.5\n")):
            self.assertIn(problem, self.errors(scenario(f'that: "{that}"')))

    def test_when_that_matches_nothing_is_a_warning(self):
        result = self.run_scenario(scenario("{ when: { workers: 7 }, that: 'false' }"))
        self.assertRegex(result.err, r"it\.yaml:7:\d+: warning: this when matches no cell")
        self.assertIn("expectations: 0 of 1 hold, 1 had no row to judge", result.out)
        self.assertEqual({row["expect"] for row in self.summary()}, {""})


class Judged(harness.Case):
    def expect_of(self):
        return {row["executor"]: row["expect"] for row in self.summary()}

    def test_all_hold(self):
        result = self.run_scenario(scenario(
            'that: "tasks_ok == tasks and tasks_failed == 0 and status == \'ok\'"',
            '{ when: { executor: thread }, that: "workers == 2 and ncpu >= 1" }'))
        self.assertIn("\nexpectations: 2 of 2 hold\n", result.out)
        self.assertNotIn("not as expected", result.out)
        self.assertEqual(self.expect_of(), {"sequential": "passed", "thread": "passed"})

    def test_only_matching_rows_are_judged(self):
        self.run_scenario(scenario('{ when: { executor: thread }, that: "tasks_ok == 4" }'))
        self.assertEqual(self.expect_of(), {"sequential": "", "thread": "passed"})

    def test_one_that_fails(self):
        result = self.run_scenario(scenario(
            'that: "tasks_ok == 4"',
            '{ name: quick enough, when: { executor: thread }, '
            'that: "elapsed_s < 0.000001 and noise ~= \'x\'" }'), code=3)
        self.assertRegex(result.out, r"not as expected: quick enough \(line 8\)\n"
                                     r"  nap · thread ×2: elapsed_s 0\.\d+, noise '.*'\n")
        self.assertIn("expectations: 1 of 2 hold", result.out)
        self.assertEqual(self.expect_of(), {"sequential": "passed", "thread": "failed"})
        expect = json.loads((self.folder() / "run.json").read_text())["outcome"]["expect"]
        self.assertEqual([(one["name"], one["rows"], one["failed"]) for one in expect],
                         [(None, 2, 0), ("quick enough", 1, 1)])

    def test_quiet(self):
        result = self.run_scenario(scenario('that: "false"'), "--quiet", code=3)
        self.assertEqual((result.out, result.err), ("", ""))

    def test_unknown_figure_fails(self):
        result = self.run_scenario(scenario('that: "elapsed_ci_low_s > 0"'), code=3)
        self.assertIn(": elapsed_ci_low_s is unknown\n", result.out)
        self.run_scenario(scenario('that: "elapsed_ci_low_s == nil or elapsed_ci_low_s > 0"'))

    def test_what_a_row_may_not_have_is_no_mistake(self):
        """Nothing is known of the rows yet: an unknown answer may be one for those it is for."""
        for that in ('executor:match("sequen") and tasks_ok > 1',
                     '({["sequential"] = true, ["thread"] = true})[executor]'):
            check = self.conrun("check", self.write(scenario(f"that: '{that}'")))
            self.assertEqual((check.code, check.err), (0, ""), check.out)

    def test_what_is_no_answer_fails(self):
        # Of some rows only, and so not seen before.
        result = self.run_scenario(scenario('that: "workers == 1 or workers"',
                                            'that: "executor == \'text\' or executor < 1"'), code=3)
        self.assertIn("its value is a number, not true or false", result.out)
        self.assertIn("attempt to compare", result.out)

    def test_endless_expression_ends(self):
        result = self.run_scenario(
            scenario('that: "(function() while true do end end)()"'), code=3)
        self.assertIn("the script takes too long", result.out)

    def test_swept_columns_and_booleans(self):
        self.run_scenario("""workloads: { nap: { type: sleep, duration: [1ms, 2ms] } }
executors: [{ type: thread, gil: [true, false] }]
workers: 1
tasks: 1
expect:
  - that: "elapsed_s >= duration_s"
  - that: "gil == (executor == 'thread[gil]')"
""")

    def test_large_checksums_are_exact(self):
        text = """workloads: { sum: { type: sum_squares, n: 10_000_000 } }
executors: [sequential]
tasks: 4
repeat: 1
expect:
"""
        checksum = 4 * ((10**7 - 1) * 10**7 * (2 * 10**7 - 1) // 6) % 2**64
        self.run_scenario(text + f'  - that: "checksum == {checksum}"\n')
        self.run_scenario(text + f'  - that: "checksum == {checksum + 1}"\n', code=3)

    def test_crash_that_is_expected(self):
        # It is as expected, and still a run that is not ok.
        text = """workloads: { bad: { type: fault, kind: segv, every: 2 } }
executors: [thread]
workers: 2
tasks: 4
repeat: 1
expect:
  - that: "status == 'crashed' and error:find('SIGSEGV') ~= nil and elapsed_s == nil"
"""
        result = self.run_scenario(text, code=1)
        self.assertIn("expectations: 1 of 1 hold", result.out)
        self.assertEqual(self.summary()[0]["expect"], "passed")

    def test_what_could_not_be_run_has_no_figures_to_judge(self):
        text = """workloads: { nothing: { type: noop } }
executors: [thread_pool]
workers: [1, 1_000_000]
tasks: 4
repeat: 1
expect:
  - that: "tasks_failed == 0"
  - { when: { workers: 1_000_000 }, that: "elapsed_s > 1000" }
  - { when: { workers: 1_000_000 }, that: "status == 'skipped_limit'" }
  - { when: { workers: 1_000_000 }, that: "status == 'ok'", name: room for all }
"""
        result = self.run_scenario(text, code=1)
        self.assertIn("not judged: tasks_failed == 0 (line 7): 1 of 2 rows was not run\n"
                      "not judged: elapsed_s > 1000 (line 8): 1 of 1 rows was not run\n"
                      "not as expected: room for all (line 10)\n", result.out)
        self.assertIn("expectations: 2 of 4 hold, 1 had no row to judge\n", result.out)
        self.assertEqual([row["expect"] for row in self.summary()], ["passed", "failed"])

    def test_a_run_that_is_not_ok_is_graver(self):
        text = """workloads: { bad: { type: fault, kind: segv, every: 2 } }
executors: [thread]
tasks: 4
repeat: 1
expect: { that: "status == 'ok'" }
"""
        self.run_scenario(text, code=1)
        self.assertEqual(self.summary()[0]["expect"], "failed")

    def test_several_scenarios_have_the_gravest_code(self):
        crash = self.write("workloads: { bad: { type: fault, kind: segv, every: 1 } }\n"
                           "executors: [thread]\ntasks: 1\nrepeat: 1\n", "crash.yaml")
        miss = self.write(scenario('that: "false"'), "miss.yaml")
        good = self.write(scenario('that: "true"'), "good.yaml")
        for files, code in (((crash, miss), 1), ((miss, crash), 1), ((good, miss), 3),
                            ((miss, good), 3), ((good,), 0)):
            self.assertEqual(self.conrun(*files).code, code, files)

    def test_column_is_always_there(self):
        self.run_scenario(NAP.split("expect:")[0].format())
        self.assertEqual({row["expect"] for row in self.summary()}, {""})


if __name__ == "__main__":
    unittest.main()
