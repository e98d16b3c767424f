//! The codes of refusals as rules: what each stands for, what to do about it, and who may.

/// A rule.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Rule {
    /// Its code.
    pub code: &'static str,
    /// What it stands for.
    pub what: &'static str,
    /// What to do about it, and who may.
    pub help: &'static str,
}

const fn of(code: &'static str, what: &'static str, help: &'static str) -> Rule {
    Rule { code, what, help }
}

/// What every plugin's author can do who has the source.
const REBUILD: &str = "Its author must build it again from its source.";

/// Every reason to refuse a plugin.
const RULES: &[Rule] = &[
    of(
        "bad-manifest",
        "The manifest is missing or wrong.",
        "Its author must mend plugin.toml at the line that the message names.",
    ),
    of(
        "unreadable",
        "A file of the plugin cannot be read.",
        "Whoever installed it should look at the file's name and permissions.",
    ),
    of(
        "not-a-plain-file",
        "A file of the plugin is a link, a pipe, or was exchanged while it was read.",
        "Whoever installed it should put a copy of the file in its place, and find out who made the link.",
    ),
    of(
        "component-too-large",
        "The component is larger than the policy allows.",
        "Who is responsible for the site may raise `component.size-kib` in policy.toml.",
    ),
    of("not-webassembly", "The file is not WebAssembly.", REBUILD),
    of(
        "precompiled",
        "The file is machine code, which cannot be checked.",
        "Its author must give the component that it was compiled from.",
    ),
    of(
        "core-module",
        "The file is a core module and not a component.",
        "Its author must encode it as a component (`autods-host plugin build`).",
    ),
    of(
        "malformed-component",
        "The file is damaged, or uses a WebAssembly feature that is off.",
        "Fetch it again; if that does not help, its author must build it without that feature.",
    ),
    of(
        "contract-version",
        "It was built for another version of the contract.",
        "Its author must build it against the contract of this host (`wit/`).",
    ),
    of(
        "undeclared-import",
        "It imports an interface that no plugin of its kind can have.",
        "Its author must build it without that interface. No policy can grant it.",
    ),
    of(
        "wasi-stubs-off",
        "It imports an interface of WASI, and the policy answers none.",
        "Its author may build it without WASI; who is responsible for the site may set `wasi.stubs = true` in policy.toml.",
    ),
    of(
        "mixed-versions",
        "It imports one package of WASI in two versions.",
        REBUILD,
    ),
    of(
        "import-kind",
        "It imports something that is not an interface.",
        REBUILD,
    ),
    of(
        "renamed-import",
        "It imports an interface under another name.",
        REBUILD,
    ),
    of(
        "missing-export",
        "It does not export what every plugin of its kind must.",
        "Its author must correct `plugin.world` in the manifest, or build it for that world.",
    ),
    of(
        "unexpected-export",
        "It exports something for which its kind has no place.",
        "Its author must correct `plugin.world` in the manifest, or build it for that world.",
    ),
    of(
        "wrong-types",
        "Its imports and exports have the right names and the wrong types.",
        "Its author must build it against the contract of this host (`wit/`).",
    ),
    of(
        "oversized",
        "A part of it is larger than the policy allows.",
        "Who is responsible for the site may raise the key that the message names, after asking why the plugin needs so much.",
    ),
    of(
        "above-policy",
        "Its manifest asks for more than the policy gives.",
        "Its author may lower the limit in the manifest; who is responsible for the site may raise it in policy.toml.",
    ),
    of(
        "compile-error",
        "It passed every check and the compiler refused it.",
        "Please report it: the check and the compiler should agree.",
    ),
    of(
        "revoked",
        "Its component, its manifest or its signer's key was revoked.",
        "It must not be used. Who is responsible for the site revoked it in policy.toml and can say why.",
    ),
    of(
        "other-component",
        "The component is not the one that the manifest names.",
        "It was exchanged or rebuilt: its author must build it again, everybody else must fetch it again.",
    ),
    of(
        "signed-without-digest",
        "Its signature would hold for any component.",
        "Its author must build it with `autods-host plugin build`, which writes the component's digest into the manifest, and sign it again.",
    ),
    of(
        "not-locked",
        "It is not pinned by autods.lock.",
        "Whoever may install plugins should read its audit and pin it with `autods-host plugin lock`.",
    ),
    of(
        "bad-lock",
        "autods.lock cannot be used.",
        "It was edited or damaged: whoever may install plugins should make it anew with `autods-host plugin lock`.",
    ),
    of(
        "other-than-locked",
        "It is not what autods.lock pins.",
        "If the change is wanted, whoever may install plugins should read its audit and pin it anew; if not, restore the former file.",
    ),
    of(
        "undeclared-capability",
        "It uses a capability for which its manifest does not ask.",
        "Its author must add it to `capabilities.requires` in the manifest, so that who installs it can see it.",
    ),
    of(
        "not-granted",
        "It needs a capability that policy, task or role does not give.",
        "Who is responsible for the layer that the message names may grant it.",
    ),
    of(
        "never-together",
        "It would hold two capabilities that the policy keeps apart.",
        "Its author may split it in two; who is responsible for the site may change `never-together.sets` in policy.toml.",
    ),
    of(
        "wrong-use",
        "The task uses it as something that it is not.",
        "Who wrote the task must correct the id in TASK.md or LAUNCH.md.",
    ),
];

/// What a code that is not in the list has in common with the rest: a signature's faults are codes
/// of the signature's own.
const SIGNATURE: Rule = of(
    "signature",
    "Its signature is missing, wrong, or of somebody who is not trusted here.",
    "Its author must sign it (`autods-host plugin sign`), or who is responsible for the site may add the signer to `signers` in policy.toml.",
);

/// The rule of a refusal's code.
pub fn rule(code: &str) -> Rule {
    RULES
        .iter()
        .find(|rule| rule.code == code)
        .copied()
        .unwrap_or(SIGNATURE)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_code_of_the_sandbox_that_is_not_a_signatures_has_a_rule() {
        // the codes stand in one place of the sandbox's source; a new one must be explained here
        let source = include_str!("../../sandbox/src/refusal.rs");
        let list = source.split("fn code(&self)").nth(1).unwrap();
        let list = list.split("\n    }\n").next().unwrap();
        let codes: Vec<&str> = list
            .lines()
            .filter_map(|line| line.split("=> \"").nth(1)?.split('"').next())
            .collect();
        assert!(codes.len() > 20, "{codes:?}");
        for code in codes {
            assert_eq!(rule(code).code, code);
        }
    }
}
