//! The bytes of a calendar: content lines, folds, characters (RFC 5545 §3.1, and rules S1 to S15 of the contract our
//! feeds keep). Written without a look at the writer.

use unicode_segmentation::GraphemeCursor;

/// Longest physical line in octets.
const LINE_MAX: usize = 75;

/// A rule that is broken, and where.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Breach {
    /// Its number in the contract, such as `S3`.
    pub(crate) rule: &'static str,
    /// What is wrong, with the text it is wrong in.
    pub(crate) what: String,
}

/// A content line: unfolded, its value as written.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Line {
    pub(crate) name: String,
    pub(crate) parameters: Vec<(String, String)>,
    pub(crate) value: String,
}

/// Fails with a [`Breach`] of `rule` unless `holds`.
pub(crate) fn require(
    holds: bool,
    rule: &'static str,
    what: impl std::fmt::Debug,
) -> Result<(), Breach> {
    let breach = || Breach {
        rule,
        what: format!("{what:?}"),
    };
    if holds { Ok(()) } else { Err(breach()) }
}

/// The content lines of `body`.
pub(crate) fn lines(body: &[u8]) -> Result<Vec<Line>, Breach> {
    require(body.starts_with(b"BEGIN:VCALENDAR\r\n"), "S2", head(body))?;
    require(body.ends_with(b"\r\nEND:VCALENDAR\r\n"), "S1", tail(body))?;
    unfolded(&physical(body)?)?
        .iter()
        .map(|line| parse(line))
        .collect()
}

/// The physical lines without their ends (S1, S3, S4).
fn physical(body: &[u8]) -> Result<Vec<&str>, Breach> {
    let mut found = Vec::new();
    let mut rest = &body[..body.len() - 2];
    loop {
        let end = rest.windows(2).position(|pair| pair == b"\r\n");
        let line = &rest[..end.unwrap_or(rest.len())];
        let shown = String::from_utf8_lossy(line);
        require(
            !line.contains(&b'\r') && !line.contains(&b'\n'),
            "S1",
            &shown,
        )?;
        require(line.len() <= LINE_MAX, "S3", (line.len(), &shown))?;
        let text = str::from_utf8(line);
        require(text.is_ok(), "S4", &shown)?;
        found.extend(text);
        match end {
            Some(end) => rest = &rest[end + 2..],
            None => return Ok(found),
        }
    }
}

/// The lines with their folds taken out, each of which lies between two clusters (S4) and beside no blank (S5).
fn unfolded(physical: &[&str]) -> Result<Vec<String>, Breach> {
    let mut found: Vec<(String, Vec<usize>)> = Vec::new();
    for line in physical {
        require(!line.is_empty() && !line.starts_with('\t'), "S3", line)?;
        match (line.strip_prefix(' '), found.last_mut()) {
            (None, _) => found.push(((*line).to_owned(), Vec::new())),
            (Some(_), None) => require(false, "S2", line)?,
            (Some(more), Some((text, folds))) => {
                let blank = text.ends_with([' ', '\t']) || more.starts_with([' ', '\t']);
                require(!blank && !more.is_empty(), "S5", (&text, more))?;
                folds.push(text.len());
                text.push_str(more);
            }
        }
    }
    let whole = |(text, folds): (String, Vec<usize>)| {
        for fold in folds {
            let between = GraphemeCursor::new(fold, text.len(), true).is_boundary(&text, 0);
            require(between == Ok(true), "S4", (fold, &text))?;
        }
        Ok(text)
    };
    found.into_iter().map(whole).collect()
}

/// Name, parameters and value of an unfolded line (S9 to S12, S15).
fn parse(line: &str) -> Result<Line, Breach> {
    require(line.chars().all(may_stand), "S10", line)?;
    require(is_balanced(line), "S11", line)?;
    let (head, value) = split(line, ':').unwrap_or((line, ""));
    require(!value.is_empty(), "S15", line)?;
    require(value.trim() == value, "S12", line)?;
    let (name, mut rest) = split(head, ';').map_or((head, None), |(name, rest)| (name, Some(rest)));
    require(is_name(name), "S12", line)?;
    let mut parameters = Vec::new();
    while let Some(text) = rest {
        let (one, more) = split(text, ';').map_or((text, None), |(one, more)| (one, Some(more)));
        let (key, raw) = one.split_once('=').unwrap_or((one, ""));
        require(is_name(key), "S12", line)?;
        let quoted = raw.strip_prefix('"').and_then(|raw| raw.strip_suffix('"'));
        let inner = quoted.unwrap_or(raw);
        let safe = !inner.contains('"') && (quoted.is_some() || !inner.contains([':', ';', ',']));
        require(safe && !inner.is_empty(), "S9", line)?;
        parameters.push((key.to_owned(), inner.to_owned()));
        rest = more;
    }
    Ok(Line {
        name: name.to_owned(),
        parameters,
        value: value.to_owned(),
    })
}

/// `text` before and after the first `at` outside of quotes.
fn split(text: &str, at: char) -> Option<(&str, &str)> {
    let mut quoted = false;
    let found = text.char_indices().find(|(_, c)| {
        quoted ^= *c == '"';
        *c == at && !quoted
    });
    found.map(|(index, _)| (&text[..index], &text[index + 1..]))
}

fn is_name(text: &str) -> bool {
    let fits = |c: char| c.is_ascii_uppercase() || c.is_ascii_digit() || c == '-';
    !text.is_empty() && text.chars().all(fits)
}

fn may_stand(c: char) -> bool {
    let noncharacter = matches!(c, '\u{fdd0}'..='\u{fdef}') || u32::from(c) & 0xfffe == 0xfffe;
    !(c.is_control() && c != '\t' || noncharacter || c == '\u{feff}')
}

/// Whether each direction mark is closed by its own sort, in the order they were opened.
fn is_balanced(text: &str) -> bool {
    let mut open = Vec::new();
    let closes = text.chars().all(|c| match c {
        '\u{202a}' | '\u{202b}' | '\u{202d}' | '\u{202e}' => {
            open.push('\u{202c}');
            true
        }
        '\u{2066}'..='\u{2068}' => {
            open.push('\u{2069}');
            true
        }
        '\u{202c}' | '\u{2069}' => open.pop() == Some(c),
        _ => true,
    });
    closes && open.is_empty()
}

fn head(body: &[u8]) -> String {
    String::from_utf8_lossy(&body[..body.len().min(60)]).into_owned()
}

fn tail(body: &[u8]) -> String {
    String::from_utf8_lossy(&body[body.len().saturating_sub(60)..]).into_owned()
}
