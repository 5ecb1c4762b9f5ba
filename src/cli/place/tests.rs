//! Servers that serve a calendar badly: what is said of each, and that none of them holds anything up.

use std::{sync::Arc, time::Duration};

use tokio::{
    io::{AsyncReadExt as _, AsyncWriteExt as _},
    net::{TcpListener, TcpStream},
    task::JoinHandle,
};

use super::*;
use crate::{
    api::Chain,
    lint::{Findings, http},
    zones::ZoneData,
};

/// A request, as far as the doubles look at it.
struct Asked {
    method: String,
    path: String,
    /// All of it in lower case.
    head: String,
    /// How many there were before.
    number: usize,
}

/// An answer, in the order in which it is sent.
struct Said {
    status: &'static str,
    headers: String,
    body: Vec<u8>,
    end: End,
}

/// What follows a body.
#[derive(Clone, Copy, PartialEq, Eq)]
enum End {
    Close,
    /// More of the same.
    More,
    /// Nothing, and the connection stays open.
    Silence,
}

type Manner = fn(&Asked) -> Said;

/// As long as a double is waited for that never answers.
const SHORT: Duration = Duration::from_secs(2);
const CALENDAR: &str = "BEGIN:VCALENDAR\r\nVERSION:2.0\r\nPRODID:-//a//b//EN\r\nMETHOD:PUBLISH\r\nBEGIN:VEVENT\r\nUID:1\r\nDTSTAMP:20261122T100000Z\r\nDTSTART:20261123T100000Z\r\nDTEND:20261123T110000Z\r\nSUMMARY:One\r\nEND:VEVENT\r\nEND:VCALENDAR\r\n";
const VALIDATORS: &str = "ETag: \"1\"\r\nLast-Modified: Sun, 22 Nov 2026 10:00:00 GMT\r\n";
const KEPT: &str = "Cache-Control: public, max-age=300\r\n";
const TYPE: &str = "Content-Type: text/calendar; charset=utf-8\r\n";

fn ok(headers: &str, body: &str) -> Said {
    Said {
        status: "200 OK",
        headers: headers.to_owned(),
        body: body.as_bytes().to_vec(),
        end: End::Close,
    }
}

fn status(status: &'static str, headers: &str) -> Said {
    Said {
        status,
        ..ok(headers, "")
    }
}

/// As it should be.
fn well(asked: &Asked) -> Said {
    let headers = [TYPE, VALIDATORS, KEPT].concat();
    let knows = asked.head.contains("if-none-match: \"1\"")
        || asked.head.contains("if-modified-since: sun, 22 nov 2026");
    if knows {
        status("304 Not Modified", &headers)
    } else {
        ok(&headers, CALENDAR)
    }
}

/// A server with these manners, and its address.
async fn double(manner: Manner) -> (String, JoinHandle<()>) {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = format!("http://{}/a.ics", listener.local_addr().unwrap());
    let serve = async move {
        let number = Arc::new(std::sync::atomic::AtomicUsize::new(0));
        while let Ok((stream, _)) = listener.accept().await {
            let number = Arc::clone(&number);
            tokio::spawn(async move {
                let number = number.fetch_add(1, std::sync::atomic::Ordering::Relaxed);
                // Whoever has seen enough hangs up.
                _ = answer(stream, number, manner).await;
            });
        }
    };
    (address, tokio::spawn(serve))
}

async fn answer(mut stream: TcpStream, number: usize, manner: Manner) -> io::Result<()> {
    let mut head = Vec::new();
    while !head.ends_with(b"\r\n\r\n") {
        head.push(stream.read_u8().await?);
    }
    let head = String::from_utf8_lossy(&head).to_lowercase();
    let mut words = head.split_whitespace().map(str::to_owned);
    let asked = Asked {
        method: words.next().unwrap(),
        path: words.next().unwrap(),
        number,
        head,
    };
    let said = manner(&asked);
    let head = format!(
        "HTTP/1.1 {}\r\n{}Connection: close\r\n\r\n",
        said.status, said.headers
    );
    stream.write_all(head.as_bytes()).await?;
    if asked.method == "head" && said.end == End::Close {
        return Ok(());
    }
    stream.write_all(&said.body).await?;
    match said.end {
        End::Close => Ok(()),
        End::More => loop {
            stream.write_all(&said.body).await?;
        },
        End::Silence => std::future::pending().await,
    }
}

/// What is said of how a server with these manners serves its calendar: rules and facts, without what is said of the calendar.
async fn findings(manner: Manner) -> Result<Vec<String>, String> {
    let (address, server) = double(manner).await;
    let visited = async {
        let web = Web::open(&address).await?;
        Ok::<_, Unread>(web.visit().await)
    };
    let visited = visited.await;
    server.abort();
    let visit = visited.map_err(|error| Chain(&error).to_string())?;
    let mut findings = Findings::of(b"", &ZoneData::built_in());
    http::look(&visit, &mut findings);
    let told = findings
        .told()
        .filter(|finding| finding.law.rule.starts_with('H'));
    Ok(told
        .map(|finding| format!("{}: {}", finding.law.rule, finding.found))
        .collect())
}

#[tokio::test]
async fn a_server_that_does_all_well_is_found_fault_with_in_nothing() {
    assert_eq!(findings(well).await, Ok(Vec::new()));
}

#[tokio::test]
async fn each_bad_manner_of_a_server_is_told_by_the_rule_it_breaks() {
    let rows: [(&str, Manner, &[&str]); 14] = [
        (
            "no validators",
            |_| ok(&[TYPE, KEPT].concat(), CALENDAR),
            &["H5: no ETag", "H5: none that can be read"],
        ),
        (
            "a weak tag",
            |_| ok(&[TYPE, KEPT, "ETag: W/\"1\"\r\n"].concat(), CALENDAR),
            &["H5: a weak one"],
        ),
        (
            "no-store",
            |_| {
                ok(
                    &[TYPE, VALIDATORS, "Cache-Control: no-store\r\n"].concat(),
                    CALENDAR,
                )
            },
            &["H15: `no-store`", "H6: 200 to If-None-Match"],
        ),
        (
            "HTML for a type",
            |_| {
                ok(
                    &[VALIDATORS, KEPT, "Content-Type: text/html\r\n"].concat(),
                    CALENDAR,
                )
            },
            &["H1: Content-Type `text/html`"],
        ),
        (
            "another calendar each time",
            |asked| {
                let body = CALENDAR.replace("One", &format!("One {}", asked.number));
                ok(&[TYPE, VALIDATORS, KEPT].concat(), &body)
            },
            &["H5: two answers in a row differ"],
        ),
        (
            "always 304 to a date",
            |asked| {
                if asked.head.contains("if-modified-since") {
                    status("304 Not Modified", VALIDATORS)
                } else {
                    well(asked)
                }
            },
            &["H6: 304 to If-Modified-Since of 1970"],
        ),
        (
            "a bare 304",
            |asked| {
                if asked.head.contains("if-none-match") {
                    status("304 Not Modified", "")
                } else {
                    well(asked)
                }
            },
            &["H7: a 304 to If-None-Match without etag"],
        ),
        (
            "gzip that is none",
            |asked| {
                let mut said = well(asked);
                if asked.head.contains("accept-encoding: gzip") {
                    said.headers += "Content-Encoding: gzip\r\nVary: Accept-Encoding\r\n";
                }
                said
            },
            &["H9: other bytes"],
        ),
        (
            "compressed for those who cannot read it",
            |_| {
                ok(
                    &[TYPE, VALIDATORS, KEPT, "Content-Encoding: br\r\n"].concat(),
                    "\u{1}",
                )
            },
            &["H9: Content-Encoding `br` to one who wants none"],
        ),
        (
            "two redirects",
            |asked| match &*asked.path {
                "/a.ics" => status("302 Found", "Location: /b.ics\r\n"),
                "/b.ics" => status("301 Moved Permanently", "Location: /c.ics\r\n"),
                _ => well(asked),
            },
            &["H10: redirects: 302, 301"],
        ),
        (
            "a page for browsers",
            |asked| {
                if asked.head.contains("accept: text/html") {
                    ok("Content-Type: text/html\r\n", "<html>")
                } else {
                    well(asked)
                }
            },
            &["H12: another answer, 200"],
        ),
        (
            "no HEAD",
            |asked| match &*asked.method {
                "head" => status("405 Method Not Allowed", ""),
                _ => well(asked),
            },
            &["H4: 405 to HEAD"],
        ),
        (
            "another answer with a query",
            |asked| {
                if asked.path.contains('?') {
                    status("400 Bad Request", "")
                } else {
                    well(asked)
                }
            },
            &["H3: another answer, 400"],
        ),
        (
            "a cookie",
            |_| {
                ok(
                    &[TYPE, VALIDATORS, KEPT, "Set-Cookie: a=b\r\n"].concat(),
                    CALENDAR,
                )
            },
            &["H18: Set-Cookie"],
        ),
    ];
    for (row, manner, wanted) in rows {
        let found = findings(manner)
            .await
            .unwrap_or_else(|error| panic!("{row}: {error}"));
        for want in wanted {
            let told = found.iter().any(|told| told.starts_with(want));
            assert!(told, "{row}: {want}: {found:?}");
        }
    }
}

#[tokio::test]
async fn what_is_no_calendar_to_be_had_is_told_with_the_rule_it_breaks() {
    let rows: [(&str, Manner, &str); 6] = [
        (
            "401",
            |_| status("401 Unauthorized", "WWW-Authenticate: Basic\r\n"),
            "answers 401 Unauthorized, not 200; calendar programs get the same (interop H13, H14)",
        ),
        ("403", |_| status("403 Forbidden", ""), "(interop H13, H14)"),
        (
            "redirects without end",
            |_| status("302 Found", "Location: /a.ics\r\n"),
            "(interop H10)",
        ),
        (
            "a redirect to nowhere",
            |_| status("302 Found", ""),
            "(interop H10)",
        ),
        (
            "a body without end",
            |_| Said {
                end: End::More,
                ..ok(TYPE, &CALENDAR.repeat(1_000))
            },
            "larger than 8 MB, which no calendar program takes (interop W1)",
        ),
        (
            "a body that breaks off",
            |_| ok(&[TYPE, "Content-Length: 1000000\r\n"].concat(), CALENDAR),
            "the server cannot be reached",
        ),
    ];
    for (row, manner, want) in rows {
        let error = findings(manner).await.unwrap_err();
        assert!(error.contains(want), "{row}: {error}");
    }
}

#[tokio::test]
async fn a_server_that_never_ends_its_answer_is_not_waited_for_long() {
    let slow: Manner = |_| Said {
        end: End::Silence,
        ..ok(TYPE, "BEGIN:VCALENDAR\r\n")
    };
    let (address, _server) = double(slow).await;
    let probe = Probe::new().unwrap().within(SHORT);
    let opened = Web::open_with(probe, &address).await;
    let error = opened.map(|_| ()).unwrap_err();
    let error = Chain(&error).to_string();
    assert!(error.contains("(interop H16)"), "{error}");
}

#[tokio::test]
async fn what_is_not_answered_beside_the_calendar_is_told() {
    let shy: Manner = |asked| match &*asked.method {
        "head" => Said {
            end: End::Silence,
            status: "100 Continue",
            ..ok("", "")
        },
        _ => well(asked),
    };
    let (address, _server) = double(shy).await;
    let probe = Probe::new().unwrap().within(SHORT);
    let web = Web::open_with(probe, &address).await.unwrap();
    let visit = web.visit().await;
    let mut findings = Findings::of(b"", &ZoneData::built_in());
    http::look(&visit, &mut findings);
    let told = findings
        .told()
        .map(|finding| (finding.law.rule, &*finding.found));
    let told: Vec<_> = told.filter(|(rule, _)| *rule == "H16").collect();
    assert_eq!(told, [("H16", "no whole answer to HEAD")]);
}
