"""Writes docs/performance.md from what ./scripts/bench measured: `report.py DIRECTORY`, which has a folder for each section."""

import os
import platform
import re
import statistics
import subprocess
import sys
from collections import defaultdict
from collections.abc import Callable
from importlib.metadata import version
from pathlib import Path

# The bench of benches/feed.rs (a function without `args`) that writes 10,000 events, as Python's icalendar does here.
WRITING = "write_10k"
# The benches of benches/feed.rs that take 10,000 events through a connector, by kind; the others are compared with the first.
KINDS = {
    "prospero": "json_to_ics_10k",
    "add-to-calendar-pro": "add_to_calendar_pro_10k",
    "prospectconnect": "prospectconnect_10k",
    "prosper": "prosper_10k",
    "ics": "ics_10k",
}
# Events in the stores that a server is started with.
STORED = (100, 100000)
UNITS = {"ns": 1e-9, "µs": 1e-6, "ms": 1e-3, "s": 1.0}
BLANK = "not measured"


class Measured:
    """measurements.tsv of a section: values by what was asked of whom, in the order of the rounds."""

    def __init__(self, section: Path) -> None:
        self.rates = defaultdict(list)
        self.p99s = defaultdict(list)
        for line in (section / "measurements.tsv").read_text(encoding="utf-8").splitlines():
            what, peer, _, rate, p99 = line.split("\t")
            self.rates[what, peer].append(float(rate))
            self.p99s[what, peer].append(float(p99))


def spread(values: list[float], form: str) -> str:
    """Median, smallest and greatest."""
    return "{} ({} to {})".format(*(format(v, form) for v in (statistics.median(values), min(values), max(values))))


def ratios(above: list[float], below: list[float]) -> str:
    """Compared within each round: both had the same minute of the machine."""
    return spread([a / b for a, b in zip(above, below, strict=True)], ".2f")


def output(*command: str) -> str:
    return subprocess.run(command, capture_output=True, text=True, check=True).stdout.strip()


def first_match(path: str, pattern: str) -> str:
    found = re.search(pattern, Path(path).read_text(encoding="utf-8"), re.MULTILINE)
    return found.group(1).strip() if found else "unknown"


def divan_median(table: str, bench: str) -> float | None:
    """Seconds in the median column of the bench's row; divan's columns are fastest, slowest, median, mean."""
    row = re.search(rf"[├╰]─ {bench}\s+(.*)", table)
    if row is None:
        return None
    number, unit = row.group(1).split("│")[2].split()
    return float(number) * UNITS[unit]


def machine(directory: Path) -> list[str]:
    nginx = directory / "reads" / "nginx-version"
    nginx = nginx.read_text(encoding="utf-8").strip() if nginx.exists() else "no nginx"
    system = first_match("/etc/os-release", '^PRETTY_NAME="(.*)"')
    processor = first_match("/proc/cpuinfo", r"^model name\s*: (.*)")
    memory = int(first_match("/proc/meminfo", r"^MemTotal:\s+(\d+) kB")) / 2**20
    package = first_match("Cargo.toml", r'^version = "(.*)"$')
    return [
        f"- {processor}, {len(os.sched_getaffinity(0))} cores, {memory:.0f} GiB; Linux {platform.release()}, {system}",
        f"- calbridge {package}, {output('rustc', '--version')}, profile `release`",
        f"- {nginx.removeprefix('nginx version: ')}, Python {platform.python_version()} "
        f"with icalendar {version('icalendar')}",
    ]


def reads(directory: Path) -> list[str]:
    measured = Measured(directory / "reads")
    lines = [
        "The peer serves the very same bytes from disk, with `gzip_static`; `wrk`, 64 connections.",
        "",
        "| what | calbridge, requests/s | nginx | nginx, file held open | × nginx | × nginx, held open |",
        "|---|---|---|---|---|---|",
    ]
    for what, title in (("304", "304 of a warm feed"), ("gzip", "200 gzip, 100 events")):
        ours, disk, held = (measured.rates[what, peer] for peer in ("calbridge", "nginx", "nginx-held-open"))
        cells = [spread(ours, ",.0f"), spread(disk, ",.0f"), spread(held, ",.0f"), ratios(ours, disk), ratios(ours, held)]
        lines.append(f"| {title} | {' | '.join(cells)} |")
    return lines


def refresh(directory: Path) -> list[str]:
    measured = Measured(directory / "refresh")
    quiet, busy = measured.p99s["refresh", "quiet"], measured.p99s["refresh", "refreshing"]
    return [
        "`wrk`, 8 connections, the same feed of 100 events; the upstream has of the load's core what the load leaves.",
        "",
        "| what | without, µs | while refreshing, µs | ratio |",
        "|---|---|---|---|",
        f"| p99 of a read | {spread(quiet, ',.0f')} | {spread(busy, ',.0f')} | {ratios(busy, quiet)} |",
    ]


def writing(directory: Path) -> list[str]:
    python = float((directory / "writing" / "python-seconds").read_text(encoding="utf-8"))
    path = directory / "feed" / "divan.txt"
    table = path.read_text(encoding="utf-8") if path.exists() else ""
    ours = divan_median(table, WRITING)
    ratio = BLANK if ours is None else f"{python / ours:,.0f}"
    mine = BLANK if ours is None else f"{ours * 1e3:.2f} ms"
    return [
        "| what | calbridge | Python's icalendar | ratio |",
        "|---|---|---|---|",
        f"| 10,000 events written | {mine} | {python * 1e3:,.0f} ms | {ratio} |",
        *(["", "`cargo bench --bench feed`:", "", "```", table.strip(), "```"] if table else []),
    ]


def kinds(directory: Path) -> list[str]:
    table = (directory / "feed" / "divan.txt").read_text(encoding="utf-8")
    medians = {kind: divan_median(table, bench) for kind, bench in KINDS.items()}
    first = next(iter(medians.values()))
    lines = [
        "Decoding, mapping, history and writing of the same rehearsals, as far as each upstream can tell of them; no network.",
        "",
        "| kind | 10,000 events, upstream's text to .ics bytes | × prospero |",
        "|---|---|---|",
    ]
    for kind, median in medians.items():
        mine = BLANK if median is None else f"{median * 1e3:.1f} ms"
        ratio = BLANK if median is None or first is None else f"{median / first:.2f}"
        lines.append(f"| {kind} | {mine} | {ratio} |")
    return lines


def pages(directory: Path) -> list[str]:
    path = directory / "pages" / "divan.txt"
    table = path.read_text(encoding="utf-8") if path.exists() else ""
    month = divan_median(table, "whole_month")
    mine = BLANK if month is None else f"{month * 1e3:.2f} ms"
    return [
        f"A month of 200 events, from memory to compressed bytes: {mine}; at most 5 ms are allowed.",
        *(["", "`cargo bench --bench pages`:", "", "```", table.strip(), "```"] if table else []),
    ]


def denials(directory: Path) -> list[str]:
    """What equal_times.py found, as it stands there."""
    rows = (directory / "denials" / "equal-times.tsv").read_text(encoding="utf-8").splitlines()
    lines = [
        "What a reader may not know of, beside what does not exist at an address of the same form: one connection, the order "
        "shuffled anew in every round. The last column is how often chance alone would bring a difference as great.",
        "",
        "| asked for | compared with | median | median | difference | by chance |",
        "|---|---|---|---|---|---|",
    ]
    for kind, like, mine, its, difference, chance in (row.split("\t") for row in rows):
        lines.append(f"| {kind} | {like} | {mine} µs | {its} µs | {difference} µs | {float(chance):.1%} |")
    return lines


def restarts(directory: Path) -> list[str]:
    section = directory / "restart"
    lines = [
        "From the start of the process to the first byte of the feed; memory three seconds later.",
        "",
        "| events stored | first byte, ms | resident, MiB | event rows written for one changed event |",
        "|---|---|---|---|",
    ]
    resident = {}
    for count in STORED:
        rounds = [line.split("\t") for line in (section / f"restart-{count}.tsv").read_text().splitlines()]
        resident[count] = [float(kib) for _, kib in rounds]
        changed = (section / f"changed-rows-{count}").read_text().strip()
        first, memory = spread([float(ms) for ms, _ in rounds], ".0f"), spread([kib / 1024 for kib in resident[count]], ".1f")
        lines.append(f"| {count:,} | {first} | {memory} | {changed} |")
    few, many = STORED
    each = (statistics.median(resident[many]) - statistics.median(resident[few])) / (many - few)
    return [*lines, "", f"Each stored event costs {each:.2f} KiB of resident memory, what the allocator keeps included."]


def hooks(directory: Path) -> list[str]:
    section = directory / "hooks"
    measured = Measured(section)
    rounds = [line.split() for line in (section / "calls").read_text().splitlines()]
    right, sent, seconds = (sum(float(one[column]) for one in rounds) for column in range(3))
    before, after = (int(kib) / 1024 for kib in (section / "resident").read_text().split())
    polls = [int(count) for count in (section / "polls").read_text().split()]
    quiet, called = measured.p99s["hooks", "quiet"], measured.p99s["hooks", "called"]
    return [
        f"{sent:,.0f} calls with random bodies in {seconds:.0f} s, {right:,.0f} of them answered with 200, "
        f"caused {polls[1] - polls[0]} polls; resident memory was {before:.1f} MiB before and {after:.1f} MiB after.",
        "",
        "| what | without, µs | while called, µs | ratio |",
        "|---|---|---|---|",
        f"| p99 of a read | {spread(quiet, ',.0f')} | {spread(called, ',.0f')} | {ratios(called, quiet)} |",
    ]


def storm(directory: Path) -> list[str]:
    section = directory / "storm"
    measured = Measured(section)
    calm, blowing = measured.p99s["storm", "calm"], measured.p99s["storm", "blowing"]
    before, after = (int((section / f"resident-{when}").read_text()) / 1024 for when in ("before", "after"))
    rows = [line.split("\t") for line in (section / "storm.tsv").read_text(encoding="utf-8").splitlines()]
    return [
        "`wrk`, 8 connections, the feed of 100 events, in calm weather and beside a storm that has of the load's core what the load leaves.",
        "",
        "| what | calm, µs | in the storm, µs | ratio |",
        "|---|---|---|---|",
        f"| p99 of a read | {spread(calm, ',.0f')} | {spread(blowing, ',.0f')} | {ratios(blowing, calm)} |",
        "",
        f"Resident memory: {before:.1f} MiB before all rounds, {after:.1f} MiB three seconds after the last.",
        "",
        "What the storm did in the last round, and what became of it; the server keeps 900 connections:",
        "",
        "| kind | connections | outcome |",
        "|---|---|---|",
        *(f"| {kind} | {int(begun):,} | {outcomes} |" for kind, begun, outcomes in rows),
    ]


# Each with the sections that it needs.
CHAPTERS = [
    ("Reads", reads, ["reads"]),
    ("Reads while 10,000 events are refreshed", refresh, ["refresh"]),
    ("Reads in a storm", storm, ["storm"]),
    ("Writing", writing, ["writing"]),
    ("Every kind", kinds, ["feed"]),
    ("Pages", pages, ["pages"]),
    ("The time of a 404", denials, ["denials"]),
    ("Webhooks", hooks, ["hooks"]),
    ("Starts with a stored copy, the upstream gone", restarts, ["restart"]),
]


def chapter(directory: Path, title: str, tell: Callable[[Path], list[str]], sections: list[str]) -> list[str]:
    """What is known, and when it was measured; or what to run."""
    missing = [section for section in sections if not (directory / section).exists()]
    if missing:
        return [f"## {title}", "", f"Not measured; `./scripts/bench {' '.join(missing)}` does.", ""]
    measured = dict.fromkeys((directory / section / "measured").read_text().strip() for section in sections)
    return [f"## {title}", "", *tell(directory), "", f"Measured {'; '.join(measured)}.", ""]


def main() -> None:
    directory = Path(sys.argv[1])
    head = [
        "# Performance",
        "",
        "Written by `./scripts/bench`; run it again rather than edit it. Server and load generator have a core each, "
        "the peers take turns within a round.",
        "Numbers are medians of all rounds, smallest and greatest in brackets; ratios are taken within each round.",
        "",
        *machine(directory),
        "",
    ]
    chapters = (chapter(directory, *one) for one in CHAPTERS)
    print("\n".join([*head, *(line for lines in chapters for line in lines)]).rstrip())


main()
