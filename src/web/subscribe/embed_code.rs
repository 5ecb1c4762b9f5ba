//! What a website's owner chooses of an embedded calendar, the code for it, and a preview.

use askama::Template;
use axum::http::Uri;
use url::{Url, form_urlencoded};

use crate::{
    locale::{Pages, texts::Texts},
    view::{EmbedOptions, View, options::Read},
    web::{
        address::{Addresses, Form},
        error::WebError,
        snippet::{Snippet, Width},
        speech::Speech,
    },
};

/// The heights a frame may be given, in CSS pixels (interop B5).
const HEIGHTS: std::ops::RangeInclusive<u32> = 200..=4000;

const HEIGHT: u32 = 600;

/// The options that are written rather than chosen, each with an example.
const WRITTEN: [(&str, &str); 14] = [
    ("tz", "Europe/Berlin"),
    ("accent", "2f4a6d"),
    ("title", "none"),
    ("controls", "nav,views,subscribe"),
    ("views", "month,week,agenda"),
    ("groups", ""),
    ("q", ""),
    ("past", "7d"),
    ("next", "6w"),
    ("limit", "10"),
    ("week_start", "mon"),
    ("hours", "8-20"),
    ("details", "none, short, full"),
    ("density", "comfortable, compact"),
];

/// The code, and what it was made of.
pub(super) struct EmbedCode {
    pub(super) views: Vec<Choice>,
    pub(super) themes: Vec<Choice>,
    pub(super) height: u32,
    pub(super) written: Vec<Written>,
    /// Whether anything of that is chosen, and is to be seen at once.
    pub(super) open: bool,
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

/// An option that is written, by the name it has in addresses, in the code and in the documentation.
pub(super) struct Written {
    pub(super) key: &'static str,
    pub(super) example: &'static str,
    pub(super) value: String,
}

/// The code of the component.
#[derive(Template)]
#[template(path = "component.html")]
struct Component<'a> {
    script: &'a Url,
    page: &'a Url,
    view: &'static str,
    attributes: &'a [(String, String)],
}

impl EmbedCode {
    /// The code that `uri` asks for; what cannot be understood of it falls back.
    pub(super) fn read(
        uri: &Uri,
        addresses: &Addresses<'_>,
        title: &str,
        speech: Speech,
    ) -> Result<Self, WebError> {
        let query = uri.query().unwrap_or_default();
        let (mut view, mut height) = (View::Month, HEIGHT);
        for (name, value) in form_urlencoded::parse(query.as_bytes()) {
            match &*name {
                "view" => view = View::of_word(&value).unwrap_or(view),
                "height" => height = value.parse().unwrap_or(height),
                _ => {}
            }
        }
        let height = height.clamp(*HEIGHTS.start(), *HEIGHTS.end());
        let options = Read::of(query).options;
        let preview = addresses.embed(view.word()) + &options.query();
        let attributes = attributes(&options);
        let value = |key: &str| {
            let mut attributes = attributes.iter();
            attributes
                .find(|(name, _)| name.replace('-', "_") == key)
                .map_or(String::new(), |(_, value)| value.clone())
        };
        let written = WRITTEN.map(|(key, example)| Written {
            key,
            example,
            value: value(key),
        });
        let (src, page, script) = (
            addresses.absolute(&preview),
            addresses.absolute(&addresses.path(Form::Page, None)),
            addresses.absolute("/assets/calendar-bridge.js"),
        );
        let frame = Snippet {
            src: &src,
            page: &page,
            title,
            name: &(speech.pages().events_of)(title),
            width: Width::Full,
            height,
        };
        let component = Component {
            script: &script,
            page: &page,
            view: view.word(),
            attributes: &attributes,
        };
        Ok(Self {
            views: views(speech.texts(), view),
            themes: themes(speech.pages(), &value("theme")),
            height,
            open: written.iter().any(|one| !one.value.is_empty()),
            written: written.into(),
            frame: frame.render().or(Err(WebError::Page))?,
            component: component.render().or(Err(WebError::Page))?,
            preview,
        })
    }
}

/// The options as attributes of the component: each name once, with dashes as HTML has them.
fn attributes(options: &EmbedOptions) -> Vec<(String, String)> {
    let mut attributes: Vec<(String, String)> = Vec::new();
    for (key, value) in options.pairs() {
        let key = key.replace('_', "-");
        match attributes.last_mut() {
            Some((last, values)) if *last == key => {
                values.push(',');
                values.push_str(&value);
            }
            _ => attributes.push((key, value)),
        }
    }
    attributes
}

fn views(texts: &Texts, chosen: View) -> Vec<Choice> {
    let choice = |view: &View| Choice {
        value: view.word(),
        label: view.name(texts),
        chosen: *view == chosen,
    };
    View::ALL.iter().map(choice).collect()
}

/// The first is what a view has unless its address says otherwise.
fn themes(pages: &Pages, chosen: &str) -> Vec<Choice> {
    let themes = [
        ("auto", pages.theme_auto),
        ("light", pages.theme_light),
        ("dark", pages.theme_dark),
        ("contrast", pages.theme_contrast),
        ("stage", pages.theme_stage),
    ];
    let choice = |(value, label)| Choice {
        value,
        label,
        chosen: value == chosen,
    };
    themes.map(choice).into()
}
