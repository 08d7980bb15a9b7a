"""The run's own server, spoken to from outside; its end, whatever way a run ends; and tcp_echo and
w.echo against it and against servers that misbehave."""

import os
import resource
import signal
import socket
import struct
import threading
import time
import unittest
from pathlib import Path

import harness

# One of each kind: what blocks in the host, in threads, in children, and what is on a loop.
EXECUTORS = ("sequential", "thread_pool", "process", "async")

GET = b"GET /any/path HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n"
CLOSE = GET.replace(b"\r\n\r\n", b"\r\nConnection: close\r\n\r\n")

# A run that does nothing but have a server.
HOST = """return {{
  serve = {{ size = "{size}", delay = "{delay}" }},
  task = function(_, _, w) w.sleep("{sleep}") end,
}}
"""
SCENARIO = """
workloads: { it: { type: lua, script: host.lua } }
executors: [sequential]
tasks: 1
repeat: 1
timeout: %s
"""


def name_of(pid):
    try:
        return Path(f"/proc/{pid}/comm").read_text().strip()
    except OSError:
        return ""


def folder_of(pid):
    try:
        return os.readlink(f"/proc/{pid}/cwd")
    except OSError:
        return ""


def is_alive(pid):
    try:
        return Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()[0] not in "ZX"
    except OSError:
        return False


def until(what, seconds=30):
    """The first true value of what()."""
    end = time.monotonic() + seconds
    while not (value := what()):
        if time.monotonic() > end:
            raise AssertionError(f"{what} did not come true")
        time.sleep(0.01)
    return value


def listening(pid):
    """The (address, port) pairs that the process listens on, in the order that it opened them."""
    sockets = {}
    for line in Path(f"/proc/{pid}/net/tcp").read_text().splitlines()[1:]:
        fields = line.split()
        address, port = fields[1].split(":")
        if fields[3] == "0A":
            address = socket.inet_ntoa(struct.pack("<I", int(address, 16)))
            sockets[f"socket:[{fields[9]}]"] = (address, int(port, 16))
    found = []
    for fd in sorted(os.listdir(f"/proc/{pid}/fd"), key=int):
        link = os.readlink(f"/proc/{pid}/fd/{fd}")
        if link in sockets:
            found.append(sockets[link])
    return found


class Running:
    """A run with a server, until `with` ends."""

    def __init__(self, case, size="10B", delay="0s", sleep="60s", timeout="60s"):
        (case.tmp / "host.lua").write_text(HOST.format(size=size, delay=delay, sleep=sleep))
        self.process = harness.start(case.write(SCENARIO % timeout), cwd=case.tmp)
        self.pid = until(self.find)
        self.addresses = until(lambda: len(listening(self.pid)) == 2 and listening(self.pid))
        self.http, self.echo = (port for _, port in self.addresses)

    def find(self):
        assert self.process.poll() is None, self.process.communicate()
        servers = [pid for pid in harness.children_of(self.process.pid)
                   if name_of(pid) == "conrun-server"]
        return servers and servers[0]

    def __enter__(self):
        return self

    def __exit__(self, *_):
        if self.process.poll() is None:
            harness.interrupt(self.process)
        self.process.communicate(timeout=30)


def connect(port, room=None):
    """A connection; `room` is how many bytes the kernel may keep until they are read."""
    connection = socket.socket()
    if room:
        connection.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, room)
    connection.settimeout(20)
    connection.connect(("127.0.0.1", port))
    return connection


def receive_all(connection):
    pieces = []
    while piece := connection.recv(65536):
        pieces.append(piece)
    return b"".join(pieces)


def talk(port, request):
    """What comes back up to the end of the connection, which the server closes."""
    with connect(port) as connection:
        connection.sendall(request)
        return receive_all(connection)


def responses(received, heads=()):
    """(status, headers, body) of each; the places in `heads` are those of answers to HEAD."""
    found = []
    while received:
        head, received = received.split(b"\r\n\r\n", 1)
        first, *lines = head.decode("ascii").split("\r\n")
        headers = {name.lower(): value for name, value in (line.split(": ") for line in lines)}
        length = 0 if len(found) in heads else int(headers["content-length"])
        found.append((first, headers, received[:length]))
        received = received[length:]
    return found


def words_of(body):
    return struct.unpack(f"<{len(body) // 8}Q", body[:len(body) // 8 * 8])


class Http(harness.Case):
    def test_requests(self):
        with Running(self) as server:
            self.assertEqual([address for address, _ in server.addresses], ["127.0.0.1"] * 2)
            self.one_answer(server)
            self.many_answers(server)
            self.bad_requests(server)
            self.odd_clients(server)
            self.echo_clients(server)
            self.assertTrue(is_alive(server.pid))

    def one_answer(self, server):
        (first, headers, body), = responses(talk(server.http, CLOSE))
        self.assertEqual(first, "HTTP/1.1 200 OK")
        self.assertEqual(headers["content-length"], "10")
        self.assertEqual(headers["connection"], "close")
        self.assertEqual(len(body), 10)
        head = CLOSE.replace(b"GET", b"HEAD")
        (first, again, body), = responses(talk(server.http, head), heads=(0,))
        self.assertEqual((first, again, body), ("HTTP/1.1 200 OK", headers, b""))
        (first, headers, body), = responses(talk(server.http, b"GET / HTTP/1.0\r\n\r\n"))
        self.assertEqual((headers["connection"], len(body)), ("close", 10))

    def many_answers(self, server):
        # One connection, one request after the other; then all at once; then in small pieces.
        bodies = set()
        with connect(server.http) as connection:
            for _ in range(3):
                connection.sendall(GET)
                received = b""
                while len(received.partition(b"\r\n\r\n")[2]) < 10:
                    received += connection.recv(65536)
                (first, headers, body), = responses(received)
                self.assertEqual(first, "HTTP/1.1 200 OK")
                self.assertNotIn("connection", headers)
                bodies.add(body)
        pipelined = responses(talk(server.http, GET * 500 + CLOSE))
        self.assertEqual(len(pipelined), 501)
        bodies.update(body for _, _, body in pipelined)
        self.assertEqual(len(bodies), 1)
        with connect(server.http) as connection:
            connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            for byte in CLOSE:
                connection.sendall(bytes([byte]))
            self.assertEqual(len(responses(receive_all(connection))), 1)
        # What follows a request that ends the connection is not answered.
        self.assertEqual(len(responses(talk(server.http, CLOSE + GET))), 1)
        kept = b"GET / HTTP/1.0\r\nConnection: keep-alive\r\n\r\n"
        first, last = responses(talk(server.http, kept + CLOSE))
        self.assertEqual((first[1]["connection"], last[1]["connection"]), ("keep-alive", "close"))

    def bad_requests(self, server):
        for request, status in (
                (b"hello\r\n\r\n", 400), (b"hello\r\n", 400), (b"\x16\x03\x01\x02\x00\n", 400),
                (b"GET / HTTP/1.1\r\n\r\n", 400),
                (GET[:-2] + b"nonsense\r\n\r\n", 400),
                (b"POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 3\r\n\r\nabc", 405),
                (GET[:-2] + b"Content-Length: 3\r\n\r\nabc", 413),
                (GET[:-2] + b"X: " + b"y" * 300_000, 431),
                (b"GET / HTTP/3.0\r\nHost: x\r\n\r\n", 505)):
            (first, headers, body), = responses(talk(server.http, request))
            self.assertRegex(first, f"^HTTP/1.1 {status} [A-Z]", request[:40])
            self.assertEqual((headers["connection"], body), ("close", b""))

    def odd_clients(self, server):
        # Gone at once; gone in the middle of a request; reset; half closed, which still answers.
        connect(server.http).close()
        with connect(server.http) as connection:
            connection.sendall(GET[:-3])
            connection.shutdown(socket.SHUT_WR)
            self.assertEqual(receive_all(connection), b"")
        connection = connect(server.http)
        connection.sendall(GET * 100)
        connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        connection.close()
        with connect(server.http) as connection:
            connection.sendall(GET)
            connection.shutdown(socket.SHUT_WR)
            self.assertEqual(len(responses(receive_all(connection))), 1)

    def echo_clients(self, server):
        message = os.urandom(3_000_000)
        with connect(server.echo) as connection:
            sender = threading.Thread(target=lambda: (
                connection.sendall(message), connection.shutdown(socket.SHUT_WR)))
            sender.start()
            # Nothing is read for a while: the server has to stop reading too.
            time.sleep(0.2)
            self.assertEqual(receive_all(connection), message)
            sender.join()
        connection = connect(server.echo)
        connection.sendall(message[:100])
        connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        connection.close()

    def test_a_large_body_and_many_clients(self):
        size = 40_000_001
        with Running(self, size=f"{size}B") as server:
            (_, _, body), = responses(talk(server.http, CLOSE))
            self.assertEqual(len(body), size)
            self.assertGreater(len(set(words_of(body[:65536]))), 8000)
            # Nobody reads: the server keeps none of it.
            clients = [connect(server.http, room=4096) for _ in range(500)]
            for client in clients:
                client.sendall(GET)
            self.assertEqual(clients[-1].recv(4), b"HTTP")
            (_, _, again), = responses(talk(server.http, CLOSE))
            self.assertEqual(again, body)
            status = Path(f"/proc/{server.pid}/status").read_text()
            for client in clients:
                client.close()
        if "sanitize" not in harness.run("--version").out:
            kib = int(status.split("VmHWM:")[1].split()[0])
            self.assertLess(kib, 32 * 1024)

    def test_delays_overlap(self):
        with Running(self, delay="500ms") as server:
            clients = [connect(server.http) for _ in range(100)]
            began = time.monotonic()
            for client in clients:
                client.sendall(CLOSE)
            for client in clients:
                self.assertEqual(len(responses(receive_all(client))), 1)
                client.close()
            elapsed_s = time.monotonic() - began
            self.assertGreaterEqual(elapsed_s, 0.5)
            self.assertLess(elapsed_s, 10)
            # On one connection they do not.
            began = time.monotonic()
            self.assertEqual(len(responses(talk(server.http, GET + CLOSE))), 2)
            self.assertGreaterEqual(time.monotonic() - began, 1)


class End(harness.Case):
    """No server outlives its run."""

    def assert_gone(self, server):
        until(lambda: not is_alive(server.pid), 10)
        with socket.socket() as client:
            self.assertNotEqual(client.connect_ex(("127.0.0.1", server.http)), 0)

    def test_after_a_run_that_is_ok(self):
        with Running(self, sleep="500ms") as server:
            out, err = server.process.communicate(timeout=30)
            self.assertEqual(server.process.returncode, 0, err + out)
            self.assert_gone(server)

    def test_after_a_timeout(self):
        with Running(self, timeout="700ms") as server:
            server.process.communicate(timeout=30)
            self.assertEqual(server.process.returncode, 1)
            self.assert_gone(server)
        self.assertEqual(self.summary()[0]["status"], "timeout")

    def test_after_an_interrupt(self):
        with Running(self) as server:
            harness.interrupt(server.process)
            server.process.communicate(timeout=30)
            self.assertEqual(server.process.returncode, 130)
            self.assert_gone(server)

    def test_after_conrun_was_killed(self):
        with Running(self) as server:
            server.process.kill()
            server.process.communicate(timeout=30)
            self.assert_gone(server)

    def test_after_a_setup_that_failed(self):
        (self.tmp / "host.lua").write_text("""return {
  serve = {},
  setup = function() error("no") end,
  task = function() end,
}
""")
        result = self.conrun(self.write(SCENARIO % "10s"))
        self.assertEqual(result.code, 1)
        self.assertIn("host.lua:3: no", self.summary()[0]["error"])
        left = [pid for pid in os.listdir("/proc") if name_of(pid) == "conrun-server"
                and folder_of(pid) == str(self.tmp)]
        self.assertEqual(left, [])


class Host:
    """An echo server of the test's own; `manner(connection)` is what it does with each client."""

    def __init__(self, manner):
        self.manner = manner
        self.socket = socket.create_server(("127.0.0.1", 0), backlog=64)
        self.port = self.socket.getsockname()[1]
        self.threads = []
        threading.Thread(target=self.serve, daemon=True).start()

    def serve(self):
        try:
            while True:
                connection, _ = self.socket.accept()
                threading.Thread(target=self.meet, args=(connection,), daemon=True).start()
        except OSError:
            pass

    def meet(self, connection):
        try:
            self.manner(connection)
        except OSError:
            pass
        connection.close()

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.socket.shutdown(socket.SHUT_RDWR)
        self.socket.close()


def faithful(connection):
    while piece := connection.recv(65536):
        connection.sendall(piece)


def leaves_early(connection):
    connection.recv(64, socket.MSG_WAITALL)


def resets(connection):
    connection.recv(64, socket.MSG_WAITALL)
    connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))


def is_silent(connection):
    connection.recv(64, socket.MSG_WAITALL)
    time.sleep(30)


def lies(connection):
    message = bytearray(connection.recv(64, socket.MSG_WAITALL))
    message[20] ^= 0x80
    connection.sendall(message)
    connection.recv(1)


class Echo(harness.Case):
    def run_echo(self, options, code=0, tasks=6, workers=2, executors=EXECUTORS, **more):
        result = self.conrun(self.write(f"""
workloads: {{ echo: {{ type: tcp_echo, {options} }} }}
executors: [{', '.join(executors)}]
workers: {workers}
tasks: {tasks}
repeat: 1
timeout: 40s
"""), **more)
        self.assertEqual(result.code, code, result.err + result.out)
        rows = self.summary()
        self.assertEqual(len(rows), len(executors))
        return rows

    def assert_fails(self, options, error, tasks=6):
        for row in self.run_echo(options, code=1, tasks=tasks):
            self.assertEqual((row["status"], row["tasks_failed"]), ("failed", str(tasks)), row)
            self.assertRegex(row["error"], error, row["executor"])

    def test_a_host_of_ones_own(self):
        with Host(faithful) as host:
            for name in ("127.0.0.1", "localhost"):
                options = f"host: {name}, port: {host.port}, messages: 2, message_size: 300kB"
                for row in self.run_echo(options):
                    self.assertEqual((row["status"], row["checksum"]), ("ok", str(6 * 600_000)))

    def test_a_server_that_closes_early(self):
        with Host(leaves_early) as host:
            self.assert_fails(f"host: 127.0.0.1, port: {host.port}",
                              f"^127.0.0.1:{host.port} closed the connection after 0 of 64 bytes$")

    def test_a_server_that_resets(self):
        with Host(resets) as host:
            self.assert_fails(f"host: 127.0.0.1, port: {host.port}",
                              f"cannot receive from 127.0.0.1:{host.port}: Connection reset")

    def test_a_server_that_does_not_answer(self):
        with Host(is_silent) as host:
            began = time.monotonic()
            self.assert_fails(f"host: 127.0.0.1, port: {host.port}, reply_timeout: 300ms",
                              f"^127.0.0.1:{host.port} sent 0 of 64 bytes back within 300ms$",
                              tasks=2)
            self.assertLess(time.monotonic() - began, 15)

    def test_a_server_that_answers_something_else(self):
        with Host(lies) as host:
            self.assert_fails(f"host: 127.0.0.1, port: {host.port}",
                              f"^byte 20 of 64 came back wrong from 127.0.0.1:{host.port}$")

    def test_nobody_there(self):
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            port = free.getsockname()[1]
            self.assert_fails(f"host: 127.0.0.1, port: {port}",
                              f"^cannot connect to 127.0.0.1:{port}: Connection refused$")
        for row in self.run_echo("host: no.such.host.invalid", code=1):
            self.assertEqual(row["status"], "failed")
            self.assertRegex(row["error"], "^cannot find the host 'no.such.host.invalid': ")

    def test_an_interrupt_while_a_server_is_silent(self):
        for executor in EXECUTORS:
            with self.subTest(executor), Host(is_silent) as host:
                process = harness.start(self.write(f"""
workloads: {{ echo: {{ type: tcp_echo, host: 127.0.0.1, port: {host.port},
                       reply_timeout: 1h }} }}
executors: [{executor}]
workers: 3
tasks: 3
"""), cwd=self.tmp)
                time.sleep(0.5)
                harness.interrupt(process)
                process.communicate(timeout=10)
                self.assertEqual(process.returncode, 130)
                self.assertEqual(harness.children_of(process.pid), [])

    def test_a_thousand_workers(self):
        executors = ("thread", "thread_pool", "async")
        options = "messages: 2, hold: 1s, connect: per_task"
        for row in self.run_echo(options, tasks=1000, workers=1000, executors=executors):
            self.assertEqual((row["status"], row["error"]), ("ok", ""))
            self.assertEqual(row["checksum"], str(1000 * 2 * 64))
            self.assertEqual(row["connections"], "1000")
            # All were open together, unless it took longer to make them than they stay open.
            if float(row["elapsed_s"]) < 3:
                self.assertGreaterEqual(int(row["open_at_once"]), 1000)

    def test_more_connections_than_ports(self):
        """Each task has one of its own; none keeps its port when it is done."""
        row, = self.run_echo("connect: per_task", tasks=40_000, executors=["thread_pool"])
        self.assertEqual((row["status"], row["connections"]), ("ok", "40000"))

    def test_a_kept_connection(self):
        made = {row["executor"]: int(row["connections"])
                for row in self.run_echo("messages: 3", tasks=50)}
        self.assertEqual(made["sequential"], 1)
        self.assertEqual(made["thread_pool"], 2)
        self.assertEqual(made["async"], 2)
        self.assertEqual(made["process"], 50)  # a worker that lives for one task

    def test_too_few_descriptors(self):
        def limit():
            resource.setrlimit(resource.RLIMIT_NOFILE, (256, 256))
        rows = self.run_echo("", code=1, workers=1000, tasks=1000, preexec_fn=limit,
                             executors=("thread", "process_pool", "async"))
        for row in rows:
            self.assertEqual(row["status"], "skipped_limit", row)
            self.assertIn("RLIMIT_NOFILE", row["error"])

    def test_a_port_without_a_host(self):
        result = self.conrun(self.write("""
workloads: { echo: { type: tcp_echo, port: 7007 } }
executors: [sequential]
tasks: 1
"""))
        self.assertEqual(result.code, 2)
        self.assertIn("it.yaml:2:14: error: tcp_echo has a port and no host; add the host",
                      result.err)


class Script(harness.Case):
    def run_script(self, script, executors, code=0):
        (self.tmp / "it.lua").write_text(script)
        result = self.conrun(self.write(f"""
workloads: {{ it: {{ type: lua, script: it.lua }} }}
executors: [{executors}]
workers: 4
tasks: 40
repeat: 1
"""))
        self.assertEqual(result.code, code, result.err + result.out)
        return result

    def test_echo(self):
        self.run_script("""return {
  serve = {},
  setup = function(w) assert(w.echo("before") == "before") end,
  task = function(_, index, w)
    local text = ("%d,"):format(index):rep(index * 5000)
    assert(w.echo(text) == text)
    assert(w.echo("") == "" and w.echo("\\0\\n\\255") == "\\0\\n\\255")
    local inner = coroutine.wrap(function() return w.echo("inner") end)
    assert(inner() == "inner")
    return #w.echo(text)
  end,
  teardown = function(_, w) assert(w.echo("behind") == "behind") end,
}
""", "sequential, { type: thread, gil: [false, true] }, { type: thread_pool, gil: [false, true] }, "
            "{ type: process, start: [fork, spawn] }, { type: process_pool, start: [fork, spawn] }, "
            "pipe, async")
        checksum = sum(len(f"{index},") * index * 5000 for index in range(40))
        rows = self.summary()
        self.assertEqual(len(rows), 11)
        for row in rows:
            self.assertEqual((row["status"], row["checksum"]), ("ok", str(checksum)))

    def test_echoes_overlap_on_the_loop(self):
        """Another task goes on while one waits for its text."""
        self.run_script("""local under_way, most = 0, 0
return {
  serve = {},
  metrics = { most = "max" },
  task = function(_, _, w)
    under_way = under_way + 1
    most = math.max(most, under_way)
    w.echo("text")
    under_way = under_way - 1
    w.most(most)
  end,
}
""", "async")
        self.assertEqual(self.summary()[0]["most"], "4")

    def test_echo_without_serve(self):
        self.run_script("""return {
  task = function(_, _, w)
    w.echo("text")
  end,
}
""", "thread_pool, async", code=1)
        for row in self.summary():
            self.assertEqual((row["status"], row["tasks_failed"]), ("failed", "40"))
            self.assertIn("it.lua:3: echo needs a server; put serve = {} into the script's table",
                          row["error"])

    def test_what_serve_may_be(self):
        for serve, error in (
                ("5", "3: 'serve' is a number, not a table"),
                ("{ sizes = 5 }", "3: unknown key 'sizes'; did you mean 'size'?"),
                ("{ 5 }", "3: a key in serve is a number, not a name"),
                ("{ size = '16' }", "3: serve: size: '16' has no unit; write 16KiB"),
                ("{ size = '2TiB' }", "3: serve: size: '2TiB' is too large"),
                ("{ size = {} }", "3: serve: 'size' is a table, not a text such as \"16KiB\""),
                ("{ size = 0,\n delay = '5 ms' }", "4: serve: delay: '5 ms' has a space in it"),
                ("{ delay = true }", "3: serve: 'delay' is a boolean")):
            (self.tmp / "it.lua").write_text(
                f"return {{\n  task = function() end,\n  serve = {serve},\n}}\n")
            result = self.conrun("list", "it.lua")
            self.assertEqual(result.code, 2, serve)
            self.assertIn(f"it.lua:{error}", result.err)


if __name__ == "__main__":
    unittest.main()
