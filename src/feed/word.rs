//! What an upstream has and does not show, by its newest word.

use std::collections::BTreeMap;

use serde::Serialize;

use crate::domain::{
    batch::{Batch, Withheld},
    event::Event,
    id::{EventUid, GroupId},
};

/// What the newest poll of the horizon says is not to be shown, and what months say that were read since.
#[derive(Debug, Default)]
pub(super) struct Word {
    /// How many answers have changed it.
    number: u64,
    events: BTreeMap<EventUid, Mark>,
    groups: BTreeMap<GroupId, Mark>,
    unclear: Withheld,
    unreadable: BTreeMap<EventUid, &'static str>,
}

/// That something is hidden, and since when.
#[derive(Debug, Clone, Copy)]
struct Mark {
    why: &'static str,
    /// [`Word::number`] of the answer that said so.
    number: u64,
}

/// What became of something that an upstream has and no feed shows.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Fate {
    /// The upstream hides it.
    Withheld,
    /// The upstream may hide it: its word on that cannot be read.
    Unclear,
    /// No event could be made of it.
    Unreadable,
}

impl Word {
    /// How many answers have changed it so far; to be noted by whoever asks for another.
    pub(super) fn number(&self) -> u64 {
        self.number
    }

    /// What was hidden by answers that came since it had that `number`: one that was asked for then may know nothing of it.
    pub(super) fn since(&self, number: u64) -> Withheld {
        Withheld {
            events: newer(&self.events, number).collect(),
            groups: newer(&self.groups, number).collect(),
        }
    }

    /// The one that follows on it with the poll that brought `batch`, which was asked for at `number`.
    pub(super) fn replace(&mut self, number: u64, batch: &Batch) {
        self.events.retain(|_, mark| mark.number > number);
        self.groups.retain(|_, mark| mark.number > number);
        self.unclear = Withheld::default();
        self.unreadable.clear();
        self.number += 1;
        self.take_up(number, batch);
    }

    /// Adds what the month says that brought `batch`, which was asked for at `number`.
    pub(super) fn add(&mut self, number: u64, batch: &Batch) {
        self.number += u64::from(!batch.withheld.is_empty());
        self.take_up(number, batch);
    }

    /// What is hidden is so from now on; what is shown is no longer hidden, unless that was said by an answer that came since.
    fn take_up(&mut self, number: u64, batch: &Batch) {
        for Event { uid, .. } in &batch.events {
            if self
                .events
                .get(uid)
                .is_some_and(|mark| mark.number <= number)
            {
                self.events.remove(uid);
            }
            self.unclear.events.remove(uid);
            self.unreadable.remove(uid);
        }
        let number = self.number;
        let mark = |why: &'static str| Mark { why, number };
        let events = batch.withheld.events.iter();
        self.events
            .extend(events.map(|(uid, why)| (*uid, mark(why))));
        let groups = batch.withheld.groups.iter();
        self.groups
            .extend(groups.map(|(group, why)| (group.clone(), mark(why))));
        self.unclear.extend(&batch.unclear);
        self.unreadable.extend(&batch.unreadable);
    }

    /// What it says of each of `uids`, and why.
    pub(super) fn on(
        &self,
        uids: impl Iterator<Item = EventUid>,
    ) -> impl Iterator<Item = (Fate, &'static str)> {
        uids.filter_map(|uid| {
            let withheld = self.events.get(&uid).map(|mark| mark.why);
            let unclear = self.unclear.events.get(&uid).copied();
            let unreadable = self.unreadable.get(&uid).copied();
            let withheld = withheld.map(|why| (Fate::Withheld, why));
            withheld
                .or_else(|| unclear.map(|why| (Fate::Unclear, why)))
                .or_else(|| unreadable.map(|why| (Fate::Unreadable, why)))
        })
    }

    /// What it says of the group `id`, and why.
    pub(super) fn on_group(&self, id: &GroupId) -> Option<(Fate, &'static str)> {
        let withheld = self.groups.get(id).map(|mark| (Fate::Withheld, mark.why));
        let unclear = self.unclear.groups.get(id);
        withheld.or_else(|| unclear.map(|why| (Fate::Unclear, *why)))
    }
}

fn newer<K: Ord + Clone>(
    marks: &BTreeMap<K, Mark>,
    number: u64,
) -> impl Iterator<Item = (K, &'static str)> {
    let marks = marks.iter().filter(move |(_, mark)| mark.number > number);
    marks.map(|(id, mark)| (id.clone(), mark.why))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::testing::{batch, days, event, uid};

    /// An answer; `(a)` is an event that is there and withheld.
    fn answer(text: &str) -> Batch {
        let (hidden, listed): (Vec<&str>, Vec<&str>) = text
            .split_whitespace()
            .partition(|word| word.starts_with('('));
        let days = || days("2027-01-21", "2027-01-21");
        let mut answer = batch(listed.into_iter().map(|id| event(id, days())));
        let hidden = hidden.iter().map(|id| uid(id.trim_matches(['(', ')'])));
        answer.withheld.events = hidden.map(|uid| (uid, "it is a draft")).collect();
        answer
    }

    /// Which of `a` to `c` an answer has to hide that was asked for at `number`.
    fn since(word: &Word, number: u64) -> String {
        let hidden = word.since(number).events;
        let ids = ["a", "b", "c"].into_iter();
        ids.filter(|id| hidden.contains_key(&uid(id))).collect()
    }

    #[test]
    fn an_answer_hides_what_was_hidden_since_it_was_asked_for_and_nothing_else() {
        let mut word = Word::default();
        word.replace(0, &answer("(a) b c"));
        let asked = word.number();
        assert_eq!(
            (since(&word, 0).as_str(), since(&word, asked).as_str()),
            ("a", "")
        );
        // Two months at once: the second one knows nothing of the first, and all that the poll said.
        word.add(asked, &answer("(b)"));
        assert_eq!(since(&word, asked), "b");
        word.add(asked, &answer("(c)"));
        assert_eq!(since(&word, asked), "bc");
    }

    #[test]
    fn what_is_shown_again_is_no_longer_hidden() {
        let mut word = Word::default();
        word.replace(0, &answer("(a) (b)"));
        let asked = word.number();
        word.add(asked, &answer("a"));
        assert_eq!(since(&word, 0), "b", "a month shows it");
        // A month that is read while the poll is under way finds another draft, which says nothing of the old ones.
        word.add(word.number(), &answer("(c)"));
        word.replace(asked, &answer("a b c"));
        assert_eq!(
            since(&word, 0),
            "c",
            "the poll shows it, and came after what hides the other"
        );
        word.replace(word.number(), &answer("a b c"));
        assert_eq!(since(&word, 0), "", "the next one knows of everything");
    }
}
