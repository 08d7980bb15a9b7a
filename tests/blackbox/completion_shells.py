"""The shells as they are at a prompt, each with conrun's completion: what would they propose?"""

import os
import pty
import re
import select
import shutil
import subprocess
import tempfile
import time
from pathlib import Path

from harness import environment, run

# What separates words in bash's eyes, beside blanks.
BASH_BREAKS = re.compile(r"[=><:;|&()]|[^\s=><:;|&()]+")


class Shell:
    """A folder with a script in it, in which a shell runs."""

    def __init__(self, name, folder):
        self.folder = Path(folder)
        self.home = Path(tempfile.mkdtemp(prefix="conrun-shell-"))
        self.script = self.home / "_conrun"
        made = run("help", "--completion", name)
        assert (made.code, made.err) == (0, ""), made
        self.script.write_text(made.out, encoding="utf-8")

    def close(self):
        shutil.rmtree(self.home, ignore_errors=True)

    def environment(self):
        return environment({"HOME": str(self.home), "ZDOTDIR": str(self.home), "LANG": "C.UTF-8",
                            "XDG_CONFIG_HOME": str(self.home), "XDG_DATA_HOME": str(self.home)})


class Bash(Shell):
    """Asks the function that bash would call, with the words that bash would make."""

    def __init__(self, folder):
        super().__init__("bash", folder)

    def ask(self, line):
        words = BASH_BREAKS.findall(line) + ([""] if line.endswith(" ") else [])
        quoted = " ".join("'" + word.replace("'", "'\\''") + "'" for word in words)
        code = (f"source {self.script}; complete -p conrun >/dev/null || exit 9\n"
                f"COMP_WORDS=({quoted}); COMP_CWORD={len(words) - 1}\n"
                "_conrun conrun; printf '%s\\n' \"${COMPREPLY[@]}\"")
        done = subprocess.run(
            ["bash", "--noprofile", "--norc", "-c", code], cwd=self.folder, text=True,
            env=self.environment(), capture_output=True, timeout=60)
        assert done.returncode == 0 and done.stderr == "", done
        return {word for word in done.stdout.split("\n") if word}


class Fish(Shell):
    """fish tells what it would propose."""

    def __init__(self, folder):
        super().__init__("fish", folder)

    def ask(self, line):
        code = f"source {self.script}; complete -C '" + line.replace("'", "\\'") + "'"
        done = subprocess.run(
            ["fish", "--no-config", "-c", code], cwd=self.folder, text=True,
            env=self.environment(), stdin=subprocess.DEVNULL, capture_output=True, timeout=60)
        assert done.returncode == 0 and done.stderr == "", done
        return {word.split("\t")[0] for word in done.stdout.split("\n") if word}


# compadd is what every completion function of zsh ends in: what it was given and what of that fits
# is written down, then it does what it always does.
ZSH = """
PROMPT='READY> '
autoload -Uz compinit
fpath=($HOME $fpath)
compinit -u -D
unset zle_bracketed_paste
zstyle ':completion:*' menu no
setopt no_list_beep no_beep no_auto_menu
compadd() {
	if [[ ${@[1,(i)(-|--)]} == *-(O|A|D)\\ * ]]; then
		builtin compadd "$@"
		return
	fi
	local -a hits suffix
	builtin compadd -A hits "$@"
	zparseopts -E S:=suffix
	for hit in $hits; do print -r -- "$hit${suffix[2]%% *}" >>$HOME/hits; done
	builtin compadd "$@"
}
finish() { print -r -- END >>$HOME/hits }
ask() { comppostfuncs=(finish); zle complete-word }
zle -N ask
bindkey '^I' ask
bindkey '^U' kill-whole-line
"""


class Zsh(Shell):
    """A zsh at a prompt, in which the line is typed and tab is pressed."""

    def __init__(self, folder):
        super().__init__("zsh", folder)
        (self.home / ".zshrc").write_text(ZSH, encoding="utf-8")
        self.hits = self.home / "hits"
        self.prompt = Prompt(["zsh", "-i"], self.folder,
                             self.environment() | {"TERM": "dumb", "COLUMNS": "1000"})
        self.prompt.read_until("READY> ")

    def ask(self, line):
        self.hits.write_text("")
        self.prompt.type("\x15" + line + "\t")
        end = time.monotonic() + 60
        while "END\n" not in self.hits.read_text(encoding="utf-8"):
            assert time.monotonic() < end, self.prompt.output
            self.prompt.read(0.02)
        return {word for word in self.hits.read_text(encoding="utf-8").split("\n")
                if word and word != "END"}

    def close(self):
        self.prompt.close()
        super().close()


class Prompt:
    """A shell on a terminal of its own."""

    def __init__(self, command, folder, env):
        self.output = ""
        self.master, slave = pty.openpty()
        self.process = subprocess.Popen(
            command, cwd=folder, env=env, stdin=slave, stdout=slave, stderr=slave,
            start_new_session=True)
        os.close(slave)

    def type(self, keys):
        os.write(self.master, keys.encode())

    def read(self, seconds):
        if select.select([self.master], [], [], seconds)[0]:
            self.output += os.read(self.master, 65536).decode("utf-8", "replace")

    def read_until(self, pattern, timeout=60):
        end = time.monotonic() + timeout
        while not re.search(pattern, self.output):
            assert time.monotonic() < end, (pattern, self.output)
            self.read(0.1)

    def close(self):
        self.process.kill()
        self.process.wait()
        os.close(self.master)
