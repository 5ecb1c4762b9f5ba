"""Times Python's icalendar writing events: `write_icalendar.py COUNT`; prints the median of five runs in seconds.

The components are built before the clock starts: what is compared is the writing, as in `benches/feed.rs`.
"""

import statistics
import sys
import time
from datetime import datetime, timedelta, timezone

from icalendar import Calendar, Event

RUNS = 5
FIRST = datetime(2026, 9, 1, 9, 0, tzinfo=timezone.utc)
STAMP = datetime(2026, 8, 1, 8, 0, tzinfo=timezone.utc)


def calendar(count: int) -> Calendar:
    result = Calendar()
    result.add("VERSION", "2.0")
    result.add("PRODID", "-//calbridge//bench//EN")
    for number in range(count):
        start = FIRST + timedelta(hours=number)
        event = Event()
        event.add("UID", f"00000000-0000-5000-8000-{number:012d}")
        event.add("DTSTAMP", STAMP)
        event.add("LAST-MODIFIED", STAMP)
        event.add("SEQUENCE", 0)
        event.add("DTSTART", start)
        event.add("DTEND", start + timedelta(hours=2))
        event.add("SUMMARY", f"Concert no. {number}, with guests")
        event.add("LOCATION", "Harbour Hall, Boston, MA")
        event.add("DESCRIPTION", "Doors open an hour before.\nProgramme: Overture, Concerto, Symphony & encore.")
        event.add("STATUS", "CONFIRMED")
        event.add("CATEGORIES", ["Bench hundred"])
        result.add_component(event)
    return result


def main() -> None:
    count = int(sys.argv[1])
    built = calendar(count)
    times = []
    for _ in range(RUNS):
        since = time.perf_counter()
        written = built.to_ical()
        times.append(time.perf_counter() - since)
        assert written.count(b"BEGIN:VEVENT") == count
    print(f"{statistics.median(times):.6f}")


main()
