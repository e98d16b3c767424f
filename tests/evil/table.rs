//! The answers as a page of the documentation.

use std::fmt::Write as _;
use std::path::PathBuf;

use crate::CATALOGUE;
use crate::trial::{Line, survive};

const HEAD: &str = "\
# Evil plugins

Each of these attacks is tried by a test against the real host (`tests/evil/`), most of them as
hand-written WebAssembly, because no compiler would let a plugin do it. This page is what the host
answered. It is generated: `AUTODS_BLESS=1 cargo test --release -p autods-tests --test evil` writes
it, and the same test without the variable fails where an answer has changed.

After every single line the test has also held that

- nothing panicked, on any thread of the host, not even where a panic would have been caught;
- the answer came within the limit that the last column names;
- nothing that the plugin had put out before it failed was kept, and no half-written file was left;
- no value of a row was in any message, in any form of it: the rows hold planted values, and
  everything that was said is searched for them;
- the next plugin ran as if nothing had happened: a good plugin in the same sandbox, called again and
  admitted anew, gave the same bits as before.

`harmless` in the third column means that the attack is no error: it got what is written there, and
that is nothing. `open` means that this way is not closed, and says how wide it is. `exit N` is the
exit code of the whole program ([exit codes](exit-codes.md)). The limits of these tests are small
(300 ms, 16 MiB), so that attacks end soon; `DIR` is a folder of the test.

";

#[test]
fn the_page_says_what_the_host_answers() {
    let mut page = HEAD.to_owned();
    for (number, attack) in CATALOGUE {
        let lines = survive(*number, attack);
        section(&mut page, *number, attack.name, attack.tries, &lines);
    }
    let path: PathBuf = [env!("CARGO_MANIFEST_DIR"), "../docs/evil-plugins.md"]
        .iter()
        .collect();
    if std::env::var_os("AUTODS_BLESS").is_some() {
        std::fs::write(&path, &page).unwrap();
        return;
    }
    let known = std::fs::read_to_string(&path).unwrap_or_default();
    let differences: Vec<String> = page
        .lines()
        .filter(|line| !known.lines().any(|other| other == *line))
        .map(|line| format!("now: {line}"))
        .chain(
            known
                .lines()
                .filter(|line| !page.lines().any(|other| other == *line))
                .map(|line| format!("was: {line}")),
        )
        .collect();
    assert!(
        known == page,
        "docs/evil-plugins.md is not what the host answers. If the new answers are right, write them \
         with\n\n    AUTODS_BLESS=1 cargo test --release -p autods-tests --test evil\n\n{}",
        differences.join("\n")
    );
}

fn section(page: &mut String, number: u32, name: &str, tries: &str, lines: &[Line]) {
    let _ = write!(
        page,
        "## {number}. {name}\n\n{tries}\n\n| # | attack | code | what the host answered | took at most |\n|---|---|---|---|---|\n"
    );
    for (index, line) in lines.iter().enumerate() {
        let _ = writeln!(
            page,
            "| {number}.{} | {} | `{}` | {} | {} |",
            index + 1,
            cell(line.way),
            line.code,
            cell(&line.message),
            line.at_most.describe()
        );
    }
    page.push('\n');
}

/// A text in a cell of a table of Markdown.
fn cell(text: &str) -> String {
    text.replace('\\', "\\\\")
        .replace('|', "\\|")
        .replace('<', "&lt;")
        .replace('\n', " ")
}
