//! Disks that fill up, and what must not be left on them.

use std::{
    fs,
    path::{Path, PathBuf},
    process::Command,
};

use crate::{
    host::{Host, Spoken},
    run::Run,
};

/// A way to let a program run out of disk.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SmallDisk {
    /// A file system in memory, in a mount name space of its own.
    FileSystem,
    /// A limit on the size of each file, where the system does not permit mounting.
    FileLimit,
}

/// In the name space: mount, run, and carry what was left out of it.
const SCRIPT: &str = r#"
mount -t tmpfs -o "size=$SIZE" tmpfs "$DISK" || exit 99
"$@"
code=$?
if [ -e "$DISK/run" ]; then cp -a "$DISK/run" "$KEPT" || exit 98; fi
exit $code
"#;

/// The signal that a file has grown too large is ignored, so that the write fails instead.
const LIMITED: &str = r#"
trap '' XFSZ
ulimit -f "$BLOCKS" || exit 99
"$@"
code=$?
ulimit -f unlimited 2>/dev/null
if [ -e "$DISK/run" ]; then mv "$DISK/run" "$KEPT" || exit 98; fi
exit $code
"#;

impl SmallDisk {
    /// The better of the two that this system permits.
    pub fn here() -> Self {
        let permitted = Command::new("unshare")
            .args([
                "--user",
                "--map-root-user",
                "--mount",
                "sh",
                "-c",
                "mount -t tmpfs tmpfs /mnt",
            ])
            .output()
            .is_ok_and(|output| output.status.success());
        if permitted {
            Self::FileSystem
        } else {
            Self::FileLimit
        }
    }

    /// Run with a disk of `bytes` for the run directory. What was left of it stands in `kept`.
    pub fn run(self, host: &Host, run: Run<'_>, bytes: u64, kept: &Path) -> Spoken {
        let disk = host.at("disk");
        fs::create_dir_all(&disk).unwrap();
        let run = run.out(&disk.join("run"));
        let inner = run.command();
        let mut outer = match self {
            Self::FileSystem => {
                let mut outer = Command::new("unshare");
                outer.args([
                    "--user",
                    "--map-root-user",
                    "--mount",
                    "sh",
                    "-c",
                    SCRIPT,
                    "sh",
                ]);
                outer
            }
            Self::FileLimit => {
                let mut outer = Command::new("sh");
                outer.args(["-c", LIMITED, "sh"]);
                outer
            }
        };
        host.surround(&mut outer);
        outer.arg(inner.get_program()).args(inner.get_args());
        outer.env("DISK", &disk).env("KEPT", kept);
        outer
            .env("SIZE", bytes.to_string())
            .env("BLOCKS", bytes.div_ceil(512).to_string());
        let spoken = Spoken::from(outer.output().unwrap());
        assert!(
            !matches!(spoken.code, Some(98 | 99)),
            "the small disk could not be made\n{spoken}"
        );
        spoken
    }

    /// Bytes that the plugins which a finished run took along take, whole or the largest, as this
    /// way of limiting counts.
    pub fn plugins(self, run: &Path) -> u64 {
        let sizes = fs::read_dir(run.join("plugins")).unwrap().map(|entry| {
            let size = entry.unwrap().metadata().unwrap().len();
            size.next_multiple_of(4096)
        });
        match self {
            Self::FileSystem => sizes.sum(),
            Self::FileLimit => sizes.max().unwrap_or(0),
        }
    }
}

/// Files that somebody began to write and did not finish.
pub fn half_written(directory: &Path) -> Vec<PathBuf> {
    let mut found = Vec::new();
    let Ok(entries) = fs::read_dir(directory) else {
        return found;
    };
    for entry in entries {
        let path = entry.unwrap().path();
        if path.is_dir() {
            found.extend(half_written(&path));
        } else if path.extension().is_some_and(|e| e == "part" || e == "tmp") {
            found.push(path);
        }
    }
    found
}
