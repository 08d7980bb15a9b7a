"""`conrun list`: what it says of each workload and executor, and that its examples run as they
are."""

import re
import unittest

import harness

# A default that is worth more than a second a task has no place in an example.
EXAMPLE_SECONDS = 60

# What an example's runs come to, where that is not `ok`.
STATUSES = {"fault": "crashed"}

LISTED = harness.listed_workloads()
HEADINGS = ["cpu", "waiting, input and output", "shared state", "channels", "processes and memory",
            "scheduler", "programs and scripts of your own", "what goes wrong"]


def shown(name):
    result = harness.run("list", name)
    assert (result.code, result.err) == (0, ""), result
    return result.out


def example_of(text):
    """From its first line to the end, and the command that it names."""
    example = "# an example: " + text.split("# an example: ")[1]
    name, command = re.match(r"# an example: save it as (\S+), then: conrun (.*)\n", example).groups()
    return name, command.split(), example


class All(harness.Case):
    def test_groups(self):
        out = self.conrun("list").out
        headings = re.findall(r"^workloads: (.*)$", out, re.MULTILINE)
        self.assertEqual(headings, [known for known in HEADINGS if known in headings])
        self.assertGreater(len(headings), 3)

    def test_every_line_has_a_summary(self):
        names = list(LISTED) + harness.listed_executors()
        self.assertEqual(len(names), len(set(names)))
        for name in names:
            self.assertRegex(shown(name), rf"\A{name} \((workload|executor)\): \S")

    def test_libraries(self):
        libraries = self.conrun("list").out.split("optional libraries:\n")[1]
        for name in ("libcurl", "libcrypto", "OpenBLAS"):
            self.assertRegex(libraries, rf"(?m)^  {name} +\S.*\n +(present: lib\S+\.so\.|missing: )")

    def test_programs(self):
        programs = self.conrun("list").out.split("optional programs:\n")[1]
        self.assertRegex(programs, r"\A  gnuplot +\S.*\n +(present|missing: .* apt install \S+)\n\n")
        bare = self.conrun("list", env={"PATH": str(self.tmp)}).out
        self.assertRegex(bare, r"(?m)^  gnuplot .*\n +missing: ")

    def test_one_kind(self):
        both = self.conrun("list").out
        for kind in "workloads", "executors":
            alone = self.conrun("list", kind).out
            self.assertTrue(alone.startswith(kind), alone)
            self.assertIn(alone, both)


class One(harness.Case):
    def test_a_table(self):
        out = shown("sleep")
        self.assertRegex(out, r"(?m)^  duration +duration +10ms +0s … 24h +how long a task waits; only "
                         r"where cycle is not given$")
        self.assertRegex(out, r"(?m)^  cycle +list of durations +\[\] +0s … 24h +")

    def test_what_must_be_given(self):
        self.assertRegex(shown("lua"), r"(?m)^  script +text +required +")

    def test_a_script_is_shown_by_its_file(self):
        self.write("""return {
            summary = "adds up",
            params = { rows = { type = "integer", min = 3, help = "how many" },
                       name = { type = "text", default = "a: \\"b\\"" } },
            metrics = { seen = "sum" },
            task = function(state, i, w) w.seen(w.params.rows) return #w.params.name end,
        }""", "my script.lua")
        result = self.conrun("list", "my script.lua")
        self.assertEqual(result.code, 0, result.err)
        self.assertIn("my script.lua (workload, type lua): adds up", result.out)
        self.assertRegex(result.out, r"(?m)^  rows +integer +required +≥ 3 +how many$")
        self.assertRegex(result.out, r"(?m)^  seen +\S")
        name, command, example = example_of(result.out)
        self.assertIn('script: "my script.lua"\n', example)
        self.assertIn("rows: 3\n", example)
        self.assertIn('name: "a: \\"b\\""\n', example)
        self.write(example, name)
        ran = self.conrun(*command)
        self.assertEqual(ran.code, 0, ran.err)
        self.assertEqual({(row["seen"], row["checksum"]) for row in self.summary("lua")},
                         {("30", "60")})


class Examples(harness.Case):
    """A method for each workload and executor: see below."""

    def run_example(self, name):
        file, command, example = example_of(shown(name))
        self.assertEqual(file, f"{name}.yaml")
        self.write(example, file)
        result = self.conrun(*command, timeout=EXAMPLE_SECONDS)
        missing = ("", "") in LISTED.get(name, ())
        status = "unsupported" if missing else STATUSES.get(name, "ok")
        self.assertEqual(result.code, 0 if status == "ok" else 1, result.err + result.out)
        rows = self.summary(name)
        self.assertGreaterEqual(len(rows), 2 if name != "sequential" else 1)
        self.assertEqual({(row["status"]) for row in rows}, {status}, result.out)
        return example

    def check_options(self, name, example):
        """Every option of the table stands in the example; one that is commented out could be
        given as it stands there."""
        table = shown(name).split("\n# an example: ")[0].split("\n  metrics, columns")[0]
        heading, _, lines = table.partition("\n  option ")
        for option in re.findall(r"^  (\w+) ", lines, re.MULTILINE):
            self.assertRegex(example, rf"(?m)^    (# )?{option}: \S", heading)
        for line in re.findall(r"^    # .*$", example, re.MULTILINE):
            if line.endswith(('""', "[]")):
                continue
            given = self.write(example.replace(line, line.replace("# ", "")), "given.yaml")
            _, command, _ = example_of(example)
            checked = self.conrun("--dry-run", *command[:-1], given)
            self.assertEqual((checked.code, checked.err), (0, ""), line)

    def check_one(self, name):
        example = self.run_example(name)
        self.check_options(name, example)


def add_method(name):
    def method(self):
        self.check_one(name)
    setattr(Examples, f"test_{name}", method)


for listed in [*LISTED, *harness.listed_executors()]:
    add_method(listed)


if __name__ == "__main__":
    unittest.main()
