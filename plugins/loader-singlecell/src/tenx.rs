//! 10x Genomics' HDF5: feature-barcode matrices of Cell Ranger.
//!
//! Since version 3 there is one group `matrix` with `features`; before, a group for each genome with
//! `genes` and `gene_names`. Values are stored cell after cell.

use autods_sdk::loader::{Fault, FaultCode};

use crate::experiment::{Embeddings, Experiment};
use crate::frame::{Form, Frame};
use crate::matrix::{Axis, Matrix};
use crate::options::Which;
use crate::origin::Origin;
use crate::store::Store;

/// Opens the experiment.
pub(crate) fn open<'h>(
    origin: Origin<'h>,
    store: Store<'h>,
    which: &Which,
) -> Result<Experiment<'h>, Fault> {
    let (group, features, symbols) = if store.node("matrix/barcodes")?.is_some() {
        if *which != Which::X {
            return Err(origin.fault(FaultCode::MissingInput));
        }
        let form = Form::Group {
            path: "matrix/features".to_owned(),
            index: "id".to_owned(),
        };
        ("matrix".to_owned(), form, "name")
    } else {
        let genome = genome(&origin, &store, which)?;
        let named = |name: &str, array: &str| (name.to_owned(), format!("{genome}/{array}"));
        let form = Form::Arrays(vec![named("id", "genes"), named("name", "gene_names")]);
        (genome, form, "name")
    };
    let part = |name: &str| store.required(&origin, &format!("{group}/{name}"));
    let shape = part("shape")?.expect_vector(2)?.indices(0, 2)?;
    let (Some(rows), Some(columns)) = (shape.first(), shape.get(1)) else {
        return Err(origin.malformed(&group, "a matrix without its shape"));
    };
    let barcodes = part("barcodes")?;
    let cells = Frame {
        origin,
        length: barcodes.rows(),
        form: Form::Arrays(vec![("barcode".to_owned(), barcodes.path.clone())]),
    };
    let parts = [part("data")?, part("indices")?, part("indptr")?];
    let matrix = Matrix::compressed(origin, Axis::Cells, [*columns, *rows], parts)?;
    let mut features = Frame {
        origin,
        length: *rows,
        form: features,
    };
    // says how many there are by itself
    features.length = match &features.form {
        Form::Group { path, index } => store.required(&origin, &format!("{path}/{index}"))?.rows(),
        Form::Arrays(arrays) => match arrays.first() {
            Some((_, path)) => store.required(&origin, path)?.rows(),
            None => *rows,
        },
        Form::Records { .. } | Form::Texts(_) => *rows,
    };
    Ok(Experiment {
        origin,
        store,
        cells,
        features,
        symbols: symbols.to_owned(),
        embeddings: Embeddings::None,
        matrix,
    })
}

/// The group of the genome that is asked for, or of the only one.
fn genome(origin: &Origin<'_>, store: &Store<'_>, which: &Which) -> Result<String, Fault> {
    let mut genomes = Vec::new();
    for name in store.children("")? {
        if store.node(&format!("{name}/barcodes"))?.is_some() {
            genomes.push(name);
        }
    }
    match (which, genomes.as_slice()) {
        (_, []) => Err(origin.malformed("the file", "HDF5 of no known layout")),
        (Which::X, [genome]) => Ok(genome.clone()),
        (Which::X, genomes) => {
            let fault = origin.malformed("the file", "several genomes: say which in `matrix`");
            Err(Fault {
                code: FaultCode::ParameterOutOfRange,
                ..fault
            }
            .expected_found(1, genomes.len() as u64))
        }
        (Which::Genome(name), genomes) if genomes.contains(name) => Ok(name.clone()),
        _ => Err(origin.fault(FaultCode::MissingInput)),
    }
}
