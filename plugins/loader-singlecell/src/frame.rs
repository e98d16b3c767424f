//! Frames: what is known of every cell, or of every feature.

use std::rc::Rc;

use autods_sdk::loader::Fault;

use crate::array::Array;
use crate::blocks::blocks;
use crate::column::Column;
use crate::element::{Kind, Member};
use crate::options::is_name;
use crate::origin::Origin;
use crate::store::{Node, Store};

/// Bytes that the names of a frame, or the categories of a column, may have together.
pub(crate) const MAX_TEXTS: usize = 128 << 20;

/// Rows of a column that are read at once.
pub(crate) const BLOCK: u64 = 4096;

/// A frame: an index that names its rows, and columns.
pub(crate) struct Frame<'h> {
    pub(crate) origin: Origin<'h>,
    /// Rows.
    pub(crate) length: u64,
    pub(crate) form: Form<'h>,
}

/// How a format keeps a frame.
pub(crate) enum Form<'h> {
    /// A group with a member for each column; one of them is the index.
    Group { path: String, index: String },
    /// An array of records; codes are spelled out in `uns`.
    Records { array: Rc<Array<'h>>, index: String },
    /// Arrays here and there, by name; the first one is the index.
    Arrays(Vec<(String, String)>),
    /// Texts in memory, by name; the first one is the index.
    Texts(Vec<(String, Rc<[String]>)>),
}

impl<'h> Frame<'h> {
    /// The column that names the rows.
    pub(crate) fn index(&self, store: &Store<'h>) -> Result<Column<'h>, Fault> {
        let name = match &self.form {
            Form::Group { index, .. } | Form::Records { index, .. } => index.as_str(),
            Form::Arrays(arrays) => arrays.first().map_or("", |(name, _)| name),
            Form::Texts(texts) => texts.first().map_or("", |(name, _)| name),
        };
        self.column(store, name)?
            .ok_or_else(|| self.origin.malformed(name, "a frame without its index"))
    }

    /// The column of that name.
    pub(crate) fn column(
        &self,
        store: &Store<'h>,
        name: &str,
    ) -> Result<Option<Column<'h>>, Fault> {
        match &self.form {
            Form::Group { path, .. } => self.member(store, path, name),
            Form::Records { array, .. } => self.field(store, array, name),
            Form::Arrays(arrays) => match arrays.iter().find(|(known, _)| known == name) {
                Some((_, path)) => {
                    let array = store.required(&self.origin, path)?;
                    Ok(Some(Column::Array(array.expect_vector(self.length)?)))
                }
                None => Ok(None),
            },
            Form::Texts(texts) => {
                let found = texts.iter().find(|(known, _)| known == name);
                Ok(found.map(|(_, texts)| Column::Texts(Rc::clone(texts))))
            }
        }
    }

    /// The names of the columns, without the index.
    pub(crate) fn names(&self, store: &Store<'h>) -> Result<Vec<String>, Fault> {
        Ok(match &self.form {
            Form::Group { path, index } => {
                let mut names = store.children(path)?;
                names.retain(|name| name != index && name != OLD_CATEGORIES);
                names
            }
            Form::Records { array, index } => {
                let names = members(array).iter().map(|member| member.name.clone());
                names.filter(|name| name != index).collect()
            }
            Form::Arrays(arrays) => arrays
                .iter()
                .skip(1)
                .map(|(name, _)| name.clone())
                .collect(),
            Form::Texts(texts) => texts.iter().skip(1).map(|(name, _)| name.clone()).collect(),
        })
    }

    /// A whole column in memory.
    pub(crate) fn all(&self, column: &Column<'h>) -> Result<Vec<String>, Fault> {
        let mut all = Vec::new();
        let mut bytes = 0;
        for rows in blocks(0..self.length, BLOCK) {
            for text in column.read(&rows)? {
                let text = text.unwrap_or_default();
                bytes += text.len() + size_of::<String>();
                all.push(text);
            }
            if bytes > MAX_TEXTS {
                return Err(self
                    .origin
                    .malformed("an index", "names are too long to be held"));
            }
        }
        Ok(all)
    }

    /// A column of a group: an array, or a group of several that belong together.
    fn member(
        &self,
        store: &Store<'h>,
        group: &str,
        name: &str,
    ) -> Result<Option<Column<'h>>, Fault> {
        if !is_name(name) || name == OLD_CATEGORIES {
            return Ok(None);
        }
        let path = format!("{group}/{name}");
        match store.node(&path)? {
            None => Ok(None),
            Some(Node::Array(array)) => {
                let array = array.expect_vector(self.length)?;
                // AnnData 0.7 kept categories beside the columns
                let categories = store.node(&format!("{group}/{OLD_CATEGORIES}/{name}"))?;
                let column = Column::Array(array);
                match categories {
                    Some(Node::Array(categories)) => {
                        let categories = self.categories(&Column::Array(categories))?;
                        Ok(Some(coded(column, categories)))
                    }
                    _ => Ok(Some(column)),
                }
            }
            Some(Node::Group) => self.encoded(store, &path, Some(self.length)).map(Some),
        }
    }

    /// A column that is a group: `categorical`, or one of the `nullable-` encodings.
    fn encoded(
        &self,
        store: &Store<'h>,
        path: &str,
        length: Option<u64>,
    ) -> Result<Column<'h>, Fault> {
        let vector = |name: &str| {
            let array = store.required(&self.origin, &format!("{path}/{name}"))?;
            let rows = array.rows();
            array.expect_vector(length.unwrap_or(rows))
        };
        if store.node(&format!("{path}/codes"))?.is_some() {
            let codes = Column::Array(vector("codes")?);
            let of = format!("{path}/categories");
            let categories = match store.node(&of)? {
                Some(Node::Array(array)) => Column::Array(array),
                Some(Node::Group) if length.is_some() => self.encoded(store, &of, None)?,
                _ => return Err(self.origin.malformed(&of, "codes without categories")),
            };
            return Ok(coded(codes, self.categories(&categories)?));
        }
        let values = vector("values")?;
        let mask = vector("mask")?.expect_vector(values.rows())?;
        Ok(Column::Masked {
            values: Box::new(Column::Array(values)),
            mask,
        })
    }

    /// A column of records.
    fn field(
        &self,
        store: &Store<'h>,
        array: &Rc<Array<'h>>,
        name: &str,
    ) -> Result<Option<Column<'h>>, Fault> {
        let Some(member) = members(array).iter().find(|member| member.name == name) else {
            return Ok(None);
        };
        let column = within(array, member, 0);
        if !is_name(name) {
            return Ok(Some(column));
        }
        match store.node(&format!("uns/{name}_categories"))? {
            Some(Node::Array(categories))
                if matches!(member.element.kind, Kind::Integer { .. }) =>
            {
                let categories = self.categories(&Column::Array(categories))?;
                Ok(Some(coded(column, categories)))
            }
            _ => Ok(Some(column)),
        }
    }

    /// Categories, whole.
    fn categories(&self, column: &Column<'h>) -> Result<Vec<Option<String>>, Fault> {
        let length = match column {
            Column::Array(array) => array.rows(),
            Column::Masked { mask, .. } => mask.rows(),
            _ => 0,
        };
        let mut all = Vec::new();
        let mut bytes = 0;
        for rows in blocks(0..length, BLOCK) {
            let categories = column.read(&rows)?;
            let texts = categories.iter().flatten().map(String::len);
            bytes += texts.sum::<usize>() + categories.len() * size_of::<Option<String>>();
            if bytes > MAX_TEXTS {
                return Err(self.origin.malformed("categories", "too many to be held"));
            }
            all.extend(categories);
        }
        Ok(all)
    }
}

/// Where AnnData 0.7 kept the categories of a frame.
const OLD_CATEGORIES: &str = "__categories";

fn coded<'h>(codes: Column<'h>, categories: Vec<Option<String>>) -> Column<'h> {
    Column::Coded {
        codes: Box::new(codes),
        categories,
    }
}

/// The members of an array of records.
pub(crate) fn members<'a>(array: &'a Array<'_>) -> &'a [Member] {
    match &array.element.kind {
        Kind::Record(members) => members,
        _ => &[],
    }
}

/// One item of a member of records.
pub(crate) fn within<'h>(array: &Rc<Array<'h>>, member: &Member, item: usize) -> Column<'h> {
    Column::Within {
        array: Rc::clone(array),
        element: member.element.clone(),
        offset: item
            .saturating_mul(member.element.size)
            .saturating_add(member.offset),
    }
}
