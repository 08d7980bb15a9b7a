"""Measures conrun beside plain C (the floor) and what people use today, and prints the ratios.

Times differ from machine to machine and from hour to hour; what is done by turns in one session
compares. So the sides of a group run A B C A B C …, a ratio is taken in each round, and a line shows
the median of those ratios with the least and the greatest of them. lines.py has the lines and their
targets. A missed target is said, and does not fail: on a machine that does other work it means
little.

    bench.py --conrun BINARY --programs FOLDER [--rounds N] [--only WORDS]
"""

import argparse
import os
import statistics
import sys
import time
from dataclasses import dataclass
from pathlib import Path

import lines
from sides import Places

WIDTH = 58


def shown(figure, value):
    if figure == lines.TIME:
        return f"{value:.4f} s"
    if figure == lines.MEDIAN:
        return f"{value * 1e3:.4f} ms"
    if figure == lines.PEAK:
        return f"{value / 2**20:.0f} MiB"
    for size, unit in ((1e6, "M/s"), (1e3, "k/s")):
        if value >= size:
            return f"{value / size:.2f} {unit}"
    return f"{value:.0f} /s"


@dataclass
class Judgement:
    """What came of a line: values are ratios, or conrun's figures where it stands alone."""
    line: lines.Line
    ours: list
    theirs: list

    def values(self):
        if not self.theirs:
            return self.ours
        return [mine / other for mine, other in zip(self.ours, self.theirs)]

    def value_text(self, value):
        return f"{value:.3f}" if self.theirs else shown(self.line.figure, value)

    def value(self):
        return self.value_text(statistics.median(self.values()))

    def spread(self):
        least, most = min(self.values()), max(self.values())
        return f"({self.value_text(least)} – {self.value_text(most)})"

    def target(self):
        bounds = (("≥", self.line.least), ("≤", self.line.most))
        return " ".join(f"{sign} {self.value_text(bound)}"
                        for sign, bound in bounds if bound is not None)

    def met(self):
        value, line = statistics.median(self.values()), self.line
        return ((line.least is None or value >= line.least)
                and (line.most is None or value <= line.most))


def measure(places, group, rounds):
    """The figures of each side, round by round."""
    runs = {side: [] for line in group for side in (line.theirs, line.ours) if side}
    for _ in range(rounds):
        for side, figures in runs.items():
            figures.append(side.run(places))
    return runs


def judge(line, runs):
    ours, theirs = ([figures[line.figure] for figures in runs.get(side, ())]
                    for side in (line.ours, line.theirs))
    return Judgement(line, ours, theirs)


def print_measured(judged):
    figure = judged.line.figure
    theirs = shown(figure, statistics.median(judged.theirs)) if judged.theirs else ""
    ours = shown(figure, statistics.median(judged.ours))
    ratio = f"{judged.value():>9} {judged.spread()}" if judged.theirs else ""
    print(f"{judged.line.name:<{WIDTH}} {theirs:>11} {ours:>11} {ratio}".rstrip(), flush=True)


def measure_group(places, title, group, rounds):
    """Prints its lines as they are; returns what came of those that have a target."""
    print(f"\n{title:<{WIDTH}} {'theirs':>11} {'conrun':>11} {'ratio':>9} (least – greatest)")
    missing = {line.name: line.theirs.missing(places) for line in group if line.theirs}
    runs = measure(places, [line for line in group if not missing.get(line.name)], rounds)
    results = []
    for line in group:
        if missing.get(line.name):
            print(f"{line.name:<{WIDTH}} {missing[line.name]}")
            continue
        results.append(judge(line, runs))
        print_measured(results[-1])
    return [judged for judged in results if judged.target()]


def summarise(results, seconds):
    if results:
        print(f"\n{'targets':<{WIDTH}} {'value':>11} {'(least – greatest)':<24} target")
    for judged in results:
        print(f"{judged.line.name:<{WIDTH}} {judged.value():>11} {judged.spread():<24} "
              f"{judged.target():<16} {'met' if judged.met() else 'MISSED'}")
    reached = sum(judged.met() for judged in results)
    print(f"\n{reached} targets met, {len(results) - reached} missed; {seconds:.0f} s in all")


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--conrun", required=True)
    parser.add_argument("--programs", required=True, help="the folder of floors and peers")
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--only", default="", help="lines whose name or group's title has this")
    chosen = parser.parse_args()
    places = Places(Path(chosen.conrun).resolve(), Path(chosen.programs).resolve())

    started = time.monotonic()
    results, measured = [], 0
    print(f"medians of {chosen.rounds} rounds; a ratio is conrun / theirs; "
          f"load average {os.getloadavg()[0]:.1f} at the start, on {os.cpu_count()} CPUs")
    for title, group in lines.groups():
        wanted = [line for line in group if chosen.only in title or chosen.only in line.name]
        if wanted:
            results += measure_group(places, title, wanted, chosen.rounds)
            measured += len(wanted)
    if not measured:
        sys.exit(f"no line's name contains '{chosen.only}'")
    summarise(results, time.monotonic() - started)


if __name__ == "__main__":
    main()
