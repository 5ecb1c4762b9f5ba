"""Prints when the events of every `.ics` file of a folder are, recurrences expanded (tests/readers/README.md).

`feeds.py FOLDER FIRST END ZONE`: days, the second one excluded, and the zone of times that name none where the file does
not say either.
"""

import json
import signal
import sys
from datetime import date, datetime, timezone
from pathlib import Path
from zoneinfo import ZoneInfo

import recurring_ical_events
from icalendar import Calendar

# For one file; it expands whatever it is told to.
SECONDS = 5


def text(value: date, floating: ZoneInfo) -> str:
    if not isinstance(value, datetime):
        return value.isoformat()
    if value.tzinfo is None:
        value = value.replace(tzinfo=floating)
    return value.astimezone(timezone.utc).strftime("%Y-%m-%dT%H:%M:%SZ")


def give_up(*_) -> None:
    raise TimeoutError


def read(source: bytes, first: date, end: date, zone: str) -> list[str]:
    lines = []
    for calendar in Calendar.from_ical(source, multiple=True):
        floating = ZoneInfo(calendar.get("X-WR-TIMEZONE", zone))
        for event in recurring_ical_events.of(calendar).between(first, end):
            if event.get("CLASS", "PUBLIC") == "PUBLIC":
                start, stop = text(event.start, floating), text(event.end, floating)
                lines.append(f"{start} {stop} {event.get('SUMMARY', '')}")
    return sorted(lines)


def main() -> int:
    folder, first, end, zone = sys.argv[1:]
    found = {}
    signal.signal(signal.SIGALRM, give_up)
    for file in sorted(Path(folder).glob("*.ics")):
        signal.alarm(SECONDS)
        try:
            days = date.fromisoformat(first), date.fromisoformat(end)
            found[file.stem] = read(file.read_bytes(), *days, zone)
        except Exception as error:  # whatever it trips over, the other files are read
            found[file.stem] = f"{type(error).__name__}: {error}"
    signal.alarm(0)
    json.dump(found, sys.stdout, ensure_ascii=False)
    return 0


sys.exit(main())
