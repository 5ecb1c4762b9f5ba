//! The code that shows an embedded calendar on another website (interop B4).

use askama::Template;
use url::Url;

/// How wide a frame is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Width {
    /// As wide as what it stands in.
    Full,
    /// So many CSS pixels, and no more than there is room for.
    Pixels(u32),
}

/// A frame, and a link for who cannot see it.
#[derive(Debug, Clone, Template)]
#[template(path = "snippet.html")]
pub(super) struct Snippet<'a> {
    /// The embedded view.
    pub(super) src: &'a Url,
    /// The page it is of.
    pub(super) page: &'a Url,
    /// What people call the calendar.
    pub(super) title: &'a str,
    /// What people call the frame.
    pub(super) name: &'a str,
    /// How wide it is.
    pub(super) width: Width,
    /// How high it is, in CSS pixels.
    pub(super) height: u32,
}

impl Snippet<'_> {
    fn width(&self) -> String {
        match self.width {
            Width::Full => "100%".to_owned(),
            Width::Pixels(pixels) => pixels.to_string(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_code_is_a_named_lazy_frame_with_a_link_after_it_and_no_title_leaves_its_quotes() {
        let page = Url::parse("https://c.example/feeds/season").unwrap();
        let src = Url::parse("https://c.example/embed/season/month?lang=en&theme=dark").unwrap();
        let snippet = Snippet {
            src: &src,
            page: &page,
            title: "Fêtes & \"Soirées\" <b>",
            name: "Events of Fêtes & \"Soirées\" <b>",
            width: Width::Full,
            height: 600,
        };
        assert_eq!(
            snippet.render().unwrap(),
            "<iframe src=\"https://c.example/embed/season/month?lang=en&#38;theme=dark\" \
             title=\"Events of Fêtes &#38; &#34;Soirées&#34; &#60;b&#62;\" loading=\"lazy\" \
             referrerpolicy=\"strict-origin\" width=\"100%\" height=\"600\" style=\"border:0;max-width:100%\"></iframe>\n\
             <p><a href=\"https://c.example/feeds/season\">Fêtes &#38; &#34;Soirées&#34; &#60;b&#62;</a></p>"
        );
    }
}
