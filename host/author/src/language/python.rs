//! Python: componentize-py, which puts CPython and the plugin's modules into one component.

use std::path::Path;
use std::process::Command;

use super::tool::Program;
use super::{Language, Tool, Vendored};
use crate::{AuthorError, Project, Tell, component};

const COMPONENTIZE: Program = Program {
    name: "componentize-py",
    inside: ".venv/bin/componentize-py",
    remedy: "In the plugin's folder: python3 -m venv .venv && .venv/bin/pip install -r requirements.txt",
};

const PYTHON: Program = Program {
    name: "python3",
    inside: ".venv/bin/python3",
    remedy: "Install Python 3.10 or newer.",
};

/// Python.
pub(super) struct Python;

impl Language for Python {
    fn name(&self) -> &'static str {
        "python"
    }

    fn marker(&self) -> &'static str {
        "pyproject.toml"
    }

    fn vendored(&self) -> Vendored {
        Vendored::Contract
    }

    fn needs(&self) -> &'static str {
        "Python 3.10 or newer with componentize-py 0.25.1 from PyPI, in the folder's .venv or on the path"
    }

    fn toolchain(&self, folder: &Path, _tell: &dyn Tell) -> Result<Vec<Tool>, AuthorError> {
        Ok(vec![COMPONENTIZE.version(folder)?])
    }

    fn component(&self, project: &Project, _tell: &dyn Tell) -> Result<Vec<u8>, AuthorError> {
        let folder = project.folder();
        let made = component::scratch(folder, "component.wasm")?;
        let out = made.display().to_string();
        let world = project.world().name();
        // `--stub-wasi`: what the interpreter would import from WASI, sockets among it, is replaced
        // by traps at build time, so that the component imports its world and nothing else
        let arguments = [
            "-q",
            "-d",
            "wit",
            "-w",
            world,
            "componentize",
            "app",
            "--python-path",
            "src",
            "--stub-wasi",
            "--output",
            &out,
        ];
        COMPONENTIZE.run(folder, &arguments)?;
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
        // the types of the contract, as the component will see them
        let bindings = component::scratch(folder, "bindings")?;
        if bindings.is_dir() {
            std::fs::remove_dir_all(&bindings).map_err(AuthorError::io(&bindings))?;
        }
        let out = bindings.display().to_string();
        COMPONENTIZE.run(
            folder,
            &[
                "-q",
                "-d",
                "wit",
                "-w",
                project.world().name(),
                "bindings",
                &out,
            ],
        )?;
        let mut command: Command = PYTHON.command(folder);
        let path = std::env::join_paths([Path::new("src"), &bindings])
            .map_err(|_| AuthorError::Wrong("the folder's path has a `:`".into()))?;
        let status = command
            .args(["-m", "unittest", "discover", "--start-directory", "tests"])
            .env("PYTHONPATH", path)
            .status()
            .map_err(|error| PYTHON.missing(&error))?;
        Ok(Some(status.success()))
    }
}
