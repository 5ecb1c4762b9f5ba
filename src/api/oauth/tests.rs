use serde_json::json;

use super::*;

#[test]
fn a_life_is_what_is_told_within_reason_and_an_hour_otherwise() {
    for (told, want) in [
        (json!(3599), 3_599),
        (json!(3599.0), 3_599),
        (json!("1800"), 1_800),
        (json!(1), 60),
        (json!(0), 3_599),
        (json!(-5), 3_599),
        (json!(1e300), 86_400),
        (json!(null), 3_599),
        (json!("soon"), 3_599),
        (json!("NaN"), 3_599),
        (json!({}), 3_599),
    ] {
        assert_eq!(life(&told).num_seconds(), want, "{told}");
    }
}
