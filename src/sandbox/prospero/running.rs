//! The double as a server, and the hand of the test that holds it.

use std::{
    io,
    net::SocketAddr,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
    time::Duration,
};

use axum::{
    Router,
    body::{Body, to_bytes},
    extract,
    http::{Request, StatusCode, request::Parts},
    response::Response,
};
use secrecy::SecretString;
use tokio::{
    net::TcpListener,
    sync::{oneshot, watch},
    task::JoinHandle,
    time::timeout,
};

use super::{
    answer::{self, Answer},
    fault::{Fault, Faults, Lasting, RetryAfter},
    ledger::{Ledger, Violation},
    route::Route,
    session::Sessions,
    settings::Settings,
};
use crate::sandbox::season::Season;

/// The largest body a client may send; a login needs no more.
const BODY_MAX: usize = 16 * 1024;
/// How long open answers may take once the double is told to stop.
const DRAIN: Duration = Duration::from_secs(1);

/// A double of the Prospero API.
#[derive(Debug)]
pub struct Prospero;

/// A double that serves until it is stopped or dropped.
pub struct Running {
    address: SocketAddr,
    stage: Arc<Stage>,
    stop: oneshot::Sender<()>,
    server: JoinHandle<io::Result<()>>,
}

/// What requests and the test share.
struct Stage {
    settings: Settings,
    state: Mutex<State>,
    /// Wakes who waits for a call or for a fault to be cleared.
    changed: watch::Sender<()>,
}

/// What changes while the double runs.
pub(super) struct State {
    pub(super) season: Season,
    pub(super) password: SecretString,
    pub(super) sessions: Sessions,
    pub(super) ledger: Ledger,
    faults: Faults,
    stopping: bool,
}

/// How a call that may be made is to be answered.
struct Arrival {
    fault: Option<Fault>,
    /// How often its route had been cleared by then, so that no clearing is missed by a call that hangs.
    cleared: u64,
}

impl Prospero {
    /// Starts a double that serves `season`.
    ///
    /// # Errors
    ///
    /// When the address cannot be listened on.
    pub async fn start(season: Season, settings: Settings) -> io::Result<Running> {
        let listener = TcpListener::bind(settings.listen).await?;
        let address = listener.local_addr()?;
        let state = State {
            season,
            password: settings.password.clone(),
            sessions: Sessions::default(),
            ledger: Ledger::default(),
            faults: Faults::default(),
            stopping: false,
        };
        let shared = Arc::new(Stage {
            settings,
            state: Mutex::new(state),
            changed: watch::Sender::new(()),
        });
        let app = Router::new()
            .fallback(serve)
            .with_state(Arc::clone(&shared));
        let (stop, stopped) = oneshot::channel();
        let serving = axum::serve(listener, app).with_graceful_shutdown(async move {
            // Fails when `Running` was dropped, which means the same.
            _ = stopped.await;
        });
        let server = tokio::spawn(serving.into_future());
        Ok(Running {
            address,
            stage: shared,
            stop,
            server,
        })
    }
}

impl Running {
    /// Where it listens, such as `http://127.0.0.1:40123`, without a final slash.
    #[must_use]
    pub fn url(&self) -> String {
        format!("http://{}", self.address)
    }

    /// How often a route was called, refused and faulty calls too.
    #[must_use]
    pub fn calls(&self, route: Route) -> u64 {
        self.stage.state().ledger.calls(route)
    }

    /// Waits until a route was called at least so often.
    pub async fn called(&self, route: Route, times: u64) {
        self.stage
            .wait(|state| state.ledger.calls(route) >= times)
            .await;
    }

    /// What the client should not have done, in order.
    #[must_use]
    pub fn violations(&self) -> Vec<Violation> {
        self.stage.state().ledger.violations().to_vec()
    }

    /// Makes a route misbehave, after the faults it already has in store.
    pub fn fault(&self, route: Route, fault: Fault, lasting: Lasting) {
        self.stage.state().faults.add(route, fault, lasting);
    }

    /// Makes a route behave again, and lets its hanging calls go.
    pub fn clear(&self, route: Route) {
        self.stage.state().faults.clear(route);
        self.stage.changed.send_replace(());
    }

    /// Changes what is served from the next call on.
    pub fn edit<T>(&self, change: impl FnOnce(&mut Season) -> T) -> T {
        change(&mut self.stage.state().season)
    }

    /// Makes every access token stale.
    pub fn expire_access(&self) {
        self.stage.state().sessions.expire_access();
    }

    /// Makes every refresh token stale.
    pub fn expire_refresh(&self) {
        self.stage.state().sessions.expire_refresh();
    }

    /// Gives the account another password; who is logged in stays so.
    pub fn change_password(&self, password: SecretString) {
        self.stage.state().password = password;
    }

    /// Stops: refuses new connections, lets hanging calls go, and gives open answers a second to end.
    pub async fn stop(self) {
        self.stage.state().stopping = true;
        self.stage.changed.send_replace(());
        // Fails when the server has ended by itself, which means the same.
        _ = self.stop.send(());
        let abort = self.server.abort_handle();
        if timeout(DRAIN, self.server).await.is_err() {
            abort.abort();
        }
    }
}

impl Stage {
    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    async fn wait(&self, done: impl Fn(&State) -> bool) {
        let mut changed = self.changed.subscribe();
        while !done(&self.state()) {
            changed
                .changed()
                .await
                .expect("the sender lives as long as the stage");
        }
    }

    /// Notes a call; answers it at once if it should never have been made.
    fn arrive(&self, route: Route, parts: &Parts) -> Result<Arrival, Answer> {
        let mut state = self.state();
        let State { ledger, faults, .. } = &mut *state;
        ledger.arrived(route);
        self.changed.send_replace(());
        let mut refuse = |status: StatusCode, fact: &str| {
            ledger.blame(&parts.method, parts.uri.path(), fact);
            Answer::error(status, fact)
        };
        if route == Route::Unknown {
            return Err(refuse(StatusCode::NOT_FOUND, "no such route"));
        }
        if parts.method != route.method() {
            return Err(refuse(StatusCode::METHOD_NOT_ALLOWED, "no such method"));
        }
        if let Some(rate) = self.settings.rate
            && !ledger.within(rate.get(), self.settings.clock.now())
        {
            ledger.blame(&parts.method, parts.uri.path(), "over the rate limit");
            return Err(Answer::too_many(Some(RetryAfter::Seconds(1))));
        }
        Ok(Arrival {
            fault: faults.next(route),
            cleared: faults.cleared(route),
        })
    }

    /// Waits until the route was cleared once more than `cleared` times, or the double stops.
    async fn hang(&self, route: Route, cleared: u64) {
        self.wait(|state| state.stopping || state.faults.cleared(route) > cleared)
            .await;
    }
}

async fn serve(
    extract::State(stage): extract::State<Arc<Stage>>,
    request: Request<Body>,
) -> Response {
    let (parts, body) = request.into_parts();
    let Ok(body) = to_bytes(body, BODY_MAX).await else {
        return Answer::error(StatusCode::PAYLOAD_TOO_LARGE, "Body too large").into_response(None);
    };
    let route = Route::of(parts.uri.path());
    let Arrival { fault, cleared } = match stage.arrive(route, &parts) {
        Ok(arrival) => arrival,
        Err(refused) => return refused.into_response(None),
    };
    if fault == Some(Fault::Hang) {
        stage.hang(route, cleared).await;
    }
    let now = stage.settings.clock.now();
    let answer = answer::to(
        route,
        &parts,
        &body,
        &stage.settings,
        &mut stage.state(),
        now,
    );
    let answer = match &fault {
        Some(fault) => answer.spoiled(fault),
        None => answer,
    };
    answer.into_response(fault.as_ref())
}
