//! A whole feed or a single event as one `VCALENDAR` (interop sections 2, 3, 6 and 10).

use std::{
    collections::{BTreeMap, HashMap, HashSet},
    ops::Range,
};

use chrono::{DateTime, NaiveDate, Utc};
use chrono_tz::Tz;

use crate::{
    domain::{
        feed::{Feed, Times},
        id::EventUid,
        select::Shown,
        text::Line,
        when::{TimeSpan, When},
    },
    zones::{Zone, ZoneData, is_publishable},
};

use super::{
    cut::{BODY_MAX, Cut, EVENTS_MAX},
    event::{self, Clockwork},
    ledger::Ledger,
    line,
    series::{self, joined},
    timezone::{self, Rules},
};

/// Constant across releases: a version in it would change every feed with every release (interop C1).
const PRODID: &str = "-//calbridge//calbridge//EN";
/// The least time a client should wait before it asks again (interop C6).
const REFRESH: &str = "PT1H";
/// The same where nothing will change any more (interop W8).
const SELDOM: &str = "P7D";

/// What to write.
#[derive(Debug, Clone, Copy)]
pub struct Request<'a> {
    /// The feed whose zone, time form and title count.
    pub feed: &'a Feed,
    /// A single event to download carries no calendar name (interop C5).
    pub purpose: Purpose,
    /// The events, sorted by start, then UID.
    pub events: &'a [Shown<'a>],
    /// The zone each event lives in, in the order of `events`.
    pub zones: &'a [Tz],
    /// The rules of the zones.
    pub data: &'a ZoneData,
    /// The day that counts as the middle when a feed is too large: what is far from it goes first.
    pub today: NaiveDate,
    /// What was published of the same document before.
    pub before: &'a Ledger,
    /// When the inputs of the document last changed.
    pub changed: DateTime<Utc>,
}

/// What a calendar is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Purpose {
    /// To be subscribed to, or downloaded whole.
    Feed,
    /// To be downloaded, one event.
    Download,
    /// To tell subscribers that there is nothing to subscribe to any more: it need not be asked for often (interop W8).
    Notice,
}

/// A written calendar, to be published once it has passed [`Checked::without_broken`](super::Checked::without_broken).
#[derive(Debug, Clone)]
pub struct Rendered {
    /// The bytes.
    pub body: Vec<u8>,
    /// Where in them each event stands, in their order.
    pub events: Vec<(EventUid, Range<usize>)>,
    /// What it says of each event, for the next time.
    pub ledger: Ledger,
    /// What had to be left out.
    pub cut: Option<Cut>,
}

/// Writes one calendar. Same request, same bytes.
#[must_use]
pub fn write(request: &Request<'_>) -> Rendered {
    let counted = request.narrowed(request.fitting(|_| 1, EVENTS_MAX));
    let (clockworks, rules) = clockworks(&counted);
    let (events, bounds, ledger) = events(&counted, &clockworks);
    let room = BODY_MAX.saturating_sub(frame(&counted, &rules));
    let kept = counted.fitting(|index| bounds[index].len(), room);
    let cut =
        (kept.len() < request.events.len()).then(|| counted.narrowed(kept.clone()).cut(request));
    let bytes = match bounds.get(kept.clone()) {
        Some([first, .., last]) => first.start..last.end,
        Some([only]) => only.clone(),
        _ => 0..0,
    };

    let mut body = Vec::with_capacity(BODY_MAX - room + events.len());
    line::plain(&mut body, "BEGIN", "VCALENDAR");
    head(&mut body, request, cut);
    timezones(&mut body, request, &rules, &clockworks[kept.clone()]);
    let start = body.len();
    let moved = |place: &Range<usize>| {
        let by = |at: usize| start + at - bytes.start;
        by(place.start)..by(place.end)
    };
    let uids = counted.events[kept.clone()].iter().map(Shown::uid);
    let places = uids.zip(bounds[kept].iter().map(moved)).collect();
    body.extend_from_slice(&events[bytes]);
    line::plain(&mut body, "END", "VCALENDAR");
    Rendered {
        body,
        events: places,
        ledger,
        cut,
    }
}

/// The most octets that everything but the events can take.
fn frame(request: &Request<'_>, rules: &[Rules]) -> usize {
    const BEGIN_AND_END: usize = 100;
    let mut out = Vec::new();
    head(&mut out, request, Some(request.cut(request)));
    for rules in rules {
        lines(&mut out, rules);
    }
    out.len() + BEGIN_AND_END
}

/// The components of all events, where each of them is, and what was said of it.
fn events(
    request: &Request<'_>,
    clockworks: &[Clockwork<'_>],
) -> (Vec<u8>, Vec<Range<usize>>, Ledger) {
    let mut ledger = Ledger::with_capacity(request.events.len());
    let mut out = Vec::new();
    let mut bounds = Vec::with_capacity(request.events.len());
    for (shown, clockwork) in request.events.iter().zip(clockworks) {
        let start = out.len();
        line::plain(&mut out, "BEGIN", "VEVENT");
        let body = out.len();
        event::body(&mut out, shown, *clockwork);
        let stamps = request.before.settle(
            &mut ledger,
            shown.uid(),
            &out[body..],
            shown.stamps(),
            request.changed,
        );
        event::stamps(&mut out, stamps);
        line::plain(&mut out, "END", "VEVENT");
        bounds.push(start..out.len());
    }
    (out, bounds, ledger)
}

/// How each event is written, in their order, and the rules of the zones used (interop Z1).
fn clockworks<'a>(request: &Request<'a>) -> (Vec<Clockwork<'a>>, Vec<Rules>) {
    let alone: Vec<_> = request
        .events
        .iter()
        .zip(request.zones)
        .map(|(shown, tz)| alone(request, shown, *tz))
        .collect();
    let mut reaches: BTreeMap<&'static str, Reach<'_>> = BTreeMap::new();
    for (alone, shown) in alone.iter().zip(request.events) {
        let Some((tz, zone, span)) = *alone else {
            continue;
        };
        let reach = reaches.entry(tz.name()).or_insert(Reach {
            tz,
            zone,
            all: span,
            series: None,
        });
        reach.all = joined(reach.all, span);
        if shown.kept().is_some() {
            reach.series = Some(reach.series.map_or(span, |series| joined(series, span)));
        }
    }
    let described: HashMap<Tz, (Rules, TimeSpan)> = reaches
        .into_values()
        .filter_map(|reach| Some((reach.tz, reach.described()?)))
        .collect();
    let clockworks = alone.into_iter().map(|alone| match alone {
        Some((tz, zone, span))
            if described
                .get(&tz)
                .is_some_and(|(_, all)| joined(*all, span) == *all) =>
        {
            Clockwork::Local(tz, zone)
        }
        _ => Clockwork::Utc,
    });
    let clockworks = clockworks.collect();
    let mut rules: Vec<Rules> = described.into_values().map(|(rules, _)| rules).collect();
    rules.sort_unstable_by_key(|rules| rules.tz.name());
    (clockworks, rules)
}

/// The time in which a zone is used.
struct Reach<'a> {
    tz: Tz,
    zone: &'a Zone,
    /// By everything.
    all: TimeSpan,
    /// By series, which cannot be written in UTC.
    series: Option<TimeSpan>,
}

impl Reach<'_> {
    /// The rules that hold for as much of it as they can, and for which span: where not for all, then for the series.
    fn described(&self) -> Option<(Rules, TimeSpan)> {
        let over = |span| Some((timezone::timezone(self.tz, self.zone, span)?, span));
        over(self.all).or_else(|| over(self.series?))
    }
}

/// The zone an event may be written in, as far as it alone decides (interop T9, Z2), and for how long it is needed.
fn alone<'a>(request: &Request<'a>, shown: &Shown<'_>, tz: Tz) -> Option<(Tz, &'a Zone, TimeSpan)> {
    if let Some(kept) = shown.kept() {
        // All of it was looked at before it was kept.
        let tz = kept.zone()?;
        return Some((tz, request.data.zone(tz)?, series::reach(kept)?));
    }
    let When::Timed(span) = shown.when() else {
        return None;
    };
    let zoned = request.feed.times == Times::Zoned && is_publishable(tz);
    let zone = zoned.then(|| request.data.zone(tz))??;
    timezone::writes_locally(zone, span).then_some((tz, zone, span))
}

fn head(out: &mut Vec<u8>, request: &Request<'_>, cut: Option<Cut>) {
    line::plain(out, "VERSION", "2.0");
    line::plain(out, "PRODID", PRODID);
    line::plain(out, "CALSCALE", "GREGORIAN");
    line::plain(out, "METHOD", "PUBLISH");
    if request.purpose == Purpose::Download {
        return;
    }
    let title = request.feed.title.as_str();
    let (about, refresh) = match request.purpose {
        Purpose::Notice => (title.to_owned(), SELDOM),
        Purpose::Feed | Purpose::Download => (about(&request.feed.title, cut), REFRESH),
    };
    for (name, value) in [
        ("NAME", title),
        ("X-WR-CALNAME", title),
        ("DESCRIPTION", &about),
        ("X-WR-CALDESC", &about),
    ] {
        line::text(out, name, value);
    }
    line::plain(out, "X-WR-TIMEZONE", request.feed.zone.name());
    line::plain(out, "REFRESH-INTERVAL;VALUE=DURATION", refresh);
    line::plain(out, "X-PUBLISHED-TTL", refresh);
}

fn about(title: &Line, cut: Option<Cut>) -> String {
    let about = format!("{title}. This calendar keeps itself up to date.");
    match cut {
        None => about,
        Some(Cut {
            first,
            last,
            left_out,
        }) => format!(
            "{about} It holds the events from {first} to {last}; {left_out} more did not fit. \
             A shorter window, such as one month, shows them."
        ),
    }
}

/// The zones the kept events use; if there is no event at all, the feed's own, since a calendar may not be empty (W6).
fn timezones(out: &mut Vec<u8>, request: &Request<'_>, rules: &[Rules], kept: &[Clockwork<'_>]) {
    let used: HashSet<Tz> = kept
        .iter()
        .filter_map(|clockwork| clockwork.zone())
        .collect();
    for rules in rules.iter().filter(|rules| used.contains(&rules.tz)) {
        lines(out, rules);
    }
    if request.events.is_empty() {
        let own = timezone::on_day(request.feed.zone, request.data, request.today);
        lines(out, &own.unwrap_or_else(Rules::utc));
    }
}

fn lines(out: &mut Vec<u8>, rules: &Rules) {
    for (name, value) in rules.lines() {
        line::plain(out, name, &value);
    }
}

#[cfg(test)]
mod tests;
