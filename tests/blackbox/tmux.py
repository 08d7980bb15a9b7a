"""A shell in a terminal, as a person has it: keys go in, the screen is read."""

import re
import shutil
import subprocess
import time

import harness

COLUMNS, ROWS = 100, 45


class Shell:
    """A tmux of its own, with `conrun` on PATH. Use as a context."""

    def __init__(self, folder):
        self.folder = folder
        self.command = [shutil.which("tmux"), "-S", str(folder / "tmux"), "-f", "/dev/null"]

    def __enter__(self):
        programs = self.folder / "bin"
        programs.mkdir()
        (programs / "conrun").symlink_to(harness.CONRUN)
        start = f"env PATH='{programs}':\"$PATH\" PS1='$ ' sh"
        self.tmux("new-session", "-d", "-x", COLUMNS, "-y", ROWS, "-c", self.folder, start)
        self.wait(r"^\$ ?$")
        return self

    def __exit__(self, *_):
        self.tmux("kill-server")

    def tmux(self, *args):
        environment = harness.environment({"LC_ALL": "C.UTF-8"})
        done = subprocess.run([*self.command, *map(str, args)], check=True, timeout=60,
                              env=environment, stdout=subprocess.PIPE)
        return done.stdout.decode("utf-8", "replace")

    def type(self, line):
        """A line and Enter."""
        self.tmux("send-keys", "-l", line)
        self.tmux("send-keys", "Enter")

    def press(self, key):
        self.tmux("send-keys", key)

    def screen(self, escapes=False):
        """What is on it, and what has scrolled off; with `escapes` with its colours."""
        return self.tmux("capture-pane", "-p", "-J", "-S", "-2000", *(["-e"] if escapes else []))

    def wait(self, pattern, seconds=60):
        """Until something matches; fails with what is on the screen instead."""
        end = time.monotonic() + seconds
        while not (found := re.search(pattern, screen := self.screen(), re.M)):
            if time.monotonic() > end:
                raise AssertionError(f"no {pattern!r} after {seconds} s on\n{screen}")
            time.sleep(0.05)
        return found

    def do(self, line, seconds=120):
        """Types a line and waits for the next prompt: what it printed, on a cleared screen."""
        self.tmux("send-keys", "-R")
        self.tmux("clear-history")
        self.type(f"{line}; echo \"code $?\"")
        self.wait(r"^code \d+$", seconds)
        self.wait(r"^\$ ?$")
        return self.screen()
