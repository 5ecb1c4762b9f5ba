//! One place, one name: the old spellings of zone names, and which names a feed may write.

use chrono_tz::Tz;

/// The areas of the tz database whose `Area/Location` names calendar clients know.
const AREAS: [&str; 10] = [
    "Africa",
    "America",
    "Antarctica",
    "Arctic",
    "Asia",
    "Atlantic",
    "Australia",
    "Europe",
    "Indian",
    "Pacific",
];

/// Whether a feed may name the zone in a `TZID`; times of any other zone are written in UTC (interop Z2).
///
/// Only `Area/Location` names may: not `UTC`, `Etc/GMT-2`, `CET`, `EST5EDT` or `US/Eastern`.
#[must_use]
pub fn is_publishable(tz: Tz) -> bool {
    let area = tz.name().split_once('/').map(|(area, _)| area);
    area.is_some_and(|area| AREAS.contains(&area))
}

/// The present name of a zone that was given by an old one, so that one place has one name in a feed (interop Z9).
///
/// These are the names from before 1993, the two-part ones of 1995 and the other spellings of the tz file
/// `backward`. Places that merely share the clocks of another since 1970 keep their own name: Oslo is not Berlin.
#[must_use]
pub fn canonical(tz: Tz) -> Tz {
    match tz {
        Tz::Africa__Asmera => Tz::Africa__Asmara,
        Tz::Egypt => Tz::Africa__Cairo,
        Tz::Libya => Tz::Africa__Tripoli,
        Tz::US__Aleutian => Tz::America__Adak,
        Tz::US__Alaska => Tz::America__Anchorage,
        Tz::America__Buenos_Aires => Tz::America__Argentina__Buenos_Aires,
        Tz::America__Catamarca => Tz::America__Argentina__Catamarca,
        Tz::America__Cordoba => Tz::America__Argentina__Cordoba,
        Tz::America__Jujuy => Tz::America__Argentina__Jujuy,
        Tz::America__Mendoza => Tz::America__Argentina__Mendoza,
        Tz::America__Coral_Harbour => Tz::America__Atikokan,
        Tz::US__Central => Tz::America__Chicago,
        Tz::Navajo | Tz::US__Mountain => Tz::America__Denver,
        Tz::US__Michigan => Tz::America__Detroit,
        Tz::Canada__Mountain => Tz::America__Edmonton,
        Tz::Canada__Atlantic => Tz::America__Halifax,
        Tz::Cuba => Tz::America__Havana,
        Tz::America__Indianapolis | Tz::US__EastIndiana => Tz::America__Indiana__Indianapolis,
        Tz::America__Knox_IN | Tz::US__IndianaStarke => Tz::America__Indiana__Knox,
        Tz::Jamaica => Tz::America__Jamaica,
        Tz::America__Louisville => Tz::America__Kentucky__Louisville,
        Tz::US__Pacific => Tz::America__Los_Angeles,
        Tz::Brazil__West => Tz::America__Manaus,
        Tz::Mexico__BajaSur => Tz::America__Mazatlan,
        Tz::Mexico__General => Tz::America__Mexico_City,
        Tz::US__Eastern => Tz::America__New_York,
        Tz::Brazil__DeNoronha => Tz::America__Noronha,
        Tz::America__Godthab => Tz::America__Nuuk,
        Tz::US__Arizona => Tz::America__Phoenix,
        Tz::Canada__Saskatchewan => Tz::America__Regina,
        Tz::Brazil__Acre => Tz::America__Rio_Branco,
        Tz::Chile__Continental => Tz::America__Santiago,
        Tz::Brazil__East => Tz::America__Sao_Paulo,
        Tz::Canada__Newfoundland => Tz::America__St_Johns,
        Tz::America__Virgin => Tz::America__St_Thomas,
        Tz::Mexico__BajaNorte => Tz::America__Tijuana,
        Tz::Canada__Eastern => Tz::America__Toronto,
        Tz::Canada__Pacific => Tz::America__Vancouver,
        Tz::Canada__Yukon => Tz::America__Whitehorse,
        Tz::Canada__Central => Tz::America__Winnipeg,
        Tz::Asia__Ashkhabad => Tz::Asia__Ashgabat,
        Tz::Asia__Chungking => Tz::Asia__Chongqing,
        Tz::Asia__Dacca => Tz::Asia__Dhaka,
        Tz::Asia__Saigon => Tz::Asia__Ho_Chi_Minh,
        Tz::Hongkong => Tz::Asia__Hong_Kong,
        Tz::Israel => Tz::Asia__Jerusalem,
        Tz::Asia__Katmandu => Tz::Asia__Kathmandu,
        Tz::Asia__Calcutta => Tz::Asia__Kolkata,
        Tz::Asia__Macao => Tz::Asia__Macau,
        Tz::Asia__Ujung_Pandang => Tz::Asia__Makassar,
        Tz::Europe__Nicosia => Tz::Asia__Nicosia,
        Tz::ROK => Tz::Asia__Seoul,
        Tz::PRC => Tz::Asia__Shanghai,
        Tz::Singapore => Tz::Asia__Singapore,
        Tz::ROC => Tz::Asia__Taipei,
        Tz::Iran => Tz::Asia__Tehran,
        Tz::Asia__Thimbu => Tz::Asia__Thimphu,
        Tz::Japan => Tz::Asia__Tokyo,
        Tz::Asia__Ulan_Bator => Tz::Asia__Ulaanbaatar,
        Tz::Asia__Rangoon => Tz::Asia__Yangon,
        Tz::Atlantic__Faeroe => Tz::Atlantic__Faroe,
        Tz::Iceland => Tz::Atlantic__Reykjavik,
        Tz::Australia__South => Tz::Australia__Adelaide,
        Tz::Australia__Queensland => Tz::Australia__Brisbane,
        Tz::Australia__Yancowinna => Tz::Australia__Broken_Hill,
        Tz::Australia__North => Tz::Australia__Darwin,
        Tz::Australia__Tasmania => Tz::Australia__Hobart,
        Tz::Australia__LHI => Tz::Australia__Lord_Howe,
        Tz::Australia__Victoria => Tz::Australia__Melbourne,
        Tz::Australia__West => Tz::Australia__Perth,
        Tz::Australia__ACT | Tz::Australia__NSW => Tz::Australia__Sydney,
        Tz::Eire => Tz::Europe__Dublin,
        Tz::Asia__Istanbul | Tz::Turkey => Tz::Europe__Istanbul,
        Tz::Europe__Kiev => Tz::Europe__Kyiv,
        Tz::Portugal => Tz::Europe__Lisbon,
        Tz::GB | Tz::GBEire => Tz::Europe__London,
        Tz::WSU => Tz::Europe__Moscow,
        Tz::Poland => Tz::Europe__Warsaw,
        Tz::NZ => Tz::Pacific__Auckland,
        Tz::NZCHAT => Tz::Pacific__Chatham,
        Tz::Pacific__Truk => Tz::Pacific__Chuuk,
        Tz::Chile__EasterIsland => Tz::Pacific__Easter,
        Tz::US__Hawaii => Tz::Pacific__Honolulu,
        Tz::Kwajalein => Tz::Pacific__Kwajalein,
        Tz::Pacific__Samoa | Tz::US__Samoa => Tz::Pacific__Pago_Pago,
        Tz::Pacific__Ponape => Tz::Pacific__Pohnpei,
        current => current,
    }
}

#[cfg(test)]
mod tests {
    use chrono_tz::TZ_VARIANTS;

    use super::*;

    #[test]
    fn a_feed_names_places_and_nothing_else() {
        for name in [
            "Europe/Berlin",
            "America/Argentina/Ushuaia",
            "Arctic/Longyearbyen",
            "Antarctica/Troll",
        ] {
            assert!(is_publishable(name.parse().unwrap()), "{name}");
        }
        for name in [
            "UTC",
            "GMT",
            "GMT0",
            "Etc/UTC",
            "Etc/GMT+5",
            "EST",
            "CET",
            "EST5EDT",
            "US/Eastern",
            "Japan",
            "GB-Eire",
        ] {
            assert!(!is_publishable(name.parse().unwrap()), "{name}");
        }
    }

    #[test]
    fn old_names_become_present_ones() {
        for (old, want) in [
            ("Europe/Kiev", "Europe/Kyiv"),
            ("Asia/Calcutta", "Asia/Kolkata"),
            ("US/Eastern", "America/New_York"),
            ("America/Buenos_Aires", "America/Argentina/Buenos_Aires"),
            ("GB", "Europe/London"),
            ("Europe/Oslo", "Europe/Oslo"),
            ("Etc/UTC", "Etc/UTC"),
        ] {
            assert_eq!(canonical(old.parse().unwrap()).name(), want);
        }
    }

    #[test]
    fn a_present_name_is_publishable_and_stays() {
        for tz in TZ_VARIANTS {
            let present = canonical(tz);
            assert_eq!(canonical(present), present, "{tz}");
            assert!(present == tz || is_publishable(present), "{tz}");
        }
    }

    #[test]
    fn an_old_name_has_kept_the_same_clocks_since_1970() {
        let data = crate::zones::data::tests::built_in();
        let (from, to) = (
            "1970-01-01T00:00:00Z".parse().unwrap(),
            "2038-01-01T00:00:00Z".parse().unwrap(),
        );
        for tz in TZ_VARIANTS.into_iter().filter(|tz| canonical(*tz) != *tz) {
            let (Some(old), Some(present)) = (data.zone(tz), data.zone(canonical(tz))) else {
                panic!("{tz} or its present name is not in the data");
            };
            assert_eq!(old.offset_at(from), present.offset_at(from), "{tz}");
            assert!(
                old.transitions(from, to).eq(present.transitions(from, to)),
                "{tz}"
            );
        }
    }
}
