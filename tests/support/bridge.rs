//! The real binary.

use std::{
    io::{BufRead, BufReader, Read},
    path::Path,
    process::{Child, Command, ExitStatus, Stdio},
    sync::{Arc, Mutex, PoisonError},
    thread::{self, JoinHandle},
};

use tempfile::TempDir;

use super::{reader::Reader, until, upstream::PASSWORD};

/// The configuration's name in the folder a process runs in.
pub(crate) const CONFIG: &str = "calbridge.toml";

/// A `calbridge` process in a folder of its own; killed when dropped.
pub(crate) struct Bridge {
    child: Child,
    out: Stream,
    log: Stream,
    url: String,
    dir: Arc<TempDir>,
}

/// What a process said, and how it ended.
#[derive(Debug)]
pub(crate) struct Finished {
    /// The exit code; `None` if a signal ended it.
    pub(crate) code: Option<i32>,
    /// All of its standard output.
    pub(crate) out: String,
    /// All of its standard error.
    pub(crate) err: String,
}

/// An output of the process, read all the time so that it never blocks.
struct Stream {
    text: Arc<Mutex<String>>,
    thread: Option<JoinHandle<()>>,
}

/// A folder that holds `config` as `calbridge.toml`.
pub(crate) fn folder(config: &str) -> Arc<TempDir> {
    let dir = tempfile::tempdir().unwrap();
    std::fs::write(dir.path().join(CONFIG), config).unwrap();
    Arc::new(dir)
}

impl Bridge {
    /// `calbridge serve` with `config`, listening.
    pub(crate) async fn serve(config: &str) -> Self {
        Self::start(&folder(config), &["serve"], &[]).await
    }

    /// Runs `arguments` in `dir` until its first line says where it listens.
    pub(crate) async fn start(
        dir: &Arc<TempDir>,
        arguments: &[&str],
        environment: &[(&str, &str)],
    ) -> Self {
        let mut bridge = Self::spawn(dir, arguments, environment);
        let first = until("the process says where it listens or ends", async || {
            let text = bridge.out.text();
            let ended = bridge.child.try_wait().unwrap().is_some();
            (text.contains('\n') || ended).then_some(text)
        })
        .await;
        let line = first.lines().next().unwrap_or_default();
        let url = line.strip_prefix("listening on ");
        let url = url.unwrap_or_else(|| panic!("{line:?}, {}", bridge.log.text()));
        url.clone_into(&mut bridge.url);
        bridge
    }

    /// Runs `arguments` in `dir` to the end.
    pub(crate) async fn run(dir: &Arc<TempDir>, arguments: &[&str]) -> Finished {
        Self::spawn(dir, arguments, &[]).finished().await
    }

    /// Begins to run `arguments` in `dir`.
    pub(crate) fn spawn(
        dir: &Arc<TempDir>,
        arguments: &[&str],
        environment: &[(&str, &str)],
    ) -> Self {
        let mut child = Command::new(env!("CARGO_BIN_EXE_calbridge"))
            .args(arguments)
            .current_dir(dir.path())
            .env_remove("CALBRIDGE_LOG")
            .env("PROSPERO_PASSWORD", PASSWORD)
            .envs(environment.iter().copied())
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .unwrap();
        Self {
            out: Stream::read(child.stdout.take().unwrap()),
            log: Stream::read(child.stderr.take().unwrap()),
            child,
            url: String::new(),
            dir: Arc::clone(dir),
        }
    }

    /// Where it listens, without a final slash.
    pub(crate) fn url(&self) -> &str {
        &self.url
    }

    /// A reader of its addresses.
    pub(crate) fn reader(&self) -> Reader {
        Reader::of(&self.url)
    }

    /// Its folder.
    pub(crate) fn dir(&self) -> &Path {
        self.dir.path()
    }

    /// Its process id.
    pub(crate) fn pid(&self) -> u32 {
        self.child.id()
    }

    /// What it has written to standard error so far.
    pub(crate) fn log(&self) -> String {
        self.log.text()
    }

    /// Waits until standard error holds `text` so many times.
    pub(crate) async fn logged(&self, text: &str, times: usize) {
        until(&format!("{text:?} in the log {times} times"), async || {
            (self.log().matches(text).count() >= times).then_some(())
        })
        .await;
    }

    /// Sends a signal, such as `TERM`.
    pub(crate) fn signal(&self, name: &str) {
        let kill = format!("kill -{name} {}", self.child.id());
        let sent = Command::new("sh").args(["-c", &kill]).status().unwrap();
        assert!(sent.success(), "{kill}");
    }

    /// Waits until it ends.
    pub(crate) async fn finished(mut self) -> Finished {
        let status: ExitStatus =
            until("the process ends", async || self.child.try_wait().unwrap()).await;
        Finished {
            code: status.code(),
            out: self.out.rest(),
            err: self.log.rest(),
        }
    }
}

impl Drop for Bridge {
    fn drop(&mut self) {
        // Both fail when it has ended, which is what is wanted.
        _ = self.child.kill();
        _ = self.child.wait();
    }
}

impl Stream {
    fn read(pipe: impl Read + Send + 'static) -> Self {
        let text = Arc::new(Mutex::new(String::new()));
        let shared = Arc::clone(&text);
        let thread = thread::spawn(move || {
            let mut lines = BufReader::new(pipe);
            let mut line = Vec::new();
            while lines.read_until(b'\n', &mut line).is_ok_and(|n| n > 0) {
                let mut text = shared.lock().unwrap_or_else(PoisonError::into_inner);
                text.push_str(&String::from_utf8_lossy(&line));
                line.clear();
            }
        });
        Self {
            text,
            thread: Some(thread),
        }
    }

    fn text(&self) -> String {
        self.text
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .clone()
    }

    /// All of it, once the process has ended.
    fn rest(&mut self) -> String {
        if let Some(thread) = self.thread.take() {
            thread.join().unwrap();
        }
        self.text()
    }
}
