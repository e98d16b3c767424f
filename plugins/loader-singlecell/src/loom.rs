//! Loom: a dense `matrix` of features and cells, and an array for each of their attributes.

use autods_sdk::loader::{Fault, FaultCode};

use crate::experiment::{Embeddings, Experiment};
use crate::frame::{Form, Frame};
use crate::matrix::{Axis, Matrix};
use crate::options::Which;
use crate::origin::Origin;
use crate::store::Store;

/// Attributes that name the features, the first that is there.
const FEATURES: &[&str] = &["Accession", "Gene", "gene_names", "var_names"];

/// Attributes that name the cells.
const CELLS: &[&str] = &["CellID", "obs_names", "barcode"];

/// Opens the experiment.
pub(crate) fn open<'h>(
    origin: Origin<'h>,
    store: Store<'h>,
    which: &Which,
) -> Result<Experiment<'h>, Fault> {
    let path = match which {
        Which::X => "matrix".to_owned(),
        Which::Layer(name) => format!("layers/{name}"),
        Which::Raw | Which::Genome(_) => return Err(origin.fault(FaultCode::MissingInput)),
    };
    let Some(array) = store.array(&path)? else {
        return Err(origin.fault(FaultCode::MissingInput));
    };
    let has_symbols = store.array("row_attrs/Gene")?.is_some();
    Ok(Experiment {
        origin,
        cells: frame(origin, &store, "col_attrs", CELLS)?,
        features: frame(origin, &store, "row_attrs", FEATURES)?,
        symbols: if has_symbols { "Gene" } else { "" }.to_owned(),
        embeddings: Embeddings::None,
        matrix: Matrix::dense(origin, Axis::Features, array)?,
        store,
    })
}

fn frame<'h>(
    origin: Origin<'h>,
    store: &Store<'h>,
    path: &str,
    known: &[&str],
) -> Result<Frame<'h>, Fault> {
    for index in known {
        if let Some(array) = store.array(&format!("{path}/{index}"))? {
            return Ok(Frame {
                origin,
                length: array.rows(),
                form: Form::Group {
                    path: path.to_owned(),
                    index: (*index).to_owned(),
                },
            });
        }
    }
    Err(origin.malformed(path, "no attribute names the rows"))
}
