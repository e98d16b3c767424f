//! `policy.toml`.
//!
//! Promise: what is accepted and written out in full is the same policy, with the same digest; and
//! a refusal can be shown.

use autods_sandbox::{Policy, Profile};

use crate::assert_shown;

pub fn run(input: &[u8]) {
    let Ok(text) = std::str::from_utf8(input) else {
        return;
    };
    let policy = match Policy::parse("policy.toml", text) {
        Ok(policy) => policy,
        Err(error) => return assert_shown("a refusal of a policy", &error.to_string()),
    };
    let again = policy.to_toml();
    let read = Policy::parse("policy.toml", &again)
        .unwrap_or_else(|error| panic!("what was written is refused: {error}\n{again}"));
    assert_eq!(
        read, policy,
        "it is another policy when it is written and read"
    );
    assert_eq!(read.digest(), policy.digest());
}

pub fn seeds() -> Vec<Vec<u8>> {
    let mut seeds: Vec<Vec<u8>> = [Profile::Strict, Profile::Standard, Profile::Development]
        .into_iter()
        .map(|profile| Policy::of(profile).to_toml().into_bytes())
        .collect();
    seeds.push(
        b"profile = \"strict\"\n[[signers]]\nname = \"site\"\nkey = \
          \"RWQf6LRCGA9i53mlYecO4IzT51TGPpvWucNSCh1CBM0QTaLn73Y7GFO3\"\nplugins = [\"loader-*\"]\n\
          [limits]\nmemory-mib = 64\n[never-together]\nsets = [[\"see-rows\", \"act\"]]\n"
            .to_vec(),
    );
    for seed in &seeds {
        let text = std::str::from_utf8(seed).expect("text");
        Policy::parse("policy.toml", text).expect("an honest policy");
    }
    seeds
}
