"""CONTRIBUTING.md's four walks, followed in a copy of the tree: what stands there compiles and runs."""

import os
import re
import shutil
import subprocess
import unittest

import documents
import harness

# Commands that measure for minutes, with programs that are installed for that alone.
ELSEWHERE = {"tests/setup bench", "cmake --preset release && "
             "cmake --build --preset release --target bench"}


def with_line(text, registry, line):
    """A declaration before the table, the file's guard or its last declarations; an entry at the
    end of the table, or before what the walk says must come last."""
    if line.startswith("extern"):
        if registry.endswith(".h"):
            before = "#endif"
            at = text.rindex(before)
        else:
            at = re.search(r"^(static )?const struct \w+ \*const \w+\[\]", text, re.M).start()
        return f"{text[:at]}{line}\n\n{text[at:]}"
    at = text.find("\t&report_terminal,") if "report" in line else -1
    at = at if at >= 0 else text.index("\tNULL,\n};")
    return f"{text[:at]}\t{line}\n{text[at:]}"


@unittest.skipIf(harness.sanitized(), "a build of its own")
class Walks(harness.Case):
    def make_tree(self):
        tree = self.tmp / "tree"
        keep = shutil.ignore_patterns(".git", "build", "__pycache__", "node_modules")
        shutil.copytree(harness.SOURCE, tree, ignore=keep, symlinks=True)
        return tree

    def apply(self, tree, document):
        """Its files, and its lines of registries; how many of each."""
        files = 0
        for block in document.blocks():
            if block.language != "c":
                continue
            path = re.search(r"`((?:runner|workloads)/[\w/]+\.c)`", block.before.split("\n\n")[-1])
            self.assertTrue(path, block.before)
            self.assertFalse((tree / path[1]).exists(), path[1])
            (tree / path[1]).write_text(block.body, encoding="utf-8")
            files += 1
        lines = 0
        for sentence in re.findall(r"In `(?:runner|workloads)/.*?\.(?=\s)", document.prose,
                                   re.S):
            lines += self.apply_lines(tree, " ".join(sentence.split()))
        return files, lines

    def apply_lines(self, tree, sentence):
        registry = None
        lines = 0
        for code in re.findall(r"`([^`]+)`", sentence):
            if re.fullmatch(r"[\w/]+\.[ch]", code):
                registry = code
                continue
            if not re.match(r"extern |&", code):
                continue
            path = tree / registry
            path.write_text(with_line(path.read_text(encoding="utf-8"), registry, code),
                            encoding="utf-8")
            lines += 1
        return lines

    def run_in(self, folder, *command):
        environment = {**os.environ, "PATH": f"{self.tmp}/tree/build:{os.environ['PATH']}"}
        done = subprocess.run(command, cwd=folder, env=environment, text=True, check=False,
                              stdout=subprocess.PIPE, stderr=subprocess.STDOUT, timeout=600)
        self.assertEqual(done.returncode, 0, f"{command}\n{done.stdout[-6000:]}")
        return done.stdout

    def test_each(self):
        document = documents.Document("CONTRIBUTING.md")
        tree = self.make_tree()
        self.assertEqual(self.apply(tree, document), (4, 8))
        self.run_in(tree, "cmake", "-S", ".", "-B", "build", "-G", "Ninja",
                    "-DCMAKE_BUILD_TYPE=Debug", "-DCMAKE_C_FLAGS=-Werror")
        self.run_in(tree, "nice", "cmake", "--build", "build", "--target", "conrun")
        place = self.tmp / "place"
        place.mkdir()
        skipped = set()
        for block in document.blocks():
            if block.language == "yaml":
                (place / block.file_name()).write_text(block.body, encoding="utf-8")
            for line in block.commands() if block.language == "sh" else []:
                if line in ELSEWHERE:
                    skipped.add(line)
                else:
                    self.run_in(place, "sh", "-ec", line)
        self.assertEqual(skipped, ELSEWHERE)
        self.assertIn("collatz", self.run_in(place, "conrun", "list"))
        self.assertIn("conrun clock", self.run_in(place, "conrun", "help", "clock"))


if __name__ == "__main__":
    unittest.main()
