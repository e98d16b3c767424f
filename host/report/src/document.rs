//! The document: what both renderings are made from.

use std::ops::Add;

use autods_board::EventId;

use crate::svg::Drawing;

/// The address of a value: an event and a JSON pointer into its body.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Address {
    pub(crate) event: EventId,
    pub(crate) pointer: String,
}

/// How words taken from an event are set.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Voice {
    /// As running text.
    Plain,
    /// As a name that a machine uses.
    Code,
}

/// A piece of a line.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Inline {
    /// The report's own constant text.
    Text(&'static str),
    /// The report's own constant text, stressed.
    Strong(&'static str),
    /// A number looked up in events, or computed from numbers looked up.
    Number { text: String, from: Vec<Address> },
    /// Words looked up in an event.
    Quote {
        text: String,
        from: Address,
        voice: Voice,
    },
    /// An event's own number.
    Event(EventId),
    /// The same, where the list of events cited tells what it is.
    Anchor(EventId),
    /// A measurement of the machine, not part of the replayed numbers.
    Measured(String),
    /// A count that disclosure control withholds.
    Suppressed,
    /// Nothing of that kind, by its nature.
    Absent,
}

/// A run of text.
#[derive(Clone, Debug, Default, PartialEq)]
pub(crate) struct Line(pub(crate) Vec<Inline>);

impl Line {
    pub(crate) fn strong(text: &'static str) -> Self {
        Line(vec![Inline::Strong(text)])
    }

    pub(crate) fn event(event: EventId) -> Self {
        Line(vec![Inline::Event(event)])
    }

    pub(crate) fn suppressed() -> Self {
        Line(vec![Inline::Suppressed])
    }

    pub(crate) fn absent() -> Self {
        Line(vec![Inline::Absent])
    }

    pub(crate) fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// Lines with `separator` between them.
    pub(crate) fn join(lines: Vec<Line>, separator: &'static str) -> Line {
        let mut all = Line::default();
        for line in lines {
            if !all.is_empty() {
                all.0.push(Inline::Text(separator));
            }
            all.0.extend(line.0);
        }
        all
    }

    /// The events that the line rests on, ascending, each once.
    pub(crate) fn events(&self) -> Vec<EventId> {
        let mut events = Vec::new();
        for inline in &self.0 {
            match inline {
                Inline::Number { from, .. } => events.extend(from.iter().map(|a| a.event)),
                Inline::Quote { from, .. } => events.push(from.event),
                Inline::Event(event) => events.push(*event),
                _ => {}
            }
        }
        events.sort_unstable();
        events.dedup();
        events
    }
}

impl From<&'static str> for Line {
    fn from(text: &'static str) -> Self {
        Line(vec![Inline::Text(text)])
    }
}

impl Add<Line> for Line {
    type Output = Line;
    fn add(mut self, other: Line) -> Line {
        self.0.extend(other.0);
        self
    }
}

impl Add<&'static str> for Line {
    type Output = Line;
    fn add(mut self, other: &'static str) -> Line {
        self.0.push(Inline::Text(other));
        self
    }
}

/// How a column is set.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Align {
    /// Words.
    Left,
    /// Numbers; never broken.
    Right,
    /// Sentences: at least so wide that they can be read.
    Wide,
}

/// A row of a table.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Row {
    pub(crate) cells: Vec<Line>,
    pub(crate) look: Look,
}

/// How a row is set.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Look {
    /// As it is.
    Plain,
    /// A heading over the rows that follow; its first cell alone is shown.
    Heading,
    /// Stressed: the model or row that the reader looks for.
    Chosen,
}

impl Row {
    pub(crate) fn new(cells: Vec<Line>) -> Self {
        Row {
            cells,
            look: Look::Plain,
        }
    }

    pub(crate) fn heading(cell: Line) -> Self {
        Row {
            cells: vec![cell],
            look: Look::Heading,
        }
    }

    pub(crate) fn chosen(mut self, chosen: bool) -> Self {
        if chosen {
            self.look = Look::Chosen;
        }
        self
    }

    /// The events that the row rests on.
    pub(crate) fn events(&self) -> Vec<EventId> {
        let mut events: Vec<_> = self.cells.iter().flat_map(Line::events).collect();
        events.sort_unstable();
        events.dedup();
        events
    }
}

/// A table. A last column with the events of each row is added by the renderings.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Table {
    pub(crate) caption: Line,
    pub(crate) columns: Vec<(&'static str, Align)>,
    pub(crate) rows: Vec<Row>,
    pub(crate) note: Option<Line>,
    /// Whether to add the column of events.
    pub(crate) evidence: bool,
}

impl Table {
    pub(crate) fn new(caption: impl Into<Line>, columns: &[(&'static str, Align)]) -> Self {
        Table {
            caption: caption.into(),
            columns: columns.to_vec(),
            rows: Vec::new(),
            note: None,
            evidence: true,
        }
    }

    pub(crate) fn push(&mut self, cells: Vec<Line>) {
        self.rows.push(Row::new(cells));
    }

    /// Every line in it, in order of reading.
    fn lines(&self) -> impl Iterator<Item = &Line> {
        std::iter::once(&self.caption)
            .chain(self.rows.iter().flat_map(|row| &row.cells))
            .chain(&self.note)
    }

    /// Cells of a body row, with the column of events.
    pub(crate) fn width(&self) -> usize {
        self.columns.len() + usize::from(self.evidence)
    }
}

/// A figure.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Figure {
    pub(crate) drawing: Drawing,
    pub(crate) caption: Line,
    /// Whether it needs the full width, and scrolls within itself where there is less.
    pub(crate) wide: bool,
}

/// A part of a section.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Block {
    /// Running text.
    Paragraph(Line),
    /// A sentence of the translator.
    Statement(Line),
    /// A heading within a section.
    Heading(&'static str),
    /// Points.
    List(Vec<Line>),
    /// Terms and what they stand for.
    Facts(Vec<(&'static str, Line)>),
    /// A table.
    Table(Table),
    /// A table that is folded away on a screen.
    Folded(Line, Table),
    /// Figures side by side where there is room.
    Figures(Vec<Figure>),
    /// A command.
    Command(Line),
    /// Lines to be filled in by hand.
    Blanks(Vec<&'static str>),
}

/// A section.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Section {
    pub(crate) id: &'static str,
    pub(crate) title: &'static str,
    pub(crate) blocks: Vec<Block>,
}

/// The whole.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Document {
    pub(crate) title: Line,
    pub(crate) kicker: Line,
    pub(crate) banner: Option<Line>,
    pub(crate) summary: Vec<Block>,
    pub(crate) sections: Vec<Section>,
}

impl Block {
    /// Every line in it, in order of reading.
    pub(crate) fn lines(&self) -> Vec<&Line> {
        match self {
            Block::Paragraph(line) | Block::Statement(line) | Block::Command(line) => vec![line],
            Block::Heading(_) | Block::Blanks(_) => Vec::new(),
            Block::List(lines) => lines.iter().collect(),
            Block::Facts(facts) => facts.iter().map(|(_, line)| line).collect(),
            Block::Table(table) => table.lines().collect(),
            Block::Folded(summary, table) => {
                std::iter::once(summary).chain(table.lines()).collect()
            }
            Block::Figures(figures) => figures.iter().map(|figure| &figure.caption).collect(),
        }
    }

    /// Every constant text in it that is not part of a line.
    #[cfg(test)]
    pub(crate) fn labels(&self) -> Vec<&'static str> {
        match self {
            Block::Heading(text) => vec![text],
            Block::Blanks(texts) => texts.clone(),
            Block::Facts(facts) => facts.iter().map(|(term, _)| *term).collect(),
            Block::Table(table) | Block::Folded(_, table) => {
                table.columns.iter().map(|(head, _)| *head).collect()
            }
            _ => Vec::new(),
        }
    }
}

impl Document {
    /// Every block, in order of reading.
    pub(crate) fn blocks(&self) -> impl Iterator<Item = &Block> {
        self.summary
            .iter()
            .chain(self.sections.iter().flat_map(|section| &section.blocks))
    }

    /// Every figure, in order of reading.
    pub(crate) fn figures(&self) -> impl Iterator<Item = &Figure> {
        self.blocks().flat_map(|block| match block {
            Block::Figures(figures) => figures.as_slice(),
            _ => &[],
        })
    }
}
