"""report.html in a real browser, without a network: what is shown, not only that it loads.

The page itself has no script. A copy of it gets one that measures what the browser made of it and
writes what it found into the page, which the browser then prints.
"""

import html
import json
import re
import shutil
import subprocess
import tempfile
import unittest
from pathlib import Path

import harness

CHROMIUM = shutil.which("chromium")

SCENARIO = """\
name: it
description: Does waiting scale?
workloads:
  nap: { type: sleep, duration: 10ms }
  a_workload_with_a_rather_long_name_indeed: { type: count, n: 100_000 }
executors: [thread_pool, { type: process_pool, start: spawn }, async]
workers: [1, 2, 4]
tasks: 8
repeat: 2
expect:
  - { name: more workers are faster, when: { workers: 4 }, that: "elapsed_s < 10" }
  - { that: "tasks_ok == 7 and elapsed_s < 1000000 and throughput_per_s > 0.000001" }
"""

MEASURE = r"""
const numbers = colour => colour.match(/[\d.]+/g).map(Number);
const channel = value => (value /= 255) <= 0.04045 ? value / 12.92 : ((value + 0.055) / 1.055) ** 2.4;
const luminance = rgb => 0.2126 * channel(rgb[0]) + 0.7152 * channel(rgb[1]) + 0.0722 * channel(rgb[2]);
const contrast = (a, b) => {
  const [low, high] = [luminance(a), luminance(b)].sort((x, y) => x - y);
  return (high + 0.05) / (low + 0.05);
};
const background = element => {
  for (; element; element = element.parentElement) {
    const rgb = numbers(getComputedStyle(element).backgroundColor);
    if (rgb.length < 4 || rgb[3] > 0) return rgb;
  }
  return [255, 255, 255];
};
const box = element => {
  const {left, top, right, bottom, width, height} = element.getBoundingClientRect();
  return {left, top, right, bottom, width, height};
};
const found = {
  width: document.documentElement.scrollWidth, inner: window.innerWidth,
  dark: matchMedia("(prefers-color-scheme: dark)").matches,
  paper: numbers(getComputedStyle(document.body).backgroundColor),
  requests: performance.getEntriesByType("resource").map(entry => entry.name),
  texts: [], svgs: [], shapes: [], outside: [],
};
for (const element of document.querySelectorAll("h1,h2,p,li,th,td,summary,dt,dd,figcaption,.note,pre,code,a")) {
  const style = getComputedStyle(element), size = box(element);
  if (!element.textContent.trim() || element.closest("details:not([open])") && element.tagName != "SUMMARY") continue;
  found.texts.push({text: element.textContent.trim().slice(0, 40), tag: element.tagName, ...size,
    size: parseFloat(style.fontSize), contrast: contrast(numbers(style.color), background(element))});
  if (size.right > window.innerWidth + 1 && !element.closest(".scroll,pre"))
    found.outside.push(element.tagName + " " + element.textContent.slice(0, 40));
}
for (const svg of document.querySelectorAll("svg")) {
  const own = svg.getBoundingClientRect(), paper = background(svg), label = svg.getAttribute("aria-label");
  const texts = [...svg.querySelectorAll("text")].filter(text => text.textContent.trim());
  found.svgs.push({label, ...box(svg), texts: texts.length,
    cut: texts.filter(text => { const it = text.getBoundingClientRect();
      return it.left < own.left - 1 || it.right > own.right + 1 || it.bottom > own.bottom + 1; })
      .map(text => text.textContent),
    small: Math.min(...texts.map(text => text.getBoundingClientRect().height)),
    contrast: Math.min(...texts.map(text => contrast(numbers(getComputedStyle(text).fill), paper)))});
  for (const shape of svg.querySelectorAll("use,polygon,path[stroke*=var]")) {
    const style = getComputedStyle(shape);
    const colour = shape.tagName == "use" ? style.color
                 : style.fill != "none" ? style.fill : style.stroke;
    const grid = (shape.getAttribute("stroke") || "").includes("--grid");
    if (!grid) found.shapes.push({chart: label.slice(0, 40), colour, contrast: contrast(numbers(colour), paper)});
  }
}
const holder = document.createElement("pre");
holder.id = "found";
holder.textContent = JSON.stringify(found);
document.body.append(holder);
"""


@unittest.skipUnless(CHROMIUM, "chromium is not installed")
class Browser(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.tmp = Path(tempfile.mkdtemp(prefix="conrun-browser-"))
        cls.addClassCleanup(shutil.rmtree, cls.tmp, ignore_errors=True)
        (cls.tmp / "it.yaml").write_text(SCENARIO, encoding="utf-8")
        done = harness.run("it.yaml", cwd=cls.tmp)
        assert done.code == 3, done.err
        page = harness.latest_folder(cls.tmp / "results", "it") / "report.html"
        text = page.read_text(encoding="utf-8")
        cls.figures = text.count("<figure ")
        cls.page = cls.tmp / "measured.html"
        cls.page.write_text(text.replace("</body>", f"<script>{MEASURE}</script></body>"),
                            encoding="utf-8")

    def browse(self, *more, width=1200, dark=False):
        scheme = 0 if dark else 1
        with tempfile.TemporaryDirectory() as profile:
            done = subprocess.run(
                [CHROMIUM, "--headless", "--no-sandbox", "--disable-gpu", "--no-first-run",
                 "--disable-background-networking", "--disable-component-update",
                 "--disable-sync", f"--user-data-dir={profile}", f"--window-size={width},900",
                 f"--blink-settings=preferredColorScheme={scheme}", *more, self.page.as_uri()],
                capture_output=True, timeout=120, check=True)
        return done.stdout.decode("utf-8")

    def measure(self, **how):
        dom = self.browse("--dump-dom", **how)
        return json.loads(html.unescape(re.search(r'<pre id="found">(.*?)</pre>', dom, re.S)[1]))

    def check(self, found):
        self.assertEqual(found["requests"], [])
        self.assertLessEqual(found["width"], found["inner"])
        self.assertEqual(found["outside"], [])
        self.assertGreater(len(found["texts"]), 100)
        for text in found["texts"]:
            self.assertGreater(min(text["width"], text["height"]), 0, text)
            self.assertGreaterEqual(text["size"], 12, text)
            self.assertGreaterEqual(text["contrast"], 4.5, text)
        self.assertEqual(len(found["svgs"]), self.figures)
        for svg in found["svgs"]:
            self.assertGreater(svg["width"], 200, svg)
            self.assertGreater(svg["height"], 80, svg)
            self.assertGreater(svg["texts"], 4, svg)
            self.assertEqual(svg["cut"], [], svg)
            self.assertGreaterEqual(svg["contrast"], 4.5, svg)
        # Marks and lines of a chart: WCAG 2.1, 1.4.11.
        for shape in found["shapes"]:
            self.assertGreaterEqual(shape["contrast"], 3, shape)

    def charts(self, found):
        if not shutil.which("gnuplot"):
            self.skipTest("gnuplot is not installed")
        self.assertGreaterEqual(len(found["svgs"]), 7)
        return found["svgs"]

    def test_wide(self):
        found = self.measure()
        self.check(found)
        self.assertFalse(found["dark"])
        self.assertEqual(found["paper"][:3], [255, 255, 255])
        charts = self.charts(found)
        self.assertLess(charts[0]["right"], charts[1]["left"], "two charts stand side by side")

    def test_dark(self):
        found = self.measure(dark=True)
        self.check(found)
        self.assertTrue(found["dark"])
        self.assertLess(max(found["paper"][:3]), 60)

    def test_phone(self):
        found = self.measure(width=390)
        self.check(found)
        self.assertLessEqual(found["inner"], 500, found["inner"])
        for above, below in zip(self.charts(found), self.charts(found)[1:]):
            self.assertLess(above["bottom"], below["top"], "one chart above the other")
        self.assertGreaterEqual(min(svg["small"] for svg in found["svgs"]), 10)


if __name__ == "__main__":
    unittest.main()
