"""pool.py threads|processes WORKERS TASKS: next to empty tasks through a pool, one by one."""

import multiprocessing
import multiprocessing.pool
import sys


def identity(i):
    return i


def main():
    kind, workers, tasks = sys.argv[1], int(sys.argv[2]), int(sys.argv[3])
    make = {"threads": multiprocessing.pool.ThreadPool, "processes": multiprocessing.Pool}[kind]
    with make(workers) as pool:
        total = sum(pool.map(identity, range(tasks), chunksize=1))
    if total != sum(range(tasks)):
        sys.exit(f"the results add up to {total}, not {sum(range(tasks))}")


if __name__ == "__main__":
    main()
