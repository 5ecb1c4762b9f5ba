//! How an event repeats, as a recurrence rule (`upstreams/add-to-calendar-pro.md` §5; RFC 5545 §3.3.10).

use chrono::NaiveDate;

use crate::source::loose::{Flag, Words};

use super::wire::{Event, said};

/// The words for how often, and what a rule calls them.
const FREQUENCIES: [&str; 4] = ["DAILY", "WEEKLY", "MONTHLY", "YEARLY"];

/// The rule of `event`, without `RRULE:` before it; `None` if it happens once.
///
/// Which fields count is told by `simplified_recurrence`. It is also set on events that happen once, so it does not say
/// whether there is a rule.
pub(super) fn rule(event: &Event) -> Result<Option<String>, &'static str> {
    let written = said(&event.recurrence).map(plain);
    let simple = said(&event.recurrence_simple_type);
    let bare = written.as_deref().and_then(frequency);
    let word = match event.simplified_recurrence {
        Flag::Yes => simple,
        Flag::Absent => bare.or(simple.filter(|_| written.is_none())),
        Flag::No | Flag::Unclear => bare,
    };
    match (word, event.simplified_recurrence) {
        (Some(word), _) => simple_rule(event, word).map(Some),
        (None, Flag::Yes) => Ok(None),
        (None, _) => Ok(written),
    }
}

/// A rule as it is written elsewhere: without blanks, in capitals, without the name of its property.
fn plain(text: &str) -> String {
    let mut rule: String = text.chars().filter(|c| !c.is_whitespace()).collect();
    rule.make_ascii_uppercase();
    rule.strip_prefix("RRULE:")
        .map(str::to_owned)
        .unwrap_or(rule)
}

fn frequency(word: &str) -> Option<&'static str> {
    let same = |known: &&str| known.eq_ignore_ascii_case(word);
    FREQUENCIES.into_iter().find(same)
}

/// The rule that the simple fields make.
fn simple_rule(event: &Event, word: &str) -> Result<String, &'static str> {
    let frequency = frequency(word).ok_or("how often it happens is not known")?;
    let mut parts = vec![format!("FREQ={frequency}")];
    let mut add = |name: &str, value: &str| parts.push(format!("{name}={value}"));
    if let Some(interval) = count(&event.recurrence_interval)?.filter(|interval| *interval > 1) {
        add("INTERVAL", &interval.to_string());
    }
    if let Some(count) = count(&event.recurrence_count)? {
        add("COUNT", &count.to_string());
    }
    if let Some(until) = said(&event.recurrence_until) {
        add("UNTIL", &day(until)?);
    }
    for (name, words) in [
        ("BYDAY", &event.recurrence_by_day),
        ("BYMONTH", &event.recurrence_by_month),
        ("BYMONTHDAY", &event.recurrence_by_month_day),
    ] {
        if let Some(list) = said(words) {
            add(name, plain(list).trim_matches(','));
        }
    }
    let start = said(&event.recurrence_weekstart).unwrap_or("MO");
    add("WKST", &plain(start));
    Ok(parts.join(";"))
}

/// A number of times; none, or none at all, says nothing.
fn count(words: &Words) -> Result<Option<u32>, &'static str> {
    let Some(text) = said(words) else {
        return Ok(None);
    };
    let number: u32 = text
        .parse()
        .or(Err("a number of its rule cannot be read"))?;
    Ok(Some(number).filter(|number| *number > 0))
}

/// The last day of a rule as the rule writes it; a time of day beside it goes, for a rule ends with the day (§5).
fn day(text: &str) -> Result<String, &'static str> {
    let date = text.split(['T', 't', ' ']).next().unwrap_or(text);
    let forms = ["%Y-%m-%d", "%Y%m%d"];
    let date = forms
        .into_iter()
        .find_map(|form| NaiveDate::parse_from_str(date, form).ok());
    date.map(|date| date.format("%Y%m%d").to_string())
        .ok_or("the last day of its rule cannot be read")
}
