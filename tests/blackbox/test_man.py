"""The manual pages: clean for those who print them, and complete by the tables."""

import os
import re
import subprocess
import unittest

from harness import SOURCE, Case, listed_executors, listed_workloads, run, sanitized

PAGES = {"1": "conrun.1", "5": "conrun-scenario.5"}


def page(section):
    result = run("help", "--man", section)
    assert (result.code, result.err) == (0, ""), result
    return result.out


class Pages(Case):
    def print(self, section, *command, **env):
        done = subprocess.run(
            list(command), input=page(section), capture_output=True, text=True, timeout=60,
            env=os.environ | {"LC_ALL": "C.UTF-8", "MANWIDTH": "100", "MANPAGER": "cat"} | env)
        self.assertEqual(done.returncode, 0, done)
        return done

    def text(self, section):
        """As `man` shows it, without what makes it bold."""
        done = self.print(section, "man", "-l", "-")
        self.assertEqual(done.stderr, "")
        return re.sub(r"\x1b\[[0-9;]*m|.\x08", "", done.stdout)

    def test_nobody_complains(self):
        for section in PAGES:
            done = self.print(section, "mandoc", "-Tlint", "-Wstyle")
            self.assertEqual((done.stdout, done.stderr), ("", ""))
            done = self.print(section, "groff", "-ww", "-z", "-man", "-Tutf8")
            self.assertEqual((done.stdout, done.stderr), ("", ""))
            done = self.print(section, "man", "--warnings=w", "-E", "UTF-8", "-Tutf8", "-Z", "-l",
                              "-")
            self.assertEqual(done.stderr, "")

    def test_it_is_plain_ascii_and_says_what_it_is(self):
        version = run("version").out.split("\n")[0]
        for section, name in PAGES.items():
            text = page(section)
            self.assertTrue(text.isascii())
            self.assertRegex(text, rf'^\.TH {name[:-2].upper()} {section} \d{{4}}-\d\d-\d\d '
                                   rf'"{re.escape(version)}"\n')
            self.assertIn(f"\n.SH NAME\n{name[:-2]} \\- ", text)
            self.assertNotIn(str(SOURCE), text)

    def test_all_commands_and_options(self):
        text = self.text("1")
        for command in re.findall(r"^  ([a-z]+) ", run("help").out.split("\ncommands:\n")[1]
                                  .split("\n\n")[0], re.MULTILINE):
            self.assertRegex(text, rf"(?m)^   conrun {command}\b")
            out = run("help", command).out
            part = re.split(rf"(?m)^   conrun {command}\b", text)[1].split("\n   conrun ")[0]
            for option in re.findall(r"^  (?:-\w, )?(--[a-z-]+)", out.split("\noptions:\n")[1],
                                     re.MULTILINE):
                self.assertRegex(part, rf"(?m)^ +(-\w, )?{option}\b")
            for line in re.findall(r"^  # .+\n  (.+)$", out, re.MULTILINE):
                self.assertIn(line, part)

    def test_sentences_are_not_cut_into_lines(self):
        check = self.text("1").split("conrun check FILE")[1].split("conrun init")[0]
        self.assertRegex(" ".join(check.split()), "such as switch_interval without gil; workloads,")
        self.assertNotRegex(check, r"switch_interval\n\n")

    def test_exit_codes_and_surroundings(self):
        text = self.text("1")
        for heading in ("SYNOPSIS", "DESCRIPTION", "EXIT STATUS", "ENVIRONMENT", "FILES", "SEE ALSO"):
            self.assertRegex(text, rf"(?m)^{heading}$")
        for code in ("0", "1", "2", "3", "130"):
            self.assertRegex(text, rf"(?m)^       {code} +\S")

    def test_every_variable_that_is_read(self):
        text, private = self.text("1").split("\nENVIRONMENT\n")[1], {"HOME"}
        read = set()
        for top in ("runner", "workloads"):
            for path in (SOURCE / top).rglob("*.c"):
                read |= set(re.findall(r'getenv\("(\w+)"\)', path.read_text(encoding="utf-8")))
        self.assertIn("NO_COLOR", read)
        for name in read - private:
            self.assertRegex(text, rf"(?m)^       {name}( |$)")

    def test_all_that_a_scenario_can_say(self):
        text = self.text("5")
        for name in list(listed_workloads()) + listed_executors():
            self.assertRegex(text, rf"(?m)^   {name}$")
            part = re.split(rf"(?m)^   {name}$", text)[1]
            table = run("list", name).out.split("\n\n")[1]
            for option in re.findall(r"^  (\w+) ", table, re.MULTILINE)[1:]:
                self.assertRegex(part, rf"(?m)^ +{option}:? ?")
        for line in run("help", "scenario").out.split("\nVALUES\n")[0].split("\n"):
            if key := re.match(r"( +)(\w+:) ", line):
                self.assertRegex(text, rf"(?m)^ +{key.group(2)} ")

    @unittest.skipIf(sanitized(), "a build with sanitizers is not installed, and makes no pages")
    def test_the_build_has_made_them(self):
        folder = os.path.dirname(os.path.realpath(os.environ["CONRUN"]))
        for section, name in PAGES.items():
            with open(os.path.join(folder, "man", name), encoding="utf-8") as file:
                self.assertEqual(file.read(), page(section))
        for shell, name in (("bash", "conrun"), ("zsh", "_conrun"), ("fish", "conrun.fish")):
            with open(os.path.join(folder, "completion", name), encoding="utf-8") as file:
                self.assertEqual(file.read(), run("help", "--completion", shell).out)


if __name__ == "__main__":
    unittest.main()
