"""The wrapper that builds before it runs."""

import os
import shutil
import subprocess
import tempfile
import unittest
from pathlib import Path

SOURCE = Path(os.environ.get("CONRUN_SOURCE", Path(__file__).resolve().parents[2]))

# A tree as small as the wrapper can work with, whose program shows how it was called.
CMAKE_LISTS = """cmake_minimum_required(VERSION 3.25)
project(small LANGUAGES C)
add_executable(conrun runner/main.c)
"""
PRESETS = """{"version": 6, "configurePresets": [
{"name": "release", "generator": "Ninja", "binaryDir": "${sourceDir}/build/release"}]}
"""
MAIN = """#include <stdio.h>
#include <unistd.h>
int main(int argc, char **argv)
{
	char folder[4096];
	printf("%s %d %s %s\\n", VERSION, argc, argv[argc - 1], getcwd(folder, sizeof(folder)));
	return 7;
}
"""


class Wrapper(unittest.TestCase):
    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.away = Path(folder.name).resolve()
        self.root = self.away / "a tree"
        for name in ("runner", "workloads", "tests"):
            (self.root / name).mkdir(parents=True)
        for name in ("conrun", "tests/setup"):
            shutil.copy(SOURCE / name, self.root / name)
        (self.root / "CMakeLists.txt").write_text(CMAKE_LISTS, encoding="utf-8")
        (self.root / "CMakePresets.json").write_text(PRESETS, encoding="utf-8")
        self.write_main("one")

    def write_main(self, version):
        text = f'#define VERSION "{version}"\n{MAIN}'
        (self.root / "runner/main.c").write_text(text, encoding="utf-8")

    def start(self, *arguments, script=None):
        return subprocess.Popen(
            [script or self.root / "conrun", *arguments], cwd=self.away, text=True,
            stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.PIPE)

    def call(self, *arguments, script=None):
        child = self.start(*arguments, script=script)
        out, err = child.communicate()
        return child.returncode, out, err

    def test_builds_once_and_gives_way(self):
        code, out, err = self.call("last one")
        self.assertEqual((code, out), (7, f"one 2 last one {self.away}\n"), err)
        self.assertRegex(err, r"\Aconrun: building \(first time.*\n\Z")

        log = self.root / "build/conrun.log"
        log.unlink()
        self.assertEqual(self.call("x"), (7, f"one 2 x {self.away}\n", ""))
        self.assertFalse(log.exists(), "the second call built again")

    def test_rebuilds_what_is_newer(self):
        self.call()
        self.write_main("two")
        code, out, err = self.call("x")
        self.assertEqual((code, out), (7, f"two 2 x {self.away}\n"), err)
        self.assertEqual(self.call("x")[2], "")

    def test_failed_build_is_told_and_nothing_is_run(self):
        self.call()
        (self.root / "runner/main.c").write_text("int main(void) { oops }\n", encoding="utf-8")
        for _ in range(2):
            code, out, err = self.call("x")
            self.assertEqual((code, out), (1, ""))
            self.assertIn("oops", err)
            self.assertIn("the build failed", err)
        self.write_main("mended")
        self.assertEqual(self.call("x")[1], f"mended 2 x {self.away}\n")

    def test_through_links_and_after_a_move(self):
        self.call()
        link = self.away / "link"
        (self.away / "folder").mkdir()
        link.symlink_to("folder/inner")
        (self.away / "folder/inner").symlink_to("../a tree/conrun")
        self.assertEqual(self.call("x", script=link), (7, f"one 2 x {self.away}\n", ""))

        moved = self.away / "moved"
        self.root.rename(moved)
        self.root = moved
        self.write_main("three")
        code, out, err = self.call("x")
        self.assertEqual((code, out), (7, f"three 2 x {self.away}\n"), err)

    def test_at_the_same_time(self):
        calls = [self.start("x") for _ in range(4)]
        ended = [(call.communicate(), call.returncode) for call in calls]
        for (out, err), code in ended:
            self.assertEqual((code, out), (7, f"one 2 x {self.away}\n"), err)
        self.assertEqual(sum("building" in err for (_, err), _ in ended), 1)


if __name__ == "__main__":
    unittest.main()
