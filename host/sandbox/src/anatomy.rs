//! What a component is made of, read from its bytes without compiling or running anything.

use serde::Serialize;
use wasmparser::{ComponentTypeRef, Encoding, Parser, Payload, WasmFeatures};

use crate::message::printable;

/// WebAssembly features that plugins may use: what Rust and C compilers emit by default, and
/// nothing that is young, nondeterministic or unneeded. The engine has the same set, and one more for
/// code of its own.
pub(crate) const FEATURES: WasmFeatures = WasmFeatures::MUTABLE_GLOBAL
    .union(WasmFeatures::SATURATING_FLOAT_TO_INT)
    .union(WasmFeatures::SIGN_EXTENSION)
    .union(WasmFeatures::REFERENCE_TYPES)
    .union(WasmFeatures::MULTI_VALUE)
    .union(WasmFeatures::BULK_MEMORY)
    .union(WasmFeatures::SIMD)
    .union(WasmFeatures::RELAXED_SIMD)
    .union(WasmFeatures::TAIL_CALL)
    .union(WasmFeatures::EXTENDED_CONST)
    .union(WasmFeatures::FLOATS)
    .union(WasmFeatures::COMPONENT_MODEL);

/// Entries kept of any one list, so that a hostile component cannot make its own audit large.
const LISTED: usize = 1000;

/// Levels of components inside components. Encoders make two or three; tools that check and compile
/// take time that grows with the square of the depth.
const DEEPEST: usize = 16;

/// Sizes of a component.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub struct Shape {
    /// Core modules, nested ones included.
    pub modules: u64,
    /// Nested components.
    pub components: u64,
    /// Functions over all modules.
    pub functions: u64,
    /// Bytes of the largest function body.
    pub largest_function: u64,
    /// Memories that its modules define.
    pub memories: u64,
    /// Bytes of memory that its modules have from the start.
    pub initial_memory: u64,
    /// Tables that its modules define.
    pub tables: u64,
    /// Table elements that its modules have from the start.
    pub initial_table_elements: u64,
}

/// A tool that had a hand in the component, as the component says.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
pub struct Producer {
    /// `language`, `processed-by` or `sdk`.
    pub field: String,
    /// Name of the tool.
    pub name: String,
    /// Its version.
    pub version: String,
}

/// An import or export at the top of the component: all of its authority.
pub(crate) struct Item {
    pub name: String,
    pub kind: &'static str,
    pub renamed: bool,
}

#[derive(Default)]
pub(crate) struct Anatomy {
    pub imports: Vec<Item>,
    pub exports: Vec<Item>,
    pub shape: Shape,
    pub producers: Vec<Producer>,
}

/// Where and why the bytes are not a component.
pub(crate) struct Flaw {
    pub offset: usize,
    pub what: String,
}

impl From<wasmparser::BinaryReaderError> for Flaw {
    fn from(error: wasmparser::BinaryReaderError) -> Self {
        Self {
            offset: error.offset(),
            what: printable(error.message(), 200),
        }
    }
}

impl Anatomy {
    /// Walks the bytes. What was found before a flaw stays in `self`.
    pub(crate) fn walk(&mut self, bytes: &[u8]) -> Result<(), Flaw> {
        let mut parser = Parser::new(0);
        parser.set_features(FEATURES);
        let mut nesting: Vec<Encoding> = Vec::new();
        for payload in parser.parse_all(bytes) {
            let top = nesting.len() == 1;
            match payload? {
                Payload::Version {
                    encoding, range, ..
                } => {
                    if nesting.len() > DEEPEST {
                        return Err(Flaw {
                            offset: range.start,
                            what: format!("components inside components, more than {DEEPEST} deep"),
                        });
                    }
                    match (encoding, nesting.is_empty()) {
                        (Encoding::Module, _) => self.shape.modules += 1,
                        (Encoding::Component, false) => self.shape.components += 1,
                        (Encoding::Component, true) => {}
                    }
                    nesting.push(encoding);
                }
                Payload::End(_) => {
                    nesting.pop();
                }
                Payload::ComponentImportSection(section) if top => {
                    for import in section {
                        let import = import?;
                        keep(&mut self.imports, || Item {
                            name: printable(import.name.name, 200),
                            kind: kind(&import.ty),
                            renamed: import.name.implements.is_some()
                                || import.name.version_suffix.is_some()
                                || import.name.external_id.is_some(),
                        });
                    }
                }
                Payload::ComponentExportSection(section) if top => {
                    for export in section {
                        let export = export?;
                        keep(&mut self.exports, || Item {
                            name: printable(export.name.name, 200),
                            kind: export.kind.desc(),
                            renamed: export.name.implements.is_some()
                                || export.name.version_suffix.is_some()
                                || export.name.external_id.is_some(),
                        });
                    }
                }
                Payload::CodeSectionEntry(body) => {
                    self.shape.functions += 1;
                    let size = body.range().len() as u64;
                    self.shape.largest_function = self.shape.largest_function.max(size);
                }
                Payload::MemorySection(section) => {
                    for memory in section {
                        let memory = memory?;
                        let bytes = memory.initial.saturating_mul(64 * 1024);
                        self.shape.memories += 1;
                        self.shape.initial_memory = self.shape.initial_memory.saturating_add(bytes);
                    }
                }
                Payload::TableSection(section) => {
                    for table in section {
                        let initial = table?.ty.initial;
                        self.shape.tables += 1;
                        self.shape.initial_table_elements =
                            self.shape.initial_table_elements.saturating_add(initial);
                    }
                }
                Payload::CustomSection(section) => {
                    if let wasmparser::KnownCustom::Producers(fields) = section.as_known() {
                        // A tool's signature is a courtesy; a broken one is nobody's danger.
                        let _ = self.sign(fields);
                    }
                }
                _ => {}
            }
        }
        Ok(())
    }

    fn sign(&mut self, fields: wasmparser::ProducersSectionReader<'_>) -> wasmparser::Result<()> {
        for field in fields {
            let field = field?;
            for value in field.values {
                let value = value?;
                let producer = Producer {
                    field: printable(field.name, 40),
                    name: printable(value.name, 80),
                    version: printable(value.version, 80),
                };
                if !self.producers.contains(&producer) {
                    keep(&mut self.producers, || producer);
                }
            }
        }
        Ok(())
    }
}

fn keep<T>(list: &mut Vec<T>, item: impl FnOnce() -> T) {
    if list.len() < LISTED {
        list.push(item());
    }
}

fn kind(ty: &ComponentTypeRef) -> &'static str {
    match ty {
        ComponentTypeRef::Module(_) => "core module",
        ComponentTypeRef::Func(_) => "function",
        ComponentTypeRef::Value(_) => "value",
        ComponentTypeRef::Type(_) => "type",
        ComponentTypeRef::Instance(_) => "instance",
        ComponentTypeRef::Component(_) => "component",
    }
}
