//! One line of a calendar file taken out, doubled, moved, said of another property, or made odd.

use fastrand::Rng;

/// Lines that change what others mean.
const ODD: [&str; 44] = [
    "BEGIN:VEVENT",
    "END:VEVENT",
    "BEGIN:VTIMEZONE",
    "BEGIN:VALARM",
    "DTSTART:20261101T013000",
    "DTSTART:20261122T100000Z",
    "DTSTART;TZID=America/New_York:20261101T013000",
    "DTSTART;TZID=Europe/London:20261025T013000",
    "DTSTART;TZID=Nowhere/Known:20261122T100000",
    "DTSTART;VALUE=DATE:20261122",
    "DTSTART;VALUE=DATE:20991231",
    "DTEND:20261122T100000Z",
    "DTEND;VALUE=DATE:20261122",
    "DTEND;TZID=Asia/Kolkata:20261123T000000",
    "DURATION:PT0S",
    "DURATION:-P1D",
    "DURATION:P99999999W",
    "DURATION:P1DT25H",
    "RRULE:FREQ=DAILY",
    "RRULE:FREQ=DAILY;COUNT=3",
    "RRULE:FREQ=WEEKLY;BYDAY=MO,TU,WE,TH,FR;UNTIL=20261231T235959Z",
    "RRULE:FREQ=MONTHLY;BYDAY=-1SU",
    "RRULE:FREQ=MONTHLY;BYMONTHDAY=31",
    "RRULE:FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=29",
    "RRULE:FREQ=HOURLY;INTERVAL=7",
    "RRULE:FREQ=SECONDLY",
    "RRULE:FREQ=YEARLY;BYWEEKNO=53;BYSETPOS=-1",
    "RRULE:FREQ=DAILY;INTERVAL=65536;COUNT=4294967296",
    "RDATE:20261130T100000Z",
    "RDATE;VALUE=PERIOD:20261130T100000Z/PT1H,20261129T100000Z/20261129T110000Z",
    "EXDATE:20261123T100000Z",
    "EXDATE;VALUE=DATE:20261123",
    "RECURRENCE-ID:20261123T100000Z",
    "RECURRENCE-ID;RANGE=THISANDFUTURE:20261124T100000Z",
    "UID:one",
    "SEQUENCE:2147483648",
    "STATUS:CANCELLED",
    "CLASS:PRIVATE",
    "METHOD:CANCEL",
    "X-WR-TIMEZONE:Australia/Lord_Howe",
    "X-MICROSOFT-CDO-ALLDAYEVENT:TRUE",
    "TZOFFSETTO:+2400",
    "SUMMARY:<b>one</b>&amp;\\, two\\n\\;\\x",
    " a fold",
];

/// `text` with one change.
pub(super) fn changed(text: &str, dice: &mut Rng) -> String {
    let mut lines: Vec<String> = text.lines().map(str::to_owned).collect();
    if lines.is_empty() {
        lines.push(String::new());
    }
    let (one, other) = (dice.usize(..lines.len()), dice.usize(..lines.len()));
    match dice.u8(..8) {
        0 => drop(lines.remove(one)),
        1 => lines.insert(one, lines[other].clone()),
        2 => lines.swap(one, other),
        3 => {
            let (first, last) = (one.min(other), one.max(other));
            let block = lines[first..=last].to_vec();
            lines.splice(first..first, block);
        }
        4 => lines[one] = crossed(&lines[one], &lines[other]),
        5 => lines[one] = twisted(&lines[one], dice),
        6 => odd(dice).clone_into(&mut lines[one]),
        _ => lines.insert(one, odd(dice).to_owned()),
    }
    let end = match dice.u8(..12) {
        0 => "\n",
        1 => "\r",
        _ => "\r\n",
    };
    lines.join(end) + end
}

fn odd(dice: &mut Rng) -> &'static str {
    ODD[dice.usize(..ODD.len())]
}

/// What `other` says, said of the property of `line`.
fn crossed(line: &str, other: &str) -> String {
    let name = line.split([':', ';']).next().unwrap_or_default();
    let said = other.find([':', ';']).map_or("", |at| &other[at..]);
    format!("{name}{said}")
}

/// One letter more, less, or another.
fn twisted(line: &str, dice: &mut Rng) -> String {
    let mut letters: Vec<char> = line.chars().collect();
    let at = dice.usize(..=letters.len());
    let end = (at + dice.usize(..3)).min(letters.len());
    let with = match dice.u8(..4) {
        0 => None,
        1 => Some(dice.char('0'..='9')),
        2 => Some([';', ':', ',', '=', '"', '\\', '-', '/'][dice.usize(..8)]),
        _ => Some(dice.char(' '..='ÿ')),
    };
    letters.splice(at..end, with);
    letters.into_iter().collect()
}
