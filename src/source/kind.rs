//! The table of kinds: what is behind each word of `kind` in `[sources.…]`.

use std::{collections::HashMap, sync::Arc, time::Duration};

use chrono_tz::Tz;

use crate::{
    api::{Addresses, Api, Auth, Clients, Limits},
    clock::Clock,
    domain::{id::SourceId, text::Line},
    zones::{Book, Zones},
};

use super::{
    Source,
    add_to_calendar_pro::{self, AddToCalendarPro},
    ics::{self, Ics},
    prospectconnect::{self, ProspectConnect},
    prosper::{self, Prosper},
    prospero::{self, Prospero},
};

/// First waits that a timeout has room for at least: two waits, the second twice as long, take less than a fifth of it.
const TIMEOUT_BACKOFFS: u32 = 16;

/// What kind of upstream a source is, with the settings of that kind.
#[derive(Debug)]
pub enum Kind {
    /// Scheduling of performing-arts organisations.
    Prospero(prospero::Settings),
    /// Events behind buttons on websites.
    AddToCalendarPro(add_to_calendar_pro::Settings),
    /// Tasks, deals and meetings of a CRM.
    ProspectConnect(prospectconnect::Settings),
    /// Notes and listings of an investor.
    Prosper(prosper::Settings),
    /// A calendar file at an address.
    Ics(ics::Settings),
}

/// What a source of any kind is made with, beside the settings of its kind.
#[derive(Debug)]
pub struct Setup {
    /// Its name in the configuration.
    pub id: SourceId,
    /// Names, by lower-cased id, for what the upstream does not let us read.
    pub names: HashMap<String, Line>,
    /// Where its events are, as far as the upstream does not say.
    pub zone: Tz,
    /// Where each of them is, for those whose wall times come without a zone that is known.
    pub book: Book,
    /// The rules that turn wall times into instants.
    pub zones: Arc<Zones>,
    /// What time it is.
    pub clock: Clock,
    /// What its calls go out with.
    pub clients: Clients,
    /// Which addresses its calls may reach.
    pub addresses: Addresses,
    /// How long one call may take with all its attempts.
    pub timeout: Duration,
}

impl Kind {
    /// The word of `kind` in a configuration.
    #[must_use]
    pub const fn word(&self) -> &'static str {
        match self {
            Self::Prospero(_) => "prospero",
            Self::AddToCalendarPro(_) => "add-to-calendar-pro",
            Self::ProspectConnect(_) => "prospectconnect",
            Self::Prosper(_) => "prosper",
            Self::Ics(_) => "ics",
        }
    }

    /// The connector, and its way to the upstream. Sends nothing yet.
    #[must_use]
    pub fn connect(self, setup: Setup) -> (Box<dyn Source>, Api) {
        match self {
            Self::Prospero(settings) => {
                let auth = Auth::session(
                    &settings.base_url,
                    settings.email.clone(),
                    settings.password.clone(),
                );
                let api = setup.api(auth, Limits::default());
                let source = Prospero::new(setup.id, &settings, setup.names, setup.clock);
                (Box::new(source), api)
            }
            Self::AddToCalendarPro(settings) => {
                let limits = add_to_calendar_pro::Settings::limits();
                let api = setup.api(Auth::Fixed(settings.key.clone()), limits);
                let source = AddToCalendarPro::new(&settings, setup);
                (Box::new(source), api)
            }
            Self::ProspectConnect(settings) => {
                let api = setup.api(settings.auth(), prospectconnect::Settings::limits());
                (Box::new(ProspectConnect::new(settings, setup)), api)
            }
            Self::Prosper(settings) => {
                let auth = Auth::oauth(&settings.base_url, settings.grant.clone());
                let api = setup.api(auth, prosper::limits()).judging(prosper::judge);
                let source = Prosper::new(setup.id, &settings, setup.names, setup.zones);
                (Box::new(source), api)
            }
            Self::Ics(settings) => {
                let api = setup.api(Auth::None, Limits::default());
                let source = Ics::new(setup.id, &settings, setup.zone, setup.zones);
                (Box::new(source), api)
            }
        }
    }
}

impl Setup {
    /// A way to an upstream that lets us in by `auth`, within `limits` and the operator's timeout. The waits between
    /// attempts shrink with a short timeout, which would leave no time for a second attempt otherwise.
    #[must_use]
    pub fn api(&self, auth: Auth, limits: Limits) -> Api {
        let limits = Limits {
            total: self.timeout,
            backoff: limits.backoff.min(self.timeout / TIMEOUT_BACKOFFS),
            ..limits
        };
        let client = self.clients.reaching(self.addresses);
        Api::new(self.id.clone(), client, auth, limits, self.clock.clone())
    }
}
