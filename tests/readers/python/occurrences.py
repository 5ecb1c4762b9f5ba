"""Reads one iCalendar object from stdin and prints when its events are, recurrences expanded (tests/readers/README.md).

`occurrences.py FIRST END`: days, the second one excluded. The zones are those of Python's `tzdata`.
"""

import json
import sys
from datetime import date, datetime, timezone

import recurring_ical_events
from icalendar import Calendar


def text(value: date) -> str:
    if isinstance(value, datetime):
        return value.astimezone(timezone.utc).strftime("%Y-%m-%dT%H:%M:%SZ")
    return value.isoformat()


def main() -> int:
    first, end = (date.fromisoformat(day) for day in sys.argv[1:])
    calendar = Calendar.from_ical(sys.stdin.buffer.read())
    found = [
        {"uid": str(event["UID"]), "start": text(event.start), "end": text(event.end)}
        for event in recurring_ical_events.of(calendar).between(first, end)
    ]
    json.dump(sorted(found, key=lambda event: (event["uid"], event["start"])), sys.stdout)
    return 0


sys.exit(main())
