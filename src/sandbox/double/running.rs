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
use tokio::{
    net::TcpListener,
    sync::{oneshot, watch},
    task::JoinHandle,
    time::timeout,
};

use super::{
    Call, Double,
    answer::Answer,
    fault::{Fault, Faults, Lasting, RetryAfter},
    ledger::{Ledger, Violation},
};
use crate::sandbox::season::Season;

/// The largest body a client may send; a login or a search needs no more.
const BODY_MAX: usize = 16 * 1024;
/// How long open answers may take once the double is told to stop.
const DRAIN: Duration = Duration::from_secs(1);

/// A double that serves until it is stopped or dropped.
pub struct Running<D: Double> {
    address: SocketAddr,
    stage: Arc<Stage<D>>,
    stop: oneshot::Sender<()>,
    server: JoinHandle<io::Result<()>>,
}

/// What requests and the test share.
struct Stage<D: Double> {
    state: Mutex<State<D>>,
    /// Wakes who waits for a call or for a fault to be cleared.
    changed: watch::Sender<()>,
}

/// What changes while the double runs.
struct State<D: Double> {
    double: D,
    ledger: Ledger<D::Route>,
    faults: Faults<D::Route>,
    stopping: bool,
}

/// How a call that may be made is to be answered.
struct Arrival {
    fault: Option<Fault>,
    /// How often its route had been cleared by then, so that no clearing is missed by a call that hangs.
    cleared: u64,
    left: Option<usize>,
}

/// Starts `double` on `listen`.
///
/// # Errors
///
/// When the address cannot be listened on.
pub(in crate::sandbox) async fn start<D: Double>(
    double: D,
    listen: SocketAddr,
) -> io::Result<Running<D>> {
    let listener = TcpListener::bind(listen).await?;
    let address = listener.local_addr()?;
    let state = State {
        double,
        ledger: Ledger::new(),
        faults: Faults::new(),
        stopping: false,
    };
    let shared = Arc::new(Stage {
        state: Mutex::new(state),
        changed: watch::Sender::new(()),
    });
    let app = Router::new()
        .fallback(serve::<D>)
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

impl<D: Double> Running<D> {
    /// Where it listens, such as `http://127.0.0.1:40123`, without a final slash.
    #[must_use]
    pub fn url(&self) -> String {
        format!("http://{}", self.address)
    }

    /// What a source is configured with: [`Running::url`] and the path every route is below.
    #[must_use]
    pub fn base_url(&self) -> String {
        format!("http://{}{}", self.address, D::BASE)
    }

    /// How often a route was called, refused and faulty calls too.
    #[must_use]
    pub fn calls(&self, route: D::Route) -> u64 {
        self.stage.state().ledger.calls(route)
    }

    /// Waits until a route was called at least so often.
    pub async fn called(&self, route: D::Route, times: u64) {
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
    pub fn fault(&self, route: D::Route, fault: Fault, lasting: Lasting) {
        self.stage.state().faults.add(route, fault, lasting);
    }

    /// Makes a route behave again, and lets its hanging calls go.
    pub fn clear(&self, route: D::Route) {
        self.stage.state().faults.clear(route);
        self.stage.changed.send_replace(());
    }

    /// Changes what is served from the next call on.
    pub fn edit<T>(&self, change: impl FnOnce(&mut Season) -> T) -> T {
        self.with(|double| change(double.season()))
    }

    /// Does something with the double that only its kind can do.
    pub(in crate::sandbox) fn with<T>(&self, act: impl FnOnce(&mut D) -> T) -> T {
        act(&mut self.stage.state().double)
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

impl<D: Double> Stage<D> {
    fn state(&self) -> MutexGuard<'_, State<D>> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    async fn wait(&self, done: impl Fn(&State<D>) -> bool) {
        let mut changed = self.changed.subscribe();
        while !done(&self.state()) {
            changed
                .changed()
                .await
                .expect("the sender lives as long as the stage");
        }
    }

    /// Notes a call; answers it at once if it should never have been made.
    fn arrive(&self, route: D::Route, parts: &Parts) -> Result<Arrival, Box<Answer>> {
        let mut state = self.state();
        let State {
            double,
            ledger,
            faults,
            ..
        } = &mut *state;
        ledger.arrived(route);
        self.changed.send_replace(());
        let mut refuse = |status: StatusCode, fact: &str| {
            ledger.blame(&parts.method, parts.uri.path(), fact);
            double.refusal(status, fact)
        };
        let Some(method) = D::method(route) else {
            return Err(Box::new(refuse(StatusCode::NOT_FOUND, "no such route")));
        };
        if parts.method != method {
            return Err(Box::new(refuse(
                StatusCode::METHOD_NOT_ALLOWED,
                "no such method",
            )));
        }
        let mut left = None;
        if let Some(rate) = double.rate() {
            left = ledger.within(rate, double.clock().now());
            if left.is_none() {
                ledger.blame(&parts.method, parts.uri.path(), "over the rate limit");
                return Err(Box::new(double.too_many(Some(RetryAfter::Seconds(1)))));
            }
        }
        Ok(Arrival {
            fault: faults.next(route),
            cleared: faults.cleared(route),
            left,
        })
    }

    /// The answer to a call that may be made, true but for its fault.
    fn answer(&self, call: &Call<'_, D::Route>, fault: Option<&Fault>) -> Answer {
        let mut state = self.state();
        let State { double, ledger, .. } = &mut *state;
        let answer = double.answer(call);
        if let Some(fact) = &answer.blame {
            ledger.blame(&call.parts.method, call.path(), fact.as_str());
        }
        match fault {
            Some(fault) => spoiled(double, answer, fault),
            None => answer,
        }
    }

    /// Waits until the route was cleared once more than `cleared` times, or the double stops.
    async fn hang(&self, route: D::Route, cleared: u64) {
        self.wait(|state| state.stopping || state.faults.cleared(route) > cleared)
            .await;
    }
}

/// The answer as a fault makes it.
fn spoiled<D: Double>(double: &D, answer: Answer, fault: &Fault) -> Answer {
    match fault {
        Fault::Unauthorized => double.unauthorized(),
        Fault::Forbidden => double.refusal(StatusCode::FORBIDDEN, "Forbidden"),
        Fault::NotFound => double.refusal(StatusCode::NOT_FOUND, "Not found"),
        Fault::TooMany(retry_after) => double.too_many(*retry_after),
        Fault::Broken => double.refusal(StatusCode::INTERNAL_SERVER_ERROR, "Something went wrong"),
        Fault::Unavailable(retry_after) => double
            .refusal(StatusCode::SERVICE_UNAVAILABLE, "Back soon")
            .retry_after(*retry_after),
        Fault::Page(status) => Answer::page(*status),
        Fault::Html => Answer::page(StatusCode::OK),
        _ => answer.spoiled(fault),
    }
}

async fn serve<D: Double>(
    extract::State(stage): extract::State<Arc<Stage<D>>>,
    request: Request<Body>,
) -> Response {
    let (parts, body) = request.into_parts();
    let Ok(body) = to_bytes(body, BODY_MAX).await else {
        return Answer::page(StatusCode::PAYLOAD_TOO_LARGE).into_response(None);
    };
    let route = stage.state().double.route(parts.uri.path());
    let Arrival {
        fault,
        cleared,
        left,
    } = match stage.arrive(route, &parts) {
        Ok(arrival) => arrival,
        Err(refused) => return refused.into_response(None),
    };
    if fault == Some(Fault::Hang) {
        stage.hang(route, cleared).await;
    }
    let now = stage.state().double.clock().now();
    let call = Call {
        route,
        parts: &parts,
        body: &body,
        now,
        left,
    };
    stage
        .answer(&call, fault.as_ref())
        .into_response(fault.as_ref())
}
