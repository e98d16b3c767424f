//! Takes from a component what its world has no place for.
//!
//! Toolchains of interpreted languages run the interpreter once at build time, keep a picture of its
//! memory, and leave the function behind that did it. A plugin exports its world and nothing else, so
//! that export goes; the code that it named can then be reached by nobody.

use wasm_encoder::reencode::{Error, Reencode, ReencodeComponent, component_utils as utils};
use wasm_encoder::{Component, ComponentExportSection, RawSection};
use wasmparser::{
    CanonicalFunction, ComponentAlias, ComponentExternalKind, ComponentTypeRef, KnownCustom,
    Parser, Payload,
};

use crate::AuthorError;

/// Section ids of the binary format (https://github.com/WebAssembly/component-model).
const CORE_MODULE: u8 = 1;
const COMPONENT: u8 = 4;

/// The component with the export `keep` and no other.
///
/// # Errors
/// [`AuthorError::Component`] where the bytes are no component, or use one of the other exports
/// themselves.
pub(crate) fn seal(bytes: &[u8], keep: &str) -> Result<Vec<u8>, AuthorError> {
    let broken = |what: &dyn std::fmt::Display| {
        AuthorError::Component(format!("its exports cannot be told apart: {what}"))
    };
    let dropped = dropped(bytes, keep).map_err(|error| broken(&error))?;
    if dropped.functions.is_empty() && dropped.instances.is_empty() {
        return Ok(bytes.to_vec());
    }
    let mut sealed = Component::new();
    let mut sealer = Sealer { keep, dropped };
    sealer
        .parse_component(&mut sealed, Parser::new(0), bytes)
        .map_err(|error| broken(&error))?;
    Ok(sealed.finish())
}

/// Places of exports in the index spaces of functions and instances, in order.
#[derive(Default)]
struct Dropped {
    functions: Vec<u32>,
    instances: Vec<u32>,
}

fn dropped(bytes: &[u8], keep: &str) -> wasmparser::Result<Dropped> {
    let mut dropped = Dropped::default();
    let (mut depth, mut functions, mut instances) = (0_u32, 0_u32, 0_u32);
    for payload in Parser::new(0).parse_all(bytes) {
        let payload = payload?;
        match &payload {
            Payload::Version { .. } => depth += 1,
            Payload::End(_) => depth -= 1,
            _ => {}
        }
        if depth != 1 {
            continue;
        }
        match payload {
            Payload::ComponentImportSection(section) => {
                for import in section {
                    match import?.ty {
                        ComponentTypeRef::Func(_) => functions += 1,
                        ComponentTypeRef::Instance(_) => instances += 1,
                        _ => {}
                    }
                }
            }
            Payload::ComponentCanonicalSection(section) => {
                for function in section {
                    if let CanonicalFunction::Lift { .. } = function? {
                        functions += 1;
                    }
                }
            }
            Payload::ComponentAliasSection(section) => {
                for alias in section {
                    if let ComponentAlias::InstanceExport { kind, .. } = alias? {
                        match kind {
                            ComponentExternalKind::Func => functions += 1,
                            ComponentExternalKind::Instance => instances += 1,
                            _ => {}
                        }
                    }
                }
            }
            Payload::ComponentInstanceSection(section) => instances += section.count(),
            Payload::ComponentExportSection(section) => {
                // An export is a new item of its own, behind what it exports.
                for export in section {
                    let export = export?;
                    let goes = export.name.name != keep;
                    match export.kind {
                        ComponentExternalKind::Func => {
                            dropped.functions.extend(goes.then_some(functions));
                            functions += 1;
                        }
                        ComponentExternalKind::Instance => {
                            dropped.instances.extend(goes.then_some(instances));
                            instances += 1;
                        }
                        _ => {}
                    }
                }
            }
            _ => {}
        }
    }
    Ok(dropped)
}

struct Sealer<'k> {
    keep: &'k str,
    dropped: Dropped,
}

/// An index without those before it that are gone. Nothing asks for one that is gone: what exports
/// it named is named by its own index everywhere else, and the audit validates what comes out.
fn without(index: u32, gone: &[u32]) -> u32 {
    let before = gone.iter().filter(|place| **place < index).count();
    index - u32::try_from(before).unwrap_or(0)
}

impl Reencode for Sealer<'_> {
    type Error = std::convert::Infallible;
}

impl ReencodeComponent for Sealer<'_> {
    fn component_func_index(&mut self, index: u32) -> u32 {
        without(index, &self.dropped.functions)
    }

    fn component_instance_index(&mut self, index: u32) -> u32 {
        without(index, &self.dropped.instances)
    }

    fn parse_component_export(
        &mut self,
        exports: &mut ComponentExportSection,
        export: wasmparser::ComponentExport<'_>,
    ) -> Result<(), Error<Self::Error>> {
        let goes = matches!(
            export.kind,
            ComponentExternalKind::Func | ComponentExternalKind::Instance
        ) && export.name.name != self.keep;
        if goes {
            return Ok(());
        }
        utils::parse_component_export(self, exports, export)
    }

    // What lies inside has index spaces of its own and stays as it is, byte for byte.
    fn parse_component_submodule(
        &mut self,
        component: &mut Component,
        _: Parser,
        submodule: &[u8],
    ) -> Result<(), Error<Self::Error>> {
        component.section(&RawSection {
            id: CORE_MODULE,
            data: submodule,
        });
        Ok(())
    }

    fn parse_component_subcomponent(
        &mut self,
        component: &mut Component,
        _: Parser,
        subcomponent: &[u8],
        _: &[u8],
    ) -> Result<(), Error<Self::Error>> {
        component.section(&RawSection {
            id: COMPONENT,
            data: subcomponent,
        });
        Ok(())
    }

    fn parse_component_custom_section(
        &mut self,
        component: &mut Component,
        section: wasmparser::CustomSectionReader<'_>,
    ) -> Result<(), Error<Self::Error>> {
        // Names of indices that have moved would be wrong; nothing needs them.
        if let KnownCustom::ComponentName(_) = section.as_known() {
            return Ok(());
        }
        utils::parse_component_custom_section(self, component, section)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const KEPT: &str = "autods:plugin/acting@0.1.0";

    fn exports(bytes: &[u8]) -> Vec<String> {
        wasmparser::Validator::new().validate_all(bytes).unwrap();
        let mut names = Vec::new();
        let mut depth = 0;
        for payload in Parser::new(0).parse_all(bytes) {
            match payload.unwrap() {
                Payload::Version { .. } => depth += 1,
                Payload::End(_) => depth -= 1,
                Payload::ComponentExportSection(section) if depth == 1 => {
                    names.extend(section.into_iter().map(|e| e.unwrap().name.name.to_owned()));
                }
                _ => {}
            }
        }
        names
    }

    #[test]
    fn only_the_worlds_export_stays_and_what_follows_still_finds_its_place() {
        let text = format!(
            r#"(component
                (core module $m (func (export "f") (result i32) i32.const 7))
                (core instance $i (instantiate $m))
                (func $init (result u32) (canon lift (core func $i "f")))
                (export "init" (func $init))
                (instance $extra (export "g" (func $init)))
                (export "exports" (instance $extra))
                (func $act (result u32) (canon lift (core func $i "f")))
                (instance $acting (export "act" (func $act)))
                (export "{KEPT}" (instance $acting)))"#
        );
        let bytes = wat::parse_str(text).unwrap();
        assert_eq!(exports(&bytes), ["init", "exports", KEPT]);
        let sealed = seal(&bytes, KEPT).unwrap();
        assert_eq!(exports(&sealed), [KEPT]);
        assert_eq!(seal(&sealed, KEPT).unwrap(), sealed);
    }

    #[test]
    fn a_component_that_exports_its_world_alone_is_not_touched() {
        let text = format!(r#"(component (instance $i) (export "{KEPT}" (instance $i)))"#);
        let bytes = wat::parse_str(text).unwrap();
        assert_eq!(seal(&bytes, KEPT).unwrap(), bytes);
    }

    #[test]
    fn what_is_no_component_is_an_error() {
        assert!(seal(b"\0asm nonsense", KEPT).is_err());
    }
}
