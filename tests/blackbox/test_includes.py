"""Includes point one way only: from a layer to itself or to one further down."""

import os
import re
import subprocess
import tempfile
import unittest
from pathlib import Path

SOURCE = Path(os.environ.get("CONRUN_SOURCE", Path(__file__).resolve().parents[2]))

# Folder → layer. The two contracts lie below the folders that implement them.
LAYERS = {
    "base": 1,
    "measure": 2, "script": 2, "workloads/workload.h": 2, "workloads/plugin.h": 2,
    "executors/executor.h": 2,
    "plugin": 3, "scenario": 3, "workloads": 3, "executors": 3,
    "plan": 4,
    "engine": 5,
    "stats": 6,
    "report": 7,
    "review": 8, "advice": 8,
    "commands": 9,
    "main.c": 10,
}
# Who implements a contract sees that contract and what lies below it, and nothing of its users.
IMPLEMENTERS = {
    "workloads": {"workloads/workload.h", "workloads/plugin.h", "base", "measure", "script", "workloads"},
    "executors": {"executors/executor.h", "workloads/workload.h", "base", "measure", "executors"},
}
CONTRACTS = {"workloads": ["workloads/workload.h", "workloads/plugin.h"],
             "executors": ["executors/executor.h"]}
GENERATED = {"base/version.h", "base/optional.h"}
INCLUDE = re.compile(r'^\s*#\s*include\s*(["<])([^">]+)[">]')


def folder_of(name):
    return name.split("/")[0]


def layer_of(name):
    return LAYERS.get(name, LAYERS.get(folder_of(name)))


def sources(root):
    """Every C file with the name by which it is included: `base/err.h`, `workloads/sleep.c`."""
    for top, prefix in ((root / "runner", root / "runner"), (root / "workloads", root)):
        for path in sorted(top.rglob("*.[ch]")):
            yield path, path.relative_to(prefix).as_posix()


def fault_of(includer, included, names):
    if not included.endswith(".h"):
        return "not a header"
    if included not in names:
        return "no such header; name it from runner/ or from the root"
    below, here = layer_of(included), layer_of(includer)
    if below is None or here is None:
        return "a folder that has no layer"
    if below > here:
        return f"layer {below} is above layer {here}"
    user, owner = folder_of(includer), folder_of(included)
    if owner in CONTRACTS and included not in CONTRACTS[owner] and user != owner:
        return f"private to {owner}; include {CONTRACTS[owner][0]}"
    allowed = IMPLEMENTERS.get(user)
    if allowed and included not in allowed and owner not in allowed:
        return f"{user} may include only its contract and what lies below"
    return None


def check_includes(root):
    """All faults as `file:line: "header": what is wrong`."""
    files = list(sources(root))
    names = {name for _, name in files} | GENERATED
    faults = []
    for path, name in files:
        for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1):
            match = INCLUDE.match(line)
            if not match:
                continue
            quote, included = match.groups()
            if quote == "<":
                fault = "in quotes, as it is ours" if included in names else None
            else:
                fault = fault_of(name, included, names)
            if fault:
                faults.append(f'{path.relative_to(root)}:{number}: "{included}": {fault}')
    return faults


def check_guards(root):
    faults = []
    for path, name in sources(root):
        guard = re.sub(r"[^A-Z0-9]", "_", name.upper())
        text = path.read_text(encoding="utf-8")
        if name.endswith(".h") and f"#ifndef {guard}\n#define {guard}\n" not in text:
            faults.append(f"{path.relative_to(root)}:1: no include guard {guard}")
    return faults


def lua_flags():
    """Where Lua's headers are, under the name that it has here."""
    for name in ("lua5.4", "lua-5.4", "lua54"):
        done = subprocess.run(["pkg-config", "--cflags", name], capture_output=True, text=True)
        if not done.returncode:
            return done.stdout.split()
    return []


def check_alone(root):
    """Each header compiles as the only thing that is included."""
    faults, lua = [], lua_flags()
    for path, name in sources(root):
        if not name.endswith(".h"):
            continue
        done = subprocess.run(
            [os.environ.get("CC", "cc"), "-std=c17", "-D_GNU_SOURCE", "-Wall", "-Wextra",
             "-Werror", "-fsyntax-only", f"-I{root / 'runner'}", f"-I{root}", *lua, "-x", "c", "-"],
            input=f'#include "{name}"\n', cwd=root, capture_output=True, text=True)
        if done.returncode:
            faults.append(f"{path.relative_to(root)}:1: does not compile alone:\n{done.stderr}")
    return faults


class Tree(unittest.TestCase):
    """The tree as it is."""

    def check(self, faults):
        self.assertEqual(faults, [], "\n" + "\n".join(faults))

    def test_something_is_there(self):
        self.assertGreater(len(list(sources(SOURCE))), 20)

    def test_includes_point_one_way(self):
        self.check(check_includes(SOURCE))

    def test_headers_have_guards(self):
        self.check(check_guards(SOURCE))

    def test_headers_compile_alone(self):
        self.check(check_alone(SOURCE))


class Checker(unittest.TestCase):
    """The checker finds what it is there to find, in a tree made for that."""

    GOOD = {
        "runner/base/err.h": "#ifndef BASE_ERR_H\n#define BASE_ERR_H\n#endif\n",
        "runner/engine/run.h": "#ifndef ENGINE_RUN_H\n#define ENGINE_RUN_H\n"
                               '#include "base/err.h"\n#endif\n',
        "runner/executors/executor.h": "#ifndef EXECUTORS_EXECUTOR_H\n"
                                       "#define EXECUTORS_EXECUTOR_H\n#endif\n",
        "runner/executors/own.h": "#ifndef EXECUTORS_OWN_H\n#define EXECUTORS_OWN_H\n#endif\n",
        "workloads/workload.h": "#ifndef WORKLOADS_WORKLOAD_H\n"
                                "#define WORKLOADS_WORKLOAD_H\n#endif\n",
        "workloads/noop.c": '#include "workloads/workload.h"\n#include <stdio.h>\n',
        "runner/executors/thread.c": '#include "executors/own.h"\n#include "base/version.h"\n',
        "runner/main.c": '#include "engine/run.h"\n',
    }

    def tree(self, **changed):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        root = Path(folder.name)
        for name, text in (self.GOOD | changed.get("files", {})).items():
            (root / name).parent.mkdir(parents=True, exist_ok=True)
            (root / name).write_text(text, encoding="utf-8")
        return root

    def faults(self, name, text, check=check_includes):
        return check(self.tree(files={name: text}))

    def test_good_tree(self):
        root = self.tree()
        self.assertEqual(check_includes(root) + check_guards(root) + check_alone(root), [])

    def test_upwards(self):
        [fault] = self.faults("runner/base/err.c", '\n#include "engine/run.h"\n')
        self.assertEqual(
            fault, 'runner/base/err.c:2: "engine/run.h": layer 5 is above layer 1')

    def test_implementers_do_not_see_their_users(self):
        for name in ("workloads/bad.c", "runner/executors/bad.c"):
            self.assertEqual(len(self.faults(name, '#include "engine/run.h"\n')), 1)
        [fault] = self.faults("workloads/bad.c", '#include "executors/executor.h"\n')
        self.assertIn("only its contract", fault)

    def test_local_headers_are_private(self):
        [fault] = self.faults("runner/engine/run.c", '#include "executors/own.h"\n')
        self.assertIn("private to executors", fault)

    def test_sources_unknown_and_unquoted(self):
        for line, what in (('"workloads/noop.c"', "not a header"), ('"err.h"', "no such header"),
                           ('<base/err.h>', "in quotes"), ('"../x.h"', "no such header")):
            [fault] = self.faults("runner/main.c", f"#include {line}\n")
            self.assertIn(what, fault)

    def test_folder_without_a_layer(self):
        [fault] = self.faults("runner/extra/x.c", '#include "base/err.h"\n')
        self.assertIn("no layer", fault)

    def test_guard(self):
        [fault] = self.faults("runner/base/x.h", "int x;\n", check_guards)
        self.assertIn("BASE_X_H", fault)

    def test_header_that_leans_on_others(self):
        [fault] = self.faults("runner/base/x.h", "extern size_t x;\n", check_alone)
        self.assertIn("runner/base/x.h:1", fault)


if __name__ == "__main__":
    unittest.main()
