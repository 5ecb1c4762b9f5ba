//! The operator's colour, and text that can be read on it (WCAG 2.2, 1.4.3).

use std::{fmt, str::FromStr};

/// The least contrast of text (WCAG 2.2, 1.4.3).
pub const READABLE: f64 = 4.5;

/// How many steps there are from a colour to black or white.
const STEPS: u8 = 64;

/// A colour of the sRGB space. Prints as `rrggbb`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Colour([u8; 3]);

/// A text that is no colour.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct BadColour;

/// The names of CSS level 2 (CSS Color 4 §6.1).
const NAMES: [(&str, u32); 17] = [
    ("black", 0x00_00_00),
    ("silver", 0xc0_c0_c0),
    ("gray", 0x80_80_80),
    ("white", 0xff_ff_ff),
    ("maroon", 0x80_00_00),
    ("red", 0xff_00_00),
    ("purple", 0x80_00_80),
    ("fuchsia", 0xff_00_ff),
    ("green", 0x00_80_00),
    ("lime", 0x00_ff_00),
    ("olive", 0x80_80_00),
    ("yellow", 0xff_ff_00),
    ("navy", 0x00_00_80),
    ("blue", 0x00_00_ff),
    ("teal", 0x00_80_80),
    ("aqua", 0x00_ff_ff),
    ("orange", 0xff_a5_00),
];

impl FromStr for Colour {
    type Err = BadColour;

    /// `#1a2b3c`, `#abc`, either without its `#`, or one of the seventeen names of CSS 2.
    fn from_str(text: &str) -> Result<Self, BadColour> {
        let text = text.trim().to_ascii_lowercase();
        if let Some((_, rgb)) = NAMES.iter().find(|(name, _)| *name == text) {
            return Ok(Self::of(*rgb));
        }
        let digits = text.strip_prefix('#').unwrap_or(&text);
        let digits = match digits.len() {
            3 => digits.chars().flat_map(|digit| [digit, digit]).collect(),
            _ => digits.to_owned(),
        };
        let hex = digits.len() == 6 && digits.bytes().all(|digit| digit.is_ascii_hexdigit());
        let rgb = hex.then(|| u32::from_str_radix(&digits, 16).ok()).flatten();
        rgb.map(Self::of).ok_or(BadColour)
    }
}

impl Colour {
    /// White.
    pub const WHITE: Self = Self([0xff; 3]);
    /// Black.
    pub const BLACK: Self = Self([0; 3]);

    const fn of(rgb: u32) -> Self {
        let [_, red, green, blue] = rgb.to_be_bytes();
        Self([red, green, blue])
    }

    /// Relative luminance, 0 to 1 (WCAG 2.2, definitions).
    #[must_use]
    pub fn luminance(self) -> f64 {
        let [red, green, blue] = self.0.map(|part| {
            let part = f64::from(part) / 255.0;
            if part <= 0.040_45 {
                part / 12.92
            } else {
                ((part + 0.055) / 1.055).powf(2.4)
            }
        });
        0.2126 * red + 0.7152 * green + 0.0722 * blue
    }

    /// The contrast of the two, 1 to 21, whichever is text.
    #[must_use]
    pub fn contrast(self, other: Self) -> f64 {
        let (one, two) = (self.luminance(), other.luminance());
        (one.max(two) + 0.05) / (one.min(two) + 0.05)
    }

    /// Black or white, whichever is easier to read on it; at least 4.58 : 1.
    #[must_use]
    pub fn text_on(self) -> Self {
        if self.contrast(Self::WHITE) >= self.contrast(Self::BLACK) {
            Self::WHITE
        } else {
            Self::BLACK
        }
    }

    /// The colour nearest to it, towards black or white, that can be read on `ground`.
    #[must_use]
    pub fn readable_on(self, ground: Self) -> Self {
        let end = ground.text_on();
        (0..=STEPS)
            .map(|step| self.towards(end, step))
            .find(|colour| colour.contrast(ground) >= READABLE)
            .unwrap_or(end)
    }

    /// So many of [`STEPS`] on the way to `other`.
    fn towards(self, other: Self, step: u8) -> Self {
        let mut mixed = self.0;
        for (part, end) in mixed.iter_mut().zip(other.0) {
            let (from, to, step, steps) = (
                u32::from(*part),
                u32::from(end),
                u32::from(step),
                u32::from(STEPS),
            );
            let sum = from * (steps - step) + to * step;
            *part = u8::try_from((sum + steps / 2) / steps).unwrap_or(u8::MAX);
        }
        Self(mixed)
    }

    /// The style sheet that gives a page this accent: the colour itself, text on it, and the colour as text on light and on
    /// dark grounds.
    #[must_use]
    pub fn sheet(self) -> String {
        format!(
            ".cal{{--cal-accent:#{self};--cal-on-accent:#{};--cal-accent-text-light:#{};--cal-accent-text-dark:#{}}}\n",
            self.text_on(),
            self.readable_on(LIGHT_GROUND),
            self.readable_on(DARK_GROUND),
        )
    }
}

/// The darkest ground of the light themes that text in the accent stands on: what can be read here, can be read on white.
pub const LIGHT_GROUND: Colour = Colour([0xed, 0xea, 0xe4]);
/// The lightest ground of the dark themes that text in the accent stands on.
pub const DARK_GROUND: Colour = Colour([0x2c, 0x2c, 0x32]);

impl fmt::Display for Colour {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let [red, green, blue] = self.0;
        write!(f, "{red:02x}{green:02x}{blue:02x}")
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn a_colour_is_written_in_one_of_four_ways() {
        for (text, want) in [
            ("#1A2b3C", Some("1a2b3c")),
            ("1a2b3c", Some("1a2b3c")),
            ("#abc", Some("aabbcc")),
            ("abc", Some("aabbcc")),
            (" Teal ", Some("008080")),
            ("", None),
            ("#", None),
            ("#12345", None),
            ("+12345", None),
            ("ééé", None),
            ("red;}body{display:none", None),
            ("</style>", None),
            ("url(x)", None),
        ] {
            let got = text.parse::<Colour>().ok().map(|colour| colour.to_string());
            assert_eq!(got.as_deref(), want, "{text:?}");
        }
    }

    #[test]
    fn contrast_is_that_of_the_guidelines() {
        let colour = |text: &str| text.parse::<Colour>().unwrap();
        for (one, two, want) in [
            ("000", "fff", 21.0),
            ("777", "fff", 4.478),
            ("f00", "fff", 3.998),
            ("00f", "000", 2.444),
        ] {
            let got = colour(one).contrast(colour(two));
            assert!((got - want).abs() < 0.001, "{one} {two} {got}");
        }
    }

    #[test]
    fn a_colour_that_can_be_read_stays_as_it_is() {
        let navy: Colour = "navy".parse().unwrap();
        assert_eq!(navy.readable_on(Colour::WHITE), navy);
        assert_ne!(navy.readable_on(DARK_GROUND), navy);
    }

    proptest! {
        #[test]
        fn text_can_be_read_on_any_colour_and_any_colour_as_text(rgb in 0u32..0x0100_0000, ground in 0u32..0x0100_0000) {
            let (colour, ground) = (Colour::of(rgb), Colour::of(ground));
            prop_assert!(colour.contrast(colour.text_on()) >= READABLE);
            prop_assert!(colour.readable_on(ground).contrast(ground) >= READABLE);
            prop_assert_eq!(colour.to_string().parse(), Ok(colour));
            prop_assert!(colour.readable_on(LIGHT_GROUND).contrast(Colour::WHITE) >= READABLE);
            prop_assert!(colour.readable_on(DARK_GROUND).contrast(Colour::BLACK) >= READABLE);
        }
    }
}
