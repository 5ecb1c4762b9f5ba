//! Many reads of one kind.

use serde_json::json;
use wiremock::matchers::path_regex;

use super::*;

/// What came of the calls `/0`, `/1`, …: `ok`, a status, or the variant of what ended them all; and how many were sent.
async fn each(answers: &[u16], limits: Limits) -> (String, usize) {
    let server = MockServer::start().await;
    for (index, code) in answers.iter().enumerate() {
        let answer = match code {
            200 => status(200).set_body_json(json!(index)),
            429 => status(429).insert_header("retry-after", "3600"),
            _ => status(*code),
        };
        get(&format!("/{index}"))
            .respond_with(answer)
            .mount(&server)
            .await;
    }
    let calls = (0..answers.len()).map(|index| {
        let url = format!("{}/{index}", server.uri());
        Call::get(url.parse().unwrap())
    });
    let outcome = api(limits).each::<usize>(calls.collect()).await;
    let said = match outcome {
        Ok(all) => all
            .into_iter()
            .enumerate()
            .map(|(index, outcome)| match outcome {
                Ok(body) if body == index => "ok".to_owned(),
                Ok(body) => format!("that of {body}"),
                Err(ApiError::Unavailable { .. }) => "unavailable".to_owned(),
                Err(ApiError::NotOffered { status, .. }) => status.as_u16().to_string(),
                Err(other) => format!("{other:?}"),
            })
            .collect::<Vec<_>>()
            .join(" "),
        Err(ApiError::Blocked { .. }) => "all blocked".to_owned(),
        Err(ApiError::Unavailable { .. }) => "all unavailable".to_owned(),
        Err(other) => format!("{other:?}"),
    };
    (said, server.received_requests().await.unwrap().len())
}

#[tokio::test]
async fn each_answer_stands_where_its_call_stood_until_going_on_would_not_help() {
    let once = Limits {
        attempts: NonZeroU32::MIN,
        ..limits()
    };
    for (row, answers, want, sent) in [
        ("nothing", &[][..], "", 0),
        ("all well", &[200, 200, 200], "ok ok ok", 3),
        ("one not there", &[200, 404, 200], "ok 404 ok", 3),
        (
            "two in trouble",
            &[503, 503, 200, 503, 503],
            "unavailable unavailable ok unavailable unavailable",
            5,
        ),
        (
            "an answer is no trouble",
            &[503, 503, 404, 503],
            "unavailable unavailable 404 unavailable",
            4,
        ),
        (
            "what may be about one call alone",
            &[500, 500, 500, 500, 200],
            "unavailable unavailable unavailable unavailable ok",
            5,
        ),
        (
            "three in trouble",
            &[200, 503, 503, 503, 200, 200],
            "all unavailable",
            4,
        ),
        (
            "asked to be left alone",
            &[200, 429, 200, 200],
            "all unavailable",
            2,
        ),
        ("a refused key", &[200, 401, 200, 200], "all blocked", 2),
    ] {
        assert_eq!(each(answers, once).await, (want.to_owned(), sent), "{row}");
    }
}

#[tokio::test]
async fn answers_keep_their_order_however_many_are_on_their_way() {
    let server = MockServer::start().await;
    let slow = Duration::from_millis(30);
    Mock::given(path_regex("^/[0-9]+$"))
        .respond_with(move |request: &wiremock::Request| {
            let number: u64 = request.url.path()[1..].parse().unwrap();
            let answer = status(200).set_body_json(json!(number));
            if number == 0 {
                answer.set_delay(slow)
            } else {
                answer
            }
        })
        .mount(&server)
        .await;
    let calls = (0..20).map(|number| {
        let url = format!("{}/{number}", server.uri());
        Call::get(url.parse().unwrap())
    });
    let got = api(many(4)).each::<u64>(calls.collect()).await.unwrap();
    let got: Vec<u64> = got.into_iter().map(Result::unwrap).collect();
    assert_eq!(got, (0..20).collect::<Vec<_>>());
}
