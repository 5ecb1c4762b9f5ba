"""Writes docs/performance.md from what ./scripts/bench measured: `report.py DIRECTORY NGINX-VERSION`."""

import os
import platform
import re
import statistics
import subprocess
import sys
from collections import defaultdict
from datetime import datetime, timezone
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
    """measurements.tsv: values by what was asked of whom, in the order of the rounds."""

    def __init__(self, path: Path) -> None:
        self.rates = defaultdict(list)
        self.p99s = defaultdict(list)
        for line in path.read_text(encoding="utf-8").splitlines():
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


def machine(nginx: str) -> list[str]:
    system = first_match("/etc/os-release", '^PRETTY_NAME="(.*)"')
    processor = first_match("/proc/cpuinfo", r"^model name\s*: (.*)")
    memory = int(first_match("/proc/meminfo", r"^MemTotal:\s+(\d+) kB")) / 2**20
    package = first_match("Cargo.toml", r'^version = "(.*)"$')
    return [
        f"- {processor}, {len(os.sched_getaffinity(0))} cores, {memory:.0f} GiB; Linux {platform.release()}, {system}",
        f"- calbridge {package}, {output('rustc', '--version')}, profile `release`",
        f"- {nginx.removeprefix('nginx version: ')}, Python {platform.python_version()} "
        f"with icalendar {version('icalendar')}",
        f"- measured {datetime.now(timezone.utc):%Y-%m-%d}",
    ]


def reads(measured: Measured) -> list[str]:
    lines = [
        "| what | calbridge, requests/s | nginx | nginx, file held open | × nginx | × nginx, held open |",
        "|---|---|---|---|---|---|",
    ]
    for what, title in (("304", "304 of a warm feed"), ("gzip", "200 gzip, 100 events")):
        ours, disk, held = (measured.rates[what, peer] for peer in ("calbridge", "nginx", "nginx-held-open"))
        cells = [spread(ours, ",.0f"), spread(disk, ",.0f"), spread(held, ",.0f"), ratios(ours, disk), ratios(ours, held)]
        lines.append(f"| {title} | {' | '.join(cells)} |")
    return lines


def refresh(measured: Measured) -> list[str]:
    quiet, busy = measured.p99s["refresh", "quiet"], measured.p99s["refresh", "refreshing"]
    return [
        "| what | without, µs | while refreshing, µs | ratio |",
        "|---|---|---|---|",
        f"| p99 of a read | {spread(quiet, ',.0f')} | {spread(busy, ',.0f')} | {ratios(busy, quiet)} |",
    ]


def writing(directory: Path) -> list[str]:
    python = float((directory / "python-seconds").read_text(encoding="utf-8"))
    path = directory / "divan.txt"
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
    path = directory / "divan.txt"
    table = path.read_text(encoding="utf-8") if path.exists() else ""
    medians = {kind: divan_median(table, bench) for kind, bench in KINDS.items()}
    first = next(iter(medians.values()))
    lines = ["| kind | 10,000 events, upstream's text to .ics bytes | × prospero |", "|---|---|---|"]
    for kind, median in medians.items():
        mine = BLANK if median is None else f"{median * 1e3:.1f} ms"
        ratio = BLANK if median is None or first is None else f"{median / first:.2f}"
        lines.append(f"| {kind} | {mine} | {ratio} |")
    return lines


def nothing(directory: Path) -> list[str]:
    """What equal_times.py found, as it stands there."""
    path = directory / "equal-times.tsv"
    if not path.exists():
        return [BLANK]
    rows = [line.split("\t") for line in path.read_text(encoding="utf-8").splitlines()]
    table = ["| asked for | compared with | median | median | difference | by chance |", "|---|---|---|---|---|---|"]
    for kind, like, mine, its, difference, chance in rows:
        table.append(f"| {kind} | {like} | {mine} µs | {its} µs | {difference} µs | {float(chance):.1%} |")
    return table


def restarts(directory: Path) -> list[str]:
    lines = [
        "| events stored | first byte, ms | resident, MiB | event rows written for one changed event |",
        "|---|---|---|---|",
    ]
    resident = {}
    for count in STORED:
        rounds = [line.split("\t") for line in (directory / f"restart-{count}.tsv").read_text().splitlines()]
        resident[count] = [float(kib) for _, kib in rounds]
        changed = (directory / f"changed-rows-{count}").read_text().strip()
        first, memory = spread([float(ms) for ms, _ in rounds], ".0f"), spread([kib / 1024 for kib in resident[count]], ".1f")
        lines.append(f"| {count:,} | {first} | {memory} | {changed} |")
    few, many = STORED
    each = (statistics.median(resident[many]) - statistics.median(resident[few])) / (many - few)
    return [*lines, "", f"Each stored event costs {each:.2f} KiB of resident memory, what the allocator keeps included."]


def hooks(directory: Path, measured: Measured) -> list[str]:
    right, sent, seconds = (directory / "hooks.out").read_text().split()
    before, after = (int(kib) / 1024 for kib in (directory / "hooks-resident").read_text().split())
    polls = [int(count) for count in (directory / "hooks-polls").read_text().split()]
    quiet, called = measured.p99s["hooks", "quiet"], measured.p99s["hooks", "called"]
    return [
        f"{int(sent):,} calls with random bodies in {float(seconds):.0f} s, {int(right):,} of them answered with 200, "
        f"caused {polls[1] - polls[0]} polls; resident memory was {before:.1f} MiB before and {after:.1f} MiB after.",
        "",
        "| what | without, µs | while called, µs | ratio |",
        "|---|---|---|---|",
        f"| p99 of a read | {spread(quiet, ',.0f')} | {spread(called, ',.0f')} | {ratios(called, quiet)} |",
    ]


def main() -> None:
    directory = Path(sys.argv[1])
    measured = Measured(directory / "measurements.tsv")
    rounds = len(measured.rates["304", "calbridge"])
    print(
        "\n".join(
            [
                "# Performance",
                "",
                "Written by `./scripts/bench`; run it again rather than edit it. Server and load generator have a core each, "
                "the peers take turns within a round.",
                f"Numbers are medians of {rounds} rounds, smallest and greatest in brackets; ratios are taken within each round.",
                "",
                *machine(sys.argv[2]),
                "",
                "## Reads",
                "",
                "The peer serves the very same bytes from disk, with `gzip_static`; `wrk`, 64 connections.",
                "",
                *reads(measured),
                "",
                "## Reads while 10,000 events are refreshed",
                "",
                "`wrk`, 8 connections, the same feed of 100 events.",
                "",
                *refresh(measured),
                "",
                "## Writing",
                "",
                *writing(directory),
                "",
                "## Every kind",
                "",
                "Decoding, mapping, history and writing of the same rehearsals, as far as each upstream can tell of them; no network.",
                "",
                *kinds(directory),
                "",
                "## The time of a 404",
                "",
                "What a reader may not know of, beside what does not exist at an address of the same form: one connection, the order "
                "shuffled anew in every round. The last column is how often chance alone would bring a difference as great.",
                "",
                *nothing(directory),
                "",
                "## Webhooks",
                "",
                *hooks(directory, measured),
                "",
                "## Starts with a stored copy, the upstream gone",
                "",
                "From the start of the process to the first byte of the feed; memory three seconds later.",
                "",
                *restarts(directory),
            ]
        )
    )


main()
