//! How records in JSON are spoiled: each way is something an upstream does one day under the same version.

use serde_json::{Map, Value, json};

use super::{answer::Records, fault::Fault};

/// A value that no list of values has.
const UNHEARD: &str = "unheard-of";

/// Spoils the records in `answer` as `fault` says.
pub(super) fn json(answer: &mut Value, records: &Records, fault: &Fault) {
    match fault {
        Fault::Huge { bytes } => swell(answer, records, *bytes),
        Fault::UnknownFields => sprinkle(answer),
        Fault::WrongType => {
            let spoil = |(name, value): (&String, &mut Value)| {
                if name != records.id && value.is_string() {
                    *value = json!(42);
                }
            };
            if let Some(fields) = middle(answer, records) {
                fields.iter_mut().for_each(spoil);
            }
        }
        Fault::UnknownValue => {
            if let Some(fields) = middle(answer, records) {
                for name in records.open {
                    fields.insert((*name).to_owned(), json!(UNHEARD));
                }
            }
        }
        Fault::Empty => {
            if let Some(list) = list(answer, records) {
                list.clear();
            }
        }
        Fault::Duplicates => {
            if let Some(list) = list(answer, records) {
                *list = list.drain(..).flat_map(|one| [one.clone(), one]).collect();
            }
        }
        _ => {}
    }
}

/// Repeats the last record, under new ids, until there are about `bytes` bytes; of one record alone, lengthens that.
fn swell(answer: &mut Value, records: &Records, bytes: usize) {
    let Some(rows) = list(answer, records) else {
        if let Some(fields) = answer
            .pointer_mut(records.at)
            .and_then(Value::as_object_mut)
        {
            fields.insert("padding".to_owned(), json!("x".repeat(bytes)));
        }
        return;
    };
    let Some(last) = rows.last().cloned() else {
        return;
    };
    let copies = bytes / last.to_string().len() + 1;
    rows.extend((0..copies).map(|copy| {
        let id = json!(format!("00000000-0000-1000-8000-{copy:012x}"));
        let mut record = last.clone();
        match record.get_mut(records.id) {
            Some(old) => *old = id,
            None => record = id,
        }
        record
    }));
}

/// Gives every object, however deep, a field nobody has heard of.
fn sprinkle(value: &mut Value) {
    match value {
        Value::Array(list) => list.iter_mut().for_each(sprinkle),
        Value::Object(fields) => {
            fields.values_mut().for_each(sprinkle);
            fields.insert(
                "unheardOf".to_owned(),
                json!({ "depth": [1, "two", null, { "three": 3.5 }] }),
            );
        }
        _ => {}
    }
}

/// The list of the records, if they are in one.
fn list<'a>(answer: &'a mut Value, records: &Records) -> Option<&'a mut Vec<Value>> {
    answer.pointer_mut(records.at)?.as_array_mut()
}

/// The record in the middle of the list, or the only one.
fn middle<'a>(answer: &'a mut Value, records: &Records) -> Option<&'a mut Map<String, Value>> {
    match answer.pointer_mut(records.at)? {
        Value::Array(list) => {
            let middle = list.len() / 2;
            list.get_mut(middle)?.as_object_mut()
        }
        one => one.as_object_mut(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const LIST: Records = Records {
        at: "/rows",
        id: "id",
        open: &["state"],
    };

    fn spoiled(fault: &Fault, records: &Records) -> Value {
        let row = |id: &str| json!({ "id": id, "name": "n", "state": "on", "count": 1 });
        let mut answer = json!({ "rows": [row("a"), row("b"), row("c")], "one": row("d") });
        json(&mut answer, records, fault);
        answer
    }

    #[test]
    fn a_list_is_spoiled_in_the_middle_or_as_a_whole() {
        let wrong = spoiled(&Fault::WrongType, &LIST);
        let one = json!({ "id": "b", "name": 42, "state": 42, "count": 1 });
        assert_eq!(wrong["rows"][1], one);
        assert_eq!(wrong["rows"][0]["name"], "n");
        let unknown = spoiled(&Fault::UnknownValue, &LIST);
        assert_eq!(unknown["rows"][1]["state"], UNHEARD);
        assert_eq!(unknown["rows"][2]["state"], "on");
        assert_eq!(spoiled(&Fault::Empty, &LIST)["rows"], json!([]));
        let twice = spoiled(&Fault::Duplicates, &LIST);
        let ids: Vec<_> = twice["rows"]
            .as_array()
            .unwrap()
            .iter()
            .map(|row| &row["id"])
            .collect();
        assert_eq!(ids, ["a", "a", "b", "b", "c", "c"]);
        let more = spoiled(&Fault::UnknownFields, &LIST);
        assert!(more["rows"][2]["unheardOf"].is_object() && more["unheardOf"].is_object());
        let huge = spoiled(&Fault::Huge { bytes: 5_000 }, &LIST);
        assert!(huge.to_string().len() > 5_000);
        assert_ne!(huge["rows"][3]["id"], huge["rows"][4]["id"]);
    }

    #[test]
    fn a_record_alone_is_spoiled_itself_and_a_list_of_ids_grows() {
        let alone = Records { at: "/one", ..LIST };
        assert_eq!(spoiled(&Fault::WrongType, &alone)["one"]["name"], 42);
        assert_eq!(
            spoiled(&Fault::Empty, &alone),
            spoiled(&Fault::Hang, &alone)
        );
        assert!(
            spoiled(&Fault::Huge { bytes: 900 }, &alone)
                .to_string()
                .len()
                > 900
        );

        let mut ids = json!(["a", "b"]);
        json(
            &mut ids,
            &Records { at: "", ..LIST },
            &Fault::Huge { bytes: 100 },
        );
        assert!(
            ids.as_array().unwrap().iter().all(Value::is_string),
            "{ids}"
        );
        assert!(ids.to_string().len() > 100);
    }
}
