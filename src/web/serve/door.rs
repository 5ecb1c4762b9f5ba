//! How connections come in, also when the system gives no more of them for a while.

use std::{io, time::Duration};

use tokio::{
    net::{TcpListener, TcpStream},
    time::{Instant, sleep},
};

use crate::web::origin::Origin;

use super::room::Room;

/// How long accepting rests after an error that the next connection would meet too.
const PAUSE: Duration = Duration::from_millis(100);

/// How long the log is told nothing of a trouble that it has just been told of.
const QUIET: Duration = Duration::from_mins(1);

/// Where connections come in.
#[derive(Debug)]
pub(super) struct Door {
    listener: TcpListener,
    /// When the log was last told that none can be accepted, which is once a minute.
    told: Option<Instant>,
}

impl Door {
    pub(super) const fn new(listener: TcpListener) -> Self {
        Self {
            listener,
            told: None,
        }
    }

    /// The next connection for which there is a place in `room`, and where it comes from. May be dropped at any time.
    pub(super) async fn next(&mut self, room: &mut Room) -> (TcpStream, Option<Origin>) {
        loop {
            let accepted = tokio::select! {
                biased;
                () = room.left() => continue,
                accepted = self.listener.accept() => accepted,
            };
            match accepted {
                Ok((stream, peer)) => {
                    let origin = Origin::of(peer.ip());
                    if room.place_for(origin).await {
                        if let Err(error) = stream.set_nodelay(true) {
                            tracing::debug!(%error, "cannot switch off the delay of small packets");
                        }
                        return (stream, origin);
                    }
                    tracing::debug!("a connection above what one place may have was refused");
                }
                Err(error) if concerns_one_connection(&error) => {
                    tracing::debug!(%error, "a connection was gone before it was accepted");
                }
                Err(error) => {
                    let now = Instant::now();
                    if self.told.is_none_or(|told| now - told > QUIET) {
                        self.told = Some(now);
                        tracing::warn!(%error, open = room.taken(), "cannot accept connections, closing those that wait for nothing and trying again");
                    }
                    room.thin();
                    sleep(PAUSE).await;
                }
            }
        }
    }
}

/// Whether only the connection at hand failed. Others, such as too many open files, last, and trying at once would spin.
fn concerns_one_connection(error: &io::Error) -> bool {
    use io::ErrorKind::{ConnectionAborted, ConnectionRefused, ConnectionReset, Interrupted};
    matches!(
        error.kind(),
        ConnectionAborted | ConnectionRefused | ConnectionReset | Interrupted
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn accepting_rests_only_after_errors_that_last() {
        // Linux numbers of EMFILE, ENFILE, ENOBUFS, ENOMEM; ECONNABORTED, ECONNRESET, EINTR.
        for (number, passes) in [
            (24, false),
            (23, false),
            (105, false),
            (12, false),
            (103, true),
            (104, true),
            (4, true),
        ] {
            let error = io::Error::from_raw_os_error(number);
            assert_eq!(concerns_one_connection(&error), passes, "{error}");
        }
    }
}
