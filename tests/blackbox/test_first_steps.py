"""Three walks of a new user, in a terminal: the first run; a typo; Ctrl-C and going on.

What is checked is what that person sees: the next step is on the screen, and following it works.
"""

import re
import unittest

import harness
from tmux import Shell


class FirstSteps(harness.Case):
    def test_first_run(self):
        with Shell(self.tmp) as shell:
            screen = shell.do("conrun")
            self.assertRegex(screen, r"conrun init")
            said = screen.partition("\n")[2].partition("\ncode")[0]
            self.assertLess(len(said.splitlines()), 24, "a small terminal's lines")
            screen = shell.do("conrun init")
            made = re.search(r"([\w-]+\.yaml)", screen)[1]
            following = re.findall(r"^ *(conrun .*?)(?:  +.*)?$", screen, re.M)
            self.assertIn(f"conrun {made}", following)
            for command in following:
                screen = shell.do(command)
                self.assertIn("code 0", screen, command)
            screen = shell.do(f"conrun {made}")
            table = re.search(r"^executor.*\n((?:\w.*\n)+)", screen, re.M)
            self.assertGreaterEqual(len(table[1].splitlines()), 3, screen)
            csv = re.search(r"^results: (\S+\.csv)", screen, re.M)[1]
            self.assertTrue((self.tmp / csv).is_file())

    def test_a_typo(self):
        with Shell(self.tmp) as shell:
            self.assertIn("code 0", shell.do("conrun init nap.yaml"))
            path = self.tmp / "nap.yaml"
            good = path.read_text(encoding="utf-8")
            path.write_text(re.sub(r"^workers:", "worker:", good, flags=re.M), encoding="utf-8")
            for command in ("conrun check nap.yaml", "conrun nap.yaml"):
                screen = shell.do(command)
                self.assertRegex(screen, r"(?m)^nap\.yaml:\d+:1: error: unknown key 'worker'.*"
                                         r"did you mean 'workers'\?$")
                self.assertRegex(screen, r"(?m)^ +\d+ \| worker:.*\n +\| \^$")
                self.assertIn("code 2", screen)
                self.assertIn("\x1b[", shell.screen(escapes=True), "errors are in colour")
            self.assertFalse((self.tmp / "results").exists())
            path.write_text(good, encoding="utf-8")
            self.assertIn("code 0", shell.do("conrun check nap.yaml"))
            screen = shell.do("conrun nap.yml")
            self.assertIn("did you mean 'nap.yaml'?", screen)
            screen = shell.do("conrun chek nap.yaml")
            self.assertIn("did you mean 'check'?", screen)
            self.assertIn("code 0", shell.do("conrun nap.yaml --quick"))

    def test_interrupted_and_gone_on_with(self):
        self.write("workloads: { nap: { type: sleep, duration: 100ms } }\n"
                   "executors: [thread, thread_pool, async]\n"
                   "workers: [1, 2]\ntasks: 4\nrepeat: 6\n", "nap.yaml")
        with Shell(self.tmp) as shell:
            shell.type("conrun nap.yaml --set seed=7")
            shell.wait(r"^\[\d+/36\] .*ETA \d")
            shell.press("C-c")
            found = shell.wait(r"^interrupted: the runs that had ended are kept; go on: (.*)$")
            shell.wait(r"^\$ ?$")
            self.assertEqual(found[1].strip(), "conrun --resume nap.yaml --set seed=7")
            screen = shell.do(found[1].strip())
            self.assertRegex(screen, r"going on with 'results/nap/[^']+', where \d+ runs are kept")
            self.assertIn("all ok", screen)
            self.assertNotIn("interrupted", screen)
            self.assertIn("code 0", screen)
            screen = shell.do(found[1].strip())
            self.assertIn("is finished, and all its runs are kept", screen)
        self.assertEqual({row["runs"] for row in self.summary("nap")}, {"6"})


if __name__ == "__main__":
    unittest.main()
