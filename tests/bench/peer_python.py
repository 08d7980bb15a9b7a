"""What Python's own pools, threads, pipes and event loop make of the same work.

    peer_python.py threads WORKERS TASKS      empty tasks through a ThreadPoolExecutor
    peer_python.py processes WORKERS TASKS    empty tasks through a ProcessPoolExecutor
    peer_python.py sleep THREADS              a thread for each sleep of one second
    peer_python.py pipe BYTES ROUND_TRIPS     messages to a child and back, one at a time
    peer_python.py asyncio SLEEPS             sleeps of one second, all at once on one loop
"""

import asyncio
import multiprocessing
import sys
import threading
import time
from concurrent.futures import ProcessPoolExecutor, ThreadPoolExecutor


def empty():
    return 1


def pool(make, workers, tasks):
    with make(workers) as executor:
        # Its workers exist from here on: they are made with the first tasks.
        for future in [executor.submit(empty) for _ in range(100 * workers)]:
            future.result()
        started = time.perf_counter()
        total = sum(future.result() for future in [executor.submit(empty) for _ in range(tasks)])
        elapsed = time.perf_counter() - started
    assert total == tasks
    return tasks, elapsed


def threads(workers, tasks):
    return pool(ThreadPoolExecutor, workers, tasks)


def processes(workers, tasks):
    return pool(ProcessPoolExecutor, workers, tasks)


def sleep(count):
    sleepers = [threading.Thread(target=time.sleep, args=(1,)) for _ in range(count)]
    started = time.perf_counter()
    for sleeper in sleepers:
        sleeper.start()
    for sleeper in sleepers:
        sleeper.join()
    return count, time.perf_counter() - started


def echo(requests, replies, count):
    for _ in range(count):
        replies.send_bytes(requests.recv_bytes())


def pipe(message_bytes, round_trips):
    # One way each: else multiprocessing makes a pair of sockets.
    requests, to_child = multiprocessing.Pipe(duplex=False)
    from_child, replies = multiprocessing.Pipe(duplex=False)
    child = multiprocessing.get_context("fork").Process(
        target=echo, args=(requests, replies, round_trips + 1))
    child.start()
    message = bytes(message_bytes)

    def round_trip():
        to_child.send_bytes(message)
        assert len(from_child.recv_bytes()) == message_bytes

    round_trip()
    started = time.perf_counter()
    for _ in range(round_trips):
        round_trip()
    elapsed = time.perf_counter() - started
    child.join()
    return round_trips, elapsed


async def all_asleep(count):
    await asyncio.gather(*(asyncio.sleep(1) for _ in range(count)))


def sleep_on_a_loop(count):
    started = time.perf_counter()
    asyncio.run(all_asleep(count))
    return count, time.perf_counter() - started


WORK = {"threads": threads, "processes": processes, "sleep": sleep, "pipe": pipe,
        "asyncio": sleep_on_a_loop}


def main():
    tasks, elapsed = WORK[sys.argv[1]](*map(int, sys.argv[2:]))
    print(f"elapsed_s={elapsed:.9f} throughput_per_s={tasks / elapsed:.3f}")


if __name__ == "__main__":
    main()
