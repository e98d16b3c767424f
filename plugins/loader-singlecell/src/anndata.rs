//! AnnData: `obs`, `var`, `X`, `layers`, `raw`, `obsm`, in any of its encodings.
//!
//! Until 0.6 frames were arrays of records, sparse matrices had an attribute `h5sparse_format`, and
//! `raw` was spelled `raw.X` and `raw.var`; since 0.7 frames are groups and what a group is stands in
//! `encoding-type`.

use std::rc::Rc;

use autods_sdk::loader::{Fault, FaultCode};

use crate::experiment::{Embeddings, Experiment};
use crate::frame::{Form, Frame, members};
use crate::matrix::{Axis, Matrix};
use crate::options::Which;
use crate::origin::Origin;
use crate::store::{Node, Store};

/// Opens the experiment with that matrix.
pub(crate) fn open<'h>(
    origin: Origin<'h>,
    store: Store<'h>,
    which: &Which,
) -> Result<Experiment<'h>, Fault> {
    let (at, features) = match which {
        Which::X => ("X".to_owned(), "var"),
        Which::Layer(name) => (format!("layers/{name}"), "var"),
        Which::Raw if store.node("raw.X")?.is_some() => ("raw.X".to_owned(), "raw.var"),
        Which::Raw => ("raw/X".to_owned(), "raw/var"),
        Which::Genome(_) => return Err(origin.fault(FaultCode::ParameterOutOfRange)),
    };
    // an experiment without that matrix, rather than one that is broken
    let Some(matrix) = store.node(&at)? else {
        return Err(origin.fault(FaultCode::MissingInput));
    };
    let matrix = match matrix {
        Node::Array(array) => Matrix::dense(origin, Axis::Cells, array)?,
        Node::Group => sparse(origin, &store, &at)?,
    };
    Ok(Experiment {
        origin,
        cells: frame(origin, &store, "obs")?,
        features: frame(origin, &store, features)?,
        symbols: String::new(),
        embeddings: embeddings(&store)?,
        matrix,
        store,
    })
}

/// A frame: a group with an attribute that names its index, or an array of records.
fn frame<'h>(origin: Origin<'h>, store: &Store<'h>, path: &str) -> Result<Frame<'h>, Fault> {
    match store.node(path)? {
        None => Err(origin.malformed(path, "there is no such frame")),
        Some(Node::Array(array)) => {
            let names = members(&array).iter().map(|member| member.name.as_str());
            let names: Vec<&str> = names.collect();
            let known = ["index", "_index"];
            let index = known.iter().find(|known| names.contains(known));
            let Some(index) = index.or(names.first()) else {
                return Err(array.malformed("a frame is an array of records"));
            };
            let index = (*index).to_owned();
            let length = array.rows();
            if array.shape.len() != 1 {
                return Err(array.malformed("a frame has one dimension"));
            }
            let array = Rc::new(array);
            let form = Form::Records { array, index };
            Ok(Frame {
                origin,
                length,
                form,
            })
        }
        Some(Node::Group) => {
            let index = store.text(path, "_index")?;
            let index = index.unwrap_or_else(|| "_index".to_owned());
            // an index of AnnData 0.13 is a group with a mask
            let of = format!("{path}/{index}");
            let array = match store.node(&of)? {
                Some(Node::Group) => store.required(&origin, &format!("{of}/values"))?,
                _ => store.required(&origin, &of)?,
            };
            let length = array.rows();
            let path = path.to_owned();
            let form = Form::Group { path, index };
            Ok(Frame {
                origin,
                length,
                form,
            })
        }
    }
}

/// A sparse matrix, by rows or by columns.
fn sparse<'h>(origin: Origin<'h>, store: &Store<'h>, path: &str) -> Result<Matrix<'h>, Fault> {
    let format = match store.text(path, "encoding-type")? {
        Some(format) => format,
        None => store.text(path, "h5sparse_format")?.unwrap_or_default(),
    };
    let shape = match store.attribute(path, "shape")? {
        Some(shape) => Some(shape),
        None => store.attribute(path, "h5sparse_shape")?,
    };
    let Some([cells, features]) = shape.and_then(|shape| shape.shape()) else {
        return Err(origin.malformed(path, "a sparse matrix without its shape"));
    };
    let part = |name: &str| store.required(&origin, &format!("{path}/{name}"));
    let parts = [part("data")?, part("indices")?, part("indptr")?];
    match format.as_str() {
        "csr_matrix" | "csr" => Matrix::compressed(origin, Axis::Cells, [cells, features], parts),
        "csc_matrix" | "csc" => {
            Matrix::compressed(origin, Axis::Features, [features, cells], parts)
        }
        _ => Err(origin.malformed(path, "a group that is no sparse matrix")),
    }
}

fn embeddings<'h>(store: &Store<'h>) -> Result<Embeddings<'h>, Fault> {
    Ok(match store.node("obsm")? {
        None => Embeddings::None,
        Some(Node::Group) => Embeddings::Group("obsm"),
        Some(Node::Array(array)) => Embeddings::Records(Rc::new(array)),
    })
}
