"""Millions of recorded tasks: none is lost, and conrun's memory does not grow with them."""

import json
import os
import subprocess
import unittest

from harness import CONRUN, Case, environment, sanitized

MOST_BYTES = 100 * 2**20


class Many(Case):
    def peak_of(self, text):
        """Runs a scenario; the most resident memory of conrun and of each of its processes."""
        process = subprocess.Popen(
            [CONRUN, self.write(text), "--quiet"], cwd=self.tmp, env=environment(),
            stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL)
        _, status, usage = os.wait4(process.pid, 0)
        process.returncode = os.waitstatus_to_exitcode(status)
        self.assertEqual(process.returncode, 0)
        return usage.ru_maxrss * 1024

    def test_rows(self):
        tasks = 500_000 if sanitized() else 5_000_000
        peak = self.peak_of(f"""
workloads: {{ none: {{ type: noop }} }}
executors: [thread_pool]
workers: 2
tasks: {tasks}
repeat: 1
timeout: 5m
output: {{ tasks: true }}
""")
        seen = bytearray(tasks)
        ends = []
        with open(self.folder() / "tasks.csv", "rb") as file:
            next(file)
            for line in file:
                fields = line.split(b",")
                seen[int(fields[2])] += 1
                if fields[8] != b"ok\r\n":
                    ends.append(fields[8])
        self.assertEqual(seen, b"\x01" * tasks)
        self.assertEqual(ends, [])
        if not sanitized():
            self.assertLess(peak, MOST_BYTES)

    def test_trace_is_bounded(self):
        """More tasks than a trace holds: each experiment has its share, each worker in it his."""
        tasks = 600_000
        peak = self.peak_of(f"""
workloads: {{ none: {{ type: noop }} }}
executors: [thread_pool, process_pool]
workers: 2
tasks: {tasks}
repeat: 2
timeout: 5m
output: {{ trace: true }}
""")
        shown, last = {}, ""
        with open(self.folder() / "trace.json", encoding="utf-8") as file:
            self.assertEqual(next(file), '{"traceEvents":[\n')
            for line in file:
                if line == "],\n":
                    break
                event = json.loads(line.rstrip(",\n"))
                if event["ph"] == "X":
                    key = event["pid"], event["tid"]
                    shown[key] = shown.get(key, 0) + 1
            last = file.read()
        self.assertEqual({pid for pid, _ in shown}, {1, 2})
        self.assertLessEqual(sum(shown.values()), 1_000_000)
        # Where one worker took most of a run's tasks the other cannot fill its share.
        self.assertGreater(sum(shown.values()), 250_000)
        self.assertLessEqual(max(shown.values()), 500_000)
        other = json.loads("{" + last)["otherData"]
        self.assertEqual(other["tasks_shown"], sum(shown.values()))
        self.assertEqual(other["tasks_of_these_runs"], 2 * tasks)
        if not sanitized():
            self.assertLess(peak, MOST_BYTES)


if __name__ == "__main__":
    unittest.main()
