"""What is measured beside what, and what the ratio is to reach.

A line is conrun's side, the other side, and the range that conrun / other is to be in. The lines of
a group are measured by turns. Where the other side does less than conrun (times no task, say) or
something else altogether, the line has no target: it is there to be known.
"""

from dataclasses import dataclass
from typing import Optional

from sides import HERE, Cell, Hyperfine, Openssl, Perf, Plan, Program, Python, Rows, Sysbench

RATE, TIME, PEAK = "throughput_per_s", "elapsed_s", "max_rss_bytes"
MEDIAN = "task_p50_s"
NOOP = '{"type": "noop"}'
SECOND = '{"type": "sleep", "duration": "1s"}'
EMPTY_SCRIPT = f'{{"type": "lua", "script": "{HERE / "task_empty.lua"}"}}'
CLOCKS = (("monotonic", "clock_gettime"), ("", "TSC"))


@dataclass(frozen=True)
class Line:
    name: str
    figure: str
    ours: object
    theirs: Optional[object] = None  # None: the figure itself has a limit
    least: Optional[float] = None
    most: Optional[float] = None


def pool(executor, workers, clock=""):
    return Cell(NOOP, f'"{executor}"', workers, workers * 20_000_000, clock)


def pools():
    for clock, label in CLOCKS:
        lines = []
        for kind, name, executor, workers in (
                ("thread", "1 thread", "thread_pool", 1),
                ("thread", "2 threads", "thread_pool", 2),
                ("process", "2 processes", "process_pool", 2)):
            floor = Program("floor_pool", (kind, workers, workers * 20_000_000, clock or "tsc"))
            lines.append(Line(f"pool of {name}, {label}: plain C", RATE,
                              pool(executor, workers, clock), floor, least=0.90))
        lines.append(Line(f"pool of 2 processes, {label}: conrun's 2 threads", RATE,
                          pool("process_pool", 2, clock), pool("thread_pool", 2, clock),
                          least=0.95))
        yield f"empty tasks, each timed and binned, {label}", lines


def pool_peers():
    for workers in (1, 2):
        peers = (
            ("GLib's GThreadPool",
             Program("peer_glib", (workers, 2_000_000), package="libglib2.0-dev")),
            ("libuv's uv_queue_work",
             Program("peer_uv", (2_000_000,), (("UV_THREADPOOL_SIZE", str(workers)),))),
            ("OpenMP, a loop dealt out one by one",
             Program("peer_openmp", ("loop", workers, 4_000_000), package="libomp-dev")),
            ("OpenMP, a taskloop of single tasks",
             Program("peer_openmp", ("tasks", workers, 4_000_000), package="libomp-dev")),
            ("Python's ThreadPoolExecutor", Python(("threads", workers, 20_000))))
        lines = [Line(f"pool, {workers}: {name}", RATE, pool("thread_pool", workers), peer)
                 for name, peer in peers]
        lines.append(Line(f"pool, {workers}: Python's ProcessPoolExecutor", RATE,
                          pool("process_pool", workers), Python(("processes", workers, 4_000))))
        yield f"empty tasks on {workers}, theirs untimed", lines


def scripts():
    for workers in (1, 2):
        tasks = workers * 10_000_000
        lines = []
        for clock, label in CLOCKS:
            ours = Cell(EMPTY_SCRIPT, '"thread_pool"', workers, tasks, clock)
            floor = Program("floor_lua", ("thread", workers, tasks, clock or "tsc"))
            lines.append(Line(f"Lua tasks, {workers}, {label}: plain C that calls into Lua", RATE,
                              ours, floor, least=0.90))
        lines.append(Line(f"Lua tasks, {workers}: sysbench's empty events", RATE, ours,
                          Sysbench(workers, tasks), least=2.5))
        yield f"empty Lua tasks on {workers}, each timed and binned", lines


def sleepers():
    for threads in (1_000, 10_000):
        ours = Cell(SECOND, '"thread"', threads, threads)
        what = f"{threads:,} threads that sleep 1 s"
        yield what, [
            Line(f"{what}: plain C", TIME, ours, Program("floor_sleep", (threads,)),
                 most=1.01),
            Line(f"{what}: Python's threading", TIME, ours, Python(("sleep", threads)))]


def waits():
    million = Cell(SECOND, '"async"', 1_000_000, 1_000_000)
    tenth = Cell(SECOND, '"async"', 100_000, 100_000)
    yield "waits of 1 s in flight on an event loop", [
        Line("1,000,000 waits: libuv's timers alone", TIME, million,
             Program("floor_timers", (1_000_000,)), most=1.10),
        Line("1,000,000 waits: peak memory", PEAK, million, most=400 * 2**20),
        # All of them take asyncio half a minute.
        Line("a tenth of them: Python's asyncio", TIME, tenth, Python(("asyncio", 100_000)))]


def round_trips():
    def ours(depth, tasks, one_cpu=False):
        executor = f'{{"type": "pipe", "depth": {depth}, "message_size": "64B"}}'
        return Cell(NOOP, executor, 1, tasks, one_cpu=one_cpu)
    size = (64, 20_000)
    alone, many = ours(1, 20_000), ours(64, 400_000)
    # Where parent and child are on two CPUs, waking the other one is most of a round trip, and
    # where the kernel puts them changes from run to run. On one CPU the programs are seen.
    together = ours(1, 100_000, one_cpu=True)
    yield "messages of 64 bytes to a child and back", [
        Line("pipe, depth 1: plain C", RATE, alone, Program("floor_pipe", size), least=0.95),
        Line("pipe, depth 1, all on one CPU: plain C", RATE, together,
             Program("floor_pipe", (64, 100_000), one_cpu=True), least=0.95),
        Line("pipe, depth 64: conrun's depth 1", RATE, many, alone, least=3.0),
        Line("pipe, depth 1: Python's multiprocessing.Pipe", RATE, alone,
             Python(("pipe", *size))),
        Line("pipe, depth 1, all on one CPU: Python's", RATE, together,
             Python(("pipe", *size), one_cpu=True))]


def channels():
    """A task is one round trip: each is timed, and its bytes compared, which perf's are not."""
    trips = 100_000
    for peer, flag in (("process", ""), ("thread", " -T")):
        def ours(one_cpu):
            return Cell(f'{{"type": "channel", "kind": "pipe", "mode": "ping_pong", "messages": 1, '
                        f'"message_size": "4B", "peer": "{peer}"}}', '"sequential"', 1, trips,
                        one_cpu=one_cpu)
        yield f"4 bytes by pipe to another {peer} and back", [
            Line(f"channel, one CPU: perf bench sched pipe{flag}", RATE, ours(True),
                 Perf(trips, peer == "thread", one_cpu=True), least=0.90, most=1.10),
            # Where they run is the kernel's choice, which differs from run to run: no target.
            Line(f"channel: perf bench sched pipe{flag}", RATE, ours(False),
                 Perf(trips, peer == "thread"))]


def processes():
    lines = []
    for in_flight in (1, 2):
        lines.append(Line(
            f"a process for each task, {in_flight} at a time: plain C", RATE,
            Cell(NOOP, '"process"', in_flight, in_flight * 4_000),
            Program("floor_process", (in_flight, in_flight * 4_000)), least=0.90))
    spawned = Cell(NOOP, '{"type": "process", "start": "spawn"}', 1, 500)
    lines += [
        Line("an image for each task: posix_spawn of /bin/true", RATE, spawned,
             Program("floor_spawn", (500,))),
        Line("an image for each task: conrun's fork", RATE, spawned,
             Cell(NOOP, '"process"', 1, 4_000))]
    yield "a process for each empty task", lines


def digests():
    lines = []
    for algorithm, size, tasks in (("sha256", 1 << 20, 2_000), ("sha512", 1 << 20, 800),
                                   ("sha256", 1 << 14, 100_000)):
        work = f'{{"type": "hash", "algorithm": "{algorithm}", "size": "{size}B"}}'
        lines.append(Line(f"{algorithm} of {size >> 10} KiB: openssl speed", RATE,
                          Cell(work, '"sequential"', 1, tasks), Openssl(algorithm, size),
                          least=0.90, most=1.10))
    yield "digests, one after the other", lines


def commands():
    command = '{"type": "exec", "command": ["/bin/true"]}'
    yield "a command, run again and again", [
        Line("/bin/true, the median: hyperfine --shell=none", MEDIAN,
             Cell(command, '"sequential"', 1, 500, allow_exec=True),
             Hyperfine("/bin/true", 500), least=0.90, most=1.10)]


def lock():
    def ours(workload, workers, tasks, gil):
        return Cell(workload, f'{{"type": "thread_pool", "gil": {gil}}}', workers, tasks)
    count, nap = '{"type": "count", "n": 20000000}', '{"type": "sleep", "duration": "10ms"}'
    yield "one lock to compute (gil)", [
        Line("counting under the lock, 2 threads: 1 thread", RATE,
             ours(count, 2, 40, "true"), ours(count, 1, 40, "true"), most=1.05),
        Line("counting without the lock, 2 threads: 1 thread", RATE,
             ours(count, 2, 40, "false"), ours(count, 1, 40, "false")),
        Line("10 ms waits under the lock, 50 threads: without it", RATE,
             ours(nap, 50, 2_000, "true"), ours(nap, 50, 2_000, "false"), least=0.95),
        Line("10 ms waits under the lock, 50 threads: 1 thread", RATE,
             ours(nap, 50, 2_000, "true"), ours(nap, 1, 40, "true"), least=40),
        Line("empty tasks, gil: false: the option left out", RATE,
             ours(NOOP, 2, 40_000_000, "false"), pool("thread_pool", 2), least=0.98, most=1.02)]


def memory():
    """The same loop without a harness: what is left is the harness."""
    for pattern, what, floor in (("copy", "copying 64 MiB to 64 MiB", "memcpy"),
                                 ("read", "reading 128 MiB", "a loop that adds up words")):
        ours = Cell(f'{{"type": "memory", "pattern": "{pattern}", "size": "128MiB"}}',
                    '"sequential"', 1, 100)
        yield f"memory: {what}", [
            Line(f"{what}: {floor} in plain C", RATE, ours,
                 Program("floor_memory", (pattern, 128 * 1024, 100)), least=0.90,
                 most=1.10 if pattern == "copy" else None)]


def rows():
    ours, count = Rows(2, 5_000_000), 5_000_000
    yield "a row in tasks.csv for each of 5,000,000 empty tasks of 2 workers", [
        Line("tasks.csv, the whole of conrun: fprintf alone", RATE, ours,
             Program("floor_rows", (count,)), least=1.10),
        Line("tasks.csv, the whole of conrun", RATE, ours, least=3_000_000)]


def plans():
    for what, scenario in (("plan of 1,000,000 cells", "plan_cells"),
                           ("plan of 1,000 cells, 1,000 repeats", "plan_repeats")):
        yield what, [Line(f"{what}: time", TIME, Plan(scenario), most=2),
                     Line(f"{what}: peak memory", PEAK, Plan(scenario), most=300 * 2**20)]


def groups():
    for part in (pools, pool_peers, scripts, sleepers, processes, commands, digests, round_trips, channels,
                 waits, lock, memory, rows, plans):
        yield from part()
