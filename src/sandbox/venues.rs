//! Where the fictional company plays: invented houses in real zones, chosen for what their clocks do.

use std::sync::LazyLock;

use chrono::{DateTime, NaiveDate, Utc};

use super::{
    ids::{self, Kind},
    local::{Fold, Zone},
    season::Place,
};

/// Zone of the company's office.
pub(super) const HOME: &str = "America/New_York";

/// A house of the tour.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum House {
    NewYork,
    Vancouver,
    London,
    Berlin,
    Tokyo,
    Sydney,
    Kathmandu,
    SaoPaulo,
    LordHowe,
    Casablanca,
    Phoenix,
}

/// What is fixed about a house.
struct Facts {
    name: &'static str,
    zone: &'static str,
    address: [&'static str; 3],
    spaces: &'static [&'static str],
}

/// Every house, in the order of its numbers.
const HOUSES: [House; 11] = [
    House::NewYork,
    House::Vancouver,
    House::London,
    House::Berlin,
    House::Tokyo,
    House::Sydney,
    House::Kathmandu,
    House::SaoPaulo,
    House::LordHowe,
    House::Casablanca,
    House::Phoenix,
];

/// The rules of each house's zone, by the number of the house: reading them takes longer than anything done with them.
static ZONES: LazyLock<[Zone; HOUSES.len()]> = LazyLock::new(|| {
    HOUSES
        .map(|house| Zone::named(house.facts().zone).expect("every house is in a zone that exists"))
});

impl House {
    /// The id of the house itself.
    pub(super) fn id(self) -> String {
        ids::fixed(Kind::Place, self.number())
    }

    /// The id of its `index`th space, counted from 0.
    pub(super) fn space(self, index: u16) -> String {
        ids::fixed(Kind::Place, self.number() + 1 + index)
    }

    /// The instant at which the clock in its foyer shows `time` on `day`.
    pub(super) fn at(self, day: NaiveDate, time: (i8, i8), fold: Fold) -> DateTime<Utc> {
        ZONES[self as usize].instant(day, time, fold)
    }

    /// Houses stand sixteen numbers apart, so that a new space renumbers nothing.
    fn number(self) -> u16 {
        16 * (self as u16 + 1)
    }

    fn facts(self) -> Facts {
        let facts = |name, zone, address, spaces| Facts {
            name,
            zone,
            address,
            spaces,
        };
        match self {
            Self::NewYork => facts(
                "Halyard Playhouse",
                HOME,
                ["1 Halyard Slip", "New York, NY 10000", "United States"],
                &["Main Stage", "Loft", "Rehearsal Room \"B\""],
            ),
            Self::Vancouver => facts(
                "Cedarline Theatre",
                "America/Vancouver",
                ["77 Cedarline Way", "Vancouver, BC", "Canada"],
                &["Round Room"],
            ),
            Self::London => facts(
                "Tallowgate Hall",
                "Europe/London",
                ["3 Tallowgate", "London", "United Kingdom"],
                &["Crypt", "Gallery"],
            ),
            Self::Berlin => facts(
                "Kranichhof",
                "Europe/Berlin",
                ["Kranichstraße 12; Hinterhaus", "10000 Berlin", "Germany"],
                &["Großer Saal", "Probebühne"],
            ),
            Self::Tokyo => facts(
                "星川ホール (Hoshikawa Hall)",
                "Asia/Tokyo",
                ["4-5-6 Hoshikawa", "Tokyo", "Japan"],
                &["小ホール"],
            ),
            Self::Sydney => facts(
                "Wattlebird Stage",
                "Australia/Sydney",
                ["Pier 0, Wattlebird Quay", "Sydney NSW", "Australia"],
                &["Boatshed"],
            ),
            Self::Kathmandu => facts(
                "Himchuli Mandap",
                "Asia/Kathmandu",
                ["Himchuli Marg", "Kathmandu", "Nepal"],
                &[],
            ),
            Self::SaoPaulo => facts(
                "Teatro do Ipê-Branco",
                "America/Sao_Paulo",
                ["Rua do Ipê-Branco, 100", "São Paulo", "Brazil"],
                &["Sala Azul"],
            ),
            Self::LordHowe => facts(
                "Mutton Bird Pavilion",
                "Australia/Lord_Howe",
                ["Lagoon Track", "Lord Howe Island", "Australia"],
                &[],
            ),
            Self::Casablanca => facts(
                "Dar el-Qamariya",
                "Africa/Casablanca",
                ["9, rue de la Lune", "Casablanca", "Morocco"],
                &[],
            ),
            Self::Phoenix => facts(
                "Saguaro Tent",
                "America/Phoenix",
                ["Lot 8, Saguaro Fairground", "Phoenix, AZ", "United States"],
                &[],
            ),
        }
    }
}

/// Every house and space.
pub(super) fn all() -> Vec<Place> {
    HOUSES.into_iter().flat_map(with_spaces).collect()
}

/// A house, then its spaces, which have its zone but no address of their own (fact sheet §7.2).
fn with_spaces(house: House) -> impl Iterator<Item = Place> {
    let facts = house.facts();
    let venue = Place {
        id: house.id(),
        name: facts.name.to_owned(),
        zone: facts.zone.to_owned(),
        address: facts.address.map(str::to_owned).into(),
        inside: None,
    };
    let spaces = facts
        .spaces
        .iter()
        .zip(0..)
        .map(move |(name, index)| Place {
            id: house.space(index),
            name: (*name).to_owned(),
            zone: facts.zone.to_owned(),
            address: Vec::new(),
            inside: Some(house.id()),
        });
    std::iter::once(venue).chain(spaces)
}
