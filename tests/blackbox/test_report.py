"""report.html and `conrun report`: what a session looks like, made from the files it left."""

import csv
import os
import re
import shutil
import unittest
import xml.etree.ElementTree as ElementTree
from html.parser import HTMLParser

import harness

GNUPLOT = shutil.which("gnuplot")
VOID = {"meta", "link", "br", "hr", "img", "input"}
# SVG's elements without content are closed by themselves.
SVG = "{http://www.w3.org/2000/svg}"

CURVES = """\
name: it
description: Does waiting <scale> & grow?
workloads: { nap: { type: sleep, duration: 10ms } }
executors: [thread_pool, process_pool]
workers: [1, 2, 4]
tasks: 8
repeat: 2
expect:
  - { name: more workers are faster, when: { workers: 4 }, that: "elapsed_s < 10" }
  - { that: "tasks_ok == 7" }
"""

BARS = """\
workloads: { nap: { type: sleep, duration: 10ms } }
executors: [sequential, thread]
workers: 3
tasks: 3
repeat: 1
"""

# Whatever a script says is text on the page, and so is a name.
ODD = """\
workloads:
  odd: { type: lua, script: odd.lua, allow: [no, "<b>'&\\""] }
executors: [thread_pool]
workers: 1
tasks: 1
repeat: 1
"""
ODD_SCRIPT = """\
return {
  params = { allow = { type = "text", default = "no", help = "which" } },
  task = function(state, i, w)
    if w.params.allow ~= "no" then error("<script>alert('x')</script> & \\"more\\"") end
    return 1
  end,
}
"""


class Page(HTMLParser):
    """What is on a page: every element with its attributes and its text; tags must balance."""

    def __init__(self, text):
        super().__init__(convert_charrefs=True)
        self.elements, self.open, self.faults = [], [], []
        self.feed(text)
        self.close()
        if self.open:
            self.faults.append(f"not closed: {[element['tag'] for element in self.open]}")

    def handle_starttag(self, tag, attrs):
        element = {"tag": tag, "attrs": dict(attrs), "text": "", "in": self.path()}
        self.elements.append(element)
        if tag not in VOID:
            self.open.append(element)

    def handle_startendtag(self, tag, attrs):
        self.handle_starttag(tag, attrs)
        if tag not in VOID:
            self.open.pop()

    def handle_endtag(self, tag):
        if not self.open or self.open[-1]["tag"] != tag:
            self.faults.append(f"</{tag}> in {self.path()}")
        else:
            self.open.pop()

    def handle_data(self, data):
        for element in self.open:
            element["text"] += data

    def path(self):
        return [element["tag"] for element in self.open]

    def all(self, tag):
        return [element for element in self.elements if element["tag"] == tag]

    def texts(self, tag):
        return [element["text"] for element in self.all(tag)]


def drawings(text):
    """The page's charts by the id of their figure, as XML."""
    found = {}
    for name, svg in re.findall(r'<figure id="([^"]+)">.*?(<svg .*?</svg>)', text, re.S):
        svg = svg.replace("<svg ", '<svg xmlns="http://www.w3.org/2000/svg" '
                                   'xmlns:xlink="http://www.w3.org/1999/xlink" ', 1)
        found[name] = ElementTree.fromstring(svg)
    return found


def marks(svg, colour):
    """Points of one colour, the one in the key not counted."""
    uses = [use for use in svg.iter(SVG + "use") if use.get("color") == f"var(--{colour})"]
    return len(uses) - 1


def bars(svg):
    return [it for it in svg.iter(SVG + "polygon") if it.get("fill", "").startswith("var(--")]


class Report(harness.Case):
    def page(self, scenario="it"):
        self.text = (self.folder(scenario) / "report.html").read_text(encoding="utf-8")
        page = Page(self.text)
        self.assertEqual(page.faults, [])
        return page

    def path_without_gnuplot(self):
        empty = self.tmp / "bin"
        empty.mkdir(exist_ok=True)
        return {"PATH": str(empty)}


class Structure(Report):
    def test_page(self):
        self.run_scenario(CURVES, code=3)
        page = self.page()
        [root] = page.all("html")
        self.assertEqual(root["attrs"]["lang"], "en")
        self.assertEqual(page.texts("h1"), ["it"])
        self.assertIn("Does waiting <scale> & grow?", page.texts("p"))
        for heading in ("The answer", "Is it as expected?", "In figures", "Do it again",
                        "Measured on"):
            self.assertIn(heading, page.texts("h2"))
        levels = [int(element["tag"][1]) for element in page.elements
                  if re.fullmatch("h[1-6]", element["tag"])]
        self.assertTrue(all(b - a <= 1 for a, b in zip(levels, levels[1:])), levels)
        ids = [element["attrs"]["id"] for element in page.elements if "id" in element["attrs"]]
        self.assertEqual(len(ids), len(set(ids)))
        for element in page.elements:
            if labelled := element["attrs"].get("aria-labelledby"):
                self.assertIn(labelled, ids)

    def test_it_needs_nothing_else(self):
        self.run_scenario(CURVES, code=3)
        page = self.page()
        self.assertEqual(page.all("script") + page.all("img") + page.all("iframe"), [])
        for element in page.elements:
            for name, value in element["attrs"].items():
                self.assertFalse(name.startswith("on"), element)
                if name in ("src", "href", "xlink:href"):
                    self.assertRegex(value, r"^(#|data:,|summary\.csv|runs\.csv|run\.json)")
        self.assertNotRegex(self.text, r"@import|url\(")

    def test_answer(self):
        ended = self.run_scenario(CURVES, code=3)
        page = (self.folder() / "report.html").relative_to(self.tmp)
        self.assertEqual(ended.out.splitlines()[-1], f"page: {page}")
        [answer] = [element["text"] for element in self.page().all("p")
                    if element["attrs"].get("class") == "answer"]
        self.assertRegex(answer, r"^For nap, .*_pool with \d workers?.*\d ms.*\.$")

    def test_expectations(self):
        self.run_scenario(CURVES, code=3)
        page = self.page()
        rows = [row["text"] for row in page.all("tr") if "of" in row["text"]
                and ("yes" in row["text"] or "no" in row["text"])]
        self.assertEqual(len(rows), 2, rows)
        self.assertRegex(rows[0], r"yes.*2 of 2.*more workers are faster.*elapsed_s < 10")
        self.assertRegex(rows[1], r"no.*0 of 6.*tasks_ok == 7")

    def test_every_experiment_has_its_row(self):
        self.run_scenario(CURVES, code=3)
        page = self.page()
        figures = [Page(table)
                   for table in re.findall(r"<table>.*?</table>", self.text, re.S)[1:]]
        self.assertEqual(len(figures), 3)
        for table in figures:
            rows = [row for row in table.all("tr") if "tbody" in row["in"]]
            self.assertEqual(len(rows), 6)
            self.assertTrue(all(cell["attrs"].get("scope") in ("col", "row")
                                for cell in table.all("th")))
            self.assertEqual(len(table.all("caption")), 1)
        seconds = [float(row["elapsed_s"]) for row in self.summary()]
        shown = [text for text in page.texts("td") if text.endswith(" ms")]
        self.assertIn(f"{seconds[0] * 1000:.2f} ms", shown)

    def test_names_are_text(self):
        (self.tmp / "odd.lua").write_text(ODD_SCRIPT)
        self.run_scenario(ODD, code=1)
        page = self.page()
        self.assertEqual(page.all("script") + page.all("b"), [])
        self.assertTrue(any("<script>alert('x')</script> & \"more\"" in text
                            for text in page.texts("li")), page.texts("li"))
        self.assertIn("<b>'&\"", page.texts("th"))

    def test_a_thousand_rows(self):
        counts = ", ".join(map(str, range(1, 1001)))
        self.run_scenario(
            "workloads: { go: { type: noop } }\nexecutors: [sequential]\n"
            f"tasks: [{counts}]\nrepeat: 1\n")
        page = self.page()
        rows = [row for row in page.all("tr") if "tbody" in row["in"]]
        self.assertEqual(len(rows), 3 * 1000)
        self.assertLess(len(self.text), 3_000_000)
        closed = [it for it in page.all("details") if "open" not in it["attrs"]]
        self.assertGreaterEqual(len(closed), 2)


@unittest.skipUnless(GNUPLOT, "gnuplot is not installed")
class Charts(Report):
    def test_curves(self):
        self.run_scenario(CURVES, code=3)
        page = self.page()
        charts = drawings(self.text)
        self.assertEqual(sorted(charts), ["latency-1", "lifecycle-1", "speedup-1", "time-1"])
        for name in ("time-1", "speedup-1"):
            for colour in ("c1", "c2"):
                self.assertEqual(marks(charts[name], colour), 3, name)
        texts = [text.text for text in charts["time-1"].iter(SVG + "text")]
        self.assertIn("thread_pool", texts)
        self.assertIn("workers", texts)
        self.assertIn("ideal", [it.text for it in charts["speedup-1"].iter(SVG + "text")])
        self.assertGreaterEqual(len(bars(charts["lifecycle-1"])), 6)
        for svg, figure in zip(page.all("svg"), page.all("figure"), strict=True):
            self.assertEqual(svg["attrs"]["role"], "img")
            self.assertRegex(svg["attrs"]["aria-label"], r"^nap: .*(thread|process)_pool.*\d")
            self.assertIn("figure", svg["in"])
            self.assertIn("nap: ", figure["text"])
        self.assertEqual(len(page.all("figcaption")), 4)

    def test_colours_follow_the_page(self):
        self.run_scenario(CURVES, code=3)
        self.page()
        for name, svg in drawings(self.text).items():
            for element in svg.iter():
                for attribute in ("stroke", "fill", "color"):
                    self.assertNotRegex(element.get(attribute, ""), r"^(black|rgb)", name)
        used = set(re.findall(r"var\(--(\w+)\)", self.text))
        for name in used:
            self.assertEqual(len(re.findall(rf"--{name}:#[0-9a-f]{{6}};", self.text)), 2, name)

    def test_wide_names_stand_below_the_axis(self):
        """Whether the key has two columns or, as here, one."""
        self.run_scenario(
            "workloads: { nap: { type: sleep, duration: 1ms } }\n"
            "executors: [{ type: thread_pool, gil: [false, true] }, process_pool]\n"
            "workers: [1, 2]\ntasks: 2\nrepeat: 1\n")
        self.page()
        charts = drawings(self.text)
        for name in ("time-1", "speedup-1"):
            heights = {}
            for group in charts[name].iter(SVG + "g"):
                place = re.match(r"translate\([^,]+,([^)]+)\)", group.get("transform", ""))
                for text in group.findall(SVG + "text") if place else []:
                    heights[text.text] = float(place[1])
            for key in ("thread_pool", "thread_pool[gil]", "process_pool"):
                self.assertGreater(heights[key], heights["workers"] + 10, (name, heights))

    def test_the_load_is_the_axis(self):
        """An open loop swept over its rate: one curve of waits, no panel for each rate."""
        self.run_scenario(
            "workloads: { nap: { type: sleep, duration: 1ms } }\n"
            "executors: [thread_pool, async]\nworkers: 4\n"
            "rate: [100/s, 200/s, 300/s, 400/s, 500/s, 600/s]\nruntime: 50ms\nrepeat: 1\n")
        self.page()
        charts = drawings(self.text)
        self.assertEqual(sorted(charts), ["latency-1", "lifecycle-1", "time-1"])
        for colour in ("c1", "c2"):
            self.assertEqual(marks(charts["time-1"], colour), 6)
        texts = [text.text for text in charts["time-1"].iter(SVG + "text")]
        self.assertIn("rate, per s", texts)
        self.assertIn("600", texts)
        # One unit stands with the name, where the figures lie close enough for one.
        named = [text for text in texts if re.fullmatch(r"wait(, (ns|µs|ms|s))?", text or "")]
        self.assertEqual(len(named), 1, texts)
        label = re.search(r'id="time-1".*?aria-label="([^"]*)"', self.text, re.S).group(1)
        self.assertRegex(label, r"over rate\. thread_pool: \S+ .?s at 100/s, \S+ .?s at 600/s\.")
        self.assertIn("<strong>nap: how long tasks wait at most (99 %)</strong>", self.text)
        self.assertNotIn("Not drawn", self.text)

    def test_a_parameter_is_the_axis(self):
        self.run_scenario(
            "workloads: { nap: { type: sleep, duration: [1ms, 2ms, 3ms, 4ms, 5ms, 6ms] } }\n"
            "executors: [thread_pool, async]\nworkers: 2\ntasks: 2\nrepeat: 1\n")
        self.page()
        charts = drawings(self.text)
        self.assertEqual([name for name in charts if "time" in name], ["time-1"])
        self.assertEqual(marks(charts["time-1"], "c1"), 6)
        self.assertIn("duration, ms", [text.text for text in charts["time-1"].iter(SVG + "text")])
        lanes = [text.text for text in charts["latency-1"].iter(SVG + "text")]
        self.assertIn("async, 6ms", lanes)

    def test_words_are_lanes(self):
        self.run_scenario(
            "workloads: { count: { type: counter, n: 10, "
            "sync: [mutex, spinlock, rwlock, semaphore, atomic] } }\n"
            "executors: [thread, thread_pool]\nworkers: 2\ntasks: 2\nrepeat: 1\n")
        self.page()
        charts = drawings(self.text)
        self.assertEqual([name for name in charts if "time" in name], ["time-1", "time-2"])
        for name, executor in (("time-1", "thread"), ("time-2", "thread_pool")):
            texts = [text.text for text in charts[name].iter(SVG + "text")]
            for word in ("mutex", "spinlock", "rwlock", "semaphore", "atomic"):
                self.assertIn(word, texts)
            self.assertIn(f"<strong>count, {executor}: time of all tasks</strong>", self.text)

    def test_shares_are_lanes(self):
        """A mark with a percent sign is no format."""
        self.run_scenario(
            "workloads: { touch: { type: cow, heap: 1MiB, touch: [0%, 50%, 100%] } }\n"
            "executors: [process_pool]\nworkers: 1\ntasks: 2\nrepeat: 1\n")
        self.page()
        texts = [text.text for text in drawings(self.text)["latency-1"].iter(SVG + "text")]
        self.assertIn("50%", texts)

    def test_what_is_not_drawn_is_named(self):
        """Seven workloads, room for four."""
        naps = ", ".join(f"nap{i}: {{ type: sleep, duration: {i + 1}ms }}" for i in range(7))
        self.run_scenario(f"workloads: {{ {naps} }}\nexecutors: [async]\ntasks: 2\nrepeat: 1\n")
        page = self.page()
        names = "Not drawn, there is too much of it: nap4; nap5; nap6. All of it is in the tables."
        self.assertIn(names, page.texts("p"))
        for flags in ((), ("--svg",)):
            made = self.conrun("report", "it", *flags)
            self.assertEqual(made.err, "conrun: note: not drawn, there is too much of it: "
                                       "nap4; nap5; nap6\n")
        self.assertEqual(self.conrun("report", "it", "--md").err, "")

    def test_a_curve_without_figures(self):
        """The last of them: what stands before it is drawn all the same."""
        self.run_scenario(CURVES, code=3)
        path = self.folder() / "summary.csv"
        rows = harness.read_csv(path)
        for row in rows:
            if row["executor"] == "process_pool":
                row.update({name: "" for name in row if name.startswith(("elapsed", "speedup"))})
        with path.open("w", encoding="utf-8", newline="") as file:
            writer = csv.DictWriter(file, list(rows[0]), lineterminator="\r\n")
            writer.writeheader()
            writer.writerows(rows)
        result = self.conrun("report", "it")
        self.assertEqual((result.code, result.err), (0, ""))
        self.page()
        self.assertEqual(marks(drawings(self.text)["time-1"], "c1"), 3)

    def test_numbers_that_are_names(self):
        """1.1 and 1.10 are one number but two values: no curve goes through both."""
        self.write("return { params = { ver = { type = 'text', default = '1', help = 'which' } },\n"
                   "  task = function() return 1 end }\n", "e.lua")
        self.run_scenario('workloads: { e: { type: lua, script: e.lua,'
                          ' ver: ["1.1", "1.10", "1.2"] } }\n'
                          "executors: [sequential]\ntasks: 2\nrepeat: 1\n")
        self.page()
        self.assertEqual(len(bars(drawings(self.text)["time-1"])), 3)

    def test_bars(self):
        self.run_scenario(BARS)
        self.page()
        charts = drawings(self.text)
        self.assertEqual(sorted(charts), ["latency-1", "lifecycle-1", "time-1"])
        self.assertEqual(len(bars(charts["time-1"])), 2)
        label = re.search(r'id="time-1".*?aria-label="([^"]*)"', self.text, re.S).group(1)
        self.assertRegex(label, r"sequential: \d.* ms; thread ×3: \d.* ms\.$")

    def test_timeline(self):
        self.run_scenario(BARS)
        rows = "".join(
            f"{row['experiment']},{round},{task},{task % 2},0,{task // 2},{task // 2 + 1},1,ok\n"
            for row in self.summary() for round in (1, 2) for task in range(5))
        (self.folder() / "tasks.csv").write_text(
            "experiment,round,task,worker,submitted_s,started_s,finished_s,value,status\n" + rows)
        self.assertEqual(self.conrun("report", "it").code, 0)
        self.page()
        charts = drawings(self.text)
        self.assertEqual([name for name in charts if "timeline" in name],
                         ["timeline-1", "timeline-2"])
        self.assertEqual(len(bars(charts["timeline-1"])), 5)
        texts = [text.text for text in charts["timeline-1"].iter(SVG + "text")]
        self.assertIn("worker 1", texts)
        self.assertNotIn("worker 2", texts)
        label = re.search(r'id="timeline-1".*?aria-label="([^"]*)"', self.text, re.S).group(1)
        self.assertIn("worker 1 from 1 s to 2 s", label)

    def test_files(self):
        self.run_scenario(CURVES, code=3)
        made = self.conrun("report", "it", "--svg", "--png")
        self.assertEqual((made.code, made.err), (0, ""))
        paths = made.out.splitlines()
        self.assertEqual(len(paths), 8)
        for path in map(self.tmp.joinpath, paths):
            self.assertEqual(path.parent, self.folder())
            if path.suffix == ".png":
                self.assertEqual(path.read_bytes()[:8], b"\x89PNG\r\n\x1a\n")
                continue
            svg = ElementTree.parse(path).getroot()
            self.assertTrue(svg.find(SVG + "title").text.startswith("nap: "))
            self.assertNotIn("var(--", path.read_text(encoding="utf-8"))

    def test_a_gnuplot_that_fails(self):
        self.run_scenario(BARS)
        broken = self.tmp / "bin" / "gnuplot"
        broken.parent.mkdir()
        broken.write_text("#!/bin/sh\necho 'line 1: no such terminal' >&2\nexit 1\n")
        broken.chmod(0o755)
        made = self.conrun("report", "it", env={"PATH": f"{broken.parent}:{os.environ['PATH']}"})
        self.assertEqual(made.code, 0, made.err)
        self.page()
        self.assertIn("gnuplot cannot draw this: line 1: no such terminal", self.text)


class Command(Report):
    def test_without_gnuplot(self):
        self.run_scenario(CURVES, code=3, env=self.path_without_gnuplot())
        page = self.page()
        self.assertEqual(page.all("svg"), [])
        self.assertIn("apt install gnuplot-nox", self.text)
        self.assertRegex(self.text, r"<code>conrun report results/it/\S+</code>")
        self.assertEqual(len(page.all("table")), 4)
        made = self.conrun("report", "it", "--svg", env=self.path_without_gnuplot())
        self.assertEqual((made.code, made.out), (1, ""))
        self.assertIn("there is no gnuplot on the PATH; install it", made.err)

    def test_by_name_folder_and_file(self):
        self.run_scenario(BARS)
        folder = self.folder().relative_to(self.tmp)
        for what in ("it", "it.yaml", folder, folder / "summary.csv"):
            (self.tmp / folder / "report.html").unlink()
            made = self.conrun("report", what)
            self.assertEqual((made.code, made.out), (0, f"{folder}/report.html\n"), made.err)
            self.page()

    def test_missing(self):
        self.run_scenario(BARS)
        for what, why in (("its", "did you mean 'it'?"), ("nowhere/", "no such file or folder"),
                          ("bin.csv", "cannot")):
            made = self.conrun("report", what)
            self.assertEqual((made.code, made.out), (2, ""), what)
            self.assertIn(why, made.err)
        for what in ((), ("it", "it")):
            made = self.conrun("report", *what)
            self.assertEqual(made.code, 2)
            self.assertIn("'results' has it", made.err)

    def test_only_a_quick_one(self):
        self.conrun(self.write(BARS, "first.yaml"), "--quick")
        self.assertIn("no results of 'first' in 'results'; there is 'first-quick'",
                      self.conrun("report", "first.yaml").err)

    def test_a_summary_alone(self):
        self.run_scenario(BARS)
        for flag in ("--html", "--svg"):
            made = self.conrun("report", "results/it.csv", flag)
            self.assertEqual(made.code, 1)
            self.assertIn("is a summary alone", made.err)

    def test_markdown(self):
        self.run_scenario(CURVES, code=3)
        made = self.conrun("report", "it", "--md")
        self.assertEqual((made.code, made.err), (0, ""))
        lines = made.out.splitlines()
        self.assertEqual(lines[0], "# it")
        self.assertIn(r"Does waiting \<scale\> & grow?", lines)
        self.assertIn("- yes: more workers are faster", lines)
        self.assertIn("## How long it took", lines)
        self.assertEqual(len([line for line in lines if re.match(r"\| \w+\\_pool ", line)]), 18)

    def test_interrupted(self):
        scenario = self.write("workloads: { nap: { type: sleep, duration: 300ms } }\n"
                              "executors: [sequential]\ntasks: 1\nrepeat: 200\n")
        process = harness.start("run", scenario, cwd=self.tmp)
        folder = self.tmp / "results" / "it"
        while not [path for path in folder.glob("*/runs.csv")
                   if path.read_text().count("\n") >= 2]:
            self.assertIsNone(process.poll())
        harness.interrupt(process)
        self.assertEqual(process.wait(30), 130)
        process.communicate()
        self.page()
        self.assertIn("The session was interrupted", self.text)
        made = self.conrun("report", self.folder())
        self.assertEqual(made.code, 0, made.err)

    def test_a_page_that_cannot_be_written(self):
        self.run_scenario(BARS)
        page = self.folder() / "report.html"
        page.unlink()
        page.mkdir()
        made = self.conrun("report", "it")
        self.assertEqual(made.code, 1)
        self.assertIn("report.html", made.err)


if __name__ == "__main__":
    unittest.main()
