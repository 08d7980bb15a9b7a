"""Where what comes with conrun is found: beside the program, wherever that is, and where told."""

import os
import re
import shutil
import time
import unittest
from pathlib import Path

import harness
import installed

# Takes a moment, and finds its script in a data folder.
LUA = """name: it
workloads: { hello: { type: lua, script: tasks/hello.lua } }
executors: [sequential]
tasks: 2
repeat: 1
"""


class Found(harness.Case):
    def setUp(self):
        super().setUp()
        self.root = installed.prefix()

    def moved(self):
        """The installation at another place; the old one is still there."""
        root = self.tmp / "else where"
        shutil.copytree(self.root, root)
        return root

    def at(self, root, *args, **more):
        more.setdefault("cwd", self.tmp)
        return installed.conrun(root, *args, **more)

    def place_of(self, result):
        """The scenario that a bare name turned out to be."""
        self.assertEqual(result.code, 0, result.err)
        first = result.err.splitlines()[0]
        self.assertRegex(first, r"\Aconrun: note: race is /")
        return Path(first.split(" is ", 1)[1])

    def data(self, **files):
        folder = self.tmp / "data"
        for name, text in files.items():
            path = folder / name.replace("__", "/").replace("_dot_", ".")
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text, encoding="utf-8")
        return folder

    def test_in_the_build_tree(self):
        found = self.place_of(self.conrun("plan", "race"))
        self.assertEqual(found, harness.SOURCE / "scenarios/race.yaml")

    def test_where_it_is_installed(self):
        for root in (self.root, self.moved()):
            found = self.place_of(self.at(root, "plan", "race"))
            self.assertEqual(found.resolve(), root / "share/conrun/scenarios/race.yaml")

    def test_through_a_link(self):
        root = self.moved()
        (self.tmp / "bin").mkdir()
        (self.tmp / "bin/conrun").symlink_to(root / "bin/conrun")
        found = self.place_of(self.at(self.tmp, "plan", "race"))
        self.assertEqual(found.resolve(), root / "share/conrun/scenarios/race.yaml")

    def test_where_it_is_told(self):
        text = (harness.SOURCE / "scenarios/race.yaml").read_text(encoding="utf-8")
        data = self.data(scenarios__race_dot_yaml=text)
        for run in (self.conrun, lambda *args, **more: self.at(self.root, *args, **more)):
            found = self.place_of(run("plan", "race", env={"CONRUN_DATA": str(data)}))
            self.assertEqual(found, data / "scenarios/race.yaml")

    def test_what_the_told_place_lacks(self):
        data = self.data(scenarios__mine_dot_yaml=LUA)
        result = self.at(self.root, "mine", env={"CONRUN_DATA": str(data)})
        self.assertEqual(result.code, 0, result.err)
        self.place_of(self.at(self.root, "plan", "race", env={"CONRUN_DATA": str(data)}))

    def test_scripts(self):
        scenario = self.write(LUA)
        root = self.moved()
        result = self.at(root, scenario)
        self.assertEqual(result.code, 0, result.err)
        shutil.rmtree(root / "share/conrun/lua/tasks")
        result = self.at(root, scenario)
        self.assertEqual(result.code, 2)
        self.assertIn("there is no script 'tasks/hello.lua'; looked for", result.err)
        # Neither of these is any of its business.
        self.assertNotIn(str(harness.SOURCE), result.err)
        self.assertNotIn(str(self.root), result.err)

    def test_a_whole_scenario_with_hooks(self):
        result = self.at(self.moved(), "uneven_waits")
        self.assertEqual(result.code, 0, result.err)
        self.assertTrue((self.tmp / "results/uneven_waits.csv").is_file())

    def test_schema_beside_the_scenarios(self):
        """What their modeline names."""
        for root in (self.root, self.moved()):
            scenarios = root / "share/conrun/scenarios"
            self.assertTrue((scenarios / "../conrun.schema.json").is_file())

    @unittest.skipUnless(installed.has_host(), "this build makes its runs in forks of itself")
    def test_the_program_for_runs(self):
        """It comes along when an installation is moved."""
        root = self.moved()
        scenario = self.write("name: it\nworkloads: { nap: { type: sleep, duration: 20s } }\n"
                              "executors: [thread]\nworkers: 1\ntasks: 1\nrepeat: 1\n")
        harness.CONRUN, before = str(root / "bin/conrun"), harness.CONRUN
        try:
            process = harness.start(scenario, cwd=self.tmp)
        finally:
            harness.CONRUN = before
        try:
            wanted, seen = str(root / "libexec/conrun/conrun-host"), set()
            end = time.monotonic() + 15
            while wanted not in seen and time.monotonic() < end:
                seen |= set(map(self.program_of, harness.children_of(process.pid)))
                time.sleep(0.05)
        finally:
            harness.interrupt(process)
            process.communicate()
        self.assertIn(wanted, seen)

    @staticmethod
    def program_of(pid):
        try:
            return os.readlink(f"/proc/{pid}/exe")
        except OSError:
            return None


class BareNames(harness.Case):
    def test_a_file_comes_first(self):
        self.write(LUA, "race")
        result = self.conrun("plan", "race")
        self.assertEqual(result.code, 0, result.err)
        self.assertEqual(result.err, "")
        self.assertIn("hello", result.out)

    def test_a_file_without_its_suffix_is_asked_about(self):
        self.write(LUA, "race.yaml")
        for words in (["race"], ["plan", "race"]):
            result = self.conrun(*words)
            self.assertEqual(result.code, 2)
            self.assertIn("did you mean 'race.yaml'?", result.err)

    def test_with_and_without_the_command(self):
        for words in (["pool_flow", "--dry-run"], ["run", "pool_flow", "-n"], ["plan", "pool_flow"],
                      ["check", "pool_flow"]):
            result = self.conrun(*words)
            self.assertEqual(result.code, 0, result.err)
            self.assertIn("note: pool_flow is ", result.err)

    def test_quiet(self):
        result = self.conrun("uneven_waits", "--quiet")
        self.assertEqual((result.code, result.err), (0, ""))

    def test_they_are_listed(self):
        result = self.conrun("list", "scenarios")
        self.assertEqual(result.code, 0, result.err)
        listed = dict(re.findall(r"(?m)^  (\w+) +(\S.*)$", result.out))
        shipped = {path.stem for path in (harness.SOURCE / "scenarios").glob("*.yaml")}
        self.assertEqual(set(listed), shipped)
        for name, description in listed.items():
            text = (harness.SOURCE / f"scenarios/{name}.yaml").read_text(encoding="utf-8")
            self.assertIn(f"description: {description}\n", text)

    def test_nearly_right(self):
        result = self.conrun("pool_flw")
        self.assertEqual(result.code, 2)
        self.assertIn("did you mean 'pool_flow'?", result.err)

    def test_paths_are_no_names(self):
        for path in ("./race", "scenarios/race", "race.yaml"):
            self.assertEqual(self.conrun("plan", path).code, 2, path)


class Installation(harness.Case):
    @unittest.skipIf(harness.sanitized(), "reports of sanitizers name the source")
    def test_nothing_names_the_place_of_the_build(self):
        """Neither the source nor the build, in what is installed without its symbols."""
        root = installed.prefix("--strip")
        places = [f"{harness.SOURCE}/".encode(), str(installed.BUILD).encode()]
        for path in root.rglob("*"):
            if path.is_file():
                content = path.read_bytes()
                self.assertFalse(any(place in content for place in places), path)

    def test_what_there_is(self):
        root = installed.prefix()
        here = {path.relative_to(root).as_posix() for path in root.rglob("*") if path.is_file()}
        for name in ("bin/conrun", "share/conrun/scenarios/io_1000.yaml",
                     "share/conrun/scenarios/python/pool.py", "share/conrun/lua/usl.lua",
                     "share/conrun/conrun.schema.json", "share/conrun/results/README.md",
                     "share/doc/conrun/README.md", "share/doc/conrun/copyright",
                     "share/doc/conrun/examples/plugin/collatz.c", "share/pkgconfig/conrun.pc",
                     "include/conrun/workloads/plugin.h"):
            self.assertIn(name, here)
        self.assertFalse([name for name in here if name.endswith((".a", ".o", ".yml", "~"))])

    @unittest.skipIf(harness.sanitized(), "made by programs that can be run anywhere")
    def test_what_is_made_by_the_program(self):
        root = installed.prefix()
        here = {path.relative_to(root).as_posix() for path in root.rglob("*") if path.is_file()}
        self.assertLessEqual({"share/man/man1/conrun.1", "share/man/man5/conrun-scenario.5"}, here)
        for shell in ("bash", "zsh", "fish"):
            self.assertTrue([name for name in here if shell in name and "conrun" in name], shell)


if __name__ == "__main__":
    unittest.main()
