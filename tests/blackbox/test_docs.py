"""What the documents say works: their files are right, their commands run, their links lead somewhere.

CONTRIBUTING's walks are followed in test_walks.py, lua/README.md's examples in
test_lua_examples.py, the plugin's page in test_plugin.py.
"""

import os
import re
import shutil
import subprocess
import unittest

import documents
import harness

FOLLOWED_HERE = ("README.md", "scenarios/README.md", "ARCHITECTURE.md")

# Commands that set up the machine, and what stands for them.
ELSEWHERE = {
    "tests/run": "is what runs this",
    "cmake --workflow --preset package": "test_package.py",
    "cmake --install build/release --prefix ~/conrun": "test_data.py",
}


class Documents(harness.Case):
    def place(self):
        """A folder like a checkout, in which `conrun` and `./conrun` are the program."""
        shutil.copytree(harness.SOURCE / "scenarios", self.tmp / "scenarios")
        (self.tmp / "bin").mkdir()
        for link in (self.tmp / "conrun", self.tmp / "bin" / "conrun"):
            link.symlink_to(harness.CONRUN)

    def shell(self, line):
        environment = {**os.environ, "PATH": f"{self.tmp}/bin:{os.environ['PATH']}"}
        return subprocess.run(["sh", "-ec", line], cwd=self.tmp, env=environment, text=True,
                              stdout=subprocess.PIPE, stderr=subprocess.STDOUT, timeout=200,
                              check=False)

    def follow(self, name):
        skipped = set()
        self.place()
        for block in documents.Document(name).blocks():
            if block.language in ("yaml", "lua"):
                file = block.file_name()
                self.assertTrue(file, f"{name}: this block has no file's name:\n{block.body}")
                self.write(block.body, file)
            if block.language == "yaml":
                check = self.shell(f"conrun check {file}")
                self.assertEqual((check.returncode, check.stdout.count("warning")), (0, 0),
                                 f"{name}: {file}\n{check.stdout}")
            if block.language == "sh":
                for line in block.commands():
                    if line in ELSEWHERE:
                        skipped.add(line)
                        continue
                    done = self.shell(line)
                    self.assertEqual(done.returncode, 0, f"{name}: {line}\n{done.stdout}")
        return skipped

    @unittest.skipIf(harness.sanitized(), "for the program as its users have it")
    def test_each_file_is_right_and_each_command_runs(self):
        skipped = set()
        for name in FOLLOWED_HERE:
            with self.subTest(name):
                self.setUp()
                skipped |= self.follow(name)
        self.assertEqual(skipped, set(ELSEWHERE))

    def test_links_lead_somewhere(self):
        for name in documents.NAMES:
            document = documents.Document(name)
            for link in document.links():
                if re.match(r"https?:", link):
                    continue
                path, _, anchor = link.partition("#")
                target = (document.path.parent / path).resolve() if path else document.path
                with self.subTest(document=name, link=link):
                    self.assertTrue(target.exists())
                    if anchor and target.suffix == ".md":
                        other = documents.Document(target.relative_to(harness.SOURCE))
                        self.assertIn(anchor, other.anchors())

    def test_commands_in_running_text_exist(self):
        commands = set(re.findall(r"^  (\w+) ", harness.run("help").out, re.M))
        scenarios = {path.stem for path in (harness.SOURCE / "scenarios").glob("*.yaml")}
        for name in documents.NAMES:
            for code in documents.Document(name).commands_in_prose():
                words = code.split()[1:]
                with self.subTest(document=name, command=code):
                    first = words[0] if re.fullmatch(r"[a-z]+", words[0]) else "run"
                    self.assertIn(first, commands | scenarios)
                    command = first if first in commands else "run"
                    options = re.findall(r"--[\w-]+", harness.run("help", command).out)
                    self.assertLessEqual(set(re.findall(r"(?<=\s)--[\w-]+", code)), set(options))


if __name__ == "__main__":
    unittest.main()
