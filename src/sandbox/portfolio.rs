//! What the company's endowment has lent: notes with their due dates, listings, payments. Amounts are cents.

use chrono::{DateTime, Days, Months, NaiveDate, NaiveTime, TimeDelta, Utc};

/// Everything one investor holds.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Portfolio {
    /// Parts of loans.
    pub notes: Vec<Note>,
    /// Loans that are or were sought.
    pub listings: Vec<Listing>,
    /// What came back.
    pub payments: Vec<Payment>,
}

/// A part of a loan.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Note {
    /// The upstream's id: the number of the loan and the number of the part.
    pub id: String,
    /// Number of the loan.
    pub loan: u32,
    /// Number of the listing it came from.
    pub listing: u32,
    /// 0 to 6, or a number nobody has heard of (fact sheet §7).
    pub status: u8,
    /// The next day a payment is due; stale on a note that has ended.
    pub due: Option<NaiveDate>,
    /// How much of it is this part's.
    pub due_amount: i32,
    /// How late the last one is.
    pub days_late: u32,
    /// When the loan began.
    pub originated: NaiveDate,
    /// Months it runs.
    pub term: u32,
    /// Months it was lengthened by.
    pub extension: u32,
    /// When it was sold or ended.
    pub owned_until: Option<NaiveDate>,
    /// How good it is held to be.
    pub rating: String,
    /// How much was lent.
    pub invested: i32,
}

/// A loan that is or was sought.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Listing {
    /// The upstream's id.
    pub number: u32,
    /// A word for its purpose.
    pub title: String,
    /// When it was opened.
    pub started: DateTime<Utc>,
    /// When it ended.
    pub ended: Option<DateTime<Utc>>,
    /// When it was last changed.
    pub updated: DateTime<Utc>,
    /// 2 to 8, or a number nobody has heard of (fact sheet §8).
    pub status: u8,
    /// The status in a word.
    pub reason: String,
    /// When the loan began.
    pub originated: Option<NaiveDate>,
    /// How good it is held to be.
    pub rating: String,
    /// Months it is to run.
    pub term: u32,
    /// How much is sought.
    pub amount: i32,
    /// Whether the investor has bid.
    pub invested: bool,
}

/// Something that came back, or was taken back.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Payment {
    /// The upstream's id.
    pub transaction: u32,
    /// Number of the loan.
    pub loan: u32,
    /// When it counts.
    pub effective: NaiveDate,
    /// When it was paid out.
    pub disbursed: Option<NaiveDate>,
    /// `Process`, `Success`, `Fail` or `Dispute`.
    pub status: String,
    /// `Payment`, `Adjustment` and others.
    pub kind: String,
    /// A code of an open set.
    pub code: String,
    /// How much.
    pub amount: i32,
}

/// The day the endowment lent for the first time: the last of a month, so that some loans end on days that months lack.
const EPOCH: NaiveDate = NaiveDate::from_ymd_opt(2008, 1, 31).expect("a day of January");

/// The ratings, best first; the last one is none.
const RATINGS: [&str; 8] = ["AA", "A", "B", "C", "D", "E", "HR", "N/A"];

impl Note {
    /// A current note of which nothing is known but when its next payment is due.
    #[must_use]
    pub fn bare(id: impl Into<String>, due: Option<NaiveDate>) -> Self {
        Self {
            id: id.into(),
            loan: 1_000_001,
            listing: 12_000_001,
            status: 1,
            due,
            due_amount: 85,
            days_late: 0,
            originated: EPOCH,
            term: 36,
            extension: 0,
            owned_until: None,
            rating: "A".to_owned(),
            invested: 2_500,
        }
    }
}

impl Listing {
    /// An active listing with a bid, of which nothing is known but when it was opened and when it ends.
    #[must_use]
    pub fn bare(number: u32, started: DateTime<Utc>, ended: Option<DateTime<Utc>>) -> Self {
        Self {
            number,
            title: "Debt consolidation".to_owned(),
            started,
            ended,
            updated: started,
            status: 2,
            reason: "Active".to_owned(),
            originated: None,
            rating: "B".to_owned(),
            term: 36,
            amount: 1_200_000,
            invested: true,
        }
    }
}

impl Portfolio {
    /// What the fictional endowment holds on `today`. Loans begin on days that do not move; what of them is due does.
    pub(super) fn touring(today: NaiveDate) -> Self {
        let begun = today - Months::new(20);
        let loans = (0..).map(|turn| (turn, EPOCH + Days::new(u64::from(turn) * 13)));
        let loans = loans
            .skip_while(|(_, day)| *day < begun)
            .take_while(|(_, day)| *day < today);
        let mut held = Self::default();
        for (turn, day) in loans {
            held.notes.push(note(turn, day, today, 1));
            if turn % 9 == 4 {
                held.notes.push(note(turn, day, today, 2));
            }
            held.payments.extend(payments(turn, day, today));
        }
        let weeks =
            (0..8).map(|week| (week, today - Days::new(30) + Days::new(u64::from(week) * 5)));
        held.listings
            .extend(weeks.map(|(turn, day)| listing(turn, day)));
        held
    }
}

fn note(turn: u32, day: NaiveDate, today: NaiveDate, part: u32) -> Note {
    let status = match turn % 12 {
        3 => 2,
        5 => 3,
        7 => 4,
        8 => 6,
        10 => 9,
        11 => 0,
        _ => 1,
    };
    let months = (1..).map(|months| day + Months::new(months));
    let next = months.into_iter().find(|due| *due >= today);
    let loan = 1_000_000 + turn;
    Note {
        loan,
        listing: 12_000_000 + turn,
        status,
        due: match turn % 11 {
            6 => None,
            _ if status != 1 => Some(day + Months::new(1)),
            _ => next,
        },
        due_amount: if turn.is_multiple_of(5) { 0 } else { 85 },
        days_late: if turn % 8 == 1 { 17 } else { 0 },
        originated: day,
        term: [24, 36, 60][turn as usize % 3],
        extension: u32::from(turn % 7 == 2),
        owned_until: (status > 1 && status < 9).then(|| day + Months::new(2)),
        rating: RATINGS[turn as usize % RATINGS.len()].to_owned(),
        ..Note::bare(format!("{loan}-{part}"), None)
    }
}

fn payments(turn: u32, day: NaiveDate, today: NaiveDate) -> Vec<Payment> {
    let due = (1..24).map(|months| (months, day + Months::new(months)));
    let past = due.take_while(|(_, due)| *due < today);
    past.map(|(month, due)| Payment {
        transaction: turn * 100 + month,
        loan: 1_000_000 + turn,
        effective: due,
        disbursed: (month % 6 != 5).then(|| due + Days::new(3)),
        status: if month % 6 == 5 { "Fail" } else { "Success" }.to_owned(),
        kind: if month % 10 == 9 {
            "Adjustment"
        } else {
            "Payment"
        }
        .to_owned(),
        code: ["PMT", "ACH", "OGRF2"][month as usize % 3].to_owned(),
        amount: 85,
    })
    .collect()
}

fn listing(turn: u32, day: NaiveDate) -> Listing {
    let started = day.and_time(NaiveTime::MIN).and_utc() + TimeDelta::minutes(17 * 60 + 3);
    let (status, reason) = match turn % 8 {
        0 => (6, "Completed"),
        1 => (5, "Expired"),
        2 => (99, "Under the microscope"),
        3 => (8, "Pending"),
        _ => (2, "Active"),
    };
    Listing {
        ended: (turn % 3 != 1).then(|| started + TimeDelta::days(14)),
        updated: started + TimeDelta::hours(1),
        status,
        reason: reason.to_owned(),
        originated: (status == 6).then(|| day + Days::new(20)),
        rating: RATINGS[turn as usize % RATINGS.len()].to_owned(),
        invested: turn % 4 != 3,
        ..Listing::bare(13_000_000 + turn, started, None)
    }
}

#[cfg(test)]
mod tests {
    use std::collections::HashSet;

    use super::*;

    #[test]
    fn a_portfolio_holds_every_status_and_every_id_once() {
        for today in ["2026-01-01", "2026-11-22", "2028-02-29"] {
            let today: NaiveDate = today.parse().unwrap();
            let held = Portfolio::touring(today);
            let states: HashSet<_> = held.notes.iter().map(|note| note.status).collect();
            assert!(states.len() >= 6, "{today}: {states:?}");
            let ids: HashSet<_> = held.notes.iter().map(|note| &note.id).collect();
            assert_eq!(ids.len(), held.notes.len(), "{today}");
            let coming = held.notes.iter().filter(|note| note.status == 1);
            assert!(coming.clone().count() > 15, "{today}");
            assert!(
                coming
                    .into_iter()
                    .all(|note| note.due.is_none_or(|due| due >= today)),
                "{today}"
            );
            let transactions: HashSet<_> = held.payments.iter().map(|p| p.transaction).collect();
            assert_eq!(transactions.len(), held.payments.len(), "{today}");
            assert!(
                held.listings.iter().any(|listing| listing.ended.is_none()),
                "{today}"
            );
        }
    }
}
