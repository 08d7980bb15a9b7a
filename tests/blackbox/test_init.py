"""conrun init: what it writes is a scenario without a warning, runs as it is, and explains itself."""

import json
import re
import unittest
import warnings

import harness
import yaml12

with warnings.catch_warnings():
    warnings.simplefilter("ignore")
    import jsonschema

SCHEMA = harness.SOURCE / "conrun.schema.json"


class Init(harness.Case):
    def init(self, *args, code=0, **more):
        result = self.conrun("init", *args, **more)
        self.assertEqual(result.code, code, result.err)
        return result

    def text(self, name="experiment.yaml"):
        return (self.tmp / name).read_text(encoding="utf-8")

    def files(self):
        return sorted(str(path.relative_to(self.tmp)) for path in self.tmp.rglob("*")
                      if path.is_file())

    def assert_clean(self, *names):
        """The reader has neither an error nor a warning for them, the schema no problem."""
        result = self.conrun("check", "--json", "--allow-exec", *names)
        self.assertEqual([item for item in json.loads(result.out) if item["severity"] != "note"], [])
        validator = jsonschema.Draft7Validator(json.loads(SCHEMA.read_text(encoding="utf-8")))
        for name in names:
            self.assertEqual(list(validator.iter_errors(yaml12.load(self.text(name)))), [], name)

    def next_commands(self, out):
        """What it says to type next."""
        return [line.split("   ")[0].strip() for line in out.splitlines() if line.startswith("  ")]

    # ---- the default ----

    def test_the_default_runs_as_it_is(self):
        result = self.init()
        self.assertEqual(self.files(), ["experiment.yaml"])
        self.assert_clean("experiment.yaml")
        self.assertEqual(self.next_commands(result.out), [
            "conrun plan experiment.yaml", "conrun experiment.yaml", "conrun list sleep"])
        done = self.conrun("experiment.yaml")
        self.assertEqual(done.code, 0, done.err)
        self.assertIn("expectations: 1 of 1 hold", done.out)
        rows = self.summary("experiment")
        self.assertEqual({row["executor"] for row in rows},
                         {"sequential", "thread_pool", "process_pool", "async"})
        self.assertEqual({row["status"] for row in rows}, {"ok"})
        self.assertEqual({row["runs"] for row in rows}, {"6"})
        self.assertNotIn("", {row["elapsed_ci_low_s"] for row in rows})

    def test_it_explains_itself(self):
        self.init()
        text = self.text()
        self.assertTrue(text.startswith("# yaml-language-server: $schema="), text)
        for line in text.splitlines():
            self.assertLessEqual(len(line), 100, line)
        # Every parameter of the workload is there, with its meaning; what stands in a comment too.
        for name in "duration", "jitter", "cycle":
            self.assertRegex(text, rf"\n    (# )?{name}: \S.* # \w")
        self.assertRegex(text, r"\n  - async +# a callback on one event loop")

    def test_what_is_in_comments_works(self):
        self.init()
        text = self.text()
        rest = text[text.index("# What else"):]
        more = [line[2:] for line in rest.splitlines()[1:]]
        self.write(text + "\n".join(more) + "\n")
        self.assertGreater(len(more), 6)
        self.assert_clean("it.yaml")
        self.write(text.replace("    # cycle:", "    cycle:").replace("    duration:", "    # d:"))
        self.assert_clean("it.yaml")

    def test_what_is_in_comments_works_for_every_executor(self):
        for executors in (*harness.listed_executors(), "thread,process", "async,sequential"):
            with self.subTest(executors):
                self.init("--force", "--executors", executors)
                head, rest = self.text().split("# What else")
                more = [line[2:] for line in rest.splitlines()[1:]]
                self.assertEqual("exclude:" in rest, executors != "sequential")
                self.write(head + "\n".join(more) + "\n")
                self.assert_clean("it.yaml")

    # ---- the schema's line ----

    def test_the_schema_is_found(self):
        self.init()
        self.assertEqual(self.text().splitlines()[0],
                         f"# yaml-language-server: $schema={SCHEMA.resolve()}")

    def test_a_path_of_this_machine_is_told(self):
        self.init()
        self.assertEqual(self.text().splitlines()[1:4], [
            "# That schema is on this machine alone. For one beside this file, "
            "./conrun.schema.json:", "#   conrun schema > conrun.schema.json", "#"])

    def test_the_way_to_it_is_relative_in_its_tree(self):
        (self.tmp / "conrun.schema.json").write_text("{}")
        (self.tmp / "a" / "b").mkdir(parents=True)
        for name, line in (("it", "./"), ("a/it", "../"), ("a/b/it", "../../")):
            self.init(name, env={"CONRUN_DATA": str(self.tmp)})
            self.assertEqual(self.text(f"{name}.yaml").splitlines()[0],
                             f"# yaml-language-server: $schema={line}conrun.schema.json")
            self.assertNotIn("this machine", self.text(f"{name}.yaml"))

    # ---- workloads ----

    def test_every_workload(self):
        names = list(harness.listed_workloads())
        for name in names:
            result = self.init(name, "--workload", name)
            self.assertIn(f"wrote {name}.yaml", result.out)
        self.assert_clean(*(f"{name}.yaml" for name in names))
        for name in names:
            expected = "expect" in self.text(f"{name}.yaml")
            self.assertEqual(expected, name != "fault", name)

    def test_workloads_run(self):
        for name in "noop", "counter", "primes":
            self.init(name, "--workload", name, "--executors", "thread_pool,pipe")
            done = self.conrun(f"{name}.yaml")
            self.assertEqual(done.code, 0, done.err)
            self.assertEqual({row["executor"] for row in self.summary(name)},
                             {"thread_pool", "pipe"})

    def test_programs_need_consent(self):
        result = self.init("--workload", "exec")
        self.assertIn("conrun --allow-exec experiment.yaml", self.next_commands(result.out)[1])
        self.assertIn("#   conrun --allow-exec experiment.yaml\n", self.text())

    def test_executors(self):
        self.init("--executors", "async, thread,async")
        self.assertEqual(re.findall(r"^  - (\w+)", self.text(), re.MULTILINE)[:2],
                         ["async", "thread"])
        self.assertIn("baseline: { executor: async, workers: 1 }", self.text())
        self.assert_clean("experiment.yaml")
        self.init("one", "--executors=sequential")
        self.assertNotIn("workers: [", self.text("one.yaml"))
        self.assert_clean("one.yaml")

    # ---- Lua ----

    def test_a_task_in_lua(self):
        result = self.init("mine", "--lua")
        self.assertEqual(self.files(), ["mine.lua", "mine.yaml"])
        self.assert_clean("mine.yaml")
        for command in self.next_commands(result.out):
            done = self.conrun(*command.split()[1:])
            self.assertEqual(done.code, 0, command + done.err)
        rows = self.summary("mine")
        self.assertEqual({row["status"] for row in rows}, {"ok"})
        self.assertEqual({row["steps"] for row in rows}, {"100000", "400000"})
        self.assertIn("additions", rows[0])
        self.assertEqual(len({row["checksum"] for row in rows}), 2)

    def test_lua_is_a_workload(self):
        self.init("--workload", "lua")
        self.assertEqual(self.files(), ["experiment.lua", "experiment.yaml"])
        result = self.init("x", "--lua", "--workload", "sleep", code=2)
        self.assertIn("give one of the two", result.err)

    def test_it_can_be_in_another_folder(self):
        (self.tmp / "a b").mkdir()
        result = self.init("a b/mine", "--lua")
        self.assertEqual(self.next_commands(result.out)[1], "conrun 'a b/mine.yaml'")
        self.assert_clean("a b/mine.yaml")

    # ---- what it refuses ----

    def test_nothing_is_overwritten(self):
        self.init("mine")
        before = self.text("mine.yaml")
        self.write("-- precious\n", "other.lua")
        for args in (["mine"], ["mine.yaml"], ["other", "--lua"]):
            result = self.init(*args, "--workload", "lua", code=2)
            self.assertRegex(result.err, "exists already; .*--force")
        self.assertEqual(self.files(), ["mine.yaml", "other.lua"])
        self.assertEqual((self.text("mine.yaml"), self.text("other.lua")), (before, "-- precious\n"))
        self.init("other", "--lua", "--force")
        self.assertNotIn("precious", self.text("other.lua"))

    def test_force_makes_files_shorter(self):
        self.write("x" * 100000, "it.yaml")
        self.init("it", "--force")
        self.assert_clean("it.yaml")

    def test_names(self):
        self.init("a.yml")
        self.init("b.yaml")
        self.assertEqual(self.files(), ["a.yml", "b.yaml"])
        self.init("c.lua", "--lua")
        self.assertEqual(self.files(), ["a.yml", "b.yaml", "c.lua", "c.yaml"])
        for name in "c.lua", "c.yaml":
            (self.tmp / name).unlink()
        for name, part in (("a b", "conrun init a_b"), ("-", "conrun init scenario"),
                           ("x" * 65, "cannot name a scenario"), ("a/.b", "conrun init a/b")):
            result = self.init("--", name, code=2)
            self.assertIn(part, result.err)
        self.assertEqual(self.files(), ["a.yml", "b.yaml"])

    def test_wrong_words(self):
        for args, part in ((["--workload", "slep"], "did you mean 'sleep'?"),
                           (["--workload", "nothing_like"], "conrun list"),
                           (["--executors", "thred"], "did you mean 'thread'?"),
                           (["--executors", "thread,zzzzzz"], "conrun list"),
                           (["--executors", ","], "--executors thread_pool,process_pool"),
                           (["nowhere/x"], "make it first"), (["a", "b"], "conrun init")):
            result = self.init(*args, code=2)
            self.assertIn(part, result.err)
            self.assertEqual(result.out, "")
        self.assertEqual(self.files(), [])

    def test_a_folder_in_its_place(self):
        (self.tmp / "it.yaml").mkdir()
        self.assertIn("cannot write 'it.yaml': ", self.init("it", "--force", code=2).err)


class Called(harness.Case):
    def test_the_next_commands_call_it_as_its_user_did(self):
        said = self.conrun("init", env={"CONRUN_AS": "./conrun"}).out
        self.assertIn("\n  ./conrun plan experiment.yaml ", said)
        odd = self.conrun("init", "two", env={"CONRUN_AS": "a b;c"}).out
        self.assertIn("\n  conrun plan two.yaml ", odd)


if __name__ == "__main__":
    unittest.main()
