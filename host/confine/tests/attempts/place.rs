//! Where an attempt is made: three folders, three ports and a Unix socket.

use std::{
    cell::OnceCell,
    env, fs,
    net::TcpListener,
    os::unix::{fs::symlink, net::UnixListener},
    path::{Path, PathBuf},
    process::Command,
};

use autods_confine::{Confined, Level, Network, Rules, confine};
use tempfile::TempDir;

use crate::trial::Ports;

const ATTEMPT: &str = "AUTODS_CONFINE_ATTEMPT";
const FOLDER: &str = "AUTODS_CONFINE_FOLDER";
const LEVEL: &str = "AUTODS_CONFINE_LEVEL";
const PORTS: &str = "AUTODS_CONFINE_PORTS";

/// What the child knows of it.
pub struct Place {
    pub attempt: String,
    folder: PathBuf,
    level: Level,
    /// A port that the rules open, one that they do not (somebody listens at both), and one at
    /// which the rules allow to listen.
    pub open: u16,
    pub shut: u16,
    pub listen: u16,
    /// Whether the rules open ports at all.
    pub ports: Ports,
    confined: OnceCell<Confined>,
}

impl Place {
    /// In the child; `ports` comes from the attempt.
    pub fn of_child() -> Option<Self> {
        let attempt = env::var(ATTEMPT).ok()?;
        let ports: Vec<u16> = env::var(PORTS)
            .unwrap()
            .split(',')
            .map(|p| p.parse().unwrap())
            .collect();
        Some(Self {
            attempt,
            folder: env::var_os(FOLDER).unwrap().into(),
            level: match env::var(LEVEL).unwrap().as_str() {
                "required" => Level::Required,
                "preferred" => Level::Preferred,
                _ => Level::Off,
            },
            open: ports[0],
            shut: ports[1],
            listen: ports[2],
            ports: Ports::None,
            confined: OnceCell::new(),
        })
    }

    /// May be read.
    pub fn read(&self, name: &str) -> PathBuf {
        self.folder.join("read").join(name)
    }

    /// May be read and written.
    pub fn write(&self, name: &str) -> PathBuf {
        self.folder.join("write").join(name)
    }

    /// May not be touched.
    pub fn outside(&self, name: &str) -> PathBuf {
        self.folder.join("outside").join(name)
    }

    pub fn rules(&self) -> Rules {
        Rules {
            read: vec![self.read("")],
            write: vec![self.write("")],
            network: match self.ports {
                Ports::None => Network::None,
                Ports::Connect => Network::Ports {
                    connect: vec![self.open],
                    bind: vec![],
                },
                Ports::Listen => Network::Ports {
                    connect: vec![],
                    bind: vec![self.listen],
                },
            },
        }
    }

    /// Confine this process, unless it is the twin.
    pub fn confine(&self) {
        self.confine_to(&self.rules());
    }

    pub fn confine_to(&self, rules: &Rules) {
        let confined = confine(rules, self.level).expect("this kernel can");
        self.confined.set(confined).expect("once");
    }

    pub fn confined(&self) -> &Confined {
        self.confined.get().expect("the attempt confined itself")
    }
}

/// What the parent makes and keeps until the child has ended.
pub struct Ground {
    folder: TempDir,
    _listeners: [TcpListener; 2],
    _unix: UnixListener,
    ports: String,
}

impl Ground {
    pub fn make() -> Self {
        let folder = tempfile::tempdir().unwrap();
        let at = |name: &str| folder.path().join(name);
        for name in ["read", "write", "write/one", "write/two", "outside"] {
            fs::create_dir(at(name)).unwrap();
        }
        fs::write(at("read/table.csv"), "a,b\n1,2\n").unwrap();
        fs::write(at("write/notes.txt"), "before").unwrap();
        fs::write(at("outside/secret.txt"), "secret").unwrap();
        symlink(at("outside/secret.txt"), at("read/way-out")).unwrap();
        symlink(at("outside"), at("write/way-out")).unwrap();
        let open = TcpListener::bind("127.0.0.1:0").unwrap();
        let shut = TcpListener::bind("127.0.0.1:0").unwrap();
        // a port that was free a moment ago
        let free = TcpListener::bind("127.0.0.1:0").unwrap();
        let ports = [&open, &shut, &free].map(|l| l.local_addr().unwrap().port().to_string());
        Self {
            _unix: UnixListener::bind(at("outside/socket")).unwrap(),
            _listeners: [open, shut],
            ports: ports.join(","),
            folder,
        }
    }

    pub fn child(&self, attempt: &str, level: &str) -> Command {
        let mut command = Command::new(env::current_exe().unwrap());
        command
            .env(ATTEMPT, attempt)
            .env(FOLDER, self.path())
            .env(LEVEL, level)
            .env(PORTS, &self.ports);
        command
    }

    fn path(&self) -> &Path {
        self.folder.path()
    }
}
