"""Workloads that compute with a library or much memory: matmul, hash, blur; and w.hash in scripts."""

import hashlib
import os
import subprocess
import sys
import time
import unittest
from collections import defaultdict
from pathlib import Path

import harness

MASK = 2**64 - 1
LISTED = harness.listed_workloads()
HAS_BLAS = ("kernel", "blas") not in LISTED["matmul"]
HAS_HASH = not LISTED["hash"]
KERNELS = ["naive", "blocked"] + ["blas"] * HAS_BLAS
SEED = 42



def random_of(seed, index):
    """job_random of workloads/workload.h."""
    z = (seed + (index + 1) * 0x9E3779B97F4A7C15) & MASK
    z = ((z ^ (z >> 30)) * 0xBF58476D1CE4E5B9) & MASK
    z = ((z ^ (z >> 27)) * 0x94D049BB133111EB) & MASK
    return z ^ (z >> 31)


def message_of(size, index):
    """What task `index` of the workload hash hashes."""
    words = [random_of(SEED, place) for place in range((size + 7) // 8)]
    words[:1] = [random_of(SEED, index)]
    return b"".join(word.to_bytes(8, sys.byteorder) for word in words)[:size]


def digest_value(algorithm, size, index):
    digest = hashlib.new(algorithm, message_of(size, index)).digest()
    return int.from_bytes(digest[:8], "big")


class ComputeCase(harness.Case):
    def rows(self, workload, executors="[sequential]", workers=2, tasks=4, code=0, more="", **keys):
        """The rows of runs.csv."""
        self.run_scenario(
            f"workloads: {{ it: {workload} }}\nexecutors: {executors}\nworkers: {workers}\n"
            f"tasks: {tasks}\nrepeat: 1\nseed: {SEED}\n{more}", code=code, timeout=300, **keys)
        return self.runs()

    def check_everywhere(self, workload, variants, parameter="workload"):
        """Rows with one value of the parameter have one checksum, whoever computed them: they are
        returned by that value. By one worker and by many, of which each has a task or two."""
        rows = self.rows(workload, harness.EXECUTORS, "[1, 64]", tasks=70)
        # One worker and 64 are the same to `sequential`.
        self.assertEqual(len(rows), variants * (2 * harness.EXECUTOR_CELLS - 1))
        sums = defaultdict(set)
        for row in rows:
            self.assertEqual((row["status"], row["error"], row["tasks_ok"]), ("ok", "", "70"), row)
            sums[row[parameter]].add(int(row["checksum"]))
        self.assertEqual({len(values) for values in sums.values()}, {1}, sums)
        return {value: checksum for value, (checksum,) in sums.items()}


class Everywhere(ComputeCase):
    def test_matmul(self):
        """All kernels, too, give the same product."""
        self.check_everywhere(f"{{ type: matmul, size: 33, block: 8, kernel: {KERNELS} }}",
                              len(KERNELS))

    def test_blur(self):
        sums = self.check_everywhere(
            "{ type: blur, width: 40, height: 31, radius: [0, 4] }", 2, "radius")
        self.assertNotEqual(sums["0"], sums["4"])

    @unittest.skipUnless(HAS_HASH, "without libcrypto")
    def test_hash(self):
        sums = self.check_everywhere("{ type: hash, size: 3kB, release_gil: [false, true] }", 2)
        values = (digest_value("sha256", 3000, index) for index in range(70))
        self.assertEqual(sums, {"it": sum(values) & MASK})

    @unittest.skipUnless(HAS_HASH, "without libcrypto")
    def test_every_algorithm_is_hashlibs(self):
        names = ["md5", "sha1", "sha224", "sha256", "sha384", "sha512", "sha3_256", "sha3_512",
                 "blake2s", "blake2b"]
        rows = self.rows(f"{{ type: hash, size: 70kB, algorithm: {names} }}")
        self.assertEqual(sorted(row["algorithm"] for row in rows), sorted(names))
        for row in rows:
            values = (digest_value(row["algorithm"], 70_000, index) for index in range(4))
            self.assertEqual(int(row["checksum"]), sum(values) & MASK, row["algorithm"])
            self.assertEqual(row["hashed_bytes"], "280000")


class Lock(ComputeCase):
    @unittest.skipUnless(HAS_HASH, "without libcrypto")
    def test_hash_holds_the_lock_unless_it_is_told(self):
        rows = self.rows("{ type: hash, size: 20MB, release_gil: [false, true] }",
                         "[{ type: thread_pool, gil: true }]", tasks=20)
        held, released = sorted(rows, key=lambda row: row["release_gil"])
        self.assertGreater(int(held["gil_handovers"]), 3)
        self.assertLess(float(held["running_s"]), float(held["elapsed_s"]) * 1.1)
        self.assertLess(int(released["gil_handovers"]), int(held["gil_handovers"]))
        self.assertLess(float(released["gil_wait_s"]), float(held["gil_wait_s"]) / 3)

    def test_others_get_their_turn_while_one_computes(self):
        for workload in ("{ type: matmul, size: 300 }",
                         "{ type: matmul, size: 500, kernel: blocked }",
                         "{ type: blur, width: 1000, height: 1000 }"):
            [row] = self.rows(workload, "[{ type: thread_pool, gil: true }]", tasks=6)
            self.assertGreater(int(row["gil_handovers"]), 1, workload)
            self.assertLess(float(row["running_s"]), float(row["elapsed_s"]) * 1.1)


class Limits(ComputeCase):
    def test_sizes_beyond_memory_are_skipped(self):
        for workload in (f"{{ type: matmul, size: 65536, kernel: {KERNELS} }}",
                         "{ type: blur, width: 65536, height: 65536 }",
                         *["{ type: hash, size: 1TiB }"] * HAS_HASH):
            rows = self.rows(workload, "[thread, thread_pool, process, process_pool]", 1000,
                             tasks=1000, code=1)
            for row in rows:
                self.assertEqual(row["status"], "skipped_limit", row)
                self.assertRegex(row["error"], r"^memory: needs [\d.]+ TiB, .*; use fewer")

    def test_bad_parameters(self):
        for workload, message in (
                ("{ type: matmul, size: 0 }", "allowed for size is 1"),
                ("{ type: matmul, kernel: balas }", "did you mean 'blas'"),
                ("{ type: hash, algorithm: sha265 }", "did you mean 'sha2"),
                ("{ type: hash, size: 100 }", "write 100KiB"),
                ("{ type: blur, radius: 1001 }", "allowed for radius is 1000")):
            result = self.conrun(self.write(
                f"workloads: {{ it: {workload} }}\nexecutors: [sequential]\ntasks: 1\n"))
            self.assertEqual(result.code, 2, workload)
            self.assertIn(message, result.err)


# Each would go on for a minute or more.
LONG = ["{ type: matmul, size: 2500 }", "{ type: matmul, size: 2500, kernel: blocked }",
        "{ type: blur, width: 3000, height: 3000, passes: 100, radius: 1000 }",
        *["{ type: matmul, size: 5000, kernel: blas }"] * HAS_BLAS,
        *["{ type: hash, size: 300MB, algorithm: md5 }"] * HAS_HASH]


class Ends(ComputeCase):
    def test_at_the_timeout_in_the_midst_of_a_task(self):
        for workload in LONG:
            rows = self.rows(workload, "[thread_pool, { type: thread, gil: true }, process_pool]",
                             1, tasks=100, code=1, more="timeout: 300ms\n")
            for row in rows:
                self.assertEqual(row["status"], "timeout", row)

    def test_on_ctrl_c(self):
        for executor in ("thread_pool", "process"):
            path = self.write(f"workloads: {{ it: {LONG[0]} }}\nexecutors: [{executor}]\n"
                              "workers: 2\ntasks: 100\nrepeat: 1\ntimeout: 5m\n")
            process = harness.start(path, cwd=self.tmp)
            wait_until(lambda: busy_children(process.pid))
            harness.interrupt(process)
            process.communicate(timeout=60)
            self.assertEqual(process.returncode, 130)
            self.assertEqual(harness.children_of(process.pid), [])


def wait_until(condition, seconds=60):
    end = time.monotonic() + seconds
    while not condition():
        if time.monotonic() > end:
            raise AssertionError("it never came to be")
        time.sleep(0.02)


def busy_children(pid):
    """Those of its processes that have used some CPU time."""
    return [child for child in harness.children_of(pid) if cpu_ticks(child) > 20]


def cpu_ticks(pid):
    try:
        fields = Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()
    except OSError:
        return 0
    return int(fields[11]) + int(fields[12])


def threads_of(pid):
    try:
        return len(os.listdir(f"/proc/{pid}/task"))
    except OSError:
        return 0


class Threads(ComputeCase):
    """OpenBLAS computes on the workers' own threads."""

    def most_threads(self, kernel, executor):
        path = self.write(
            f"workloads: {{ it: {{ type: matmul, size: 700, kernel: {kernel} }} }}\n"
            f"executors: [{executor}]\nworkers: 3\nruntime: 1s\nrepeat: 1\n")
        # Whatever a user's environment asks OpenBLAS for.
        process = harness.start(path, cwd=self.tmp, env={"OPENBLAS_NUM_THREADS": "5",
                                                         "OMP_NUM_THREADS": "5"})
        most = defaultdict(int)
        while process.poll() is None:
            for child in [process.pid, *harness.children_of(process.pid)]:
                most[child] = max(most[child], threads_of(child))
            time.sleep(0.01)
        _, err = process.communicate()
        self.assertEqual(process.returncode, 0, err)
        return sorted(most.values())[-4:]

    @unittest.skipUnless(HAS_BLAS, "without OpenBLAS")
    @unittest.skipIf(harness.sanitized(), "some sanitizers have threads of their own")
    def test_blas_starts_none(self):
        for executor, most in (("thread_pool", [1, 4]), ("process_pool", [1] * 4),
                               ("{ type: process_pool, start: spawn }", [1] * 4)):
            for kernel in ("blocked", "blas"):
                self.assertEqual(self.most_threads(kernel, executor)[-len(most):], most,
                                 f"{kernel} {executor}")

    @unittest.skipUnless(HAS_BLAS, "without OpenBLAS")
    def test_more_threads_than_blas_has_room_for(self):
        rows = self.rows("{ type: matmul, size: 100, kernel: blas }", "[thread_pool]", "[1, 1500]",
                         tasks=6000)
        self.assertEqual({row["status"] for row in rows}, {"ok"})
        self.assertEqual(len({row["checksum"] for row in rows}), 1)


@unittest.skipUnless(HAS_HASH, "without libcrypto")
class Scripts(ComputeCase):
    def run_task(self, body, executors="[sequential]", code=0, **keys):
        self.write("return { task = function(_, i, w) " + body + " end }", "mine.lua")
        return self.rows("{ type: lua, script: mine.lua }", executors, code=code, **keys)

    def test_digests_are_hashlibs(self):
        texts = ["", "a", "x" * 2047, "y" * 2048, "z" * 300_000]
        for algorithm in ("md5", "sha1", "sha224", "sha256", "sha384", "sha512", "sha3_256",
                          "sha3_512", "blake2s", "blake2b"):
            asserts = " ".join(
                f"assert(w.hash('{algorithm}', ('{text[:1]}'):rep({len(text)})) == "
                f"'{hashlib.new(algorithm, text.encode()).hexdigest()}')"
                for text in texts)
            [row] = self.run_task(asserts)
            self.assertEqual((row["status"], row["error"]), ("ok", ""))

    def test_under_every_executor(self):
        rows = self.run_task("local text = ('%d '):format(i):rep(20000) "
                             "return tonumber(w.hash('sha256', text):sub(1, 15), 16)",
                             harness.EXECUTORS, workers=3, tasks=30)
        texts = (f"{i} ".encode() * 20000 for i in range(30))
        expected = sum(int(hashlib.sha256(text).hexdigest()[:15], 16) for text in texts) & MASK
        self.assertEqual(len(rows), harness.EXECUTOR_CELLS)
        for row in rows:
            self.assertEqual((row["status"], row["error"], int(row["checksum"])),
                             ("ok", "", expected), row)

    def test_bytes_are_bytes(self):
        data = bytes(range(256)) * 20
        [row] = self.run_task(
            "local t = {} for c = 0, 255 do t[#t + 1] = string.char(c) end "
            f"assert(w.hash('sha1', table.concat(t):rep(20)) == '{hashlib.sha1(data).hexdigest()}')")
        self.assertEqual(row["status"], "ok", row)

    def test_errors(self):
        for call, message in (
                ("w.hash('sha265', 'x')", "did you mean 'sha2"),
                ("w.hash('sha256')", "bad argument #2 to 'hash'"),
                ("w.hash('sha256', {})", "bad argument #2 to 'hash'"),
                ("w.hash()", "bad argument #1 to 'hash'")):
            [row] = self.run_task(call, code=1)
            self.assertEqual((row["status"], row["tasks_failed"]), ("failed", "4"))
            self.assertIn(message, row["error"])

    def test_a_metric_cannot_have_its_name(self):
        self.write("return { metrics = { hash = 'sum' }, task = function() end }", "mine.lua")
        result = self.conrun(self.write(
            "workloads: { it: { type: lua, script: mine.lua } }\nexecutors: [sequential]\n"
            "tasks: 1\n"))
        self.assertEqual(result.code, 2, result.err)


class Opened(ComputeCase):
    """Libraries are opened by the hosts that need them, and by nobody else."""

    def test_the_program_links_none(self):
        needed = subprocess.run(["ldd", harness.CONRUN], capture_output=True, text=True).stdout
        for library in ("libcrypto", "openblas", "libssl"):
            self.assertNotIn(library, needed)


if __name__ == "__main__":
    unittest.main()
