//! Arguments, clock, environment, signals, exit code; the rest is the library.

use std::{
    io,
    panic::{self, PanicHookInfo},
    process::ExitCode,
    sync::Arc,
    time::Duration,
};

use calbridge::{
    api::Chain,
    cli::{self, Arguments, World},
    clock::Clock,
};
use clap::Parser;
use tokio::{
    signal::unix::{SignalKind, signal},
    sync::Notify,
};
use tokio_util::sync::CancellationToken;
use tracing_subscriber::EnvFilter;

/// A refresh makes and drops hundreds of thousands of small texts; the system's allocator takes a quarter of its time.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

/// How long a thread that worked aside waits for more to do. Only when it ends does the system get back what it has freed,
/// which after a refresh of ten thousand events is 20 MB.
const IDLE: Duration = Duration::from_secs(1);

fn main() -> ExitCode {
    let mut runtime = tokio::runtime::Builder::new_multi_thread();
    match runtime.enable_all().thread_keep_alive(IDLE).build() {
        Ok(runtime) => runtime.block_on(run()),
        Err(error) => {
            eprintln!("calbridge: the system gives no threads: {error}");
            ExitCode::FAILURE
        }
    }
}

async fn run() -> ExitCode {
    let arguments = Arguments::parse();
    let filter = environment("CALBRIDGE_LOG").unwrap_or_else(|| "calbridge=info".to_owned());
    tracing_subscriber::fmt()
        .with_env_filter(EnvFilter::new(filter))
        .with_ansi(io::IsTerminal::is_terminal(&io::stderr()))
        .with_writer(io::stderr)
        .init();
    panic::set_hook(Box::new(log_place));
    let world = World {
        clock: Clock::new(now),
        environment,
        stop: stop_on_signal(),
        reread: reread_on_signal,
    };
    match cli::run(arguments, &world, &mut io::stdout()).await {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("calbridge: {}", Chain(&error));
            ExitCode::from(error.exit_code())
        }
    }
}

/// Logs where a bug showed. What a panic says is not told: it may quote an event.
fn log_place(panic: &PanicHookInfo<'_>) {
    let place = panic.location().map(ToString::to_string);
    let place = place.as_deref().unwrap_or("an unknown place");
    tracing::error!(place, "a bug in calbridge; please report this line");
}

#[expect(
    clippy::disallowed_methods,
    reason = "the one place that reads the clock"
)]
fn now() -> chrono::DateTime<chrono::Utc> {
    chrono::Utc::now()
}

#[expect(
    clippy::disallowed_methods,
    reason = "the one place that reads the environment"
)]
fn environment(name: &str) -> Option<String> {
    std::env::var(name).ok()
}

/// A token that SIGTERM and Ctrl-C cancel; a second one ends the process at once.
fn stop_on_signal() -> CancellationToken {
    let stop = CancellationToken::new();
    let token = stop.clone();
    tokio::spawn(async move {
        let (Ok(mut terminate), Ok(mut interrupt)) = (
            signal(SignalKind::terminate()),
            signal(SignalKind::interrupt()),
        ) else {
            tracing::error!("signals cannot be listened to; only SIGKILL will end this process");
            return;
        };
        for attempt in 0.. {
            tokio::select! {
                _ = terminate.recv() => {}
                _ = interrupt.recv() => {}
            }
            if attempt > 0 {
                std::process::exit(1);
            }
            token.cancel();
        }
    });
    stop
}

/// What each SIGHUP notifies from now on.
fn reread_on_signal() -> Arc<Notify> {
    let word = Arc::new(Notify::new());
    let Ok(mut hangup) = signal(SignalKind::hangup()) else {
        tracing::error!("SIGHUP cannot be listened to; a new configuration needs a restart");
        return word;
    };
    let notified = Arc::clone(&word);
    tokio::spawn(async move {
        while hangup.recv().await.is_some() {
            notified.notify_one();
        }
    });
    word
}
