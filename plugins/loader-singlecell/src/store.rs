//! A tree of groups and arrays, whatever keeps it.

use autods_sdk::loader::Fault;

use crate::array::Array;
use crate::attribute::Attribute;
use crate::hdf5::Hdf5;
use crate::origin::Origin;
use crate::zarr::Zarr;

/// What keeps a tree.
pub(crate) enum Store<'h> {
    /// There is no tree: what is read is in memory.
    None,
    Hdf5(Hdf5<'h>),
    Zarr(Zarr<'h>),
}

/// What stands at a path.
pub(crate) enum Node<'h> {
    Group,
    Array(Array<'h>),
}

impl<'h> Store<'h> {
    /// What stands at that path, which begins with no slash.
    pub(crate) fn node(&self, path: &str) -> Result<Option<Node<'h>>, Fault> {
        match self {
            Self::None => Ok(None),
            Self::Hdf5(file) => file.node(path),
            Self::Zarr(zip) => zip.node(path),
        }
    }

    /// The array at that path.
    pub(crate) fn array(&self, path: &str) -> Result<Option<Array<'h>>, Fault> {
        Ok(match self.node(path)? {
            Some(Node::Array(array)) => Some(array),
            _ => None,
        })
    }

    /// The array that must be at that path.
    pub(crate) fn required(&self, origin: &Origin<'h>, path: &str) -> Result<Array<'h>, Fault> {
        self.array(path)?
            .ok_or_else(|| origin.malformed(path, "there is no such array"))
    }

    /// An attribute of the group or array at that path.
    pub(crate) fn attribute(&self, path: &str, name: &str) -> Result<Option<Attribute>, Fault> {
        match self {
            Self::None => Ok(None),
            Self::Hdf5(file) => file.attribute(path, name),
            Self::Zarr(zip) => zip.attribute(path, name),
        }
    }

    /// An attribute that is a text.
    pub(crate) fn text(&self, path: &str, name: &str) -> Result<Option<String>, Fault> {
        let attribute = self.attribute(path, name)?;
        Ok(attribute.and_then(|value| value.text().map(str::to_owned)))
    }

    /// The names in the group at that path, in order; the empty path is the root.
    pub(crate) fn children(&self, path: &str) -> Result<Vec<String>, Fault> {
        match self {
            Self::None => Ok(Vec::new()),
            Self::Hdf5(file) => file.children(path),
            Self::Zarr(zip) => Ok(zip.children(path)),
        }
    }
}
