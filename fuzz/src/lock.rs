//! `autods.lock`.
//!
//! Promise: a lock whose checksum is right means the same when it is written and read; and a
//! refusal can be shown.

use autods_sandbox::{Limits, Lock, Pinned, World, fuzzing};

use crate::assert_shown;

/// As it is, and with the checksum put right, which whoever edits a lock can do too.
pub fn run(input: &[u8]) {
    let Ok(text) = std::str::from_utf8(input) else {
        return;
    };
    hold(text);
    if let Some(sealed) = fuzzing::sealed(text) {
        hold(&sealed);
    }
}

fn hold(text: &str) {
    let lock = match Lock::parse(Lock::FILE, text) {
        Ok(lock) => lock,
        Err(error) => return assert_shown("a refusal of a lock", &error.to_string()),
    };
    let again = lock.to_text();
    let read = Lock::parse(Lock::FILE, &again)
        .unwrap_or_else(|error| panic!("what was written is refused: {error}\n{again}"));
    assert_eq!(read, lock, "it is another lock when it is written and read");
    for pinned in lock.iter() {
        assert_eq!(lock.get(&pinned.id), Some(pinned));
    }
}

pub fn seeds() -> Vec<Vec<u8>> {
    #[derive(serde::Serialize)]
    struct File {
        version: u32,
        checksum: String,
        plugin: Vec<Pinned>,
    }
    let pinned = |id: &str, world, signer: Option<&str>| Pinned {
        id: id.into(),
        version: "1.0.0".into(),
        world,
        component: "0".repeat(64),
        manifest: "1".repeat(64),
        interface: "2".repeat(64),
        signer: signer.map(str::to_owned),
        limits: Limits::default(),
    };
    let file = |plugin| {
        let file = File {
            version: 1,
            checksum: String::new(),
            plugin,
        };
        let text = toml::to_string(&file).expect("a lock can be written");
        let sealed = fuzzing::sealed(&text).expect("its own form");
        Lock::parse(Lock::FILE, &sealed).expect("an honest lock");
        sealed.into_bytes()
    };
    vec![
        Lock::default().to_text().into_bytes(),
        file(vec![pinned("loader-x", World::Loader, None)]),
        file(vec![
            pinned("a", World::Method, Some("E7620F1842B4E81F")),
            pinned("b", World::Agent, None),
        ]),
    ]
}
