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

#[test]
fn a_parser_is_asked_only_where_bare_tags_do_not_say_it_all() {
    for (html, want) in [
        ("<p>One</p><ul><li>Two &amp; three</li></ul>", true),
        ("a<br/>b<br />c", true),
        ("<script>x</script>y", true),
        ("<p class='x'>One</p>", false),
        ("<P>One</P>", false),
        ("<p>One</p/>", false),
        ("strings & winds", true),
        ("a&<p>b</p>&;", true),
        ("AT&T", false),
        ("1 < 2", false),
        ("<!-- x -->y", false),
        ("<p", false),
        ("\u{feff}<p>One", false),
        ("<p>a\0b</p>", false),
    ] {
        assert_eq!(bare(html).is_some(), want, "{html:?}");
    }
}

proptest! {
    #[test]
    fn what_needs_no_parser_is_read_as_the_parser_reads_it(
        html in "(<[/]?(p|br|li|ul|td|tr|a|b|h1|script|title|div|x)( ?/)?>|&(amp|nbsp|lt|gt|quot|#39);|[ \r\n\tab\u{a0}\u{85}\u{2003}é&<>;/\u{feff}\0]{0,4}){0,12}"
    ) {
        if let Some(read) = bare(&html) {
            prop_assert_eq!(read.text, parsed(&html).text);
        }
    }

    #[test]
    fn any_run_of_white_space_is_one_blank(
        parts in proptest::collection::vec("[a-c \t\n\u{2003}é]{0,6}", 0..6)
    ) {
        let words: Vec<_> = parts.concat().split_whitespace().map(str::to_owned).collect();
        let html = format!("<i>{}", parts.join("<b>"));
        prop_assert_eq!(to_text(&html), words.join(" "), "{}", html);
    }

    #[test]
    fn no_html_panics(html in "(<[a-z/]{0,8}[ a-z=\"':]{0,12}>?|&[a-z#0-9]{0,6};?|[a-zé \\n]{0,5}){0,20}") {
        let _ = to_text(&html);
    }
}
