"""Reads one iCalendar object from stdin and prints its events as JSON (tests/readers/README.md).

The library prefers the zones of the machine to those of the file, so instants are computed here from
zones built out of the VTIMEZONE components themselves.
"""

import json
import sys
from datetime import datetime, timezone

from icalendar import Calendar, Component
from icalendar.parser import Contentlines


class Malformed(Exception):
    """The input is no calendar that a subscriber may be given."""


def check_nesting(text: bytes) -> None:
    """The library closes whatever is open at an END, whatever the END says."""
    open_components = []
    for line in Contentlines.from_ical(text):
        if not line:
            continue
        name, _, value = line.parts()
        if name.upper() == "BEGIN":
            open_components.append(value.upper())
        elif name.upper() == "END":
            if not open_components or open_components.pop() != value.upper():
                raise Malformed(f"END:{value} closes nothing")
    if open_components:
        raise Malformed(f"{open_components[-1]} is not closed")


def check_errors(component: Component) -> None:
    """Events note what they cannot parse and go on; a test must not."""
    for part in component.walk():
        for name, error in part.errors:
            raise Malformed(f"{part.name} {name}: {error}")


def one(event: Component, name: str):
    """The only property of this name, or nothing; the library returns a list for several."""
    value = event.get(name)
    if isinstance(value, list):
        raise Malformed(f"{event.get('UID')}: {name} stands more than once")
    return value


def text(event: Component, name: str) -> str | None:
    value = one(event, name)
    return None if value is None else str(value)


def utc(instant: datetime) -> str:
    return instant.astimezone(timezone.utc).strftime("%Y-%m-%dT%H:%M:%SZ")


def moment(event: Component, name: str, zones: dict) -> tuple:
    """(is a whole day, what is written, zone name, instant) of DTSTART or DTEND."""
    value = one(event, name)
    if value is None:
        return None, None, None, None
    written = value.dt
    if not isinstance(written, datetime):
        return True, written.isoformat(), None, None
    local = written.replace(tzinfo=None)
    tzid = value.params.get("TZID")
    if tzid is not None:
        if tzid not in zones:
            raise Malformed(f"{event.get('UID')}: no VTIMEZONE for {tzid}")
        return False, local.isoformat(), tzid, utc(local.replace(tzinfo=zones[tzid]))
    if written.tzinfo is None:
        raise Malformed(f"{event.get('UID')}: {name} has no zone")
    return False, local.isoformat(), None, utc(written)


def read_event(event: Component, zones: dict) -> dict:
    for name in ("UID", "DTSTART"):
        if one(event, name) is None:
            raise Malformed(f"{event.get('UID')}: {name} is missing")
    all_day, start_local, tzid, start_utc = moment(event, "DTSTART", zones)
    _, end_local, _, end_utc = moment(event, "DTEND", zones)
    categories = event.get("CATEGORIES", [])
    lists = categories if isinstance(categories, list) else [categories]
    return {
        "uid": text(event, "UID"),
        "summary": text(event, "SUMMARY"),
        "status": text(event, "STATUS"),
        "sequence": int(one(event, "SEQUENCE") or 0),
        "all_day": all_day,
        "start_local": start_local,
        "tzid": tzid,
        "start_utc": start_utc,
        "end_local": end_local,
        "end_utc": end_utc,
        "location": text(event, "LOCATION"),
        "description": text(event, "DESCRIPTION"),
        "categories": [str(category) for several in lists for category in several.cats],
    }


def read(source: bytes) -> list[dict]:
    check_nesting(source)
    calendar = Calendar.from_ical(source)
    if calendar.name != "VCALENDAR":
        raise Malformed(f"{calendar.name} stands where VCALENDAR should")
    check_errors(calendar)
    zones = {str(zone["TZID"]): zone.to_tz(lookup_tzid=False) for zone in calendar.walk("VTIMEZONE")}
    return [read_event(event, zones) for event in calendar.walk("VEVENT")]


def main() -> int:
    try:
        events = read(sys.stdin.buffer.read())
    except (Malformed, ValueError, KeyError) as error:
        print(f"python-icalendar: {error}", file=sys.stderr)
        return 1
    json.dump(events, sys.stdout, ensure_ascii=False)
    print()
    return 0


sys.exit(main())
