//! Starting and resuming a run.

use std::{
    fs,
    path::{Path, PathBuf},
};

use autods_board::Board;
use autods_ledger::{Entry, HeadSignature, KeyAction, KeyKind, Ledger};
use autods_sandbox::{PluginFile, Policy, Profile, Sandbox};
use autods_spec::{Launch, Runbook, Task};

use crate::{
    confinement, data,
    error::{Result, RunError},
    host_key::HostKey,
    integrity::{check_beginning, check_files, record_tree, sha256},
    keys,
    layout::{FileEntry, RunDir, RunFile, make_dir, write_atomically},
    options::RunOptions,
    parameters,
    plugins::{self, present_all, purposes},
    progress::{Progress, Update},
    session::{Parts, Session, board_error, ledger_error},
    stage,
};

/// The protocol that is built into the host.
const RUNBOOK: &str = include_str!("../../../runbook.md");

/// How a run ended.
#[derive(Clone, Debug)]
pub struct Outcome {
    /// Where it is.
    pub run: PathBuf,
    /// Its report.
    pub report: PathBuf,
    /// A few lines for the person who started it.
    pub summary: Vec<String>,
}

/// Start a run and see it through.
///
/// # Errors
/// Every reason for which a run can stop; see [`RunError::exit_code`].
pub fn run(options: &RunOptions, progress: &dyn Progress) -> Result<Outcome, RunError> {
    let task = Task::read(&options.task)?;
    let launch = Launch::read_for(&options.task, &task)?;
    check_name(&options.name)?;
    let (policy, policy_text) = read_policy(options.policy.as_deref())?;
    let runbook_text = match &options.runbook {
        Some(path) => fs::read_to_string(path).map_err(|e| RunError::io("reading", path, e))?,
        None => RUNBOOK.to_owned(),
    };
    Runbook::parse("runbook.md", &runbook_text)?;
    let (data, synthetic) = choose_data(options, &task, progress)?;
    let files = match &data {
        Some(dir) => data::digests(dir, &task.data)?,
        None => Vec::new(),
    };
    check_sha256(&task, &files)?;
    let purposes = purposes(&task, &launch)?;
    // looked for before anything is made, so that a missing plugin leaves nothing behind
    present_all(&options.plugins, purposes.keys())?;

    let dir = RunDir::create(&options.out, options.replace)?;
    // a directory without run.toml is of no use to anybody: it goes if the start fails
    let unfinished = Unfinished(Some(dir.clone()));
    let host_key = HostKey::open(&options.keys)?;
    let ledger = Ledger::create(&dir.ledger()).map_err(|e| ledger_error(&e))?;
    let task_sha256 = freeze_task(&options.task, &dir)?;
    write_atomically(&dir.runbook(), runbook_text.as_bytes())?;
    write_atomically(&dir.path().join("policy.toml"), policy_text.as_bytes())?;
    ledger
        .append(&Entry::RunStarted {
            run: options.name.clone(),
            host: env!("CARGO_PKG_VERSION").to_owned(),
            runtime: Sandbox::runtime().to_owned(),
            task: sha256(&read(&dir.task().join("TASK.md"))?),
            launch: sha256(&read(&dir.task().join("LAUNCH.md"))?),
            runbook: sha256(runbook_text.as_bytes()),
            policy: sha256(policy_text.as_bytes()),
            seeds: launch.seeds.clone(),
        })
        .map_err(|e| ledger_error(&e))?;
    ledger
        .record(&host_key.entry())
        .map_err(|e| ledger_error(&e))?;
    let plugins = match plugins::read_all(&options.plugins, &purposes, &policy) {
        Ok(plugins) => plugins,
        Err(refused) => {
            // what was refused and why is worth keeping: the ledger stays
            plugins::record_refusal(&ledger, &refused)?;
            drop(ledger);
            unfinished.keep();
            return close(Err(refused.into()), &dir, &host_key, progress);
        }
    };
    parameters::check(&task, &launch, &plugins)?;
    let entries = plugins::freeze(&plugins, &dir)?;
    let files = if synthetic {
        make_synthetic(&task, &dir)?
    } else {
        files
    };
    let (key, key_file) = keys::create(&options.keys, &options.name)?;
    let run_file = RunFile {
        name: options.name.clone(),
        host: env!("CARGO_PKG_VERSION").to_owned(),
        data: data
            .map(|d| d.canonicalize().unwrap_or(d).display().to_string())
            .unwrap_or_default(),
        synthetic,
        command: options.command.clone(),
        task_sha256: task_sha256.clone(),
        runbook_sha256: sha256(runbook_text.as_bytes()),
        policy_sha256: sha256(policy_text.as_bytes()),
        key: key.fingerprint(),
        key_file: key_file
            .canonicalize()
            .unwrap_or(key_file)
            .display()
            .to_string(),
        cache: options
            .cache
            .as_ref()
            .map(|c| c.display().to_string())
            .unwrap_or_default(),
        files,
        plugins: entries,
    };
    ledger
        .append(&Entry::KeyUsed {
            key: KeyKind::Run,
            action: KeyAction::Made,
            fingerprint: key.fingerprint(),
        })
        .map_err(|e| ledger_error(&e))?;
    let board = Board::create(&dir.board()).map_err(|e| board_error(&e))?;
    let run_text = toml::to_string(&run_file).map_err(RunError::internal)?;
    ledger
        .append(&Entry::Wrote {
            path: "run.toml".to_owned(),
            sha256: sha256(run_text.as_bytes()),
        })
        .map_err(|e| ledger_error(&e))?;
    let mut frozen = vec!["runbook.md", "policy.toml", "task", "plugins"];
    if synthetic {
        frozen.push("synthetic");
    }
    for name in frozen {
        record_tree(&dir, name, |entry| {
            ledger
                .append(entry)
                .map(|_| ())
                .map_err(|e| ledger_error(&e))
        })?;
    }
    // what a run began with is signed at once: who continues it need not believe the directory
    ledger.sync().map_err(|e| ledger_error(&e))?;
    host_key.seal(&dir)?;
    // comes last: a directory that has it can be resumed
    dir.write_run_file(&run_text)?;
    unfinished.keep();
    let done = go(
        dir.clone(),
        run_file,
        policy,
        task,
        launch,
        board,
        ledger,
        plugins,
        Some(key),
        progress,
    );
    close(done, &dir, &host_key, progress)
}

/// Sign the head of the ledger, however the run ended.
fn close(
    done: Result<Outcome>,
    dir: &RunDir,
    host_key: &HostKey,
    progress: &dyn Progress,
) -> Result<Outcome> {
    match &done {
        Ok(_) => host_key.seal(dir)?,
        Err(error) => {
            // what stopped the run counts, not that its end could not be recorded
            if let Err(unrecorded) = host_key.close_failed(dir, error) {
                progress.tell(Update::Warning(format!(
                    "the end of the run could not be recorded and signed: {unrecorded}"
                )));
            }
        }
    }
    done
}

/// A run directory that is removed when it goes out of scope before it can be resumed.
struct Unfinished(Option<RunDir>);

impl Unfinished {
    fn keep(mut self) {
        self.0 = None;
    }
}

impl Drop for Unfinished {
    fn drop(&mut self) {
        if let Some(dir) = &self.0 {
            // it may be the disk that failed: then there is nothing more to be done
            let _ = fs::remove_dir_all(dir.path());
        }
    }
}

/// Continue a run. With a `site` policy, only if that is the one the run began under: what a site
/// has forbidden since does not go on because it began before.
///
/// # Errors
/// Every reason for which a run can stop, and [`RunError::Integrity`] if the run's files are not
/// those it began with.
pub fn resume(
    dir: &RunDir,
    keys: &Path,
    site: Option<&Path>,
    progress: &dyn Progress,
) -> Result<Outcome, RunError> {
    let host_key = HostKey::existing(keys)?;
    let ledger = Ledger::open(&dir.ledger()).map_err(|e| ledger_error(&e))?;
    check_beginning(dir, &host_key.public())?;
    let run_file = dir.read_run_file()?;
    let changed = |what: &str| {
        RunError::Integrity(format!(
            "{}: {what} is not what this run began with; start a new run",
            dir.path().display()
        ))
    };
    if run_file.host != env!("CARGO_PKG_VERSION") {
        return Err(changed("the host's version"));
    }
    if task_digest(&dir.task())? != run_file.task_sha256 {
        return Err(changed("the frozen task"));
    }
    let policy_path = dir.path().join("policy.toml");
    if sha256(&read(&policy_path)?) != run_file.policy_sha256 {
        return Err(changed("policy.toml"));
    }
    if sha256(&read(&dir.runbook())?) != run_file.runbook_sha256 {
        return Err(changed("runbook.md"));
    }
    let task = Task::read(&dir.task())?;
    let launch = Launch::read_for(&dir.task(), &task)?;
    let (policy, _) = read_policy(Some(&policy_path))?;
    if let Some(named) = site {
        let (site, _) = read_policy(Some(named))?;
        if site.digest() != policy.digest() {
            return Err(RunError::Policy(format!(
                "this run began under another policy ({}) than {} ({}); compare them (`autods-host policy show`), then start a new run, or resume without --policy",
                short(&policy.digest()),
                named.display(),
                short(&site.digest()),
            )));
        }
    }
    let purposes = purposes(&task, &launch)?;
    present_all(&dir.plugins(), purposes.keys())?;
    let plugins = plugins::read_all(&dir.plugins(), &purposes, &policy)?;
    for file in &plugins {
        let known = run_file
            .plugins
            .iter()
            .any(|p| p.name == file.manifest().plugin.id && p.sha256 == file.sha256());
        if !known {
            return Err(changed(&format!("plugin `{}`", file.manifest().plugin.id)));
        }
    }
    let key = match keys::read(Path::new(&run_file.key_file)) {
        Ok(key) => Some(key),
        // past `govern` the key is not needed any more
        Err(_)
            if dir
                .data()
                .join(format!("{}.parquet", task.endpoint.table))
                .is_file() =>
        {
            None
        }
        Err(e) => return Err(e),
    };
    check_files(dir)?;
    let board = Board::open(&dir.board()).map_err(|e| board_error(&e))?;
    ledger
        .append(&Entry::RunResumed {
            host: run_file.host.clone(),
            runtime: Sandbox::runtime().to_owned(),
            policy: run_file.policy_sha256.clone(),
            events: board.events().len() as u64,
        })
        .and_then(|_| ledger.record(&host_key.entry()))
        .map_err(|e| ledger_error(&e))?;
    let done = go(
        dir.clone(),
        run_file,
        policy,
        task,
        launch,
        board,
        ledger,
        plugins,
        key,
        progress,
    );
    close(done, dir, &host_key, progress)
}

/// The beginning of a digest, enough to tell two apart by eye.
fn short(digest: &str) -> String {
    digest.chars().take(12).collect()
}

/// Write the report of a closed run again, from its board.
///
/// # Errors
/// If the run is not closed, or its files cannot be read or written.
pub fn write_report(dir: &RunDir, keys: &Path) -> Result<PathBuf, RunError> {
    // the ledger grows, so that its head is signed anew: without the key nothing is touched, and
    // nothing is signed on top of what this host did not sign
    let host_key = HostKey::existing(keys)?;
    let ledger = Ledger::open(&dir.ledger()).map_err(|e| ledger_error(&e))?;
    if !matches!(
        check_beginning(dir, &host_key.public())?,
        HeadSignature::Checked { .. }
    ) {
        return Err(RunError::Usage(format!(
            "{}: the run is not closed; continue it with `autods-host resume`",
            dir.path().display()
        )));
    }
    check_files(dir)?;
    let board = Board::open_read_only(&dir.board()).map_err(|e| board_error(&e))?;
    let timing: Vec<(String, f64)> = fs::read(dir.timing())
        .ok()
        .and_then(|b| serde_json::from_slice(&b).ok())
        .unwrap_or_default();
    stage::write_report(board.events(), &timing, dir)?;
    stage::record_report(dir, |entry| {
        ledger
            .append(entry)
            .map(|_| ())
            .map_err(|e| ledger_error(&e))
    })?;
    ledger.sync().map_err(|e| ledger_error(&e))?;
    drop(ledger);
    host_key.seal(dir)?;
    Ok(dir.report().join("report.html"))
}

#[expect(
    clippy::too_many_arguments,
    reason = "the parts of a session, in one place"
)]
fn go(
    dir: RunDir,
    file: RunFile,
    policy: Policy,
    task: Task,
    launch: Launch,
    board: Board,
    ledger: Ledger,
    files: Vec<PluginFile>,
    key: Option<autods_privacy::Key>,
    progress: &dyn Progress,
) -> Result<Outcome> {
    let confined = confinement::enter(&dir, &file, &policy, progress)?;
    ledger
        .record(&confinement::entry(&confined))
        .map_err(|e| ledger_error(&e))?;
    let cache = (!file.cache.is_empty()).then(|| PathBuf::from(&file.cache));
    let sandbox = Sandbox::new(policy, cache.as_deref())
        .map_err(|e| RunError::Plugin(format!("the sandbox could not be set up: {e}")))?;
    progress.tell(Update::Step {
        what: "admitting plugins".to_owned(),
        done: 0,
        total: files.len(),
    });
    let plugins = plugins::admit(&sandbox, &ledger, files)?;
    ledger.sync().map_err(|e| ledger_error(&e))?;
    let runbook = Runbook::read(&dir.runbook())?;
    let mut session = Session::new(Parts {
        dir,
        file,
        task,
        launch,
        runbook,
        board,
        ledger,
        sandbox,
        plugins,
        key,
        progress,
    });
    let done = stage::drive(&mut session);
    if done.is_err() {
        // the run can be resumed or looked into: what there is, is made durable
        session.sync_ledger()?;
        session.save_timing()?;
    }
    done?;
    Ok(Outcome {
        run: session.dir.path().to_owned(),
        report: session.dir.report().join("report.html"),
        summary: summary(&session),
    })
}

fn summary(session: &Session<'_>) -> Vec<String> {
    use autods_board::{Body, EventBody, Sample};
    let mut lines = Vec::new();
    if session.file.synthetic {
        lines.push("the data are SYNTHETIC: the numbers say nothing about patients".to_owned());
    }
    if session.state().champion.is_none() {
        lines.push(
            "no result met the promotion criteria of LAUNCH.md: the report says what was tried and why nothing was kept"
                .to_owned(),
        );
    }
    for event in session.seen() {
        if let Body::Agent(EventBody::Evaluated(e)) = &event.body
            && let (None, Some(auroc)) = (&e.group, e.auroc)
        {
            let rows = match e.sample {
                Sample::OutOfFold => "out of fold",
                Sample::LockBox => "lock-box",
            };
            lines.push(format!(
                "{} on `{}`, {rows}: AUROC {:.4} (95 % CI {:.4} to {:.4}) [event {}]",
                e.model, e.population, auroc.value, auroc.lower, auroc.upper, event.id
            ));
        }
    }
    let mut timing: Vec<_> = session
        .timing()
        .iter()
        .filter(|(n, _)| !n.contains(':'))
        .collect();
    timing.sort_by(|a, b| b.1.total_cmp(&a.1));
    let total: f64 = timing.iter().map(|t| t.1).sum();
    lines.push(format!(
        "time: {total:.1} s ({})",
        timing
            .iter()
            .map(|(name, seconds)| format!("{name} {seconds:.1}"))
            .collect::<Vec<_>>()
            .join(", ")
    ));
    lines
}

fn check_name(name: &str) -> Result<()> {
    let good = !name.is_empty()
        && name.len() <= 64
        && name
            .chars()
            .all(|c| c.is_ascii_alphanumeric() || c == '-' || c == '_')
        && !name.starts_with('-');
    if good {
        Ok(())
    } else {
        Err(RunError::Usage(
            "a run's name is 1 to 64 letters, digits, `-` and `_`, and does not begin with `-`"
                .to_owned(),
        ))
    }
}

fn read(path: &Path) -> Result<Vec<u8>> {
    fs::read(path).map_err(|e| RunError::io("reading", path, e))
}

/// A policy and the text that stands for it in the run directory.
fn read_policy(named: Option<&Path>) -> Result<(Policy, String)> {
    let wrong = |e: autods_sandbox::FileError| RunError::Policy(e.to_string());
    match named {
        Some(path) if path.to_str().and_then(Profile::named).is_none() => {
            let text = fs::read_to_string(path).map_err(|e| RunError::io("reading", path, e))?;
            let policy = Policy::parse(&path.display().to_string(), &text).map_err(wrong)?;
            Ok((policy, text))
        }
        other => {
            let policy = match other {
                Some(profile) => Policy::find(profile).map_err(wrong)?,
                None => Policy::default(),
            };
            let text = policy.to_toml();
            Ok((policy, text))
        }
    }
}

fn choose_data(
    options: &RunOptions,
    task: &Task,
    progress: &dyn Progress,
) -> Result<(Option<PathBuf>, bool)> {
    if let Some(dir) = &options.data {
        if !dir.is_dir() {
            return Err(RunError::Data(format!(
                "--data {}: there is no such directory",
                dir.display()
            )));
        }
        return Ok((Some(dir.clone()), false));
    }
    if !options.synthetic {
        let own = options.task.join("data");
        let complete = own.is_dir()
            && task
                .data
                .iter()
                .all(|s| data::matching(&own, s).is_ok_and(|m| !m.is_empty()));
        if complete {
            return Ok((Some(own), false));
        }
    }
    if task.synthetic.is_none() {
        return Err(RunError::Data(format!(
            "{} describes no synthetic cohort, and {} holds no data: give --data DIR",
            options.task.join("TASK.md").display(),
            options.task.join("data").display()
        )));
    }
    if !options.synthetic {
        progress.tell(Update::Warning(format!(
            "no data in {}: using the task's SYNTHETIC cohort. Its numbers say nothing about patients. Real data: --data DIR.",
            options.task.join("data").display()
        )));
    }
    Ok((None, true))
}

fn check_sha256(task: &Task, files: &[FileEntry]) -> Result<()> {
    for source in &task.data {
        if let Some(expected) = &source.sha256 {
            let known = files
                .iter()
                .any(|f| source.matches(&f.name) && &f.sha256 == expected);
            if !files.is_empty() && !known {
                return Err(RunError::Data(format!(
                    "table `{}`: no file has the sha256 that TASK.md states ({expected}). Fetch the data anew, or correct TASK.md.",
                    source.table
                )));
            }
        }
    }
    Ok(())
}

fn make_synthetic(task: &Task, dir: &RunDir) -> Result<Vec<FileEntry>> {
    let Some(synthetic) = &task.synthetic else {
        return Err(RunError::internal("no synthetic cohort"));
    };
    make_dir(&dir.synthetic())?;
    let mut entries = Vec::new();
    for source in &task.data {
        let text = synthetic
            .generate(task, &source.table)
            .map_err(RunError::internal)?;
        let name = source.plain_file_name();
        write_atomically(&dir.synthetic().join(&name), text.as_bytes())?;
        entries.push(FileEntry {
            name,
            sha256: sha256(text.as_bytes()),
            bytes: text.len() as u64,
        });
    }
    Ok(entries)
}

fn freeze_task(task: &Path, dir: &RunDir) -> Result<String> {
    for name in ["TASK.md", "LAUNCH.md"] {
        write_atomically(&dir.task().join(name), &read(&task.join(name))?)?;
    }
    task_digest(&dir.task())
}

fn task_digest(task: &Path) -> Result<String> {
    let mut all = Vec::new();
    for name in ["TASK.md", "LAUNCH.md"] {
        let bytes = read(&task.join(name))?;
        all.extend_from_slice(sha256(&bytes).as_bytes());
    }
    Ok(sha256(&all))
}
