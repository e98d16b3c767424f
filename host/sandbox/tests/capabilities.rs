//! The capability reference of the book, `docs/capabilities.md`, written from the contract.

#![allow(clippy::unwrap_used, missing_docs, reason = "a test may fail")]

use std::fmt::Write as _;
use std::path::Path;

use autods_sandbox::{Capability, World};
use wit_parser::{Docs, Function, InterfaceId, Resolve, Type, TypeDefKind, WorldItem};

fn words(docs: &Docs) -> String {
    docs.contents.clone().unwrap_or_default().trim().to_owned()
}

/// First sentence, on one line, for a table.
fn sentence(docs: &Docs) -> String {
    let text = words(docs).replace('\n', " ").replace('|', "\\|");
    match text.find(". ") {
        Some(end) => text[..=end].to_owned(),
        None => text,
    }
}

fn name(resolve: &Resolve, ty: &Type) -> String {
    let Type::Id(id) = ty else {
        return match ty {
            Type::Bool => "bool",
            Type::U8 => "u8",
            Type::U16 => "u16",
            Type::U32 => "u32",
            Type::U64 => "u64",
            Type::S8 => "s8",
            Type::S16 => "s16",
            Type::S32 => "s32",
            Type::S64 => "s64",
            Type::F32 => "f32",
            Type::F64 => "f64",
            Type::Char => "char",
            Type::String => "string",
            _ => "?",
        }
        .to_owned();
    };
    let of = |ty: &Option<Type>| ty.as_ref().map_or("_".to_owned(), |ty| name(resolve, ty));
    let definition = &resolve.types[*id];
    match (&definition.name, &definition.kind) {
        (Some(known), _) => known.clone(),
        (None, TypeDefKind::List(item)) => format!("list<{}>", name(resolve, item)),
        (None, TypeDefKind::Option(item)) => format!("option<{}>", name(resolve, item)),
        (None, TypeDefKind::Result(both)) => {
            format!("result<{}, {}>", of(&both.ok), of(&both.err))
        }
        (None, TypeDefKind::Tuple(parts)) => {
            let parts: Vec<String> = parts.types.iter().map(|ty| name(resolve, ty)).collect();
            format!("tuple<{}>", parts.join(", "))
        }
        _ => "?".to_owned(),
    }
}

fn signature(resolve: &Resolve, function: &Function) -> String {
    let parameters: Vec<String> = function
        .params
        .iter()
        .map(|parameter| format!("{}: {}", parameter.name, name(resolve, &parameter.ty)))
        .collect();
    let result = function
        .result
        .as_ref()
        .map_or_else(String::new, |ty| format!(" -> {}", name(resolve, ty)));
    format!("{}({}){result}", function.name, parameters.join(", "))
}

fn functions(resolve: &Resolve, id: InterfaceId, page: &mut String) {
    let interface = &resolve.interfaces[id];
    if interface.functions.is_empty() {
        return;
    }
    page.push_str("\n| function | what it does |\n|---|---|\n");
    for function in interface.functions.values() {
        let _ = writeln!(
            page,
            "| `{}` | {} |",
            signature(resolve, function),
            words(&function.docs).replace('\n', " ").replace('|', "\\|")
        );
    }
    for ty in interface.types.values() {
        let definition = &resolve.types[*ty];
        let TypeDefKind::Enum(cases) = &definition.kind else {
            continue;
        };
        let title = definition.name.clone().unwrap_or_default();
        let _ = writeln!(page, "\n`{title}`: {}\n", sentence(&definition.docs));
        for case in &cases.cases {
            let _ = writeln!(page, "- `{}`: {}", case.name, sentence(&case.docs));
        }
    }
}

fn page() -> String {
    let mut resolve = Resolve::default();
    let wit = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../wit");
    let (package, _) = resolve.push_dir(&wit).unwrap();
    let mut page = String::from(
        "# Capability reference\n\n<!-- Written from wit/ by host/sandbox/tests/capabilities.rs; do not edit. -->\n\n\
         A capability is what a plugin can do through an import, or because of what it is called with.\n\
         A manifest asks for capabilities by name (`[capabilities] requires`), a site's policy says which\n\
         may ever be granted to which world (`[grants]`), a task can withhold some (`withhold` in\n\
         LAUNCH.md). What is not granted by all of them is refused before anything is compiled.\n\n\
         | capability | lets a plugin | worlds |\n|---|---|---|\n",
    );
    for capability in Capability::ALL {
        let worlds: Vec<&str> = World::ALL
            .into_iter()
            .filter(|world| world.capabilities().contains(&capability))
            .map(World::name)
            .collect();
        let _ = writeln!(
            page,
            "| `{capability}` | {} | {} |",
            capability.describe(),
            worlds.join(", ")
        );
    }
    for world in World::ALL {
        let id = resolve
            .select_world(&[package], Some(world.name()))
            .unwrap();
        let described = &resolve.worlds[id];
        let _ = writeln!(page, "\n## World `{world}`\n\n{}", words(&described.docs));
        for (title, items) in [
            ("imports", &described.imports),
            ("exports", &described.exports),
        ] {
            for (key, item) in items {
                let WorldItem::Interface { id, .. } = item else {
                    continue;
                };
                let full = resolve.name_world_key(key);
                let capability = world
                    .imports()
                    .iter()
                    .find(|(interface, _)| full.contains(&format!("/{interface}@")))
                    .filter(|_| title == "imports")
                    .map(|(_, capability)| *capability)
                    .filter(|capability| *capability != Capability::Types)
                    .map_or_else(String::new, |capability| {
                        format!(", capability `{capability}`")
                    });
                let _ = writeln!(page, "\n### {title} `{full}`{capability}\n");
                let _ = writeln!(page, "{}", words(&resolve.interfaces[*id].docs));
                functions(&resolve, *id, &mut page);
            }
        }
    }
    page
}

#[test]
fn the_capability_reference_is_written_from_the_contract() {
    let place = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../docs/capabilities.md");
    let page = page();
    if std::env::var_os("AUTODS_BLESS").is_some() {
        std::fs::write(&place, &page).unwrap();
    }
    let there = std::fs::read_to_string(&place).unwrap_or_default();
    assert!(
        there == page,
        "docs/capabilities.md is out of date; run this test with AUTODS_BLESS=1"
    );
}
