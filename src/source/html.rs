//! HTML from upstreams as readable plain text (interop P2).

use std::cell::RefCell;

use html5ever::{
    tendril::StrTendril,
    tokenizer::{BufferQueue, Tag, TagKind, Token, TokenSink, TokenSinkResult, Tokenizer},
};

/// How much of an overlong text is read: far more than is shown, far less than hurts.
const READ_MAX: usize = 128 * 1024;

/// Reduces HTML to text: paragraphs and list items become lines, links show where they lead, nothing else is left.
///
/// Text without any tag or entity comes out as it went in.
pub(super) fn to_text(html: &str) -> String {
    let html = &html[..html.floor_char_boundary(READ_MAX)];
    if !html.contains(['<', '&']) {
        return html.to_owned();
    }
    let input = BufferQueue::default();
    input.push_back(StrTendril::from_slice(html));
    let tokenizer = Tokenizer::new(
        Reader::default(),
        html5ever::tokenizer::TokenizerOpts::default(),
    );
    let _ = tokenizer.feed(&input);
    tokenizer.end();
    tokenizer.sink.state.into_inner().text.trim().to_owned()
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

impl TokenSink for Reader {
    type Handle = ();

    fn process_token(&self, token: Token, _line: u64) -> TokenSinkResult<()> {
        let mut state = self.state.borrow_mut();
        match token {
            Token::CharacterTokens(text) if state.hidden.is_none() => state.push(&text),
            Token::TagToken(tag) => state.tag(&tag),
            _ => {}
        }
        TokenSinkResult::Continue
    }
}

impl State {
    fn tag(&mut self, tag: &Tag) {
        let name = &*tag.name;
        if let Some(hidden) = &self.hidden {
            if tag.kind == TagKind::EndTag && hidden == name {
                self.hidden = None;
            }
            return;
        }
        let opens = tag.kind == TagKind::StartTag;
        match name {
            "script" | "style" | "template" | "head" | "title" | "noscript" | "iframe"
            | "object"
                if opens && !tag.self_closing =>
            {
                self.hidden = Some(name.to_owned());
            }
            "br" => self.text.push('\n'),
            "li" if opens => {
                self.line();
                self.text.push_str("• ");
            }
            "a" if opens => {
                let href = tag
                    .attrs
                    .iter()
                    .find(|attribute| &*attribute.name.local == "href");
                self.link = href.map(|href| (href.value.trim().to_owned(), self.text.len()));
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

    /// Adds text as HTML shows it: any run of white space is one blank.
    fn push(&mut self, text: &str) {
        for c in text.chars() {
            if !c.is_whitespace() || c == '\u{a0}' {
                self.text.push(c);
            } else if !self.text.ends_with([' ', '\n']) && !self.text.is_empty() {
                self.text.push(' ');
            }
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

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn html_becomes_what_a_reader_would_see() {
        for (html, want) in [
            ("plain, with 5 > 3", "plain, with 5 > 3"),
            ("<p>One</p><p>Two</p>", "One\n\nTwo"),
            (
                "<ul><li>Bach</li><li>Berio</li></ul>after",
                "• Bach\n• Berio\nafter",
            ),
            ("a<br>b<br/>c", "a\nb\nc"),
            (
                "Tom &amp; Jerry &lt;live&gt; &eacute;&#8364;",
                "Tom & Jerry <live> é€",
            ),
            (
                "see <a href=\"https://x.example/a\">the page</a>.",
                "see the page (https://x.example/a).",
            ),
            (
                "<a href='https://x.example'>https://x.example</a>",
                "https://x.example",
            ),
            ("<a href='javascript:alert(1)'>click</a>", "click"),
            (
                "<a href='mailto:box@x.example'>write</a>",
                "write (box@x.example)",
            ),
            ("<script>alert(1)</script>x<style>p{}</style>y", "xy"),
            ("<b>bold</b> and   <i>thin</i>\n text", "bold and thin text"),
            (
                "<table><tr><td>a</td><td>b</td></tr><tr><td>c</td></tr></table>",
                "a b\nc",
            ),
            ("<p>unclosed <b>tags", "unclosed tags"),
            ("<script>never closed", ""),
            ("1 < 2 & 3", "1 < 2 & 3"),
        ] {
            assert_eq!(to_text(html), want, "{html}");
        }
    }

    proptest! {
        #[test]
        fn no_html_panics(html in "(<[a-z/]{0,8}[ a-z=\"':]{0,12}>?|&[a-z#0-9]{0,6};?|[a-zé \\n]{0,5}){0,20}") {
            let _ = to_text(&html);
        }
    }
}
