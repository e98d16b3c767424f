//! `oci://HOST[:PORT]/NAME:TAG`, read strictly: its parts become parts of a command line.

use super::sha256_of;
use crate::AuthorError;

/// Where an artifact is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Reference {
    /// Host, with its port where there is one.
    pub(crate) host: String,
    /// Name of the repository.
    pub(crate) name: String,
    /// A tag, or a digest.
    pub(crate) what: String,
}

impl Reference {
    pub(crate) fn parse(text: &str) -> Result<Self, AuthorError> {
        Self::read(text).ok_or_else(|| {
            AuthorError::Wrong(format!(
                "`{}` names no plugin in a registry; write oci://registry.example.org/team/loader-lab:1.0.0 or …@sha256:DIGEST",
                text.escape_default()
            ))
        })
    }

    fn read(text: &str) -> Option<Self> {
        let (host, rest) = text.strip_prefix("oci://")?.split_once('/')?;
        let (name, what) = match rest.split_once('@') {
            Some((name, digest)) => (name, sha256_of(digest).ok().map(|_| digest)?),
            None => rest.rsplit_once(':')?,
        };
        let (domain, port) = match host.split_once(':') {
            Some((domain, port)) => (domain, Some(port)),
            None => (host, None),
        };
        let letters = |text: &str, also: &[u8]| {
            text.bytes()
                .all(|b| b.is_ascii_alphanumeric() || also.contains(&b))
        };
        let starts_well = |text: &str| text.starts_with(|c: char| c.is_ascii_alphanumeric());
        let good_host = starts_well(domain)
            && letters(domain, b"-.")
            && port.is_none_or(|port| port.parse::<u16>().is_ok_and(|port| port > 0));
        let good_name = name.len() <= 255
            && name.split('/').all(|part| {
                starts_well(part)
                    && letters(part, b"-_.")
                    && !part.bytes().any(|b| b.is_ascii_uppercase())
            });
        let good_what = what.starts_with("sha256:")
            || (what.len() <= 128
                && letters(what, b"-_.")
                && (starts_well(what) || what.starts_with('_')));
        (good_host && good_name && good_what).then(|| Self {
            host: host.to_owned(),
            name: name.to_owned(),
            what: what.to_owned(),
        })
    }

    /// Whether it is this very machine.
    pub(crate) fn is_local(&self) -> bool {
        names_this_machine(&self.host)
    }
}

/// Whether an address, from its host on, is one of this very machine.
pub(crate) fn names_this_machine(address: &str) -> bool {
    let domain = address.split(['/', ':']).next().unwrap_or_default();
    domain == "localhost" || domain == "127.0.0.1"
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_reference_is_read_and_nothing_that_curl_could_take_for_something_else() {
        let digest = format!("sha256:{}", "a".repeat(64));
        let good = Reference::parse("oci://localhost:5000/team/loader-lab:1.0.0").unwrap();
        assert_eq!(
            (good.host.as_str(), good.what.as_str()),
            ("localhost:5000", "1.0.0")
        );
        assert!(good.is_local());
        let pinned = Reference::parse(&format!("oci://ghcr.io/a/b@{digest}")).unwrap();
        assert_eq!(pinned.what, digest);
        assert!(!pinned.is_local());
        for wrong in [
            "ghcr.io/a/b:1",
            "oci://ghcr.io",
            "oci://ghcr.io/a/b",
            "oci://-x/a:1",
            "oci://user@host/a:1",
            "oci://host:99999/a:1",
            "oci://host:0/a:1",
            "oci://host/../etc:1",
            "oci://host/a//b:1",
            "oci://host/A:1",
            "oci://host/a:1 --output x",
            "oci://host/a:-1",
            "oci://host/a?x:1",
            "oci://host/a@sha256:abc",
            "oci://host/a@md5:abc",
            "oci://[::1]/a:1",
            "oci://localhost.evil.org@/a:1",
        ] {
            assert!(Reference::parse(wrong).is_err(), "{wrong}");
        }
        assert!(
            !Reference::parse("oci://localhost.evil.org/a:1")
                .unwrap()
                .is_local()
        );
    }
}
