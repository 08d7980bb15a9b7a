"""What single workloads do with their parameters; test_conformance.py is about all of them."""

import unittest

import harness

class Parameters(harness.Case):
    def test_jitter_depends_on_the_seed_alone(self):
        text = """
workloads: {{ nap: {{ type: sleep, duration: 1ms, jitter: 50% }} }}
executors: [thread, process_pool]
workers: 10
tasks: 50
repeat: 2
seed: {}
"""
        seen = {}
        for seed in (1, 2, 1):
            self.run_scenario(text.format(seed))
            values = {row["checksum"] for row in self.runs()}
            self.assertEqual(len(values), 1)
            self.assertEqual(seen.setdefault(seed, values), values)
        self.assertNotEqual(seen[1], seen[2])

    def test_a_write_that_fails_is_the_rows_error(self):
        result = self.conrun(self.write("""
workloads: { big: { type: file_write, size: 1MiB } }
executors: [thread_pool, process]
workers: 2
tasks: 4
repeat: 1
"""), preexec_fn=limit_file_size)
        self.assertEqual(result.code, 1, result.err)
        for row in self.runs():
            self.assertEqual((row["status"], row["tasks_failed"]), ("failed", "4"))
            self.assertRegex(row["error"], r"cannot write '/.*/write-[01]': File too large")

    def test_threads_that_end_leave_the_lock_to_others(self):
        """Many threads of one task each, at whose end somebody always asks for the lock."""
        self.run_scenario("""
workloads: { count: { type: count, n: 3_000_000 } }
executors: [{ type: thread, gil: true, switch_interval: 100us }]
workers: 4
tasks: 64
repeat: 25
timeout: 10s
""")
        self.assertEqual({row["checksum"] for row in self.runs()}, {str(64 * 3_000_000)})


def limit_file_size():
    import resource
    import signal
    signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
    resource.setrlimit(resource.RLIMIT_FSIZE, (512 * 1024, 512 * 1024))


if __name__ == "__main__":
    unittest.main()
