"""Workloads that are built outside conrun, against what is installed, and loaded by --plugin."""

import json
import os
import re
import shlex
import shutil
import subprocess
from pathlib import Path

import harness
import installed

EXAMPLE = harness.SOURCE / "workloads/plugin"
CC = os.environ.get("CC", "cc")

# Every test's plugin is this one with some of its parts replaced.
PLUGIN = """
#include "workloads/plugin.h"
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
struct params { int64_t n; const char *word; };
/* parts */
static uint64_t task(struct worker *worker, uint64_t index)
{
	(void)worker;
	return index;
}
static const struct option params[] = {
	{.name = "n", .type = OPTION_INTEGER, .offset = offsetof(struct params, n), .fallback = "1",
		.help = "a number"},
	{.name = "word", .type = OPTION_TEXT, .offset = offsetof(struct params, word),
		.fallback = "", .help = "a word"},
	OPTION_END,
};
static const struct workload mine = {
	.name = "mine",
	.summary = "a summary",
	.operation = "an operation",
	.params = params,
	.params_bytes = sizeof(struct params),
	.task = task,
};
const struct conrun_plugin conrun_plugin = {
	.abi = CONRUN_ABI,
	.workloads = {&mine},
};
"""

SCENARIO = """name: it
workloads: { mine: { type: mine } }
executors: [%s]
workers: 2
tasks: 8
repeat: 1
"""
EXECUTORS = ("sequential, thread, thread_pool, process, process_pool, pipe, async, "
             "{ type: process_pool, start: spawn }, { type: pipe, start: spawn }, "
             "{ type: process, start: spawn }")


class Plugin(harness.Case):
    def setUp(self):
        super().setUp()
        self.root = installed.prefix()

    def installed(self, *args, **more):
        more.setdefault("cwd", self.tmp)
        return installed.conrun(self.root, *args, **more)

    def tool(self, *command, cwd=None):
        done = subprocess.run(command, cwd=cwd or self.tmp, capture_output=True, text=True,
                              env=installed.environment(self.root, CC=CC))
        self.assertEqual(done.returncode, 0, done.stdout + done.stderr)
        return done.stdout

    def build(self, *replace, name="mine.so", source=PLUGIN, flags=()):
        """Compiles the plugin with (old, new) replaced; its path."""
        for old, new in replace:
            self.assertIn(old, source)
            source = source.replace(old, new)
        path = self.tmp / name
        cflags = self.tool("pkg-config", "--cflags", "conrun").split()
        self.write(source, "mine.c")
        self.tool(CC, "-std=gnu17", "-Wall", "-Wextra", "-Werror", "-fPIC", "-shared", *cflags,
                  *flags, "mine.c", "-o", str(path))
        return path

    def refused(self, path, message):
        """What loading it says, by a command that only lists."""
        result = self.installed("list", "--plugin", path)
        self.assertEqual((result.code, result.out), (2, ""), result.err)
        self.assertRegex(result.err, r"\Aconrun: error: [^\n]*\n\Z")
        self.assertIn(message, result.err)

    def run_plugin(self, path, executors=EXECUTORS, code=0, **more):
        scenario = self.write(SCENARIO % executors)
        result = self.installed("--plugin", path, scenario, **more)
        self.assertEqual(result.code, code, result.err + result.out)
        return self.summary()


class Example(Plugin):
    """The folder as it is installed, with what its README says."""

    def example(self):
        folder = self.tmp / "example"
        shutil.copytree(self.root / "share/doc/conrun/examples/plugin", folder)
        return folder

    def test_is_what_the_tree_has(self):
        here, there = (sorted(path.name for path in folder.iterdir())
                       for folder in (EXAMPLE, self.example()))
        self.assertEqual(here, there)

    def test_make(self):
        folder = self.example()
        self.tool("make", cwd=folder)
        listed = self.installed("list", "--plugin", "./collatz.so", "collatz", cwd=folder)
        self.assertIn("how many numbers a task tries", listed.out)
        self.assertIn(f"from the plugin {folder.resolve()}/collatz.so", listed.out)
        result = self.installed("--plugin", "./collatz.so", "collatz.yaml", cwd=folder)
        self.assertEqual(result.code, 0, result.err + result.out)
        rows = harness.read_csv(folder / "results/collatz.csv")
        self.assertEqual({row["steps_most"] for row in rows}, {"442"})
        self.assertEqual(len({row["checksum"] for row in rows}), 1)
        self.assertIn("process_pool[start=spawn]", {row["executor"] for row in rows})

    def test_steps(self):
        """The figures are right: against a count in another language."""
        def steps(n):
            count = 0
            while n > 1:
                n, count = (3 * n + 1 if n % 2 else n // 2), count + 1
            return count
        folder = self.example()
        self.tool("make", cwd=folder)
        self.write("name: it\nworkloads: { c: { type: collatz, from: 27, block: 10 } }\n"
                   "executors: [sequential]\ntasks: 3\nrepeat: 1\n")
        result = self.installed("--plugin", "example/collatz.so", "it.yaml")
        self.assertEqual(result.code, 0, result.err)
        [row] = self.summary()
        counts = [steps(n) for n in range(27, 57)]
        self.assertEqual((row["checksum"], row["steps_most"]), (str(sum(counts)), str(max(counts))))

    def test_cmake(self):
        folder = self.example()
        self.tool("cmake", "-B", "build", cwd=folder)
        self.tool("cmake", "--build", "build", cwd=folder)
        variable = {"CONRUN_PLUGINS": f":{folder}/build/collatz.so:"}
        result = self.installed("plan", "collatz.yaml", cwd=folder, env=variable)
        self.assertEqual(result.code, 0, result.err)
        self.assertIn("9 experiments", result.out)


class Loading(Plugin):
    def test_every_executor_and_both_ways_to_start(self):
        rows = self.run_plugin(self.build())
        self.assertEqual(len(rows), 10)
        self.assertEqual({(row["status"], row["checksum"]) for row in rows}, {("ok", "28")})

    def test_run_json_tells(self):
        path = self.build()
        self.run_plugin(path, "sequential")
        text = (self.folder() / "run.json").read_text(encoding="utf-8")
        [plugin] = json.loads(text)["plugins"]
        self.assertEqual(plugin["file"], str(path.resolve()))
        self.assertRegex(plugin["hash"], r"\A[0-9a-f]{16}\Z")

    def test_only_with_the_option(self):
        path = self.build()
        scenario = self.write(SCENARIO % "sequential")
        result = self.installed(scenario)
        self.assertEqual(result.code, 2)
        self.assertIn("unknown workload type 'mine'", result.err)
        self.assertIn("those of a plugin, with --plugin FILE.so", result.err)
        self.assertEqual(self.installed("plan", scenario, "--plugin", path).code, 0)
        self.assertEqual(self.installed("check", scenario, f"--plugin={path}").code, 0)
        self.assertEqual(self.installed("compare", "a", "b", "--plugin", path).code, 2)

    def test_twice_is_once(self):
        path = self.build()
        (self.tmp / "link.so").symlink_to(path)
        result = self.installed("list", "--plugin", path, "--plugin", "link.so",
                                env={"CONRUN_PLUGINS": str(path)})
        self.assertEqual(result.code, 0, result.err)
        self.assertEqual(result.out.count("  mine "), 1)
        self.assertIn("workloads: from plugins\n  mine ", result.out)

    def test_two_of_them(self):
        path = self.build()
        other = self.build(('"mine"', '"other"'), name="other.so")
        result = self.installed("list", "--plugin", path, "--plugin", other)
        self.assertEqual(result.code, 0, result.err)
        self.assertRegex(result.out, r"from plugins\n  mine .*\n  other ")

    def test_schema_knows_it(self):
        result = self.installed("schema", "--plugin", self.build())
        self.assertEqual(result.code, 0, result.err)
        self.assertIn('"mine"', result.out)
        self.assertNotIn('"mine"', self.installed("schema").out)

    def test_init_writes_one_of_it(self):
        path = self.build()
        result = self.installed("init", "first", "--workload", "mine", "--plugin", path)
        self.assertEqual(result.code, 0, result.err)
        self.assertIn(f"  conrun list --plugin {path.resolve()} mine ", result.out)
        text = (self.tmp / "first.yaml").read_text(encoding="utf-8")
        self.assertIn("# That schema does not know the plugin. For one beside this file, "
                      f"./conrun.schema.json:\n#   conrun schema --plugin {path.resolve()} > "
                      "conrun.schema.json\n", text)
        result = self.installed("first.yaml", "--plugin", path)
        self.assertEqual(result.code, 0, result.err)
        self.assertEqual({row["type"] for row in self.summary("first")}, {"mine"})

    def test_the_next_commands_can_be_pasted(self):
        (self.tmp / "sp ace").mkdir()
        path = self.build(name="sp ace/mine.so")
        out = self.installed("init", "first", "--workload", "mine", "--plugin", path).out
        lines = [line[2:].split("   ")[0] for line in out.splitlines() if line.startswith("  ")]
        text = (self.tmp / "first.yaml").read_text(encoding="utf-8")
        lines += re.findall(r"^#   (conrun plan .*|conrun --.*)$", text, re.MULTILINE)
        lines += re.findall(r"`(conrun list .*)`", text)
        self.assertEqual(len(lines), 6, out + text)
        for line in lines:
            with self.subTest(line):
                result = self.installed(*shlex.split(line)[1:])
                self.assertEqual(result.code, 0, result.err)

    def test_another_build_is_another_session(self):
        path = self.build()
        scenario = self.write(SCENARIO % "sequential" + 'expect: [{ that: "elapsed_s < 0" }]\n')
        self.installed("--plugin", path, scenario)
        self.build(("return index;", "return index + 1;"))
        result = self.installed("--plugin", path, scenario, "--rerun", "failed")
        self.assertIn("another build", result.err)

    def test_figures_of_its_own(self):
        path = self.build(
            ("(void)worker;", "worker_metric(worker, 0, 1); worker_metric(worker, 1, index);"),
            ("/* parts */", 'static const struct metric metrics[] = {{"made", "how many", '
             'METRIC_SUM}, {"largest", "the last", METRIC_MAX}, {NULL, NULL, 0}};'),
            (".task = task,", ".task = task, .metrics = metrics,"))
        for row in self.run_plugin(path):
            self.assertEqual((row["made"], row["largest"]), ("8", "7"), row["executor"])

    def test_a_taken_column(self):
        path = self.build(
            ("/* parts */", 'static const struct metric metrics[] = {{"elapsed_s", "x", '
             'METRIC_SUM}, {NULL, NULL, 0}};'),
            (".task = task,", ".task = task, .metrics = metrics,"))
        result = self.installed("plan", "--plugin", path, self.write(SCENARIO % "sequential"))
        self.assertEqual(result.code, 2)
        self.assertIn("'elapsed_s' has the name of another column", result.err)


class Behaviour(Plugin):
    """What such a workload does is what conrun's own do."""

    def test_a_crash_is_a_row(self):
        path = self.build(("(void)worker;", "(void)worker;\n\tif (index == 5)\n\t\tabort();"))
        rows = self.run_plugin(path, "sequential, thread_pool, process_pool", code=1)
        by = {row["executor"]: row for row in rows}
        for executor in ("sequential", "thread_pool"):
            self.assertEqual(by[executor]["status"], "crashed")
            self.assertIn("SIGABRT", by[executor]["error"])
        self.assertIn(by["process_pool"]["status"], ("failed", "crashed"))
        self.assertGreater(int(by["process_pool"]["tasks_ok"]), 0)

    def test_a_failure_has_its_text(self):
        path = self.build(
            ("(void)worker;", 'if (index == 3) return worker_fail(worker, "no %d", 3);'))
        for row in self.run_plugin(path, "thread, { type: process_pool, start: spawn }", code=1):
            self.assertEqual((row["status"], row["tasks_failed"]), ("failed", "1"))
            self.assertIn("no 3", row["error"])

    def test_setup_that_fails(self):
        path = self.build(
            ("/* parts */", "static int setup(struct job *job, struct err *err)\n{\n\t(void)job;"
             '\n\treturn err_errno(err, ENOENT, "cannot find the thing");\n}\n'),
            (".task = task,", ".task = task, .setup = setup,"))
        [row] = self.run_plugin(path, "sequential", code=1)
        self.assertEqual(row["status"], "failed")
        self.assertIn("cannot find the thing: No such file", row["error"])

    def test_under_the_lock_and_on_the_loop(self):
        """checkpoint, blocking calls and a timer of libuv: one copy of it, the program's."""
        flags = self.tool("pkg-config", "--cflags", "libuv").split()
        path = self.build(
            ("#include <stdio.h>", "#include <stdio.h>\n#include <time.h>\n#include <uv.h>"),
            ("(void)worker;", "struct timespec ms = {0, 1000000}; checkpoint(worker); "
             "blocking_begin(worker); nanosleep(&ms, NULL); blocking_end(worker);"),
            ("/* parts */", """
static void done(uv_timer_t *timer)
{
	async_done(timer->data, ((struct async_call *)timer->data)->index);
}
static void begin(struct async_call *call)
{
	uv_timer_t *timer = call->state;
	uv_timer_init(call->loop, timer);
	timer->data = call;
	uv_timer_start(timer, done, 1, 0);
}
"""), (".task = task,", ".task = task, .async_bytes = sizeof(uv_timer_t), .async_start = begin,"),
            flags=flags)
        rows = self.run_plugin(path, "async, { type: thread_pool, gil: true }")
        self.assertEqual({(row["status"], row["checksum"]) for row in rows}, {("ok", "28")})

    def test_parameters_are_checked_and_swept(self):
        path = self.build(('.fallback = "1",', '.fallback = "1", .min = "1", .max = "9",'),
                          ("(void)worker;\n\treturn index;",
                           "const struct params *its = worker->job->params;\n"
                           "\treturn index * (uint64_t)its->n;"))
        scenario = SCENARIO.replace("type: mine", "type: mine, n: [1, %s]")
        result = self.installed("--plugin", path, self.write(scenario % ("10", "sequential")))
        self.assertEqual(result.code, 2)
        self.assertIn("'10'", result.err)
        result = self.installed("--plugin", path, self.write(
            scenario % ("3", "{ type: process_pool, start: spawn }")))
        self.assertEqual(result.code, 0, result.err)
        self.assertEqual([(row["n"], row["checksum"]) for row in self.summary()],
                         [("1", "28"), ("3", "84")])

    def test_replaced_while_it_runs(self):
        path = self.build(
            ("/* parts */", "static int setup(struct job *job, struct err *err)\n{\n\t(void)job;"
             '\n\treturn rename(getenv("OTHER"), getenv("HERE")) ? err_set(err, "x") : 0;\n}\n'),
            (".task = task,", ".task = task, .setup = setup,"))
        other = self.build(("return index;", "return index + 1;"), name="other.so")
        [row] = self.run_plugin(path, "{ type: process_pool, start: spawn }", code=1,
                                env={"OTHER": str(other), "HERE": str(path)})
        self.assertEqual(row["status"], "failed")
        self.assertIn("has changed since the scenario was read", row["error"])


class Refused(Plugin):
    def test_no_such_file(self):
        self.refused(self.tmp / "nowhere.so", "cannot open the plugin")

    def test_no_shared_object(self):
        self.refused(self.write("hello", "text.so"), "build it with -fPIC -shared")

    def test_no_plugin(self):
        self.refused(self.build(source="int nothing;\n"), "does not define conrun_plugin")

    def test_what_it_calls_is_missing(self):
        path = self.build(("(void)worker;", "(void)worker; elsewhere();"),
                          ("/* parts */", "void elsewhere(void);"))
        self.refused(path, "undefined symbol: elsewhere")

    def test_what_is_no_file(self):
        os.mkfifo(self.tmp / "pipe.so")
        for path in ("/dev/zero", "/dev/null", self.tmp, self.tmp / "pipe.so"):
            result = self.installed("list", "--plugin", path, timeout=20)
            self.assertEqual(result.code, 2)
            self.assertIn("is no file", result.err)

    def test_another_abi(self):
        path = self.build((".abi = CONRUN_ABI", ".abi = {.number = 999}"))
        self.refused(path, "it was built for ABI 999 and this is ")
        self.refused(path, "build it again")

    def test_other_sizes(self):
        structs = {"workload": "struct workload", "option": "struct option",
                   "metric": "struct metric", "needs": "struct needs", "job": "struct job",
                   "worker": "struct worker", "call": "struct async_call", "err": "struct err",
                   "value": "union value", "list": "struct option_list", "text": "struct text",
                   "arena": "struct arena"}
        for changed in structs:
            sizes = "".join(f".{name}_bytes = sizeof({struct}) + {8 * (name == changed)},"
                            for name, struct in structs.items())
            path = self.build((".abi = CONRUN_ABI", f".abi = {{.number = 1, {sizes}}}"))
            self.refused(path, f"its {structs[changed]} has ")

    def test_names_that_are_taken(self):
        for name, what in (("sleep", "conrun has a workload"), ("thread", "conrun has an executor"),
                           ("Mine", "is no name"), ("1st", "is no name"), ("", "is no name")):
            self.refused(self.build(('"mine"', f'"{name}"')), what)
        first, second = self.build(), self.build(("return index;", "return index + 1;"), name="two.so")
        result = self.installed("list", "--plugin", first, "--plugin", second)
        self.assertEqual(result.code, 2)
        self.assertIn(f"the plugin '{first.resolve()}' has one of that name", result.err)

    def test_tables_that_cannot_be_worked_with(self):
        option = '.fallback = "1",'
        for old, new, what in (
                ("{&mine}", "{NULL}", "it has no workloads"),
                ("{&mine}", "{&mine, &mine}", "it has two workloads 'mine'"),
                (".task = task,", "", "it has no task"),
                ('.summary = "a summary",', "", "it has no summary"),
                ('.operation = "an operation",', "", "it has no operation"),
                ("sizeof(struct params)", "8", "parameter 'word': it lies behind the 8 bytes"),
                (option, '.fallback = "one",', "parameter 'n': its fallback: 'one'"),
                (option, '.fallback = "5", .max = "4",', "parameter 'n': its fallback: '5'"),
                (option, '.min = "few",', "parameter 'n': its min: 'few'"),
                (option, '.fallback = "1", .when = "word",', "its when 'word' is neither"),
                (option, '.fallback = "1", .when = "w=1",', "its when 'w=1' is about no"),
                (option, '.when = "word=x",', "a when and no fallback"),
                (option, '.list = true, .fallback = "1",', "parameter 'n': "),
                ('.name = "n"', '.name = "tasks"', "has a meaning in scenarios already"),
                ('.name = "n"', '.name = "word"', "there are two of the name"),
                ('.name = "n"', '.name = "N"', "is no name for a parameter"),
                ("OPTION_INTEGER", "(enum option_type)77", "it has no type"),
                ("OPTION_INTEGER", "OPTION_ENUM", "it has no choices"),
                ('.help = "a number"', ".help = NULL", "it has no help")):
            with self.subTest(new=new):
                source = PLUGIN
                if ".task = task," == old:
                    source = source.replace("static uint64_t task", "uint64_t task")
                self.refused(self.build((old, new), source=source, flags=["-Wno-unused"]), what)


class Headers(Plugin):
    """What is installed is whole, and what it declares is there."""

    def headers(self):
        folder = self.root / "include/conrun"
        return {path.relative_to(folder).as_posix(): path.read_text(encoding="utf-8")
                for path in folder.rglob("*.h")}

    def test_whole(self):
        names = set(self.headers())
        for name, text in self.headers().items():
            for included in re.findall(r'#include "([^"]+)"', text):
                self.assertIn(included, names, name)

    def test_alone_and_strict(self):
        for standard in ("c17", "gnu17"):
            for name in self.headers():
                self.tool(CC, f"-std={standard}", "-Wall", "-Wextra", "-Werror", "-fsyntax-only",
                          f"-I{self.root}/include/conrun", "-include", name, "-x", "c", os.devnull)

    def test_declared_is_exported(self):
        """All functions but those that the header says are the program's."""
        own = {"workload_registry", "workload_find", "workload_add"}
        names = set()
        for text in self.headers().values():
            text = re.sub(r"/\*.*?\*/", "", text, flags=re.S)
            names |= set(re.findall(r"^(?!static|typedef)[a-z][\w *]*[ *](\w+)\(", text, re.M))
        self.assertLessEqual(own, names)
        self.assertGreater(len(names), 40)
        uses = "".join(f"\t(void (*)(void)){name},\n" for name in sorted(names - own))
        path = self.build(("/* parts */", f"void (*const all[])(void) = {{\n{uses}}};\n"),
                          flags=["-Wno-cast-function-type"])
        result = self.installed("list", "--plugin", path)
        self.assertEqual(result.code, 0, result.err)

    def test_pkg_config(self):
        self.assertEqual(self.tool("pkg-config", "--libs", "conrun").strip(), "")
        [flag] = self.tool("pkg-config", "--cflags", "conrun").split()
        folder = Path(flag.removeprefix("-I")).resolve()
        self.assertEqual(folder, self.root / "include/conrun")
        version = self.tool("pkg-config", "--modversion", "conrun").strip()
        self.assertIn(f"conrun {version}", self.installed("--version").out)
        data = self.tool("pkg-config", "--variable=datadir", "conrun").strip()
        self.assertEqual(Path(data).resolve(), self.root / "share/conrun")


if __name__ == "__main__":
    import unittest
    unittest.main()
