//! The one function that does it.

use crate::{
    ConfineError, Confined, Level, Missing, Network, REQUIRED_ABI, Rules, Support, kernel,
};

/// Limit this process to `rules`, for the rest of its life.
///
/// Call it once, in the main thread, before any other thread is started; see the
/// [documentation of the crate](crate).
///
/// # Errors
/// With [`Level::Required`], everything that is missing ([`ConfineError::Missing`]; nothing was
/// changed then). With any level but [`Level::Off`], a path that cannot be opened, and a kernel
/// that refuses what it says it can do.
pub fn confine(rules: &Rules, level: Level) -> Result<Confined, ConfineError> {
    if level == Level::Off {
        return Ok(Confined::nothing(level, rules.network.clone(), None));
    }
    let support = kernel::available();
    let missing = missing(&support, &rules.network);
    if level == Level::Required && !missing.is_empty() {
        return Err(ConfineError::Missing { missing });
    }
    let mut confined = Confined::nothing(level, rules.network.clone(), support.threads);
    confined.missing = missing;
    // paths come first: a path that cannot be opened is found before anything is irrevocable
    if support.landlock_abi.is_some() {
        kernel::restrict_paths(rules, support, &mut confined)?;
    }
    if support.seccomp {
        kernel::restrict_calls(rules, &mut confined)?;
    }
    Ok(confined)
}

/// What [`Level::Required`] asks for and `support` does not offer.
fn missing(support: &Support, network: &Network) -> Vec<Missing> {
    if !kernel::SUPPORTED {
        return vec![Missing::System];
    }
    let mut missing = Vec::new();
    match support.landlock_abi {
        None => missing.push(Missing::Landlock),
        Some(abi) => {
            if abi < REQUIRED_ABI {
                missing.push(Missing::LandlockAbi { abi });
            }
            if abi < 4 && matches!(network, Network::Ports { .. }) {
                missing.push(Missing::Ports { abi });
            }
            if abi < ALL_THREADS_ABI && support.threads != Some(1) {
                missing.push(Missing::Threads {
                    threads: support.threads,
                });
            }
        }
    }
    if !support.seccomp {
        missing.push(Missing::Seccomp);
    }
    missing
}

/// The first Landlock that can limit threads which run already.
pub(crate) const ALL_THREADS_ABI: u8 = 8;

#[cfg(test)]
mod tests {
    use super::*;

    fn support(abi: Option<u8>, seccomp: bool, threads: Option<usize>) -> Support {
        Support {
            landlock_abi: abi,
            seccomp,
            threads,
        }
    }

    fn ports() -> Network {
        Network::Ports {
            connect: vec![443],
            bind: vec![],
        }
    }

    #[test]
    fn required_names_everything_that_is_missing() {
        let of = |abi, seccomp, threads, network: &Network| {
            missing(&support(abi, seccomp, threads), network)
        };
        if !kernel::SUPPORTED {
            assert_eq!(of(None, false, None, &Network::None), [Missing::System]);
            return;
        }
        assert_eq!(of(Some(3), true, Some(1), &Network::None), []);
        assert_eq!(of(Some(4), true, Some(1), &ports()), []);
        assert_eq!(
            of(None, false, Some(1), &Network::None),
            [Missing::Landlock, Missing::Seccomp]
        );
        assert_eq!(
            of(Some(2), true, Some(1), &ports()),
            [Missing::LandlockAbi { abi: 2 }, Missing::Ports { abi: 2 }]
        );
    }

    #[test]
    fn other_threads_are_missing_until_landlock_can_limit_them() {
        if !kernel::SUPPORTED {
            return;
        }
        for (abi, threads, expected) in [
            (7, Some(1), vec![]),
            (7, Some(3), vec![Missing::Threads { threads: Some(3) }]),
            (7, None, vec![Missing::Threads { threads: None }]),
            (8, Some(3), vec![]),
            (8, None, vec![]),
        ] {
            assert_eq!(
                missing(&support(Some(abi), true, threads), &Network::None),
                expected,
                "ABI {abi}, {threads:?} threads"
            );
        }
    }

    #[test]
    fn off_confines_nothing() {
        let rules = Rules {
            read: vec!["/nowhere/at/all".into()],
            ..Rules::default()
        };
        let confined = confine(&rules, Level::Off).unwrap();
        assert_eq!(confined.to_string(), "not confined (switched off)");
        assert!(!confined.is_complete());
        std::fs::read_dir("/").unwrap();
    }
}
