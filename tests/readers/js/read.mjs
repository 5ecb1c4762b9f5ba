// Reads one iCalendar object from stdin and prints its events as JSON (tests/readers/README.md).
import { readFileSync } from "node:fs";
import ICAL from "ical.js";

class Malformed extends Error {}

/** The library closes whatever is open at an END, whatever the END says. */
function checkNesting(source) {
  const open = [];
  for (const [, edge, name] of source.matchAll(/^(BEGIN|END):(.*?)\r?$/gim)) {
    if (edge.toUpperCase() === "BEGIN") {
      open.push(name);
    } else if (open.pop() !== name) {
      throw new Malformed(`END:${name} closes nothing`);
    }
  }
}

/** The only property of this name, or null. */
function one(event, name) {
  const found = event.getAllProperties(name);
  if (found.length > 1) {
    throw new Malformed(`${event.getFirstPropertyValue("uid")}: ${name} stands more than once`);
  }
  return found[0] ?? null;
}

function text(event, name) {
  const property = one(event, name);
  return property === null ? null : String(property.getFirstValue());
}

const instant = (seconds) => new Date(seconds * 1000).toISOString().replace(".000Z", "Z");

/** What DTSTART or DTEND says: whole day or not, as written, its zone, its instant. */
function moment(event, name, zones) {
  const property = one(event, name);
  if (property === null) {
    return { allDay: null, local: null, tzid: null, utc: null };
  }
  const uid = event.getFirstPropertyValue("uid");
  const time = property.getFirstValue();
  if (!(time instanceof ICAL.Time)) {
    throw new Malformed(`${uid}: ${name} is no time`);
  }
  if (time.isDate) {
    return { allDay: true, local: time.toString(), tzid: null, utc: null };
  }
  const local = time.toString().replace(/Z$/, "");
  const tzid = property.getParameter("tzid") ?? null;
  if (tzid === null) {
    if (time.zone !== ICAL.Timezone.utcTimezone) {
      throw new Malformed(`${uid}: ${name} has no zone`);
    }
    return { allDay: false, local, tzid, utc: instant(time.toUnixTime()) };
  }
  const zone = zones.get(tzid);
  if (zone === undefined) {
    throw new Malformed(`${uid}: no VTIMEZONE for ${tzid}`);
  }
  // A copy bound to the zone of the file: a registered zone of the same name must not decide.
  const zoned = time.clone();
  zoned.zone = zone;
  return { allDay: false, local, tzid, utc: instant(zoned.toUnixTime()) };
}

function readEvent(event, zones) {
  for (const name of ["uid", "dtstart"]) {
    if (one(event, name) === null) {
      throw new Malformed(`${event.getFirstPropertyValue("uid")}: ${name} is missing`);
    }
  }
  const start = moment(event, "dtstart", zones);
  const end = moment(event, "dtend", zones);
  return {
    uid: text(event, "uid"),
    summary: text(event, "summary"),
    status: text(event, "status"),
    sequence: Number(text(event, "sequence") ?? 0),
    all_day: start.allDay,
    start_local: start.local,
    tzid: start.tzid,
    start_utc: start.utc,
    end_local: end.local,
    end_utc: end.utc,
    location: text(event, "location"),
    description: text(event, "description"),
    categories: event.getAllProperties("categories").flatMap((list) => list.getValues()),
  };
}

function read(source) {
  checkNesting(source);
  const parsed = ICAL.parse(source);
  if (parsed[0] !== "vcalendar") {
    throw new Malformed("the input is not exactly one VCALENDAR");
  }
  const calendar = new ICAL.Component(parsed);
  const zones = new Map(
    calendar
      .getAllSubcomponents("vtimezone")
      .map((component) => [component.getFirstPropertyValue("tzid"), new ICAL.Timezone(component)]),
  );
  return calendar.getAllSubcomponents("vevent").map((event) => readEvent(event, zones));
}

try {
  process.stdout.write(JSON.stringify(read(readFileSync(0, "utf8"))) + "\n");
} catch (error) {
  process.stderr.write(`ical-js: ${error.message}\n`);
  process.exitCode = 1;
}
