//! The page around a screen.

use askama::Template;

use crate::{
    view::{Body, Screen, Slot, words::Scheme},
    web::assets::{Asset, accent_path},
};

/// A screen as a page of its own.
#[derive(Template)]
#[template(path = "embed/page.html")]
pub(super) struct Embed {
    screen: Screen,
    sheets: Vec<String>,
}

impl Embed {
    pub(super) fn of(screen: Screen) -> Self {
        let mut sheets = vec![Asset::Embed.path().to_owned()];
        if matches!(screen.body, Body::Grid(_)) {
            sheets.push(Asset::EmbedGrid.path().to_owned());
        }
        sheets.extend(screen.options.accent.map(accent_path));
        Self { screen, sheets }
    }
}
