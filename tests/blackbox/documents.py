"""Reading the Markdown documents of the tree: fenced blocks, links, commands in running text."""

import re

import harness

NAMES = ("README.md", "CONTRIBUTING.md", "ARCHITECTURE.md", "scenarios/README.md",
         "lua/README.md", "workloads/plugin/README.md")


class Block:
    def __init__(self, language, body, before):
        self.language = language
        self.body = body
        self.before = before  # the paragraph in front of it

    def file_name(self):
        """What its first line, a comment, calls it: `# first.yaml`, `-- words.lua: …`."""
        found = re.match(r"(?:#|--|//) ([\w./-]+\.\w+)\b", self.body)
        return found and found[1]

    def commands(self):
        """Each line of a shell block, without the comment behind it."""
        text = self.body.replace("\\\n", " ")
        lines = (re.sub(r"\s+# .*$", "", line).strip() for line in text.splitlines())
        return [line for line in lines if line and not line.startswith("#")]


class Document:
    def __init__(self, name):
        self.name = name
        self.path = harness.SOURCE / name
        self.text = self.path.read_text(encoding="utf-8")
        self.prose = re.sub(r"^```.*?^```$", "", self.text, flags=re.M | re.S)

    def blocks(self):
        for found in re.finditer(r"^```(\w*)\n(.*?)^```$", self.text, re.M | re.S):
            before = self.text[:found.start()].rstrip().rpartition("\n\n")[2]
            yield Block(found[1], found[2], before)

    def anchors(self):
        """As a forge makes them of headings."""
        headings = re.findall(r"^#+ (.*)$", self.prose, re.M)
        return {re.sub(r"[^\w -]", "", heading.lower()).replace(" ", "-") for heading in headings}

    def links(self):
        return re.findall(r"\]\(([^)\s]+)\)", self.prose)

    def commands_in_prose(self):
        """`conrun …` in running text and tables."""
        return [" ".join(code.split()) for code in re.findall(r"`(conrun [^`]+)`", self.prose)]
