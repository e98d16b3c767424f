//! What is said about confinement.

use std::fs;

use autods_confine::{
    ConfineError, Confined, Coverage, Level, Network, REQUIRED_ABI, Rules, available, confine,
};

use crate::trial::{Attempt, Ports, allowed};

pub fn attempts() -> Vec<Attempt> {
    vec![
        allowed("what_is_in_force_is_said", |place| {
            let support = available();
            assert_eq!(support.threads, Some(1));
            place.confine();
            let confined = place.confined();
            assert!(confined.is_complete(), "{confined}");
            assert!(confined.landlock_abi >= Some(REQUIRED_ABI));
            assert_eq!(confined.file_system, Coverage::Full);
            assert_eq!((confined.read_paths, confined.write_paths), (1, 1));
            assert!(confined.seccomp);
            for call in [
                "socket",
                "execve",
                "io_uring_setup",
                "clone (other than a thread)",
            ] {
                assert!(confined.refused.iter().any(|r| r == call), "{call}");
            }
            assert!(confined.refused.is_sorted());
            let words = confined.to_string();
            assert!(words.starts_with("Landlock ABI "), "{words}");
            assert!(words.ends_with("network: none"), "{words}");
            let json = serde_json::to_string(confined).unwrap();
            let back: Confined = serde_json::from_str(&json).unwrap();
            assert_eq!(&back, confined);
            Ok(())
        }),
        allowed("open_ports_are_said", |place| {
            place.confine();
            let words = place.confined().to_string();
            let expected = format!(
                "network: TCP only (connect to ports: {}; listen on ports: none)",
                place.open
            );
            assert!(words.ends_with(&expected), "{words}");
            Ok(())
        })
        .with_ports(Ports::Connect),
        allowed(
            "a_path_that_is_not_there_is_named_and_nothing_changed",
            |place| {
                let nowhere = place.outside("nowhere");
                let rules = Rules {
                    read: vec![place.read(""), nowhere.clone()],
                    write: vec![],
                    network: Network::None,
                };
                for level in [Level::Required, Level::Preferred] {
                    let error = confine(&rules, level).unwrap_err();
                    assert!(matches!(&error, ConfineError::Path { path, .. } if *path == nowhere));
                    assert!(error.to_string().contains("outside/nowhere"), "{error}");
                }
                fs::read("/etc/passwd").map(drop)
            },
        ),
        allowed(
            "a_single_file_may_be_written_and_nothing_beside_it",
            |place| {
                let rules = Rules {
                    read: vec![place.read("table.csv")],
                    write: vec![place.write("notes.txt")],
                    network: Network::None,
                };
                place.confine_to(&rules);
                fs::read(place.read("table.csv"))?;
                fs::write(place.write("notes.txt"), "after")?;
                assert!(fs::write(place.write("other.txt"), "x").is_err());
                assert!(fs::read_dir(place.read("")).is_err());
                Ok(())
            },
        ),
        allowed("a_confined_process_can_only_be_confined_more", |place| {
            place.confine();
            let rules = Rules {
                read: vec![place.read("")],
                write: vec![],
                network: Network::None,
            };
            // the threads cannot be counted any more, which is said
            let again = confine(&rules, Level::Preferred).unwrap();
            assert_eq!(again.threads, None);
            fs::read(place.read("table.csv"))?;
            assert!(fs::write(place.write("notes.txt"), "x").is_err());
            Ok(())
        }),
    ]
}
