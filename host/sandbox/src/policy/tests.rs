use super::*;

#[test]
fn every_key_is_known_to_the_checker() {
    let all = toml::to_string(&Policy::default()).unwrap();
    assert_eq!(Policy::parse("p", &all).unwrap(), Policy::default());
}

#[test]
fn an_unknown_key_names_line_and_nearest_key() {
    let error = Policy::parse("policy.toml", "[limits]\nwall-ms = 5\nmemory-mb = 3\n").unwrap_err();
    assert_eq!(
        error.to_string(),
        "policy.toml:3: unknown key `limits.memory-mb`; did you mean `memory-mib`?"
    );
}

#[test]
fn a_value_out_of_range_says_the_range() {
    let error = Policy::parse("policy.toml", "[limits]\nmemory-mib = 0\n").unwrap_err();
    assert_eq!(
        error.to_string(),
        "policy.toml: `limits.memory-mib` is 0, but must be between 1 and 4096"
    );
}

#[test]
fn a_wrong_type_names_its_line() {
    let error = Policy::parse("policy.toml", "[log]\nshow = 3\n").unwrap_err();
    assert!(error.to_string().starts_with("policy.toml:2: "), "{error}");
}

#[test]
fn policies_that_mean_the_same_have_the_same_digest() {
    let stated = Policy::parse("p", "[limits]\nmemory-mib = 1024\n").unwrap();
    assert_eq!(stated.digest(), Policy::default().digest());
    let other = Policy::parse("p", "[limits]\nmemory-mib = 1023\n").unwrap();
    assert_ne!(other.digest(), Policy::default().digest());
}

#[test]
fn a_file_states_only_where_it_differs_from_its_profile() {
    let text = "profile = \"strict\"\n[limits]\nwall-ms = 5\n";
    let policy = Policy::parse("p", text).unwrap();
    let mut strict = Policy::of(Profile::Strict);
    strict.limits.wall_ms = 5;
    assert_eq!(policy, strict);
    assert_eq!(policy.plugins.signature, Requirement::Required);
    assert_eq!(policy.confinement.kernel, Kernel::Required);
    let silent = Policy::parse("p", "").unwrap();
    assert_eq!(silent, Policy::of(Profile::Standard));
}

#[test]
fn a_profile_that_does_not_exist_is_an_error() {
    let error = Policy::parse("p", "profile = \"lax\"\n").unwrap_err();
    assert!(
        error.to_string().contains("unknown variant `lax`"),
        "{error}"
    );
}

#[test]
fn a_key_that_nobody_knows_is_found_in_a_list_of_tables_too() {
    let text = "[[signers]]\nname = \"x\"\nkey = \"y\"\nplugin = [\"*\"]\n";
    assert_eq!(
        Policy::parse("p", text).unwrap_err().to_string(),
        "p:4: unknown key `signers.plugin`; did you mean `plugins`?"
    );
}

#[test]
fn a_capability_that_a_world_cannot_have_is_not_granted() {
    let error = Policy::parse("p", "[grants]\nagent = [\"read-sources\"]\n").unwrap_err();
    assert_eq!(
        error.to_string(),
        "p: `grants.agent` grants `read-sources`, which no agent can have; there are log, see-aggregates, act"
    );
}

#[test]
fn a_policy_that_grants_what_it_keeps_apart_is_refused() {
    let text = "[never-together]\nsets = [[\"log\", \"see-rows\"]]\n";
    let error = Policy::parse("p", text).unwrap_err();
    assert_eq!(
        error.to_string(),
        "p: `grants.method` grants `log` and `see-rows`, which `never-together.sets` keeps apart"
    );
}

#[test]
fn a_revocation_that_would_revoke_nothing_is_an_error() {
    let short = "[revoked]\nsha256 = [\"ab\"]\n";
    assert!(Policy::parse("p", short).is_err());
    let short = "[revoked]\nkeys = [\"xy\"]\n";
    assert!(Policy::parse("p", short).is_err());
}
