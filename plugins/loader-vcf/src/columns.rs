//! The dictionary's columns, found in the format and in a file's header.

use autods_sdk::loader::{Fault, FaultCode, TableSpec};

use crate::broken::Field;
use crate::header::Header;
use crate::options::{Options, Rows};

/// What a column of the dictionary holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Column {
    /// CHROM-POS-REF-ALT.
    Variant,
    Chrom,
    Pos,
    Id,
    Ref,
    Alt,
    Qual,
    Filter,
    /// A key of INFO, by the place of its definition.
    Info(usize),
    Site(SiteColumn),
    Call(CallColumn),
}

/// What the genotypes of a site come to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum SiteColumn {
    Called,
    Samples,
    AlleleCount,
    AlleleNumber,
    AlleleFrequency,
    CallRate,
    Heterozygosity,
}

/// What a record says of one sample.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum CallColumn {
    Sample,
    Dosage,
    Phased,
    Ploidy,
    /// A key of FORMAT, by the place of its definition.
    Format(usize),
}

impl Column {
    /// Reads a name of the dictionary.
    fn named(name: &str, header: &Header, rows: Rows) -> Option<Self> {
        if let Some(key) = name.strip_prefix("info.") {
            return header.info.declared(key).map(Self::Info);
        }
        Some(match name {
            "variant" => Self::Variant,
            "chrom" => Self::Chrom,
            "pos" => Self::Pos,
            "id" => Self::Id,
            "ref" => Self::Ref,
            "alt" => Self::Alt,
            "qual" => Self::Qual,
            "filter" => Self::Filter,
            _ => match rows {
                Rows::Sites => Self::Site(SiteColumn::named(name)?),
                Rows::Genotypes => Self::Call(CallColumn::named(name, header)?),
            },
        })
    }

    /// The part of a line that the column is read from.
    pub(crate) fn field(self) -> Field {
        match self {
            // names of samples stand in the header
            Self::Variant | Self::Call(CallColumn::Sample) => Field::Line,
            Self::Chrom => Field::Chrom,
            Self::Pos => Field::Pos,
            Self::Id => Field::Id,
            Self::Ref => Field::Ref,
            Self::Alt => Field::Alt,
            Self::Qual => Field::Qual,
            Self::Filter => Field::Filter,
            Self::Info(_) => Field::Info,
            Self::Site(_) | Self::Call(_) => Field::Samples,
        }
    }
}

impl SiteColumn {
    fn named(name: &str) -> Option<Self> {
        Some(match name {
            "n-called" => Self::Called,
            "n-samples" => Self::Samples,
            "allele-count" => Self::AlleleCount,
            "allele-number" => Self::AlleleNumber,
            "allele-frequency" => Self::AlleleFrequency,
            "call-rate" => Self::CallRate,
            "heterozygosity" => Self::Heterozygosity,
            _ => return None,
        })
    }
}

impl CallColumn {
    fn named(name: &str, header: &Header) -> Option<Self> {
        if let Some(key) = name.strip_prefix("format.") {
            return header.format.declared(key).map(Self::Format);
        }
        Some(match name {
            "sample" => Self::Sample,
            "dosage" => Self::Dosage,
            "phased" => Self::Phased,
            "ploidy" => Self::Ploidy,
            _ => return None,
        })
    }
}

/// Finds all columns of the table.
pub(crate) fn find(
    table: &TableSpec,
    header: &Header,
    options: Options,
    source: u32,
) -> Result<Vec<Column>, Fault> {
    let names = table.columns.iter().enumerate();
    let found = names.map(|(at, column)| {
        Column::named(&column.name, header, options.rows).ok_or_else(|| {
            Fault::from(FaultCode::MissingColumn)
                .in_source(source)
                .at_line(header.line)
                .in_column(at)
        })
    });
    found.collect()
}

/// Columns and keys of the file that no column of the table is read from.
pub(crate) fn undeclared(columns: &[Column], header: &Header, options: Options) -> u32 {
    let mut offered = 7 + header.info.count_declared();
    if options.rows == Rows::Genotypes {
        offered += header.format.count_declared();
    }
    let is_read = |column: &&Column| {
        let derived = matches!(
            column,
            Column::Variant
                | Column::Site(_)
                | Column::Call(CallColumn::Sample | CallColumn::Dosage)
                | Column::Call(CallColumn::Phased | CallColumn::Ploidy)
        );
        !derived
    };
    let read = columns.iter().filter(is_read).count();
    u32::try_from(offered.saturating_sub(read)).unwrap_or(u32::MAX)
}
