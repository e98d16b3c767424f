//! What the model goes by.

use autods_board::{HostBody, Section as Place};

use crate::{
    ReportError,
    document::{Align, Block, Line, Section, Table},
    figures,
    format::Format,
    reading::Reading,
    sections::statements,
};

/// Which way a column pushes, from the correlation of value and attribution.
pub(crate) fn push_of(sign: f64) -> &'static str {
    if sign >= 0.1 {
        "raises the risk"
    } else if sign <= -0.1 {
        "lowers the risk"
    } else {
        "no single direction"
    }
}

/// Mean |SHAP| of the design columns of the promoted model.
pub(crate) fn attributions(reading: &Reading<'_>) -> Result<Section, ReportError> {
    let r = &reading.resolver;
    let mut blocks = statements(reading, Place::Attributions)?;
    let all = reading.host(|body| match body {
        HostBody::Attributed(attributed) => Some(attributed),
        _ => None,
    });
    let champion = reading.champion().map(|champion| champion.experiment.id());
    let Some(found) = all
        .iter()
        .rfind(|found| Some(found.body.experiment) == champion)
        .or(all.last())
    else {
        blocks.push(Block::Paragraph("No attributions were computed.".into()));
        return Ok(Section {
            id: "attributions",
            title: "Attributions",
            blocks,
        });
    };
    let id = found.id();
    blocks.push(Block::Paragraph(
        Line::from("Method: ")
            + r.code(id, "/Attributed/method")?
            + ", of event "
            + Line::event(found.body.experiment)
            + ", on "
            + r.number(id, "/Attributed/rows", Format::Count)?
            + " rows. Attributions add up to the prediction with an error of at most "
            + r.number(id, "/Attributed/additivity_error", Format::Natural)?
            + " on the log-odds scale. They say what the model goes by, not what causes the outcome.",
    ));
    blocks
        .extend(figures::attributions(reading, found)?.map(|figure| Block::Figures(vec![figure])));
    let mut table = Table::new(
        "Mean absolute attribution of every design column, log-odds",
        &[
            ("Design column", Align::Left),
            ("Mean |SHAP|", Align::Right),
            ("Correlation with the value", Align::Right),
            ("Higher values", Align::Left),
        ],
    );
    table.evidence = false;
    for (index, column) in found.body.columns.iter().enumerate() {
        let at = format!("/Attributed/columns/{index}");
        table.push(vec![
            r.code(id, &format!("{at}/name"))?,
            r.number(id, &format!("{at}/mean_abs"), Format::Fixed(4))?,
            r.number(id, &format!("{at}/sign"), Format::Signed(2))?,
            push_of(column.sign).into(),
        ]);
    }
    if !table.rows.is_empty() {
        blocks.push(Block::Folded("All design columns".into(), table));
    }
    Ok(Section {
        id: "attributions",
        title: "Attributions",
        blocks,
    })
}
