//! The real binary as a process, and what it answers.

use std::{
    io::{BufRead, BufReader, Read, Write},
    net::TcpStream,
    path::Path,
    process::{Child, Command, Stdio},
    sync::{Arc, Mutex, PoisonError},
    thread,
    time::{Duration, Instant},
};

/// The password of the sandbox's account.
const PASSWORD: &str = "kites-and-lanterns";
/// Ends a test that would hang. An upstream is asked five times a second at most, and a whole season takes hundreds of calls.
const PATIENCE: Duration = Duration::from_mins(5);
/// How often a condition is looked at.
const LOOK: Duration = Duration::from_millis(20);

/// A `calbridge` process that listens; killed when dropped.
pub(crate) struct Server {
    child: Child,
    out: Said,
    log: Said,
    address: String,
}

/// What a process has written so far; read all the time, so that it never blocks.
#[derive(Clone, Default)]
struct Said(Arc<Mutex<String>>);

impl Server {
    /// Runs `arguments` in the folder `dir` until the first line says where it listens.
    #[track_caller]
    pub(crate) fn start(dir: &Path, arguments: &[&str]) -> Self {
        let mut child = Command::new(env!("CARGO_BIN_EXE_calbridge"))
            .args(arguments)
            .current_dir(dir)
            .env_remove("CALBRIDGE_LOG")
            .env("PROSPERO_PASSWORD", PASSWORD)
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .unwrap();
        let out = Said::by(child.stdout.take().unwrap());
        let log = Said::by(child.stderr.take().unwrap());
        let mut server = Self {
            child,
            out,
            log,
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
            if let Some(found) = find(&self.out.text()) {
                return found;
            }
            let alive = self.child.try_wait().unwrap().is_none() && Instant::now() < deadline;
            assert!(
                alive,
                "it does not say {what}: {:?} {}",
                self.out.text(),
                self.log()
            );
            thread::sleep(LOOK);
        }
    }

    /// What it has written to standard error so far.
    pub(crate) fn log(&self) -> String {
        self.log.text()
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

impl Drop for Server {
    fn drop(&mut self) {
        // Both fail when it has ended, which is what is wanted.
        _ = self.child.kill();
        _ = self.child.wait();
    }
}

impl Said {
    fn by(pipe: impl Read + Send + 'static) -> Self {
        let said = Self::default();
        let shared = said.clone();
        thread::spawn(move || {
            let mut lines = BufReader::new(pipe);
            let mut line = Vec::new();
            while lines.read_until(b'\n', &mut line).is_ok_and(|n| n > 0) {
                let mut text = shared.0.lock().unwrap_or_else(PoisonError::into_inner);
                text.push_str(&String::from_utf8_lossy(&line));
                line.clear();
            }
        });
        said
    }

    fn text(&self) -> String {
        self.0
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .clone()
    }
}
