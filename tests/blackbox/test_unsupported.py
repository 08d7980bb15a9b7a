"""What is not installed: a build without the optional libraries does all else, and says what it
lacks."""

import json
import os
import subprocess
import tempfile
import unittest
from pathlib import Path

import harness

LIBRARIES = {"libcurl": "libcurl4-openssl-dev", "libcrypto": "libssl-dev",
             "OpenBLAS": "libopenblas-dev"}
SWITCHES = [f"-DCONRUN_USE_{part}=OFF"
            for part in ("LIBCURL", "LIBCRYPTO", "OPENBLAS", "LIBXLSXWRITER")]

SCENARIO = """
workloads:
  hash: { type: hash }
  fetch: { type: fetch, size: 1kB }
  matmul: { type: matmul, kernel: [naive, blas], size: 16 }
  noop: { type: noop }
executors: [sequential, thread_pool, { type: process, start: [fork, spawn] }]
workers: 2
tasks: 4
repeat: 2
warmup: 1
baseline: { executor: thread_pool }
hooks: [scaling, pivot, markdown]
expect:
  - { name: all pass, that: "tasks_failed == 0 and elapsed_s < 1000" }
  - { name: said so, when: { workload: hash }, that: "status == 'unsupported'" }
  - { name: not to be said, when: { workload: fetch }, that: "elapsed_s > 1000" }
"""
EXECUTORS = 4


def build(folder):
    """conrun without what it can do without; a plain build as a user makes it."""
    subprocess.run(["cmake", "-S", harness.SOURCE, "-B", folder, "-G", "Ninja",
                    "-DCONRUN_DEVELOPER=OFF", "-DCMAKE_BUILD_TYPE=Debug", *SWITCHES],
                   check=True, stdout=subprocess.PIPE, stderr=subprocess.STDOUT)
    done = subprocess.run(["cmake", "--build", folder, "--parallel", "2", "--target", "conrun"],
                          stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)
    if done.returncode:
        raise AssertionError(done.stdout)
    return Path(folder) / "conrun"


class Without(harness.Case):
    @classmethod
    def setUpClass(cls):
        if harness.sanitized():
            raise unittest.SkipTest("the same program in every build")
        folder = tempfile.TemporaryDirectory()
        cls.addClassCleanup(folder.cleanup)
        cls.program = build(folder.name)

    def call(self, *args, cwd=None):
        done = subprocess.run([self.program, *map(str, args)], cwd=cwd or self.tmp,
                              env=harness.environment(), stdin=subprocess.DEVNULL,
                              capture_output=True, text=True, timeout=120)
        return harness.Result(done.returncode, done.stdout, done.stderr)

    def test_version(self):
        self.assertRegex(self.call("version").out, r"(?m)^  optional parts none$")

    def test_a_workbook_is_refused_before_anything_runs(self):
        result = self.call("--format", "xlsx", self.write(SCENARIO))
        self.assertEqual(result.code, 2)
        self.assertIn("libxlsxwriter-dev", result.err)
        self.assertFalse((self.tmp / "results").exists())

    def test_list(self):
        shown = self.call("list")
        self.assertEqual((shown.code, shown.err), (0, ""))
        lacks = "this conrun was built without {}; install {} and build it again"
        for name, library in (("hash", "libcrypto"), ("fetch", "libcurl")):
            why = lacks.format(library, LIBRARIES[library])
            self.assertRegex(shown.out, rf"(?m)^  {name} .*\n +unavailable: {why}$")
        why = lacks.format("OpenBLAS", LIBRARIES["OpenBLAS"])
        self.assertRegex(shown.out, rf"(?m)^  matmul .*\n +kernel blas unavailable: {why}$")
        self.assertEqual(shown.out.count("unavailable"), 3, shown.out)
        for library, package in LIBRARIES.items():
            self.assertIn(lacks.format(library, package), shown.out.split("optional libraries:")[1])
        one = self.call("list", "matmul").out
        self.assertIn("\n  kernel blas unavailable: ", one)
        self.assertNotIn("naive unavailable", one)

    def test_cells_are_unsupported_and_all_else_works(self):
        result = self.call(self.write(SCENARIO))
        self.assertEqual(result.code, 1, result.err + result.out)
        rows = self.summary()
        self.assertEqual(len(rows), 5 * EXECUTORS)
        for row in rows:
            self.check_row(row)
        for row in self.runs():
            if row["status"] != "ok":
                self.assertEqual((row["status"], row["elapsed_s"], row["tasks_ok"]),
                                 ("unsupported", "", ""))
        self.check_screen(result.out)
        outcome = json.loads((self.folder() / "run.json").read_text())["outcome"]
        self.assertEqual(outcome["experiments"]["unsupported"], 3 * EXECUTORS)

    def library_of(self, row):
        if row["kernel"] == "blas":
            return "OpenBLAS"
        return {"hash": "libcrypto", "fetch": "libcurl"}.get(row["workload"])

    def check_row(self, row):
        cell = " ".join((row["workload"], row["kernel"], row["executor"]))
        library = self.library_of(row)
        if not library:
            self.assertEqual((row["status"], row["error"], row["expect"], row["tasks_ok"]),
                             ("ok", "", "passed", "4"), cell)
            return
        self.assertEqual(row["status"], "unsupported", cell)
        self.assertIn(f"without {library}; install {LIBRARIES[library]} ", row["error"], cell)
        self.assertEqual(row["runs"], "0", cell)
        # Nothing was measured, so there is no figure: not a zero.
        for column in ("elapsed_s", "throughput_per_s", "speedup", "tasks_ok", "tasks_failed",
                       "checksum", "max_rss_bytes", "task_p50_s"):
            self.assertEqual(row[column], "", f"{cell}: {column}")
        self.assertEqual(row["expect"], "passed" if row["workload"] == "hash" else "", cell)

    def check_screen(self, out):
        """Each workload once, however many cells and runs it was to have; what was not judged is
        said."""
        for workload in ("hash(size=1MiB)", "fetch(size=1kB)", "matmul(kernel=blas)"):
            self.assertEqual(out.count(f"\nunsupported: {workload}: "), 1, out)
        self.assertEqual(out.count("\nunsupported: "), 3, out)
        self.assertNotIn("not as expected", out)
        self.assertIn(f"not judged: all pass (line 15): {3 * EXECUTORS} of {5 * EXECUTORS} rows "
                      "were not run\n", out)
        self.assertIn(f"not judged: not to be said (line 17): {EXECUTORS} of {EXECUTORS} rows "
                      "were not run\n", out)
        self.assertIn("expectations: 2 of 3 hold, 1 had no row to judge\n", out)

    def test_baseline_that_is_unsupported(self):
        result = self.call(self.write("""
workloads: { m: { type: matmul, kernel: [blas, naive], size: 16 } }
executors: [sequential]
tasks: 4
baseline: { kernel: blas }
"""))
        rows = {row["kernel"]: row for row in self.summary()}
        self.assertEqual(result.code, 1, result.err)
        self.assertEqual(rows["blas"]["status"], "unsupported")
        self.assertEqual((rows["naive"]["status"], rows["naive"]["speedup"]), ("ok", ""))

    def test_alone(self):
        """A scenario of which nothing can be run is still reported."""
        result = self.call(self.write("workloads: { h: { type: hash } }\nexecutors: [thread]\n"
                                      "tasks: 2\n"))
        self.assertEqual(result.code, 1, result.err)
        self.assertEqual([row["status"] for row in self.summary()], ["unsupported"])


HIDER = """
#include <dlfcn.h>
#include <stddef.h>
#include <string.h>
void *dlopen(const char *file, int flags)
{
	void *(*next)(const char *, int) = (void *(*)(const char *, int))dlsym(RTLD_NEXT, "dlopen");
	const char *const hidden[] = {"libcurl.so", "libcrypto.so", "libopenblas.so"};
	for (size_t i = 0; file && i < sizeof(hidden) / sizeof(hidden[0]); i++)
		if (strncmp(file, hidden[i], strlen(hidden[i])) == 0)
			file = "/nowhere/library.so";
	return next(file, flags);
}
"""


class Missing(harness.Case):
    """The program as it was built, on a machine from which the libraries were removed."""

    def setUp(self):
        super().setUp()
        if harness.sanitized():
            self.skipTest("a sanitizer's runtime must be the first library")
        if "missing: this conrun was built without" in harness.run("list").out:
            self.skipTest("was built without the libraries")
        self.library = self.tmp / "hider.so"
        subprocess.run([os.environ.get("CC", "cc"), "-D_GNU_SOURCE", "-shared", "-fPIC", "-o",
                        self.library, self.write(HIDER, "hider.c")], check=True)

    def call(self, *args):
        return self.conrun(*args, env={"LD_PRELOAD": str(self.library)})

    def test_list(self):
        out = self.call("list").out
        for name, indent in (("hash", ""), ("fetch", ""), ("matmul", "kernel blas ")):
            self.assertRegex(out, rf"(?m)^  {name} .*\n +{indent}unavailable: cannot open \w+: "
                                  r"/nowhere/library\.so: .*; install lib\w+$")
        self.assertEqual(out.count("\n                  missing: cannot open "), 3, out)

    def test_cells(self):
        result = self.call(self.write(SCENARIO))
        self.assertEqual(result.code, 1, result.err + result.out)
        for row in self.summary():
            there = row["workload"] == "noop" or row["kernel"] == "naive"
            self.assertEqual(row["status"], "ok" if there else "unsupported", row["error"])
            if not there:
                self.assertRegex(row["error"], r"^cannot open \w+: .*; install lib\w+$")


class Present(harness.Case):
    def test_version_names_what_the_build_has(self):
        parts = harness.run("version").out.split("optional parts ")[1].strip()
        names = [] if parts == "none" else parts.split(", ")
        table = harness.run("list").out.split("optional libraries:\n")[1]
        for library in LIBRARIES:
            built = f"built without {library};" not in table
            self.assertEqual(library in names, built, f"{parts}\n{table}")


if __name__ == "__main__":
    unittest.main()
