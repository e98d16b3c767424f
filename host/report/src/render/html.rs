//! The document as one page.

use std::fmt::Write as _;

use askama::Template;
use autods_board::EventId;
use sha2::{Digest, Sha256};

use crate::{
    ReportError,
    document::{Address, Align, Block, Document, Figure, Inline, Line, Look, Row, Table, Voice},
    render::events::runs,
    svg::{Drawing, escape},
};

/// Style of figures; also carried by figures that are files of their own.
const FIGURE_STYLE: &str = include_str!("../../templates/figure.css");
/// Style of the page.
const PAGE_STYLE: &str = include_str!("../../templates/page.css");
/// Tables with more rows than this scroll within themselves on a screen.
const LONG_TABLE: usize = 40;

#[derive(Template)]
#[template(path = "report.html")]
struct Page<'a> {
    document: &'a Document,
    title: String,
    style: String,
    policy: String,
}

/// The whole page.
pub(crate) fn html(document: &Document) -> Result<String, ReportError> {
    let style = format!("\n{PAGE_STYLE}\n{FIGURE_STYLE}");
    let policy = format!(
        "default-src 'none'; style-src 'sha256-{}'; base-uri 'none'; form-action 'none'",
        base64(&Sha256::digest(style.as_bytes()))
    );
    Page {
        document,
        title: plain(&document.title),
        style,
        policy,
    }
    .render()
    .map_err(|source| ReportError::Template {
        what: "HTML",
        source,
    })
}

/// A figure as a file of its own.
pub(crate) fn standalone(drawing: &Drawing) -> String {
    drawing.standalone(FIGURE_STYLE)
}

fn plain(line: &Line) -> String {
    line.0
        .iter()
        .map(|inline| match inline {
            Inline::Text(text) | Inline::Strong(text) => (*text).to_owned(),
            Inline::Number { text, .. } | Inline::Quote { text, .. } | Inline::Measured(text) => {
                text.clone()
            }
            _ => String::new(),
        })
        .collect()
}

fn data_event(from: &[Address]) -> String {
    let mut events: Vec<EventId> = from.iter().map(|address| address.event).collect();
    events.sort_unstable();
    events.dedup();
    events
        .iter()
        .map(EventId::to_string)
        .collect::<Vec<_>>()
        .join(" ")
}

/// The report's own text, with spaces that must not break.
fn constant(text: &str) -> String {
    escape(text).replace("95 % CI", "95\u{a0}%\u{a0}CI")
}

/// Where a number comes from, for its tooltip; long sums name their first places.
fn origin(from: &[Address]) -> String {
    const MOST: usize = 4;
    let mut places: Vec<String> = from
        .iter()
        .take(MOST)
        .map(|address| format!("event {}, {}", address.event, address.pointer))
        .collect();
    if from.len() > MOST {
        places.push("…".to_owned());
    }
    places.join("; ")
}

impl Line {
    /// The line as HTML. Everything in it is escaped here.
    pub(crate) fn html(&self) -> String {
        let mut out = String::new();
        for inline in &self.0 {
            // writing to a String cannot fail
            let _ = match inline {
                Inline::Text(text) => write!(out, "{}", constant(text)),
                Inline::Strong(text) => write!(out, "<strong>{}</strong>", constant(text)),
                Inline::Number { text, from } => write!(
                    out,
                    r#"<span class="n" data-event="{}" title="{}">{}</span>"#,
                    data_event(from),
                    escape(&origin(from)),
                    escape(text)
                ),
                Inline::Quote {
                    text,
                    from,
                    voice: Voice::Plain,
                } => {
                    write!(
                        out,
                        r#"<span class="q" data-event="{}">{}</span>"#,
                        from.event,
                        escape(text)
                    )
                }
                Inline::Quote {
                    text,
                    from,
                    voice: Voice::Code,
                } => {
                    write!(
                        out,
                        r#"<code class="q" data-event="{}">{}</code>"#,
                        from.event,
                        escape(text)
                    )
                }
                Inline::Event(event) => {
                    write!(out, r##"<a class="e" href="#e{event}">{event}</a>"##)
                }
                Inline::Anchor(event) => {
                    write!(out, r#"<span class="e" id="e{event}">{event}</span> "#)
                }
                Inline::Measured(text) => write!(out, r#"<span class="t">{}</span>"#, escape(text)),
                Inline::Suppressed => write!(out, r#"<span class="suppressed">suppressed</span>"#),
                Inline::Absent => write!(out, r#"<span class="absent">–</span>"#),
            };
        }
        out
    }
}

impl Row {
    fn events_html(&self) -> String {
        let links: Vec<String> = runs(&self.events())
            .into_iter()
            .map(|(first, last)| {
                let to = if first == last {
                    String::new()
                } else {
                    format!("–{last}")
                };
                format!(r##"<a class="e" href="#e{first}">{first}{to}</a>"##)
            })
            .collect();
        links.join(", ")
    }

    fn html(&self, table: &Table) -> String {
        if self.look == Look::Heading {
            let cell = self.cells.first().map(Line::html).unwrap_or_default();
            return format!(
                "<tr class=\"heading\"><th scope=\"rowgroup\" colspan=\"{}\">{cell}</th></tr>\n",
                table.width()
            );
        }
        let mut out = String::from(if self.look == Look::Chosen {
            "<tr class=\"chosen\">"
        } else {
            "<tr>"
        });
        for (place, (cell, (_, align))) in self.cells.iter().zip(&table.columns).enumerate() {
            let (tag, scope) = if place == 0 {
                ("th", " scope=\"row\"")
            } else {
                ("td", "")
            };
            let _ = write!(
                out,
                "<{tag}{scope}{}>{}</{tag}>",
                class(*align),
                cell.html()
            );
        }
        if table.evidence {
            let _ = write!(out, "<td class=\"events\">{}</td>", self.events_html());
        }
        out.push_str("</tr>\n");
        out
    }
}

fn class(align: Align) -> &'static str {
    match align {
        Align::Left => "",
        Align::Right => " class=\"number\"",
        Align::Wide => " class=\"words\"",
    }
}

impl Table {
    /// The table in a frame that scrolls where the page is too narrow.
    pub(crate) fn html(&self) -> String {
        let long = if self.rows.len() > LONG_TABLE {
            " long"
        } else {
            ""
        };
        let narrow = if self.width() <= 4 {
            " class=\"narrow\""
        } else {
            ""
        };
        let label = escape(plain(&self.caption).trim_end_matches('.'));
        let mut out = format!(
            "<div class=\"scroll{long}\" role=\"region\" tabindex=\"0\" aria-label=\"{label}\">\n<table{narrow}>\n<caption><span>{}</span></caption>\n<thead><tr>",
            self.caption.html()
        );
        for (head, align) in &self.columns {
            let _ = write!(
                out,
                "<th scope=\"col\"{}>{}</th>",
                class(*align),
                constant(head)
            );
        }
        if self.evidence {
            out.push_str("<th scope=\"col\" class=\"events\">Events</th>");
        }
        out.push_str("</tr></thead>\n<tbody>\n");
        for row in &self.rows {
            out.push_str(&row.html(self));
        }
        out.push_str("</tbody>\n</table>\n</div>\n");
        if let Some(note) = &self.note {
            let _ = writeln!(out, "<p class=\"note\">{}</p>", note.html());
        }
        out
    }
}

impl Figure {
    fn html(&self) -> String {
        let wide = if self.wide { " wide" } else { "" };
        format!(
            "<figure id=\"figure-{}\" class=\"drawing{wide}\">\n<div class=\"scroll\" role=\"region\" tabindex=\"0\" aria-label=\"{}\">\n{}\n</div>\n<figcaption>{}</figcaption>\n</figure>\n",
            self.drawing.id,
            escape(&self.drawing.title),
            self.drawing.inline(),
            self.caption.html()
        )
    }
}

impl Block {
    /// The block as HTML. Everything in it is escaped on the way.
    pub(crate) fn html(&self) -> String {
        match self {
            Block::Paragraph(line) => format!("<p>{}</p>\n", line.html()),
            Block::Statement(line) => format!("<p class=\"statement\">{}</p>\n", line.html()),
            Block::Heading(text) => format!("<h3>{}</h3>\n", escape(text)),
            Block::List(lines) => {
                let items: String = lines
                    .iter()
                    .map(|line| format!("<li>{}</li>\n", line.html()))
                    .collect();
                format!("<ul>\n{items}</ul>\n")
            }
            Block::Facts(facts) => {
                let items: String = facts
                    .iter()
                    .map(|(term, line)| {
                        format!(
                            "<div><dt>{}</dt><dd>{}</dd></div>\n",
                            escape(term),
                            line.html()
                        )
                    })
                    .collect();
                format!("<dl>\n{items}</dl>\n")
            }
            Block::Table(table) => table.html(),
            Block::Folded(summary, table) => {
                format!(
                    "<details>\n<summary>{}</summary>\n{}</details>\n",
                    summary.html(),
                    table.html()
                )
            }
            Block::Figures(figures) => {
                format!(
                    "<div class=\"figures\">\n{}</div>\n",
                    figures.iter().map(Figure::html).collect::<String>()
                )
            }
            Block::Command(line) => format!("<pre tabindex=\"0\">{}</pre>\n", line.html()),
            Block::Blanks(blanks) => {
                let items: String = blanks
                    .iter()
                    .map(|blank| format!("<div class=\"blank\">{}</div>\n", escape(blank)))
                    .collect();
                format!("<div class=\"blanks\">\n{items}</div>\n")
            }
        }
    }
}

/// Standard Base64 with padding (RFC 4648, section 4).
fn base64(bytes: &[u8]) -> String {
    const ALPHABET: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    let mut out = String::with_capacity(bytes.len().div_ceil(3) * 4);
    for chunk in bytes.chunks(3) {
        let word = chunk
            .iter()
            .fold(0u32, |word, byte| word << 8 | u32::from(*byte))
            << (8 * (3 - chunk.len()));
        for place in 0..4 {
            if place <= chunk.len() {
                let index = (word >> (18 - 6 * place)) & 63;
                out.push(char::from(ALPHABET[index as usize]));
            } else {
                out.push('=');
            }
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::base64;

    #[test]
    fn base64_gives_the_test_vectors_of_rfc_4648() {
        for (text, coded) in [
            ("", ""),
            ("f", "Zg=="),
            ("fo", "Zm8="),
            ("foo", "Zm9v"),
            ("foob", "Zm9vYg=="),
            ("foobar", "Zm9vYmFy"),
        ] {
            assert_eq!(base64(text.as_bytes()), coded);
        }
    }
}
