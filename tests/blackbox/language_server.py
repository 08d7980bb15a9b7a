"""A language server that is spoken to over its standard input and output, as an editor does it:
JSON-RPC 2.0 behind a header with the length (Language Server Protocol 3.17, "Base Protocol")."""

import json
import os
import subprocess
import threading
from pathlib import Path

CURSOR = "█"  # where the editor's cursor stands in a text

CAPABILITIES = {
    "workspace": {"configuration": True},
    "textDocument": {
        "completion": {"completionItem": {"snippetSupport": True}},
        "hover": {"contentFormat": ["markdown"]},
    },
}

SETTINGS = {"validate": True, "hover": True, "completion": True, "schemaStore": {"enable": False}}


class LanguageServer:
    def __init__(self, command, root, patience_s=60):
        self.process = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE,
                                        stderr=subprocess.DEVNULL)
        # One that says nothing more is ended, and reading it then fails.
        self.alarm = threading.Timer(patience_s, self.process.kill)
        self.alarm.start()
        self.last_id = 0
        self.diagnostics = {}
        self.ask("initialize", {"processId": os.getpid(), "rootUri": Path(root).as_uri(),
                                "capabilities": CAPABILITIES})
        self.tell("initialized", {})

    def close(self):
        self.alarm.cancel()
        self.process.kill()
        self.process.wait()
        self.process.stdin.close()
        self.process.stdout.close()

    # ---- messages ----

    def send(self, message):
        body = json.dumps({"jsonrpc": "2.0", **message}).encode()
        self.process.stdin.write(b"Content-Length: %d\r\n\r\n" % len(body) + body)
        self.process.stdin.flush()

    def receive(self):
        length = None
        while (line := self.process.stdout.readline().strip()) or length is None:
            if not line:
                raise EOFError("the language server has ended")
            name, _, value = line.partition(b":")
            length = int(value) if name.lower() == b"content-length" else length
        return json.loads(self.process.stdout.read(length))

    def handle(self):
        """Takes one message; requests of the server's are answered here."""
        message = self.receive()
        method, params = message.get("method"), message.get("params")
        if method == "textDocument/publishDiagnostics":
            self.diagnostics[params["uri"]] = params["diagnostics"]
        if method and "id" in message:
            result = None
            if method == "workspace/configuration":
                result = [SETTINGS if item.get("section") == "yaml" else None
                          for item in params["items"]]
            self.send({"id": message["id"], "result": result})
        return message

    def tell(self, method, params):
        self.send({"method": method, "params": params})

    def ask(self, method, params):
        self.last_id += 1
        self.send({"id": self.last_id, "method": method, "params": params})
        while True:
            message = self.handle()
            if message.get("id") == self.last_id and "method" not in message:
                if "error" in message:
                    raise AssertionError(message["error"])
                return message["result"]

    # ---- what an editor does ----

    def open(self, path, text):
        """Its URI, and what the server has to say about it."""
        uri = Path(path).as_uri()
        document = {"uri": uri, "languageId": "yaml", "version": 1, "text": text}
        self.tell("textDocument/didOpen", {"textDocument": document})
        while uri not in self.diagnostics:
            self.handle()
        return uri, self.diagnostics.pop(uri)

    def at_cursor(self, method, path, text):
        """Asks about the place of the cursor in a text that is not saved."""
        before = text[:text.index(CURSOR)]
        uri, _ = self.open(path, text.replace(CURSOR, ""))
        result = self.ask(method, {"textDocument": {"uri": uri}, "position": {
            "line": before.count("\n"), "character": len(before) - before.rfind("\n") - 1}})
        self.tell("textDocument/didClose", {"textDocument": {"uri": uri}})
        return result

    def complete(self, path, text):
        """What it proposes: label → item."""
        result = self.at_cursor("textDocument/completion", path, text)
        items = result["items"] if isinstance(result, dict) else result
        return {item["label"]: item for item in items}

    def hover(self, path, text):
        result = self.at_cursor("textDocument/hover", path, text)
        return result["contents"]["value"] if result else ""
