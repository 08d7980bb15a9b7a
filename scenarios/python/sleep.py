"""sleep.py COUNT: as many threads, each of which sleeps one second."""

import sys
import threading
import time

count = int(sys.argv[1])
done = []


def nap():
    time.sleep(1)
    done.append(1)


threads = [threading.Thread(target=nap) for _ in range(count)]
for thread in threads:
    thread.start()
for thread in threads:
    thread.join()
if len(done) != count:
    sys.exit(f"{len(done)} of {count} threads slept")
