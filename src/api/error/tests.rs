use super::*;

fn site() -> Site {
    let url = "https://prospero.example/events?key=s3cret"
        .parse()
        .unwrap();
    Site::new(&"stage".parse().unwrap(), &url, "/events".into())
}

#[test]
fn messages_name_the_thing_the_fact_and_the_remedy() {
    let at = site();
    let errors = [
        at.blocked(Denial::Status(StatusCode::UNAUTHORIZED)),
        at.blocked(Denial::NoCookie),
        at.blocked(Denial::NoToken),
        ApiError::NotOffered {
            at: site(),
            status: StatusCode::NOT_FOUND,
            said: Said::default(),
        },
        at.unavailable(None, Setback::Busy(StatusCode::BAD_GATEWAY)),
        at.timed_out(Duration::from_secs(30)),
        at.malformed(Flaw::Html),
        at.malformed(Flaw::Truncated { bytes: 17 }),
        at.malformed(Flaw::Shape { line: 1, column: 9 }),
        ApiError::TooLarge {
            at: site(),
            limit: 8,
        },
        at.refused(Refusal::Downgrade),
        ApiError::Rejected {
            at: site(),
            status: StatusCode::IM_A_TEAPOT,
            said: Said::default(),
        },
    ];
    let printed: Vec<_> = errors.iter().map(|e| Chain(e).to_string()).collect();
    insta::assert_snapshot!(printed.join("\n"));
}
