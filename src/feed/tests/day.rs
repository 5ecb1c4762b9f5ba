//! A day on which the upstream is hardly ever well: nothing grows with what goes wrong.

use super::*;
use crate::{
    domain::{
        testing::{days, event},
        text::Line,
    },
    testing::Log,
};

/// What readers ask for all day long; three months of it lie outside the horizon.
const WINDOWS: [&str; 6] = [
    "today",
    "next-7d",
    "2026-11",
    "all",
    "2027-03",
    "2027-04-10..2027-05-10",
];
/// How many months outside the horizon that are, with the one that the horizon begins in.
const MONTHS: usize = 4;
/// Polls in half a day.
const POLLS: usize = 72;

/// Some of the same forty events, each time with other titles.
fn programme(random: &mut fastrand::Rng) -> Batch {
    let all = (0..40).map(|number| {
        let day = format!("2026-11-{:02}", 20 + number % 10);
        let far = format!("2027-{:02}-15", 3 + number % 3);
        let day = if number % 4 == 0 { far } else { day };
        let mut event = event(&format!("event-{number}"), days(&day, &day));
        event.title = Line::new(&format!("title {}", random.u8(..)));
        event
    });
    let all: Vec<_> = all.collect();
    let some = random.choose_multiple(all, 35);
    batch(some)
}

/// What befalls the upstream before its next poll; whether it is a fault.
fn befall(upstream: &Upstream, random: &mut fastrand::Rng) -> bool {
    let trouble = match random.u8(..6) {
        0 => Trouble::Nonsense,
        1 => Trouble::Overload(Duration::from_mins(5)),
        2 => Trouble::Refusal,
        _ => {
            upstream.has(programme(random));
            return false;
        }
    };
    upstream.has_trouble(trouble);
    true
}

/// What is in memory of a source and its feed: documents, and months outside the horizon.
fn size(world: &World) -> (u64, usize) {
    let today = world.feeds.clock.now().date_naive();
    let kept = DateSpan::through(today, today).unwrap();
    let sources = world.feeds.sources();
    let months = sources.map(|(_, units)| units.beyond.at_hand_outside(kept).count());
    (world.feeds.documents.slots(), months.sum())
}

#[tokio::test]
async fn after_a_day_of_troubles_there_is_no_more_of_anything_than_at_noon() {
    let log = Log::default();
    let _captured = log.capture();
    let mut random = fastrand::Rng::with_seed(24);
    let upstream = Upstream::with([]);
    upstream.has(programme(&mut random));
    let world = simple(&upstream);
    world.poll().await;
    let told = |level: &str| {
        let text = log.text();
        text.lines().filter(|line| line.contains(level)).count()
    };
    let mut sizes = Vec::new();
    let mut lines = 0;
    for half in ["morning", "afternoon"] {
        let mut faults = 0;
        for _ in 0..POLLS {
            faults += usize::from(befall(&upstream, &mut random));
            world.hand.advance(TimeDelta::minutes(10));
            world.poll().await;
            for window in WINDOWS {
                // That there is nothing yet is an answer too.
                _ = world.window(window).await;
                let part = Part::Window(window.parse().unwrap());
                let season = FeedName::Configured("season".parse().unwrap());
                _ = world.feeds.list(&season, part).await;
            }
        }
        assert!(faults > POLLS / 4, "{half}: {faults} faults");
        let before = std::mem::replace(&mut lines, told(" WARN ") + told("ERROR "));
        // One for the poll and one for each month; the rest is said once a day.
        let most = faults * (1 + MONTHS) + 10;
        assert!(lines - before <= most, "{half}: {} lines", lines - before);
        sizes.push(size(&world));
    }
    assert_eq!(sizes, [(WINDOWS.len() as u64, MONTHS); 2]);
}
