//! Sentences of the translator, with their numbers put in.

use autods_board::{EventId, Statement};

use crate::{
    ReportError,
    document::{Line, Voice},
    format::Format,
    resolver::{Resolver, quote},
};

/// A sentence with every placeholder resolved.
///
/// A placeholder is `{0}`, `{1}` … for the references in their order. A whole number is written
/// as a count and any other with three decimals; directly before ` %` a share from 0 to 1 becomes
/// a percentage. A reference to words puts the words in.
pub(crate) fn resolve(
    event: EventId,
    statement: &Statement,
    resolver: &Resolver,
) -> Result<Line, ReportError> {
    let mut line = Line::default();
    let mut rest = statement.text.as_str();
    while let Some((before, from)) = rest.split_once('{') {
        line = line + literal(event, before)?;
        let bad = |placeholder: &str| ReportError::Placeholder {
            event,
            placeholder: placeholder.chars().take(12).collect(),
            references: statement.refs.len(),
        };
        let (inside, after) = from.split_once('}').ok_or_else(|| bad(from))?;
        let reference = inside
            .parse::<usize>()
            .ok()
            .and_then(|index| statement.refs.get(index))
            .ok_or_else(|| bad(inside))?;
        rest = after;
        let (event, pointer) = (reference.event, reference.pointer.as_str());
        line = line
            + if !resolver.is_number(event, pointer)? {
                resolver.quote(event, pointer)?
            } else if resolver.is_whole(event, pointer)? {
                resolver.number(event, pointer, Format::Count)?
            } else if let Some(unmarked) =
                rest.strip_prefix(" %").or_else(|| rest.strip_prefix('%'))
            {
                rest = unmarked;
                resolver.number(event, pointer, Format::Percent(1))?
            } else if resolver.float(event, pointer)?.abs() < 0.001 {
                resolver.number(event, pointer, Format::Natural)?
            } else {
                resolver.number(event, pointer, Format::Fixed(3))?
            };
    }
    Ok(line + literal(event, rest)?)
}

fn literal(event: EventId, text: &str) -> Result<Line, ReportError> {
    if text.chars().any(char::is_numeric) {
        return Err(ReportError::TypedDigit { event });
    }
    Ok(if text.is_empty() {
        Line::default()
    } else {
        quote(text.to_owned(), event, "/Stated/text", Voice::Plain)
    })
}
