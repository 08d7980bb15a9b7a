"""The Debian package: what it holds, what lintian says, and its life in a fresh system."""

import atexit
import functools
import os
import re
import shutil
import subprocess
import tempfile
import unittest
from pathlib import Path

import harness
import installed

SUITE = "bookworm"


def tool(*command, timeout=900, **more):
    """Its output; a failure shows all of it."""
    done = subprocess.run([str(word) for word in command], capture_output=True, text=True,
                          timeout=timeout, stdin=subprocess.DEVNULL, **more)
    assert done.returncode == 0, f"{command}: {done.returncode}\n{done.stdout}{done.stderr}"
    return done.stdout


def scratch():
    folder = Path(tempfile.mkdtemp(prefix="conrun-package-")).resolve()
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    return folder


@functools.lru_cache(maxsize=None)
def package():
    """Made of the build that is tested, as `cmake --workflow --preset package` makes it of its."""
    folder = scratch()
    # A umask must not show in the package.
    tool("sh", "-c", 'umask 077 && exec cpack --config "$1" -B "$2"', "sh",
         installed.BUILD / "CPackConfig.cmake", folder)
    [path] = folder.glob("*.deb")
    return path


def field(name):
    return tool("dpkg-deb", "-f", package(), name).strip()


@functools.lru_cache(maxsize=None)
def files():
    """Path → (mode, owner) of all that it holds."""
    listed = {}
    for line in tool("dpkg-deb", "-c", package()).splitlines():
        mode, owner, _, _, _, path = line.split(None, 5)
        listed[path.split(" -> ")[0].removeprefix(".")] = (mode, owner)
    return listed


@unittest.skipIf(harness.sanitized(), "a package is made of an ordinary build")
@unittest.skipUnless(shutil.which("cpack") and shutil.which("dpkg-shlibdeps"),
                     "this is no Debian: cpack or dpkg-shlibdeps is missing")
class Case(unittest.TestCase):
    maxDiff = None


class Contents(Case):
    def test_name(self):
        version = re.search(r"VERSION (\S+)", (harness.SOURCE / "CMakeLists.txt").read_text(
            encoding="utf-8").split("project(", 1)[1]).group(1)
        architecture = tool("dpkg", "--print-architecture").strip()
        self.assertEqual(package().name, f"conrun_{version}_{architecture}.deb")
        self.assertIn(f"conrun ({version})", (
            harness.SOURCE / "runner/package/changelog").read_text(encoding="utf-8"))

    def test_what_there_is(self):
        here = set(files())
        for path in ("/usr/bin/conrun", "/usr/share/conrun/scenarios/io_1000.yaml",
                     "/usr/share/conrun/lua/hooks/scaling.lua",
                     "/usr/share/conrun/conrun.schema.json",
                     "/usr/include/conrun/workloads/plugin.h", "/usr/share/pkgconfig/conrun.pc",
                     "/usr/share/man/man1/conrun.1.gz", "/usr/share/man/man5/conrun-scenario.5.gz",
                     "/usr/share/bash-completion/completions/conrun",
                     "/usr/share/zsh/vendor-completions/_conrun",
                     "/usr/share/fish/vendor_completions.d/conrun.fish",
                     "/usr/share/doc/conrun/changelog.gz", "/usr/share/doc/conrun/copyright",
                     "/usr/share/doc/conrun/examples/plugin/collatz.c"):
            self.assertIn(path, here)
        self.assertEqual("/usr/libexec/conrun/conrun-host" in here, installed.has_host())

    def test_nothing_elsewhere(self):
        for path in files():
            self.assertTrue(path.startswith("/usr/") or path in ("/", "/usr"), path)
            self.assertNotIn("/local", path)

    def test_modes(self):
        for path, (mode, owner) in files().items():
            program = path in ("/usr/bin/conrun", "/usr/libexec/conrun/conrun-host")
            wanted = ("drwxr-xr-x" if path.endswith("/") else
                      "-rwxr-xr-x" if program else "-rw-r--r--")
            self.assertEqual((mode, owner), (wanted, "root/root"), path)

    def test_depends(self):
        """On what the program is linked with; the rest is recommended or suggested."""
        self.assertRegex(field("Depends"), r"\blibc6 \(>= ")
        self.assertNotIn("curl", field("Depends"))
        weak = field("Recommends") + ", " + field("Suggests")
        source = (harness.SOURCE / "runner/base/library.c").read_text(encoding="utf-8")
        opened = re.findall(r'library_\w+ = \{\s*"[^"]*",\s*\w+,\s*"([^"]+)"', source)
        self.assertGreater(len(opened), 3)
        for name in opened + ["gnuplot-nox"]:
            self.assertRegex(weak, rf"(^|, ){name}\b")

    @unittest.skipUnless(shutil.which("lintian"), "lintian is missing: install lintian")
    def test_lintian(self):
        said = subprocess.run(["lintian", "--fail-on", "error", package()], capture_output=True,
                              text=True, timeout=300)
        self.assertEqual(said.returncode, 0, said.stdout + said.stderr)
        self.assertNotRegex(said.stdout, r"(?m)^E:")
        self.assertNotIn("no-manual-page", said.stdout)
        self.assertNotIn("unused-override", said.stdout)


class Root:
    """A system of its own, in a folder."""

    def __init__(self, folder):
        self.folder = folder

    def run(self, *command, cwd="/tmp", **env):
        """Its exit code and output; /proc is there, and gone with the last process."""
        line = 'mount -t proc proc "$0/proc" && exec chroot "$0" sh -c \'cd "$0" && exec "$@"\' "$@"'
        clean = {"PATH": "/usr/sbin:/usr/bin:/sbin:/bin", "HOME": "/root", "LC_ALL": "C.UTF-8",
                 "DEBIAN_FRONTEND": "noninteractive", **env}
        return subprocess.run(
            ["unshare", "--mount", "--pid", "--fork", "--kill-child", "sh", "-c", line,
             str(self.folder), cwd, *command],
            env=clean, capture_output=True, text=True, stdin=subprocess.DEVNULL, timeout=600)

    def all_files(self):
        """What there is, without what any package's coming and going changes."""
        changing = re.compile(r"^(proc|dev|sys|tmp|run|var/(lib/(dpkg|apt)|cache|log))(/|$)")
        found = set()
        for folder, folders, names in os.walk(self.folder):
            inner = os.path.relpath(folder, self.folder)
            if changing.match(inner):
                folders.clear()
                continue
            found |= {os.path.normpath(os.path.join(inner, name)) for name in folders + names}
        return {path for path in found if not changing.match(path)}


def mirror():
    """Where this machine has its packages from."""
    for line in tool("apt-cache", "policy").splitlines():
        match = re.search(rf"(https?://\S+) {SUITE}/main ", line)
        if match:
            return match.group(1)
    return None


@functools.lru_cache(maxsize=None)
def fresh_root():
    """The smallest Debian, or why there is none."""
    if os.geteuid() != 0:
        return None, "a fresh system needs root"
    if not shutil.which("debootstrap"):
        return None, "debootstrap is missing: install debootstrap"
    if not mirror():
        return None, f"this machine has no package source for {SUITE}"
    folder = scratch() / "root"
    done = subprocess.run(["debootstrap", "--variant=minbase", SUITE, folder, mirror()],
                          capture_output=True, text=True, stdin=subprocess.DEVNULL, timeout=900)
    if done.returncode:
        return None, "debootstrap: " + " ".join(done.stdout.splitlines()[-1:])
    root = Root(folder)
    tried = root.run("true")
    if tried.returncode:
        return None, f"a root cannot be entered: {tried.stderr.strip()}"
    return root, None


class FreshSystem(Case):
    """Installed, used, removed and purged by the tools that an administrator has."""

    def setUp(self):
        self.root, why = fresh_root()
        if not self.root:
            self.skipTest(why)
        shutil.copy(package(), self.root.folder / "tmp/conrun.deb")

    def inside(self, *command, code=0, **more):
        done = self.root.run(*command, **more)
        self.assertEqual(done.returncode, code, f"{command}\n{done.stdout}{done.stderr}")
        return done.stdout + done.stderr

    def test_life(self):
        before = self.root.all_files()
        # What it depends on comes from the package source where the build shares libraries.
        if self.root.run("dpkg", "-i", "/tmp/conrun.deb").returncode:
            self.inside("apt-get", "-q", "update")
            self.inside("apt-get", "-q", "install", "-y", "--no-install-recommends", "-f")
        self.addCleanup(self.root.run, "dpkg", "-P", "conrun")
        with_libraries = self.root.all_files()
        self.use()
        self.assertEqual(self.inside("dpkg", "--verify", "conrun"), "")
        self.assertEqual(self.root.all_files(), with_libraries, "a run left something behind")
        self.inside("apt-get", "-q", "remove", "-y", "conrun")
        self.inside("dpkg", "--purge", "conrun")
        left = {path for path in self.root.all_files() - before if "conrun" in path}
        self.assertEqual(left, set())
        self.assertEqual(before - self.root.all_files(), set())
        self.assertNotEqual(self.root.run("conrun", "--version").returncode, 0)

    def use(self):
        self.assertIn("conrun ", self.inside("conrun", "--version"))
        listed = self.inside("conrun", "list")
        self.assertIn("install libcurl4", listed)
        said = self.inside("conrun", "uneven_waits", "--output", "/tmp/results")
        self.assertIn("note: uneven_waits is /usr/share/conrun/scenarios/uneven_waits.yaml", said
                      .replace("/usr/bin/../", "/usr/"))
        self.assertIn("expectations: ", said)
        rows = harness.read_csv(self.root.folder / "tmp/results/uneven_waits.csv")
        self.assertEqual({row["status"] for row in rows}, {"ok"})
        # A script and hooks, found without a word about where.
        (self.root.folder / "tmp/it.yaml").write_text(
            "workloads: { hello: { type: lua, script: tasks/hello.lua } }\n"
            "executors: [thread_pool, process_pool]\nworkers: [1, 2]\ntasks: 4\nrepeat: 1\n"
            "hooks: [scaling, pivot]\n", encoding="utf-8")
        self.inside("conrun", "/tmp/it.yaml", "--output", "/tmp/results")
        self.inside("conrun", "check", "/usr/share/conrun/scenarios")
        self.inside("conrun", "schema")


class WithoutASystem(Case):
    """The same by dpkg in an empty folder, where no system can be made: its records, the files,
    and the program with this machine's libraries."""

    def dpkg(self, *arguments):
        return tool("dpkg", f"--root={self.folder}", "--force-not-root", "--force-script-chrootless",
                    "--force-depends", f"--log={self.folder}/log", *arguments)

    def test_life(self):
        self.folder = scratch()
        for name in ("var/lib/dpkg/info", "var/lib/dpkg/updates", "var/lib/dpkg/triggers"):
            (self.folder / name).mkdir(parents=True)
        for name in ("status", "available"):
            (self.folder / "var/lib/dpkg" / name).touch()
        self.dpkg("-i", package())
        result = installed.conrun(self.folder / "usr", "uneven_waits", cwd=self.folder)
        self.assertEqual(result.code, 0, result.err)
        self.assertIn(f"{self.folder}/usr/", result.err.replace("bin/../", ""))
        shutil.rmtree(self.folder / "results")
        self.plugin()
        self.dpkg("--purge", "conrun")
        left = [path for path in (self.folder / "usr").rglob("*")]
        self.assertEqual(left, [])

    def plugin(self):
        """The example, against the headers of the package and in its program without symbols."""
        usr, folder = self.folder / "usr", self.folder / "plugin"
        shutil.copytree(usr / "share/doc/conrun/examples/plugin", folder)
        tool("make", cwd=folder, env=installed.environment(usr))
        result = installed.conrun(usr, "collatz.yaml", "--plugin", "collatz.so", cwd=folder)
        self.assertEqual(result.code, 0, result.err + result.out)
        self.assertIn("expectations: 1 of 1 hold", result.out)


if __name__ == "__main__":
    unittest.main()
