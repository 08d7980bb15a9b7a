"""Tasks in Lua: the same under every executor, and every mistake with file, line and reason."""

import os
import shutil
import struct
import unittest

from harness import SOURCE, Case

SCRIPTS = SOURCE / "tests" / "lua"
EXECUTORS = """\
  - sequential
  - { type: thread, gil: [false, true] }
  - { type: thread_pool, gil: [false, true] }
  - { type: process, start: [fork, spawn] }
  - { type: process_pool, start: [fork, spawn] }
  - { type: pipe, depth: [1, 8], start: [fork, spawn] }
  - async
"""
EXECUTOR_COUNT = 14
MASK = (1 << 64) - 1


class LuaCase(Case):
    def setUp(self):
        super().setUp()
        for path in SCRIPTS.glob("*.lua"):
            shutil.copy(path, self.tmp)

    def scenario(self, script, *more, executors="[sequential]", name="it", **keys):
        """A scenario of one script; `more` are lines, keys parameters of its workload."""
        params = "".join(f", {key}: {value}" for key, value in keys.items())
        if "\n" in executors:
            executors = "\n" + executors
        if not any(line.startswith("repeat") for line in more):
            more += ("repeat: 1",)
        return "\n".join((f"workloads: {{ {name}: {{ type: lua, script: {script}{params} }} }}",
                          f"executors: {executors}", *more, ""))

    def run_script(self, text, *more, code=0, args=(), **keys):
        self.write(text, "mine.lua")
        return self.run_scenario(self.scenario("mine.lua", *more, **keys), *args, code=code)

    def rows_of(self, text, *more, **keys):
        self.run_script(text, *more, **keys)
        return self.summary()


class Everywhere(LuaCase):
    def test_the_same_under_every_executor(self):
        self.run_scenario(self.scenario(
            "everything.lua", "workers: 3", "tasks: 20", "timeout: 60s", executors=EXECUTORS))
        rows = self.summary()
        self.assertEqual(len(rows), EXECUTOR_COUNT)
        self.assertEqual({row["status"] for row in rows}, {"ok"})
        self.assertEqual(len({row["checksum"] for row in rows}), 1)
        self.assertEqual({row["tasks_ok"] for row in rows}, {"20"})
        lengths = [index % 7 + 3 for index in range(20)]
        self.assertEqual({row["bytes"] for row in rows}, {str(sum(lengths))})
        self.assertEqual({row["widest"] for row in rows}, {str(max(lengths))})

    def test_shipped_tasks(self):
        workloads = "".join(
            f"  {path.stem}: {{ type: lua, script: tasks/{path.name} }}\n"
            for path in sorted((SOURCE / "lua" / "tasks").glob("*.lua"))
            if path.stem != "squares_and_cubes")
        self.run_scenario(f"workloads:\n{workloads}executors: [sequential, thread_pool, async]\n"
                          "workers: 2\ntasks: 4\n", env={"CONRUN_DATA": str(SOURCE)})
        self.assertEqual({row["status"] for row in self.summary()}, {"ok"})

    def test_values(self):
        bits = struct.unpack("<Q", struct.pack("<d", 0.5))[0]
        infinity = struct.unpack("<Q", struct.pack("<d", float("inf")))[0]
        expected = [7, -1, 3, bits, 1, 0, 12, 0x7FF8 << 48, 0x7FF8 << 48, infinity, -1 << 63, 0]
        for count in (2, 4, 7, 12):
            with self.subTest(tasks=count):
                self.run_scenario(self.scenario("values.lua", f"tasks: {count}",
                                                executors="[sequential, async]"))
                for row in self.summary():
                    self.assertEqual(int(row["checksum"]), sum(expected[:count]) & MASK)

    def test_random_numbers_depend_on_seed_and_index(self):
        text = "return { task = function(_, i, w) return w.rng(0) ~ math.random(1, 1 << 40) end }"
        sums = []
        for seed in (1, 1, 2):
            rows = self.rows_of(text, "workers: 2", "tasks: 10", f"seed: {seed}",
                                executors="[sequential, thread_pool, process, async]")
            self.assertEqual(len({row["checksum"] for row in rows}), 1)
            sums.append(rows[0]["checksum"])
        self.assertEqual(sums[0], sums[1])
        self.assertNotEqual(sums[0], sums[2])

    def test_random_numbers_stay_in_range(self):
        self.rows_of("""return { task = function(_, i, w)
            for _ = 1, 1000 do
              local x, y, z = w.rng(), w.rng(6), w.rng(-2, 2)
              assert(x >= 0 and x < 1 and y >= 1 and y <= 6 and z >= -2 and z <= 2)
            end
            assert(math.type(w.rng(math.mininteger, math.maxinteger)) == "integer")
            assert(not pcall(w.rng, 2, 1))
          end }""", "tasks: 3")

    def test_w(self):
        for executor in ("thread_pool", "process", "async"):
            self.rows_of(f"""return {{ task = function(state, i, w)
                assert(state == nil and w.tasks == 6 and w.workers == 2 and w.index <= 1)
                assert(w.executor == "{executor}")
              end }}""", "workers: 2", "tasks: 6", executors=f"[{executor}]")

    def test_waits_overlap(self):
        text = 'return { task = function(_, _, w) w.sleep("100ms") end }'
        for row in self.rows_of(text, "workers: 20", "tasks: 20", executors="""\
  - { type: thread, gil: [false, true] }
  - { type: thread_pool, gil: true }
  - async
"""):
            with self.subTest(executor=row["executor"]):
                self.assertGreaterEqual(float(row["elapsed_s"]), 0.1)
                self.assertLess(float(row["elapsed_s"]), 1)

    def test_open_loop(self):
        rows = self.rows_of('return { task = function(_, i, w) w.sleep("1ms") return i end }',
                            "workers: 4", "runtime: 200ms", "rate: 200/s",
                            executors="[thread_pool, pipe, async]")
        self.assertEqual({row["status"] for row in rows}, {"ok"})
        self.assertEqual({row["tasks_ok"] for row in rows}, {"40"})


class Gil(LuaCase):
    def test_the_lock_is_handed_over_while_lua_computes(self):
        self.run_scenario(self.scenario(
            "busy.lua", "workers: 4", "tasks: 8", "timeout: 60s", rounds=1500000, executors="""\
  - sequential
  - { type: thread, gil: true, switch_interval: 1ms }
  - { type: thread_pool, gil: true, switch_interval: 1ms }
"""))
        rows = self.summary()
        self.assertEqual({row["status"] for row in rows}, {"ok"})
        for row in rows[1:]:
            self.assertGreater(int(row["gil_handovers"]), 3, row["executor"])

    def test_a_short_task_does_not_wait_for_a_long_one(self):
        rows = self.rows_of("""return { task = function(_, i, w)
            if i > 0 then return 1 end
            local ends = w.now() + 0.5
            while w.now() < ends do end
            return 1
          end }""", "workers: 2", "tasks: 2", executors="""\
  - { type: thread_pool, gil: true, chunk: 1 }
""")
        self.assertLess(float(rows[0]["task_p50_s"]), 0.3)

    def test_setup_is_once_per_worker(self):
        rows = self.rows_of("""local made = 0
            return {
              metrics = { setups = "max" },
              setup = function(w) made = made + 1 w.setups(made) w.sleep("1ms") return made end,
              task = function(state) return state > 0 end,
              teardown = function() made = made - 1 if made == 0 then print("all gone") end end,
            }""", "workers: 5", "tasks: 100", executors="""\
  - { type: thread_pool, gil: [true, false] }
  - { type: thread, gil: [true, false] }
""")
        self.assertEqual([row["setups"] for row in rows], ["5", "1", "5", "1"])


class Params(LuaCase):
    def test_swept_and_labelled(self):
        self.run_scenario(self.scenario(
            "everything.lua", "tasks: 1", count="[1, 2]", pause="[1ms]"))
        rows = self.summary()
        self.assertEqual([row["count"] for row in rows], ["1", "2"])
        self.assertEqual(len({row["experiment"] for row in rows}), 2)

    def test_ranges_expressions_and_rules(self):
        result = self.conrun("plan", self.write(self.scenario(
            "everything.lua", "exclude: [{ count: \">2\" }, { kind: small, count: 1 }]",
            count="{ from: 1, to: 4, step: 1 }", kind="[small, large]")))
        self.assertEqual(result.code, 0, result.err)
        self.assertIn("3 experiments", result.out)
        self.assertEqual(result.err, "")

    def scenario_error(self, **keys):
        result = self.conrun("plan", self.write(self.scenario("everything.lua", **keys)))
        self.assertEqual(result.code, 2)
        return result.err

    def test_checked(self):
        for keys, expected in (
                ({"count": "0"}, "1:62: error"),
                ({"count": "many"}, "not an integer"),
                ({"pause": "5"}, "5s"),
                ({"pause": "2s"}, "1s"),
                ({"kind": "smal"}, "small"),
                ({"cuont": "1"}, "did you mean 'count'"),
                ({"room": "[4KiB, 1]"}, "1")):
            with self.subTest(keys=keys):
                error = self.scenario_error(**keys)
                self.assertIn(expected, error)
                self.assertIn("it.yaml:1:", error)

    def test_required(self):
        self.write('return { params = { n = { type = "integer" } }, task = print }', "r.lua")
        result = self.conrun("plan", self.write(self.scenario("r.lua")))
        self.assertIn("has no 'n'", result.err)

    def test_include_and_two_scripts_with_one_param(self):
        self.write('return { params = { n = { type = "integer", default = 1 } },'
                   " task = function(_, _, w) return w.params.n end }", "one.lua")
        self.write('return { params = { n = { type = "text", default = "x" } },'
                   " task = function(_, _, w) return #w.params.n end }", "two.lua")
        self.run_scenario("""
workloads:
  a: { type: lua, script: one.lua, n: [5, 6] }
  b: { type: lua, script: two.lua, n: [abc, abcd] }
executors: [thread_pool]
workers: 1
tasks: 1
include: [{ workload: a, executor: sequential, n: 9 }]
""")
        self.assertEqual([row["checksum"] for row in self.summary()], ["5", "6", "3", "4", "9"])

    def test_id_is_of_name_and_content(self):
        ids = []
        for name, text in (("a.lua", "return { task = function() end }"),
                           ("a.lua", "return { task = function() end }"),
                           ("a.lua", "return { task = function() end } "),
                           ("b.lua", "return { task = function() end }")):
            self.write(text, name)
            self.run_scenario(self.scenario(name, "tasks: 1"))
            ids.append(self.summary()[0]["experiment"])
        self.assertEqual(ids[0], ids[1])
        self.assertEqual(len(set(ids)), 3)

    def test_list(self):
        result = self.conrun("list", "everything.lua")
        self.assertEqual(result.code, 0, result.err)
        self.assertRegex(result.out, r"everything\.lua \(workload, type lua\): everything at once")
        self.assertRegex(result.out, r"count +integer +3 +1 … 100 +how many")
        self.assertRegex(result.out, r"kind +(choice|enum) +large +small, large")
        self.assertIn("widest", result.out)
        result = self.conrun("list", "tasks/hello.lua", env={"CONRUN_DATA": str(SOURCE)})
        self.assertEqual(result.code, 0, result.err)
        result = self.conrun("list", "nowhere.lua")
        self.assertEqual(result.code, 2)
        self.assertIn("no script 'nowhere.lua'", result.err)
        self.assertIn("script", self.conrun("list", "lua").out)


class ScriptErrors(LuaCase):
    """What is wrong before anything runs: at the scenario's place, with the script's line."""

    def refused(self, text, *expected, script="mine.lua"):
        if text is not None:
            self.write(text, "mine.lua")
        result = self.conrun("plan", self.write(self.scenario(script)))
        self.assertEqual(result.code, 2, result.err)
        self.assertIn("it.yaml:1:39: error: ", result.err)
        for part in expected:
            self.assertIn(part, result.err)

    def test_missing(self):
        self.refused(None, "there is no script 'gone.lua'; looked for ", script="gone.lua")
        os.mkfifo(self.tmp / "pipe.lua")
        self.refused(None, "there is no script", script="pipe.lua")

    def test_without_script(self):
        result = self.conrun("plan", self.write("workloads: { a: { type: lua } }\n"
                                                "executors: [sequential]\n"))
        self.assertEqual(result.code, 2)
        self.assertIn("workload 'a' has no 'script'", result.err)
        result = self.conrun("plan", self.write(self.scenario("[everything.lua, busy.lua]")))
        self.assertIn("must be a single value", result.err)

    def test_code(self):
        self.refused("\nreturn { task = = 1 }", "mine.lua:2: unexpected symbol near '='")
        self.refused("\n\nlocal x = nil + 1\nreturn {}", "mine.lua:3: attempt to perform")
        self.refused("return require('gone')", "mine.lua:1: module 'gone' not found")
        self.refused("\nerror({})", "mine.lua:2: the error is a table value")
        self.refused("while true do end", "mine.lua:1: the script takes too long")
        self.refused("\nlocal s = ('x'):rep(1 << 30)", "mine.lua:2: the script needs too much")
        self.refused("local function f() return 1 + f() end f()", "mine.lua:1: stack overflow")

    def test_nonsense(self):
        self.refused("return 5", "mine.lua:1: returns a number value, not a table")
        self.refused("", "mine.lua:1: returns nothing")
        self.refused("return {}", "mine.lua:1: the table has no 'task'")
        self.refused("return {\n  task = 5,\n}", "mine.lua:2: 'task' is a number, not a function")
        self.refused("return { task = print,\n setup = {} }", "mine.lua:2: 'setup' is a table")
        self.refused("return { task = print, 5 }", "a key in the script's table is a number")
        self.refused("return {\n task = print,\n metrcs = {} }", "mine.lua:3: unknown key 'metrcs'",
                     "did you mean 'metrics'")
        self.refused("return { task = print,\n params = 5 }", "mine.lua:2: 'params' is a number")

    def params_refused(self, text, *expected):
        self.refused("return {\n task = print,\n params = {\n  a = { type = \"integer\" },\n"
                     f"  n = {text} }}\n}}", "mine.lua:5: ", *expected)

    def test_params(self):
        self.params_refused("5", "param 'n': is a number, not a table")
        self.params_refused("{}", "param 'n': has no 'type'")
        self.params_refused("{ type = 'intger' }", "did you mean 'integer'")
        self.params_refused("{ type = 'integer', defalt = 1 }", "did you mean 'default'")
        self.params_refused("{ type = 'integer', default = 'x' }", "param 'n': default: ")
        self.params_refused("{ type = 'integer', default = 1.5 }", "param 'n': default: ")
        self.params_refused("{ type = 'integer', default = 0, min = 1 }", "param 'n': default: ")
        self.params_refused("{ type = 'integer', min = 2, max = 1 }", "min 2 is more than max 1")
        self.params_refused("{ type = 'duration', default = 5 }", "5s")
        self.params_refused("{ type = 'boolean', min = 1 }", "neither min nor max")
        self.params_refused("{ type = 'enum' }", "needs choices")
        self.params_refused("{ type = 'enum', choices = { 1 } }", "a choice is a number")
        self.params_refused("{ type = 'text', choices = { 'a' } }", "only an enum")
        self.params_refused("{ type = 'text', default = {} }", "'default' is a table")

    def test_names(self):
        for name in ("type", "workers", "script", "tasks"):
            self.refused(f"return {{ task = print, params = {{ {name} = {{ type = 'text' }} }} }}",
                         f"'{name}' cannot be a name in params")
        self.refused("return { task = print, params = { ['a b'] = {} } }", "is no name in params")
        self.refused("return { task = print, metrics = { sleep = 'sum' } }",
                     "'sleep' cannot be a name in metrics")
        self.refused("return { task = print, metrics = { n = 'avg' } }", "allowed: sum, max")
        self.refused("return { task = print, metrics = { n = 1 } }", 'not "sum" or "max"')
        many = ", ".join(f"m{i} = 'sum'" for i in range(9))
        self.refused(f"return {{ task = print, metrics = {{ {many} }} }}", "the most is 8")

    def test_a_metric_named_like_a_column(self):
        result = self.run_script("return { task = print, metrics = { elapsed_s = 'sum' } }", code=2)
        self.assertIn("'elapsed_s'", result.err)


class RunErrors(LuaCase):
    """What goes wrong in a run is in its row, and the other cells go on."""

    def failing(self, text, *more, status="failed", executors=EXECUTORS, **keys):
        self.write("return { task = function(_, i) return i end }", "good.lua")
        self.write(text, "bad.lua")
        self.run_scenario("\n".join((
            "workloads:", "  bad: { type: lua, script: bad.lua }",
            "  good: { type: lua, script: good.lua }",
            "executors:", executors, "workers: 2", "tasks: 4", "repeat: 1", *more, "")), code=1, **keys)
        rows = self.summary()
        good = [row for row in rows if row["workload"] == "good"]
        self.assertEqual({(row["status"], row["checksum"]) for row in good}, {("ok", "6")})
        bad = [row for row in rows if row["workload"] == "bad"]
        self.assertEqual({row["status"] for row in bad}, {status})
        self.assertEqual(len(bad), len(good))
        return bad

    def every_error(self, expected, text, *more, **keys):
        for row in self.failing(text, *more, **keys):
            with self.subTest(executor=row["executor"]):
                self.assertIn(expected, row["error"])

    def test_task(self):
        self.every_error("bad.lua:3: no luck; called from ", """return { task = function(_, i)
            if i ~= 2 then return 1 end
            local function f() error("no luck") return 1 end
            f() return 1
          end }""")

    def test_one_task_of_four_fails(self):
        for row in self.failing("return { task = function(_, i) assert(i ~= 2, 'two') end }"):
            self.assertEqual((row["tasks_ok"], row["tasks_failed"]), ("3", "1"), row["executor"])
            self.assertIn("bad.lua:1: two", row["error"])

    def test_setup(self):
        self.every_error("bad.lua:2: no luck",
                         "return { task = function() end, setup = function()\n error('no luck') end }")

    def test_kinds(self):
        few = "  - sequential\n  - { type: thread_pool, gil: true }\n  - async\n"
        for body, expected in (
                ("return {}", "bad.lua: task returned a table"),
                ("return 'twelve'", "bad.lua: task returned a string"),
                ("error({})", "bad.lua:1: the error is a table value"),
                ("error()", "bad.lua:1: the error is a nil value"),
                ("local function f() return 1 + f() end return f()", "bad.lua:1: stack overflow"),
                ("return #('x'):rep(1 << 30)", "bad.lua:1: the script needs too much memory; "
                                               "it may have 256 MiB"),
                ("local t = {} for i = 1, 1e9 do t[i] = i end", "bad.lua:1: the script needs too"),
                ("io.open('/etc/passwd')", "bad.lua:1: attempt to index a nil value"),
                ("x = 1", "bad.lua:1: 'x' is not declared"),
                ("w.read('gone')", "bad.lua:1: cannot read 'gone': No such file or directory"),
                ("w.write('../x', '')", "bad.lua:1: cannot write '../x': it is not in the run's"),
                ("w.write('/tmp/x', '')", "needs --allow-exec"),
                ("w.sleep(-1)", "bad.lua:1: sleep: "),
                ("w.sleep('5')", "5s"),
                ("w.sleep(0/0)", "bad.lua:1: sleep: "),
                ("w.rng(0, -1)", "bad.lua:1: rng: 0 … -1 is empty"),
                ("w.sleep()", "bad.lua:1: bad argument #1 to 'sleep'")):
            with self.subTest(body=body):
                text = f"return {{ task = function(_, _, w) {body} end }}"
                self.every_error(expected, text, executors=few)

    def test_a_task_that_yields(self):
        [row] = self.failing("return { task = function() coroutine.yield() end }",
                             executors="  - async\n")
        self.assertIn("bad.lua: the task itself yields", row["error"])
        [row] = self.failing("return { task = function() coroutine.yield() end }",
                             executors="  - sequential\n")
        self.assertIn("attempt to yield", row["error"])

    def test_timeout_in_a_task(self):
        for row in self.failing("return { task = function() while true do end end }",
                                "timeout: 500ms", status="timeout",
                                executors="  - { type: thread_pool, gil: [false, true] }\n"
                                          "  - process\n  - pipe\n  - async\n"):
            self.assertIn("not done within 500ms while tasks ran", row["error"])

    def test_timeout_in_setup(self):
        for row in self.failing("return { setup = function() while true do end end,"
                                " task = function() end }",
                                "timeout: 500ms", status="timeout",
                                executors="  - thread\n  - { type: thread_pool, gil: true }\n"
                                          "  - process_pool\n  - async\n"):
            self.assertIn("not done within 500ms while ", row["error"])

    def test_the_script_changes(self):
        text = ("return { task = function(_, _, w) end }", "return { task = function() end }")
        self.write(text[0], "mine.lua")
        self.write("return { task = function()\n local f = io.open('mine.lua', 'w')\n"
                   f" f:write('{text[1]}') f:close() end }}", "change.lua")
        result = self.run_scenario("""
workloads:
  change: { type: lua, script: change.lua }
  mine: { type: lua, script: mine.lua }
executors: [sequential]
tasks: 1
repeat: 1
order: batch
""", "--allow-exec", code=1)
        rows = {row["workload"]: row for row in self.summary()}
        self.assertIn("mine.lua has changed since the scenario was read", rows["mine"]["error"],
                      result.out)

    def test_memory_of_a_run_does_not_grow(self):
        rows = self.rows_of("return { task = function() return #('x'):rep(100000) end }",
                            "tasks: 6000", "workers: 2", executors="[thread_pool, async]")
        for row in rows:
            self.assertLess(int(row["max_rss_bytes"]), 500 << 20)


class Safety(LuaCase):
    def test_allow_exec_reaches_every_process(self):
        text = """return { setup = function() assert(os.execute and io.open and debug) end,
            task = function(_, i) os.execute("true") return i end }"""
        self.write(text, "mine.lua")
        scenario = self.scenario("mine.lua", "workers: 2", "tasks: 4", executors=EXECUTORS)
        self.run_scenario(scenario, "--allow-exec")
        self.assertEqual({row["checksum"] for row in self.summary()}, {"6"})
        self.run_scenario(scenario, code=1)
        self.assertIn("mine.lua:1: ", self.summary()[0]["error"])

    def test_flag_applies_to_what_reads_scripts(self):
        self.write("return { task = io.open and print }", "mine.lua")
        self.write(self.scenario("mine.lua"))
        for args in (["plan", "it.yaml"], ["list", "mine.lua"]):
            self.assertEqual(self.conrun(*args).code, 2)
            self.assertEqual(self.conrun(*args, "--allow-exec").code, 0)
        self.assertEqual(self.conrun("version", "--allow-exec").code, 2)

    def test_require(self):
        (self.tmp / "lib" / "deep").mkdir(parents=True)
        self.write("return { n = 3 }", "lib/deep/mod.lua")
        self.write("return { n = 4 }", "beside.lua")
        self.write("""local a, b = require("deep.mod"), require("beside")
            return { task = function() return a.n * b.n end }""", "mine.lua")
        scenario = self.scenario("mine.lua", "tasks: 1", executors="[sequential, process]")
        self.run_scenario(scenario, env={"LUA_PATH": f"{self.tmp}/lib/?.lua"})
        self.assertEqual({row["checksum"] for row in self.summary()}, {"12"})
        self.assertEqual(self.conrun("plan", "it.yaml").code, 2)

    def test_scripts_are_found_from_the_scenario_and_in_data(self):
        (self.tmp / "sub" / "tasks").mkdir(parents=True)
        self.write("return { task = function() return 1 end }", "sub/tasks/t.lua")
        self.write(self.scenario("tasks/t.lua", "tasks: 1"), "sub/it.yaml")
        self.assertEqual(self.conrun("sub/it.yaml").code, 0)
        (self.tmp / "data" / "lua").mkdir(parents=True)
        self.write("return { task = function() return 2 end }", "data/lua/u.lua")
        self.run_scenario(self.scenario("u.lua", "tasks: 1"),
                          env={"CONRUN_DATA": str(self.tmp / "data")})
        self.assertEqual(self.summary()[0]["checksum"], "2")

    def test_files_end_with_the_run(self):
        self.run_scenario(self.scenario("everything.lua", "tasks: 3"))
        self.assertEqual(sorted(self.tmp.glob("file*")), [])


class Log(LuaCase):
    def test_lines_of_a_worker_are_few(self):
        text = 'return { task = function(_, i, w) w.log("line\\n" .. i) end }'
        for executor in ("sequential", "process", "async"):
            result = self.run_script(text, "tasks: 40", "workers: 1", executors=f"[{executor}]")
            lines = [line for line in result.err.splitlines() if "worker 0" in line]
            self.assertEqual(len(lines), 10, executor)
            self.assertIn("conrun: worker 0, task 0: line 0", lines)

    def test_print_goes_to_stderr(self):
        result = self.run_script('return { task = function(_, i) print("here", i) end }',
                                 "tasks: 2")
        self.assertIn("here\t1\n", result.err)
        self.assertNotIn("here", result.out)

    def test_teardown_that_fails_is_told(self):
        result = self.run_script("return { task = function() end,\n"
                                 "teardown = function() error('late') end }", "tasks: 1")
        self.assertIn("mine.lua:2: late", result.err)


if __name__ == "__main__":
    unittest.main()
