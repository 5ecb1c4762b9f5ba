//! Lengths of time for people.

use std::{fmt, time::Duration};

/// The units, largest first, with their seconds.
const UNITS: [(char, u64); 4] = [('d', 86_400), ('h', 3_600), ('m', 60), ('s', 1)];

/// Prints a length of time as configurations write it, in its two largest units: `10m`, `1h 30m`, `3d`. Rounded down.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Lapse(pub Duration);

impl fmt::Display for Lapse {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let seconds = self.0.as_secs();
        let largest = UNITS.iter().position(|(_, unit)| seconds >= *unit);
        let Some(largest) = largest else {
            return f.write_str("0s");
        };
        let (unit, size) = UNITS[largest];
        write!(f, "{}{unit}", seconds / size)?;
        match UNITS.get(largest + 1) {
            Some((unit, next)) if seconds % size >= *next => {
                write!(f, " {}{unit}", seconds % size / next)
            }
            _ => Ok(()),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_length_of_time_prints_in_its_two_largest_units() {
        for (seconds, want) in [
            (0, "0s"),
            (1, "1s"),
            (59, "59s"),
            (60, "1m"),
            (90, "1m 30s"),
            (600, "10m"),
            (3_600, "1h"),
            (3_659, "1h"),
            (5_400, "1h 30m"),
            (86_400, "1d"),
            (90_000, "1d 1h"),
            (90_060, "1d 1h"),
            (2_592_000, "30d"),
        ] {
            let printed = Lapse(Duration::from_secs(seconds)).to_string();
            assert_eq!(printed, want, "{seconds} s");
        }
    }
}
