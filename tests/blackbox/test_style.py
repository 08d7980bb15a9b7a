"""House rules that a program can check: how long, how wide, and what is not used."""

import os
import re
import statistics
import tempfile
import unittest
from pathlib import Path

SOURCE = Path(os.environ.get("CONRUN_SOURCE", Path(__file__).resolve().parents[2]))

MOST_COLUMNS = 100
MOST_FILE_LINES = 500
MOST_FUNCTION_LINES = 40
MOST_MEDIAN_LINES = 15

# The compiler refuses most of these where banned.h is included first; here for all C files.
BANNED = re.compile(
    r"\b(strcpy|strcat|stpcpy|strncpy|strncat|sprintf|vsprintf|gets|strtok|atoi|atol|atoll|atof"
    r"|alloca|setlocale)\s*\(")
UNFINISHED = re.compile(r"\b(TODO|FIXME|XXX|HACK)\b|\bfor now\b", re.IGNORECASE)
COMMENT_OR_TEXT = re.compile(r'/\*.*?\*/|//[^\n]*|"(?:\\.|[^"\\\n])*"|\'(?:\\.|[^\'\\\n])*\'', re.S)


def c_files(root):
    for top in ("runner", "workloads", "tests"):
        yield from sorted((root / top).rglob("*.[ch]"))


def blank(match):
    return re.sub(r"[^\n]", " ", match.group())


def functions(code):
    """(first line, lines) of each function: from its brace in the first column to the closing one."""
    start = None
    for number, line in enumerate(code.splitlines(), 1):
        if line.startswith("{"):
            start = number
        elif line.startswith("}") and start:
            yield start, number - start - 1
            start = None


def check_file(path, root):
    """All faults of one file as `file:line: what is wrong`."""
    name = path.relative_to(root)
    text = path.read_text(encoding="utf-8")
    lines = text.splitlines()
    code = COMMENT_OR_TEXT.sub(blank, text)
    faults = []
    if len(lines) > MOST_FILE_LINES:
        faults.append(f"{name}:1: {len(lines)} lines; split it by idea")
    for number, line in enumerate(lines, 1):
        width = len(line.expandtabs(8))
        # A text that cannot be broken may stick out.
        if width > MOST_COLUMNS and '"' not in line:
            faults.append(f"{name}:{number}: {width} columns")
        if UNFINISHED.search(line):
            faults.append(f"{name}:{number}: unfinished")
    for number, line in enumerate(code.splitlines(), 1):
        if match := BANNED.search(line):
            faults.append(f"{name}:{number}: {match.group(1)} is not used here")
    for start, length in functions(code):
        if length > MOST_FUNCTION_LINES:
            faults.append(f"{name}:{start}: a function of {length} lines")
    return faults


class Tree(unittest.TestCase):
    """The tree as it is."""

    def test_files(self):
        files = list(c_files(SOURCE))
        self.assertGreater(len(files), 20)
        faults = [fault for path in files for fault in check_file(path, SOURCE)]
        self.assertEqual(faults, [], "\n" + "\n".join(faults))

    def test_median_function(self):
        lengths = [length for path in c_files(SOURCE) for _, length in functions(
            COMMENT_OR_TEXT.sub(blank, path.read_text(encoding="utf-8")))]
        self.assertGreater(len(lengths), 100)
        self.assertLessEqual(statistics.median(lengths), MOST_MEDIAN_LINES)


class Checker(unittest.TestCase):
    """The checker finds what it is there to find."""

    def faults(self, text):
        with tempfile.TemporaryDirectory() as folder:
            path = Path(folder) / "x.c"
            path.write_text(text, encoding="utf-8")
            return check_file(path, Path(folder))

    def test_good(self):
        self.assertEqual(self.faults('/* strcpy( */\nint f(void)\n{\n\tputs("gets(");\n}\n'), [])

    def test_faults(self):
        body = "\tx++;\n" * (MOST_FUNCTION_LINES + 1)
        for text, what in (
                ("void f(void)\n{\n" + body + "}\n", "x.c:2: a function of 41 lines"),
                ("\n" * (MOST_FILE_LINES + 1), "x.c:1: 501 lines; split it by idea"),
                ("\t" * 12 + "/* 8 */ 1\n", "x.c:1: 105 columns"),
                ("\n/* TODO */\n", "x.c:2: unfinished"),
                ("int f(void)\n{\n\treturn atoi(s);\n}\n", "x.c:3: atoi is not used here")):
            self.assertEqual(self.faults(text), [what])


if __name__ == "__main__":
    unittest.main()
