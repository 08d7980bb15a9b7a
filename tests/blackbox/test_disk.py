"""Results that cannot be written: an error that names the file, and nothing that looks whole."""

import os
import resource
import shutil
import signal
import subprocess
import unittest

from harness import CONRUN, Case, environment, read_csv

MANY = """
workloads: { none: { type: noop } }
executors: [sequential, thread]
workers: [1, 2, 3, 4]
tasks: 1
repeat: 30
"""


def limit_files(bytes_most):
    """What a full disk does, without a disk: writes beyond the limit fail."""
    def limit():
        signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
        resource.setrlimit(resource.RLIMIT_FSIZE, (bytes_most, bytes_most))
    return limit


def can_mount():
    probe = ["unshare", "-m", "sh", "-c", "mount -t tmpfs -o size=64k none /mnt"]
    return bool(shutil.which("unshare")) and subprocess.run(probe, capture_output=True).returncode == 0


class Disk(Case):
    def check_kept(self, result):
        """The error names a file below results/; each CSV there is whole or not there."""
        self.assertEqual(result.code, 1, result.err)
        self.assertRegex(result.err, r"conrun: error: .*results/it.*: ")
        folder = self.folder()
        rows = read_csv(folder / "runs.csv")
        self.assertTrue((folder / "runs.csv").read_bytes().endswith(b"\r\n"))
        self.assertFalse((folder / "summary.csv").exists())
        self.assertFalse((self.tmp / "results/it.csv").exists())
        self.assertEqual([path for path in folder.iterdir() if "." in path.suffix[1:]], [])
        self.assertLess(len(rows), 150)

    def test_file_size_limit(self):
        path = self.write(MANY)
        result = self.conrun(path, preexec_fn=limit_files(16384))
        self.check_kept(result)
        self.assertRegex(result.err, r"(runs\.csv|journal\.jsonl)'")

    @unittest.skipUnless(can_mount(), "needs the right to mount a small file system")
    def test_full_disk(self):
        path = self.write(MANY)
        (self.tmp / "results").mkdir()
        script = ('mount -t tmpfs -o size=20k none results && "$0" "$1"; code=$?; '
                  "mkdir kept && cp -r results/. kept; exit $code")
        done = subprocess.run(
            ["unshare", "-m", "sh", "-c", script, CONRUN, path], cwd=self.tmp,
            env=environment(), capture_output=True, timeout=60)
        (self.tmp / "results").rmdir()
        (self.tmp / "kept").rename(self.tmp / "results")
        done.code, done.err = done.returncode, done.stderr.decode()
        self.assertIn("No space left on device", done.err)
        self.check_kept(done)

    def test_summary_is_never_torn(self):
        """The limit lets runs.csv of a short session pass, but not the larger run.json."""
        path = self.write(MANY.replace("repeat: 30", "repeat: 1") + "# " + "x" * 20000)
        result = self.conrun(path, preexec_fn=limit_files(16384))
        self.assertEqual(result.code, 1)
        self.assertIn("run.json", result.err)
        self.assertFalse((self.folder() / "run.json").exists())

    def test_unwritable_folder(self):
        path = self.write(MANY)
        (self.tmp / "file").write_text("")
        for folder, reason in (("file", "Not a directory"), ("/proc/nowhere", "No such file")):
            result = self.conrun(path, "--output", folder)
            self.assertEqual(result.code, 1)
            self.assertIn(f"'{folder}", result.err)
            self.assertIn(reason, result.err)

    @unittest.skipIf(os.geteuid() == 0, "root may write everywhere")
    def test_read_only_folder(self):
        path = self.write(MANY)
        (self.tmp / "results").mkdir(mode=0o555)
        result = self.conrun(path)
        self.assertEqual(result.code, 1)
        self.assertIn("Permission denied", result.err)

    def test_full_stdout(self):
        path = self.write(MANY)
        for args in (["plan", path], ["list"], ["list", "columns"], ["help"], ["--version"], [path]):
            with open("/dev/full", "w") as full:
                result = self.conrun(args, stdout=full)
            self.assertEqual(result.code, 1, args)
            self.assertIn("cannot write to standard output: No space left on device", result.err)
        self.assertEqual(len(read_csv(self.tmp / "results/it.csv")), 5)

    def test_closed_pipe_is_no_noise(self):
        reader, writer = os.pipe()
        os.close(reader)
        result = self.conrun("list", "columns", stdout=writer)
        os.close(writer)
        self.assertNotEqual(result.code, 0)
        self.assertEqual(result.err, "")


if __name__ == "__main__":
    unittest.main()
