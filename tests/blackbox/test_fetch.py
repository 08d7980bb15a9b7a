"""`fetch` and w.fetch: good answers are worth the same everywhere; whatever else a server does is a
failed task that says why, and never a hang."""

import contextlib
import http.server
import os
import re
import shutil
import signal
import socket
import socketserver
import ssl
import subprocess
import sys
import threading
import time
import unittest
from pathlib import Path

import harness

EXECUTORS = "[sequential, thread, thread_pool, process, process_pool, pipe, async]"

BODY = bytes(i * 31 % 251 for i in range(5003))


def word_sum(body):
    body += bytes(-len(body) % 8)
    words = (body[i:i + 8] for i in range(0, len(body), 8))
    return sum(int.from_bytes(word, sys.byteorder) for word in words) % 2**64


class Handler(http.server.BaseHTTPRequestHandler):
    """What it does with a request stands in the path."""

    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True

    def do_GET(self):
        self.server.paths.append(self.path)
        getattr(self, "do_" + self.path.strip("/"))()

    def log_message(self, *_):
        pass

    def answer(self, status, body, **fields):
        self.send_response(status)
        self.send_header("Content-Length", str(len(body)))
        for name, value in fields.items():
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(body)

    def do_good(self):
        self.answer(200, BODY)

    def do_missing(self):
        self.answer(404, b"there is no such thing")

    def do_broken(self):
        self.answer(500, b"")

    def do_moved(self):
        self.answer(301, b"", Location="/good")

    def do_empty(self):
        self.send_response(204)
        self.end_headers()

    def do_chunked(self):
        self.send_response(200)
        self.send_header("Transfer-Encoding", "chunked")
        self.end_headers()
        for at in range(0, len(BODY), 999):
            piece = BODY[at:at + 999]
            self.wfile.write(b"%x\r\n%s\r\n" % (len(piece), piece))
        self.wfile.write(b"0\r\n\r\n")

    def do_unmeasured(self):
        """Its body ends with the connection."""
        self.send_response(200)
        self.end_headers()
        self.wfile.write(BODY)
        self.close_connection = True

    def do_short(self):
        self.send_response(200)
        self.send_header("Content-Length", str(len(BODY)))
        self.end_headers()
        self.wfile.write(BODY[:1000])
        self.close_connection = True

    def do_nothing(self):
        self.close_connection = True

    def do_other(self):
        self.wfile.write(b"SSH-2.0-OpenSSH_9.2\r\n")
        self.close_connection = True

    def do_never(self):
        self.server.ending.wait(60)
        self.close_connection = True


class Server(socketserver.ThreadingMixIn, http.server.HTTPServer):
    daemon_threads = True
    request_queue_size = 1024

    def handle_error(self, *_):
        pass  # clients that go away


@contextlib.contextmanager
def serving(tls=None):
    with Server(("127.0.0.1", 0), Handler) as server:
        if tls:
            server.socket = tls.wrap_socket(server.socket, server_side=True)
        server.ending = threading.Event()
        server.paths = []
        server.url = f"http{'s' if tls else ''}://127.0.0.1:{server.server_address[1]}"
        threading.Thread(target=server.serve_forever, args=(0.01,), daemon=True).start()
        yield server
        server.ending.set()
        server.shutdown()


def closed_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


class Fetching(harness.Case):
    def fetch(self, params, executors=EXECUTORS, workers=3, tasks=6, code=0, **more):
        """The rows of one scenario."""
        self.run_scenario(
            f"workloads: {{ it: {{ type: fetch, {params} }} }}\nexecutors: {executors}\n"
            f"workers: {workers}\ntasks: {tasks}\nrepeat: 1\n", code=code, timeout=120, **more)
        return self.summary()

    def setUp(self):
        super().setUp()
        if ("", "") in harness.listed_workloads()["fetch"]:
            self.skipTest("built without libcurl")


class OwnServer(Fetching):
    def assert_fetched(self, rows, tasks, size):
        for row in rows:
            self.assertEqual((row["status"], row["error"]), ("ok", ""), row["executor"])
            self.assertEqual((row["tasks_ok"], row["tasks_failed"]), (str(tasks), "0"))
            self.assertEqual(row["received_bytes"], str(tasks * size))
        self.assertEqual(len({row["checksum"] for row in rows}), 1, rows)

    def test_sizes(self):
        for size in (0, 1, 100_000):
            rows = self.fetch(f"size: {size}B, delay: 0s", harness.EXECUTORS)
            self.assertEqual(len(rows), harness.EXECUTOR_CELLS)
            self.assert_fetched(rows, 6, size)
            self.assertEqual(rows[0]["checksum"] == "0", size == 0)

    def test_more_than_a_buffer(self):
        self.assert_fetched(self.fetch("size: 20MB, delay: 0s", tasks=3), 3, 20_000_000)

    def test_one_worker(self):
        rows = self.fetch("delay: 1ms", harness.EXECUTORS, workers=1)
        self.assert_fetched(rows, 6, 16384)

    def test_50_workers(self):
        self.assert_fetched(self.fetch("delay: 1ms", harness.EXECUTORS, 50, 60), 60, 16384)

    def test_500_workers(self):
        self.assert_fetched(self.fetch("delay: 1ms, size: 1kB", EXECUTORS, 500, 600), 600, 1000)

    def test_a_connection_is_kept_by_a_worker_that_lives(self):
        for row in self.fetch("delay: 20ms, size: 1kB", harness.EXECUTORS, workers=4, tasks=20):
            made = int(row["connections"])
            if row["executor"] in ("process", "process[start=spawn]"):
                self.assertEqual(made, 20)
            else:
                self.assertLessEqual(made, 4, row["executor"])
                self.assertGreaterEqual(made, 1, row["executor"])

    def test_or_not(self):
        for row in self.fetch("delay: 1ms, size: 1kB, keep_alive: false", harness.EXECUTORS, 4, 20):
            self.assertEqual(row["connections"], "20", row["executor"])

    def test_waits_overlap_on_a_loop(self):
        [row] = self.fetch("delay: 200ms, size: 1B", "[async]", workers=50, tasks=50)
        self.assertGreaterEqual(float(row["elapsed_s"]), 0.2)
        self.assertLess(float(row["elapsed_s"]), 50 * 0.2 / 3)

    def test_another_seed_another_body(self):
        seen = set()
        for seed in (1, 2):
            self.run_scenario("workloads: { it: { type: fetch, delay: 0s } }\n"
                              f"executors: [sequential]\ntasks: 1\nrepeat: 1\nseed: {seed}\n")
            seen.add(self.summary()[0]["checksum"])
        self.assertEqual(len(seen), 2)

    def test_no_proxy(self):
        proxy = f"http://127.0.0.1:{closed_port()}"
        env = {"http_proxy": proxy, "HTTP_PROXY": proxy, "all_proxy": proxy, "ALL_PROXY": proxy}
        self.assert_fetched(self.fetch("delay: 0s", env=env), 6, 16384)

    def test_more_connections_than_descriptors(self):
        def limit():
            import resource
            resource.setrlimit(resource.RLIMIT_NOFILE, (256, 256))
        for row in self.fetch("", "[thread_pool, process_pool, async]", 300, 300, code=1,
                              preexec_fn=limit):
            self.assertEqual(row["status"], "skipped_limit")
            self.assertRegex(row["error"], "^RLIMIT_NOFILE: needs ")


class OtherServers(Fetching):
    def check(self, path, reason, params="", executors=EXECUTORS):
        """All tasks fail with this reason under every executor."""
        with serving() as server:
            url = f"{server.url}/{path}"
            for row in self.fetch(f'url: "{url}", {params}', executors, code=1):
                self.assertEqual(row["status"], "failed", row["executor"])
                self.assertEqual((row["tasks_ok"], row["tasks_failed"]), ("0", "6"))
                self.assertRegex(row["error"], f"^{reason.format(re.escape(url))}$")

    def test_good_answers(self):
        for path in ("good", "chunked", "unmeasured"):
            with serving() as server:
                rows = self.fetch(f'url: "{server.url}/{path}"')
            self.assertEqual(len(server.paths), 6 * len(rows))
            for row in rows:
                self.assertEqual((row["status"], row["error"]), ("ok", ""), row["executor"])
                self.assertEqual(row["checksum"], str(6 * word_sum(BODY) % 2**64), path)
                self.assertEqual(row["received_bytes"], str(6 * len(BODY)))

    def test_status(self):
        self.check("missing", "'{}' answered 404, not 200")
        self.check("broken", "'{}' answered 500, not 200")
        self.check("empty", "'{}' answered 204, not 200")
        self.check("moved", "'{}' answered 301, not 200; redirects are not followed, .*")
        self.check("good", "'{}' answered 200, not 404", "expect_status: 404")

    def test_the_status_that_is_expected(self):
        with serving() as server:
            for path, status in (("missing", 404), ("moved", 301), ("empty", 204)):
                for row in self.fetch(f'url: "{server.url}/{path}", expect_status: {status}'):
                    self.assertEqual(row["status"], "ok")
            self.assertNotIn("/good", server.paths)

    def test_ends_too_early(self):
        self.check("short", "cannot fetch '{}': .*4003 bytes remaining.*")
        self.check("nothing", "cannot fetch '{}': Empty reply from server")

    def test_is_not_http(self):
        self.check("other", "cannot fetch '{}': .*HTTP/0.9.*")

    def test_never_answers(self):
        self.check("never", r"cannot fetch '{}': no whole answer within 100ms \(.*\)",
                   "response_timeout: 100ms")

    def test_refuses(self):
        url = f"http://127.0.0.1:{closed_port()}/"
        for row in self.fetch(f'url: "{url}"', code=1):
            self.assertEqual(row["tasks_failed"], "6")
            self.assertEqual(row["error"],
                             f"cannot fetch '{url}': cannot connect: Connection refused")

    def test_has_no_name(self):
        """Some machines are told at once that there is none, others wait for it in vain."""
        for row in self.fetch('url: "http://conrun.invalid/", response_timeout: 2s',
                              "[thread_pool, process, async]", tasks=3, code=1):
            self.assertEqual(row["tasks_failed"], "3", row)
            self.assertRegex(row["error"], r"^cannot fetch 'http://conrun.invalid/': "
                             r"(Could not resolve host|.*Resolving timed out)")


@unittest.skipUnless(shutil.which("openssl"), "openssl is not installed")
class Https(Fetching):
    def certified(self):
        """A server's side of TLS, with a certificate that it made itself."""
        subprocess.run(
            ["openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256",
             "-nodes", "-keyout", "key.pem", "-out", "certificate.pem", "-days", "2",
             "-subj", "/CN=127.0.0.1", "-addext", "subjectAltName=IP:127.0.0.1"],
            cwd=self.tmp, check=True, stderr=subprocess.DEVNULL)
        tls = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        tls.load_cert_chain(self.tmp / "certificate.pem", self.tmp / "key.pem")
        return tls

    def test_answers(self):
        with serving(self.certified()) as server:
            rows = self.fetch(f'url: "{server.url}/good"',
                              env={"SSL_CERT_FILE": str(self.tmp / "certificate.pem")})
        for row in rows:
            self.assertEqual((row["status"], row["error"]), ("ok", ""), row["executor"])
            self.assertEqual(row["checksum"], str(6 * word_sum(BODY) % 2**64))

    def test_a_certificate_that_nobody_trusts(self):
        with serving(self.certified()) as server:
            rows = self.fetch(f'url: "{server.url}/good"', "[thread_pool, async]", code=1)
        for row in rows:
            self.assertRegex(row["error"], f"^cannot fetch '{server.url}/good': .*certificate")


class Ends(Fetching):
    """A transfer that would last for an hour ends with its run."""

    def never(self, server, executor, more=""):
        return self.write(
            f'workloads: {{ it: {{ type: fetch, url: "{server.url}/never", '
            f"response_timeout: 1h }} }}\nexecutors: [{executor}]\nworkers: 3\ntasks: 3\n"
            f"repeat: 1\n{more}")

    def test_timeout(self):
        with serving() as server:
            for executor in ("thread_pool", "process", "pipe", "async"):
                result = self.conrun(self.never(server, executor, "timeout: 300ms\n"), timeout=30)
                self.assertEqual(result.code, 1, result.err)
                self.assertEqual(self.runs()[0]["status"], "timeout", executor)

    def kill_server(self, process):
        """The run's own, as soon as there is one."""
        end = time.monotonic() + 30
        while time.monotonic() < end:
            for child in harness.children_of(process.pid):
                with contextlib.suppress(OSError):
                    if Path(f"/proc/{child}/comm").read_text() == "conrun-server\n":
                        os.kill(child, signal.SIGKILL)
                        return
            time.sleep(0.01)
        self.fail("there is no server")

    def test_its_server_dies(self):
        for executor in ("thread_pool", "process_pool", "async"):
            process = harness.start(self.write(
                "workloads: { it: { type: fetch, delay: 1h, response_timeout: 2h } }\n"
                f"executors: [{executor}]\nworkers: 3\ntasks: 6\nrepeat: 1\n"), cwd=self.tmp)
            self.kill_server(process)
            process.communicate(timeout=30)
            self.assertEqual(process.returncode, 1, executor)
            [row] = self.runs()
            self.assertEqual((row["status"], row["tasks_failed"]), ("failed", "6"), executor)
            self.assertRegex(row["error"], "^cannot fetch 'http://127.0.0.1:[0-9]+/': ")

    def test_interrupt(self):
        with serving() as server:
            for executor in ("thread_pool", "process_pool", "async"):
                del server.paths[:]
                process = harness.start(self.never(server, executor), cwd=self.tmp)
                end = time.monotonic() + 30
                while len(server.paths) < 3 and time.monotonic() < end:
                    time.sleep(0.01)
                harness.interrupt(process)
                process.communicate(timeout=30)
                self.assertEqual(process.returncode, 130, executor)
                self.assertEqual(harness.children_of(process.pid), [])
                self.assertEqual(self.runs()[0]["status"], "interrupted", executor)


class Scenario(Fetching):
    def test_errors(self):
        for params, message in (
                ('url: "ftp://example.org/"', "is not a URL of http:// or https://"),
                ('url: "http:///x"', "names no host"),
                ('url: "http://a b/"', "has no spaces or control characters"),
                ('url: "http://a/", size: 1B', "size and delay are those of the built-in server"),
                ("expect_status: 99", "100"),
                ("response_timeout: 0s", "1ms")):
            result = self.conrun("plan", self.write(
                f"workloads: {{ it: {{ type: fetch, {params} }} }}\nexecutors: [thread]\n"))
            self.assertEqual(result.code, 2, params)
            self.assertIn(message, result.err)


class Lua(Fetching):
    def script(self, body, table="", executors=EXECUTORS, workers=3, tasks=6, code=0, **more):
        self.write("return {\n" + table + "  task = function(_, index, w)\n" + body +
                   "  end,\n}\n", "it.lua")
        result = self.run_scenario(
            f"workloads: {{ it: {{ type: lua, script: it.lua }} }}\nexecutors: {executors}\n"
            f"workers: {workers}\ntasks: {tasks}\nrepeat: 1\n", code=code, timeout=120, **more)
        return self.summary(), result

    def test_the_scripts_own_server(self):
        rows, _ = self.script("""
            local body, status = w.fetch()
            assert(#body == 50000 and status == 200)
            return string.unpack("<I4", body, index * 4 + 1)
        """, 'serve = { size = "50kB", delay = "1ms" },\n', harness.EXECUTORS, 20, 40)
        self.assertEqual(len(rows), harness.EXECUTOR_CELLS)
        for row in rows:
            self.assertEqual((row["status"], row["error"]), ("ok", ""), row["executor"])
        self.assertEqual(len({row["checksum"] for row in rows}), 1)

    def test_any_url(self):
        with serving() as server:
            rows, _ = self.script(f"""
                local body, status = w.fetch("{server.url}/good")
                local none, missing = w.fetch("{server.url}/missing")
                local empty = w.fetch("{server.url}/empty")
                assert(status == 200 and missing == 404 and none == "there is no such thing")
                assert(empty == "")
                return #body
            """)
        for row in rows:
            self.assertEqual((row["status"], row["error"]), ("ok", ""), row["executor"])
            self.assertEqual(row["checksum"], str(6 * len(BODY)))

    def test_setup_and_teardown(self):
        rows, result = self.script("return _[1] == w.fetch() and 1 or 0\n", """
            setup = function(w) return { (w.fetch()) } end,
            teardown = function(state, w) assert(w.fetch() == state[1]) end,
            serve = { size = "1kB" },
        """, harness.EXECUTORS)
        self.assertEqual({row["checksum"] for row in rows}, {"6"})
        self.assertNotIn("teardown", result.err)

    def test_a_task_on_the_loop_is_set_aside(self):
        rows, _ = self.script('return #w.fetch()\n', 'serve = { size = "1B", delay = "100ms" },\n',
                              "[sequential, async]", 40, 40)
        elapsed = {row["executor"]: float(row["elapsed_s"]) for row in rows}
        self.assertGreaterEqual(elapsed["sequential"], 4)
        self.assertLess(elapsed["async"], elapsed["sequential"] / 3)

    def test_where_it_cannot_be_it_blocks(self):
        rows, _ = self.script("""
            local get = coroutine.wrap(function() return #w.fetch() + #w.fetch() end)
            return get() + #w.fetch()
        """, "serve = { size = \"10B\" },\n", "[thread_pool, async]", 5, 20)
        for row in rows:
            self.assertEqual((row["error"], row["checksum"]), ("", "600"))

    def test_errors(self):
        refused = f"http://127.0.0.1:{closed_port()}/"
        for call, message in (
                ("w.fetch()", r"fetch needs a server; put serve = \{\} into the script's table"),
                ('w.fetch("ftp://a/")', "fetch: 'ftp://a/' is not a URL of http:// or https://"),
                ("w.fetch({})", "bad argument #1 .*string expected, got table.*"),
                (f'w.fetch("{refused}")',
                 f"cannot fetch '{refused}': cannot connect: Connection refused")):
            rows, _ = self.script(f"            local body = {call}\n            return #body\n",
                                  code=1)
            for row in rows:
                self.assertEqual((row["status"], row["tasks_failed"]), ("failed", "6"), call)
                self.assertRegex(row["error"], rf"/it\.lua:3: {message}$")

    def test_an_error_can_be_caught(self):
        with serving() as server:
            rows, _ = self.script(f"""
                local good, why = pcall(w.fetch, "{server.url}/short")
                assert(not good and why:find("4003 bytes remaining", 1, true), why)
                return #w.fetch("{server.url}/good")
            """)
        self.assertEqual({row["checksum"] for row in rows}, {str(6 * len(BODY))})

    def test_a_body_beyond_the_scripts_memory(self):
        rows, _ = self.script("            return #w.fetch()\n", 'serve = { size = "300MB" },\n',
                              "[thread_pool, async]", 1, 1, code=1)
        for row in rows:
            self.assertRegex(row["error"], r"/it\.lua:\d+: cannot fetch '.*': the body is larger "
                             "than the 256 MiB that a script may have$")

    def test_the_end_of_a_run(self):
        with serving() as server:
            self.write(f'return {{ task = function(_, _, w) w.fetch("{server.url}/never") end }}\n',
                       "it.lua")
            for executor in ("thread_pool", "{ type: thread, gil: true }", "process", "async"):
                self.run_scenario(
                    f"workloads: {{ it: {{ type: lua, script: it.lua }} }}\n"
                    f"executors: [{executor}]\nworkers: 3\ntasks: 3\nrepeat: 1\ntimeout: 300ms\n",
                    code=1, timeout=30)
                self.assertEqual(self.runs()[0]["status"], "timeout", executor)


if __name__ == "__main__":
    unittest.main()
