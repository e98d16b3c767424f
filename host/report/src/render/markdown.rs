//! The document as Markdown.

use std::fmt::Write as _;

use askama::Template;
use autods_board::EventId;

use crate::{
    ReportError,
    document::{Align, Block, Document, Figure, Inline, Line, Look, Row, Section, Table, Voice},
    render::events::runs,
};

#[derive(Template)]
#[template(path = "report.md", escape = "none")]
struct Page<'a> {
    document: &'a Document,
}

/// The whole document.
pub(crate) fn markdown(document: &Document) -> Result<String, ReportError> {
    Page { document }
        .render()
        .map_err(|source| ReportError::Template {
            what: "Markdown",
            source,
        })
}

/// Text in which nothing is markup.
fn escape(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '\\' | '`' | '*' | '_' | '[' | ']' | '|' | '~' => {
                out.push('\\');
                out.push(c);
            }
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '&' => out.push_str("&amp;"),
            c => out.push(c),
        }
    }
    out
}

/// A name that a machine uses; backquotes and bars would end the code or the cell.
fn code(text: &str) -> String {
    if text.contains(['`', '|', '\\']) {
        escape(text)
    } else {
        format!("`{text}`")
    }
}

fn bracket(events: &[EventId]) -> String {
    let list: Vec<String> = runs(events)
        .into_iter()
        .map(|(first, last)| {
            if first == last {
                first.to_string()
            } else {
                format!("{first}–{last}")
            }
        })
        .collect();
    list.join(", ")
}

impl Line {
    /// The line as Markdown.
    pub(crate) fn markdown(&self) -> String {
        let mut out = String::new();
        for inline in &self.0 {
            // writing to a String cannot fail
            let _ = match inline {
                Inline::Text(text) => write!(out, "{}", escape(text)),
                Inline::Strong(text) => {
                    let bare = text.trim_end();
                    write!(out, "**{}**{}", escape(bare), &text[bare.len()..])
                }
                Inline::Number { text, .. }
                | Inline::Quote {
                    text,
                    voice: Voice::Plain,
                    ..
                }
                | Inline::Measured(text) => {
                    write!(out, "{}", escape(text))
                }
                Inline::Quote {
                    text,
                    voice: Voice::Code,
                    ..
                } => write!(out, "{}", code(text)),
                Inline::Event(event) => write!(out, "{event}"),
                Inline::Anchor(event) => write!(out, "{event} "),
                Inline::Suppressed => write!(out, "suppressed"),
                Inline::Absent => write!(out, "–"),
            };
        }
        out.trim_end().to_owned()
    }

    /// The line, followed by the events that it rests on.
    fn with_events(&self) -> String {
        let events = self.events();
        if events.is_empty() {
            self.markdown()
        } else {
            format!("{} \\[events {}\\]", self.markdown(), bracket(&events))
        }
    }
}

impl Row {
    fn markdown(&self, table: &Table) -> String {
        let mut cells: Vec<String> = self.cells.iter().map(Line::markdown).collect();
        if self.look != Look::Plain
            && let Some(first) = cells.first_mut()
            && !first.is_empty()
        {
            *first = format!("**{first}**");
        }
        cells.resize(table.columns.len(), String::new());
        if table.evidence {
            cells.push(if self.look == Look::Heading {
                String::new()
            } else {
                format!("\\[{}\\]", bracket(&self.events()))
            });
        }
        format!("| {} |\n", cells.join(" | "))
    }
}

impl Table {
    /// The table, its caption above it.
    pub(crate) fn markdown(&self) -> String {
        let caption = self.caption.markdown();
        let mut out = if caption.starts_with("**") {
            format!("{caption}\n\n")
        } else {
            format!("**{caption}.**\n\n")
        };
        let mut heads: Vec<String> = self.columns.iter().map(|(head, _)| escape(head)).collect();
        let mut rules: Vec<&str> = self
            .columns
            .iter()
            .map(|(_, align)| {
                if *align == Align::Right {
                    "---:"
                } else {
                    "---"
                }
            })
            .collect();
        if self.evidence {
            heads.push("Events".to_owned());
            rules.push("---");
        }
        let _ = writeln!(out, "| {} |\n| {} |", heads.join(" | "), rules.join(" | "));
        for row in &self.rows {
            out.push_str(&row.markdown(self));
        }
        if let Some(note) = &self.note {
            let _ = writeln!(out, "\n{}", note.markdown());
        }
        out
    }
}

impl Figure {
    fn markdown(&self) -> String {
        let id = self.drawing.id;
        format!(
            "![{}](figures/{id}.svg)\n\n{}\n",
            escape(&self.drawing.title),
            self.caption.markdown()
        )
    }
}

impl Block {
    /// The block as Markdown, ended by a line feed.
    pub(crate) fn markdown(&self) -> String {
        match self {
            Block::Paragraph(line) => format!("{}\n", line.with_events()),
            Block::Statement(line) => format!("{}\n", line.with_events()),
            Block::Heading(text) => format!("### {}\n", escape(text)),
            Block::List(lines) => lines
                .iter()
                .map(|line| format!("- {}\n", line.with_events()))
                .collect(),
            Block::Facts(facts) => facts
                .iter()
                .map(|(term, line)| format!("- **{}:** {}\n", escape(term), line.with_events()))
                .collect(),
            Block::Table(table) | Block::Folded(_, table) => table.markdown(),
            Block::Figures(figures) => figures
                .iter()
                .map(Figure::markdown)
                .collect::<Vec<_>>()
                .join("\n"),
            Block::Command(line) => {
                let words: String = line
                    .0
                    .iter()
                    .map(|inline| match inline {
                        Inline::Quote { text, .. } => text.replace('`', "'"),
                        Inline::Text(text) => (*text).to_owned(),
                        _ => String::new(),
                    })
                    .collect();
                format!("```sh\n{words}\n```\n")
            }
            Block::Blanks(blanks) => blanks
                .iter()
                .map(|blank| format!("- {}: ____________________\n", escape(blank)))
                .collect(),
        }
    }
}

impl Section {
    /// The blocks, parted by blank lines.
    pub(crate) fn markdown(&self) -> String {
        blocks(&self.blocks)
    }
}

impl Document {
    /// The blocks of the summary, parted by blank lines.
    pub(crate) fn summary_markdown(&self) -> String {
        blocks(&self.summary)
    }
}

fn blocks(blocks: &[Block]) -> String {
    let parts: Vec<String> = blocks.iter().map(Block::markdown).collect();
    parts.join("\n").trim_end().to_owned()
}
