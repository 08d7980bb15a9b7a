"""conrun schema: what it lets editors say is what the reader takes.

It is judged by a validator that knows nothing of conrun. Refused by the schema means refused by the
reader, for values of every kind at every place; what a schema cannot see is listed here, with the
reason.
"""

import json
import re
import unittest
import warnings

import harness
import yaml12

with warnings.catch_warnings():
    warnings.simplefilter("ignore")
    import jsonschema

SHIPPED = harness.SOURCE / "conrun.schema.json"
BAD = harness.SOURCE / "tests" / "bad"

# The wrong scenarios of tests/bad that a schema lets pass.
FILE_NAME = "the file's name is what is wrong"
LUA = "Lua finds what is wrong, with the columns that the results will have"
SUM = "it takes arithmetic over several values"
RANGE_OF_UNITS = "a pattern cannot compare sizes"
RANGE = "it takes arithmetic over the range"
UNSEEN = {
    ".hidden": FILE_NAME,
    "bad file name": FILE_NAME,
    "expect": LUA,
    "expect_slips": LUA,
    "load_arrives_too_slowly": SUM,
    "load_beyond_timeout": SUM,
    "load_equal_to_timeout": SUM,
    "load_include_beyond_timeout": SUM,
    "load_too_many_arrivals": SUM,
    "nul_escape": "patterns look at what a text is, not at how it was written",
    "overflow_duration": RANGE_OF_UNITS,
    "overflow_size": RANGE_OF_UNITS,
    "range_backwards": RANGE,
    "range_factor": RANGE,
    "range_huge": RANGE,
    "range_step": RANGE,
    "range_still": RANGE,
    "tag": "YAML has taken the tag away",
    "too_fine": RANGE_OF_UNITS,
    "workload_own_check": "the workload itself compares its parameters",
}

# So many aliases in each other that a validator would never come to an end.
ENDLESS = {"alias_bomb", "merge_bomb"}

TOP = "workloads: { nap: { type: sleep } }\nexecutors: [thread]\n"

# Values of every kind, as they could stand behind any key.
VALUES = [
    "0", "1", "-1", "7", "64", "1_000", "1000000000000000000000", "0.5", "1.5", "1e3", "0x10", "~",
    "''", "true", "false", "yes", '"true"', "10ms", "0s", "-5s", "1.5s", "30 s", "5sec", "64KiB",
    "64kib", "1B", "0B", "500/s", "5/h", "3%", "101%", "0%", "ncpu", "2*ncpu", "ncpu//2", "(ncpu+1)",
    "2*cpus", "'>1'", "'!= 10ms'", "text", "spread", "fork", "pipe", "[]", "[1, 2]", "[1, 1]",
    "[10ms, 1s]", "[true, false]", "[fork, spawn]", "[[1s, 2s]]", "[[1s], 2s]", "[text, 1]",
    "[1, { from: 2, to: 8, step: 2 }]", "{ from: 1, to: 8, factor: 2 }", "{ from: 1ms, to: 8ms, "
    "step: 1ms }", "{ from: 1, to: 8 }", "{ from: 1, to: 8, step: 1, factor: 2 }", "{ executor: "
    "thread }", "{ }",
]


class Schema(harness.Case):
    @classmethod
    def setUpClass(cls):
        cls.text = harness.run("schema").out
        cls.schema = json.loads(cls.text)
        cls.validator = jsonschema.Draft7Validator(cls.schema)

    def problems(self, text):
        return [f"{'/'.join(map(str, error.absolute_path))}: {error.message:.200}"
                for error in self.validator.iter_errors(yaml12.load(text))]

    def refuses(self, text):
        try:
            return bool(self.problems(text))
        except ValueError:
            return True

    def refused_by_reader(self, texts):
        """Which of them conrun refuses, by their place in the list."""
        for i, text in enumerate(texts):
            self.write(text, f"f{i}.yaml")
        result = self.conrun("check", "--json", "--allow-exec", self.tmp, timeout=600)
        found = {item["file"] for item in json.loads(result.out) if item["severity"] == "error"}
        return {i for i in range(len(texts)) if str(self.tmp / f"f{i}.yaml") in found}

    def assert_no_false_alarm(self, texts, fewest):
        """What the schema refuses the reader refuses, but for text that reads `true` and is not
        quoted. Both refuse some and take some."""
        refused = self.refused_by_reader(texts)
        ours = {i for i, text in enumerate(texts) if self.refuses(text)}
        self.assertEqual([texts[i] for i in sorted(ours - refused) if self.refuses(
            re.sub(r"(?<![\w'\"])(true|false)(?![\w'\"])", r"'\1'", texts[i]))], [])
        self.assertGreater(len(ours), fewest)
        self.assertLess(len(refused), len(texts))
        return [texts[i] for i in sorted(refused - ours)]

    # ---- the schema itself ----

    def test_the_shipped_one_is_current(self):
        self.assertTrue(SHIPPED.read_text(encoding="utf-8") == self.text,
                        "it is not: ./conrun schema > conrun.schema.json")

    def test_it_is_a_schema(self):
        jsonschema.Draft7Validator.check_schema(self.schema)
        self.assertEqual(self.schema["$schema"], "http://json-schema.org/draft-07/schema#")
        wanted = re.findall(r'"#/definitions/(\w+)"', self.text)
        self.assertEqual(set(wanted) - self.schema["definitions"].keys(), set())

    def test_everything_has_a_description(self):
        def walk(node, path):
            for name, value in (node.get("properties") or {}).items() if isinstance(node, dict) else ():
                if isinstance(value, dict) and not {"const", "not"} & value.keys() and \
                        value.get("type") != "null" and "if" not in path:
                    self.assertTrue(value.get("description"), path + [name])
            for key, value in node.items() if isinstance(node, dict) else enumerate(node):
                if isinstance(value, (dict, list)):
                    walk(value, path + [key])
        walk(self.schema, [])

    def test_every_type_and_executor_is_there(self):
        workloads = self.schema["definitions"]["workload"]["properties"]["type"]
        self.assertEqual(workloads["enum"], list(harness.listed_workloads()))
        executors = self.schema["definitions"]["executor"]["anyOf"][0]
        self.assertEqual(executors["enum"], harness.listed_executors())
        for words in workloads, executors:
            self.assertEqual(len(words["enumDescriptions"]), len(words["enum"]))

    # ---- what is right ----

    def test_the_gallery(self):
        files = sorted((harness.SOURCE / "scenarios").glob("*.yaml"))
        self.assertGreater(len(files), 20)
        for file in files:
            text = file.read_text(encoding="utf-8")
            self.assertEqual(self.problems(text), [], file.name)
            self.assertIn("\n# yaml-language-server: $schema=../conrun.schema.json\nname: ", text,
                          file.name)

    def test_the_examples_of_list(self):
        names = list(harness.listed_workloads()) + harness.listed_executors()
        for name in names:
            listing = harness.run("list", name, "--allow-exec").out
            example = listing[listing.index("# an example"):]
            self.assertEqual(self.problems(example), [], name)

    def test_forms_of_values(self):
        for line in ("workers: { from: 1, to: 4*ncpu, factor: 2 }", "workers: [1, 2*ncpu]",
                     "tasks: 10_000", 'tasks: "10"', "runtime: 500ms", "budget: 0",
                     "repeat: { until_ci: 3% }", "repeat: { min: 6, max: 60, until_ci: 0.5% }",
                     "rate: [500/s, 1_000/s]\narrival: [constant, poisson]",
                     "exclude: []", "exclude: { executor: 'thread[gil]' }", "hooks: scaling",
                     "baseline: { executor: thread, workers: '>=2' }", "name: 2024",
                     "include: { workload: nap, executor: [thread, { type: async }], duration: 1s }",
                     "expect: { that: 'true' }", "output: { trace: true }", "seed: 007"):
            self.assertEqual(self.problems(TOP + line), [], line)
            self.assertEqual(self.refused_by_reader([TOP + line]), set(), line)

    def test_a_script_has_parameters_of_its_own(self):
        text = ("workloads: { t: { type: lua, script: tasks/parse.lua, rows: [1, 2], own: 1 } }\n"
                "executors: [thread]\n"
                "exclude: { rows: 3 }\ninclude: { workload: t, executor: thread, rows: 5 }\n"
                "expect: { when: { rows: 1 }, that: 'true' }\n")
        self.assertEqual(self.problems(text), [])
        self.assertTrue(self.refuses(text.replace("script:", "skript:")))
        # Beside other types only, all names are known.
        for line in ("exclude: { rows: 3 }", "include: { workload: nap, executor: thread, rows: 5 }",
                     "expect: { when: { rows: 1 }, that: 'true' }",
                     "overrides: { when: { rows: 1 }, set: { tasks: 3 } }", "baseline: { rows: 1 }"):
            self.assertTrue(self.refuses(TOP + line), line)

    # ---- what is wrong ----

    def test_what_is_bad(self):
        files = sorted(BAD.glob("*.yaml")) + sorted(BAD.glob(".*.yaml"))
        self.assertGreater(len(files), 80)
        passed = {file.stem for file in files
                  if file.stem not in ENDLESS and not self.refuses(file.read_bytes())}
        self.assertEqual(sorted(passed - UNSEEN.keys()), [], "a schema could refuse these")
        self.assertEqual(sorted(UNSEEN.keys() - passed), [], "it does refuse these")

    def test_many_values_behind_every_parameter(self):
        texts = []
        for case in self.schema["definitions"]["workload"]["allOf"]:
            name = case["if"]["properties"]["type"]["const"]
            needed = {"exec": ", command: [true]"}.get(name, "")
            for param in case["then"]["properties"].keys() - {"type", "command", "script"}:
                texts += [f"workloads: {{ a: {{ type: {name}{needed}, {param}: {value} }} }}\n"
                          "executors: [thread]\n" for value in VALUES]
        self.assertGreater(len(texts), 3000)
        missed = self.assert_no_false_alarm(texts, 1000)
        # What passes all the same is out of a bound that a pattern cannot know, or makes no sense
        # with what else there is.
        self.assertLess(len(missed), len(texts) * 0.06)

    def test_many_values_behind_every_option(self):
        texts = []
        for case in self.schema["definitions"]["executor"]["anyOf"][1]["allOf"]:
            name = case["if"]["properties"]["type"]["anyOf"][0]["const"]
            for option in case["then"]["properties"].keys() - {"type"}:
                texts += ["workloads: { nap: { type: sleep } }\n"
                          f"executors: {{ type: {name}, {option}: {value} }}\n" for value in VALUES]
        self.assertGreater(len(texts), 500)
        self.assertLess(len(self.assert_no_false_alarm(texts, 200)), len(texts) * 0.06)

    def test_many_values_behind_every_key(self):
        texts = [f"{TOP}{key}: {value}\n" for value in VALUES
                 for key in self.schema["properties"].keys() - {"workloads", "executors"}]
        texts += [f"executors: [thread]\nworkloads: {value}\n" for value in VALUES]
        texts += ["workloads: { nap: { type: sleep } }\n" + line for value in VALUES
                  for line in (f"executors: {value}\n", f"executors: [thread, {value}]\n")]
        self.assertLess(len(self.assert_no_false_alarm(texts, 500)), len(texts) * 0.06)

    def test_many_values_in_rules_and_includes(self):
        definitions = self.schema["definitions"]
        texts = [f"workloads: {{ a: {{ type: {kind} }} }}\nexecutors: [thread, thread_pool, pipe]\n"
                 f"rate: 5/s\nexclude: {{ {key}: {value} }}\n" for value in VALUES
                 for kind, keys in (("sleep", definitions["rule"]["properties"]),
                                    ("channel", ("kind", "messages", "message_size")))
                 for key in keys]
        texts += [f"{TOP}include: {{ workload: nap, executor: thread, {key}: {value} }}\n"
                  for value in VALUES for key in ("workers", "tasks", "runtime", "rate", "duration",
                                                  "jitter", "cycle", "executor", "gil")]
        texts += [f"{TOP}overrides: {{ when: {{ executor: thread }}, set: {{ {key}: {value} }} }}\n"
                  for value in VALUES for key in ("tasks", "runtime", "rate", "repeat", "timeout")]
        self.assert_no_false_alarm(texts, 500)

    def test_names(self):
        """Both ways: the patterns are the reader's own rules in other words."""
        words = ["a", "A.b-c_9", "9", "_", "x" * 64, "x" * 65, "-a", ".a", "+a", "@a", "a b", "a,b",
                 "a/b", "a\\\\b", "a=b", "ä", "a|b", "a[0]", "(a)", "a%", "a~", "a#b", "a;b", "a&", "a!"]
        for form in ('name: "NAME"\n' + TOP, TOP.replace("nap", '"NAME"')):
            texts = [form.replace("NAME", word) for word in words]
            ours = {i for i, text in enumerate(texts) if self.refuses(text)}
            self.assertEqual({words[i] for i in ours},
                             {words[i] for i in self.refused_by_reader(texts)}, form)
            self.assertGreater(len(ours), 5)

    def test_typos(self):
        for text in (TOP + "worker: 3", TOP.replace("type", "typ"), TOP.replace("sleep", "slep"),
                     TOP.replace("thread", "thred"), TOP + "order: shufle",
                     TOP.replace("sleep", "sleep, chunk: 3"), TOP + "exclude: { executors: thread }",
                     TOP + "exclude: { executor: 'thred[gil]' }", TOP + "timeout: 30",
                     TOP + "include: { workload: nap, executor: thread, duratio: 1s }",
                     TOP + "overrides: { when: { executor: thread }, set: { seed: 3 } }",
                     TOP + "expect: { than: 'true' }", TOP + "tasks: 3\nruntime: 1s",
                     TOP + "arrival: poisson", TOP + "workers: { from: 1, to: 8 }"):
            self.assertTrue(self.refuses(text), text)

    def test_the_command(self):
        result = self.conrun("schema", "x")
        self.assertEqual((result.code, result.out), (2, ""))
        self.assertIn("conrun schema", result.err)


if __name__ == "__main__":
    unittest.main()
