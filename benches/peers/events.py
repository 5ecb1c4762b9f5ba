"""Writes a made-up event list for `calbridge sandbox --data`: `events.py COUNT FIRST-DAY > FILE`.

COUNT events in the 400 days from FIRST-DAY on, a hundred of them, evenly spread, in a group of their own called
`Bench hundred`: the feed whose reading is measured has the same size however many events are refreshed behind it.
"""

import json
import sys
from datetime import date, datetime, time, timedelta, timezone

DAYS = 400
HUNDRED = 100
PLACES = [
    ("Harbour Hall", "Boston, MA", "America/New_York"),
    ("Old Granary", "Hamburg", "Europe/Berlin"),
    ("Lantern House", "Osaka", "Asia/Tokyo"),
    ("Bay Street Theatre", "Sydney", "Australia/Sydney"),
]
DETAILS = "<p>Doors open an hour before. Programme: <b>Overture</b>, Concerto, <i>Symphony</i> &amp; encore.</p>"


def event(number: int, count: int, first: date) -> dict:
    # Spread evenly, always at a whole half hour between 09:00 and 20:30 UTC.
    day = first + timedelta(days=number * DAYS // count)
    start = datetime.combine(day, time(9 + number % 12, 30 * (number % 2)), timezone.utc)
    every = max(count // HUNDRED, 1)
    return {
        "id": f"00000000-0000-4000-8000-{number:012d}",
        "title": f"Concert no. {number}, with guests",
        "place": f"place-{number % len(PLACES)}",
        "group": "hundred" if number % every == 0 and number // every < HUNDRED else "rest",
        "details": DETAILS,
        "zone": PLACES[number % len(PLACES)][2],
        "all_day": False,
        "start": start.strftime("%Y-%m-%dT%H:%M:%SZ"),
        "end": (start + timedelta(hours=2)).strftime("%Y-%m-%dT%H:%M:%SZ"),
    }


def main() -> None:
    count, first = int(sys.argv[1]), date.fromisoformat(sys.argv[2])
    json.dump(
        {
            "about": "Made-up concerts for measuring.",
            "places": [
                {"id": f"place-{number}", "name": name, "city": city, "zone": zone}
                for number, (name, city, zone) in enumerate(PLACES)
            ],
            "groups": [{"id": "hundred", "name": "Bench hundred"}, {"id": "rest", "name": "Bench rest"}],
            "events": [event(number, count, first) for number in range(count)],
        },
        sys.stdout,
    )


main()
