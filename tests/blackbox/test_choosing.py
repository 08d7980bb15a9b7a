"""What runs is chosen on the command line: --set, --filter, --quick, --repeat, files and folders,
and what `plan --explain` says of it."""

import json
import re
import shutil
import subprocess
import unittest

from harness import SOURCE, Case, arguments, environment, latest_folder, read_csv

TEXT = """\
workloads:
  nap: { type: sleep, duration: 1ms }
executors: [thread, async]
workers: [1, 4]
tasks: 40
repeat: 2
"""


def ids(plan):
    return re.findall(r"^(x[0-9a-f]{16})  ", plan, re.MULTILINE)


class Sets(Case):
    def refused(self, *args, holds):
        result = self.conrun(self.write(TEXT), *args)
        self.assertEqual(result.code, 2, result.out + result.err)
        self.assertIn(holds, result.err)
        self.assertFalse((self.tmp / "results").exists())

    def test_values_are_those_that_are_run(self):
        self.run_scenario(TEXT, "-q", "--set", "workers=[2,3]", "-s", "executors=[thread]",
                          "--set=tasks=7", "--repeat", "1")
        rows = self.summary()
        self.assertEqual([(row["executor"], row["workers"], row["tasks"], row["runs"])
                          for row in rows], [("thread", "2", "7", "1"), ("thread", "3", "7", "1")])

    def test_they_apply_in_order_and_repeat_is_one_of_them(self):
        self.run_scenario(TEXT, "-q", "--repeat", "3", "--set", "repeat=1", "-s", "workers=1")
        self.assertEqual({row["runs"] for row in self.summary()}, {"1"})
        asked = json.loads((self.folder() / "run.json").read_text())["asked"]
        self.assertEqual(asked, {"sets": ["repeat=3", "repeat=1", "workers=1"], "filters": [],
                                 "quick": False})

    def test_repeat_is_for_all(self):
        """Also where an override has another."""
        self.run_scenario("workloads: { nap: { type: noop } }\nexecutors: [sequential, thread]\n"
                          "workers: 1\ntasks: 3\n"
                          "overrides: [{ when: { executor: thread }, set: { repeat: 5 } }]\n",
                          "-q", "--repeat", "2")
        self.assertEqual([row["runs"] for row in self.summary()], ["2", "2"])

    def test_a_workload_that_is_a_number(self):
        result = self.conrun("plan", self.write("workloads:\nexecutors: [sequential]\n"),
                             "--set", "workloads.1.type=sleep")
        self.assertEqual((result.code, result.err), (0, ""))

    def test_a_problem_is_shown_in_the_option(self):
        self.refused("--set", "workers=[1,a]", holds=(
            "--set workers=[1,a]:12: error: 'a' is not an integer: 'a' is not known; "
            "an expression may use ncpu\n"
            "    1 | workers=[1,a]\n"
            "      |            ^\n"))

    def test_names_are_guessed(self):
        self.refused("--set", "wrokers=1", holds="did you mean 'workers'?")
        self.refused("--set", "workloads.nap.duratoin=1s", holds="did you mean 'duration'?")
        self.refused("--set", "workloads.nip.duration=1s",
                     holds=":11: error: there is no workload 'nip'; did you mean 'nap'?")

    def test_the_form_is_checked_before_any_file_is_read(self):
        for wrong in ("workers", "=1"):
            self.refused("--set", wrong, holds=f"'--set {wrong}' is not KEY=VALUE; write for "
                                               "instance --set 'workers=[1,8]'")
        self.refused("--repeat", "0", holds="option '--repeat': '0' is too small")
        self.refused("--repeat", "x", holds="option '--repeat': 'x' is not an integer")

    def test_a_name_where_a_rule_belongs(self):
        self.refused("--set", "baseline=thread", holds="      = write it as { executor: thread }\n")

    def test_a_later_problem_has_its_place_too(self):
        self.refused("--set", "expect={ that: elapsd_s > 0 }", holds=(
            "--set expect={ that: elapsd_s > 0 }:16: error: 'elapsd_s' is no column"))

    def test_of_several_files_the_message_names_the_one(self):
        self.write(TEXT, "a.yaml")
        self.write(TEXT.replace("nap", "doze"), "b.yaml")
        result = self.conrun("plan", "a.yaml", "b.yaml", "--set", "workloads.nap.duration=2ms")
        self.assertEqual(result.code, 2)
        self.assertIn("b.yaml: --set workloads.nap.duration=2ms:", result.err)
        self.assertNotIn("a.yaml: --set", result.err)


class Filters(Case):
    def test_only_what_matches_is_run(self):
        self.run_scenario(TEXT, "-q", "--filter", "executor=async workers>1", "-f",
                          "executor = thread workers = 1")
        self.assertEqual([(row["executor"], row["workers"]) for row in self.summary()],
                         [("thread", "1"), ("async", "4")])
        data = json.loads((self.folder() / "run.json").read_text())
        self.assertEqual(data["plan"]["filtered"], 2)
        self.assertEqual(len(data["asked"]["filters"]), 2)

    def test_a_baseline_that_is_left_out_is_no_other(self):
        """Else a speed-up would mean something else, and an expectation of it fail."""
        for baseline in ("", "baseline: { executor: sequential }\n"):
            result = self.run_scenario(
                "workloads: { nap: { type: sleep, duration: 5ms } }\n"
                "executors: [sequential, thread]\nworkers: 4\ntasks: 8\nrepeat: 1\n"
                "expect: [{ when: { executor: thread }, that: speedup > 1.5 },"
                " { that: tasks_ok == 8 }]\n" + baseline, "--filter", "executor=thread")
            [row] = self.summary()
            self.assertEqual((row["speedup"], row["efficiency"]), ("", ""))
            self.assertIn("or --filter left out the baseline", result.out)
            self.assertIn("expectations: 1 of 2 hold, 1 had no row to judge", result.out)

    def test_the_plan_counts_them(self):
        result = self.conrun("plan", self.write(TEXT), "--filter", "executor=async")
        self.assertIn("\n2 cells filtered out\n", result.out)
        result = self.conrun(self.write(TEXT), "--dry-run", "--filter", "executor=async,thread")
        self.assertNotIn("filtered", result.out)

    def test_nothing_left_says_which_word_and_what_there_is(self):
        result = self.conrun(self.write(TEXT), "--filter", "executor=async workers>8")
        self.assertEqual(result.code, 2)
        self.assertEqual(result.err, (
            "--filter executor=async workers>8:16: error: no cell has workers>8\n"
            "    1 | executor=async workers>8\n"
            "      |                ^\n"
            "      = there is: workers 1, 4\n"))

    def test_what_other_languages_write(self):
        path = self.write(TEXT)
        joined = "is no condition; all words must hold; for either, write a,b or a second --filter"
        for wrong, column, message in (
                ("workers=>1", 8, "'=>' is no comparison; write >="),
                ("workers <> 1", 9, "'<>' is no comparison; write !="),
                ("workers~=1", 8, "'~=' is no comparison; write !="),
                ("workers=[1,4]", 9, "several values stand without brackets; write 1,4"),
                ("workers=1 && executor=async", 11, f"'&&' {joined}"),
                ("workers=1 or workers=4", 11, f"'or' {joined}"),
                ("workers=2ncpu", 9, "'2ncpu' is not an integer; write 2*ncpu"),
                ("workers=1-10", 9, "'1-10' = -9 is too small; the smallest allowed for workers is 1"),
                ("nothing", 1, "'nothing' is no condition; write for instance executor=async")):
            result = self.conrun("plan", path, "--filter", wrong)
            self.assertEqual((result.code, result.out), (2, ""))
            self.assertIn(f"--filter {wrong}:{column}: error: {message}", result.err)
            self.assertEqual(result.err.count("error: "), 1, result.err)

    def test_a_rule_for_cells_that_are_gone_is_not_odd(self):
        text = TEXT + ("baseline: { executor: thread }\n"
                       "expect: { when: { executor: thread }, that: tasks_failed == 0 }\n")
        result = self.conrun("plan", self.write(text), "--filter", "executor=async")
        self.assertEqual((result.code, result.err), (0, ""))

    def test_one_of_several_files_may_have_nothing(self):
        self.write(TEXT, "a.yaml")
        self.write(TEXT.replace(", async", ""), "b.yaml")
        result = self.conrun("plan", "a.yaml", "b.yaml", "--filter", "executor=async")
        self.assertEqual(result.code, 0, result.err)
        self.assertIn("b.yaml: note: no cell matches the filter; left out", result.err)
        self.assertEqual(len(ids(result.out)), 2)
        result = self.conrun("plan", "a.yaml", "b.yaml", "--filter", "executor=asyn")
        self.assertEqual(result.code, 2)
        self.assertIn("this scenario has no executor 'asyn'; did you mean 'async'?", result.err)

    def test_a_filter_that_fits_none_of_several_files_is_wrong(self):
        self.write(TEXT, "a.yaml")
        self.write(TEXT.replace("thread", "process"), "b.yaml")
        for command in ("plan", "check"):
            for good in ((), ("--filter", "executor=async")):
                with self.subTest(command=command, good=good):
                    result = self.conrun(command, "a.yaml", "b.yaml", *good, "--filter",
                                         "wrokers=3")
                    self.assertEqual(result.code, 2)
                    said = result.err + result.out
                    self.assertIn("--filter wrokers=3:1: error: ", said)
                    self.assertIn("did you mean 'workers'?", said)
                    self.assertNotIn("executor=async:", said)
        for executor in ("thread", "process"):  # one of the files has it
            for command in ("plan", "check"):
                self.assertEqual(self.conrun(command, "a.yaml", "b.yaml", "--filter",
                                             "executor=" + executor).code, 0)

    def test_nothing_left_of_several_is_explained_without_reading_stdin_again(self):
        self.write(TEXT, "a.yaml")
        with open(self.write(TEXT, "b.yaml"), encoding="utf-8") as file:
            done = subprocess.run(
                arguments(["plan", "-", "a.yaml", "--filter", "workers=77"]), cwd=self.tmp,
                stdin=file, env=environment(), capture_output=True, text=True, timeout=60,
                check=False)
        self.assertEqual(done.returncode, 2)
        self.assertIn("error: no cell has workers=77", done.stderr)
        self.assertNotIn("empty", done.stderr)

    def test_the_label_of_an_executor_is_a_name(self):
        text = TEXT.replace("[thread, async]", "[{ type: thread, gil: [false, true] }, async]")
        result = self.conrun("plan", self.write(text), "-f", "executor=thread[gil]")
        self.assertEqual(len(ids(result.out)), 2)
        result = self.conrun("plan", self.write(text), "-f", "executor!=thread[gil],async")
        self.assertEqual(len(ids(result.out)), 2)


class Quick(Case):
    EXPECTING = TEXT + "warmup: 3\nexpect: { that: elapsed_s < 0 }\n"

    def test_one_short_round_beside_the_real_results(self):
        self.run_scenario(self.EXPECTING, "-q", code=3)
        before = (self.tmp / "results" / "it.csv").read_bytes()
        result = self.run_scenario(self.EXPECTING, "--quick")
        self.assertIn("expectations: not judged, as the runs are too short (--quick)", result.out)
        self.assertEqual((self.tmp / "results" / "it.csv").read_bytes(), before)
        rows = read_csv(self.tmp / "results" / "it-quick.csv")
        self.assertEqual({(row["tasks"], row["runs"], row["expect"]) for row in rows},
                         {("4", "1", "")})
        data = json.loads((latest_folder(self.tmp / "results", "it-quick") / "run.json").read_text())
        self.assertTrue(data["asked"]["quick"])
        self.assertEqual(data["plan"]["runs"], 4)

    def test_the_plan_says_so(self):
        result = self.conrun("plan", self.write(self.EXPECTING), "--quick")
        self.assertIn("quick: one short round", result.out)
        self.assertIn("4 experiments, 4 runs\n", result.out)

    def test_a_wrong_expectation_is_still_wrong(self):
        text = TEXT + "expect: { that: elapsd_s < 0 }\n"
        result = self.conrun(self.write(text), "--quick")
        self.assertEqual(result.code, 2)
        self.assertIn("did you mean 'elapsed_s'?", result.err)


class Resuming(Case):
    def interrupted(self, *args):
        """A session that its budget has ended."""
        self.run_scenario(TEXT, "-q", "--set", "budget=1ms", *args, code=None)

    def run_scenario(self, text, *args, code=0, **more):
        if code is None:
            return self.conrun(self.write(text), *args, **more)
        return super().run_scenario(text, *args, code=code, **more)

    def test_the_same_options_go_on_others_begin_anew(self):
        asked = ("--filter", "workers=1", "--set", "tasks=5")
        self.interrupted(*asked)
        first = self.folder()
        again = self.conrun("it.yaml", "-q", "--resume", "--set", "budget=1ms", *asked)
        self.assertIn("going on with", again.err)
        self.assertEqual(self.folder(), first)
        other = self.conrun("it.yaml", "-q", "--resume", "--set", "budget=1ms", "--filter",
                            "workers=1")
        self.assertIn("of another kind (other --set, --filter or --repeat)", other.err)
        self.assertNotEqual(self.folder(), first)
        again = self.conrun("it.yaml", "-q", "--resume", "--set", "budget=1ms", *asked)
        self.assertIn(f"'results/it/{first.name}'", again.err, "not the newest, but its like")


class Files(Case):
    def test_a_folder_is_its_scenarios_in_order(self):
        (self.tmp / "all" / "deeper").mkdir(parents=True)
        for name in ("b.yml", "a.yaml", "deeper/c.yaml", ".hidden.yaml", "notes.txt"):
            self.write(TEXT, f"all/{name}")
        for folder in ("all", "all/"):
            result = self.conrun("plan", folder)
            self.assertEqual(result.code, 0, result.err)
            self.assertEqual(re.findall(r"^[ab]$|^c$", result.out, re.MULTILINE), ["a", "b"])
        self.assertEqual(self.conrun("all", "-q", "--quick").code, 0)
        self.assertTrue((self.tmp / "results" / "a-quick.csv").exists())
        self.assertTrue((self.tmp / "results" / "b-quick.csv").exists())

    def test_a_folder_without_scenarios(self):
        (self.tmp / "none").mkdir()
        result = self.conrun("run", "none")
        self.assertEqual(result.code, 2)
        self.assertIn("the folder 'none' has no scenario (*.yaml, *.yml); name a file, or write "
                      "one: conrun init", result.err)

    def test_all_problems_of_all_files(self):
        (self.tmp / "all").mkdir()
        self.write("worker: 1\n", "all/a.yaml")
        self.write("tasks: x\n", "all/b.yaml")
        result = self.conrun("all")
        self.assertEqual(result.code, 2)
        self.assertIn("all/a.yaml:1:1: error: unknown key 'worker'", result.err)
        self.assertIn("all/b.yaml:1:8: error: ", result.err)

    def test_the_gallery(self):
        shutil.copytree(SOURCE / "scenarios", self.tmp / "scenarios")
        shutil.copytree(SOURCE / "lua", self.tmp / "lua")
        result = self.conrun("plan", "scenarios", "--quick", "--allow-exec")
        self.assertEqual(result.code, 0, result.err)
        names = len(list((self.tmp / "scenarios").glob("*.yaml")))
        self.assertEqual(len(re.findall(r"^[\w-]+-quick$", result.out, re.MULTILINE)), names)


class Explain(Case):
    TEXT = """\
workloads:
  nap: { type: sleep, duration: [1ms, 2ms] }
executors: [sequential, { type: thread, gil: true }]
workers: [1, 8]
tasks: 100
include:
  - { workload: nap, executor: async, workers: 3, duration: 4ms }
overrides:
  - when: { executor: thread }
    set: { timeout: 5s, tasks: 50 }
warmup: 1
"""

    def explain(self, cell, *args, code=0):
        result = self.conrun("plan", self.write(self.TEXT).name, "--explain", cell, *args)
        self.assertEqual(result.code, code, result.err + result.out)
        return result

    def sources(self, cell, *args):
        lines = [re.split(r"  +", line.strip()) for line in
                 self.explain(cell, *args).out.splitlines()]
        return {line[0]: tuple(line[1:]) for line in lines}

    def test_files_options_and_defaults(self):
        rows = self.sources("executor=thread workers=8 duration=2ms", "--set", "warmup=2")
        self.assertEqual(rows["duration"], ("2ms", "it.yaml:2:33, one of 2"))
        self.assertEqual(rows["jitter"], ("0%", "default"))
        self.assertEqual(rows["gil"], ("true", "it.yaml:3:46"))
        self.assertEqual(rows["workers"], ("8", "it.yaml:4:10, one of 2"))
        self.assertEqual(rows["tasks"], ("50", "it.yaml:10:10, an override"))
        self.assertEqual(rows["timeout"], ("5s", "it.yaml:10:10, an override"))
        self.assertEqual(rows["warmup"], ("2", "--set warmup=2:8"))
        self.assertEqual(rows["repeat"], ("3", "default"))

    def test_what_an_include_and_a_quick_round_make(self):
        rows = self.sources("executor=async")
        self.assertEqual(rows["include"], ("it.yaml:7:5",))
        self.assertEqual(rows["duration"], ("4ms", "it.yaml:7:61"))
        self.assertEqual(rows["tasks"], ("100", "it.yaml:5:8"))
        rows = self.sources("executor=async", "--quick")
        self.assertEqual(rows["tasks"], ("10", "--quick; else 100, it.yaml:5:8"))
        self.assertEqual(rows["warmup"], ("0", "--quick"))

    def test_an_executor_that_ignores_workers(self):
        rows = self.sources("executor=sequential duration=1ms")
        self.assertEqual(rows["workers"][0], "1")
        self.assertIn("sequential ignores them", rows["workers"][1])

    def test_ids_and_their_beginnings(self):
        plan = self.conrun("plan", self.write(self.TEXT)).out
        for cell in ids(plan):
            self.assertTrue(self.explain(cell).out.startswith(cell))
        self.assertTrue(self.explain(cell[:10]).out.startswith(cell))
        self.assertIn("write more of it", self.explain("x", code=2).err)
        self.assertIn("'conrun plan FILE --all' shows them",
                      self.explain("xffffffffffffffff", code=2).err)
        self.assertIn("no cell matches 'workers=9'", self.explain("workers=9", code=2).err)
        self.assertIn("did you mean 'workers'?", self.explain("wrokers=9", code=2).err)

    def test_many_cells(self):
        out = self.explain("workers>=1", "--set", "workers={ from: 1, to: 20, step: 1 }").out
        self.assertEqual(len(ids(out)), 10)
        self.assertIn("more; another condition makes them fewer", out)


if __name__ == "__main__":
    unittest.main()
