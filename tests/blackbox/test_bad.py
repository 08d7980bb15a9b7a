"""Bad scenarios: each has its error, the exit code is 2 and nothing is run.

tests/bad/NAME.yaml is a bad scenario and NAME.expected what its errors must hold, a line each.
What cannot be a file in a repository is made here.
"""

import os
import subprocess
import unittest
from pathlib import Path

import harness

BAD = harness.SOURCE / "tests" / "bad"
GOOD = "workloads: { nap: { type: sleep, duration: 10ms } }\nexecutors: [thread]\n"


class BadScenarios(harness.Case):
    def assert_refused(self, *args, holds=(), **more):
        result = self.conrun(*args, **more)
        self.assertEqual(result.code, 2, result.err)
        self.assertEqual(result.out, "")
        self.assertFalse((self.tmp / "results").exists(), "something was run")
        self.assertNotIn("Sanitizer", result.err)
        for text in holds:
            self.assertIn(text, result.err)
        return result

    def test_each_bad_file_has_its_errors(self):
        files = sorted(path for path in BAD.iterdir() if path.suffix == ".yaml")
        self.assertGreater(len(files), 40)
        for path in files:
            with self.subTest(path.name):
                expected = path.with_suffix(".expected").read_text(encoding="utf-8").splitlines()
                self.assertTrue(expected)
                self.assert_refused(path, holds=expected)

    def test_every_error_names_its_place(self):
        for path in sorted(BAD.glob("*.yaml")):
            with self.subTest(path.name):
                for line in self.assert_refused(path).err.splitlines():
                    if " error: " in line:
                        self.assertRegex(line, r"\.yaml:\d+:\d+: error: [^A-Z].*[^.]$")

    def test_one_slip_is_one_error(self):
        """What was meant is taken as read, so that nothing else is reported for its sake."""
        for name in ("misspelt_required", "too_deep", "workload_forms", "workload_not_indented",
                     "rule_forms", "rule_signs"):
            with self.subTest(name):
                expected = (BAD / f"{name}.expected").read_text(encoding="utf-8").splitlines()
                err = self.assert_refused(BAD / f"{name}.yaml").err
                self.assertEqual(err.count(" error: "),
                                 sum(" error: " in line for line in expected), err)

    def test_a_key_too_deep_is_not_missing(self):
        for text in ("workloads:\n  nap:\n    type: sleep\n    executors: [thread]\n",
                     "workloads:\n  nap: { type: sleep }\n  executors: thread\n"):
            err = self.assert_refused(self.write(text), holds=[
                "unknown key 'executors' in ", "it belongs at the top level"]).err
            self.assertNotIn("the scenario has no", err)

    def test_a_workload_may_be_called_like_a_key(self):
        path = self.write("workloads: { executors: { type: noop } }\n")
        self.assert_refused(path, holds=["it.yaml:1:1: error: the scenario has no 'executors'"])
        path = self.write("workloads: { tasks: { type: noop } }\nexecutors: [thread]\n")
        self.assertEqual(self.conrun("plan", path).code, 0)

    def test_a_colon_in_a_key_that_has_a_value(self):
        path = self.write(GOOD + "a:b: 3\n")
        self.assert_refused(path, holds=["it.yaml:3:1: error: unknown key 'a:b'"])

    def test_a_condition_among_the_files(self):
        self.write(GOOD)
        self.assert_refused("it.yaml", "--filter", "workers=1", "executor=async", holds=[
            "executor=async: error: no such file; if it belongs to --filter, put the whole filter "
            "in quotes"])

    def test_a_plan_refuses_it_too(self):
        path = self.write(GOOD + "worker: 1\n")
        for args in (["plan", path], [path, "--dry-run"]):
            with self.subTest(args=args):
                self.assert_refused(args, holds=["did you mean 'workers'?"])

    def test_a_file_of_100_mb(self):
        path = self.tmp / "large.yaml"
        with open(path, "wb") as file:
            file.truncate(100_000_000)
        self.assert_refused(path, holds=["large.yaml: error: ",
                                         "scenario is 100.0 MB; the limit is 1 MiB"])

    def test_just_below_and_above_the_limit(self):
        path = self.write("x" * (1024 * 1024))
        self.assert_refused(path, holds=["it.yaml:1:1: error: "])
        path = self.write(GOOD + "#" * (1024 * 1024 + 1 - len(GOOD)))
        self.assert_refused(path, holds=["the limit is 1 MiB"])

    def test_a_missing_file(self):
        self.write(GOOD, "io_1000.yaml")
        self.assert_refused("io_100.yaml", holds=[
            "io_100.yaml: error: no such file; did you mean 'io_1000.yaml'?"])
        self.write(GOOD, "mine.yaml")
        self.assert_refused("plan", "mine", holds=["did you mean 'mine.yaml'?"])
        self.assert_refused("other/x.yaml", holds=[
            "other/x.yaml: error: no such file; 'conrun init NAME' writes one"])

    def test_a_fifo_is_not_waited_for(self):
        os.mkfifo(self.tmp / "pipe.yaml")
        self.assert_refused("pipe.yaml", holds=["pipe.yaml: error: not a regular file"], timeout=10)

    def test_a_device(self):
        self.assert_refused("/dev/zero", holds=["/dev/zero: error: not a regular file"])

    @unittest.skipIf(os.geteuid() == 0, "root may read everything")
    def test_a_file_that_may_not_be_read(self):
        path = self.write(GOOD)
        path.chmod(0)
        self.assert_refused(path, holds=["it.yaml: error: cannot be read: Permission denied"])

    def test_a_path_through_a_file(self):
        path = self.write(GOOD)
        self.assert_refused(Path(path, "x.yaml"), holds=["cannot be read: Not a directory"])

    def test_no_colour_unless_it_is_a_terminal(self):
        path = self.write("worker: 1\n")
        self.assertNotIn("\x1b", self.assert_refused(path).err)
        result = self.conrun(path, tty=True)
        self.assertIn("\x1b[1;31merror:", result.out)
        result = self.conrun(path, tty=True, env={"NO_COLOR": "1"})
        self.assertNotIn("\x1b[1;31m", result.out)

    def test_warnings_do_not_stop_it(self):
        path = self.write(GOOD + "workers: [1, 2, 1]\n")
        result = self.conrun("plan", path)
        self.assertEqual(result.code, 0, result.err)
        self.assertIn("it.yaml:3:17: warning: 'workers' has 1 more than once; it is tried once",
                      result.err)

    def test_standard_input(self):
        done = subprocess.run(harness.arguments(["plan", "-"]), cwd=self.tmp,
                              env=harness.environment(), input=b"worker: 1\n",
                              capture_output=True, timeout=60, check=False)
        self.assertEqual(done.returncode, 2)
        self.assertIn(b"-:1:1: error: ", done.stderr)


if __name__ == "__main__":
    unittest.main()
