//! JavaScript: jco, which puts QuickJS and the bundled modules of the plugin into one component.

use std::path::Path;

use autods_sandbox::CONTRACT;

use super::tool::Program;
use super::{Language, Tool, Vendored};
use crate::{AuthorError, Project, Tell, component};

const JCO: Program = Program {
    name: "jco",
    inside: "node_modules/.bin/jco",
    remedy: "In the plugin's folder: npm install",
};

/// Puts the plugin's modules into one. jco can do that too, but its version 1.35.0 does not find the
/// folder of the contract when it is asked to.
const ROLLDOWN: Program = Program {
    name: "rolldown",
    inside: "node_modules/.bin/rolldown",
    remedy: "In the plugin's folder: npm install",
};

/// Interfaces of the contract that a module may import; what they are is the component's to say.
const INTERFACES: [&str; 5] = ["types", "log", "sources", "sink", "board"];

const NODE: Program = Program {
    name: "node",
    inside: "node_modules/.bin/node",
    remedy: "Install Node.js 20 or newer.",
};

/// JavaScript.
pub(super) struct JavaScript;

impl Language for JavaScript {
    fn name(&self) -> &'static str {
        "js"
    }

    fn marker(&self) -> &'static str {
        "package.json"
    }

    fn vendored(&self) -> Vendored {
        Vendored::Contract
    }

    fn needs(&self) -> &'static str {
        "Node.js 20 or newer with jco 1.35.0 and rolldown 1.3.2 from npm, in the folder's node_modules or on the path"
    }

    fn toolchain(&self, folder: &Path, _tell: &dyn Tell) -> Result<Vec<Tool>, AuthorError> {
        Ok(vec![
            NODE.version(folder)?,
            JCO.version(folder)?,
            ROLLDOWN.version(folder)?,
        ])
    }

    fn component(&self, project: &Project, _tell: &dyn Tell) -> Result<Vec<u8>, AuthorError> {
        let folder = project.folder();
        let made = component::scratch(folder, "component.wasm")?;
        let out = made.display().to_string();
        let world = project.world().name();
        let bundle = component::scratch(folder, "app.js")?.display().to_string();
        let outside: Vec<String> = INTERFACES
            .iter()
            .flat_map(|interface| {
                let name = format!("autods:plugin/{interface}@{CONTRACT}");
                ["--external".to_owned(), name]
            })
            .collect();
        let mut arguments = vec![
            "src/app.js",
            "--file",
            &bundle,
            "--format",
            "esm",
            "--platform",
            "neutral",
        ];
        arguments.extend(outside.iter().map(String::as_str));
        ROLLDOWN.run(folder, &arguments)?;
        // `stub-wasi`: what the interpreter would import from WASI is replaced by traps at build
        // time, so that the component imports its world and nothing else
        let arguments = [
            "componentize",
            &bundle,
            "--wit",
            "wit",
            "--world-name",
            world,
            "--backend",
            "quickjs",
            "--backend-qjs-stub-wasi",
            "--backend-qjs-disable-async",
            "--out",
            &out,
        ];
        JCO.run(folder, &arguments)?;
        component::sealed(&made, project.world())
    }

    fn native_tests(
        &self,
        project: &Project,
        _tell: &dyn Tell,
    ) -> Result<Option<bool>, AuthorError> {
        let folder = project.folder();
        if !folder.join("tests").is_dir() {
            return Ok(None);
        }
        let status = NODE
            .command(folder)
            .args(["--test", "tests/"])
            .status()
            .map_err(|error| NODE.missing(&error))?;
        Ok(Some(status.success()))
    }
}
