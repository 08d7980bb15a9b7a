"""pipe.py ROUND_TRIPS: messages of 64 bytes to a child and back, one at a time."""

import multiprocessing
import sys


def echo(end):
    while message := end.recv_bytes():
        end.send_bytes(message)


def main():
    round_trips = int(sys.argv[1])
    mine, childs = multiprocessing.Pipe()
    child = multiprocessing.Process(target=echo, args=(childs,))
    child.start()
    for i in range(round_trips):
        message = i.to_bytes(64, "little")
        mine.send_bytes(message)
        if mine.recv_bytes() != message:
            sys.exit(f"message {i} came back as another")
    mine.send_bytes(b"")
    child.join()


if __name__ == "__main__":
    main()
