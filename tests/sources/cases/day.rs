//! A day of an upstream that is hardly ever well, in seconds: what is left of it when it is over.

mod store;

use std::{
    collections::BTreeSet,
    fs, io,
    sync::{Arc, Mutex},
    time::Duration,
};

use calbridge::{
    domain::{feed::GroupFeeds, id::EventUid},
    feed::{
        Keeping, Units,
        refresh::{Course, End, Wishes},
    },
    sandbox::double::{Double, Fault, Lasting, RetryAfter, Running},
    zones::Book,
};
use chrono::TimeDelta;
use chrono_tz::Tz;
use tracing::{Dispatch, subscriber::DefaultGuard};
use url::Url;

use crate::{
    row::Row,
    world::{FEW, World, daily, now, zones},
};
use store::Store;

const INTERVAL: Duration = Duration::from_mins(20);

/// What befalls it. What would be waited for in earnest, such as silence, has cases of its own.
const FAULTS: [Fault; 13] = [
    Fault::Unauthorized,
    Fault::Forbidden,
    Fault::NotFound,
    Fault::TooMany(Some(RetryAfter::Seconds(900))),
    Fault::Unavailable(Some(RetryAfter::Seconds(900))),
    Fault::Broken,
    Fault::Html,
    Fault::Truncated,
    Fault::Empty,
    Fault::WrongType,
    Fault::UnknownValue,
    Fault::UnknownFields,
    Fault::Duplicates,
];

/// What was logged.
#[derive(Clone, Default)]
struct Log(Arc<Mutex<Vec<u8>>>);

impl io::Write for Log {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.0.lock().unwrap().write(bytes)
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

impl Log {
    /// Captures what operators get to read, while the guards live. The second subscriber is why every line of code is
    /// asked for, whichever test came by it first.
    fn capture(&self) -> (DefaultGuard, Dispatch) {
        let subscriber = || {
            let log = self.clone();
            tracing_subscriber::fmt()
                .with_max_level(tracing::Level::INFO)
                .with_ansi(false)
                .with_writer(move || log.clone())
                .finish()
        };
        let idle = Dispatch::new(subscriber());
        (tracing::subscriber::set_default(subscriber()), idle)
    }

    fn lines(&self, with: &str) -> usize {
        let bytes = self.0.lock().unwrap();
        let text = str::from_utf8(&bytes).unwrap();
        text.lines().filter(|line| line.contains(with)).count()
    }
}

fn uids(units: &Units) -> BTreeSet<EventUid> {
    let snapshot = units.standing().snapshot.unwrap();
    let entries = snapshot.entries().iter();
    entries.map(|entry| entry.event.uid).collect()
}

/// How many connections to `upstream` are open, each counted at both of its ends. Other tests have theirs in this process.
fn connections(upstream: &Running<impl Double>) -> usize {
    let url = Url::parse(&upstream.url()).unwrap();
    let at = format!(":{:04X}", url.port().unwrap());
    let table = fs::read_to_string("/proc/self/net/tcp").unwrap();
    let is_one = |line: &&str| {
        let fields: Vec<&str> = line.split_whitespace().collect();
        let [_, local, remote, state, ..] = fields[..] else {
            return false;
        };
        // Established, as the kernel writes it.
        state == "01" && (local.ends_with(&at) || remote.ends_with(&at))
    };
    table.lines().filter(is_one).count()
}

pub(crate) async fn a_day_of_faults_costs_a_line_each_and_leaves_nothing_behind<R: Row>() {
    let log = Log::default();
    let _captured = log.capture();
    let mut clock = None;
    let spans = daily("2026-12-07", FEW);
    let world = World::<R>::new(&spans, |pace| clock = Some(pace.clock.clone())).await;
    let clock = clock.unwrap();
    let World {
        upstream,
        source,
        api,
        hand,
        ..
    } = world;
    let keeping = Keeping {
        kind: "a double",
        zone: Tz::UTC,
        horizon: "2026-12-01..2026-12-31".parse().unwrap(),
        interval: INTERVAL,
        book: Book::new([], [], None),
        group_feeds: GroupFeeds::Off,
        webhook: None,
    };
    let store = Store::open(clock.clone()).await;
    let units = Units::new(source, api, keeping, zones(), clock.clone());
    let units = units.kept_by(Arc::clone(&store.keeper));
    assert!(matches!(units.poll().await, Some(End::Answered { .. })));
    let (first, open) = (uids(&units), connections(&upstream));
    assert_eq!(first.len(), FEW);

    let mut random = fastrand::Rng::with_seed(24);
    let (mut polls, mut failed, mut spoilt) = (0, 0, 0);
    let mut sizes = vec![store.size(1).await];
    let tomorrow = now() + TimeDelta::hours(24);
    while clock.now() < tomorrow {
        let route = *random.choice(R::LISTS).unwrap();
        if random.u8(..3) > 0 {
            let fault = random.choice(&FAULTS).unwrap().clone();
            spoilt += u64::from(matches!(fault, Fault::WrongType | Fault::UnknownValue));
            upstream.fault(route, fault, Lasting::Next(random.u32(1..=2)));
        }
        let end = units.poll().await.unwrap();
        upstream.clear(route);
        polls += 1;
        failed += usize::from(matches!(end, End::Failed { .. }));
        let course = Course {
            interval: INTERVAL,
            jitter: random.f64(),
            ended: clock.now(),
            end,
        };
        hand.advance(course.next(&Wishes::new()).at - clock.now());
        while clock.now() >= now() + TimeDelta::hours(sizes.len().try_into().unwrap()) {
            sizes.push(store.size(polls + 1).await);
        }
    }
    store.close().await;
    assert_eq!(
        sizes.len(),
        25,
        "one before the first hour, and one after each"
    );
    for (hour, pair) in sizes.windows(2).enumerate() {
        pair[1].assert_no_larger_than(&pair[0], &format!("hour {hour}"));
    }
    let (evening, morning) = (&sizes[24], &sizes[0]);
    evening.assert_no_larger_than(morning, "the day");
    // What a fault makes of an event, and what it was before, is told.
    let changed = evening.changes();
    assert!(
        changed <= 2 * spoilt * FEW as u64,
        "{changed} changes by {spoilt} faults"
    );
    assert!(polls > 24 && failed > 2, "{failed} of {polls} polls failed");
    assert_eq!(log.lines("poll failed"), failed, "a line for each");
    // The rest is said once: who answers again, what is odd about records, what is held back.
    let told = log.lines("");
    assert!(
        told <= 2 * failed + 30,
        "{told} lines after {failed} faults"
    );

    assert!(
        matches!(units.poll().await, Some(End::Answered { .. })),
        "all is well again"
    );
    assert_eq!(uids(&units), first, "nothing was lost, nothing was added");
    let left = connections(&upstream);
    assert!(open > 0, "there was one to count");
    assert!(
        left <= open + 2,
        "{open} ends of connections have become {left}"
    );
    assert_eq!(upstream.violations(), []);
}
