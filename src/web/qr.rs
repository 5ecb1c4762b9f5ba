//! An address as a QR code, for the phone of who reads a page elsewhere.

use std::fmt::Write as _;

use qrcodegen::{QrCode, QrCodeEcc};

use crate::links::encoded;

/// The blank modules around a code that readers need (ISO/IEC 18004 §6.3.8).
const QUIET: i32 = 4;

/// `text` as a picture in a `data:` address; nothing if it is too long for a code.
///
/// Black on white in every colour scheme: many readers do not take the reverse.
pub(super) fn picture(text: &str) -> Option<String> {
    let code = QrCode::encode_text(text, QrCodeEcc::Medium).ok()?;
    let mut dark = String::new();
    for y in 0..code.size() {
        for x in (0..code.size()).filter(|x| code.get_module(*x, y)) {
            let _ = write!(dark, "M{} {}h1v1h-1z", x + QUIET, y + QUIET);
        }
    }
    let side = code.size() + 2 * QUIET;
    let svg = format!(
        "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 {side} {side}\" shape-rendering=\"crispEdges\">\
         <path fill=\"#fff\" d=\"M0 0h{side}v{side}H0z\"/><path d=\"{dark}\"/></svg>"
    );
    Some(format!("data:image/svg+xml,{}", encoded(&svg)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_is_a_picture_and_what_is_too_long_is_none() {
        let picture = picture("https://calendars.example/feeds/season").unwrap();
        assert!(
            picture.starts_with("data:image/svg+xml,%3Csvg"),
            "{picture}"
        );
        assert!(!picture.contains(['<', '"', ' ']), "{picture}");
        assert_eq!(super::picture(&"x".repeat(4_000)), None);
    }
}
