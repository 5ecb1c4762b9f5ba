use tokio::{
    io::{AsyncReadExt as _, AsyncWriteExt as _, DuplexStream, duplex},
    time::timeout,
};

use super::*;

const HEADER: Duration = Duration::from_millis(40);
const IDLE: Duration = Duration::from_millis(400);

/// A connection, its place, and its reader's end; between them is room for 200 bytes.
fn connection() -> (Attended<DuplexStream>, Arc<Seat>, DuplexStream) {
    let (ours, theirs) = duplex(200);
    let seat = Seat::new(Arc::default());
    let patience = Patience {
        header: HEADER,
        idle: IDLE,
    };
    let attended = Attended::new(ours, Arc::clone(&seat), patience);
    (attended, seat, theirs)
}

/// What is read next, and how long that took.
async fn next(stream: &mut Attended<DuplexStream>) -> (io::Result<usize>, Duration) {
    let began = Instant::now();
    let read = stream.read(&mut [0; 100]).await;
    (read, began.elapsed())
}

/// Whether `time` passes without anything to read or any end of the connection.
async fn nothing_for(time: Duration, stream: &mut Attended<DuplexStream>) -> bool {
    timeout(time, next(stream)).await.is_err()
}

#[tokio::test]
async fn a_reader_who_never_says_anything_is_left_without_a_word() {
    let (mut stream, _, mut reader) = connection();
    let (read, took) = next(&mut stream).await;
    assert_eq!(read.unwrap(), 0);
    assert!(took >= HEADER / 2, "{took:?}");
    drop(stream);
    assert_eq!(reader.read(&mut [0; 9]).await.unwrap(), 0);
}

#[tokio::test]
async fn a_header_that_trickles_is_answered_with_408_when_its_time_is_over() {
    let (mut stream, _, mut reader) = connection();
    let mut bytes = 0;
    let end = loop {
        reader.write_all(b"G").await.unwrap();
        match next(&mut stream).await.0 {
            Ok(read) => bytes += read,
            Err(error) => break error,
        }
        if let Ok((Err(error), _)) = timeout(HEADER / 10, next(&mut stream)).await {
            break error;
        }
    };
    assert_eq!(end.kind(), io::ErrorKind::TimedOut);
    assert!(bytes < 100, "each byte was given new time");
    drop(stream);
    let mut answer = String::new();
    reader.read_to_string(&mut answer).await.unwrap();
    let (head, body) = answer.split_once("\r\n\r\n").unwrap();
    assert!(head.starts_with("HTTP/1.1 408 "), "{answer}");
    let length = format!("content-length: {}", body.len());
    assert!(head.lines().any(|line| line == length), "{answer}");
}

#[tokio::test]
async fn a_connection_may_rest_between_two_requests_and_not_for_ever() {
    let (mut stream, seat, mut reader) = connection();
    reader.write_all(b"GET").await.unwrap();
    assert_eq!(next(&mut stream).await.0.unwrap(), 3);
    let answering = Seat::answering(&seat);
    // However long the answer takes, the reader is not to blame.
    assert!(nothing_for(IDLE + HEADER, &mut stream).await);
    drop(answering);
    stream.flush().await.unwrap();
    let (read, took) = next(&mut stream).await;
    assert_eq!(read.unwrap(), 0);
    assert!(took >= IDLE, "{took:?}");
}

#[tokio::test]
async fn the_next_request_has_the_time_for_a_header_and_not_that_of_a_rest() {
    let (ours, mut reader) = duplex(200);
    let seat = Seat::new(Arc::default());
    let patience = Patience {
        header: HEADER,
        idle: Duration::from_hours(1),
    };
    let mut stream = Attended::new(ours, Arc::clone(&seat), patience);
    drop(Seat::answering(&seat));
    stream.flush().await.unwrap();
    assert!(nothing_for(HEADER * 2, &mut stream).await, "it rests");
    reader.write_all(b"GET").await.unwrap();
    assert_eq!(next(&mut stream).await.0.unwrap(), 3);
    let (read, took) = next(&mut stream).await;
    assert_eq!(read.unwrap_err().kind(), io::ErrorKind::TimedOut);
    assert!(took >= HEADER / 2, "{took:?}");
}

#[tokio::test]
async fn a_reader_who_has_yet_to_take_an_answer_is_not_waited_for() {
    let (mut stream, seat, mut reader) = connection();
    drop(Seat::answering(&seat));
    let answer = stream.write_all(&[b'x'; 300]);
    assert!(timeout(HEADER / 10, answer).await.is_err(), "it is blocked");
    assert!(nothing_for(IDLE + HEADER, &mut stream).await);
    assert_eq!(seat.waiting_since(), None, "an answer is on its way");

    reader.read_exact(&mut [0; 200]).await.unwrap();
    stream.write_all(b"rest").await.unwrap();
    stream.flush().await.unwrap();
    assert!(seat.waiting_since().is_some(), "now it rests");
}

#[tokio::test]
async fn whoever_begins_with_http_2_is_told_in_http_2_that_we_do_not_speak_it() {
    let (mut stream, _, mut reader) = connection();
    reader
        .write_all(b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n\0\0\0\x04\0\0\0\0\0")
        .await
        .unwrap();
    let (read, _) = next(&mut stream).await;
    assert_eq!(read.unwrap_err().kind(), io::ErrorKind::Unsupported);
    drop(stream);
    let mut frames = Vec::new();
    reader.read_to_end(&mut frames).await.unwrap();
    let (settings, goaway) = frames.split_at(9);
    assert_eq!(settings, [0, 0, 0, 4, 0, 0, 0, 0, 0], "length 0, type 4");
    assert_eq!(goaway[..9], [0, 0, 8, 7, 0, 0, 0, 0, 0], "length 8, type 7");
    assert_eq!(goaway[9..], [0, 0, 0, 0, 0, 0, 0, 0xd], "HTTP_1_1_REQUIRED");
}
