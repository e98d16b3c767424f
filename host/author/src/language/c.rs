//! C: clang for `wasm32-unknown-unknown`, with bindings made of the folder's contract.
//!
//! No libc and no WASI: what a compiler expects of a libc lies in the template's `libc/`, so that
//! the component imports its world and nothing else.

use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use wit_bindgen_core::Files;
use wit_bindgen_core::wit_parser::Resolve;

use super::{Language, Tool, Vendored};
use crate::{AuthorError, Project, Tell, component};

/// The file by which the language is known: a flag of the compiler in every line, for clangd too.
const FLAGS: &str = "compile_flags.txt";

/// Where the bindings are put, relative to the plugin's folder.
const BINDINGS: &str = "build/bindings";

/// The oldest clang whose code is tried.
const OLDEST: u32 = 14;

const REMEDY: &str = "Install clang 14 or newer with its linker for WebAssembly (Debian and Ubuntu: apt install clang lld; Fedora: dnf install clang lld; macOS: brew install llvm lld, with both on the path: Apple's own clang has no WebAssembly).";

/// How the module is compiled and linked; the author's flags come behind.
const MODULE: [&str; 13] = [
    "--target=wasm32-unknown-unknown",
    "-O2",
    // 128-bit vectors and copies in one instruction: every engine of the contract has them
    "-msimd128",
    "-mbulk-memory",
    "-nostdlib",
    "-nostdlibinc",
    "-ffreestanding",
    "-fno-builtin",
    // a root is an instruction, and a product and a sum are rounded one after the other everywhere
    "-fno-math-errno",
    "-ffp-contract=off",
    // a stack that runs over is a trap and not another variable's value
    "-Wl,--no-entry,--stack-first,-z,stack-size=1048576",
    "-isystem",
    "libc",
];

/// How native tests are compiled: what C leaves undefined ends them.
const NATIVE: [&str; 6] = [
    "-O1",
    "-g",
    "-ffp-contract=off",
    "-fsanitize=undefined",
    "-fsanitize-undefined-trap-on-error",
    "-Itests",
];

/// C.
pub(super) struct C;

impl Language for C {
    fn name(&self) -> &'static str {
        "c"
    }

    fn marker(&self) -> &'static str {
        FLAGS
    }

    fn vendored(&self) -> Vendored {
        Vendored::Contract
    }

    fn needs(&self) -> &'static str {
        "clang 14 or newer with its target wasm32, and wasm-ld (Debian: clang, lld); no wasi-sdk, no libc"
    }

    fn toolchain(&self, folder: &Path, _tell: &dyn Tell) -> Result<Vec<Tool>, AuthorError> {
        let clang = version("clang", folder)?;
        let major = clang.version.split('.').next().and_then(|n| n.parse().ok());
        if major.is_some_and(|major: u32| major < OLDEST) {
            return Err(wrong(
                "clang",
                format!("is of version {}, older than {OLDEST}", clang.version),
            ));
        }
        let targets = output("clang", "--print-targets", folder)?;
        if !targets
            .lines()
            .any(|line| line.split_whitespace().next() == Some("wasm32"))
        {
            return Err(wrong("clang", "has no target wasm32".into()));
        }
        Ok(vec![clang, version("wasm-ld", folder)?])
    }

    fn component(&self, project: &Project, _tell: &dyn Tell) -> Result<Vec<u8>, AuthorError> {
        let folder = project.folder();
        bindings(project)?;
        let module = component::scratch(folder, "module.wasm")?;
        let mut files = sources(folder, "src", &|_| true)?;
        files.extend(sources(folder, "libc", &|_| true)?);
        files.push(format!("{BINDINGS}/plugin.c"));
        // the type of the world, in a section of its own
        files.push(format!("{BINDINGS}/plugin_component_type.o"));
        let mut clang = Command::new("clang");
        clang
            .args(MODULE)
            .args(flags(folder)?)
            .args(files)
            .arg("-o")
            .arg(&module);
        if !status(&mut clang, folder)?.success() {
            return Err(AuthorError::Toolchain {
                command: format!("clang {} …", MODULE[0]),
                status: "it says why above".into(),
            });
        }
        let bytes = std::fs::read(&module).map_err(AuthorError::io(&module))?;
        component::encode(&bytes)
    }

    fn native_tests(
        &self,
        project: &Project,
        _tell: &dyn Tell,
    ) -> Result<Option<bool>, AuthorError> {
        let folder = project.folder();
        let tests = sources(folder, "tests", &is_test)?;
        if tests.is_empty() {
            return Ok(None);
        }
        bindings(project)?;
        let mut around = sources(folder, "src", &|_| true)?;
        around.extend(sources(folder, "tests", &|name| !is_test(name))?);
        let program = component::scratch(folder, "native-test")?;
        let mut good = true;
        for test in &tests {
            let mut clang = Command::new("clang");
            clang
                .args(NATIVE)
                .args(flags(folder)?)
                .arg(test)
                .args(&around)
                .args(["-lm", "-o"])
                .arg(&program);
            // a test that does not compile has failed, and clang has said why
            good &= status(&mut clang, folder)?.success()
                && status(&mut Command::new(&program), folder)?.success();
        }
        Ok(Some(good))
    }
}

fn is_test(name: &str) -> bool {
    name.starts_with("test_")
}

fn status(command: &mut Command, folder: &Path) -> Result<std::process::ExitStatus, AuthorError> {
    let program = command.get_program().to_string_lossy().into_owned();
    command
        .current_dir(folder)
        .stdout(Stdio::null())
        .status()
        .map_err(|error| wrong(&program, format!("cannot be started: {}", error.kind())))
}

/// The contract in C, from `wit/`: `plugin.h`, `plugin.c` and the type of the world as an object.
/// Names are those of the interfaces without package and version: `sources_read_at`.
fn bindings(project: &Project) -> Result<(), AuthorError> {
    let wit = project.folder().join("wit");
    let broken = |error: &dyn std::fmt::Display| {
        AuthorError::file(
            &wit,
            format!(
                "the contract cannot be read: {error}. `autods-host plugin new` writes it; nothing in it is an author's to change"
            ),
        )
    };
    let mut resolve = Resolve::default();
    let (package, _) = resolve
        .push_dir(&wit)
        .map_err(|error| broken(&format!("{error:#}")))?;
    let world = resolve
        .select_world(&[package], Some(project.world().name()))
        .map_err(|error| broken(&format!("{error:#}")))?;
    let items = &resolve.worlds[world];
    let rename = items
        .imports
        .keys()
        .chain(items.exports.keys())
        .map(|key| {
            let whole = resolve.name_world_key(key);
            let name = whole.rsplit('/').next().unwrap_or_default();
            let name = name.split('@').next().unwrap_or_default().to_owned();
            (whole, name)
        })
        .collect();
    let options = wit_bindgen_c::Opts {
        rename,
        rename_world: Some("plugin".into()),
        ..Default::default()
    };
    let mut files = Files::default();
    options
        .build()
        .generate(&mut resolve, world, &mut files)
        .map_err(|error| broken(&format!("{error:#}")))?;
    let place = project.folder().join(BINDINGS);
    std::fs::create_dir_all(&place).map_err(AuthorError::io(&place))?;
    for (name, bytes) in files.iter() {
        let path = place.join(name);
        std::fs::write(&path, bytes).map_err(AuthorError::io(&path))?;
    }
    Ok(())
}

/// Files `*.c` below a folder of the plugin, relative to the plugin's, in one order everywhere.
fn sources(
    folder: &Path,
    below: &str,
    wanted: &dyn Fn(&str) -> bool,
) -> Result<Vec<String>, AuthorError> {
    let mut found = Vec::new();
    let mut left: Vec<PathBuf> = vec![PathBuf::from(below)];
    while let Some(next) = left.pop() {
        let place = folder.join(&next);
        if !place.is_dir() {
            continue;
        }
        for entry in std::fs::read_dir(&place).map_err(AuthorError::io(&place))? {
            let entry = entry.map_err(AuthorError::io(&place))?;
            let path = next.join(entry.file_name());
            if entry.path().is_dir() {
                left.push(path);
                continue;
            }
            let shown = path.to_str().ok_or_else(|| {
                AuthorError::file(&entry.path(), "its name is not UTF-8: rename it")
            })?;
            let name = shown.rsplit('/').next().unwrap_or_default();
            if name.ends_with(".c") && wanted(name) {
                found.push(shown.to_owned());
            }
        }
    }
    found.sort();
    Ok(found)
}

/// The author's flags.
fn flags(folder: &Path) -> Result<Vec<String>, AuthorError> {
    let file = folder.join(FLAGS);
    let text = std::fs::read_to_string(&file).map_err(AuthorError::io(&file))?;
    let lines = text.lines().map(str::trim).filter(|line| !line.is_empty());
    Ok(lines.map(str::to_owned).collect())
}

fn wrong(program: &str, what: String) -> AuthorError {
    AuthorError::Tool {
        program: program.into(),
        what,
        remedy: REMEDY.into(),
    }
}

fn output(program: &str, argument: &str, folder: &Path) -> Result<String, AuthorError> {
    let output = Command::new(program)
        .arg(argument)
        .current_dir(folder)
        .stderr(Stdio::null())
        .output()
        .map_err(|error| wrong(program, format!("cannot be started: {}", error.kind())))?;
    Ok(String::from_utf8_lossy(&output.stdout).into_owned())
}

/// The first word of what `--version` says that begins with a digit.
fn version(program: &str, folder: &Path) -> Result<Tool, AuthorError> {
    let said = output(program, "--version", folder)?;
    let number = said
        .split_whitespace()
        .find(|word| word.starts_with(|letter: char| letter.is_ascii_digit()))
        .unwrap_or("?");
    Ok(Tool {
        name: program.into(),
        version: number.into(),
    })
}
