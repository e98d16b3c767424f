//! Groups and arrays by their paths.

use std::rc::Rc;

use autods_sdk::loader::Fault;
use serde_json::Value;

use super::array::Chunked;
use super::metadata::Metadata;
use super::zip::Zip;
use crate::array::{Array, Backing};
use crate::attribute::Attribute;
use crate::origin::Origin;
use crate::store::Node;

/// A Zarr hierarchy in a zip.
pub(crate) struct Zarr<'h> {
    origin: Origin<'h>,
    zip: Rc<Zip<'h>>,
    /// The folder that holds it, with its slash; empty where the zip itself does.
    root: String,
}

impl<'h> Zarr<'h> {
    pub(crate) fn open(origin: Origin<'h>) -> Result<Self, Fault> {
        let zip = Rc::new(Zip::open(origin)?);
        let ends = ["obs/zarr.json", "obs/.zgroup"];
        let root = zip.names("").find_map(|name| {
            let root = ends.iter().find_map(|end| name.strip_suffix(end))?;
            (root.is_empty() || root.matches('/').count() == 1).then(|| root.to_owned())
        });
        let missing = || origin.malformed("the zip", "no Zarr hierarchy of an experiment");
        Ok(Self {
            origin,
            root: root.ok_or_else(missing)?,
            zip,
        })
    }

    fn json(&self, path: &str, file: &str) -> Result<Option<Value>, Fault> {
        let name = format!("{}{path}/{file}", self.root);
        let Some(bytes) = self.zip.member(&name)? else {
            return Ok(None);
        };
        let broken = |_| self.origin.malformed(&name, "not JSON");
        serde_json::from_slice(&bytes).map(Some).map_err(broken)
    }

    /// What stands at that path.
    pub(crate) fn node(&self, path: &str) -> Result<Option<Node<'h>>, Fault> {
        let metadata = if let Some(json) = self.json(path, "zarr.json")? {
            if json["node_type"].as_str() != Some("array") {
                return Ok(Some(Node::Group));
            }
            // what AnnData writes where there is nothing
            if json["attributes"]["encoding-type"].as_str() == Some("null") {
                return Ok(None);
            }
            Metadata::third(&json)
        } else if let Some(json) = self.json(path, ".zarray")? {
            Metadata::second(&json)
        } else {
            return Ok(self.json(path, ".zgroup")?.map(|_| Node::Group));
        };
        let Some(metadata) = metadata else {
            return Err(self
                .origin
                .malformed(path, "an array of a kind that is not read"));
        };
        let (shape, element) = (metadata.shape.clone(), metadata.element.clone());
        let at = format!("{}{path}", self.root);
        let chunked = Chunked::new(self.origin, Rc::clone(&self.zip), &at, metadata)?;
        let array = Array::new(
            self.origin,
            path,
            shape,
            element,
            Backing::Zarr(Box::new(chunked)),
        )?;
        Ok(Some(Node::Array(array)))
    }

    /// An attribute of a group or an array.
    pub(crate) fn attribute(&self, path: &str, name: &str) -> Result<Option<Attribute>, Fault> {
        let value = match self.json(path, "zarr.json")? {
            Some(json) => json["attributes"][name].clone(),
            None => match self.json(path, ".zattrs")? {
                Some(json) => json[name].clone(),
                None => Value::Null,
            },
        };
        let integers = |values: &Vec<Value>| values.iter().map(Value::as_i64).collect();
        Ok(match value {
            Value::Null => None,
            Value::String(text) => Some(Attribute::Text(text)),
            Value::Array(values) => {
                let integers: Option<Vec<i64>> = integers(&values);
                Some(integers.map_or(Attribute::Other, Attribute::Integers))
            }
            _ => Some(Attribute::Other),
        })
    }

    /// The names in a group, in order.
    pub(crate) fn children(&self, path: &str) -> Vec<String> {
        let start = format!("{}{path}/", self.root);
        let mut names: Vec<String> = self
            .zip
            .names(&start)
            .filter_map(|name| name.get(start.len()..)?.split_once('/'))
            .map(|(child, _)| child.to_owned())
            .collect();
        names.dedup();
        names
    }
}
