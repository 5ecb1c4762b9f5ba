//! The keys of groups and events.

use uuid::Uuid;

/// Space of the keys that are made of the season's ids; these ids may have any form, keys are UUIDs.
const KEYS: Uuid = Uuid::from_u128(0x2f0c_8a4e_51d7_4b0e_9d3a_6b1e_0c5f_7a92);

/// The key under which what the season knows as `id` is found here.
#[must_use]
pub fn prokey(id: &str) -> String {
    let name = Uuid::new_v5(&KEYS, id.as_bytes());
    uuid::Builder::from_random_bytes(*name.as_bytes())
        .into_uuid()
        .to_string()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn keys_are_uuids_of_version_4_and_never_change() {
        for (id, want) in [("q-0001#0", prokey("q-0001#0")), ("", prokey(""))] {
            let key = Uuid::parse_str(&want).unwrap();
            assert_eq!((key.get_version_num(), prokey(id)), (4, want), "{id}");
        }
        assert_ne!(prokey("a"), prokey("b"));
    }
}
