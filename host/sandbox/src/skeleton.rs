//! A valid component without its insides: the same types, imports and exports, every function an
//! `unreachable`. What is asked about a component's types can be asked of its skeleton, which is
//! a hundredth of the size; its functions were validated where they are.

/// Header of a module or component (magic and version).
const HEADER: usize = 8;
/// Core sections (WebAssembly core specification, 5.5.2).
const CUSTOM: u8 = 0;
const CODE: u8 = 10;
const DATA: u8 = 11;
/// Component sections (component model, `Binary.md`).
const CORE_MODULE: u8 = 1;
const COMPONENT: u8 = 4;

/// The skeleton of a component; `None` for bytes that are not made of whole sections.
pub(crate) fn skeleton(component: &[u8]) -> Option<Vec<u8>> {
    let mut made = component.get(..HEADER)?.to_vec();
    let mut rest = component.get(HEADER..)?;
    while !rest.is_empty() {
        let (id, content) = section(&mut rest)?;
        match id {
            CORE_MODULE => put(&mut made, id, &module(content)?),
            COMPONENT => put(&mut made, id, &skeleton(content)?),
            _ => put(&mut made, id, content),
        }
    }
    Some(made)
}

fn module(module: &[u8]) -> Option<Vec<u8>> {
    let mut made = module.get(..HEADER)?.to_vec();
    let mut rest = module.get(HEADER..)?;
    while !rest.is_empty() {
        let (id, content) = section(&mut rest)?;
        match id {
            CUSTOM => {}
            CODE => {
                let functions = number(&mut &*content)?;
                let mut bodies = Vec::new();
                put_number(&mut bodies, functions);
                for _ in 0..functions {
                    // three bytes: no locals, unreachable, end
                    bodies.extend([3, 0, 0x00, 0x0b]);
                }
                put(&mut made, id, &bodies);
            }
            // Their number stays, because a count of them is declared before the code.
            DATA => {
                let segments = number(&mut &*content)?;
                let mut empty = Vec::new();
                put_number(&mut empty, segments);
                for _ in 0..segments {
                    // passive, no bytes
                    empty.extend([1, 0]);
                }
                put(&mut made, id, &empty);
            }
            _ => put(&mut made, id, content),
        }
    }
    Some(made)
}

fn section<'b>(rest: &mut &'b [u8]) -> Option<(u8, &'b [u8])> {
    let (&id, after) = rest.split_first()?;
    *rest = after;
    let length = number(rest)? as usize;
    let (content, after) = rest.split_at_checked(length)?;
    *rest = after;
    Some((id, content))
}

/// An unsigned LEB128 number of 32 bits.
fn number(bytes: &mut &[u8]) -> Option<u32> {
    let mut value = 0_u32;
    for shift in (0..35).step_by(7) {
        let (&byte, rest) = bytes.split_first()?;
        *bytes = rest;
        let bits = u32::from(byte & 0x7f);
        value |= bits.checked_shl(shift).filter(|all| all >> shift == bits)?;
        if byte & 0x80 == 0 {
            return Some(value);
        }
    }
    None
}

fn put(made: &mut Vec<u8>, id: u8, content: &[u8]) {
    made.push(id);
    // A section of a component that was read whole has less than 4 GiB.
    put_number(made, u32::try_from(content.len()).unwrap_or(u32::MAX));
    made.extend_from_slice(content);
}

fn put_number(made: &mut Vec<u8>, mut value: u32) {
    loop {
        let [low, ..] = (value & 0x7f).to_le_bytes();
        value >>= 7;
        if value == 0 {
            made.push(low);
            return;
        }
        made.push(low | 0x80);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::anatomy::{Anatomy, FEATURES, Item};

    const COMPONENT: &str = r#"(component
        (import "a" (func $a (param "x" string)))
        (core module $m
          (memory (export "m") 1) (data (i32.const 9) "hello") (data "more")
          (func (export "f") (param i32) (result i32) (i32.add (local.get 0) (i32.const 1))))
        (component $inner (core module (func unreachable)))
        (core instance $i (instantiate $m))
        (func (export "f") (param "x" u32) (result u32) (canon lift (core func $i "f"))))"#;

    #[test]
    fn a_skeleton_is_valid_and_has_the_same_types() {
        let whole = wat::parse_str(COMPONENT).unwrap();
        let bones = skeleton(&whole).unwrap();
        let mut validator = wasmparser::Validator::new_with_features(FEATURES);
        validator.validate_all(&bones).unwrap();
        assert!(bones.len() < whole.len());
        assert!(!bones.windows(5).any(|bytes| bytes == b"hello"));
        let outside = |bytes: &[u8]| {
            let mut anatomy = Anatomy::default();
            assert!(anatomy.walk(bytes).is_ok());
            let names = |items: Vec<Item>| items.into_iter().map(|item| item.name);
            let found: Vec<String> = names(anatomy.imports)
                .chain(names(anatomy.exports))
                .collect();
            (found, anatomy.shape.functions, anatomy.shape.memories)
        };
        assert_eq!(outside(&bones).0, ["a", "f"]);
        assert_eq!(outside(&bones), outside(&whole));
    }

    #[test]
    fn cut_off_bytes_have_no_skeleton_or_a_shorter_one_and_no_panic() {
        let whole = wat::parse_str(COMPONENT).unwrap();
        for length in 0..whole.len() {
            if let Some(bones) = skeleton(&whole[..length]) {
                assert!(bones.len() <= whole.len());
            }
        }
    }
}
