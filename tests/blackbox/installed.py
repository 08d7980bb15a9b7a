"""An installation of the program that is tested, made once for each test file that needs one."""

import atexit
import functools
import os
import shutil
import subprocess
import tempfile
from pathlib import Path

import harness

BUILD = Path(harness.CONRUN).resolve().parent


@functools.lru_cache(maxsize=None)
def prefix(*options):
    """The folder that it was installed to; `options` are those of `cmake --install`."""
    folder = Path(tempfile.mkdtemp(prefix="conrun-installed-")).resolve()
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    done = subprocess.run(["cmake", "--install", BUILD, "--prefix", folder, *options],
                          capture_output=True, text=True)
    assert done.returncode == 0, done.stdout + done.stderr
    return folder


def environment(root, **changes):
    """As a user has it who installed conrun there: its headers are found."""
    changes.setdefault("PKG_CONFIG_PATH", str(root / "share/pkgconfig"))
    return harness.environment(changes)


def conrun(root, *args, cwd=None, env=None, timeout=120):
    done = subprocess.run([root / "bin/conrun", *map(str, args)], cwd=cwd, timeout=timeout,
                          env=harness.environment(env), stdin=subprocess.DEVNULL,
                          capture_output=True, text=True)
    return harness.Result(done.returncode, done.stdout, done.stderr)


def has_host():
    """Does it make runs in a program of their own?"""
    return os.access(BUILD / "conrun-host", os.X_OK)
