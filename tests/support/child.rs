//! The real binary as a process, and what it says.

use std::{
    io::{BufRead, BufReader, Read},
    path::Path,
    process::{Child, Command, Stdio},
    sync::{Arc, Mutex, PoisonError},
    thread::{self, JoinHandle},
};

/// The password of the account, which the process finds in its environment.
pub(crate) const PASSWORD: &str = "kites-and-lanterns";

/// A `calbridge` process; killed when dropped.
pub(crate) struct Process {
    pub(crate) child: Child,
    /// Its standard output.
    pub(crate) out: Stream,
    /// Its standard error.
    pub(crate) log: Stream,
}

/// An output of the process, read all the time so that it never blocks.
pub(crate) struct Stream {
    text: Arc<Mutex<String>>,
    thread: Option<JoinHandle<()>>,
}

impl Process {
    /// Begins to run `arguments` in the folder `dir`.
    #[track_caller]
    pub(crate) fn spawn(dir: &Path, arguments: &[&str], environment: &[(&str, &str)]) -> Self {
        Self::run(
            Command::new(env!("CARGO_BIN_EXE_calbridge")).args(arguments),
            dir,
            environment,
        )
    }

    /// The same for a process that may have only so many open `files`.
    #[track_caller]
    pub(crate) fn spawn_with_files(dir: &Path, arguments: &[&str], files: u32) -> Self {
        let limited = format!("ulimit -n {files} && exec \"$0\" \"$@\"");
        let mut shell = Command::new("sh");
        let shell = shell.args(["-c", &limited, env!("CARGO_BIN_EXE_calbridge")]);
        Self::run(shell.args(arguments), dir, &[])
    }

    #[track_caller]
    fn run(command: &mut Command, dir: &Path, environment: &[(&str, &str)]) -> Self {
        let mut child = command
            .current_dir(dir)
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
        }
    }

    /// Whether it has ended.
    pub(crate) fn has_ended(&mut self) -> bool {
        self.child.try_wait().unwrap().is_some()
    }
}

impl Drop for Process {
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

    /// What has been said so far.
    pub(crate) fn text(&self) -> String {
        self.text
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .clone()
    }

    /// All of it, once the process has ended.
    pub(crate) fn rest(&mut self) -> String {
        if let Some(thread) = self.thread.take() {
            thread.join().unwrap();
        }
        self.text()
    }
}
