//! An experiment: cells, features, and a matrix between them.

use std::rc::Rc;

use autods_sdk::loader::{Fault, FaultCode};

use crate::array::Array;
use crate::column::Column;
use crate::format::Format;
use crate::frame::{Frame, members, within};
use crate::hdf5::Hdf5;
use crate::matrix::Matrix;
use crate::options::{Options, is_name};
use crate::origin::Origin;
use crate::store::{Node, Store};
use crate::zarr::Zarr;
use crate::{anndata, loom, mtx, tenx};

/// A file, whatever its format.
pub(crate) struct Experiment<'h> {
    pub(crate) origin: Origin<'h>,
    pub(crate) store: Store<'h>,
    pub(crate) cells: Frame<'h>,
    pub(crate) features: Frame<'h>,
    /// The column of `features` that holds symbols; empty: the index does.
    pub(crate) symbols: String,
    pub(crate) embeddings: Embeddings<'h>,
    pub(crate) matrix: Matrix<'h>,
}

/// Where a format keeps what has several columns for each cell.
pub(crate) enum Embeddings<'h> {
    None,
    /// A group with an array of two dimensions for each.
    Group(&'static str),
    /// An array of records with a member of several items for each.
    Records(Rc<Array<'h>>),
}

impl<'h> Experiment<'h> {
    /// Opens a source. `is_whole` says that all of it will be read, or is to be checked.
    pub(crate) fn open(
        origin: Origin<'h>,
        options: &Options,
        is_whole: bool,
    ) -> Result<Self, Fault> {
        let mut experiment = match Format::of(&origin)? {
            Format::Mtx => mtx::open(origin, &options.matrix, is_whole)?,
            Format::Hdf5 => Self::hdf5(origin, options)?,
            Format::Zip => {
                let store = Store::Zarr(Zarr::open(origin)?);
                anndata::open(origin, store, &options.matrix)?
            }
            Format::Unknown => return Err(origin.malformed("the file", "of no known format")),
        };
        if !options.symbols.is_empty() {
            experiment.symbols.clone_from(&options.symbols);
        }
        let [cells, features] = experiment.matrix.shape();
        for (frame, found) in [(&experiment.cells, cells), (&experiment.features, features)] {
            if frame.length != found {
                let fault = origin.malformed("the matrix", "another size than its frames");
                return Err(fault.expected_found(frame.length, found));
            }
        }
        Ok(experiment)
    }

    fn hdf5(origin: Origin<'h>, options: &Options) -> Result<Self, Fault> {
        let store = Store::Hdf5(Hdf5::open(origin)?);
        if store.node("obs")?.is_some() {
            return anndata::open(origin, store, &options.matrix);
        }
        if store.array("matrix")?.is_some() {
            return loom::open(origin, store, &options.matrix);
        }
        tenx::open(origin, store, &options.matrix)
    }

    /// The symbols of the features, or their index where there are none.
    pub(crate) fn symbols(&self) -> Result<Vec<String>, Fault> {
        let column = if self.symbols.is_empty() {
            self.features.index(&self.store)?
        } else {
            let missing = || self.origin.fault(FaultCode::MissingColumn);
            let column = self.features.column(&self.store, &self.symbols)?;
            column.ok_or_else(missing)?
        };
        self.features.all(&column)
    }

    /// The index of the features.
    pub(crate) fn ids(&self) -> Result<Vec<String>, Fault> {
        self.features.all(&self.features.index(&self.store)?)
    }

    /// Column `number`, from 1, of the embedding of that name: `X_pca.1`.
    pub(crate) fn embedding(&self, name: &str) -> Result<Option<Column<'h>>, Fault> {
        let Some((name, number)) = name.rsplit_once('.') else {
            return Ok(None);
        };
        let item = number.parse::<usize>().ok();
        let Some(item) = item.and_then(|number| number.checked_sub(1)) else {
            return Ok(None);
        };
        match &self.embeddings {
            Embeddings::None => Ok(None),
            Embeddings::Group(group) if is_name(name) => {
                match self.store.node(&format!("{group}/{name}"))? {
                    Some(Node::Array(array)) => self.embedded(array, item),
                    _ => Ok(None),
                }
            }
            Embeddings::Group(_) => Ok(None),
            Embeddings::Records(array) => {
                let member = members(array).iter().find(|member| member.name == name);
                let member = member.filter(|member| item < member.items);
                Ok(member.map(|member| within(array, member, item)))
            }
        }
    }

    fn embedded(&self, array: Array<'h>, item: usize) -> Result<Option<Column<'h>>, Fault> {
        let [rows, columns] = array.shape[..] else {
            return Ok(None);
        };
        if rows != self.cells.length {
            let fault = array.malformed("another number of rows than cells");
            return Err(fault.expected_found(self.cells.length, rows));
        }
        if item as u64 >= columns {
            return Ok(None);
        }
        let element = array.element.clone();
        Ok(Some(Column::Within {
            offset: item.saturating_mul(element.size),
            element,
            array: Rc::new(array),
        }))
    }
}
