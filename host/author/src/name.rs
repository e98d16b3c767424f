//! Names of plugins.

use autods_sandbox::World;

use crate::AuthorError;

/// Bytes of an id at most; it is part of file names.
const LONGEST: usize = 64;

/// The id of a plugin that its author calls `name`: its world in front, so that nobody has to open
/// a manifest to know what a plugin may do. A name that already begins with its world stays.
///
/// # Errors
/// Where the name is not `kebab-case`, or begins with another world.
pub fn plugin_id(name: &str, world: World) -> Result<String, AuthorError> {
    let wrong = |what: String| Err(AuthorError::Wrong(what));
    if let Some(other) = World::ALL
        .into_iter()
        .find(|other| *other != world && name.starts_with(&format!("{other}-")))
    {
        return wrong(format!(
            "`{name}` says {other}, --world says {world}; leave the world out of the name or give `--world {other}`"
        ));
    }
    let id = if name.starts_with(&format!("{world}-")) {
        name.to_owned()
    } else {
        format!("{world}-{name}")
    };
    let word = |word: &str| {
        !word.is_empty()
            && word
                .bytes()
                .all(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit())
    };
    if !id.split('-').all(word) || id.len() > LONGEST {
        return wrong(format!(
            "`{name}` cannot be a plugin's name: use words of a-z and 0-9 with single hyphens between them, at most {LONGEST} characters with `{world}-` in front, such as `{world}-lab-results`"
        ));
    }
    Ok(id)
}

/// The name of the crate, module or package that holds the plugin: `loader_lab_results`.
pub(crate) fn snake(id: &str) -> String {
    id.replace('-', "_")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_world_is_put_in_front_once() {
        assert_eq!(plugin_id("lab", World::Loader).unwrap(), "loader-lab");
        assert_eq!(
            plugin_id("loader-lab", World::Loader).unwrap(),
            "loader-lab"
        );
        assert_eq!(plugin_id("agent-lab", World::Agent).unwrap(), "agent-lab");
    }

    #[test]
    fn a_name_that_is_no_name_is_refused_with_what_would_be_one() {
        let long = "a".repeat(60);
        for wrong in [
            "", "Lab", "lab_x", "../lab", "lab--x", "-lab", "lab-", "lab.x", "läb", "a b", &long,
        ] {
            let error = plugin_id(wrong, World::Loader).unwrap_err().to_string();
            assert!(error.contains("loader-lab-results"), "{wrong}: {error}");
        }
    }

    #[test]
    fn a_name_of_another_world_is_refused() {
        let error = plugin_id("method-x", World::Agent).unwrap_err().to_string();
        assert!(error.contains("--world method"), "{error}");
    }
}
