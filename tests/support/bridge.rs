//! The real binary.

use std::{
    path::Path,
    process::{Command, ExitStatus},
    sync::Arc,
};

use tempfile::TempDir;

use super::{child::Process, reader::Reader, until};

/// The configuration's name in the folder a process runs in.
pub(crate) const CONFIG: &str = "calbridge.toml";

/// A `calbridge` process in a folder of its own; killed when dropped.
pub(crate) struct Bridge {
    process: Process,
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
        Self::spawn(dir, arguments, environment).listening().await
    }

    /// `calbridge serve` with `config` in a process that may have only so many open `files`, listening.
    pub(crate) async fn serve_with_files(config: &str, files: u32) -> Self {
        let dir = folder(config);
        let bridge = Self {
            process: Process::spawn_with_files(dir.path(), &["serve"], files),
            url: String::new(),
            dir,
        };
        bridge.listening().await
    }

    /// The same, once its first line says where it listens.
    async fn listening(mut self) -> Self {
        let bridge = &mut self;
        let first = until("the process says where it listens or ends", async || {
            let text = bridge.process.out.text();
            let ended = bridge.process.has_ended();
            (text.contains('\n') || ended).then_some(text)
        })
        .await;
        let line = first.lines().next().unwrap_or_default();
        let url = line.strip_prefix("listening on ");
        let url = url.unwrap_or_else(|| panic!("{line:?}, {}", bridge.log()));
        url.clone_into(&mut bridge.url);
        self
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
        Self {
            process: Process::spawn(dir.path(), arguments, environment),
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
        self.process.child.id()
    }

    /// What it has written to standard error so far.
    pub(crate) fn log(&self) -> String {
        self.process.log.text()
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
        let kill = format!("kill -{name} {}", self.process.child.id());
        let sent = Command::new("sh").args(["-c", &kill]).status().unwrap();
        assert!(sent.success(), "{kill}");
    }

    /// Waits until it ends.
    pub(crate) async fn finished(mut self) -> Finished {
        let process = &mut self.process;
        let ended = async || process.child.try_wait().unwrap();
        let status: ExitStatus = until("the process ends", ended).await;
        Finished {
            code: status.code(),
            out: self.process.out.rest(),
            err: self.process.log.rest(),
        }
    }
}
