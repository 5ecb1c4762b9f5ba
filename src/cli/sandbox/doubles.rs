//! The doubles that run together.

use std::net::SocketAddr;

use clap::ValueEnum;
use secrecy::SecretString;

use super::SandboxError;
use crate::{
    clock::Clock,
    sandbox::{
        add_to_calendar_pro::{self, AddToCalendarPro, Oddities},
        ics::{self, Ics},
        prospectconnect::{self, ProspectConnect},
        prosper::{self, Prosper},
        prospero::{self, Prospero},
        season::Season,
    },
};

/// A kind of upstream that there is a double of, as the configuration calls it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum Kind {
    /// Scheduling of performing-arts organisations.
    Prospero,
    /// Events and groups with buttons for websites.
    AddToCalendarPro,
    /// Customers, deals and tasks.
    #[value(name = "prospectconnect")]
    ProspectConnect,
    /// Loans among many.
    Prosper,
    /// An iCalendar address.
    Ics,
}

/// A double that runs, with what it was started with.
pub(in crate::cli) enum Double {
    /// Of Prospero.
    Prospero(prospero::Running, prospero::Settings),
    /// Of Add to Calendar PRO.
    AddToCalendarPro(add_to_calendar_pro::Running, add_to_calendar_pro::Settings),
    /// Of an iCalendar address.
    Ics(ics::Running),
    /// Of ProspectConnect.
    ProspectConnect(prospectconnect::Running, prospectconnect::Settings),
    /// Of Prosper.
    Prosper(prosper::Running, prosper::Settings),
}

/// The doubles that run.
pub(in crate::cli) struct Doubles(Vec<Double>);

/// A secret and the environment variable it is looked up in.
pub(in crate::cli) struct Secret<'a> {
    /// The variable.
    pub(in crate::cli) name: &'static str,
    /// What it holds.
    pub(in crate::cli) secret: &'a SecretString,
}

impl<'a> Secret<'a> {
    /// A secret in a variable.
    pub(super) fn new(name: &'static str, secret: &'a SecretString) -> Self {
        Self { name, secret }
    }
}

impl Kind {
    /// Every kind, in the order they are shown.
    pub(in crate::cli) const ALL: [Self; 5] = [
        Self::Prospero,
        Self::Ics,
        Self::AddToCalendarPro,
        Self::ProspectConnect,
        Self::Prosper,
    ];
}

impl Double {
    /// Starts one on `listen`; `external` is the calendar that others refer to.
    async fn start(
        kind: Kind,
        season: Season,
        listen: SocketAddr,
        clock: Clock,
        external: Option<String>,
    ) -> Result<Self, SandboxError> {
        let failed = |source| SandboxError::Listen {
            address: listen,
            source,
        };
        match kind {
            Kind::Prospero => {
                let settings = prospero::Settings {
                    listen,
                    ..prospero::Settings::new(clock)
                };
                let running = Prospero::start(season, settings.clone()).await;
                Ok(Self::Prospero(running.map_err(failed)?, settings))
            }
            Kind::AddToCalendarPro => {
                let standard = add_to_calendar_pro::Settings::new(clock);
                // A list of somebody's own is not to be mixed with made-up events.
                let made_up = !season.courses.is_empty();
                let settings = add_to_calendar_pro::Settings {
                    listen,
                    rate: Some(add_to_calendar_pro::Settings::RATE),
                    oddities: if made_up {
                        Oddities::Shown
                    } else {
                        Oddities::Hidden
                    },
                    external: external.unwrap_or_else(|| standard.external.clone()),
                    ..standard
                };
                let running = AddToCalendarPro::start(season, settings.clone()).await;
                Ok(Self::AddToCalendarPro(running.map_err(failed)?, settings))
            }
            Kind::Ics => {
                let settings = ics::Settings {
                    listen,
                    ..ics::Settings::new(clock)
                };
                let running = Ics::start(season, settings).await;
                Ok(Self::Ics(running.map_err(failed)?))
            }
            Kind::ProspectConnect => {
                let settings = prospectconnect::Settings {
                    listen,
                    ..prospectconnect::Settings::new(clock)
                };
                let running = ProspectConnect::start(season, settings.clone()).await;
                Ok(Self::ProspectConnect(running.map_err(failed)?, settings))
            }
            Kind::Prosper => {
                let settings = prosper::Settings {
                    listen,
                    rate: Some(prosper::Settings::RATE),
                    ..prosper::Settings::new(clock)
                };
                let running = Prosper::start(season, settings.clone()).await;
                Ok(Self::Prosper(running.map_err(failed)?, settings))
            }
        }
    }

    /// Which kind it is of.
    pub(in crate::cli) fn kind(&self) -> Kind {
        match self {
            Self::Prospero(..) => Kind::Prospero,
            Self::AddToCalendarPro(..) => Kind::AddToCalendarPro,
            Self::Ics(_) => Kind::Ics,
            Self::ProspectConnect(..) => Kind::ProspectConnect,
            Self::Prosper(..) => Kind::Prosper,
        }
    }

    /// Where it listens.
    pub(in crate::cli) fn url(&self) -> String {
        match self {
            Self::Prospero(running, _) => running.url(),
            Self::AddToCalendarPro(running, _) => running.url(),
            Self::Ics(running) => running.url(),
            Self::ProspectConnect(running, _) => running.url(),
            Self::Prosper(running, _) => running.url(),
        }
    }

    fn secrets(&self) -> Vec<Secret<'_>> {
        match self {
            Self::Prospero(_, set) => vec![Secret::new("PROSPERO_PASSWORD", &set.password)],
            Self::AddToCalendarPro(_, set) => {
                vec![Secret::new("ADD_TO_CALENDAR_PRO_KEY", &set.key)]
            }
            Self::Ics(_) => Vec::new(),
            Self::ProspectConnect(_, set) => vec![Secret::new("PROSPECTCONNECT_TOKEN", &set.token)],
            Self::Prosper(_, set) => vec![
                Secret::new("PROSPER_CLIENT_SECRET", &set.client_secret),
                Secret::new("PROSPER_PASSWORD", &set.password),
            ],
        }
    }

    async fn stop(self) {
        match self {
            Self::Prospero(running, _) => running.stop().await,
            Self::AddToCalendarPro(running, _) => running.stop().await,
            Self::Ics(running) => running.stop().await,
            Self::ProspectConnect(running, _) => running.stop().await,
            Self::Prosper(running, _) => running.stop().await,
        }
    }
}

impl Doubles {
    /// Starts a double of each of `kinds`, all with `season`: the first on `listen`, the others on free ports beside it.
    pub(in crate::cli) async fn start(
        kinds: &[Kind],
        season: &Season,
        listen: SocketAddr,
        clock: &Clock,
    ) -> Result<Self, SandboxError> {
        let mut running = Vec::new();
        let mut external = None;
        for kind in kinds {
            let port = if running.is_empty() { listen.port() } else { 0 };
            let address = SocketAddr::new(listen.ip(), port);
            let season = season.clone();
            let double =
                Double::start(*kind, season, address, clock.clone(), external.clone()).await?;
            if *kind == Kind::Ics {
                external = Some(format!("{}/external.ics", double.url()));
            }
            running.push(double);
        }
        Ok(Self(running))
    }

    /// All of them.
    pub(in crate::cli) fn all(&self) -> &[Double] {
        &self.0
    }

    /// The secrets of all of them.
    pub(in crate::cli) fn secrets(&self) -> Vec<Secret<'_>> {
        self.0.iter().flat_map(Double::secrets).collect()
    }

    /// Stops all of them.
    pub(in crate::cli) async fn stop(self) {
        for double in self.0 {
            double.stop().await;
        }
    }
}
