//! What tests of several modules share.

use std::{
    io,
    sync::{Arc, Mutex},
};

use tracing::{Dispatch, subscriber::DefaultGuard};
use tracing_subscriber::fmt::format::FmtSpan;

/// What was logged.
#[derive(Clone, Default)]
pub(crate) struct Log(Arc<Mutex<Vec<u8>>>);

impl io::Write for Log {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.0.lock().unwrap().write(bytes)
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

impl Log {
    /// Captures what every crate logs on this thread, while the guards live.
    ///
    /// With a single dispatcher, `tracing` asks only the thread that first comes by a line of code whether anybody
    /// listens there, and another test's thread says no. A second, idle one makes it ask all dispatchers.
    pub(crate) fn capture(&self) -> (DefaultGuard, Dispatch) {
        let subscriber = || {
            let log = self.clone();
            tracing_subscriber::fmt()
                .with_max_level(tracing::Level::TRACE)
                .with_ansi(false)
                .with_span_events(FmtSpan::FULL)
                .with_writer(move || log.clone())
                .finish()
        };
        let idle = Dispatch::new(subscriber());
        (tracing::subscriber::set_default(subscriber()), idle)
    }

    /// All of it so far.
    pub(crate) fn text(&self) -> String {
        String::from_utf8(self.0.lock().unwrap().clone()).unwrap()
    }
}
