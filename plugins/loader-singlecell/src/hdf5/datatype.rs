//! HDF5's datatypes as elements.

use hdf5_pure::{Datatype, DatatypeByteOrder};

use crate::element::{Element, Kind, Member};

/// The element that a datatype describes.
pub(super) fn element(datatype: &Datatype) -> Element {
    let other = |size: u32| plain(size, Kind::Other);
    match datatype {
        Datatype::FixedPoint {
            size,
            byte_order,
            layout,
        } => {
            let is_whole =
                layout.bit_offset == 0 && u32::from(layout.bit_precision) == size.saturating_mul(8);
            if !is_whole {
                return other(*size);
            }
            let signed = layout.signed;
            ordered(*size, *byte_order, Kind::Integer { signed })
        }
        Datatype::FloatingPoint {
            size,
            byte_order,
            layout,
        } => {
            let is_ieee = match size {
                4 => layout.exponent_size == 8 && layout.mantissa_size == 23,
                8 => layout.exponent_size == 11 && layout.mantissa_size == 52,
                _ => false,
            };
            if is_ieee {
                ordered(*size, *byte_order, Kind::Float)
            } else {
                other(*size)
            }
        }
        Datatype::String { size, .. } => plain(*size, Kind::FixedText),
        Datatype::VariableLength {
            is_string: true, ..
        } => plain(16, Kind::Text),
        Datatype::Enumeration {
            base_type, members, ..
        } => enumeration(element(base_type), members.iter().map(|m| m.name.as_str())),
        Datatype::Compound { size, members } => {
            let members = members.iter().map(|member| {
                let (items, element) = items(&member.datatype);
                Member {
                    name: member.name.clone(),
                    offset: usize::try_from(member.byte_offset).unwrap_or(usize::MAX),
                    items,
                    element,
                }
            });
            plain(*size, Kind::Record(members.collect()))
        }
        _ => other(0),
    }
}

/// h5py writes booleans as an enumeration of FALSE and TRUE.
fn enumeration<'a>(base: Element, names: impl Iterator<Item = &'a str>) -> Element {
    let names: Vec<&str> = names.collect();
    if names.len() == 2 && names.contains(&"FALSE") && names.contains(&"TRUE") {
        return Element {
            kind: Kind::Boolean,
            ..base
        };
    }
    base
}

/// A member that is an array of one dimension is several elements in a row.
fn items(datatype: &Datatype) -> (usize, Element) {
    match datatype {
        Datatype::Array {
            base_type,
            dimensions,
        } if dimensions.len() == 1 => {
            let items = dimensions.first().copied().unwrap_or_default();
            (items as usize, element(base_type))
        }
        datatype => (1, element(datatype)),
    }
}

fn plain(size: u32, kind: Kind) -> Element {
    Element {
        size: size as usize,
        big_endian: false,
        kind,
    }
}

fn ordered(size: u32, order: DatatypeByteOrder, kind: Kind) -> Element {
    match order {
        DatatypeByteOrder::Vax => plain(size, Kind::Other),
        order => Element {
            size: size as usize,
            big_endian: order == DatatypeByteOrder::BigEndian,
            kind,
        },
    }
}
