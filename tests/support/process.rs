//! The real binary as a process, and what it answers.

use std::{
    io::{Read, Write},
    net::TcpStream,
    path::Path,
    thread,
    time::{Duration, Instant},
};

use crate::child::Process;

/// Ends a test that would hang. An upstream is asked five times a second at most, and a whole season takes hundreds of calls.
const PATIENCE: Duration = Duration::from_mins(5);
/// How often a condition is looked at.
const LOOK: Duration = Duration::from_millis(20);

/// A `calbridge` process that listens; killed when dropped.
pub(crate) struct Server {
    process: Process,
    address: String,
}

impl Server {
    /// Runs `arguments` in the folder `dir` until the first line says where it listens.
    #[track_caller]
    pub(crate) fn start(dir: &Path, arguments: &[&str]) -> Self {
        let mut server = Self {
            process: Process::spawn(dir, arguments, &[]),
            address: String::new(),
        };
        server.address = server.says("where it listens", |text| {
            let (first, _) = text.split_once('\n')?;
            first
                .strip_prefix("listening on http://")
                .map(str::to_owned)
        });
        server
    }

    /// What `find` finds in its standard output, as soon as it does.
    #[track_caller]
    pub(crate) fn says<T>(&mut self, what: &str, find: impl Fn(&str) -> Option<T>) -> T {
        let deadline = Instant::now() + PATIENCE;
        loop {
            if let Some(found) = find(&self.process.out.text()) {
                return found;
            }
            let alive = !self.process.has_ended() && Instant::now() < deadline;
            assert!(
                alive,
                "it does not say {what}: {:?} {}",
                self.process.out.text(),
                self.log()
            );
            thread::sleep(LOOK);
        }
    }

    /// What it has written to standard error so far.
    pub(crate) fn log(&self) -> String {
        self.process.log.text()
    }

    /// The body at `path`. A first reader may be told to come back, and does.
    #[track_caller]
    pub(crate) fn get(&self, path: &str) -> Vec<u8> {
        let deadline = Instant::now() + PATIENCE;
        loop {
            match self.ask(path) {
                (200, body) => return body,
                (503, _) if Instant::now() < deadline => thread::sleep(LOOK),
                (status, body) => panic!(
                    "{path}: {status} {}\n{}",
                    String::from_utf8_lossy(&body),
                    self.log()
                ),
            }
        }
    }

    /// Status and body of one answer.
    #[track_caller]
    pub(crate) fn ask(&self, path: &str) -> (u16, Vec<u8>) {
        let mut stream = TcpStream::connect(&self.address).unwrap();
        stream.set_read_timeout(Some(PATIENCE)).unwrap();
        let host = &self.address;
        let request = format!("GET {path} HTTP/1.1\r\nHost: {host}\r\nConnection: close\r\n\r\n");
        stream.write_all(request.as_bytes()).unwrap();
        let mut answer = Vec::new();
        stream.read_to_end(&mut answer).unwrap();
        let end = answer.windows(4).position(|four| four == b"\r\n\r\n");
        let body = answer.split_off(end.expect("an answer has a head") + 4);
        let head = String::from_utf8(answer).unwrap();
        let status = head.split(' ').nth(1).unwrap().parse().unwrap();
        let length = head.lines().find_map(|line| {
            let (name, value) = line.split_once(": ")?;
            name.eq_ignore_ascii_case("content-length")
                .then(|| value.parse().unwrap())
        });
        assert_eq!(
            length,
            Some(body.len()),
            "{path}: the body is whole\n{head}"
        );
        (status, body)
    }
}
