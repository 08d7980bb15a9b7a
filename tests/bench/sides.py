"""The two sides of a line: what runs once and comes back with figures.

A side is a value: two lines that name equal sides share its runs.
"""

import csv
import json
import os
import re
import shutil
import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path

HERE = Path(__file__).resolve().parent


@dataclass(frozen=True)
class Places:
    conrun: Path
    programs: Path


class Side:
    def missing(self, places):
        """Why it cannot be run here; empty if it can."""
        del places
        return ""


@dataclass(frozen=True)
class Program(Side):
    """A floor or a peer, built from the file of that name if `package` is there."""
    name: str
    arguments: tuple = ()
    environment: tuple = ()
    package: str = ""
    one_cpu: bool = False

    def missing(self, places):
        there = not self.package or (places.programs / self.name).exists()
        return "" if there else f"not installed (package {self.package})"

    def run(self, places):
        command = [str(places.programs / self.name), *map(str, self.arguments)]
        return printed_figures(command, dict(self.environment), self.one_cpu)


@dataclass(frozen=True)
class Python(Side):
    """Python beside it: the interpreter that runs this, with a part of peer_python.py."""
    arguments: tuple
    one_cpu: bool = False

    def run(self, places):
        del places
        program = [sys.executable, "-B", str(HERE / "peer_python.py")]
        return printed_figures([*program, *map(str, self.arguments)], {}, self.one_cpu)


@dataclass(frozen=True)
class Sysbench(Side):
    """sysbench, whose tasks are LuaJIT's, with peer_sysbench.lua; its own account of the time."""
    threads: int
    events: int

    def missing(self, places):
        del places
        return "" if shutil.which("sysbench") else "not installed (package sysbench)"

    def run(self, places):
        del places
        command = ["sysbench", str(HERE / "peer_sysbench.lua"), f"--threads={self.threads}",
                   f"--events={self.events}", "--time=0", "run"]
        out = subprocess.run(command, check=True, env=environment({}), stdout=subprocess.PIPE,
                             text=True).stdout
        elapsed_s = float(re.search(r"total time: +([0-9.]+)s", out).group(1))
        return {"elapsed_s": elapsed_s, "throughput_per_s": self.events / elapsed_s}


@dataclass(frozen=True)
class Hyperfine(Side):
    """hyperfine, which runs a command again and again, without a shell; its median."""
    command: str
    runs: int

    def missing(self, places):
        del places
        return "" if shutil.which("hyperfine") else "not installed (package hyperfine)"

    def run(self, places):
        del places
        with tempfile.TemporaryDirectory() as folder:
            report = Path(folder) / "hyperfine.json"
            subprocess.run(["hyperfine", "--shell=none", "--style=none", f"--runs={self.runs}",
                            "--export-json", report, self.command], check=True,
                           env=environment({}), stdin=subprocess.DEVNULL,
                           stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
            [result] = json.loads(report.read_text(encoding="utf-8"))["results"]
        return {"task_p50_s": result["median"]}


@dataclass(frozen=True)
class Perf(Side):
    """`perf bench sched pipe`: a value of 4 bytes there and back, between two processes or two
    threads, each of which does nothing but write and read; its time has their making in it."""
    round_trips: int
    threads: bool = False
    one_cpu: bool = False

    def missing(self, places):
        del places
        return "" if shutil.which("perf") else "not installed (package linux-perf)"

    def run(self, places):
        del places
        command = ["perf", "bench", "sched", "pipe", "--loop", str(self.round_trips)]
        out = subprocess.run(command + ["--threaded"] * self.threads, check=True,
                             env=environment({}), stdin=subprocess.DEVNULL,
                             stdout=subprocess.PIPE, text=True,
                             preexec_fn=confinement(self.one_cpu)).stdout
        each_s = float(re.search(r"([0-9.]+) usecs/op", out).group(1)) / 1e6
        return {"elapsed_s": each_s * self.round_trips, "throughput_per_s": 1 / each_s}


@dataclass(frozen=True)
class Openssl(Side):
    """openssl speed, by the clock on the wall: the same message of `size` bytes for a second."""
    algorithm: str
    size: int

    def missing(self, places):
        del places
        return "" if shutil.which("openssl") else "not installed (package openssl)"

    def run(self, places):
        del places
        command = ["openssl", "speed", "-mr", "-elapsed", "-seconds", "1",
                   "-bytes", str(self.size), "-evp", self.algorithm]
        out = subprocess.run(command, check=True, env=environment({}), stdout=subprocess.PIPE,
                             stderr=subprocess.DEVNULL, text=True).stdout
        bytes_per_s = float(re.search(r"^\+?F:\d+:[^:]+:([0-9.]+)$", out, re.MULTILINE).group(1))
        return {"throughput_per_s": bytes_per_s / self.size}


@dataclass(frozen=True)
class Cell(Side):
    """One experiment of conrun's; `executor` and `workload` are written as JSON, which is YAML."""
    workload: str
    executor: str
    workers: int
    tasks: int
    clock: str = ""  # monotonic: not the TSC
    one_cpu: bool = False
    allow_exec: bool = False

    def run(self, places):
        with tempfile.TemporaryDirectory() as folder:
            scenario = Path(folder) / "bench.yaml"
            scenario.write_text(self.scenario(), encoding="utf-8")
            done = subprocess.run(
                [places.conrun, scenario, "--output", folder,
                 *(["--allow-exec"] if self.allow_exec else [])],
                env=environment({"CONRUN_CLOCK": self.clock} if self.clock else {}),
                cwd=folder, text=True, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
                stderr=subprocess.STDOUT, preexec_fn=confinement(self.one_cpu))
            tables = list(Path(folder).rglob("summary.csv"))
            if done.returncode or not tables:
                sys.exit(f"{self} failed with {done.returncode}:\n{done.stdout}")
            with tables[0].open(newline="", encoding="utf-8") as table:
                [row] = csv.DictReader(table)
        if row["status"] != "ok":
            sys.exit(f"{self} came out as {row['status']}: {row['error']}")
        return {key: float(row[key]) for key in ("elapsed_s", "throughput_per_s", "max_rss_bytes",
                                              "task_p50_s")}

    def scenario(self):
        return json.dumps({
            "workloads": {"work": json.loads(self.workload)},
            "executors": [json.loads(self.executor)],
            "workers": self.workers, "tasks": self.tasks, "repeat": 1, "timeout": "1m"})


@dataclass(frozen=True)
class Rows(Side):
    """A row for each of so many empty tasks, by the clock on the wall: the whole of conrun, from its
    start to its end, with the run itself and what puts the rows down."""
    workers: int
    tasks: int

    def run(self, places):
        with tempfile.TemporaryDirectory() as folder:
            scenario = Path(folder) / "bench.yaml"
            scenario.write_text(json.dumps({
                "workloads": {"work": {"type": "noop"}}, "executors": ["thread_pool"],
                "workers": self.workers, "tasks": self.tasks, "repeat": 1, "timeout": "1m",
                "output": {"tasks": True}}), encoding="utf-8")
            started = time.perf_counter()
            done = subprocess.run([places.conrun, scenario, "--quiet"], env=environment({}),
                                  cwd=folder, text=True, stdin=subprocess.DEVNULL,
                                  stdout=subprocess.PIPE, stderr=subprocess.STDOUT)
            elapsed_s = time.perf_counter() - started
            [table] = Path(folder).rglob("tasks.csv")
            with table.open("rb") as file:
                rows = sum(1 for _ in file) - 1
        if done.returncode or rows != self.tasks:
            sys.exit(f"{self} failed with {done.returncode}, {rows} rows:\n{done.stdout}")
        return {"elapsed_s": elapsed_s, "throughput_per_s": self.tasks / elapsed_s}


@dataclass(frozen=True)
class Plan(Side):
    """An expansion of SCENARIO.yaml; the kernel's account of the child has its peak."""
    scenario: str

    def run(self, places):
        started = time.perf_counter()
        with open(os.devnull, "w", encoding="utf-8") as null:
            child = subprocess.Popen(
                [places.conrun, "plan", HERE / f"{self.scenario}.yaml"], stdout=null)
            _, status, usage = os.wait4(child.pid, 0)
        child.returncode = os.waitstatus_to_exitcode(status)
        if child.returncode:
            sys.exit(f"plan {self.scenario} failed with {child.returncode}")
        return {"elapsed_s": time.perf_counter() - started,
                "max_rss_bytes": usage.ru_maxrss * 1024}


def environment(more):
    """Ours without what would change the measurement, and with `more`."""
    dropped = ("CONRUN_CLOCK", "UV_THREADPOOL_SIZE")
    kept = {key: value for key, value in os.environ.items() if key not in dropped}
    return {**kept, **more}


def confinement(one_cpu):
    """What a child does before it executes: keeps itself and all that it makes to one CPU."""
    def confine():
        os.sched_setaffinity(0, {min(os.sched_getaffinity(0))})
    return confine if one_cpu else None


def printed_figures(command, more, one_cpu):
    out = subprocess.run(command, check=True, env=environment(more), stdout=subprocess.PIPE,
                         text=True, preexec_fn=confinement(one_cpu)).stdout
    return {key: float(value) for key, value in (pair.split("=") for pair in out.split())}
