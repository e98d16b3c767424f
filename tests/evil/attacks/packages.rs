//! Attacks by what is inside a package that somebody installs.

use std::collections::BTreeSet;
use std::fs;
use std::io::Write as _;
use std::path::Path;

use autods_tests::{Host, plugins};
use flate2::{Compression, write::GzEncoder};

use crate::trial::{AtMost, Attack, Told, Trial};

use super::files::IntoTold as _;

const ID: &str = "agent-validator";

/// An entry of an archive: name, kind, what a link points to, contents.
#[derive(Clone)]
struct Entry(Vec<u8>, u8, &'static str, Vec<u8>);

impl Entry {
    fn file(name: &str, bytes: &[u8]) -> Self {
        Self(name.into(), b'0', "", bytes.to_vec())
    }

    fn link(name: &str, kind: u8, target: &'static str) -> Self {
        Self(name.into(), kind, target, Vec::new())
    }

    /// As `ustar` (POSIX.1-2008), whatever is in it.
    fn tar(&self, size: Option<usize>) -> Vec<u8> {
        let mut head = [0u8; 512];
        let mut put = |at: usize, bytes: &[u8]| head[at..at + bytes.len()].copy_from_slice(bytes);
        put(0, &self.0[..self.0.len().min(100)]);
        put(100, b"0000644\0");
        put(
            124,
            format!("{:011o}\0", size.unwrap_or(self.3.len())).as_bytes(),
        );
        put(136, b"00000000000\0");
        put(148, b"        ");
        put(156, &[self.1]);
        put(157, self.2.as_bytes());
        put(257, b"ustar\x0000");
        let sum: u32 = head.iter().map(|byte| u32::from(*byte)).sum();
        head[148..155].copy_from_slice(format!("{sum:06o}\0").as_bytes());
        let mut out = head.to_vec();
        out.extend_from_slice(&self.3);
        out.resize(out.len().next_multiple_of(512), 0);
        out
    }
}

/// The files of an honest package.
fn honest() -> Vec<Entry> {
    ["wasm", "toml"]
        .map(|end| {
            let name = format!("{ID}.{end}");
            Entry::file(&name, &fs::read(plugins().join(&name)).unwrap())
        })
        .to_vec()
}

fn archive(entries: &[Entry]) -> Vec<u8> {
    let mut tar: Vec<u8> = entries.iter().flat_map(|entry| entry.tar(None)).collect();
    tar.resize(tar.len() + 1024, 0);
    tar
}

/// Every path below a folder.
fn paths(folder: &Path, into: &mut BTreeSet<String>) {
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() && !path.is_symlink() {
            paths(&path, into);
        }
        into.insert(path.display().to_string());
    }
}

/// Installs these bytes as a package; whatever comes of it, not a file may appear.
fn installs(trial: &mut Trial, way: &'static str, expected: &str, package: Vec<u8>) {
    trial.attempt(way, expected, AtMost::Files, move |_| {
        let host = Host::new();
        fs::create_dir(host.at("plugins")).unwrap();
        fs::write(host.at("evil.tar"), &package).unwrap();
        let all = || {
            let mut all = BTreeSet::new();
            paths(host.place(), &mut all);
            all
        };
        let before = all();
        let spoken = host.call(["plugin", "install", "evil.tar", "--into", "plugins"]);
        let new: Vec<String> = all().difference(&before).cloned().collect();
        match new.first() {
            Some(path) => Told::harm(format!("{path} appeared")),
            None => spoken.into_told(&host),
        }
    });
}

pub const ESCAPE: Attack = Attack {
    name: "A package that unpacks to elsewhere",
    tries: "An archive with names and entries that lead out of the folder, or that grows when it is unpacked.",
    perform: |trial| {
        trial.attempt(
            "nothing evil at all, to compare with",
            "exit 0",
            AtMost::Run,
            |_| {
                let host = Host::new();
                fs::create_dir(host.at("plugins")).unwrap();
                fs::write(host.at("good.tar"), archive(&honest())).unwrap();
                host.call(["plugin", "install", "good.tar", "--into", "plugins"])
                    .into_told(&host)
            },
        );
        let with = |entry: Entry| archive(&[vec![entry], honest()].concat());
        for (way, name) in [
            ("`..` in a name", "../evil.wasm"),
            ("an absolute name", "/tmp/evil.wasm"),
            ("`..` behind a folder", "a/../../evil.wasm"),
            ("backslashes", "..\\evil.wasm"),
            ("a name that clears the screen", "\x1b[2J.wasm"),
            ("a hidden file", ".bashrc"),
            ("the lock itself", "autods.lock"),
            ("no name", ""),
        ] {
            installs(trial, way, "exit 5", with(Entry::file(name, b"evil")));
        }
        let nameless = Entry(b"\xff\xfe.wasm".to_vec(), b'0', "", b"evil".to_vec());
        installs(trial, "a name that is not UTF-8", "exit 5", with(nameless));
        for (way, kind, target) in [
            ("a symbolic link, and a file through it", b'2', "/tmp"),
            ("a hard link", b'1', "/etc/passwd"),
            ("a device", b'3', ""),
            ("a pipe", b'6', ""),
            ("a folder", b'5', ""),
            ("an extended header", b'x', ""),
            ("a long name", b'L', ""),
            ("a sparse file", b'S', ""),
        ] {
            installs(
                trial,
                way,
                "exit 5",
                with(Entry::link("evil", kind, target)),
            );
        }
        installs(
            trial,
            "the component twice",
            "exit 5",
            archive(&[honest(), honest()].concat()),
        );
        let many = (0..100).map(|i| Entry::file(&format!("{i}.txt"), b""));
        installs(
            trial,
            "a hundred files",
            "exit 5",
            archive(&[many.collect(), honest()].concat()),
        );
        let mut huge = Entry::file("evil.wasm", b"").tar(Some(0o77_777_777_777));
        huge.resize(4096, 0);
        installs(trial, "a size of 8 GiB in 4 KiB", "exit 5", huge);
        let mut bomb = GzEncoder::new(Vec::new(), Compression::best());
        for _ in 0..256 {
            bomb.write_all(&vec![0; 1 << 20]).unwrap();
        }
        let bomb = bomb.finish().unwrap();
        installs(trial, "256 MiB of zeros, gzipped", "exit 5", bomb);
        let whole = archive(&honest());
        installs(
            trial,
            "cut off in the middle",
            "exit 5",
            whole[..whole.len() / 2].to_vec(),
        );
    },
};
