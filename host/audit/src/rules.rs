//! The codes of refusals as rules: what each stands for and what to do about it.

/// A rule.
pub(crate) struct Rule {
    /// What it stands for.
    pub what: &'static str,
    /// What to do about it, and who may.
    pub help: &'static str,
}

/// The rule of a code.
pub(crate) fn rule(code: &str) -> Rule {
    let (what, help) = match code {
        _ => (
            "The plugin is not admitted.",
            "The message says what is wrong.",
        ),
    };
    Rule { what, help }
}
