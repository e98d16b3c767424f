//! What a run spends its time on, each measured beside a reference in the same run.
//!
//! A time alone says more about the machine than about the program, so the two sides are run in
//! alternating pairs and what counts is the ratio within a pair: ours / reference, below 1 where
//! we are faster. Both sides have one thread.
//!
//! - fits of gradient boosting and the elastic net against XGBoost and scikit-learn, where
//!   `python3` can import them, with the AUROC of both on held-out rows.
//!
//! What the sandbox costs is in the benchmark `sandbox`. `cargo xtask bench pipeline`; no time is
//! asserted: slow is no failure.

#![allow(
    clippy::print_stdout,
    reason = "a benchmark's output is what it prints"
)]

use std::error::Error;
use std::fs;
use std::io::{BufRead, BufReader, Write as _};
use std::path::Path;
use std::process::{Child, ChildStdin, ChildStdout, Command, Stdio};
use std::time::Instant;

use autods_science::{Design, Learner, auroc};
use autods_tests::Chance;

type Fallible<T> = Result<T, Box<dyn Error>>;

const FITTED: usize = 50_000;
const HELD_OUT: usize = 20_000;
const FEATURES: usize = 40;
const FIT_PAIRS: usize = 5;

fn main() -> Fallible<()> {
    // `cargo bench` passes it, `cargo test --all-targets` does not.
    if !std::env::args().any(|argument| argument == "--bench") {
        println!("a benchmark, not a test: nothing to do without --bench");
        return Ok(());
    }
    fit()
}

// --- pairs ---

/// Seconds of both sides, pair by pair.
#[derive(Default)]
struct Pairs {
    ours: Vec<f64>,
    reference: Vec<f64>,
}

impl Pairs {
    /// Runs both sides once unmeasured, then `count` times, each going first in every other pair.
    fn measure(
        count: usize,
        mut ours: impl FnMut() -> Fallible<f64>,
        mut reference: impl FnMut() -> Fallible<f64>,
    ) -> Fallible<Self> {
        ours()?;
        reference()?;
        let mut pairs = Self::default();
        for pair in 0..count {
            if pair % 2 == 0 {
                pairs.ours.push(ours()?);
                pairs.reference.push(reference()?);
            } else {
                pairs.reference.push(reference()?);
                pairs.ours.push(ours()?);
            }
        }
        Ok(pairs)
    }

    fn print(&self, what: &str) {
        let ratios: Vec<f64> = self
            .ours
            .iter()
            .zip(&self.reference)
            .map(|(ours, reference)| ours / reference)
            .collect();
        let (ours, reference, ratio) =
            (spread(&self.ours), spread(&self.reference), spread(&ratios));
        if ratio.1.is_nan() {
            println!("{what:<34}{:>9.1}{:>9.1}", ours.0 * 1e3, ours.1 * 1e3);
            return;
        }
        println!(
            "{what:<34}{:>9.1}{:>9.1}{:>11.1}{:>9.1}{:>9.3}  ({:.3}–{:.3})",
            ours.0 * 1e3,
            ours.1 * 1e3,
            reference.0 * 1e3,
            reference.1 * 1e3,
            ratio.1,
            ratio.0,
            ratio.2
        );
    }
}

fn head(title: &str, ours: &str, reference: &str) {
    println!("\n{title}");
    println!("milliseconds; ours = {ours}; reference = {reference}");
    println!(
        "{:<34}{:>9}{:>9}{:>11}{:>9}{:>9}  (least–greatest)",
        "", "ours min", "median", "ref. min", "median", "ratio"
    );
}

/// Minimum, median and maximum.
fn spread(values: &[f64]) -> (f64, f64, f64) {
    let mut sorted = values.to_vec();
    sorted.sort_by(f64::total_cmp);
    let at = |index: usize| sorted.get(index).copied().unwrap_or(f64::NAN);
    let middle = sorted.len() / 2;
    let median = if sorted.len().is_multiple_of(2) {
        (at(middle.wrapping_sub(1)) + at(middle)) / 2.0
    } else {
        at(middle)
    };
    (at(0), median, at(sorted.len().wrapping_sub(1)))
}

// --- fitting ---

/// Normal columns, counts and flags; half of them linear, a few crossed, some cells missing.
fn cohort() -> (Vec<f32>, Vec<bool>) {
    let mut chance = Chance::new(2);
    let mut values = Vec::with_capacity((FITTED + HELD_OUT) * FEATURES);
    let mut outcome = Vec::with_capacity(FITTED + HELD_OUT);
    let mut row = [0.0; FEATURES];
    for _ in 0..FITTED + HELD_OUT {
        for (column, value) in row.iter_mut().enumerate() {
            *value = match column % 4 {
                0 | 1 => chance.normal(),
                2 => chance.below(8) as f64,
                _ => f64::from(u8::from(chance.happens(0.2))),
            };
        }
        let linear: f64 = (0..FEATURES / 2)
            .map(|column| (if column % 3 == 0 { -0.15 } else { 0.15 }) * row[column])
            .sum();
        let crossed = 0.5 * row[0] * row[1] + 0.6 * row[3] * row[4] + 0.4 * row[8].abs();
        let risk = 1.0 / (1.0 + (3.0 - linear - crossed).exp());
        outcome.push(chance.happens(risk));
        values.extend(row.iter().enumerate().map(|(column, value)| {
            let missing = column % 5 == 0 && chance.happens(0.1);
            if missing { f32::NAN } else { *value as f32 }
        }));
    }
    (values, outcome)
}

/// A `python3` that fits when it is told to.
struct Reference {
    child: Child,
    orders: ChildStdin,
    answers: BufReader<ChildStdout>,
    /// `module=version`, `-` where there is none.
    modules: String,
}

impl Reference {
    fn start(folder: &Path) -> Fallible<Self> {
        let script = Path::new(env!("CARGO_MANIFEST_DIR")).join("benches/reference.py");
        let mut child = Command::new("python3")
            .arg(script)
            .arg(folder)
            .args([FITTED.to_string(), FEATURES.to_string()])
            .env("OMP_NUM_THREADS", "1")
            .env("OPENBLAS_NUM_THREADS", "1")
            .env("PYTHONDONTWRITEBYTECODE", "1")
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()?;
        let orders = child.stdin.take().ok_or("python3 has no input")?;
        let answers = BufReader::new(child.stdout.take().ok_or("python3 has no output")?);
        let mut reference = Self {
            child,
            orders,
            answers,
            modules: String::new(),
        };
        reference.modules = reference.answer()?;
        Ok(reference)
    }

    fn answer(&mut self) -> Fallible<String> {
        let mut line = String::new();
        if self.answers.read_line(&mut line)? == 0 {
            return Err("python3 ended early; its message is above".into());
        }
        Ok(line.trim().to_owned())
    }

    fn has(&self, module: &str) -> bool {
        let absent = |module: &str| {
            let words = format!("{module}=-");
            self.modules.split(' ').any(|word| word == words)
        };
        !absent("numpy") && !absent(module)
    }

    /// Seconds of a fit.
    fn fit(&mut self, learner: &str, params: &[f64]) -> Fallible<f64> {
        let words: Vec<String> = params.iter().map(f64::to_string).collect();
        writeln!(self.orders, "{learner} {}", words.join(" "))?;
        Ok(self.answer()?.parse()?)
    }
}

impl Drop for Reference {
    fn drop(&mut self) {
        // It may have ended already.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

fn fit() -> Fallible<()> {
    let (values, outcome) = cohort();
    let folder = tempfile::tempdir()?;
    let bytes: Vec<u8> = values.iter().flat_map(|v| v.to_le_bytes()).collect();
    fs::write(folder.path().join("design.f32"), bytes)?;
    let bytes: Vec<u8> = outcome.iter().map(|y| u8::from(*y)).collect();
    fs::write(folder.path().join("outcome.u8"), bytes)?;
    let names: Vec<String> = (0..FEATURES).map(|c| format!("x{c}")).collect();
    let (fitted, held_out) = values.split_at(FITTED * FEATURES);
    let design = Design::new(names.clone(), FITTED, fitted.to_vec())?;
    let test = Design::new(names, HELD_OUT, held_out.to_vec())?;
    let (y, y_test) = outcome.split_at(FITTED);
    let one = rayon::ThreadPoolBuilder::new().num_threads(1).build()?;

    let mut reference = Reference::start(folder.path());
    head(
        &format!("Fits, {FITTED} x {FEATURES}, AUROC on {HELD_OUT} held-out rows"),
        "autods-science (elastic net to a tolerance of 1e-9)",
        "XGBoost hist, scikit-learn saga at its default tolerance",
    );
    match &reference {
        Ok(reference) => println!("python3: {}", reference.modules),
        Err(error) => println!("python3: {error}"),
    }
    let boosting = [
        ("rounds", 100.0),
        ("learning-rate", 0.1),
        ("depth", 6.0),
        ("l2", 1.0),
        ("min-child-weight", 1.0),
        ("max-bin", 256.0),
    ];
    let net = [("lambda", 1e-3), ("alpha", 0.5)];
    for (id, module, params) in [
        ("gradient-boosting", "xgboost", boosting.as_slice()),
        ("elastic-net-logistic", "sklearn", net.as_slice()),
    ] {
        let named: Vec<(String, f64)> = params.iter().map(|(n, v)| ((*n).to_owned(), *v)).collect();
        let plain: Vec<f64> = params.iter().map(|(_, value)| *value).collect();
        let learner = Learner::new(id, &named)?;
        let mut model = None;
        let ours = || {
            let start = Instant::now();
            model = Some(one.install(|| learner.fit(&design, y, 7))?);
            Ok(start.elapsed().as_secs_f64())
        };
        let compared = match &mut reference {
            Ok(reference) if reference.has(module) => {
                Pairs::measure(FIT_PAIRS, ours, || reference.fit(id, &plain))?.print(id);
                true
            }
            _ => {
                alone(ours)?.print(id);
                println!("==== SKIPPED: {id} has no ratio, python3 cannot import {module} ====");
                false
            }
        };
        let risks = model.ok_or("nothing was fitted")?.predict(&test)?;
        print!("    AUROC ours {:.4}", auroc(y_test, &risks)?);
        if compared {
            let theirs = risks_of(&folder.path().join(format!("{id}.f64")))?;
            let gap = risks.iter().zip(&theirs).map(|(a, b)| (a - b).abs());
            let mean = gap.sum::<f64>() / HELD_OUT as f64;
            let area = auroc(y_test, &theirs)?;
            print!(", reference {area:.4}; risks differ by {mean:.1e} on average");
        }
        println!();
    }
    Ok(())
}

/// Times of ours where there is nothing to compare them with.
fn alone(mut ours: impl FnMut() -> Fallible<f64>) -> Fallible<Pairs> {
    Pairs::measure(FIT_PAIRS, &mut ours, || Ok(f64::NAN))
}

fn risks_of(file: &Path) -> Fallible<Vec<f64>> {
    Ok(fs::read(file)?
        .as_chunks::<8>()
        .0
        .iter()
        .map(|bytes| f64::from_le_bytes(*bytes))
        .collect())
}
