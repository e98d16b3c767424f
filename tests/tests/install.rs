//! Installing plugins from files, packages and registries: what is right arrives whole, what is
//! not is refused and leaves the folder as it was.

#![allow(clippy::type_complexity, reason = "a table of cases")]
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, missing_docs)]

use std::{
    collections::BTreeMap,
    fs,
    io::{BufRead as _, BufReader, Read as _, Write as _},
    net::{TcpListener, TcpStream},
    path::{Path, PathBuf},
    process::Stdio,
    sync::{Arc, Mutex},
    thread::sleep,
    time::Duration,
};

use autods_tests::{Chance, Host, Spoken, plugins};
use sha2::{Digest as _, Sha256};

const ID: &str = "agent-orchestrator";

fn sha256(bytes: &[u8]) -> String {
    Sha256::digest(bytes)
        .iter()
        .map(|byte| format!("{byte:02x}"))
        .collect()
}

/// A bundled plugin as its author would hand it on: in a folder, its manifest naming it.
fn built(host: &Host, folder: &str, version: &str) -> PathBuf {
    let folder = host.at(folder);
    fs::create_dir_all(&folder).unwrap();
    let component = fs::read(plugins().join(format!("{ID}.wasm"))).unwrap();
    let manifest = fs::read_to_string(plugins().join(format!("{ID}.toml"))).unwrap();
    let manifest = manifest.split("[component]").next().unwrap();
    let manifest = manifest.replacen(
        "version = \"0.1.0\"",
        &format!("version = \"{version}\""),
        1,
    );
    let manifest = format!(
        "{manifest}\n[component]\nsha256 = \"{}\"\n",
        sha256(&component)
    );
    fs::write(folder.join(format!("{ID}.wasm")), component).unwrap();
    fs::write(folder.join(format!("{ID}.toml")), manifest).unwrap();
    folder.join(format!("{ID}.wasm"))
}

fn install(host: &Host, what: &str, more: &[&str]) -> Spoken {
    host.call([&["plugin", "install", what, "--into", "plugins"], more].concat())
}

/// Everything in a folder, by name.
fn contents(folder: &Path) -> BTreeMap<String, Vec<u8>> {
    let Ok(entries) = fs::read_dir(folder) else {
        return BTreeMap::new();
    };
    entries
        .map(|entry| {
            let entry = entry.unwrap();
            let bytes = fs::read(entry.path()).unwrap_or_default();
            (entry.file_name().to_string_lossy().into_owned(), bytes)
        })
        .collect()
}

/// Whether the folder would be run from as it is, under the default policy.
fn is_whole(host: &Host) -> bool {
    let component = host.at(&format!("plugins/{ID}.wasm"));
    let manifest = fs::read_to_string(component.with_extension("toml")).unwrap();
    let lock = fs::read_to_string(host.at("plugins/autods.lock")).unwrap();
    let bytes = fs::read(&component).unwrap();
    manifest.contains(&sha256(&bytes))
        && lock.contains(&sha256(&bytes))
        && lock.contains(&sha256(manifest.as_bytes()))
}

#[test]
fn a_plugin_is_installed_pinned_replaced_and_removed() {
    let host = Host::new();
    let first = built(&host, "one", "0.1.0");
    install(&host, first.to_str().unwrap(), &[]).must_end_with(0);
    assert!(is_whole(&host));
    let second = built(&host, "two", "0.2.0");
    let replaced = install(&host, second.to_str().unwrap(), &[]);
    replaced.must_end_with(0);
    assert!(replaced.out.contains("in place of 0.1.0"), "{replaced}");
    assert!(is_whole(&host));
    let names: Vec<String> = contents(&host.at("plugins")).into_keys().collect();
    assert_eq!(
        names,
        [&format!("{ID}.toml"), &format!("{ID}.wasm"), "autods.lock"]
    );
    host.call(["plugin", "remove", ID, "--from", "plugins"])
        .must_end_with(0);
    let names: Vec<String> = contents(&host.at("plugins")).into_keys().collect();
    assert_eq!(names, ["autods.lock"]);
    let again = host.call(["plugin", "remove", ID, "--from", "plugins"]);
    again.must_say(&["holds no plugin"]);
    let odd = host.call(["plugin", "remove", "../two/agent", "--from", "plugins"]);
    odd.must_say(&["holds no plugin"]);
}

#[test]
fn installations_at_the_same_time_do_not_take_each_other_back() {
    let host = Host::new();
    fs::create_dir(host.at("plugins")).unwrap();
    let ids = [
        "agent-validator",
        "agent-translator",
        "agent-modeler",
        "agent-feature",
    ];
    let started: Vec<_> = ids
        .map(|id| {
            let component = plugins().join(format!("{id}.wasm"));
            let arguments = [
                "plugin",
                "install",
                component.to_str().unwrap(),
                "--into",
                "plugins",
            ];
            host.command(arguments)
                .stdout(Stdio::null())
                .stderr(Stdio::null())
                .spawn()
                .unwrap()
        })
        .into_iter()
        .collect();
    for mut one in started {
        assert!(one.wait().unwrap().success());
    }
    let lock = fs::read_to_string(host.at("plugins/autods.lock")).unwrap();
    for id in ids {
        assert!(host.at(&format!("plugins/{id}.wasm")).is_file(), "{id}");
        assert!(lock.contains(id), "{lock}");
    }
}

#[test]
fn what_is_not_right_is_refused_and_the_old_plugin_stays() {
    let host = Host::new();
    let good = built(&host, "good", "0.1.0");
    install(&host, good.to_str().unwrap(), &[]).must_end_with(0);
    let before = contents(&host.at("plugins"));
    let refused = |what: &str, more: &[&str], words: &[&str]| {
        let spoken = install(&host, what, more);
        assert!(matches!(spoken.code, Some(2 | 5)), "{spoken}");
        spoken.must_say(words);
        assert_eq!(contents(&host.at("plugins")), before, "{what}");
    };
    let flipped = built(&host, "flipped", "0.2.0");
    let mut bytes = fs::read(&flipped).unwrap();
    let last = bytes.len() - 1;
    bytes[last] ^= 1;
    fs::write(&flipped, &bytes).unwrap();
    refused(flipped.to_str().unwrap(), &[], &["other-component"]);
    fs::write(&flipped, &bytes[..last]).unwrap();
    refused(flipped.to_str().unwrap(), &[], &["other-component"]);
    let unsigned = built(&host, "unsigned", "0.2.0");
    refused(
        unsigned.to_str().unwrap(),
        &["--policy", "strict"],
        &["signature-missing"],
    );
    #[cfg(unix)]
    {
        fs::create_dir(host.at("linked")).unwrap();
        let link = host.at(&format!("linked/{ID}.wasm"));
        std::os::unix::fs::symlink(&good, &link).unwrap();
        fs::copy(good.with_extension("toml"), link.with_extension("toml")).unwrap();
        refused(link.to_str().unwrap(), &[], &["a link"]);
    }
    let bare = built(&host, "bare", "0.2.0");
    fs::remove_file(bare.with_extension("toml")).unwrap();
    refused(bare.to_str().unwrap(), &[], &["no manifest"]);
    refused("nothing.wasm", &[], &["no such file"]);
    fs::write(host.at("small.toml"), "[component]\nsize-kib = 1\n").unwrap();
    let other = built(&host, "other", "0.2.0");
    refused(
        other.to_str().unwrap(),
        &["--policy", "small.toml"],
        &["component"],
    );
}

#[test]
fn a_package_arrives_as_it_was_packed() {
    let host = Host::new();
    let component = built(&host, "one", "0.1.0");
    let pack = |out: &str| {
        host.call(["plugin", "pack", component.to_str().unwrap(), "--out", out])
            .must_end_with(0);
        fs::read(host.at(out)).unwrap()
    };
    assert_eq!(
        pack("a.tar.gz"),
        pack("b.tar.gz"),
        "the same files give the same bytes"
    );
    install(&host, "a.tar.gz", &[]).must_end_with(0);
    assert!(is_whole(&host));
    let before = contents(&host.at("plugins"));
    let whole = fs::read(host.at("a.tar.gz")).unwrap();
    fs::write(host.at("cut.tar.gz"), &whole[..whole.len() / 2]).unwrap();
    let cut = install(&host, "cut.tar.gz", &[]);
    assert!(cut.err.contains("damaged"), "{cut}");
    assert_eq!(contents(&host.at("plugins")), before);
}

#[test]
fn an_image_layout_holds_one_plugin_and_every_blob_is_checked() {
    let host = Host::new();
    let component = built(&host, "one", "0.1.0");
    host.call([
        "plugin",
        "pack",
        component.to_str().unwrap(),
        "--oci",
        "layout",
    ])
    .must_end_with(0);
    install(&host, "oci-layout:layout", &[]).must_end_with(0);
    assert!(is_whole(&host));
    install(&host, "oci-layout:layout:0.1.0", &[]).must_end_with(0);
    install(&host, "oci-layout:layout:0.9.9", &[]).must_say(&["0 artifacts"]);
    let digest = sha256(&fs::read(&component).unwrap());
    let blob = host.at(&format!("layout/blobs/sha256/{digest}"));
    let mut bytes = fs::read(&blob).unwrap();
    bytes[100] ^= 1;
    fs::write(&blob, bytes).unwrap();
    install(&host, "oci-layout:layout", &[]).must_say(&["a blob is not what names it"]);
}

/// A plugin that is killed while it is installed is there as it was, or as it should be.
#[test]
fn an_installation_that_is_killed_leaves_a_whole_plugin() {
    let host = Host::new();
    let versions = [built(&host, "one", "0.1.0"), built(&host, "two", "0.2.0")];
    install(&host, versions[0].to_str().unwrap(), &[]).must_end_with(0);
    let mut chance = Chance::new(5);
    let mut killed = 0;
    for round in 0..24 {
        let component = versions[(round + 1) % 2].to_str().unwrap();
        let mut child = host
            .command(["plugin", "install", component, "--into", "plugins"])
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .spawn()
            .unwrap();
        sleep(Duration::from_micros(500 * chance.below(60) as u64));
        killed += usize::from(child.try_wait().unwrap().is_none());
        let _ = child.kill();
        child.wait().unwrap();
        assert!(is_whole(&host), "after round {round}");
    }
    assert!(
        killed > 0,
        "no installation was still running when it was to be killed"
    );
    install(&host, versions[0].to_str().unwrap(), &[]).must_end_with(0);
    assert!(is_whole(&host));
    // what the killed ones left behind is gone
    let left = contents(host.place())
        .into_keys()
        .filter(|name| name.ends_with(".new"))
        .count();
    assert_eq!(left, 0);
}

/// A registry of one artifact: paths and what they answer.
#[derive(Clone)]
struct Registry {
    answers: Arc<Mutex<BTreeMap<String, (u16, String, Vec<u8>)>>>,
    asked: Arc<Mutex<Vec<String>>>,
    port: u16,
}

impl Registry {
    /// Serves the layout that `plugin pack --oci` made.
    fn of_layout(layout: &Path) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let registry = Self {
            answers: Arc::default(),
            asked: Arc::default(),
            port: listener.local_addr().unwrap().port(),
        };
        let index: serde_json::Value =
            serde_json::from_slice(&fs::read(layout.join("index.json")).unwrap()).unwrap();
        let top = index["manifests"][0]["digest"].as_str().unwrap();
        for entry in fs::read_dir(layout.join("blobs/sha256")).unwrap() {
            let entry = entry.unwrap();
            let digest = format!("sha256:{}", entry.file_name().to_string_lossy());
            let bytes = fs::read(entry.path()).unwrap();
            if digest == top {
                registry.put("manifests/0.1.0", 200, "", bytes.clone());
                registry.put(&format!("manifests/{digest}"), 200, "", bytes);
            } else {
                registry.put(&format!("blobs/{digest}"), 200, "", bytes);
            }
        }
        let serving = registry.clone();
        std::thread::spawn(move || {
            for stream in listener.incoming().map_while(Result::ok) {
                serving.answer(stream);
            }
        });
        registry
    }

    fn put(&self, path: &str, status: u16, head: &str, body: Vec<u8>) {
        let path = format!("/v2/team/plugin/{path}");
        self.answers
            .lock()
            .unwrap()
            .insert(path, (status, head.to_owned(), body));
    }

    fn answer(&self, stream: TcpStream) {
        let mut lines = BufReader::new(stream.try_clone().unwrap()).lines();
        let first = lines.next().unwrap().unwrap();
        let path = first.split_whitespace().nth(1).unwrap().to_owned();
        let mut token = false;
        for line in lines
            .map_while(Result::ok)
            .take_while(|line| !line.is_empty())
        {
            token |= line.eq_ignore_ascii_case("authorization: bearer abc.def");
        }
        self.asked.lock().unwrap().push(path.clone());
        let answers = self.answers.lock().unwrap();
        let found = answers.get(&path).cloned();
        let (status, head, body) = found.unwrap_or((404, String::new(), Vec::new()));
        let (status, head) = match head.strip_prefix("needs-token ") {
            Some(_) if token => (200, String::new()),
            Some(challenge) => (401, format!("WWW-Authenticate: {challenge}\r\n")),
            None => (status, head),
        };
        let length = if head.contains("Content-Length") {
            String::new()
        } else {
            format!("Content-Length: {}\r\n", body.len())
        };
        let mut stream = stream;
        let _ = write!(
            stream,
            "HTTP/1.1 {status} -\r\nConnection: close\r\n{length}{head}\r\n"
        );
        let _ = stream.write_all(&body);
        let _ = stream.flush();
        let _ = stream.shutdown(std::net::Shutdown::Write);
        let _ = stream.read(&mut [0; 16]);
    }

    fn reference(&self, what: &str) -> String {
        format!("oci://127.0.0.1:{}/team/plugin{what}", self.port)
    }
}

fn curl_is_there() -> bool {
    let there = std::process::Command::new("curl")
        .arg("--version")
        .output()
        .is_ok();
    if !there {
        autods_tests::note("SKIPPED: there is no curl, so no registry can be asked");
    }
    there
}

fn packed(host: &Host) -> (Registry, Vec<u8>) {
    let component = built(host, "one", "0.1.0");
    host.call([
        "plugin",
        "pack",
        component.to_str().unwrap(),
        "--oci",
        "layout",
    ])
    .must_end_with(0);
    let bytes = fs::read(&component).unwrap();
    (Registry::of_layout(&host.at("layout")), bytes)
}

#[test]
fn a_registry_is_asked_and_what_it_gives_is_held_against_its_digests() {
    if !curl_is_there() {
        return;
    }
    let host = Host::new();
    let (registry, component) = packed(&host);
    let plain = ["--plain-http"];
    install(&host, &registry.reference(":0.1.0"), &plain).must_end_with(0);
    assert!(is_whole(&host));
    let before = contents(&host.at("plugins"));
    let blob = format!("blobs/sha256:{}", sha256(&component));
    let refused = |words: &[&str]| {
        let spoken = install(&host, &registry.reference(":0.1.0"), &plain);
        assert!(matches!(spoken.code, Some(2 | 5)), "{spoken}");
        spoken.must_say(words);
        assert_eq!(contents(&host.at("plugins")), before, "{words:?}");
    };
    let mut other = component.clone();
    other[100] ^= 1;
    registry.put(&blob, 200, "", other);
    refused(&["a blob is not what names it"]);
    registry.put(&blob, 200, "", component[..component.len() - 1].to_vec());
    refused(&["a blob is not what names it"]);
    // says that there is more than it sends
    let head = format!("Content-Length: {}\r\n", component.len());
    registry.put(&blob, 200, &head, component[..component.len() / 2].to_vec());
    refused(&["curl: (18)"]);
    registry.put(&blob, 200, "", [component.clone(), vec![0; 100]].concat());
    refused(&["curl: (63)"]);
    // the same, without saying so beforehand
    let chunked = "Transfer-Encoding: chunked\r\nX-No: Content-Length\r\n";
    let mut body = format!("{:x}\r\n", component.len() + 1).into_bytes();
    body.extend(&component);
    body.extend(b"\0\r\n0\r\n\r\n");
    registry.put(&blob, 200, chunked, body);
    let spoken = install(&host, &registry.reference(":0.1.0"), &plain);
    assert!(
        spoken.err.contains("curl: (63)") || spoken.err.contains("sent more than"),
        "{spoken}"
    );
    let to_http = format!("Location: http://127.0.0.1:{}/elsewhere\r\n", registry.port);
    registry.put(&blob, 307, &to_http, Vec::new());
    refused(&["curl: (1)"]);
    assert!(
        !registry
            .asked
            .lock()
            .unwrap()
            .contains(&"/elsewhere".to_owned())
    );
    registry.put(&blob, 307, "Location: file:///etc/passwd\r\n", Vec::new());
    refused(&["curl: (1)"]);
    registry.put(&blob, 500, "", Vec::new());
    refused(&["answered 500"]);
    registry.put("manifests/0.1.0", 200, "", b"{}".to_vec());
    refused(&["OCI document"]);
    registry.put("manifests/0.1.0", 200, "", b"{\"layers\":[]}".to_vec());
    refused(&["it is no plugin"]);
    // a manifest that is asked for by digest is held against it
    let digest = format!("@sha256:{}", "a".repeat(64));
    let path = format!("manifests/sha256:{}", "a".repeat(64));
    registry.put(&path, 200, "", b"{\"layers\":[]}".to_vec());
    install(&host, &registry.reference(&digest), &plain).must_say(&["gave a manifest with"]);
}

#[test]
fn a_token_is_fetched_where_a_registry_wants_one_and_only_from_a_safe_place() {
    if !curl_is_there() {
        return;
    }
    let host = Host::new();
    let (registry, _) = packed(&host);
    let port = registry.port;
    let challenge = |realm: &str| {
        for (path, answer) in registry.answers.lock().unwrap().iter_mut() {
            if path.starts_with("/v2/") {
                answer.1 = format!("needs-token Bearer realm=\"{realm}\",service=\"here\"");
            }
        }
    };
    let token = br#"{"token":"abc.def"}"#.to_vec();
    registry.answers.lock().unwrap().insert(
        "/token?scope=repository:team/plugin:pull&service=here".to_owned(),
        (200, String::new(), token),
    );
    challenge(&format!("http://127.0.0.1:{port}/token"));
    install(&host, &registry.reference(":0.1.0"), &["--plain-http"]).must_end_with(0);
    assert!(is_whole(&host));
    for realm in [
        "http://example.org/token".to_owned(),
        "file:///etc/passwd".to_owned(),
        format!("http://127.0.0.1:{port}/token --output x"),
    ] {
        challenge(&realm);
        let spoken = install(&host, &registry.reference(":0.1.0"), &["--plain-http"]);
        spoken.must_say(&["not https"]);
    }
}

#[test]
fn plain_http_is_for_this_very_machine_and_asked_for_by_name() {
    if !curl_is_there() {
        return;
    }
    let host = Host::new();
    let (registry, _) = packed(&host);
    let far = install(&host, "oci://registry.example.org/a/b:1", &["--plain-http"]);
    far.must_say(&["on this very machine"]);
    // without it the registry is spoken to in TLS, which it does not speak
    let unasked = install(&host, &registry.reference(":0.1.0"), &[]);
    assert!(matches!(unasked.code, Some(2 | 5)), "{unasked}");
    assert!(unasked.err.contains("curl: ("), "{unasked}");
    assert!(contents(&host.at("plugins")).is_empty());
    install(&host, "oci://nowhere", &[]).must_say(&["names no plugin in a registry"]);
}
