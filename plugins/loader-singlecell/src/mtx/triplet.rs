//! A matrix and the two lists that belong to it.

use std::rc::Rc;

use autods_sdk::loader::{Fault, FaultCode, SourceReader};

use super::entries::Entries;
use super::lines::Lines;
use crate::experiment::{Embeddings, Experiment};
use crate::frame::{Form, Frame, MAX_TEXTS};
use crate::matrix::Matrix;
use crate::options::Which;
use crate::origin::Origin;
use crate::store::Store;

const MATRIX: &str = "matrix.mtx";
const CELLS: &[&str] = &["barcodes.tsv"];
const FEATURES: &[&str] = &["features.tsv", "genes.tsv"];

/// Columns of a list of features, in order; what a list has not is not there.
const FEATURE_COLUMNS: [&str; 3] = ["id", "name", "feature_type"];

/// Whether a source of that name is read with a matrix, and not by itself.
pub(crate) fn is_companion(name: &str) -> bool {
    let name = plain(name);
    let mut all = CELLS.iter().chain(FEATURES);
    all.any(|end| name.ends_with(end))
}

/// Opens the experiment of a matrix.
pub(crate) fn open<'h>(
    origin: Origin<'h>,
    which: &Which,
    is_whole: bool,
) -> Result<Experiment<'h>, Fault> {
    if *which != Which::X {
        return Err(origin.fault(FaultCode::MissingInput));
    }
    let entries = Entries::open(origin, is_whole)?;
    let barcodes = texts(companion(&origin, CELLS)?, &["barcode"])?;
    let features = texts(companion(&origin, FEATURES)?, &FEATURE_COLUMNS)?;
    let has_names = features.columns.len() > 1;
    Ok(Experiment {
        origin,
        store: Store::None,
        cells: barcodes.frame(),
        features: features.frame(),
        symbols: if has_names { "name" } else { "" }.to_owned(),
        embeddings: Embeddings::None,
        matrix: Matrix::entries(origin, entries),
    })
}

/// The source that belongs to a matrix: what stands before `matrix.mtx` in its name stands before the
/// list's too. Where several matrices have one name, as in folders of samples, the first list is the
/// first matrix's, and so on.
fn companion<'h>(origin: &Origin<'h>, ends: &[&str]) -> Result<Origin<'h>, Fault> {
    let sources = origin.host.describe();
    let names: Vec<&str> = sources.iter().map(|source| plain(&source.name)).collect();
    let at = origin.source as usize;
    let name = names.get(at).copied().unwrap_or_default();
    let prefix = name.strip_suffix(MATRIX).unwrap_or_default();
    let before = names.iter().take(at).filter(|other| **other == name);
    let is_list = |candidate: &str| {
        let end = candidate.strip_prefix(prefix);
        end.is_some_and(|end| ends.contains(&end))
    };
    let lists = (0u32..).zip(&names).filter(|(_, name)| is_list(name));
    let list = lists.map(|(source, _)| source).nth(before.count());
    let missing = || origin.fault(FaultCode::MissingInput);
    Origin::new(origin.host, list.ok_or_else(missing)?)
}

/// A name without the end of a compressed file: the host inflates it.
fn plain(name: &str) -> &str {
    name.strip_suffix(".gz").unwrap_or(name)
}

/// A list in memory.
struct Texts<'h> {
    origin: Origin<'h>,
    columns: Vec<(&'static str, Vec<String>)>,
}

impl<'h> Texts<'h> {
    fn frame(self) -> Frame<'h> {
        let length = self.columns.first().map_or(0, |(_, texts)| texts.len());
        let columns = self.columns.into_iter();
        let columns = columns.map(|(name, texts)| (name.to_owned(), Rc::from(texts)));
        Frame {
            origin: self.origin,
            length: length as u64,
            form: Form::Texts(columns.collect()),
        }
    }
}

/// Reads a list: fields between tabs, as many in every line as in the first.
fn texts<'h>(origin: Origin<'h>, names: &[&'static str]) -> Result<Texts<'h>, Fault> {
    let mut lines = Lines::new(origin, 0, SourceReader::CHUNK);
    let mut columns: Vec<(&'static str, Vec<String>)> = Vec::new();
    let (mut line, mut bytes) = (0, 0);
    while let Some(text) = lines.next()? {
        line += 1;
        let fields: Vec<&str> = text.split('\t').take(names.len()).collect();
        if line == 1 {
            let names = names.iter().zip(&fields);
            columns = names.map(|(name, _)| (*name, Vec::new())).collect();
        }
        if fields.len() != columns.len() {
            let fault = origin.fault(FaultCode::RaggedRecord).at_line(line);
            return Err(fault.expected_found(columns.len() as u64, fields.len() as u64));
        }
        for ((_, column), field) in columns.iter_mut().zip(fields) {
            bytes += field.len() + size_of::<String>();
            column.push(field.to_owned());
        }
        if bytes > MAX_TEXTS {
            return Err(origin.malformed("the list", "names are too long to be held"));
        }
    }
    if columns.is_empty() {
        return Err(origin.fault(FaultCode::EmptyInput));
    }
    Ok(Texts { origin, columns })
}
