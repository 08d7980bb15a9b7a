"""While a scenario is written: a real language server completes, explains and checks it by the schema
that the line at the top names. The server is the one that editors use; tests/setup installs it."""

import shutil
import unittest

import harness
from language_server import LanguageServer

SERVER = "build/editor/node_modules/yaml-language-server/bin/yaml-language-server"
SCHEMA = harness.SOURCE / "conrun.schema.json"
LINE = f"# yaml-language-server: $schema={SCHEMA}\n"
TOP = "workloads: { nap: { type: sleep } }\nexecutors: [thread]\n"


def has_editor():
    """Is the server there? Where packages can be installed, it has to be."""
    if (harness.SOURCE / SERVER).exists() and shutil.which("node"):
        return True
    if shutil.which("apt-get") or shutil.which("npm"):
        raise AssertionError("the language server is missing; run: tests/setup tests")
    return False


@unittest.skipUnless(has_editor(), "neither node nor apt-get is on this machine")
class Editor(harness.Case):
    def setUp(self):
        super().setUp()
        self.server = LanguageServer(["node", str(harness.SOURCE / SERVER), "--stdio"], self.tmp)
        self.addCleanup(self.server.close)
        self.count = 0

    def path(self):
        self.count += 1
        return self.tmp / f"it{self.count}.yaml"

    def problems(self, text, line=LINE, path=None):
        _, found = self.server.open(path or self.path(), line + text)
        return [(item["range"]["start"]["line"] - line.count("\n") + 1,
                 item["range"]["start"]["character"] + 1, item["message"]) for item in found]

    def complete(self, text):
        return self.server.complete(self.path(), LINE + text)

    # ---- checking ----

    def test_what_is_right_has_no_diagnostics(self):
        self.assertEqual(self.problems(TOP), [])
        self.assertEqual(self.problems("workloads: { a: &a { type: sleep }, b: { <<: *a } }\n"
                                       "executors: [thread]\n"), [])

    def test_the_gallery_has_none_and_is_checked(self):
        for file in sorted((harness.SOURCE / "scenarios").glob("*.yaml")):
            text = file.read_text(encoding="utf-8")
            self.assertEqual(self.problems(text, "", file), [], file.name)
            # With its own line, so that a fault is seen.
            self.assertEqual(len(self.problems(text + "\nworker: 3\n", "",
                                               file.with_name(f"faulty_{file.name}"))), 1, file.name)

    def test_without_the_line_nothing_is_checked(self):
        self.assertEqual(self.problems("worker: 3\n", line="# a scenario\n"), [])

    def test_a_typo_in_a_key(self):
        self.assertEqual(self.problems(TOP + "worker: [1, 2]\n"),
                         [(3, 1, "Property worker is not allowed.")])
        text = TOP.replace("sleep", "sleep, durration: 1s")
        self.assertEqual(self.problems(text), [(1, 34, "Property durration is not allowed.")])

    def assert_one(self, text, place, part):
        found = self.problems(text)
        self.assertEqual([problem[:2] for problem in found], [place], found)
        self.assertIn(part, found[0][2])

    def test_a_typo_in_a_word(self):
        self.assert_one(TOP.replace("thread", "thread, thred"), (2, 21), '"thread_pool"')
        self.assert_one(TOP.replace("sleep", "slep"), (1, 27), '"sleep"')
        self.assert_one(TOP + "order: shufle\n", (3, 8), '"shuffle"')

    def test_an_option_of_another_executor(self):
        self.assert_one("workloads: { nap: { type: sleep } }\n"
                        "executors:\n  - { type: process, chunk: 3 }\n", (3, 22), "chunk")

    def test_values(self):
        for line, part in (
                ("timeout: 30", "a duration has a unit: 10ms"),
                ("timeout: 30sec", "a duration has a unit"),
                ("workers: 0", "minimum of 1"),
                ("workers: [1, 2.5]", "an integer, such as 8 or 2*ncpu"),
                ("rate: 500", "a rate has a unit"),
                ("tasks: 3\nruntime: 5s", "'tasks' and 'runtime' are both given"),
                ("arrival: poisson", "'arrival' needs a rate"),
                ("workers: { from: 1, to: 8, step: 1, factor: 2 }", "either a 'step' or a 'factor'"),
                ("exclude: { executors: thread }", "executors"),
                ("include: { workload: nap, executor: thread, gil: true }", "gil")):
            found = self.problems(TOP + line + "\n")
            self.assertEqual(len(found), 1, (line, found))
            self.assertIn(part, found[0][2])

    def test_what_is_missing(self):
        self.assertEqual([problem[2] for problem in self.problems("executors: [thread]\n")],
                         ['Missing property "workloads".'])

    # ---- completing ----

    def test_keys(self):
        items = self.complete(TOP + "wor█\n")
        self.assertTrue({"workers", "tasks", "exclude", "repeat", "timeout"} <= items.keys(), items)
        self.assertFalse({"executors", "chunk", "duration"} & items.keys(), items)
        self.assertEqual(items["workers"]["textEdit"]["newText"], "workers: ${1:ncpu}")
        self.assertIn("the most tasks in flight at once", items["workers"]["documentation"])
        self.assertEqual(items["exclude"]["textEdit"]["newText"], "exclude:\n  - ")

    def test_workload_types(self):
        items = self.complete("workloads:\n  nap:\n    type: █\nexecutors: [thread]\n")
        self.assertEqual(list(items), list(harness.listed_workloads()))
        self.assertIn("waits", items["sleep"]["documentation"])

    def test_parameters_are_those_of_the_type(self):
        text = "workloads:\n  nap:\n    type: {}\n    █\nexecutors: [thread]\n"
        self.assertEqual(set(self.complete(text.format("sleep"))), {"duration", "jitter", "cycle"})
        items = self.complete(text.format("channel"))
        self.assertIn("mode", items)
        self.assertNotIn("duration", items)

    def test_values_of_a_choice(self):
        items = self.complete("workloads:\n  nap:\n    type: channel\n    mode: █\n"
                              "executors: [thread]\n")
        self.assertEqual(set(items), {"one_way", "ping_pong"})

    def test_executors(self):
        names = set(harness.listed_executors())
        for text in "executors: [█]\n", "executors:\n  - thr█\n", "executors:\n  - type: █\n":
            items = self.complete("workloads: { nap: { type: sleep } }\n" + text)
            self.assertEqual(names - items.keys(), set(), text)
            self.assertIn("a new thread for every task", items["thread"]["documentation"])

    def test_options_are_those_of_the_executor(self):
        top = "workloads: { nap: { type: sleep } }\nexecutors:\n"
        self.assertEqual(set(self.complete(top + "  - type: process_pool\n    █\n")),
                         {"start", "chunk", "pin"})
        items = self.complete(top + "  - type: thread\n    gil: █\n")
        self.assertEqual(set(items), {"true", "false"})

    def test_rules(self):
        items = self.complete(TOP + "exclude:\n  - █\n")
        self.assertTrue({"workload", "executor", "workers", "gil"} <= items.keys(), items)
        items = self.complete(TOP + "exclude:\n  - executor: █\n")
        self.assertEqual(set(items), set(harness.listed_executors()))

    # ---- explaining ----

    def test_hover(self):
        text = self.server.hover(self.path(), LINE + "workloads:\n  nap:\n    type: sleep\n"
                                                     "    dur█ation: 10ms\nexecutors: [thread]\n")
        self.assertIn("how long a task waits", text)
        self.assertIn("0s … 24h", text)
        self.assertIn("default: 10ms", text)
        text = self.server.hover(self.path(), LINE + TOP.replace("sleep", "sl█eep"))
        self.assertIn("waits: stands for tasks", text)

    # ---- the line that init writes ----

    def test_a_fresh_scenario(self):
        for name, env in (("mine", None), ("in/it", {"CONRUN_DATA": str(self.tmp)}),
                          ("here", {"CONRUN_DATA": str(self.tmp)})):
            (self.tmp / name).parent.mkdir(exist_ok=True)
            if env:
                shutil.copy(SCHEMA, self.tmp)
            self.assertEqual(self.conrun("init", name, env=env).code, 0)
            path = self.tmp / f"{name}.yaml"
            text = path.read_text(encoding="utf-8")
            self.assertEqual(self.problems(text, "", path), [])
            faulty = path.with_name("faulty.yaml")
            self.assertEqual(len(self.problems(text + "worker: 3\n", "", faulty)), 1, text[:100])

    def test_a_schema_in_a_folder_with_blanks(self):
        folder = self.tmp / "a folder, 100% ünusual"
        folder.mkdir()
        shutil.copy(SCHEMA, folder)
        self.assertEqual(self.conrun("init", "mine", env={"CONRUN_DATA": str(folder)}).code, 0)
        text = (self.tmp / "mine.yaml").read_text(encoding="utf-8")
        self.assertEqual(len(self.problems(text + "worker: 3\n", "", self.path())), 1, text[:200])


if __name__ == "__main__":
    unittest.main()
