//! One value of a JSON text put in the place of another, taken out, doubled, or made odd.

use fastrand::Rng;
use serde_json::{Value, json};

/// What stands where one expects something else.
const ODD: [&str; 36] = [
    "",
    " ",
    "0",
    "-1",
    "true",
    "1970-01-01",
    "2026-03-08",
    "2026-03-08T02:30:00",
    "2026-11-01T01:30:00-04:00",
    "2026-11-22T24:00:00Z",
    "2026-11-22T23:59:60Z",
    "2026-11-22T10:00:00.999999999+14:00",
    "2026-02-30",
    "2099-12-31T23:59:59Z",
    "2100-01-01T00:00:00Z",
    "9999-12-31T23:59:59Z",
    "+10000-01-01T00:00:00Z",
    "0000-00-00",
    "2026-11-22 10:00:00 +0000",
    "25:00",
    "02:30",
    "Europe/Berlin",
    "Europe/Atlantis",
    "GMT+5",
    "FREQ=DAILY",
    "FREQ=WEEKLY;BYDAY=MO,-1SU;COUNT=5",
    "FREQ=YEARLY;BYSETPOS=-366;INTERVAL=4294967295;UNTIL=20991231",
    "monthly",
    "CANCELLED",
    "a\r\nBEGIN:VEVENT\r\n",
    "\u{0}\u{feff}\u{202e}\u{2028}",
    "👩‍👩‍👧‍👦\u{301}",
    "<p>one<br>two</p><script>x</script>&amp;&#0;<",
    "a,b;c\\n\\",
    "00000000-0000-4000-8000-000000000000",
    "meeting",
];

/// `text` with one change; `None` if it is no JSON.
pub(super) fn changed(text: &str, dice: &mut Rng) -> Option<String> {
    let mut root: Value = serde_json::from_str(text).ok()?;
    let count = count(&root);
    let other = nth(&mut root, dice.usize(..count))?.clone();
    let chosen = nth(&mut root, dice.usize(..count))?;
    match dice.u8(..8) {
        0 => *chosen = other,
        1 => *chosen = odd(dice),
        2 => less(chosen, dice),
        3 => more(chosen, other, dice),
        4 => *chosen = json!([chosen.take()]),
        5 => *chosen = json!({ "id": chosen.take(), "name": "name" }),
        _ => twisted(chosen, dice),
    }
    Some(root.to_string())
}

/// How many values there are in `value`, itself among them.
fn count(value: &Value) -> usize {
    let inner: usize = match value {
        Value::Array(list) => list.iter().map(count).sum(),
        Value::Object(members) => members.values().map(count).sum(),
        _ => 0,
    };
    1 + inner
}

/// The value at `index`, in the order of the text.
fn nth(value: &mut Value, mut index: usize) -> Option<&mut Value> {
    if index == 0 {
        return Some(value);
    }
    index -= 1;
    let inner: Vec<&mut Value> = match value {
        Value::Array(list) => list.iter_mut().collect(),
        Value::Object(members) => members.values_mut().collect(),
        _ => Vec::new(),
    };
    for value in inner {
        let count = count(value);
        if index < count {
            return nth(value, index);
        }
        index -= count;
    }
    None
}

fn odd(dice: &mut Rng) -> Value {
    match dice.u8(..8) {
        0 => Value::Null,
        1 => dice.bool().into(),
        2 => json!([]),
        3 => json!({}),
        4 => dice.i64(-2..400).into(),
        5 => [1e308, -0.0, 0.1, 1e15][dice.usize(..4)].into(),
        _ => ODD[dice.usize(..ODD.len())].into(),
    }
}

/// Without one of the values in it.
fn less(value: &mut Value, dice: &mut Rng) {
    match value {
        Value::Array(list) if !list.is_empty() => {
            list.remove(dice.usize(..list.len()));
        }
        Value::Object(members) if !members.is_empty() => {
            let key = members.keys().nth(dice.usize(..members.len())).cloned();
            key.and_then(|key| members.shift_remove(&key));
        }
        value => *value = Value::Null,
    }
}

/// With one more value in it.
fn more(value: &mut Value, other: Value, dice: &mut Rng) {
    match value {
        Value::Array(list) => list.insert(dice.usize(..=list.len()), other),
        Value::Object(members) if !members.is_empty() => {
            let key = members.keys().nth(dice.usize(..members.len())).cloned();
            key.and_then(|key| members.insert(key, other));
        }
        value => *value = json!([value.take(), other]),
    }
}

/// A text or a number a little beside itself.
fn twisted(value: &mut Value, dice: &mut Rng) {
    match value {
        Value::Number(number) => {
            let by = dice.i64(-2..=2);
            *value = number.as_i64().and_then(|it| it.checked_add(by)).into();
        }
        Value::String(text) => {
            let mut letters: Vec<char> = text.chars().collect();
            let at = dice.usize(..=letters.len());
            let end = (at + dice.usize(..4)).min(letters.len());
            let with: Vec<char> = match dice.u8(..4) {
                0 => Vec::new(),
                1 => letters[at..end].repeat(2),
                2 => ODD[dice.usize(..ODD.len())].chars().collect(),
                _ => vec![dice.char(' '..='~')],
            };
            letters.splice(at..end, with);
            *text = letters.into_iter().collect();
        }
        value => *value = odd(dice),
    }
}
