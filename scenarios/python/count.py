"""count.py threads|processes WORKERS N: each worker counts to N, all at the same time."""

import multiprocessing
import sys
import threading


def count(n, counted):
    i = 0
    while i < n:
        i += 1
    counted.put(i)


def main():
    kind, workers, n = sys.argv[1], int(sys.argv[2]), int(sys.argv[3])
    make = {"threads": threading.Thread, "processes": multiprocessing.Process}[kind]
    counted = multiprocessing.SimpleQueue()
    crew = [make(target=count, args=(n, counted)) for _ in range(workers)]
    for worker in crew:
        worker.start()
    total = sum(counted.get() for _ in crew)
    for worker in crew:
        worker.join()
    if total != workers * n:
        sys.exit(f"counted to {total}, not {workers * n}")


if __name__ == "__main__":
    main()
