"""Spreadsheets: the files open in LibreOffice, in locales with a point and with a comma, and in
Python, and figures are figures there; the workbook has its tables and its chart."""

import csv
import os
import re
import shutil
import subprocess
import time
import unittest
import zipfile
from pathlib import Path
from xml.etree import ElementTree

from harness import Case, interrupt, read_csv, run, start

SMALL = """
description: "Waits; in words: one, two"
workloads:
  wait: { type: sleep, duration: [1ms, 2ms] }
  count: { type: primes }
  none: { type: noop }
executors: [sequential, thread, thread_pool]
workers: [1, 2]
tasks: 12
repeat: 2
"""

# Words that a spreadsheet could take for something else.
TRICKY = ["=1+1", "semi;colon", "0,5", "+1", "plain"]
WORDY = """
workloads: { words: { type: lua, script: words.lua, word: [ %s ] } }
executors: [sequential, thread]
workers: [2]
tasks: 2
""" % ", ".join(f'"{word}"' for word in TRICKY)
WORDS_LUA = """
return {
  params = { word = { type = "text", default = "", help = "a word" } },
  task = function(_, i, w) if w.params.word == "plain" then error("=a;b, c", 0) end return i end,
}
"""

OFFICE = shutil.which("soffice") or shutil.which("libreoffice")
NUMBER = re.compile(r"-?\d+(\.\d+)?")
WORDS = {"scenario", "experiment", "workload", "type", "executor", "status", "error", "noise",
         "stop_reason", "started_utc", "expect", "trend", "arrival", "governor"}
ODF = {"office": "urn:oasis:names:tc:opendocument:xmlns:office:1.0",
       "table": "urn:oasis:names:tc:opendocument:xmlns:table:1.0",
       "text": "urn:oasis:names:tc:opendocument:xmlns:text:1.0"}
XLSX = {"": "http://schemas.openxmlformats.org/spreadsheetml/2006/main"}
CHART = {"c": "http://schemas.openxmlformats.org/drawingml/2006/chart"}

# Filter options of LibreOffice's CSV import: separator, quote, UTF-8, first line, no column
# formats, language, no quoted field as text, detect numbers as the language writes them.
ENGLISH, GERMAN = 1033, 1031


def import_options(separator, language):
    return f"--infilter=Text - txt - csv (StarCalc):{ord(separator)},34,76,1,,{language},false,false"


def without(row, *names):
    return {name: value for name, value in row.items() if name not in names}


def has_workbooks():
    return "libxlsxwriter" in run("version").out


class Office(Case):
    """With LibreOffice in a profile of its own."""

    def setUp(self):
        super().setUp()
        if not OFFICE:
            if "CI" in os.environ:
                self.fail("LibreOffice is missing: install libreoffice-calc")
            self.skipTest("LibreOffice is missing: install libreoffice-calc")

    def convert(self, path, kind, *options):
        """Returns what it made, of which there is one for each sheet."""
        out = self.tmp / "converted"
        done = subprocess.run(
            [OFFICE, "--headless", "--norestore",
             f"-env:UserInstallation=file://{self.tmp}/profile", *options,
             "--convert-to", kind, "--outdir", out, path],
            stdin=subprocess.DEVNULL, capture_output=True, text=True, timeout=240,
            env={**os.environ, "HOME": str(self.tmp)})
        made = sorted(out.glob(f"{Path(path).stem}*.{kind.split(':')[0]}"))
        self.assertTrue(made, done.stdout + done.stderr)
        return made

    def cells(self, path, separator, language):
        """The rows that LibreOffice reads, each a list of (kind, value)."""
        [made] = self.convert(path, "fods", import_options(separator, language))
        [table] = ElementTree.parse(made).iterfind(".//table:table", ODF)
        rows = []
        for row in table.iterfind("table:table-row", ODF):
            cells = []
            for cell in row.iterfind("table:table-cell", ODF):
                kind = cell.get(f"{{{ODF['office']}}}value-type")
                value = cell.get(f"{{{ODF['office']}}}value")
                words = "".join(cell.find("text:p", ODF).itertext()) if kind == "string" else value
                repeated = int(cell.get(f"{{{ODF['table']}}}number-columns-repeated", 1))
                cells += [(kind, words)] * (1 if repeated > 200 else repeated)
            rows.append(cells)
        return rows

    def check_cells(self, rows, expected):
        """Figures are numbers of the same value; ids and words are text."""
        header = [value for _, value in rows[0]]
        self.assertEqual(header[:len(expected[0])], list(expected[0]))
        numbers = 0
        for cells, row in zip(rows[1:], expected, strict=True):
            for (kind, value), (name, wanted) in zip(cells, row.items()):
                where = f"{name}: {wanted!r} became {kind} {value!r}"
                if not wanted:
                    self.assertIsNone(kind, where)
                elif name in WORDS:
                    self.assertEqual((kind, value), ("string", wanted), where)
                else:
                    self.assertEqual(kind, "float", where)
                    # LibreOffice keeps 15 digits or a little more, as all spreadsheets do.
                    self.assertAlmostEqual(float(value) / (float(wanted) or 1),
                                           1 if float(wanted) else 0, 14, where)
                    numbers += 1
        self.assertGreater(numbers, 20 * len(expected))

    def test_summary_in_a_locale_with_points(self):
        self.run_scenario(SMALL)
        self.check_cells(self.cells(self.folder() / "summary.csv", ",", ENGLISH), self.summary())

    def test_runs_in_a_locale_with_points(self):
        self.run_scenario(SMALL)
        rows = self.cells(self.folder() / "runs.csv", ",", ENGLISH)
        expected = self.runs()
        # A moment is one to a spreadsheet, or text; never a figure.
        at = list(expected[0]).index("started_utc")
        self.assertLessEqual({row[at][0] for row in rows[1:]}, {"date", "string"})
        for row in rows:
            del row[at]
        self.check_cells(rows, [without(row, "started_utc") for row in expected])

    def test_semicolons_in_a_locale_with_commas(self):
        self.run_scenario(SMALL, "--csv-dialect", "semicolon")
        self.check_cells(self.cells(self.tmp / "results/it.csv", ";", GERMAN), self.summary())

    def test_commas_in_a_locale_with_commas_do_not_do(self):
        """The reason for the other dialect; were it not so, it would not be needed."""
        self.run_scenario(SMALL)
        rows = self.cells(self.folder() / "summary.csv", ",", GERMAN)
        at = [value for _, value in rows[0]].index("elapsed_s")
        self.assertNotEqual({row[at][0] for row in rows[1:]}, {"float"})

    def test_workbook(self):
        if not has_workbooks():
            self.skipTest("this conrun was built without libxlsxwriter")
        self.run_scenario(SMALL, "--format", "xlsx")
        # Sheet by sheet; a number as it is and not as it is shown.
        made = self.convert(self.tmp / "results/it.xlsx",
                            "csv:Text - txt - csv (StarCalc):44,34,76,1,,0,false,false,false,"
                            "false,false,-1")
        sheets = {path.stem.split("-", 1)[1]: path for path in made}
        self.assertEqual(sorted(sheets), ["chart", "columns", "runs", "summary"])
        for name, expected in (("summary", self.summary()), ("runs", self.runs())):
            read = read_csv(sheets[name])
            self.assertEqual(len(read), len(expected))
            for row, wanted in zip(read, expected):
                self.assertEqual(list(row), list(wanted))
                for column, value in wanted.items():
                    if column not in WORDS and value:
                        self.assertAlmostEqual(
                            float(row[column]) / (float(value) or 1),
                            1 if float(value) else 0, 9, column)
                    else:
                        self.assertEqual(row[column], value, column)


class Dialect(Case):
    def test_only_the_linked_file_changes(self):
        self.write(WORDS_LUA, "words.lua")
        self.run_scenario(WORDY, "--csv-dialect", "semicolon", code=1)
        linked = (self.tmp / "results/it.csv").read_text(encoding="utf-8")
        self.assertTrue(linked.startswith("scenario;experiment;workload;"))
        with open(self.tmp / "results/it.csv", newline="", encoding="utf-8") as file:
            rows = list(csv.DictReader(file, delimiter=";", strict=True))
        standard = self.summary()
        self.assertEqual(list(rows[0]), list(standard[0]))
        self.assertEqual([row["word"] for row in rows[::2]],
                         ["'=1+1", "semi;colon", "0,5", "'+1", "plain"])
        self.assertIn(';"semi;colon";', linked)
        commas = 0
        for row, wanted in zip(rows, standard, strict=True):
            for name, value in wanted.items():
                if name not in WORDS | {"word"}:
                    commas += "." in value
                    self.assertRegex(value, f"^({NUMBER.pattern})?$")
                    value = value.replace(".", ",")
                self.assertEqual(row[name], value, name)
        self.assertGreater(commas, 100)
        self.assertTrue((self.folder() / "runs.csv").read_text().startswith("scenario,"))

    def test_conrun_reads_it_back(self):
        """The plan's estimate comes from that file; and it can be compared."""
        scenario = SMALL.replace("  wait: { type: sleep, duration: [1ms, 2ms] }\n", "")
        path = self.write(scenario)
        plans = {}
        for dialect in ("comma", "semicolon"):
            self.run_scenario(scenario, "--csv-dialect", dialect)
            plans[dialect] = self.conrun("plan", path).out
            self.conrun("compare", self.tmp / "results/it.csv", self.folder() / "summary.csv")
        # What each run took stands in the plan where the last summary could be read.
        estimate = [line for line in plans["comma"].splitlines() if "at most" in line]
        self.assertTrue(estimate, plans["comma"])
        self.assertEqual(["unknown" in text for text in plans.values()], [False, False])
        compared = self.conrun("compare", self.tmp / "results/it.csv",
                               self.folder() / "summary.csv")
        self.assertIn(compared.code, (0, 3), compared.err)

    def test_wrong_values(self):
        path = self.write(SMALL)
        for flag, value, says in (
                ("--csv-dialect", "semi", "allowed: comma, semicolon"),
                ("--csv-dialect", "semicolons", "did you mean 'semicolon'?"),
                ("--format", "ods", "allowed: xlsx"), ("--format", "xslx", "did you mean 'xlsx'?")):
            result = self.conrun(path, flag, value)
            self.assertEqual((result.code, result.out), (2, ""), result.err)
            self.assertIn(f"unknown value '{value}' for '{flag}'", result.err)
            self.assertIn(says, result.err)
        self.assertFalse((self.tmp / "results").exists())


class Workbook(Case):
    def setUp(self):
        super().setUp()
        if not has_workbooks():
            self.skipTest("this conrun was built without libxlsxwriter")

    def book(self, text=SMALL):
        result = self.run_scenario(text, "--format", "xlsx", "-q")
        self.assertEqual(result.err, "")
        book = zipfile.ZipFile(self.tmp / "results/it.xlsx")
        self.addCleanup(book.close)
        self.assertIsNone(book.testzip())
        return book

    def xml(self, book, name):
        return ElementTree.fromstring(book.read(name))

    def rows(self, book, number):
        """A sheet's cells, each a text or a float."""
        strings = ["".join(item.itertext())
                   for item in self.xml(book, "xl/sharedStrings.xml").iterfind("si", XLSX)]
        rows = []
        for row in self.xml(book, f"xl/worksheets/sheet{number}.xml").iterfind(".//row", XLSX):
            cells = {}
            for cell in row.iterfind("c", XLSX):
                value = cell.findtext("v", None, XLSX)
                if value is not None:
                    column = re.match("[A-Z]+", cell.get("r")).group()
                    text = cell.get("t") == "s"
                    cells[column] = strings[int(value)] if text else float(value)
            rows.append(cells)
        return rows

    def test_has_the_figures(self):
        book = self.book()
        names = [sheet.get("name")
                 for sheet in self.xml(book, "xl/workbook.xml").iterfind(".//sheet", XLSX)]
        self.assertEqual(names, ["summary", "runs", "columns", "chart"])
        for number, expected in ((1, self.summary()), (2, self.runs())):
            header, *rows = self.rows(book, number)
            self.assertEqual(list(header.values()), list(expected[0]))
            for row, wanted in zip(rows, expected, strict=True):
                for column, name in header.items():
                    self.check(name, row.get(column, ""), wanted[name])
        explained = {row["A"] for row in self.rows(book, 3)}
        self.assertLessEqual(set(self.summary()[0]) | set(self.runs()[0]), explained)

    def check(self, name, cell, wanted):
        digits = len(re.sub(r"\D", "", wanted))
        if name in WORDS or not wanted or digits > 15:
            self.assertEqual(cell, wanted, name)
        else:
            self.assertIsInstance(cell, float, name)
            self.assertAlmostEqual(cell / (float(wanted) or 1), 1 if float(wanted) else 0, 12, name)

    def test_tables_frozen_header_and_widths(self):
        book = self.book()
        for number, name in ((1, "summary"), (2, "runs")):
            table = self.xml(book, f"xl/tables/table{number}.xml")
            self.assertEqual(table.get("name"), name)
            self.assertIsNotNone(table.find("autoFilter", XLSX))
            sheet = self.xml(book, f"xl/worksheets/sheet{number}.xml")
            pane = sheet.find(".//pane", XLSX)
            self.assertEqual((pane.get("state"), pane.get("ySplit")), ("frozen", "1"))
            widths = {float(column.get("width")) for column in sheet.iterfind(".//col", XLSX)}
            self.assertGreater(len(widths), 3)
        formats = {form.get("formatCode")
                   for form in self.xml(book, "xl/styles.xml").iterfind(".//numFmt", XLSX)}
        self.assertIn("0.000000", formats)

    def test_lines_over_workers(self):
        book = self.book()
        chart = self.xml(book, "xl/charts/chart1.xml")
        lines = chart.findall(".//c:scatterChart/c:ser", CHART)
        self.assertEqual(len(lines), 4 * 3)  # a third of them has one point
        figures = {(row["workload"], row["duration_s"], row["executor"], float(row["workers"])):
                   float(row["throughput_per_s"]) for row in self.summary()}
        drawn = {}
        for line in lines:
            name = line.findtext("c:tx//c:v", None, CHART)
            x = {p.get("idx"): float(p[0].text) for p in line.findall("c:xVal//c:pt", CHART)}
            for point in line.findall("c:yVal//c:pt", CHART):
                drawn[name, x[point.get("idx")]] = float(point[0].text)
        self.assertEqual(len(drawn), len(figures))
        self.assertAlmostEqual(drawn["wait(duration=2ms) · thread", 2] /
                               figures["wait", "0.002", "thread", 2], 1, 6)
        titles = ["".join(title.itertext()) for title in chart.iterfind(".//c:title", CHART)]
        self.assertEqual(titles, ["Throughput over workers", "workers", "tasks per second"])

    def test_bars_where_nothing_scales(self):
        book = self.book(SMALL.replace("[1, 2]", "[2]"))
        chart = self.xml(book, "xl/charts/chart1.xml")
        [bars] = chart.findall(".//c:barChart/c:ser", CHART)
        names = [point[0].text for point in bars.findall("c:cat//c:pt", CHART)]
        self.assertEqual(len(names), len(self.summary()))
        self.assertIn("wait(duration=1ms) · thread ×2", names)
        self.assertEqual("".join(chart.find(".//c:valAx/c:title", CHART).itertext()), "seconds")
        self.assertEqual(chart.find(".//c:catAx/c:scaling/c:orientation", CHART).get("val"),
                         "maxMin")

    def test_both_places_and_nobody_named(self):
        book = self.book()
        kept = self.folder() / "summary.xlsx"
        with zipfile.ZipFile(kept) as other:
            self.assertEqual(other.read("xl/worksheets/sheet1.xml"),
                             book.read("xl/worksheets/sheet1.xml"))
        core = book.read("docProps/core.xml").decode()
        self.assertIn("<dc:creator></dc:creator>", core)
        left = sorted(path.name for path in (self.tmp / "results").iterdir())
        self.assertEqual(left, ["it", "it.csv", "it.xlsx"])

    def test_words_are_words(self):
        self.write(WORDS_LUA, "words.lua")
        self.run_scenario(WORDY, "--format", "xlsx", code=1)
        with zipfile.ZipFile(self.tmp / "results/it.xlsx") as book:
            for number in (1, 2):
                header, *rows = self.rows(book, number)
                at = {name: column for column, name in header.items()}
                self.assertEqual({row[at["word"]] for row in rows}, set(TRICKY))
                [failed] = {row[at["error"]] for row in rows if at["error"] in row}
                self.assertIn("=a;b, c", failed)
                self.assertNotIn(b"<f>", book.read(f"xl/worksheets/sheet{number}.xml"))

    def test_library_that_is_gone(self):
        """Before anything is run, and with what to install."""
        [name] = re.findall(r"present: (libxlsxwriter\S+)", run("list").out)
        fake = self.tmp / "lib"
        fake.mkdir()
        (fake / name).write_bytes(b"no library")
        result = self.conrun(self.write(SMALL), "--format", "xlsx",
                             env={"LD_LIBRARY_PATH": str(fake)})
        self.assertEqual(result.code, 2, result.err)
        self.assertIn("cannot open libxlsxwriter", result.err)
        self.assertIn("install libxlsxwriter4", result.err)
        self.assertFalse((self.tmp / "results").exists())

    def test_does_not_stay_in_the_program(self):
        """The hosts of a second scenario would carry it through every fork."""
        first = self.write(SMALL)
        second = self.write("""
workloads: { wait: { type: sleep, duration: 20s } }
executors: [sequential]
tasks: 1
""", "second.yaml")
        process = start(first, second, "--format", "xlsx", cwd=self.tmp)
        try:
            end = time.monotonic() + 60
            while not (self.tmp / "results/second").exists() and time.monotonic() < end:
                time.sleep(0.05)
            self.assertTrue((self.tmp / "results/it.xlsx").exists())
            maps = Path(f"/proc/{process.pid}/maps").read_text()
            self.assertIn("conrun", maps)
            self.assertNotIn("xlsxwriter", maps)
        finally:
            interrupt(process)
            process.communicate(timeout=60)

    def test_that_cannot_be_put_in_its_place(self):
        (self.tmp / "results").mkdir()
        (self.tmp / "results/it.xlsx").mkdir()
        result = self.conrun(self.write(SMALL), "--format", "xlsx")
        self.assertEqual(result.code, 1)
        self.assertIn("it.xlsx'", result.err)
        self.assertTrue((self.folder() / "summary.csv").exists())
        left = [path.name for path in (self.tmp / "results").iterdir() if path.is_file()]
        self.assertEqual(sorted(left), ["it.csv"])


class WithoutLibrary(Case):
    def test_is_said_before_anything_is_run(self):
        if has_workbooks():
            self.skipTest("this conrun was built with libxlsxwriter")
        result = self.conrun(self.write(SMALL), "--format", "xlsx")
        self.assertEqual(result.code, 2)
        self.assertIn("install libxlsxwriter-dev and build it again", result.err)
        self.assertFalse((self.tmp / "results").exists())


if __name__ == "__main__":
    unittest.main()
