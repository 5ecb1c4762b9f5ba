//! Entries keep their numbers.

use proptest::prelude::*;

use super::*;

/// Entries as words: `A` says something, `.` was deleted in its place.
fn contents(words: &str) -> Vec<Content> {
    let content = |c: char| Content((c != '.').then(|| u64::from(u32::from(c))));
    words.chars().map(content).collect()
}

/// The numbers after each of `readings`, as digits.
fn numbers(readings: &str) -> String {
    let mut memory = Memory::default();
    let numbered = readings.split_whitespace().map(|words| {
        let numbers = memory.number("event", &contents(words));
        numbers.iter().map(ToString::to_string).collect::<String>()
    });
    numbered.collect::<Vec<_>>().join(" ")
}

#[test]
fn an_entry_goes_by_its_place_until_number_or_order_change() {
    for (row, readings, want) in [
        ("read again", "ABC ABC", "012 012"),
        ("one edited", "ABC AXC", "012 012"),
        ("all edited", "ABC XYZ", "012 012"),
        ("one added", "AB ABC", "01 012"),
        ("one added in front", "AB XAB", "01 201"),
        ("one added between", "AB AXB", "01 021"),
        ("one taken out", "ABC AC", "012 02"),
        ("the first taken out", "ABC BC", "012 12"),
        ("one taken out, then one added", "ABC AC ACD", "012 02 023"),
        ("nulled in its place", "ABC A.C", "012 012"),
        ("nulled, then filled again", "ABC A.C AXC", "012 012 012"),
        ("nulled, then swept out", "ABC A.C AC", "012 012 02"),
        ("two swapped", "ABC ACB", "012 021"),
        ("swapped, and one edited", "ABC CXA", "012 210"),
        ("one week on", "ABC BCD", "012 123"),
        (
            "taken out, and another edited: its place is all that is left",
            "ABC AX",
            "012 01",
        ),
        ("two that say the same", "AAB AB", "012 02"),
        (
            "two that say the same, the first moved",
            "AAB BAA",
            "012 210",
        ),
        ("another alone, and both back", "AB X AB", "01 0 02"),
    ] {
        assert_eq!(numbers(readings), want, "{row}");
    }
}

#[test]
fn events_that_are_gone_are_forgotten() {
    let mut memory = Memory::default();
    for key in ["stays", "goes"] {
        memory.number(key, &contents("AB"));
    }
    memory.keep(&HashSet::from(["stays".to_owned()]));
    assert_eq!(memory.number("stays", &contents("B")), [1]);
    assert_eq!(memory.number("goes", &contents("B")), [0]);
}

proptest! {
    #[test]
    fn no_two_entries_share_a_number(readings in proptest::collection::vec("[A-D.]{0,6}", 1..5)) {
        let mut memory = Memory::default();
        for words in readings {
            let numbers = memory.number("event", &contents(&words));
            let unique: HashSet<_> = numbers.iter().collect();
            prop_assert_eq!(unique.len(), words.len());
        }
    }

    #[test]
    fn whatever_the_order_an_entry_that_says_the_same_keeps_its_number(
        before in Just("ABCDEF".chars().collect::<Vec<_>>()).prop_shuffle(),
        after in Just("ABCDEF".chars().collect::<Vec<_>>()).prop_shuffle(),
    ) {
        let mut memory = Memory::default();
        let [before, after] = [before, after].map(String::from_iter);
        let first = memory.number("event", &contents(&before));
        let second = memory.number("event", &contents(&after));
        for (c, number) in after.chars().zip(second) {
            let place = before.find(c).unwrap();
            prop_assert_eq!(first[place], number);
        }
    }
}
