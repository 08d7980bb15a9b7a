"""Whatever is refused, the message ends in what to do next."""

import re
import unittest

from harness import SOURCE, Case, run

# What counts as a next step: behind a semicolon, a guess, a pattern to copy, what must be there.
REMEDY = re.compile(r"; \S|did you mean '|\bmust (not )?be |needs its type: \{|^put a value ")

SCENARIO = "workloads: { nap: { type: sleep, duration: 1ms } }\nexecutors: [thread]\ntasks: 2\n"


def diagnostics(text):
    """(place, message, note) of each error or warning of a scenario. A note that several have in
    a row is printed with the first alone."""
    found, shared = [], ""
    for line in text.split("\n"):
        if match := re.match(r"(.*?): (?:error|warning): (.*)$", line):
            found.append([match.group(1), match.group(2), ""])
        elif line.startswith("      = ") and found:
            found[-1][2] = line[8:]
    for item in found:
        listed = "unknown key" in item[1] or "is no column" in item[1]
        item[2] = item[2] or (shared if listed else "")
        shared = item[2]
    return found


class CommandLines(Case):
    """Wrong command lines of every kind."""

    def setUp(self):
        super().setUp()
        self.good = self.write(SCENARIO)
        (self.tmp / "empty").mkdir()
        (self.tmp / "results/half/2026-01-01T00-00-00Z").mkdir(parents=True)
        (self.tmp / "results/half/2026-01-01T00-00-00Z/run.json").write_text("{}")
        (self.tmp / "other.csv").write_text("a,b\n1,2\n")
        (self.tmp / "cut.csv").write_text("")

    LINES = (
        "pln it.yaml", "zzzz", "''", "nowhere.yaml", "it.ymal", "empty", "/dev/null", "/proc/1/mem",
        "--ouput x", "--output", "--quiet=yes it.yaml", "-x", "-z it.yaml", "--jobs 4 it.yaml",
        "list --output x", "list it.yaml --set a=b", "version --all", "plan --resume it.yaml",
        "run", "plan", "check", "compare", "report", "compare a b c", "report a b", "version x",
        "schema x", "help a b", "help qqqq", "help slep", "help plna",
        "list qqqq", "list thred", "list nothing.lua", "list it.yaml",
        "compare nowhere", "compare half", "compare empty", "compare other.csv other.csv",
        "compare it.yaml", "compare results/half/2026-01-01T00-00-00Z it.yaml",
        "report nowhere", "report half", "report no/folder", "report other.csv", "report cut.csv",
        "report results/half/2026-01-01T00-00-00Z",
        "it.yaml --csv-dialect tab", "it.yaml --format pdf", "it.yaml --rerun all",
        "compare it --format pdf", "compare it --tolerance 5", "compare it --tolerance -5%",
        "help --man 7", "help --completion csh", "help --completion bas",
        "it.yaml --set workers", "it.yaml --set =3", "it.yaml --set wrkers=1",
        "it.yaml --set workers=[1,a]", "it.yaml --set workloads.nip.duration=1s",
        "it.yaml --set workloads.nap.duration=1", "it.yaml --repeat x", "it.yaml --repeat 0",
        "it.yaml --filter executor=async", "it.yaml --filter executor", "it.yaml --filter colour=1",
        "it.yaml --filter 'workers>90'", "plan it.yaml --explain x9",
        "it.yaml --plugin ./no.so", "it.yaml --plugin it.yaml", "it.yaml --output /proc/no",
        "init it", "init no/folder/it", "init --workload slep x", "init --workload qqqq x",
        "init --executors thred x", "init --executors qqqq x", "init --lua --workload sleep x",
        "init 'a b'", "init /proc/x",
    )

    def test_each_says_what_to_do(self):
        for line in self.LINES:
            with self.subTest(line=line):
                args = [word.strip("'") for word in re.findall(r"'[^']*'|\S+", line)]
                result = self.conrun(*args)
                self.assertIn(result.code, (1, 2), result)
                text = result.err + result.out
                own = [(m, "") for m in re.findall(r"(?m)^conrun: error: (.*)$", text)]
                told = own + [(message, note) for place, message, note in diagnostics(text)
                              if place != "conrun"]
                self.assertNotEqual(told, [], text)
                for message, note in told:
                    self.assertTrue(note or REMEDY.search(message), text)
                    self.assertFalse(message.endswith("."), text)

    def test_a_column_that_is_not_there(self):
        self.assertEqual(self.conrun(self.good, "-q", "--repeat", "1").code, 0)
        self.assertEqual(self.conrun(self.good, "-q", "--repeat", "1").code, 0)
        for figure in ("qqqq", "elapsd_s", "status"):
            result = self.conrun("compare", "it", "--figure", figure)
            self.assertEqual(result.code, 2)
            self.assertRegex(result.err, REMEDY)
        result = self.conrun("report", "it", "--timeline")
        self.assertEqual(result.code, 1)
        self.assertRegex(result.err, REMEDY)

    def test_standard_input_is_a_scenario(self):
        for args in (["-"], ["plan", "-"]):
            result = self.conrun(*args)
            self.assertEqual(result.code, 2)
            self.assertIn("the scenario is empty; the shortest one is", result.err)

    def test_a_dry_run_takes_what_the_run_takes(self):
        result = self.conrun(self.good, "--dry-run", "--resume", "--format", "xlsx", "--quiet")
        self.assertEqual((result.code, result.err), (0, ""))
        self.assertRegex(self.conrun(self.good, "--dry-run", "--format", "pdf").err,
                         "unknown value 'pdf' for '--format'; allowed: xlsx")


class Scenarios(unittest.TestCase):
    """The scenarios that have one thing wrong with them each."""

    def test_each_says_what_to_do(self):
        files = sorted((SOURCE / "tests/bad").glob("*.yaml"))
        self.assertGreater(len(files), 80)
        seen = 0
        for path in files:
            result = run("plan", path.name, cwd=path.parent)
            for place, message, note in diagnostics(result.err):
                seen += 1
                with self.subTest(place=place, message=message):
                    self.assertTrue(note or REMEDY.search(message), result.err)
        self.assertGreater(seen, 150)


if __name__ == "__main__":
    unittest.main()
