"""run.json: what it says of the session, that it names nobody, and that its schema describes it."""

import copy
import json
import os
import shutil
import subprocess
import unittest

from harness import SOURCE, Case, interrupt, start

SCHEMA = SOURCE / "results/run.schema.json"

SMALL = """
description: "a wait"
workloads: { wait: { type: sleep, duration: [1ms, 2ms] } }
executors: [sequential, thread]
workers: [1, 2]
tasks: 4
"""

# Each has another part of what a scenario can say.
SCENARIOS = {
    "plain": (SMALL, 0),
    "expect": (SMALL + """
expect:
  - { name: fast, when: { executor: thread }, that: "elapsed_s < 60" }
  - { that: "tasks_failed == 1" }
""", 3),
    "hook": (SMALL + "repeat: 2\nwarmup: 1\norder: batch\nhooks: [scaling]\nbudget: 1m\n", 0),
    "loads": ("""
workloads: { wait: { type: sleep, duration: 1ms } }
executors: [{ type: thread_pool, chunk: [1, 4] }]
workers: [2]
runtime: 100ms
rate: [50/s, 100/s]
arrival: poisson
include:
  - { workload: wait, executor: sequential, workers: 1, tasks: 3 }
""", 0),
    "output": (SMALL + "output: { tasks: true, trace: true }\n", 0),
    "repeat": (SMALL + "repeat: { min: 6, max: 8, until_ci: 50% }\n", 0),
    "crash": ("""
workloads: { bad: { type: fault, kind: segv } }
executors: [thread]
tasks: 2
""", 1),
}

# Debian's Python has the validator's package, whichever Python runs this.
CHECK = """
import json, sys, jsonschema
schema = json.load(open(sys.argv[1]))
jsonschema.Draft7Validator.check_schema(schema)
validator = jsonschema.Draft7Validator(schema)
json.dump([[f"{'/'.join(map(str, e.absolute_path))}: {e.message[:300]}"
            for e in validator.iter_errors(one)] for one in json.load(sys.stdin)], sys.stdout)
"""


def find_python():
    for python in ("/usr/bin/python3", shutil.which("python3")):
        if python and subprocess.run([python, "-c", "import jsonschema"],
                                     capture_output=True).returncode == 0:
            return python
    return None


PYTHON = find_python()


def faults(documents):
    """What the schema says against each of them."""
    done = subprocess.run([PYTHON, "-W", "ignore", "-c", CHECK, SCHEMA],
                          input=json.dumps(documents), capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout)


class RunJson(Case):
    def read(self, scenario="it"):
        return json.loads((self.folder(scenario) / "run.json").read_text(encoding="utf-8"))

    def made(self, text=SMALL, code=0, *args, **more):
        self.run_scenario(text, *args, code=code, **more)
        return self.read()


class Content(RunJson):
    def test_machine(self):
        machine = self.made()["machine"]
        self.assertEqual(machine["cpus_usable"], len(os.sched_getaffinity(0)))
        usable = set()
        for part in machine["affinity"].split(","):
            first, _, last = part.partition("-")
            usable.update(range(int(first), int(last or first) + 1))
        self.assertEqual(usable, os.sched_getaffinity(0))
        topology = machine["topology"]
        self.assertEqual(topology["threads"], os.cpu_count())
        for cache in topology["caches"]:
            self.assertGreater(cache["size_bytes"], 1000)
        self.assertIn("governor", machine)
        self.assertEqual(sorted(machine["limits"]["cgroup"]),
                         ["cpu.max", "memory.max", "pids.max"])

    def test_affinity_is_what_it_was_allowed(self):
        [cpu, *_] = os.sched_getaffinity(0)
        data = self.made(SMALL, 0, preexec_fn=lambda: os.sched_setaffinity(0, [cpu]))
        self.assertEqual((data["machine"]["affinity"], data["machine"]["cpus_usable"]),
                         (str(cpu), 1))

    def test_names_nobody(self):
        home = self.tmp / "home" / "maria"
        home.mkdir(parents=True)
        path = home / "it.yaml"
        path.write_text(SMALL + f"# by {home}, with data of /home/otto/x and /data/maria/y\n")
        result = self.conrun(path, "--output", home / "results", "-q",
                             env={"HOME": str(home), "USER": "maria", "LOGNAME": "maria"})
        self.assertEqual(result.code, 0, result.err)
        [folder] = (home / "results/it").iterdir()
        text = (folder / "run.json").read_text(encoding="utf-8")
        data = json.loads(text)
        self.assertNotIn("maria", text)
        self.assertNotIn("otto", text)
        self.assertEqual(data["arguments"][1:4], ["~/it.yaml", "--output", "~/results"])
        self.assertTrue(data["scenario"]["text"].endswith(
            "# by ~, with data of /home/USER/x and /data/USER/y\n"))


@unittest.skipIf(PYTHON is None and "CI" not in os.environ,
                 "the validator is missing: install python3-jsonschema")
class Schema(RunJson):
    def test_describes_what_is_written(self):
        documents = []
        for name, (text, code) in SCENARIOS.items():
            documents.append(self.made(text, code))
        self.assertEqual(dict(zip(SCENARIOS, faults(documents))),
                         {name: [] for name in SCENARIOS})
        expect, hook, loads = documents[1:4]
        # The scenarios have what they are there for.
        self.assertEqual(len(expect["outcome"]["expect"]), 2)
        self.assertEqual(len(hook["outcome"]["hooks"]), 1)
        self.assertEqual(len(loads["scenario"]["include"]), 1)

    def test_describes_sessions_that_did_not_end(self):
        path = self.write(SMALL.replace("[1ms, 2ms]", "20s"))
        process = start(path, cwd=self.tmp)
        try:
            while process.poll() is None and not list(self.tmp.glob("results/it/*/run.json")):
                pass
            lasting = self.read()
        finally:
            interrupt(process)
            process.communicate(timeout=60)
        ended = self.read()
        self.assertIsNone(lasting["outcome"])
        self.assertTrue(ended["outcome"]["interrupted"])
        self.assertEqual(faults([lasting, ended]), [[], []])

    def test_describes_other_machines(self):
        data = self.made()
        data["machine"].update({
            "governor": "performance, powersave", "affinity": "0-3,8,10-11", "cpu_model": None})
        data["machine"]["topology"].update({"sockets": None, "cores": None, "caches": []})
        data["machine"]["limits"].update({"cgroup": {
            "cpu.max": "200000 100000", "memory.max": "max", "pids.max": None}})
        self.assertEqual(faults([data]), [[]])

    def test_refuses_what_is_wrong(self):
        """Each key of fixed shape that is gone, of another type, or too many."""
        good = self.made(*SCENARIOS["expect"])
        wrong = []
        for path in self.fixed(good):
            for change in ("gone", "other", "more"):
                document = copy.deepcopy(good)
                owner = document
                for key in path[:-1]:
                    owner = owner[key]
                if change == "gone":
                    del owner[path[-1]]
                elif change == "other":
                    owner[path[-1]] = {"no": 1}
                else:
                    owner["something_new"] = 1
                wrong.append((path, change, document))
        self.assertGreater(len(wrong), 150)
        for (path, change, _), found in zip(wrong, faults([one for _, _, one in wrong])):
            self.assertTrue(found, f"{'.'.join(map(str, path))} {change}: not refused")

    FREE = {"params", "options", "columns"}  # what is in them, workloads and hooks decide

    def fixed(self, value, path=()):
        """The paths of all members of objects, as far as their shape is fixed."""
        if isinstance(value, dict) and (not path or path[-1] not in self.FREE):
            for key, member in value.items():
                if (path + (key,))[-2:] not in (("scenario", "tasks"),):
                    yield path + (key,)
                yield from self.fixed(member, path + (key,))
        elif isinstance(value, list):
            for index, member in enumerate(value):
                yield from self.fixed(member, path + (index,))

    def test_refuses_wrong_values(self):
        good = self.made()
        wrong = []
        for path, value in (
                (("started_utc",), "yesterday"), (("clock", "source"), "sundial"),
                (("clock", "cost_ns"), 0), (("plan", "runs"), 0),
                (("plan", "excluded"), -1), (("machine", "cpus_online"), 1.5),
                (("machine", "affinity"), "all"), (("versions", "binary"), "abc"),
                (("outcome",), {}), (("arguments",), []), (("scenario", "order"), "random"),
                (("scenario", "workers"), ["2"]), (("scenario", "repeat"), {"min": 1})):
            document = copy.deepcopy(good)
            owner = document
            for key in path[:-1]:
                owner = owner[key]
            self.assertIn(path[-1], owner)
            owner[path[-1]] = value
            wrong.append(document)
        for document, found in zip(wrong, faults(wrong)):
            self.assertEqual(len(found), 1, found)


if __name__ == "__main__":
    unittest.main()
