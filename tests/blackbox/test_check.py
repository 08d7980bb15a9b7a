"""`conrun check`: what a run would refuse, what is odd, and how editors are told of it."""

import json
import re
import resource
import unittest

import harness

BAD = harness.SOURCE / "tests" / "bad"
GALLERY = harness.SOURCE / "scenarios"
NAP = "workloads: { nap: { type: sleep, duration: 10ms } }\n"
GOOD = NAP + "executors: [thread]\nworkers: 2\n"

FIELDS = {"file", "line", "column", "end_column", "severity", "message", "note", "source"}


def few_descriptors():
    resource.setrlimit(resource.RLIMIT_NOFILE, (256, 256))


class Check(harness.Case):
    def check(self, *args, code=0, **more):
        result = self.conrun("check", *args, **more)
        self.assertEqual(result.code, code, result.out + result.err)
        self.assertFalse((self.tmp / "results").exists(), "something was run")
        return result

    def found(self, *args, code=0, **more):
        """What --json says."""
        result = self.check("--json", *args, code=code, **more)
        self.assertEqual(result.err, "")
        items = json.loads(result.out)
        for item in items:
            self.assertEqual(item.keys(), FIELDS)
            self.assertIn(item["severity"], ("error", "warning", "note"))
            self.assertEqual(item["line"] is None, item["column"] is None)
            self.assertNotIn("\n", item["message"])
        return items


class Answers(Check):
    """The command itself: what it says of good and bad files, and how it ends."""

    def test_a_good_file(self):
        result = self.check(self.write(GOOD))
        self.assertEqual(result.out, f"{self.tmp}/it.yaml: ok, 1 experiment, 3 runs\n")
        self.assertEqual(result.err, "")
        self.assertEqual(self.check("it.yaml", "--quiet").out, "")
        self.assertEqual(self.found("it.yaml"), [])

    def test_a_bad_file(self):
        self.write(GOOD + "worker: 1\nrepeat: 0\n")
        result = self.check("it.yaml", code=2)
        self.assertIn("it.yaml:4:1: error: unknown key 'worker'", result.out)
        self.assertIn("    4 | worker: 1\n      | ^\n", result.out)
        self.assertTrue(result.out.endswith("it.yaml: wrong, 2 errors\n"), result.out)
        self.assertEqual(result.err, "")

    def test_many_files(self):
        self.write(GOOD, "a.yaml")
        self.write(GOOD + "worker: 1\n", "b.yaml")
        self.write(GOOD, "c.yaml")
        result = self.check("a.yaml", "b.yaml", "c.yaml", code=2)
        lines = result.out.splitlines()
        self.assertEqual(lines[0], "a.yaml: ok, 1 experiment, 3 runs")
        self.assertEqual(lines[-3:], ["b.yaml: wrong, 1 error",
                                      "c.yaml: ok, 1 experiment, 3 runs",
                                      "3 files: 2 ok, 1 wrong"])
        self.assertEqual({item["file"] for item in self.found(".", code=2)}, {"./b.yaml"})
        self.assertEqual(self.check("a.yaml", "c.yaml").out.splitlines()[-1],
                         "2 files: 2 ok, 0 wrong")

    def test_files_that_are_not_there(self):
        self.write(GOOD, "io.yaml")
        [item] = self.found("ioo.yaml", code=2)
        self.assertEqual(item["message"], "no such file; did you mean 'io.yaml'?")
        self.assertEqual((item["line"], item["end_column"], item["note"]), (None, None, None))
        (self.tmp / "empty").mkdir()
        result = self.conrun("check", "empty")
        self.assertEqual((result.code, result.out), (2, ""))
        self.assertIn("'empty' has no scenario", result.err)

    def test_standard_input(self):
        path = self.write(GOOD + "worker: 1\n")
        with open(path, encoding="utf-8") as file:
            done = harness.subprocess.run(
                harness.arguments(["check", "-"]), cwd=self.tmp, stdin=file,
                env=harness.environment(), capture_output=True, timeout=60, check=False)
        self.assertEqual(done.returncode, 2)
        self.assertIn(b"-:4:1: error: unknown key", done.stdout)

    def test_colour_on_a_terminal(self):
        path = self.write(GOOD + "worker: 1\n")
        self.assertIn("\x1b[1;31merror:", self.conrun("check", path, tty=True).out)
        plain = self.conrun("check", path, tty=True, env={"NO_COLOR": "1"})
        self.assertNotIn("\x1b[1;31m", plain.out)

    def test_what_a_plan_refuses(self):
        self.write(GOOD + "exclude: [{ executor: thread }]\n")
        [item] = [item for item in self.found("it.yaml", code=2) if item["severity"] == "error"]
        self.assertEqual(item["message"], "nothing is left to run: the excludes drop the only cell")
        self.assertEqual((item["line"], item["column"]), (4, 11))
        self.assertIn("say more in a rule", item["note"])

    def test_an_expectation_that_is_no_condition(self):
        for that, value in (("speedup", "a number"), ("tasks_failed", "a number"),
                            ("ncpu * 2", "a number"), ("status", "a string")):
            self.write(GOOD + f"expect: [{{ that: {that} }}]\n")
            [item] = self.found("it.yaml", code=2)
            self.assertEqual((item["line"], item["column"]), (4, 18))
            self.assertIn(f"'{that}' is no condition: its value is {value}, not true or false; "
                          "write for instance ", item["message"])
        self.write("return { columns = { fine = 'is it?' }, "
                   "row = function() return { fine = true } end }\n", "mine.lua")
        for that in ("status ~= 'ok' or speedup > 0", "speedup and speedup > 0",
                     "(tasks // (workers - 1)) > 0", "fine"):
            self.write(GOOD + f"hooks: mine.lua\nexpect: [{{ that: \"{that}\" }}]\n")
            self.assertEqual(self.found("it.yaml"), [], that)

    def test_what_hooks_and_expectations_refuse(self):
        self.write("return { columns = 3 }\n", "mine.lua")
        self.write(GOOD + "hooks: [mine.lua]\nexpect: [{ that: elapsed > 1 }]\n")
        lines = {item["line"] for item in self.found("it.yaml", code=2)}
        self.assertEqual(lines, {4, 5})

    def test_the_command_line_counts(self):
        self.write(GOOD)
        self.check("it.yaml", "--set", "workers=[1,2,4]", "--repeat", "5")
        self.assertIn("3 experiments, 15 runs",
                      self.check("it.yaml", "--set", "workers=[1,2,4]", "--repeat", "5").out)
        [item] = self.found("it.yaml", "--set", "workers=[1,a]", code=2)
        self.assertEqual(item["source"], "--set workers=[1,a]")
        self.assertEqual(item["file"], "it.yaml")
        place = item["source"].index("workers") + item["column"] - 1
        self.assertEqual(item["source"][place:place + item["end_column"] - item["column"]], "a")


    def test_a_wrong_command_line_as_json(self):
        self.write(GOOD)
        (self.tmp / "empty").mkdir()
        for args, words in ((("it.yaml", "--set", "foo"), "'--set foo' is not KEY=VALUE"),
                            (("empty",), "'empty' has no scenario")):
            [item] = self.found(*args, code=2)
            self.assertIn(words, item["message"])
            self.assertEqual(item["severity"], "error")
            self.assertEqual((item["file"], item["source"]), (None, None))

    def test_filters_that_no_file_has_cells_for(self):
        self.write(GOOD, "a.yaml")
        self.write(GOOD, "b.yaml")
        files = ("a.yaml", "b.yaml")
        for word, message in (("workers=77", "no cell has workers=77"),
                              ("exeutor=async", "did you mean 'executor'?")):
            result = self.check(*files, "--filter", word, code=2)
            self.assertIn(f"--filter {word}:1: error: ", result.out)
            self.assertIn(message, result.out)
            [item] = [item for item in self.found(*files, "--filter", word, code=2)
                      if item["severity"] == "error"]
            self.assertIn(message, item["message"])
            self.assertEqual(item["source"], "--filter " + word)

    def test_a_file_of_faults_is_read_in_good_time(self):
        count = 90_000
        self.write(NAP + "executors: [thread]\nworkers: [" + "a," * count + "a]\n")
        items = self.found("it.yaml", code=2, timeout=10)
        self.assertEqual(len(items), 101)
        self.assertEqual([item["column"] for item in items[:3]], [11, 13, 15])
        self.assertEqual(items[-1]["message"], f"and {count + 1 - 100} more")
        self.assertEqual((items[-1]["severity"], items[-1]["line"]), ("error", None))


class SameAsRun(Check):
    """Whatever a run refuses is refused, in the same words."""

    def test_bad_files(self):
        files = sorted(path for path in BAD.iterdir() if path.suffix == ".yaml")
        self.assertGreater(len(files), 40)
        for path in files:
            with self.subTest(path.name):
                refused = self.conrun(path)
                self.assertEqual(refused.code, 2)
                text = self.check(path, "--quiet", code=2).out
                self.assertEqual(text, refused.err)

    def test_bad_files_as_json(self):
        for path in sorted(BAD.glob("*.yaml")):
            with self.subTest(path.name):
                text = path.read_bytes().decode("utf-8", "replace")
                lines = re.split("\r\n|[\n\r\x85\u2028\u2029]", text)
                items = self.found(path, code=2)
                self.assertIn("error", {item["severity"] for item in items})
                for item in items:
                    self.assertTrue(1 <= item["line"] <= len(lines) + 1, item)
                    if item["end_column"] is None:
                        continue
                    self.assertGreater(item["end_column"], item["column"])
                    self.assertLessEqual(item["end_column"], len(lines[item["line"] - 1]) + 1)

    def test_the_gallery_is_good(self):
        missing = any(harness.listed_workloads().values())
        text = self.check(GALLERY).out
        self.assertIn(" 0 wrong\n", text)
        for item in self.found(GALLERY):
            if not (missing and "cannot be run here" in item["message"]):
                self.assertEqual(item["severity"], "note", item)


    def test_examples_of_the_list(self):
        names = harness.listed_executors() + \
            [name for name, missing in harness.listed_workloads().items() if not missing]
        for name in names:
            if name == "lua":
                continue  # of a script, whose parameters they are
            with self.subTest(name):
                out = self.conrun("list", name).out
                self.write(out[out.index("\n# an example: "):])
                severities = {item["severity"] for item in self.found("it.yaml")}
                self.assertLessEqual(severities, {"note"})


# What is warned of: the end of a scenario; line and column, severity, words of the message.
WARNINGS = {
    "rule": (
        "executors: [thread]\nexclude: [{ workers: 3 }]\nworkers: [1, 2]\n",
        [(3, 11, "warning", "this exclude matches no cell")]),
    "when": (
        "executors: [thread]\noverrides: [{ when: { tasks: 7 }, set: { repeat: 2 } }]\n",
        [(3, 21, "warning", "this when matches no cell")]),
    "baseline": (
        "executors: [thread]\nworkers: 2\nbaseline: { workers: 1 }\n",
        [(4, 11, "warning", "this baseline matches no cell")]),
    "expect": (
        "executors: [thread]\nexpect: [{ when: { tasks: 7 }, that: elapsed_s > 0 }]\n",
        [(3, 18, "warning", "this when matches no cell")]),
    "inert option": (
        "executors: [{ type: thread_pool, switch_interval: 1ms }]\n",
        [(2, 51, "warning", "'switch_interval' has no effect here; it has one only where gil is "
                            "true")]),
    "inert in some cells": (
        "executors: [{ type: thread_pool, gil: [false, true], switch_interval: [1ms, 9ms] }]\n",
        [(2, 71, "note", "'switch_interval' makes 1 cell that does the same as another")]),
    "inert parameter": (
        "  msg: { type: channel, kind: [pipe, unix], spin: 9 }\nexecutors: [thread]\n",
        [(3, 51, "warning", "'spin' has no effect here; it has one only where kind is shm")]),
    "a default that is given": (
        "  turn: { type: sleep, cycle: [1ms, 2ms], duration: 10ms }\nexecutors: [thread]\n",
        [(3, 53, "warning", "'duration' has no effect here; it has one only where cycle is not "
                            "given")]),
    "inert under these executors": (
        "  sum: { type: hash, size: 8B, release_gil: true }\nexecutors: [thread, process]\n",
        [(3, 45, "warning", "'release_gil' has no effect here; it has one only where the "
                            "executor's gil is true")]),
    "inert in an include": (
        "  msg: { type: channel }\nexecutors: [thread]\n"
        "include: [{ workload: msg, executor: thread, workers: 3, spin: 4 }]\n",
        [(5, 64, "warning", "'spin' has no effect here")]),
    "workers for none": (
        "executors: [sequential]\nworkers: [1, 2]\n",
        [(3, 10, "warning", "'workers' has no effect: no executor here has more than one")]),
    "workers of an include for none": (
        "executors: [thread]\n"
        "include: [{ workload: nap, executor: sequential, workers: 4 }]\n",
        [(3, 59, "warning", "'workers' has no effect")]),
    "an executor twice": (
        "executors: [thread, { type: thread_pool, gil: [true, false] }, thread_pool]\n",
        [(2, 64, "warning", "executor 'thread_pool' adds no cell: all of its are those of the one "
                            "in line 2")]),
    "a workload twice": (
        "  again: { type: sleep, duration: 0.01s }\nexecutors: [thread]\n",
        [(3, 3, "warning", "workload 'again' adds no cell: all of its are those of 'nap' in line "
                           "2")]),
    "an include of what is there": (
        "executors: [thread]\nworkers: [1, 2]\n"
        "include: [{ workload: nap, executor: thread, workers: 2 }]\n",
        [(4, 11, "warning", "this include adds no cell")]),
    "values twice": (
        "executors: [thread]\nworkers: [1, 1]\n",
        [(3, 14, "warning", "'workers' has 1 more than once; it is tried once")]),
    "nothing left of a workload": (
        "  other: { type: noop }\nexecutors: [thread]\nexclude: [{ workload: other }]\n",
        [(3, 3, "warning", "no cell is left of workload 'other'")]),
    "nothing left of one of two that are the same": (
        "  other: { type: sleep, duration: [10ms, 20ms] }\nexecutors: [thread]\n"
        "exclude: [{ workload: other }]\n",
        [(3, 3, "warning", "no cell is left of workload 'other'")]),
    "nothing left of an executor": (
        "executors: [thread, async]\nexclude: [{ executor: async }]\n",
        [(2, 21, "warning", "no cell is left of executor 'async'")]),
    "no room": (
        "  big: { type: memory, size: 1TiB }\nexecutors: [thread_pool, sequential]\nworkers: 1\n",
        [(3, 3, "warning", "2 cells would be skipped, such as big under ")]),
    "no time": (
        "executors: [sequential, thread]\nworkers: [1, 50]\ntasks: 100\ntimeout: 500ms\n",
        [(1, 14, "warning", "runs of nap under sequential take 1.0s, but are ended by their "
                            "timeout after 0.5s, and so are those of 1 more cell")]),
    "no time for one cell more": (
        "executors: [sequential]\ntasks: [100, 200]\ntimeout: 500ms\n",
        [(1, 14, "warning", "and so are those of 1 more cell")]),
    "no time under a rate": (
        "  x: { type: sleep, duration: 1s }\nexecutors: [thread]\nworkers: 4\nrate: 100/s\n"
        "runtime: 50s\nexclude: [{ workload: nap }]\n",
        [(2, 3, "warning", "no cell is left of workload 'nap'"),
         (3, 3, "warning", "runs of x under thread with workers 4 take 20m 50s")]),
    "no task in time": (
        "  x: { type: sleep, duration: 5s }\nexecutors: [thread]\nruntime: 1s\n",
        [(3, 3, "warning", "no task of x(duration=5s) under thread with workers 2 ends within "
                            "the runtime of 1s: each takes 5.0s")]),
    "workers without a task": (
        "executors: [sequential, thread]\nworkers: [1, 16, 32]\ntasks: 10\n",
        [(3, 10, "warning", "22 of 32 workers have no task: no run has more than 10")]),
    "an override of nothing": (
        "executors: [thread]\noverrides: [{ when: { executor: thread }, set: {} }]\n",
        [(3, 48, "warning", "this override sets nothing")]),
    "a hook twice": (
        "executors: [thread]\nworkers: [1, 2, 4]\nhooks: [scaling, scaling]\n",
        [(4, 18, "warning", "hook 'scaling' is there already")]),
    "an expectation of nothing": (
        "executors: [thread]\nexpect: [{ that: \"true\" }]\n",
        [(3, 18, "warning", "'true' names no column")]),
    "beyond the budget": (
        "executors: [sequential]\ntasks: 100\nrepeat: 3\nbudget: 2s\n",
        [(5, 9, "warning", "the plan takes about 3.0s, but the budget ends it after 2.0s")]),
    "partly beyond the budget": (
        "  x: { type: noop }\nexecutors: [sequential]\ntasks: 100\nrepeat: 3\nbudget: 2s\n",
        [(7, 9, "warning", "the plan takes more than 3.0s")]),
    "no interval": (
        "executors: [thread]\nrepeat: 5\nexpect: [{ that: elapsed_ci_high_s < 9 }]\n",
        [(4, 18, "warning", "'elapsed_ci_high_s' is unknown in 1 of 1 rows: an interval takes 6 "
                            "runs, not 5")]),
    "consent": (
        "  run: { type: exec, command: [\"true\"] }\nexecutors: [thread]\n",
        [(3, 3, "note", "workload 'run' runs programs that the scenario names")]),
}

# And what is right, although it is close to that.
GOOD_ENDS = {
    "a parameter that has an effect": "  msg: { type: channel, kind: shm, spin: 9 }\n"
                                      "executors: [thread]\n",
    "in one of the cells": "executors: [{ type: thread, gil: [false, true], "
                           "switch_interval: 1ms }]\n",
    "where an include has the executor": "  sum: { type: hash, size: 8B, release_gil: true }\n"
                                         "executors: [process]\n"
                                         "include:\n  - workload: sum\n"
                                         "    executor: [{ type: thread, gil: true }]\n",
    "what is not given": "executors: [thread, thread_pool, pipe, async]\n",
    "workers for one of them": "executors: [sequential, thread]\nworkers: [1, 2]\n",
    "one worker for none": "executors: [sequential]\nworkers: 1\n",
    "executors that differ": "executors: [{ type: thread_pool, chunk: 1 }, thread_pool]\n",
    "workloads that differ": "  again: { type: sleep, duration: 11ms }\nexecutors: [thread]\n",
    "an include that brings back": "executors: [thread]\nworkers: [1, 2]\n"
                                   "exclude: [{ workers: 2 }]\n"
                                   "include: [{ workload: nap, executor: thread, workers: 2 }]\n",
    "an include with other tasks": "executors: [thread]\nworkers: [1, 2]\n"
                                   "include: [{ workload: nap, executor: thread, tasks: 7 }]\n",
    "a workload for an include alone": "  other: { type: noop }\nexecutors: [thread]\n"
                                       "exclude: [{ workload: other }]\n"
                                       "include: [{ workload: other, executor: process }]\n",
    "just in time": "executors: [sequential]\ntasks: 100\ntimeout: 1100ms\n",
    "within the budget": "executors: [sequential]\ntasks: 100\nrepeat: 3\nbudget: 4s\n",
    "workers without a task in some of the cells": "executors: [thread]\nworkers: [2, 30]\n"
                                                   "tasks: [3, 30]\n",
    "as few runs as it may be": "executors: [sequential]\ntasks: 100\n"
                                "repeat: { min: 6, max: 30, until_ci: 5% }\nbudget: 10s\n",
    "an interval": "executors: [thread]\nrepeat: 6\n"
                   "expect: [{ that: elapsed_ci_high_s < 9 }]\n",
    "an interval where it is asked for": "executors: [thread, process]\nrepeat: 3\n"
                                         "overrides: [{ when: { executor: process }, "
                                         "set: { repeat: 6 } }]\n"
                                         "expect: [{ when: { executor: process }, "
                                         "that: elapsed_ci_high_s < 9 }]\n",
}


def scenario_of(end):
    """A scenario in whose second line `end` begins; more workloads may stand there."""
    if end.startswith("  "):
        block = "workloads:\n  nap: { type: sleep, duration: 10ms }\n"
        return block + end
    return NAP + end


class Warnings(Check):
    def test_each(self):
        for name, (end, expected) in WARNINGS.items():
            with self.subTest(name):
                self.write(scenario_of(end))
                items = self.found("it.yaml")
                places = [(item["line"], item["column"], item["severity"]) for item in items]
                self.assertEqual(places, [one[:3] for one in expected], items)
                for item, one in zip(items, expected):
                    self.assertIn(one[3], item["message"])
                    self.assertEqual(item["source"], "it.yaml")

    def test_none(self):
        for name, end in GOOD_ENDS.items():
            with self.subTest(name):
                self.write(scenario_of(end))
                self.assertEqual(self.found("it.yaml"), [])

    def test_they_are_counted(self):
        self.write(NAP + "executors: [thread, thread]\n")
        result = self.check("it.yaml")
        self.assertIn("it.yaml:2:21: warning: executor 'thread' adds no cell", result.out)
        self.assertIn("      = remove one of them, or give it other options\n", result.out)
        self.assertTrue(result.out.endswith(", 3 runs, 1 warning\n"), result.out)
        self.assertNotIn("ok", self.check("it.yaml", "--quiet").out)

    def test_a_filter_leaves_out_on_purpose(self):
        self.write(NAP + "executors: [{ type: thread, gil: [false, true], switch_interval: 1ms }, "
                   "async]\n")
        self.assertEqual(self.found("it.yaml", "--filter", "gil=false"), [])

    def test_a_rate_is_no_count_of_tasks(self):
        self.write("workloads: { x: { type: sleep, duration: 1s } }\nexecutors: [thread]\n"
                   "workers: 4\nrate: 100/s\nruntime: 50s\n")
        [item] = self.found("it.yaml")
        self.assertIn("a lower rate, a shorter runtime, or more workers", item["note"])
        self.assertNotIn("tasks", item["note"])
        self.write(GOOD + "rate: 1/m\nruntime: 5s\n")
        self.assertEqual(self.found("it.yaml"), [])
        self.assertRegex(self.conrun("plan", "it.yaml").out, r" 5s +1/m ")

    def test_programs_that_are_not_there(self):
        for command, options, note in (
                ("[no-such-program, -l]", "", "install it"),
                ("[\"ls -l | wc\"]", "", "[sh, -c, \"ls | wc\"]"),
                ("[ls, -l]", "", None), ("[./here]", "", None),
                ("[no-such-program]", ", environment: [\"PATH=/opt\"]", None)):
            self.write("workloads: { run: { type: exec, command: " + command + options +
                       " } }\nexecutors: [thread]\n")
            notes = [item["note"] for item in self.found("it.yaml", "--allow-exec")]
            self.assertEqual(len(notes), note is not None, notes)
            if note:
                self.assertIn(note, notes[0])

    def test_a_quick_look_has_no_intervals(self):
        self.write(GOOD + "repeat: 6\nexpect: [{ that: elapsed_ci_high_s < 9 }]\n")
        self.assertEqual(self.found("it.yaml", "--quick"), [])

    def test_consent_is_given(self):
        self.write("workloads: { run: { type: exec, command: [\"true\"] } }\n"
                   "executors: [thread]\n")
        self.assertEqual(len(self.found("it.yaml")), 1)
        self.assertEqual(self.found("it.yaml", "--allow-exec"), [])

    def test_names_that_clash(self):
        self.write("name: one\n" + GOOD, "a.yaml")
        self.write(GOOD + "name: one\n", "b.yaml")
        [item] = self.found("a.yaml", "b.yaml")
        self.assertEqual((item["file"], item["line"], item["column"]), ("b.yaml", 4, 7))
        self.assertIn("'one' is the name of 'a.yaml', too", item["message"])

    def test_places_of_the_command_line(self):
        self.write(GOOD)
        [item] = self.found("it.yaml", "--set", "executors=[sequential,sequential]",
                            "--set", "workers=1")
        self.assertEqual(item["source"], "--set executors=[sequential,sequential]")
        self.assertIn("'sequential' adds no cell", item["message"])


class AsTheRunSees(harness.Case):
    """Warnings that say what will come of it: it does."""

    def test_limits(self):
        path = self.write(NAP + "executors: [pipe]\nworkers: [2, 200]\ntasks: 200\n")
        result = self.conrun("check", path, "--json", preexec_fn=few_descriptors)
        [item] = json.loads(result.out)
        self.assertEqual((item["line"], item["column"]), (3, 10))
        start = "nap under pipe with workers 200 would be skipped: "
        self.assertTrue(item["message"].startswith(start), item)
        self.run_scenario(path.read_text(encoding="utf-8"), code=1, preexec_fn=few_descriptors)
        skipped = [row for row in self.summary() if row["status"] == "skipped_limit"]
        self.assertEqual([row["workers"] for row in skipped], ["200"])
        self.assertEqual(skipped[0]["error"], item["message"][len(start):])

    def test_timeouts(self):
        text = NAP + "executors: [sequential, thread]\nworkers: 100\ntasks: 400\n" \
            "timeout: 2500ms\nrepeat: 1\n"
        [item] = json.loads(self.conrun("check", self.write(text), "--json").out)
        self.assertIn("runs of nap under sequential", item["message"])
        self.run_scenario(text, code=1)
        self.assertEqual({row["executor"]: row["status"] for row in self.summary()},
                         {"sequential": "timeout", "thread": "ok"})

    def test_the_last_run_tells_how_long_it_takes(self):
        text = "workloads: { lua: { type: lua, script: it.lua } }\n" \
            "executors: [sequential]\ntasks: 20\nrepeat: 2\nbudget: %s\n"
        self.write("return { task = function(_, _, w) w.sleep('20ms') return 1 end }\n", "it.lua")
        path = self.write(text % "1m")
        self.assertEqual(self.conrun("check", path, "--json").out, "[]\n")
        self.run_scenario(text % "1m")
        self.assertEqual(self.conrun("check", path, "--json").out, "[]\n")
        path = self.write(text % "100ms")
        [item] = json.loads(self.conrun("check", path, "--json").out)
        self.assertIn("the plan takes about ", item["message"])
        self.assertEqual(self.conrun("check", path, "--json", "--output", "none").out, "[]\n")

    def test_what_is_missing(self):
        missing = sorted(name for name, what in harness.listed_workloads().items()
                         if ("", "") in what)
        if not missing:
            self.skipTest("this machine and build can do all workloads")
        path = self.write(f"workloads: {{ it: {{ type: {missing[0]} }} }}\nexecutors: [thread]\n")
        items = json.loads(self.conrun("check", path, "--json").out)
        self.assertTrue(any("1 cell of workload 'it' cannot be run here: " in item["message"]
                            for item in items), items)


if __name__ == "__main__":
    unittest.main()
