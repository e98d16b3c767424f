//! The book does what it says: its chapters for authors are carried out, command by command.
//!
//! In a chapter a block ```` ```console ```` holds commands behind `$ ` and, below each, what it
//! says: line by line, `…` for any part of a line, and a line `…` for any lines. Two comments stand
//! for what a reader does by hand: `<!-- files: FROM -> TO -->` writes the files that the chapter
//! shows, `<!-- data: FROM -> TO -->` fetches a file of real data.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, missing_docs)]

use std::{
    collections::BTreeSet,
    fs,
    path::{Path, PathBuf},
    process::Command,
};

use autods_tests::{Host, copy_tree, data, kept, note, plugins};

const CHAPTERS: [&str; 3] = ["write-a-loader", "write-a-method", "write-an-agent"];

fn docs() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../docs")
}

fn chapter(name: &str) -> String {
    fs::read_to_string(docs().join(format!("{name}.md"))).unwrap()
}

/// What a reader does, in the chapter's order.
#[derive(Debug)]
enum Act {
    Files { from: String, to: String },
    Data { from: String, to: String },
    Call { command: String, says: Vec<String> },
}

fn acts(text: &str) -> Vec<Act> {
    let mut acts = Vec::new();
    let mut console = false;
    for line in text.lines() {
        if console {
            match (line, line.strip_prefix("$ "), acts.last_mut()) {
                ("```", ..) => console = false,
                (_, Some(command), _) => acts.push(Act::Call {
                    command: command.to_owned(),
                    says: Vec::new(),
                }),
                (_, None, Some(Act::Call { says, .. })) => says.push(line.to_owned()),
                _ => panic!("{line:?} belongs to no command"),
            }
            continue;
        }
        console = line == "```console";
        let comment = line
            .strip_prefix("<!-- ")
            .and_then(|line| line.strip_suffix(" -->"));
        if let Some((what, places)) = comment.and_then(|comment| comment.split_once(": ")) {
            let (from, to) = places.split_once(" -> ").expect(line);
            let (from, to) = (from.to_owned(), to.to_owned());
            acts.push(match what {
                "files" => Act::Files { from, to },
                "data" => Act::Data { from, to },
                _ => panic!("{line:?} says nothing to the test"),
            });
        }
    }
    assert!(!console, "a block is not closed");
    acts
}

/// Whether a line is as the book says: `…` stands for any part of it.
fn like(line: &str, says: &str) -> bool {
    let mut parts = says.split('…');
    let first = parts.next().unwrap_or_default();
    let Some(mut rest) = line.strip_prefix(first) else {
        return false;
    };
    let parts: Vec<&str> = parts.collect();
    let Some((last, middle)) = parts.split_last() else {
        return rest.is_empty();
    };
    for part in middle {
        match rest.find(part) {
            Some(at) => rest = &rest[at + part.len()..],
            None => return false,
        }
    }
    rest.ends_with(last)
}

/// The first line of the book that is not so; a command of which it says nothing may say anything.
fn unlike<'s>(found: &str, says: &'s [String]) -> Option<&'s str> {
    if says.is_empty() {
        return None;
    }
    let mut lines = found.lines();
    let mut anything = false;
    for says in says {
        if says == "…" {
            anything = true;
            continue;
        }
        let there = if anything {
            lines.any(|line| like(line.trim_end(), says))
        } else {
            lines.next().is_some_and(|line| like(line.trim_end(), says))
        };
        if !there {
            return Some(says);
        }
        anything = false;
    }
    (!anything && lines.next().is_some()).then_some("and nothing more")
}

/// `false` where the data are not there.
fn carry_out(host: &Host, act: &Act) -> bool {
    match act {
        Act::Files { from, to } => copy_tree(&docs().join(from), &host.at(to)),
        Act::Data { from, to } => {
            let Some(folder) = data("survival") else {
                return false;
            };
            let from = folder.join(from.strip_prefix("survival/").expect(from));
            let to = host.at(to);
            fs::create_dir_all(to.parent().unwrap()).unwrap();
            fs::copy(&from, &to).unwrap();
        }
        Act::Call { command, says } => {
            let mut shell = Command::new("sh");
            host.surround(&mut shell);
            let program = host.program().parent().unwrap().to_owned();
            let path = std::env::var_os("PATH").unwrap_or_default();
            let path =
                std::env::join_paths(std::iter::once(program).chain(std::env::split_paths(&path)))
                    .unwrap();
            let output = shell
                .args(["-c", &format!("{command} 2>&1")])
                .env("PATH", path)
                .env("AUTODS_PLUGINS", host.at("server/plugins"))
                .env("CARGO_TARGET_DIR", kept().join("outsiders"))
                .env_remove("RUSTFLAGS")
                .output()
                .unwrap();
            let found = String::from_utf8_lossy(&output.stdout);
            assert!(
                output.status.success(),
                "$ {command}\n{found}\n{}",
                output.status
            );
            if let Some(missing) = unlike(&found, says) {
                panic!("$ {command}\n{found}\nthe book says: {missing}");
            }
        }
    }
    true
}

#[test]
fn the_chapters_for_authors_do_what_they_say() {
    let host = Host::new();
    copy_tree(&plugins(), &host.at("server/plugins"));
    let mut there = true;
    for name in CHAPTERS {
        let acts = acts(&chapter(name));
        assert!(acts.len() > 5, "{name} has {} steps", acts.len());
        for act in &acts {
            // what needs the data is what runs on them, and what looks at those runs
            let on_data = matches!(act, Act::Call { command, .. }
                if command.contains("--data ") || command.contains("_run"));
            if !there && on_data {
                note(&format!("SKIPPED, its real data are not there: {act:?}"));
            } else {
                there &= carry_out(&host, act);
            }
        }
    }
}

/// Every file below a folder, by its path in `docs/`.
fn files(folder: &Path, into: &mut BTreeSet<String>) {
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            files(&path, into);
        } else {
            let path = path.strip_prefix(docs()).unwrap().to_owned();
            into.insert(path.to_str().unwrap().to_owned());
        }
    }
}

#[test]
fn every_file_that_the_reader_needs_is_in_a_chapter_and_every_include_is_there() {
    let mut needed = BTreeSet::new();
    files(&docs().join("examples"), &mut needed);
    let mut shown = BTreeSet::new();
    for name in CHAPTERS {
        for part in chapter(name).split("{{#include ").skip(1) {
            shown.insert(part.split("}}").next().unwrap().to_owned());
        }
    }
    assert_eq!(needed, shown);
}

#[test]
fn every_page_is_in_the_table_of_contents_and_the_other_way_round() {
    let summary = fs::read_to_string(docs().join("SUMMARY.md")).unwrap();
    let listed: BTreeSet<String> = summary
        .split("](")
        .skip(1)
        .map(|link| link.split(')').next().unwrap().to_owned())
        .collect();
    let mut there = BTreeSet::new();
    for folder in ["", "adr"] {
        for entry in fs::read_dir(docs().join(folder)).unwrap() {
            let name = entry.unwrap().file_name().to_str().unwrap().to_owned();
            if name.ends_with(".md") && name != "SUMMARY.md" {
                there.insert(Path::new(folder).join(name).to_str().unwrap().to_owned());
            }
        }
    }
    assert_eq!(there, listed);
}

#[test]
fn what_a_command_says_is_held_against_the_book() {
    let says = |lines: &[&str]| {
        lines
            .iter()
            .map(|line| (*line).to_owned())
            .collect::<Vec<_>>()
    };
    let found = "made ./x\nit needs\nnext: y 3\n";
    assert_eq!(unlike(found, &says(&["made ./x", "…"])), None);
    assert_eq!(unlike(found, &says(&["…", "next: … 3"])), None);
    assert_eq!(unlike(found, &says(&["…", "next: … 4"])), Some("next: … 4"));
    assert_eq!(
        unlike(found, &says(&["made ./x"])),
        Some("and nothing more")
    );
    assert_eq!(unlike(found, &says(&["it needs", "…"])), Some("it needs"));
}
