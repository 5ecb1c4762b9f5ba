//! What must not stand in texts that people write (design §2, promise 6).

use std::borrow::Cow;

/// `text` with an ellipsis for every mail address in it: reminders that a CRM writes by itself often name one.
pub(super) fn without_addresses(text: &str) -> Cow<'_, str> {
    if !text.contains('@') {
        return Cow::Borrowed(text);
    }
    let mut shown = String::with_capacity(text.len());
    let mut rest = text;
    while let Some((start, end)) = address(rest) {
        shown.push_str(&rest[..start]);
        shown.push('…');
        rest = &rest[end..];
    }
    shown.push_str(rest);
    Cow::Owned(shown)
}

/// Where the first mail address in `text` begins and ends: a name, `@`, and a domain with a dot in it.
fn address(text: &str) -> Option<(usize, usize)> {
    let part = |c: char| c.is_alphanumeric() || "._%+-".contains(c);
    text.match_indices('@').find_map(|(at, _)| {
        let name = text[..at].trim_end_matches(part);
        let after = &text[at + 1..];
        let domain = &after[..after.find(|c| !part(c)).unwrap_or(after.len())];
        let domain = domain.trim_end_matches(|c: char| !c.is_alphanumeric());
        let found = name.len() < at && domain.contains('.');
        found.then_some((name.len(), at + 1 + domain.len()))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn mail_addresses_and_nothing_else_are_taken_out() {
        for (text, want) in [
            ("Call back", "Call back"),
            ("Reply to ada@mail.example.", "Reply to …."),
            ("ada.b+c@mail.example, bob@x.example", "…, …"),
            ("<mailto:ada@mail.example>", "<mailto:…>"),
            ("ädä@müller.example ok", "… ok"),
            ("Lunch @ noon", "Lunch @ noon"),
            ("Drinks@home", "Drinks@home"),
            ("@ada has 3@5. Sure", "@ada has 3@5. Sure"),
            ("a@b@c.example", "a@…"),
            ("@", "@"),
        ] {
            assert_eq!(without_addresses(text), want, "{text}");
        }
    }

    proptest::proptest! {
        #[test]
        fn no_text_panics_or_keeps_an_address(text in "[a-c@. é…-]{0,30}") {
            let shown = without_addresses(&text);
            proptest::prop_assert_eq!(address(&shown), None);
        }
    }
}
