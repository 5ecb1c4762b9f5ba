//! HTML from upstreams as readable plain text (interop P2).

use std::cell::RefCell;

use html5ever::{
    tendril::StrTendril,
    tokenizer::{BufferQueue, Tag, TagKind, Token, TokenSink, TokenSinkResult, Tokenizer},
};
use memchr::memchr2;

/// How much of an overlong text is read: far more than is shown, far less than hurts.
const READ_MAX: usize = 128 * 1024;

/// The entities that editors write.
const ENTITIES: [(&str, &str); 6] = [
    ("&amp;", "&"),
    ("&nbsp;", "\u{a0}"),
    ("&lt;", "<"),
    ("&gt;", ">"),
    ("&quot;", "\""),
    ("&#39;", "'"),
];

/// Reduces HTML to text: paragraphs and list items become lines, links show where they lead, nothing else is left.
///
/// Text without any tag or entity comes out as it went in.
pub(super) fn to_text(html: &str) -> String {
    let html = &html[..html.floor_char_boundary(READ_MAX)];
    if memchr2(b'<', b'&', html.as_bytes()).is_none() {
        return html.to_owned();
    }
    let mut text = bare(html).unwrap_or_else(|| parsed(html)).text;
    text.truncate(text.trim_end().len());
    if text.starts_with(char::is_whitespace) {
        text = text.trim_start().to_owned();
    }
    text
}

/// Reads what nearly all descriptions are made of, tags without attributes and the usual entities, in a fraction of the
/// time a parser takes; `None` for any other HTML.
fn bare(html: &str) -> Option<State> {
    // The parser drops both.
    if html.starts_with('\u{feff}') || html.contains('\0') {
        return None;
    }
    let mut state = State {
        text: String::with_capacity(html.len()),
        ..State::default()
    };
    let mut rest = html;
    while let Some(at) = memchr2(b'<', b'&', rest.as_bytes()) {
        state.push(&rest[..at]);
        let mark = &rest[at..];
        rest = if let Some((mark, rest)) = bare_tag(mark) {
            state.mark(mark);
            rest
        } else {
            let (text, rest) = entity(mark)?;
            state.push(text);
            rest
        };
    }
    state.push(rest);
    Some(state)
}

/// The tag without attributes that `text` begins with, and what follows it.
fn bare_tag(text: &str) -> Option<(Mark<'_>, &str)> {
    let (tag, rest) = text.strip_prefix('<')?.split_once('>')?;
    let (name, shape) = match (tag.strip_prefix('/'), tag.strip_suffix('/')) {
        (Some(name), _) => (name, Shape::End),
        (None, Some(name)) => (name.trim_end_matches(' '), Shape::Empty),
        (None, None) => (tag, Shape::Start),
    };
    let is_name = name.starts_with(|c: char| c.is_ascii_lowercase())
        && name
            .bytes()
            .all(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit());
    let mark = Mark {
        name,
        shape,
        href: None,
    };
    is_name.then_some((mark, rest))
}

/// What the `&` that `text` begins with stands for, with the entity it begins, and what follows it; for itself where no
/// entity can begin.
fn entity(text: &str) -> Option<(&'static str, &str)> {
    let rest = text.strip_prefix('&')?;
    if !rest.starts_with(|c: char| c.is_ascii_alphanumeric() || c == '#') {
        return Some(("&", rest));
    }
    let mut known = ENTITIES.iter();
    known.find_map(|(entity, shown)| Some((*shown, text.strip_prefix(entity)?)))
}

/// Reads any HTML.
fn parsed(html: &str) -> State {
    let input = BufferQueue::default();
    input.push_back(StrTendril::from_slice(html));
    let tokenizer = Tokenizer::new(
        Reader::default(),
        html5ever::tokenizer::TokenizerOpts::default(),
    );
    let _ = tokenizer.feed(&input);
    tokenizer.end();
    tokenizer.sink.state.into_inner()
}

/// Collects text as the tokenizer finds it.
#[derive(Default)]
struct Reader {
    state: RefCell<State>,
}

#[derive(Default)]
struct State {
    text: String,
    /// Element whose content is not for readers, until its end tag.
    hidden: Option<String>,
    /// Where the open link leads, and where its text begins.
    link: Option<(String, usize)>,
}

/// A tag, as far as it decides how text is laid out.
struct Mark<'a> {
    name: &'a str,
    shape: Shape,
    /// Where it leads, if it says so.
    href: Option<&'a str>,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Shape {
    Start,
    /// A start that is its own end.
    Empty,
    End,
}

impl TokenSink for Reader {
    type Handle = ();

    fn process_token(&self, token: Token, _line: u64) -> TokenSinkResult<()> {
        let mut state = self.state.borrow_mut();
        match token {
            Token::CharacterTokens(text) => state.push(&text),
            Token::TagToken(tag) => state.mark(Mark::of(&tag)),
            _ => {}
        }
        TokenSinkResult::Continue
    }
}

impl<'a> Mark<'a> {
    fn of(tag: &'a Tag) -> Self {
        let mut attributes = tag.attrs.iter();
        let href = attributes.find(|attribute| &*attribute.name.local == "href");
        Self {
            name: &tag.name,
            shape: match (tag.kind, tag.self_closing) {
                (TagKind::EndTag, _) => Shape::End,
                (TagKind::StartTag, true) => Shape::Empty,
                (TagKind::StartTag, false) => Shape::Start,
            },
            href: href.map(|href| &*href.value),
        }
    }
}

impl State {
    fn mark(&mut self, Mark { name, shape, href }: Mark<'_>) {
        if let Some(hidden) = &self.hidden {
            if shape == Shape::End && hidden == name {
                self.hidden = None;
            }
            return;
        }
        let opens = shape != Shape::End;
        match name {
            "script" | "style" | "template" | "head" | "title" | "noscript" | "iframe"
            | "object"
                if shape == Shape::Start =>
            {
                self.hidden = Some(name.to_owned());
            }
            "br" => self.text.push('\n'),
            "li" if opens => {
                self.line();
                self.text.push_str("• ");
            }
            "a" if opens => {
                self.link = href.map(|href| (href.trim().to_owned(), self.text.len()));
            }
            "a" => self.end_link(),
            "p" | "h1" | "h2" | "h3" | "h4" | "h5" | "h6" | "table" | "blockquote" | "pre"
            | "hr" => self.paragraph(),
            "div" | "ul" | "ol" | "dl" | "dt" | "dd" | "tr" | "section" | "article" | "li" => {
                self.line();
            }
            "td" | "th" if opens && !self.text.ends_with('\n') => self.push(" "),
            _ => {}
        }
    }

    /// Adds text as HTML shows it, if it is for readers: any run of white space is one blank.
    fn push(&mut self, text: &str) {
        if self.hidden.is_some() {
            return;
        }
        if is_spaced(text) {
            let begun = !self.text.is_empty() && !self.text.ends_with([' ', '\n']);
            let shown = if begun { text } else { text.trim_start() };
            self.text.push_str(shown);
            return;
        }
        let blank = |c: char| c.is_whitespace() && c != '\u{a0}';
        for (index, word) in text.split(blank).enumerate() {
            if index > 0 && !self.text.ends_with([' ', '\n']) && !self.text.is_empty() {
                self.text.push(' ');
            }
            self.text.push_str(word);
        }
    }

    fn line(&mut self) {
        self.text.truncate(self.text.trim_end_matches(' ').len());
        if !self.text.is_empty() && !self.text.ends_with('\n') {
            self.text.push('\n');
        }
    }

    fn paragraph(&mut self) {
        self.line();
        if !self.text.is_empty() && !self.text.ends_with("\n\n") {
            self.text.push('\n');
        }
    }

    /// Shows where a link leads unless its text says so; only addresses that are safe to follow (interop B3).
    fn end_link(&mut self) {
        let Some((href, start)) = self.link.take() else {
            return;
        };
        let lower = href.to_ascii_lowercase();
        let safe = ["https://", "http://", "mailto:", "tel:"]
            .iter()
            .any(|scheme| lower.starts_with(scheme));
        let shown = self.text.get(start..).unwrap_or_default();
        let bare = lower
            .trim_start_matches("mailto:")
            .trim_start_matches("tel:");
        if safe && !shown.to_lowercase().contains(bare) {
            let blank = if shown.trim().is_empty() { "" } else { " " };
            let target = if bare.len() == lower.len() {
                &*href
            } else {
                &href[href.len() - bare.len()..]
            };
            let link = if blank.is_empty() {
                target.to_owned()
            } else {
                format!(" ({target})")
            };
            self.text.push_str(&link);
        }
    }
}

/// Whether `text` is spaced as it is shown, as most is: words of ASCII with one blank between them.
fn is_spaced(text: &str) -> bool {
    let mut before = None;
    text.bytes().all(|byte| {
        let doubled = before.replace(byte) == Some(b' ') && byte == b' ';
        matches!(byte, b' '..=b'~') && !doubled
    })
}

#[cfg(test)]
mod tests;
