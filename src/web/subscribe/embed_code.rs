//! What a website's owner chooses of an embedded calendar, the code for it, and a preview.

use askama::Template as _;
use axum::http::Uri;
use url::form_urlencoded;

use crate::web::{
    address::{Addresses, Form},
    error::WebError,
    snippet::{Snippet, Width},
};

/// The heights a frame may be given, in CSS pixels (interop B5).
const HEIGHTS: std::ops::RangeInclusive<u32> = 200..=4000;

const HEIGHT: u32 = 600;

/// The views as addresses have them, and for people.
const VIEWS: [(&str, &str); 6] = [
    ("month", "Month"),
    ("week", "Week"),
    ("day", "Day"),
    ("agenda", "Agenda"),
    ("list", "List of the next events"),
    ("next", "The next event"),
];

/// The first is what a view has unless its address says otherwise.
const THEMES: [(&str, &str); 5] = [
    ("auto", "As the reader’s device"),
    ("light", "Light"),
    ("dark", "Dark"),
    ("contrast", "High contrast"),
    ("stage", "Stage"),
];

/// The code, and what it was made of.
pub(super) struct EmbedCode {
    pub(super) views: Vec<Choice>,
    pub(super) themes: Vec<Choice>,
    pub(super) height: u32,
    /// The path of the view.
    pub(super) preview: String,
    pub(super) frame: String,
    pub(super) component: String,
}

/// One of several.
pub(super) struct Choice {
    pub(super) value: &'static str,
    pub(super) label: &'static str,
    pub(super) chosen: bool,
}

impl EmbedCode {
    /// The code that `uri` asks for; what cannot be understood of it falls back.
    pub(super) fn read(
        uri: &Uri,
        addresses: &Addresses<'_>,
        title: &str,
    ) -> Result<Self, WebError> {
        let (mut view, mut theme, mut height) = (VIEWS[0].0, THEMES[0].0, HEIGHT);
        let query = uri.query().unwrap_or_default();
        for (name, value) in form_urlencoded::parse(query.as_bytes()) {
            match &*name {
                "view" => view = known(&VIEWS, &value).unwrap_or(view),
                "theme" => theme = known(&THEMES, &value).unwrap_or(theme),
                "height" => height = value.parse().unwrap_or(height),
                _ => {}
            }
        }
        let height = height.clamp(*HEIGHTS.start(), *HEIGHTS.end());
        let mut preview = addresses.embed(view);
        if theme != THEMES[0].0 {
            preview = format!("{preview}?theme={theme}");
        }
        let (src, page) = (
            addresses.absolute(&preview),
            addresses.absolute(&addresses.path(Form::Page, None)),
        );
        let frame = Snippet {
            src: &src,
            page: &page,
            title,
            width: Width::Full,
            height,
        };
        let script = addresses.absolute("/assets/calendar-bridge.js");
        let component = format!(
            "<script type=\"module\" src=\"{script}\"></script>\n\
             <calendar-bridge src=\"{page}\" view=\"{view}\" theme=\"{theme}\"></calendar-bridge>"
        );
        Ok(Self {
            views: choices(&VIEWS, view),
            themes: choices(&THEMES, theme),
            height,
            frame: frame.render().or(Err(WebError::Page))?,
            component,
            preview,
        })
    }
}

fn known(all: &[(&'static str, &'static str)], value: &str) -> Option<&'static str> {
    all.iter().map(|(one, _)| *one).find(|one| *one == value)
}

fn choices(all: &[(&'static str, &'static str)], chosen: &str) -> Vec<Choice> {
    let choice = |&(value, label)| Choice {
        value,
        label,
        chosen: value == chosen,
    };
    all.iter().map(choice).collect()
}
