//! What is written of an array: `zarr.json` of version 3, `.zarray` of version 2.

use serde_json::Value;

use super::codec::{self, Codec};
use crate::element::{Element, Kind};

/// How an array is stored.
#[derive(Clone, Debug)]
pub(super) struct Metadata {
    pub(super) shape: Vec<u64>,
    pub(super) element: Element,
    /// Sides of a member of the zip: a chunk, or a shard of several.
    pub(super) outer: Vec<u64>,
    /// Sides of a chunk.
    pub(super) inner: Vec<u64>,
    pub(super) codecs: Vec<Codec>,
    /// The index of a shard, where members are shards.
    pub(super) index: Option<Index>,
    /// What stands before the places of a chunk, and between them.
    pub(super) prefix: &'static str,
    pub(super) separator: String,
    /// What stands where no chunk is.
    pub(super) fill: Vec<u8>,
}

/// Where the chunks of a shard are.
#[derive(Clone, Debug)]
pub(super) struct Index {
    pub(super) codecs: Vec<Codec>,
    pub(super) at_start: bool,
}

impl Metadata {
    /// Reads version 3.
    pub(super) fn third(json: &Value) -> Option<Self> {
        let shape = sides(&json["shape"])?;
        let mut element = third_type(&json["data_type"])?;
        let outer = sides(&json["chunk_grid"]["configuration"]["chunk_shape"])?;
        let encoding = &json["chunk_key_encoding"];
        let (prefix, separator) = match encoding["name"].as_str()? {
            "default" => ("c", "/"),
            "v2" => ("", "."),
            _ => return None,
        };
        let told = encoding["configuration"]["separator"].as_str();
        let separator = told.unwrap_or(separator).to_owned();
        let mut codecs = codec::named(&json["codecs"])?;
        let (mut inner, mut index) = (outer.clone(), None);
        if let [("sharding_indexed", told)] = codecs.as_slice() {
            let told = *told;
            inner = sides(&told["chunk_shape"])?;
            let of_index = codec::named(&told["index_codecs"])?;
            index = Some(Index {
                codecs: bytes_codecs(&of_index, &mut Element::float(8))?,
                at_start: told["index_location"].as_str() == Some("start"),
            });
            codecs = codec::named(&told["codecs"])?;
        }
        let codecs = bytes_codecs(&codecs, &mut element)?;
        let fill = fill(&json["fill_value"], &element);
        Self {
            shape,
            element,
            outer,
            inner,
            codecs,
            index,
            prefix,
            separator,
            fill,
        }
        .checked()
    }

    /// Reads version 2.
    pub(super) fn second(json: &Value) -> Option<Self> {
        let element = second_type(json["dtype"].as_str()?)?;
        if json["order"].as_str() != Some("C") {
            return None;
        }
        let filters = json["filters"].as_array().map_or(&[][..], Vec::as_slice);
        let is_read = match (filters, &element.kind) {
            ([filter], Kind::Text) => filter["id"].as_str() == Some("vlen-utf8"),
            ([], kind) => *kind != Kind::Text,
            _ => false,
        };
        let codecs = match &json["compressor"] {
            Value::Null => Vec::new(),
            compressor => vec![Codec::named(compressor["id"].as_str()?)?],
        };
        let outer = sides(&json["chunks"])?;
        let separator = json["dimension_separator"].as_str().unwrap_or(".");
        let metadata = Self {
            shape: sides(&json["shape"])?,
            fill: fill(&json["fill_value"], &element),
            element,
            inner: outer.clone(),
            outer,
            codecs,
            index: None,
            prefix: "",
            separator: separator.to_owned(),
        };
        metadata.checked().filter(|_| is_read)
    }

    /// That its parts belong together.
    fn checked(self) -> Option<Self> {
        let rank = self.shape.len();
        let sides = self.outer.iter().zip(&self.inner);
        let divides = |(outer, inner): (&u64, &u64)| {
            *inner > 0 && *outer > 0 && outer.checked_rem(*inner) == Some(0)
        };
        let fits = self.outer.len() == rank && self.inner.len() == rank;
        (fits && sides.into_iter().all(divides)).then_some(self)
    }
}

/// Sides of an array or a chunk; of two dimensions at most.
fn sides(json: &Value) -> Option<Vec<u64>> {
    let sides: Option<Vec<u64>> = json.as_array()?.iter().map(Value::as_u64).collect();
    sides.filter(|sides| sides.len() <= 2)
}

/// The codecs after the first one, which turns elements into bytes.
fn bytes_codecs(codecs: &[(&str, &Value)], element: &mut Element) -> Option<Vec<Codec>> {
    let ((first, told), rest) = codecs.split_first()?;
    match (*first, &element.kind) {
        ("bytes", kind) if *kind != Kind::Text => {
            element.big_endian = told["endian"].as_str() == Some("big");
        }
        ("vlen-utf8", Kind::Text) => {}
        _ => return None,
    }
    rest.iter().map(|(name, _)| Codec::named(name)).collect()
}

fn third_type(json: &Value) -> Option<Element> {
    let plain = |size: usize, kind: Kind| Element {
        size,
        big_endian: false,
        kind,
    };
    if json["name"].as_str() == Some("fixed_length_utf32") {
        let size = usize::try_from(json["configuration"]["length_bytes"].as_u64()?).ok()?;
        return (size > 0 && size % 4 == 0).then(|| plain(size, Kind::FixedUtf32));
    }
    let integer = |size: usize, signed: bool| plain(size, Kind::Integer { signed });
    Some(match json.as_str()? {
        "bool" => plain(1, Kind::Boolean),
        "int8" => integer(1, true),
        "int16" => integer(2, true),
        "int32" => integer(4, true),
        "int64" => integer(8, true),
        "uint8" => integer(1, false),
        "uint16" => integer(2, false),
        "uint32" => integer(4, false),
        "uint64" => integer(8, false),
        "float32" => Element::float(4),
        "float64" => Element::float(8),
        "string" => Element::text(),
        _ => return None,
    })
}

/// A type as numpy writes it: `<f4`.
fn second_type(text: &str) -> Option<Element> {
    if text == "|O" {
        return Some(Element::text());
    }
    let size: usize = text.get(2..)?.parse().ok()?;
    let big_endian = text.starts_with('>');
    let (size, kind) = match text.as_bytes().get(1)? {
        b'b' => (size, Kind::Boolean),
        b'i' => (size, Kind::Integer { signed: true }),
        b'u' => (size, Kind::Integer { signed: false }),
        b'f' => (size, Kind::Float),
        b'S' => (size, Kind::FixedText),
        b'U' => (size.checked_mul(4)?, Kind::FixedUtf32),
        _ => return None,
    };
    (size > 0).then_some(Element {
        size,
        big_endian,
        kind,
    })
}

/// The bytes of a fill value; those of zero for one that is no number.
fn fill(json: &Value, element: &Element) -> Vec<u8> {
    let mut bytes = match (&element.kind, json) {
        (Kind::Boolean, Value::Bool(true)) => vec![1],
        (Kind::Integer { .. }, Value::Number(number)) => {
            let word = number.as_i64().map(i64::to_le_bytes);
            word.or(number.as_u64().map(u64::to_le_bytes))
                .unwrap_or_default()
                .to_vec()
        }
        #[allow(clippy::cast_possible_truncation, reason = "of that type in the file")]
        (Kind::Float, json) => {
            let number = match json.as_str() {
                Some("NaN") => f64::NAN,
                _ => json.as_f64().unwrap_or_default(),
            };
            if element.size == 4 {
                (number as f32).to_le_bytes().to_vec()
            } else {
                number.to_le_bytes().to_vec()
            }
        }
        _ => Vec::new(),
    };
    bytes.resize(element.size, 0);
    if element.big_endian {
        bytes.reverse();
    }
    bytes
}
