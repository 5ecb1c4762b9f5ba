//! Lists in pages, whatever their size (§3.3).

use super::{
    upstream::{Excess, NOTES, Paged, Upstream, horizon},
    *,
};

#[tokio::test]
async fn pages_go_on_until_all_are_read_whatever_size_they_have() {
    let rows: Vec<Value> = (0..230)
        .map(|n| {
            let date = format!("2026-12-{:02}", n % 28 + 1);
            note(json!({"loan_note_id": format!("{}-1", 1_000_000 + n), "next_payment_due_date": date}))
        })
        .collect();
    for (row, paged, offsets) in [
        ("as asked", Paged::of(rows.clone()), "100:0 100:100 100:200"),
        (
            "no total",
            Paged {
                total: None,
                ..Paged::of(rows.clone())
            },
            "100:0 100:100 100:200 100:230",
        ),
        (
            "cut to what it likes",
            Paged {
                most: 90,
                excess: Excess::Cut,
                ..Paged::of(rows.clone())
            },
            "100:0 100:90 100:180",
        ),
        (
            "a total that has grown too large",
            Paged {
                total: Some(500),
                ..Paged::of(rows.clone())
            },
            "100:0 100:100 100:200 100:230",
        ),
        (
            "refused above 50",
            Paged {
                most: 50,
                ..Paged::of(rows.clone())
            },
            "100:0 25:0 25:25 25:50 25:75 25:100 25:125 25:150 25:175 25:200 25:225",
        ),
    ] {
        let upstream = Upstream::of(&[Record::Notes]).await;
        upstream.gives(NOTES, paged).await;
        let batch = upstream.fetch(horizon()).await.unwrap();
        assert_eq!(batch.events.len(), 230, "{row}");
        let calls = upstream.calls().await;
        let asked: Vec<String> = calls
            .iter()
            .map(|call| {
                let (_, tail) = call.split_once("&limit=").unwrap();
                tail.replace("&offset=", ":")
            })
            .collect();
        assert_eq!(asked.join(" "), offsets, "{row}");
    }
}

#[tokio::test]
async fn a_list_that_ignores_offsets_is_no_whole_list() {
    let rows: Vec<Value> = (0..130)
        .map(|n| note(json!({"loan_note_id": format!("{}-1", 1_000_000 + n)})))
        .collect();
    for (row, given, total, whole) in [
        ("with a total", 100, Some(130), false),
        ("without one", 100, None, false),
        ("of which there is no more", 100, Some(100), true),
        ("a single one, counted wrongly", 1, Some(2), true),
    ] {
        let upstream = Upstream::of(&[Record::Notes]).await;
        let page = json!({ "result": &rows[..given], "total_count": total, "result_count": given });
        let answer = wiremock::ResponseTemplate::new(200).set_body_json(page);
        upstream.gives(NOTES, answer).await;
        let fetched = upstream.fetch(horizon()).await;
        assert_eq!(fetched.is_ok(), whole, "{row}");
        if let Err(error) = fetched {
            let why = error.to_string();
            assert!(matches!(error, ApiError::Malformed { .. }), "{row}: {why}");
        }
    }
}

#[tokio::test]
async fn a_row_that_moves_to_the_next_page_counts_once() {
    let upstream = Upstream::of(&[Record::Notes]).await;
    let mut rows = fixture("notes");
    rows.insert(1, rows[0].clone());
    let paged = Paged {
        most: 1,
        excess: Excess::Cut,
        ..Paged::of(rows)
    };
    upstream.gives(NOTES, paged).await;
    let moved = upstream.fetch(horizon()).await.unwrap();
    let still = Upstream::recorded().await;
    let still = still.fetch(horizon()).await.unwrap();
    let mut wanted = brief(&still);
    wanted.retain(|line| !line.contains("Listing"));
    assert_eq!(brief(&moved), wanted);
}
