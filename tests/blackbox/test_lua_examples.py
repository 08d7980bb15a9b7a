"""The scripts in lua/ and what is written about them: they run, and give what they announce."""

import re
import shutil
import subprocess
import unittest

import harness
import test_gallery
from test_gallery import NCPU, number

LUA = harness.SOURCE / "lua"
EXECUTORS = """
  - sequential
  - { type: thread, gil: [false, true] }
  - { type: thread_pool, gil: [false, true] }
  - { type: process, start: [fork, spawn] }
  - process_pool
  - pipe
  - async
"""


class Tasks(harness.Case):
    """Each script of lua/tasks has the same answer under every executor."""

    # Parameters, tasks, checksum (None: whatever it is), metrics.
    tasks = {
        "count": ("n: 1000", 6, 6000, {}),
        "download": ("", 6, None, {"bytes": 6 * 16384}),
        "fibonacci": ("n: 15", 6, 6 * 610, {}),
        "hello": ("", 6, None, {}),
        "parse": ("rows: 20", 6, 6 * 20 * 7, {"bytes": 6 * 1480}),
        "pi": ("points: 500", 8, None, {"hits": None}),
        "primes": ("", 100, 600240, {"primes": 6}),
        "queens": ("n: 8", 6, 6 * 92, {"solutions": 6 * 92}),
        "squares_and_cubes": ("pause: 1ms", 8, 30 + 100, {}),
        "wordcount": ("rows: 10", 6, 6 * 90, {"words": 6 * 90, "lines": 60}),
    }

    def test_all_are_here(self):
        self.assertEqual({path.stem for path in (LUA / "tasks").glob("*.lua")}, set(self.tasks))

    def rows(self, name, params, tasks):
        self.run_scenario(
            f"workloads: {{ it: {{ type: lua, script: tasks/{name}.lua, {params} }} }}\n"
            f"executors: {EXECUTORS}workers: 2\ntasks: {tasks}\nrepeat: 1\n")
        rows = self.summary()
        self.assertEqual(len(rows), 10)
        for row in rows:
            self.assertEqual((row["status"], row["error"]), ("ok", ""), row)
        return rows

    def test_each(self):
        for name, (params, tasks, checksum, metrics) in self.tasks.items():
            with self.subTest(name):
                rows = self.rows(name, params, tasks)
                found = {row["checksum"] for row in rows}
                self.assertEqual(len(found), 1, found)
                if checksum is not None:
                    self.assertEqual(found, {str(checksum)})
                for metric, value in metrics.items():
                    amounts = {row[metric] for row in rows}
                    self.assertEqual(amounts, {str(value)} if value is not None else found)

    def test_pi_is_near(self):
        self.run_scenario(
            "workloads: { it: { type: lua, script: tasks/pi.lua, points: 10_000 } }\n"
            "executors: [sequential]\ntasks: 100\nrepeat: 1\n")
        [row] = self.summary()
        self.assertAlmostEqual(4 * int(row["hits"]) / 1e6, 3.1416, delta=0.02)

    def test_wordcount_of_a_file(self):
        (self.tmp / "text.txt").write_text("one two\nthree\n" * 50, encoding="utf-8")
        rows = self.rows("wordcount", "file: text.txt", 4)
        self.assertEqual({(row["words"], row["lines"]) for row in rows}, {("600", "400")})

    def test_each_lists_its_parameters(self):
        for name in self.tasks:
            shown = self.conrun("list", LUA / "tasks" / f"{name}.lua")
            self.assertEqual(shown.code, 0, shown.err)
            for param in re.findall(r"^\s+(\w+) = \{ type = ", self.text(name), re.MULTILINE):
                self.assertIn(param, shown.out)

    def text(self, name):
        return (LUA / "tasks" / f"{name}.lua").read_text(encoding="utf-8")

    def test_each_says_what_it_is_for_and_is_short(self):
        for name in self.tasks:
            lines = self.text(name).splitlines()
            self.assertRegex(lines[0], r"^-- [A-Z]", name)
            self.assertLessEqual(len(lines), 60, name)


class Readme(harness.Case):
    """lua/README.md: every Lua and YAML block is a file that its first line names, and every
    scenario runs; a block without a language is something that the one before it says."""

    BLOCK = re.compile(r"^```(\w*)\n(.*?)^```$", re.MULTILINE | re.DOTALL)
    NAME = re.compile(r"(?:--|#) (\S+?)(?:: exits with (\d))?\n")

    def block(self, kind, text, said):
        """Writes and runs it; returns what it says."""
        if not kind:
            self.assertIn(text, said)
            return said
        name, code = self.NAME.match(text).groups()
        self.write(text, name)
        if kind == "lua":
            return ""
        result = self.conrun(name)
        self.assertEqual(result.code, int(code or 0), f"{name}: {result.err}{result.out}")
        self.assertNotIn("warning", result.err, name)
        return result.out

    def test_blocks_in_their_order(self):
        text, said = (LUA / "README.md").read_text(encoding="utf-8"), ""
        kinds = []
        for kind, body in self.BLOCK.findall(text):
            said = self.block(kind, body, said)
            kinds.append(kind)
        self.assertEqual(set(kinds), {"lua", "yaml", ""})
        self.assertEqual(2 * len(kinds), text.count("\n```"))
        best = harness.read_csv(self.folder("best") / "best.csv")
        self.assertEqual(sorted(row["workload"] for row in best), ["long", "short"])
        self.assertIn("tail", harness.header_of(self.folder("cost") / "summary.csv"))

    def test_links(self):
        text = (LUA / "README.md").read_text(encoding="utf-8")
        headings = {heading.lower().replace(" ", "-")
                    for heading in re.findall(r"^#+ (.*)$", text, re.MULTILINE)}
        links = re.findall(r"\]\(([^)]+)\)", text)
        self.assertGreater(len(links), 20)
        for link in links:
            if link.startswith("#"):
                self.assertIn(link[1:], headings)
            elif not link.startswith("https:"):
                self.assertTrue((LUA / link).exists(), link)


class Scenarios(harness.Case):
    """The gallery's experiments with Lua."""

    gallery = test_gallery.Gallery.gallery
    assert_ok = test_gallery.Gallery.assert_ok
    assert_checksum = test_gallery.Gallery.assert_checksum

    def test_two_functions(self):
        rows = self.gallery("two_functions")
        self.assert_ok(rows)
        self.assert_checksum(rows, 30 + 100)
        # In rounds of 0.2 s: (workload, workers) → how many; one worker is sequential.
        rounds = {("functions", 1): 8, ("functions", 2): 4, ("functions", 3): 4,
                  ("numbers", 1): 8, ("numbers", 2): 4, ("numbers", 3): 3, ("numbers", 4): 2}
        self.assertEqual(len(rows), 2 + 2 * 5)
        for row in rows:
            expected_s = 0.2 * rounds[row["workload"], int(row["workers"])]
            self.assertGreaterEqual(number(row, "elapsed_s"), expected_s, row)
            self.assertLess(number(row, "elapsed_s"), expected_s + 0.19, row)

    def test_lua_gil(self):
        rows = self.gallery("lua_gil")
        self.assert_ok(rows)
        found = {(row["workload"], row["executor"], int(row["workers"])): row for row in rows}
        self.assertEqual(len(found), 12)
        lock, free = "thread_pool[gil]", "thread_pool"
        for executor in (lock, free):
            self.assertGreater(number(found["wait", executor, 4], "speedup"), 2, executor)
        for workers in (2, 4):
            row = found["compute", lock, workers]
            self.assertGreater(number(row, "gil_handovers"), 0, row)
            # Only one computes at a time, however many there are, and whatever else runs.
            self.assertLess(number(row, "running_s"), number(row, "elapsed_s") * 1.3, row)
        if NCPU > 1 and not any(row["noise"] for row in rows):
            self.assertGreater(number(found["compute", free, 2], "speedup"), 1.3)

    def test_lua_vs_c(self):
        rows = self.gallery("lua_vs_c")
        self.assert_ok(rows)
        found = {(row["workload"], int(row["workers"])): row for row in rows}
        self.assertEqual(len(found), 8)
        for work in ("count", "primes"):
            for workers in (1, 2):
                c, lua = found[f"{work}_c", workers], found[f"{work}_lua", workers]
                self.assertEqual(c["checksum"], lua["checksum"])
                self.assertEqual(c["primes"], lua["primes"])
                # CPU time: what others do to the machine matters little.
                self.assertGreater(number(lua, "running_s"), 1.5 * number(c, "running_s"), work)


class Clean(unittest.TestCase):
    """What a program can say about a script without running it."""

    def files(self):
        files = [*LUA.rglob("*.lua"), *(harness.SOURCE / "tests" / "lua").rglob("*.lua")]
        self.assertGreater(len(files), 8)
        return sorted(files)

    @unittest.skipUnless(shutil.which("luacheck"), "luacheck is not installed")
    def test_luacheck(self):
        checked = subprocess.run(
            ["luacheck", "--no-color", "--no-cache", "--quiet", "--codes", *self.files()],
            cwd=harness.SOURCE, text=True, stdout=subprocess.PIPE, stderr=subprocess.STDOUT)
        self.assertEqual(checked.returncode, 0, checked.stdout)


if __name__ == "__main__":
    unittest.main()
