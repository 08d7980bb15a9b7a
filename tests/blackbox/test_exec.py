"""exec: any command as a task. It runs only if it was allowed, as a shell would have run it, and
whatever it does, it is gone when the run is.
"""

import re
import shutil
import time
import unittest
from pathlib import Path

import harness
import test_faults
from test_faults import await_processes, processes, state_of

EXECUTORS = """
  - sequential
  - thread
  - { type: thread, gil: true }
  - thread_pool
  - { type: process, start: [fork, spawn] }
  - { type: process_pool, start: [fork, spawn] }
  - { type: pipe, start: [fork, spawn] }
  - async
"""
COUNT = 11  # of them
TASKS = 8


class Case(test_faults.Case):
    def exec_scenario(self, workloads, executors=EXECUTORS, tasks=TASKS, more=""):
        lines = "\n".join(f"  {name}: {{ type: exec, {parameters} }}"
                          for name, parameters in workloads.items())
        return (f"workloads:\n{lines}\nexecutors: {executors}\nworkers: 3\ntasks: {tasks}\n"
                f"repeat: 1\n{more}")

    def exec(self, workloads, executors=EXECUTORS, code=0, **more):
        """The rows of these workloads by their name."""
        result = self.run_scenario(self.exec_scenario(workloads, executors, **more),
                                   "--allow-exec", code=code, env=self.env, timeout=300)
        self.assert_nothing_is_left()
        rows = self.runs()
        return {name: [row for row in rows if row["workload"] == name]
                for name in workloads}, result

    def kept(self, script, name="task-0.txt", parameters="", executors="[process_pool]"):
        """What a shell script writes, run as one task."""
        self.exec({"it": f"command: [sh, -c, '{script}'], output: keep {parameters}"},
                  executors, tasks=1)
        return (self.tmp / "output" / name).read_text(encoding="utf-8")


class Consent(Case):
    TEXT = """name: it
workloads:
  nothing: { type: noop }
  program: { type: exec, command: [touch, ran] }
executors: [sequential]
tasks: 1
repeat: 1
"""

    def test_without_it_nothing_is_run(self):
        path = self.write(self.TEXT)
        result = self.conrun(path)
        self.assertEqual((result.code, result.out), (2, ""))
        self.assertEqual(result.err, f"""{path}:4:3: error: workload 'program' runs programs \
that the scenario names
    4 |   program: {{ type: exec, command: [touch, ran] }}
      |   ^
      = allow it: conrun --allow-exec {path}
""")
        self.assertFalse((self.tmp / "results").exists())
        # Another scenario, which would need no consent, is not run either.
        other = self.write(self.TEXT.replace(self.TEXT.splitlines()[3] + "\n", ""), "other.yaml")
        self.assertEqual(self.conrun(other, path).code, 2)
        self.assertFalse((self.tmp / "results").exists())
        self.assertEqual(self.conrun(other).code, 0)

    def test_looking_at_it_needs_none(self):
        path = self.write(self.TEXT)
        for words in (["plan", path], ["--dry-run", path]):
            result = self.conrun(*words)
            self.assertEqual((result.code, result.err), (0, ""))
            self.assertIn("program", result.out)
        self.assertFalse((self.tmp / "ran").exists())

    def test_with_it_the_program_is_run(self):
        self.run_scenario(self.TEXT, "--allow-exec")
        self.assertTrue((self.tmp / "ran").exists())


class Everywhere(Case):
    def test_success(self):
        rows, _ = self.exec({
            "plain": "command: 'true'",
            "path": "command: [/bin/sh, -c, 'exit 0']",
            "code": "command: [sh, -c, 'exit 7'], exit_code: 7",
            "words": "command: [test, 'a  b', '=', 'a  b']",
            "variable": "command: [sh, -c, 'test $A$B = 12'], environment: [A=1, B=2]",
        })
        for name, cells in rows.items():
            self.assertEqual(len(cells), COUNT, name)
            for row in cells:
                self.assertEqual(
                    (row["status"], row["error"], row["checksum"], row["tasks_ok"]),
                    ("ok", "", str(TASKS), str(TASKS)), f"{name} {row['executor']}")

    def test_failure(self):
        expected = {
            "missing": ("command: no-such-program",
                        "cannot run 'no-such-program': No such file or directory"),
            "no_file": ("command: [./none, 1]", "cannot run './none': No such file or directory"),
            "one_word": ("command: sleep 1",
                         "cannot run 'sleep 1': No such file or directory; "
                         "write its words as a list: [PROGRAM, ARGUMENT, …]"),
            "denied": ("command: ./it.yaml", "cannot run './it.yaml': Permission denied"),
            "code": ("command: 'false'", "'false' exited with code 1, expected 0"),
            "zero": ("command: 'true', exit_code: 3", "'true' exited with code 0, expected 3"),
            "signal": ("command: [sh, -c, 'kill -KILL $$']",
                       "'sh -c kill -KILL $$' was killed by SIGKILL"),
            "words": (r"""command: [sh, say.sh]""",
                      "'sh say.sh' exited with code 1, expected 0: the last  one"),
            "kept": ("command: [sh, say.sh], output: keep, output_folder: kept",
                     "'sh say.sh' exited with code 1, expected 0: the last  one"),
        }
        self.write("echo out\necho first >&2\nprintf 'the last\\t one \\n\\n' >&2\nexit 1\n",
                   "say.sh")
        rows, _ = self.exec({name: parameters for name, (parameters, _) in expected.items()},
                            code=1, tasks=2)
        for name, (_, error) in expected.items():
            for row in rows[name]:
                self.assertEqual((row["status"], row["tasks_failed"], row["tasks_ok"]),
                                 ("failed", "2", "0"), f"{name} {row['executor']}")
                self.assertEqual(row["error"], error, row["executor"])

    def test_a_folder_that_is_not_there(self):
        rows, _ = self.exec({"it": "command: 'true', folder: none"}, code=1)
        for row in rows["it"]:
            self.assertEqual(row["status"], "failed", row["executor"])
            self.assertEqual(row["error"], f"cannot run 'true' in '{self.tmp}/none': "
                             "No such file or directory")

    def test_what_it_used_is_in_the_row(self):
        rows, _ = self.exec({
            "idle": "command: [sleep, 0]",
            "busy": "command: [sh, -c, 'i=0; while [ $i -lt 100000 ]; do i=$((i+1)); done']",
            "large": "command: [python3, -S, -c, 'bytearray(300_000_000)']",
        }, tasks=2)
        for idle, busy, large in zip(*rows.values()):
            used = [float(row["command_user_s"]) + float(row["command_sys_s"])
                    for row in (idle, busy)]
            self.assertGreater(used[1], 2 * used[0], idle["executor"])
            self.assertLess(float(idle["command_max_rss_bytes"]), 2e8)
            self.assertGreater(float(large["command_max_rss_bytes"]), 3e8)

    def test_much_on_stderr_does_not_stop_it(self):
        rows, _ = self.exec({"it": "command: [sh, -c, 'head -c 500000 /dev/zero | tr \"\\0\" x "
                                   ">&2; echo >&2; echo end >&2; exit 2']"}, code=1, tasks=3)
        for row in rows["it"]:
            self.assertEqual((row["status"], row["tasks_failed"]), ("failed", "3"))
            self.assertRegex(row["error"], " exited with code 2, expected 0: end$")

    def test_what_it_leaves_behind_keeps_nobody_waiting(self):
        """A process that holds stdout and stderr open."""
        rows, _ = self.exec({"it": "command: [sh, -c, 'sleep 600 & exit 0']"}, tasks=4)
        for row in rows["it"]:
            self.assertEqual((row["status"], row["tasks_ok"]), ("ok", "4"), row["executor"])
            self.assertLess(float(row["elapsed_s"]), 60)


class Surroundings(Case):
    """A command finds what a shell would have given it."""

    def test_the_folder_is_the_scenarios(self):
        (self.tmp / "deep" / "er").mkdir(parents=True)
        for path, parameters, where in (("it.yaml", "", "."), ("deep/it.yaml", "", "deep"),
                                        ("deep/it.yaml", ", folder: er", "deep/er"),
                                        ("deep/it.yaml", ", folder: /", "/")):
            for start in ("fork", "spawn"):
                self.write(self.exec_scenario(
                    {"it": f"command: [pwd], output: keep {parameters}"},
                    f"[{{ type: process, start: {start} }}]", tasks=1), path)
                result = self.conrun(path, "--allow-exec")
                self.assertEqual(result.code, 0, result.err)
                out = (self.tmp / path).parent / "output" / "task-0.txt"
                self.assertEqual(Path(out.read_text().strip()), (self.tmp / where).resolve())
                out.unlink()

    def test_a_program_beside_the_scenario(self):
        (self.tmp / "bin").mkdir()
        for name, text in (("bin/mine", "mine"), ("bin/ls", "not ls")):
            program = self.write(f"#!/bin/sh\necho {text}\n", name)
            program.chmod(0o755)
        self.exec({
            "path": "command: bin/mine, output: keep, output_folder: path",
            "search": "command: mine, environment: ['PATH=none:bin:/bin:/usr/bin'], "
                      "output: keep, output_folder: search",
            "first": "command: ls, environment: ['PATH=bin:/bin:/usr/bin'], output: keep, "
                     "output_folder: first",
        }, "[thread]", tasks=1)
        self.assertEqual([(self.tmp / name / "task-0.txt").read_text()
                          for name in ("path", "search", "first")],
                         ["mine\n", "mine\n", "not ls\n"])

    def test_signals_are_as_a_shell_has_them(self):
        for executor in ("thread_pool", "{ type: thread, gil: true }", "pipe", "async",
                         "{ type: pipe, start: spawn }", "process"):
            status = self.kept("cat /proc/self/status", executors=f"[{executor}]")
            for name in ("SigBlk", "SigIgn"):
                found = re.search(rf"^{name}:\s*([0-9a-f]+)$", status, re.MULTILINE).group(1)
                ours = re.search(rf"^{name}:\s*([0-9a-f]+)$",
                                 Path("/proc/self/status").read_text(), re.MULTILINE).group(1)
                # Python, which runs this test, ignores SIGPIPE and SIGXFSZ; its children do not.
                # 32 and 33 are the C library's own, which posix_spawn leaves ignored.
                theirs = sum(1 << number - 1 for number in (13, 25, 32, 33))
                self.assertEqual(int(found, 16) & ~theirs, int(ours, 16) & ~theirs,
                                 f"{name} under {executor}")
                self.assertFalse(int(found, 16) & 1 << 12, f"SIGPIPE in {name} under {executor}")

    def test_it_inherits_no_descriptor_of_the_run(self):
        for executor in ("thread_pool", "pipe", "{ type: pipe, start: spawn }", "process",
                         "{ type: process_pool, start: spawn }", "async"):
            # 3 is the folder that ls itself reads.
            self.assertEqual(self.kept("ls /proc/self/fd; cat", executors=f"[{executor}]"),
                             "0\n1\n2\n3\n", executor)

    def test_its_environment_is_conruns_with_changes(self):
        self.env["KEPT"] = "as it is"
        self.env["CHANGED"] = "before"
        text = self.kept('echo "$KEPT, $CHANGED, $NEW, $EMPTY."',
                         parameters=", environment: [CHANGED=after, 'NEW=a=b', EMPTY=]")
        self.assertEqual(text, "as it is, after, a=b, .\n")

    def test_output_is_shown_on_stderr(self):
        for executor in ("thread", "process", "async"):
            _, result = self.exec({"it": "command: [sh, -c, 'echo one; echo two >&2'], "
                                         "output: show"}, f"[{executor}]", tasks=2)
            for line in ("one\n", "two\n"):
                self.assertEqual(result.err.count(line), 2, result.err)
            self.assertNotIn("one\n", result.out)

    def test_output_is_kept_by_task(self):
        self.exec({"it": "command: [sh, -c, 'echo one; echo two >&2'], output: keep"}, tasks=3)
        folder = self.tmp / "output"
        self.assertEqual(sorted(path.name for path in folder.iterdir()),
                         [f"task-{i}.txt" for i in range(3)])
        self.assertEqual({path.read_text() for path in folder.iterdir()}, {"one\ntwo\n"})


class Mistakes(Case):
    def check(self, parameters, message):
        result = self.run_scenario(self.exec_scenario({"it": parameters}), code=2)
        self.assertIn(message, result.err)

    def test_they_are_found_before_anything_runs(self):
        none = "error: exec has no command; write command: [PROGRAM, ARGUMENT, …]"
        self.check("folder: .", none)
        self.check("command: []", none)
        self.check("command: ['', a]", none)
        self.check("command: [a], environment: [A=1, B]",
                   "error: 'B' in environment is not NAME=VALUE")
        self.check("command: [a], environment: [=1]", "'=1' in environment is not NAME=VALUE")
        self.check("command: [a], exit_code: 256", "exit_code")

    def test_a_list_of_lists_means_try_each(self):
        rows, _ = self.exec({"it": "command: [[sleep, 0], ['true'], [echo, '1, 2']]"}, "[thread]")
        self.assertEqual(sorted(row["command"] for row in rows["it"]),
                         ["echo 1, 2", "sleep 0", "true"])


class Ended(Case):
    """However a command tries to stay, it is gone when the run is."""

    COMMANDS = {
        "plain": "sleep 600",
        "deaf": 'trap "" TERM INT HUP; while :; do sleep 600; done',
        "session": 'trap "" TERM HUP; setsid sh -c "trap : TERM; sleep 600; sleep 600"; sleep 600',
        "daemon": 'setsid sh -c "trap : TERM HUP; sleep 600 & sleep 600" & sleep 600',
        "loud": 'trap "" TERM; while :; do echo again >&2; done',
    }

    def start(self, script, executor, timeout):
        self.write(script, "stay.sh")
        return harness.start(self.write(self.exec_scenario(
            {"it": "command: [sh, stay.sh]"}, f"[{executor}]", tasks=2,
            more=f"timeout: {timeout}\n")), "--allow-exec", cwd=self.tmp, env=self.env)

    def is_sleeping(self, pid):
        return (self.is_marked(pid) and
                Path("/proc", str(pid), "cmdline").read_bytes().startswith((b"sleep", b"sh\0")))

    def test_at_the_timeout(self):
        for name, script in self.COMMANDS.items():
            for executor in ("thread", "{ type: process_pool, start: spawn }", "async"):
                process = self.start(script, executor, "600ms")
                out, err = process.communicate(timeout=60)
                self.assertEqual(process.returncode, 1, err + out)
                [row] = self.runs()
                self.assertEqual(row["status"], "timeout", f"{name} {executor}")
                self.assertRegex(row["error"], "^not done within 600ms while .*, 0 of 2 tasks done$")
                self.assert_nothing_is_left(session=process.pid)

    def test_on_an_interrupt(self):
        for name in ("deaf", "daemon"):
            for executor in ("thread_pool", "process", "pipe", "async"):
                process = self.start(self.COMMANDS[name], executor, "1m")
                await_processes(2, self.is_sleeping)
                began = time.monotonic()
                harness.interrupt(process)
                process.communicate(timeout=30)
                self.assertEqual(process.returncode, 130, f"{name} {executor}")
                self.assertLess(time.monotonic() - began, 20)
                self.assert_nothing_is_left(session=process.pid)

    def test_when_conrun_is_killed(self):
        """Nobody is left then to end what a command had started, but for the guard."""
        for executor in ("thread", "process", "{ type: pipe, start: spawn }", "async"):
            process = self.start("sleep 600 & sleep 600", executor, "1m")
            # Of each of the two tasks a shell and two sleeps.
            await_processes(6, self.is_sleeping)
            process.kill()
            process.communicate(timeout=30)
            end = time.monotonic() + 20
            while left := processes(self.is_marked):
                self.assertLess(time.monotonic(), end, f"{executor}: {left}")
                time.sleep(0.02)
            shutil.rmtree(self.scratch)
            self.scratch.mkdir()

    def test_a_daemon_is_another_session(self):
        """Else the tests above would find that nothing is left where nothing had gone away."""
        process = self.start(self.COMMANDS["daemon"], "thread", "1m")
        gone = await_processes(1, lambda pid: self.is_sleeping(pid)
                               and int(state_of(pid)[3]) != process.pid)
        self.assertTrue(gone)
        harness.interrupt(process)
        process.communicate(timeout=30)
        self.assert_nothing_is_left(session=process.pid)

    def ends_by_itself(self, executor):
        """Had it the time to, before it was killed?"""
        here, asked = self.tmp / "here", self.tmp / "asked"
        process = self.start('trap "touch asked; exit 0" TERM\n'
                             "touch here; while :; do sleep 0.01; done\n", executor, "1m")
        end = time.monotonic() + 30
        while not here.exists():
            self.assertLess(time.monotonic(), end)
            time.sleep(0.01)
        harness.interrupt(process)
        process.communicate(timeout=30)
        self.assertEqual(processes(self.is_marked), [])
        here.unlink()
        return asked.exists()

    def test_a_command_may_end_by_itself_when_it_is_asked(self):
        for executor in ("thread", "sequential", "process_pool"):
            # A machine that is busy may take longer to run the trap than there is time.
            self.assertTrue(any(self.ends_by_itself(executor) for _ in range(10)), executor)
            (self.tmp / "asked").unlink()


if __name__ == "__main__":
    unittest.main()
