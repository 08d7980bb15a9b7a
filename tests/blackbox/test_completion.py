"""What bash, zsh and fish complete of a command line of conrun's: in these shells."""

import re
import shutil
import subprocess
import tempfile
import unittest
from pathlib import Path

from completion_shells import Bash, Fish, Prompt, Zsh
from harness import listed_executors, listed_workloads, run


def commands():
    section = run("help").out.split("\ncommands:\n")[1].split("\n\n")[0]
    return re.findall(r"^  ([a-z]+) ", section, re.MULTILINE)


def options(command):
    section = run("help", command).out.split("\noptions:\n")[1].split("\n\n")[0]
    return set(re.findall(r"^  (?:-\w, )?(--[a-z-]+)", section, re.MULTILINE))


class Completion:
    """The same questions for every shell; a subclass says which."""

    @classmethod
    def setUpClass(cls):
        cls.folder = Path(tempfile.mkdtemp(prefix="conrun-test-"))
        for name in ("one.yaml", "zwei.yml", "note.txt", "task.lua", "mine.so",
                     "scenarios/deep.yaml", "elsewhere/other.csv",
                     "results/waits.csv", "results/races.csv"):
            (cls.folder / name).parent.mkdir(exist_ok=True)
            (cls.folder / name).write_text("")
        cls.shell = cls.kind(cls.folder)

    @classmethod
    def tearDownClass(cls):
        cls.shell.close()
        shutil.rmtree(cls.folder)

    def ask(self, line):
        """The proposals; folders without their slash, words without what stands before them."""
        return {word.rstrip("/") for word in self.shell.ask(line)}

    def test_commands(self):
        self.assertGreater(len(commands()), 5)
        proposed = self.ask("conrun ")
        self.assertEqual(set(commands()) - proposed, set())
        self.assertTrue({"one.yaml", "zwei.yml", "scenarios"} <= proposed, proposed)
        self.assertNotIn("note.txt", proposed)
        self.assertEqual(self.ask("conrun pl"), {"plan"})
        self.assertEqual(self.ask("conrun --output out pl"), {"plan"})
        self.assertEqual(self.ask("conrun --output=out pl"), {"plan"})

    def test_options_are_those_of_the_command(self):
        for command in commands():
            with self.subTest(command=command):
                self.assertEqual(self.ask(f"conrun {command} --"), options(command))
        self.assertEqual(self.ask("conrun one.yaml --"), options("run"))
        self.assertEqual(self.ask("conrun --"), options("run"))

    def test_scenarios(self):
        for command in ("plan", "run", "check", "plan one.yaml"):
            proposed = self.ask(f"conrun {command} ")
            self.assertTrue({"one.yaml", "zwei.yml", "scenarios"} <= proposed, (command, proposed))
            self.assertFalse({"note.txt", "task.lua", "plan", "help"} & proposed, proposed)
        self.assertEqual(self.ask("conrun plan zw"), {"zwei.yml"})
        self.assertEqual(self.ask("conrun plan --all zw"), {"zwei.yml"})

    def test_choices(self):
        self.assertEqual(self.ask("conrun --csv-dialect "), {"comma", "semicolon"})
        self.assertEqual(self.ask("conrun --csv-dialect s"), {"semicolon"})
        self.assertEqual(self.ask("conrun run --format "), {"xlsx"})
        self.assertEqual(self.ask("conrun compare --format "), {"table", "csv", "markdown"})
        self.assertEqual(self.ask("conrun help --completion "), {"bash", "zsh", "fish"})
        self.assertIn("markdown", {word.split("=")[-1]
                                   for word in self.ask("conrun compare --format=m")})

    def test_folders_and_files_by_their_endings(self):
        proposed = self.ask("conrun one.yaml --output ")
        self.assertTrue({"scenarios", "elsewhere"} <= proposed, proposed)
        self.assertFalse({"one.yaml", "note.txt"} & proposed, proposed)
        self.assertEqual(self.ask("conrun one.yaml -o s"), {"scenarios"})
        proposed = self.ask("conrun one.yaml --plugin ")
        self.assertIn("mine.so", proposed)
        self.assertFalse({"one.yaml", "note.txt"} & proposed, proposed)

    def test_list_knows_workloads_and_executors(self):
        proposed = self.ask("conrun list ")
        self.assertEqual(set(listed_workloads()) - proposed, set())
        self.assertEqual(set(listed_executors()) - proposed, set())
        self.assertTrue({"columns", "scenarios", "task.lua"} <= proposed, proposed)
        self.assertEqual(self.ask("conrun list thread_"), {"thread_pool"})
        self.assertFalse({"sleep", "task.lua"} & self.ask("conrun list sleep "))

    def test_help_knows_its_topics(self):
        self.assertEqual(self.ask("conrun help "), set(commands()) | {"scenario"})

    def test_sessions(self):
        for command in ("report", "compare", "compare waits"):
            proposed = self.ask(f"conrun {command} ")
            self.assertTrue({"waits", "races", "one.yaml"} <= proposed, (command, proposed))
            self.assertFalse({"other", "note.txt"} & proposed, proposed)
        self.assertEqual(self.ask("conrun report w"), {"waits"})
        self.assertIn("other", self.ask("conrun report --output elsewhere "))

    def test_figures(self):
        proposed = self.ask("conrun compare --figure ")
        self.assertTrue({"elapsed_s", "task_p99_s", "throughput_per_s"} <= proposed, proposed)
        self.assertFalse({"status", "max_rss_bytes"} & proposed)

    def test_keys_of_a_scenario(self):
        proposed = {word.rstrip("=") for word in self.ask("conrun one.yaml --set ")}
        self.assertTrue({"workers", "tasks", "repeat", "seed"} <= proposed, proposed)
        self.assertLessEqual(self.ask("conrun one.yaml --set workers="), {"workers="})
        after = self.ask("conrun one.yaml --set workers=2 ")
        self.assertTrue({"zwei.yml", "scenarios"} <= after, after)

    @unittest.skipIf("--executors" not in run("help", "init").out, "there is no 'conrun init' yet")
    def test_lists_with_commas(self):
        proposed = self.ask("conrun init --executors ")
        self.assertEqual(set(listed_executors()) - proposed, set())
        self.assertIn("thread_pool", {word.split(",")[-1] for word in
                                      self.ask("conrun init --executors async,thread_")})
        self.assertEqual(self.ask("conrun init --workload prim"), {"primes"})

    def test_behind_two_dashes_are_files(self):
        self.assertFalse({word for word in self.ask("conrun plan -- ") if word.startswith("-")})


class InBash(Completion, unittest.TestCase):
    kind = Bash

    def test_tab_at_the_prompt(self):
        rc = self.shell.home / "rc"
        rc.write_text(f"PS1='READY> '\nsource {self.shell.script}\n"
                      "bind 'set enable-bracketed-paste off'\n")
        prompt = Prompt(["bash", "--noprofile", "--rcfile", str(rc), "-i"], self.folder,
                        self.shell.environment() | {"TERM": "dumb"})
        self.addCleanup(prompt.close)
        prompt.read_until("READY> $")
        for typed, line in (("conrun pl\tzw\t", "conrun plan zwei.yml "),
                            ("./conrun list thread_p\t", "./conrun list thread_pool "),
                            ("conrun compare --format=ma\t", "conrun compare --format=markdown "),
                            ("conrun one.yaml --set work\t", "conrun one.yaml --set work"),
                            ("conrun one.yaml --set workers\t", "conrun one.yaml --set workers="),
                            ("conrun plan sc\tde\t", "conrun plan scenarios/deep.yaml ")):
            prompt.output = ""
            prompt.type(typed)
            prompt.read_until(re.escape(line) + "[\x07]*$")
            prompt.type("\x15\n")
            prompt.read_until("READY> $")


class InZsh(Completion, unittest.TestCase):
    kind = Zsh

    def test_also_read_by_source(self):
        code = (f"autoload -Uz compinit; compinit -u -D; source {self.shell.script};"
                " print -r -- $_comps[conrun]")
        done = subprocess.run(["zsh", "-fc", code], env=self.shell.environment(), text=True,
                              capture_output=True, timeout=60)
        self.assertEqual((done.stdout, done.stderr), ("_conrun\n", ""))


class InFish(Completion, unittest.TestCase):
    kind = Fish

    def test_the_script_is_clean(self):
        done = subprocess.run(["fish", "--no-execute", self.shell.script], text=True,
                              env=self.shell.environment(), capture_output=True, timeout=60)
        self.assertEqual((done.returncode, done.stderr), (0, ""))


if __name__ == "__main__":
    unittest.main()
