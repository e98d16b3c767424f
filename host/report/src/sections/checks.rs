//! Checks in words.

use autods_board::{CheckKind, CheckResult, CheckTarget, EventId, Scalar};

use crate::{ReportError, document::Line, format::Format, reading::Reading, words};

/// What a check is about; `at` is where the check stands in the event.
pub(crate) fn target(
    reading: &Reading<'_>,
    check: &CheckResult,
    event: EventId,
    at: &str,
) -> Result<Line, ReportError> {
    Ok(match &check.target {
        CheckTarget::Data => "the data".into(),
        CheckTarget::Column(_) => reading
            .resolver
            .code(event, &format!("{at}/target/Column"))?,
        CheckTarget::Event(about) => Line::from("event ") + Line::event(*about),
    })
}

/// The number that decided.
pub(crate) fn statistic(
    reading: &Reading<'_>,
    event: EventId,
    at: &str,
) -> Result<Line, ReportError> {
    reading
        .resolver
        .number(event, &format!("{at}/statistic"), Format::Natural)
}

/// What it was held against.
pub(crate) fn threshold(
    reading: &Reading<'_>,
    event: EventId,
    at: &str,
) -> Result<Line, ReportError> {
    reading
        .resolver
        .number(event, &format!("{at}/threshold"), Format::Natural)
}

/// A check cited by its event: its kind, what it said and the number that decided.
pub(crate) fn cited(reading: &Reading<'_>, event: EventId) -> Result<Line, ReportError> {
    if event == 0 {
        return Ok(Line::absent());
    }
    let check = reading
        .checks()
        .into_iter()
        .find(|check| check.id() == event);
    Ok(match check {
        Some(check) if check.body.kind == CheckKind::Lint => {
            Line::from(words::check(check.body.kind))
                + ": "
                + words::outcome(check.body.verdict)
                + ", event "
                + Line::event(event)
        }
        Some(check) => {
            Line::from(words::check(check.body.kind))
                + ": "
                + words::outcome(check.body.verdict)
                + " ("
                + statistic(reading, event, "/Checked")?
                + " held against "
                + threshold(reading, event, "/Checked")?
                + "), event "
                + Line::event(event)
        }
        None => match reading.event(event) {
            Some(found) => Line::from(words::event(&found.body)) + ", event " + Line::event(event),
            None => {
                return Err(ReportError::NoSuchEvent {
                    event,
                    pointer: String::new(),
                });
            }
        },
    })
}

/// A parameter's value.
pub(crate) fn scalar(
    reading: &Reading<'_>,
    value: &Scalar,
    event: EventId,
    at: &str,
) -> Result<Line, ReportError> {
    Ok(match value {
        Scalar::Missing => "missing".into(),
        Scalar::Flag(true) => "yes".into(),
        Scalar::Flag(false) => "no".into(),
        Scalar::Integer(_) => {
            reading
                .resolver
                .number(event, &format!("{at}/Integer"), Format::Natural)?
        }
        Scalar::Number(_) => {
            reading
                .resolver
                .number(event, &format!("{at}/Number"), Format::Natural)?
        }
        Scalar::Text(_) => reading.resolver.code(event, &format!("{at}/Text"))?,
    })
}

/// Named parameters: `rounds 300, depth 4`.
pub(crate) fn params(
    reading: &Reading<'_>,
    params: &[autods_board::Param],
    event: EventId,
    at: &str,
) -> Result<Line, ReportError> {
    let mut lines = Vec::with_capacity(params.len());
    for (index, param) in params.iter().enumerate() {
        lines.push(
            reading
                .resolver
                .code(event, &format!("{at}/{index}/name"))?
                + " "
                + scalar(reading, &param.value, event, &format!("{at}/{index}/value"))?,
        );
    }
    Ok(if lines.is_empty() {
        Line::absent()
    } else {
        Line::join(lines, ", ")
    })
}
