//! What is around a screen: a page of its own, or nothing.

use askama::Template;
use url::Url;

use crate::{
    view::{
        Body, Screen, Slot,
        words::{Control, Scheme},
    },
    web::assets::{Asset, accent_path},
};

/// The elements that depend on what is around a screen.
struct Parts {
    whole: &'static str,
    title: &'static str,
    main: &'static str,
}

/// A screen as a page of its own.
#[derive(Template)]
#[template(path = "embed/page.html")]
pub(super) struct Embed {
    screen: Screen,
    sheets: Vec<String>,
    parts: Parts,
}

/// A screen as a part of another website's page.
#[derive(Template)]
#[template(path = "embed/fragment.html")]
pub(super) struct Fragment {
    screen: Screen,
    sheets: Vec<Url>,
    parts: Parts,
}

impl Embed {
    pub(super) fn of(screen: Screen) -> Self {
        Self {
            sheets: sheets(&screen, Asset::path),
            screen,
            parts: Parts {
                whole: "div",
                title: "h1",
                main: "main",
            },
        }
    }
}

impl Fragment {
    /// `screen` of a server that readers know as `public`. The page around it has its main part and its heading; a section of
    /// it has no landmarks.
    pub(super) fn of(screen: Screen, public: &Url) -> Self {
        // Without the hash: a site that was made last year still finds its style.
        let sheets = sheets(&screen, Asset::plain_path).into_iter();
        let absolute = |path: String| {
            let mut url = public.clone();
            url.set_path(&path);
            url
        };
        Self {
            sheets: sheets.map(absolute).collect(),
            screen,
            parts: Parts {
                whole: "section",
                title: "h2",
                main: "div",
            },
        }
    }
}

/// The style sheets that `screen` needs.
fn sheets<P: Into<String>>(screen: &Screen, path: impl Fn(Asset) -> P) -> Vec<String> {
    let mut sheets = vec![path(Asset::Embed).into()];
    if matches!(screen.body, Body::Grid(_)) {
        sheets.push(path(Asset::EmbedGrid).into());
    }
    sheets.extend(screen.options.accent.map(accent_path));
    sheets
}
