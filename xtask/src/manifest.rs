//! The two facts of a plugin's manifest that a build needs.

use std::path::{Path, PathBuf};

use anyhow::{Context, Result, bail};

use crate::workspace::Workspace;

/// The worlds of the contract.
pub(crate) const WORLDS: [&str; 3] = ["loader", "method", "agent"];

/// A plugin of the workspace.
#[derive(Debug)]
pub(crate) struct Plugin {
    /// Its id, which is also the name of its package and of its folder.
    pub(crate) id: String,
    /// Its world.
    pub(crate) world: String,
    /// Its manifest.
    pub(crate) manifest: PathBuf,
}

impl Plugin {
    /// Name of the module that cargo makes.
    pub(crate) fn module(&self) -> String {
        format!("{}.wasm", self.id.replace('-', "_"))
    }
}

/// Every plugin of the workspace.
pub(crate) fn plugins(workspace: &Workspace) -> Result<Vec<Plugin>> {
    workspace
        .packages("plugins")?
        .iter()
        .map(|folder| read(folder))
        .collect()
}

fn read(folder: &Path) -> Result<Plugin> {
    let manifest = folder.join("plugin.toml");
    let shown = manifest.display();
    let text = std::fs::read_to_string(&manifest).with_context(|| format!("reading {shown}"))?;
    let field = |key: &str| {
        value(&text, key)
            .with_context(|| format!("{shown}: `{key} = \"…\"` is missing in [plugin]"))
    };
    let (id, world) = (field("id")?, field("world")?);
    if folder.file_name().and_then(|name| name.to_str()) != Some(&id) {
        bail!("{shown}: the id is `{id}`, but the folder has another name; they must be the same");
    }
    if !WORLDS.contains(&world.as_str()) {
        bail!(
            "{shown}: unknown world `{world}`; it must be one of {}",
            WORLDS.join(", ")
        );
    }
    Ok(Plugin {
        id,
        world,
        manifest,
    })
}

/// A text of the section `[plugin]`. The host reads manifests in full; a build needs no more.
fn value(text: &str, key: &str) -> Option<String> {
    text.lines()
        .map(str::trim)
        .skip_while(|line| *line != "[plugin]")
        .skip(1)
        .take_while(|line| !line.starts_with('['))
        .find_map(|line| {
            let (name, rest) = line.split_once('=')?;
            let rest = rest.trim().strip_prefix('"')?;
            (name.trim() == key)
                .then(|| rest.split('"').next())?
                .map(str::to_owned)
        })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_value_is_that_of_the_section_plugin() {
        let text = "[x]\nid = \"no\"\n[plugin]\nid = \"loader-x\" # its id\n[y]\nworld = \"no\"\n";
        assert_eq!(value(text, "id").as_deref(), Some("loader-x"));
        assert_eq!(value(text, "world"), None);
    }
}
