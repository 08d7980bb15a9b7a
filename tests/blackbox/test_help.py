"""What conrun says of itself: help of every command, and the examples in it, each run as typed."""

import os
import re
import shutil
import subprocess
import unittest

from harness import CONRUN, SOURCE, Case, environment, run

# Scenarios that are over in a moment: a line that runs others is tried with --dry-run.
SHORT = ("primes",)


def commands():
    section = run("help").out.split("\ncommands:\n")[1].split("\n\n")[0]
    return re.findall(r"^  ([a-z]+) ", section, re.MULTILINE)


def examples(text):
    """The lines below `examples:`, each with what it is for."""
    section = text.split("\nexamples:\n")[1].split("\n\n")[0] if "\nexamples:\n" in text else ""
    return [(line, what) for what, line in re.findall(r"^  # (.+)\n  (.+)$", section, re.M)]


class Help(Case):
    def test_every_command_has_its_help(self):
        self.assertGreater(len(commands()), 6)
        for command in commands():
            with self.subTest(command=command):
                result = self.conrun("help", command)
                self.assertEqual((result.code, result.err), (0, ""))
                self.assertTrue(result.out.startswith(f"conrun {command}: "), result.out)
                self.assertEqual(self.conrun(command, "--help"), result)
                self.assertEqual(self.conrun(command, "-h"), result)
                usage = re.search(r"\nusage: conrun (.*)\n", result.out).group(1)
                self.assertNotIn("--", usage)
                self.assertNotEqual(examples(result.out), [])
                for line in result.out.split("\n"):
                    self.assertLessEqual(len(line), 100, line)

    def test_what_is_said_of_the_program(self):
        out = self.conrun("help").out
        for line, what in examples(out):
            self.assertTrue(line.startswith("conrun "), line)
            self.assertTrue(what[0].islower() and not what.endswith("."), what)
        for code in ("0", "1", "2", "3", "130"):
            self.assertRegex(out, rf"(?m)^  {code} +\S")
        for line in out.split("\n"):
            self.assertLessEqual(len(line), 100, line)

    def test_what_shells_would_change_is_quoted(self):
        for command in commands():
            for line, _ in examples(self.conrun("help", command).out):
                bare = re.sub(r"'[^']*'", "", line)
                self.assertNotRegex(bare, r"[\[\]{}?#]", line)

    def test_scenario(self):
        result = self.conrun("help", "scenario")
        self.assertEqual((result.code, result.err), (0, ""))
        for key in ("name:", "workloads:", "executors:", "workers:", "until_ci:", "factor:"):
            self.assertRegex(result.out, rf"(?m)^ +{key} \S")
        self.assertRegex(result.out, r"(?m)^  duration +ns, us")

    def test_scenarios_in_the_help_are_right(self):
        text = self.conrun("help", "scenario").out.split("\nEXAMPLES\n")[1].split("\nMORE\n")[0]
        blocks = ["\n".join(line[2:] for line in block.split("\n"))
                  for block in text.split("\n\n") if block.startswith("  ")]
        self.assertEqual(len(blocks), 2)
        for block in blocks:
            result = self.conrun("plan", self.write(block + "\n"))
            self.assertEqual((result.code, result.err), (0, ""))

    def test_names_that_are_no_commands(self):
        for topic, hint in (("plna", "did you mean 'plan'?"), ("scenrio", "did you mean 'scenario'"),
                            ("sleep", "see 'conrun list sleep'"), ("qqqqqq", "see 'conrun help'"),
                            ("thread", "see 'conrun list thread'")):
            result = self.conrun("help", topic)
            self.assertEqual((result.code, result.out), (2, ""))
            self.assertIn(hint, result.err)


class Examples(Case):
    """Each line works as it is typed, in a copy of what the checkout has."""

    def setUp(self):
        super().setUp()
        for name in ("scenarios", "lua", "conrun.schema.json"):
            if (SOURCE / name).is_dir():
                shutil.copytree(SOURCE / name, self.tmp / name)
            elif (SOURCE / name).exists():
                shutil.copy(SOURCE / name, self.tmp / name)
        self.bin = self.tmp / "bin"
        self.bin.mkdir()
        (self.tmp / "build").mkdir()
        (self.bin / "conrun").symlink_to(CONRUN)
        self.env = environment({"HOME": str(self.tmp), "MANPAGER": "cat",
                                "PATH": f"{self.bin}:{os.environ['PATH']}"})

    def shell(self, line):
        return subprocess.run(["sh", "-c", line], cwd=self.tmp, env=self.env, text=True,
                              stdin=subprocess.DEVNULL, capture_output=True, timeout=300)

    def prepare(self, line):
        """Sessions of what the line looks at are there."""
        for name in re.findall(r"conrun (?:compare|report) (\w+)", line):
            scenario = self.tmp / "scenarios" / f"{name}.yaml"
            self.assertTrue(scenario.exists(), line)
            while len(list((self.tmp / "results" / name).glob("*"))) < 2:
                repeat = 6 if name in SHORT else 1
                done = self.shell(f"conrun {scenario} --repeat {repeat} --quiet")
                self.assertIn(done.returncode, (0, 3), done)

    def test_all(self):
        runs = 0
        for command in commands():
            for line, _ in examples(run("help", command).out):
                typed = line
                names = re.findall(r"scenarios/(\w+)|^conrun (\w+)$", line)
                if command == "run" and (not names or
                                         {a or b for a, b in names} - set(SHORT)):
                    typed += " --dry-run"
                with self.subTest(line=typed):
                    self.prepare(line)
                    done = self.shell(typed)
                    allowed = (0, 3) if command in ("compare", "run") else (0,)
                    self.assertIn(done.returncode, allowed, done)
                    self.assertNotIn("error", done.stderr)
                runs += 1
        self.assertGreater(runs, 15)


if __name__ == "__main__":
    unittest.main()
