//! A registry, asked by `curl`. The host itself holds no socket and no TLS; a program that the
//! site's administrator keeps up to date does this one thing, with arguments that are fixed here.

use std::io::{Read as _, Write as _};
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use sha2::{Digest as _, Sha256};

use super::reference::{Reference, names_this_machine};
use super::{Blobs, DOCUMENT, Descriptor, IMAGE, sha256_of, verified};
use crate::AuthorError;
use crate::build::hex;

/// How a registry may be asked.
#[derive(Clone, Debug, Default)]
pub struct RegistryOptions {
    /// Speak plain http; to this very machine only.
    pub plain_http: bool,
    /// A file with names and passwords for private registries, in curl's form.
    pub netrc: Option<PathBuf>,
}

/// An artifact in a registry.
pub(crate) struct Registry<'o> {
    reference: Reference,
    options: &'o RegistryOptions,
    token: std::cell::RefCell<Option<String>>,
}

/// What a request gave.
struct Answer {
    status: u16,
    /// `www-authenticate`, of the last answer in a chain of redirections.
    challenge: Option<String>,
    body: Vec<u8>,
}

impl<'o> Registry<'o> {
    pub(crate) fn of(reference: &str, options: &'o RegistryOptions) -> Result<Self, AuthorError> {
        let reference = Reference::parse(reference)?;
        if options.plain_http && !reference.is_local() {
            return Err(AuthorError::Wrong(format!(
                "--plain-http is for registries on this very machine (localhost, 127.0.0.1), not for {}",
                reference.host
            )));
        }
        Ok(Self {
            reference,
            options,
            token: std::cell::RefCell::new(None),
        })
    }

    pub(crate) fn shown(&self) -> String {
        format!("{}/{}", self.reference.host, self.reference.name)
    }

    /// The image manifest, held against its digest where the reference gives one.
    pub(crate) fn manifest(&self) -> Result<Vec<u8>, AuthorError> {
        let what = &self.reference.what;
        let body = self.get(&format!("manifests/{what}"), DOCUMENT)?;
        if let Ok(expected) = sha256_of(what) {
            let found = hex(&Sha256::digest(&body));
            if found != expected {
                return Err(AuthorError::Wrong(format!(
                    "{} gave a manifest with sha256:{found} for {what}",
                    self.shown()
                )));
            }
        }
        Ok(body)
    }

    fn get(&self, path: &str, most: u64) -> Result<Vec<u8>, AuthorError> {
        let scheme = if self.options.plain_http {
            "http"
        } else {
            "https"
        };
        let Reference { host, name, .. } = &self.reference;
        let url = format!("{scheme}://{host}/v2/{name}/{path}");
        let mut answer = self.ask(&url, most)?;
        if answer.status == 401
            && self.token.borrow().is_none()
            && let Some(challenge) = &answer.challenge
        {
            let token = self.fetch_token(challenge)?;
            self.token.replace(Some(token));
            answer = self.ask(&url, most)?;
        }
        match answer.status {
            200 => Ok(answer.body),
            401 | 403 => Err(AuthorError::Wrong(format!(
                "{} does not give {path} to you ({}); for a private registry put name and password into a file and give it with --netrc-file",
                self.shown(),
                answer.status
            ))),
            404 => Err(AuthorError::Wrong(format!(
                "{} has no {path}",
                self.shown()
            ))),
            status => Err(AuthorError::Wrong(format!(
                "{} answered {status} for {path}",
                self.shown()
            ))),
        }
    }

    /// An anonymous token, or one for the name in the netrc file (Distribution Spec, token
    /// authentication).
    fn fetch_token(&self, challenge: &str) -> Result<String, AuthorError> {
        let wrong = |what: &str| AuthorError::Wrong(format!("{}: {what}", self.shown()));
        let part = |name: &str| {
            let rest = challenge.split(&format!("{name}=\"")).nth(1)?;
            rest.split('"').next()
        };
        let bearer = challenge
            .trim_start()
            .get(..7)
            .is_some_and(|kind| kind.eq_ignore_ascii_case("bearer "));
        let realm = part("realm")
            .filter(|_| bearer)
            .ok_or_else(|| wrong("it wants name and password; give them with --netrc-file"))?;
        let here = realm
            .strip_prefix("http://")
            .is_some_and(names_this_machine);
        let allowed = realm.starts_with("https://") || (self.options.plain_http && here);
        let plain = |text: &str| {
            text.bytes()
                .all(|b| b.is_ascii_alphanumeric() || b"-_.:/*,".contains(&b))
        };
        if !allowed || !plain(realm) {
            return Err(wrong("it names a place for tokens that is not https"));
        }
        let mut url = realm.to_owned();
        let scope = format!("repository:{}:pull", self.reference.name);
        let service = part("service").filter(|service| plain(service));
        url.push_str(&format!("?scope={scope}"));
        if let Some(service) = service {
            url.push_str(&format!("&service={service}"));
        }
        let answer = self.ask(&url, 1 << 20)?;
        let given: serde_json::Value = serde_json::from_slice(&answer.body).unwrap_or_default();
        let token = given["token"].as_str().or(given["access_token"].as_str());
        token
            .filter(|_| answer.status == 200)
            .filter(|token| {
                token
                    .bytes()
                    .all(|b| b.is_ascii_graphic() && !b"\"\\".contains(&b))
            })
            .map(str::to_owned)
            .ok_or_else(|| wrong("it gave no token"))
    }

    /// One request: https only, redirections to https only, at most `most` bytes, within five
    /// minutes. curl's own configuration file is not read.
    fn ask(&self, url: &str, most: u64) -> Result<Answer, AuthorError> {
        let protocols = if self.options.plain_http {
            "=http,https"
        } else {
            "=https"
        };
        let limit = most.to_string();
        let mut command = Command::new("curl");
        command
            // must be the first
            .arg("--disable")
            .args([
                "--silent",
                "--show-error",
                "--location",
                "--max-redirs",
                "3",
                "--globoff",
            ])
            .args(["--proto", protocols, "--proto-redir", "=https"])
            .args([
                "--connect-timeout",
                "20",
                "--max-time",
                "300",
                "--max-filesize",
                &limit,
            ])
            .args(["--dump-header", "/dev/stderr", "--output", "-"])
            .args([
                "--header",
                &format!("Accept: {IMAGE}, application/octet-stream, application/json"),
            ])
            // a token in an argument could be read by everybody on this machine
            .args(["--config", "-"])
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped());
        if let Some(netrc) = &self.options.netrc {
            command.arg("--netrc-file").arg(absolute(netrc)?);
        }
        command.arg("--url").arg(url);
        let mut child = command.spawn().map_err(|error| AuthorError::Tool {
            program: "curl".into(),
            what: format!("cannot be started: {}", error.kind()),
            remedy: "This program has no network of its own; it asks registries by curl. Install curl, or fetch the plugin elsewhere and install it from a file.".into(),
        })?;
        let failed = |what: &str| AuthorError::Wrong(format!("{}: {what}", self.shown()));
        if let Some(mut stdin) = child.stdin.take()
            && let Some(token) = self.token.borrow().as_deref()
        {
            // should curl be gone already, its exit says so
            let _ = writeln!(stdin, "header = \"Authorization: Bearer {token}\"");
        }
        let heads = child.stderr.take().map(|stderr| {
            std::thread::spawn(move || {
                let mut text = Vec::new();
                let _ = stderr.take(1 << 18).read_to_end(&mut text);
                String::from_utf8_lossy(&text).into_owned()
            })
        });
        let mut body = Vec::new();
        if let Some(stdout) = child.stdout.take() {
            let read = stdout.take(most.saturating_add(1)).read_to_end(&mut body);
            if read.is_err() || body.len() as u64 > most {
                let _ = child.kill();
                let _ = child.wait();
                return Err(failed(&format!("it sent more than {most} bytes")));
            }
        }
        let status = child
            .wait()
            .map_err(|_| failed("curl cannot be waited for"))?;
        let heads = heads
            .and_then(|thread| thread.join().ok())
            .unwrap_or_default();
        if !status.success() {
            let said = heads.lines().rev().find(|line| line.starts_with("curl: "));
            let said = said.unwrap_or("curl failed without a word");
            return Err(failed(&said.escape_default().to_string()));
        }
        // the last answer in a chain of redirections
        let last = heads.rfind("HTTP/").map_or("", |at| &heads[at..]);
        let code = last
            .split_whitespace()
            .nth(1)
            .and_then(|code| code.parse().ok());
        let challenge = last.lines().find_map(|line| {
            let (name, value) = line.split_once(':')?;
            name.eq_ignore_ascii_case("www-authenticate")
                .then(|| value.trim().to_owned())
        });
        Ok(Answer {
            status: code.ok_or_else(|| failed("the answer is no http"))?,
            challenge,
            body,
        })
    }
}

fn absolute(path: &Path) -> Result<PathBuf, AuthorError> {
    path.canonicalize().map_err(AuthorError::io(path))
}

impl Blobs for Registry<'_> {
    fn blob(&self, of: &Descriptor) -> Result<Vec<u8>, AuthorError> {
        sha256_of(&of.digest)?;
        verified(self.get(&format!("blobs/{}", of.digest), of.size)?, of)
    }
}
