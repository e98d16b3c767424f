//! `plugin test|bench`.

use std::process::ExitCode;

use autods_author::{
    CaseReport, Native, Project, before_install, bench_case, bench_native, cases, run_case, sandbox,
};
use autods_sandbox::{Plugin, PluginFile, Policy, Sandbox};

use super::arguments::{Bench, Test};
use super::{Screen, of_author, verdict};
use crate::exit::Failure;
use crate::screen::say;

/// The component as the host would run it, built anew unless that was asked not to be.
fn admitted(project: &Project, policy: &Policy, build: bool) -> Result<(Sandbox, Plugin), Failure> {
    let policy = before_install(policy);
    if build {
        autods_author::build(project, &policy, &Screen)?;
    }
    let component = project.component();
    let refused = |refusal: autods_sandbox::Refusal| {
        Failure::new(
            5,
            format!(
                "{}: {refusal} [{}; `autods-host explain {}` says more]",
                component.display(),
                refusal.code(),
                refusal.code()
            ),
        )
    };
    let file = PluginFile::read(&component, &policy).map_err(refused)?;
    let sandbox = sandbox(&policy)?;
    let plugin = sandbox.admit(file).map_err(refused)?;
    Ok((sandbox, plugin))
}

pub(super) fn test(test: &Test) -> Result<ExitCode, Failure> {
    let project = Project::open(&test.dir)?;
    let policy = of_author(test.policy.as_deref())?;
    let mut good = true;
    if !test.no_native {
        match project.language().native_tests(&project, &Screen)? {
            Some(passed) => {
                say(format!("native tests: {}", word(passed)));
                good &= passed;
            }
            None => say("native tests: there are none"),
        }
    }
    let (sandbox, plugin) = admitted(&project, &policy, !test.no_build)?;
    let mut reports = Vec::new();
    for case in cases(&project)? {
        if test.case.as_ref().is_none_or(|only| *only == case.name) {
            reports.push(run_case(&sandbox, &plugin, &case, test.bless)?);
        }
    }
    if let Some(only) = &test.case
        && reports.is_empty()
    {
        return Err(Failure::new(
            2,
            format!("there is no case `{only}` in tests/cases"),
        ));
    }
    if test.json {
        say(serde_json::to_string_pretty(&reports)?);
    } else if reports.is_empty() {
        say("there are no cases in tests/cases: nothing was tried against the component");
    } else {
        for report in &reports {
            show(report);
        }
        let failed = reports.iter().filter(|report| !report.passed()).count();
        say(format!(
            "{} of {} cases passed against {}",
            reports.len() - failed,
            reports.len(),
            project.component().display()
        ));
    }
    good &= !reports.is_empty() && reports.iter().all(CaseReport::passed);
    Ok(verdict(good))
}

fn word(passed: bool) -> &'static str {
    if passed { "passed" } else { "FAILED" }
}

fn show(report: &CaseReport) {
    say(format!(
        "{}  {}  ({})",
        word(report.passed()),
        report.case,
        report.done
    ));
    for problem in &report.problems {
        say(format!("        {problem}"));
    }
    // what a good case says is noise, what a bad one says is the reason
    if !report.passed() {
        for message in &report.messages {
            say(format!("        {} said: {}", message.export, message.text));
        }
    }
    for path in &report.blessed {
        say(format!("        wrote {}", path.display()));
    }
}

pub(super) fn bench(bench: &Bench) -> Result<ExitCode, Failure> {
    let project = Project::open(&bench.dir)?;
    let policy = of_author(bench.policy.as_deref())?;
    let (sandbox, plugin) = admitted(&project, &policy, !bench.no_build)?;
    let mut all = cases(&project)?;
    all.retain(|case| bench.case.as_ref().is_none_or(|only| *only == case.name));
    let mut timed = Vec::new();
    for case in &all {
        timed.extend(bench_case(&sandbox, &plugin, case, bench.repeat)?);
    }
    let native = if bench.no_native || timed.is_empty() {
        Native::NotMeasured("left out".into())
    } else {
        bench_native(&project, &sandbox, &plugin, &all, bench.repeat, &Screen)?
    };
    if let Native::Measured(native) = &native {
        for times in &mut timed {
            let same = native.iter().find(|(name, _)| *name == times.case);
            times.native_ms = same.map(|(_, ms)| *ms);
        }
    }
    if bench.json {
        say(serde_json::to_string_pretty(&timed)?);
        return Ok(ExitCode::SUCCESS);
    }
    if timed.is_empty() {
        return Err(Failure::new(
            2,
            "there is no case to time: a case that expects a fault has no throughput",
        ));
    }
    say(format!(
        "{:<24} {:>10} {:>10} {:>10} {:>10} {:>12} {:>11} {:>10} {:>6}",
        "case",
        "median ms",
        "min ms",
        "max ms",
        "MB/s",
        "rows/s",
        "memory MiB",
        "native ms",
        "ratio"
    ));
    for times in timed {
        let native = times.native_ms.map_or_else(
            || format!("{:>10} {:>6}", "-", "-"),
            |ms| format!("{ms:>10.3} {:>6.1}", times.median_ms / ms.max(1e-6)),
        );
        say(format!(
            "{:<24} {:>10.3} {:>10.3} {:>10.3} {:>10.1} {:>12.0} {:>11.1} {native}",
            times.case,
            times.median_ms,
            times.min_ms,
            times.max_ms,
            times.megabytes_per_second,
            times.rows_per_second,
            times.memory_mib,
        ));
    }
    if let Native::NotMeasured(why) = native {
        say(format!("native: {why}"));
    }
    Ok(ExitCode::SUCCESS)
}
