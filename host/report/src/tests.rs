//! Claims about whole reports, on the toy run.

#[path = "../tests/toy/mod.rs"]
mod toy;

use sha2::Digest as _;

use autods_board::{Body, Closed, Event, EventBody, HostBody, Reference, Stage};

use crate::{ReportError, compose, compose::document, document::Inline};

/// Digits that the report's constant text may have: names, not results.
const NAMES_WITH_DIGITS: [&str; 4] = ["95\u{a0}%\u{a0}CI", "95 % CI", "Table 1", "SHA-256"];

fn without_names(text: &str) -> String {
    NAMES_WITH_DIGITS
        .iter()
        .fold(text.to_owned(), |text, name| text.replace(name, ""))
}

fn has_digit(text: &str) -> bool {
    without_names(text).chars().any(|c| c.is_ascii_digit())
}

#[test]
fn constant_text_has_no_digits() {
    for run in [toy::whole_run(true), toy::whole_run(false)] {
        let document = document(&run, &toy::timing()).unwrap();
        for block in document.blocks() {
            for label in block.labels() {
                assert!(!has_digit(label), "{label}");
            }
            for inline in block.lines().iter().flat_map(|line| &line.0) {
                if let Inline::Text(text) | Inline::Strong(text) = inline {
                    assert!(!has_digit(text), "{text}");
                }
            }
        }
        for section in &document.sections {
            assert!(!has_digit(section.title), "{}", section.title);
        }
    }
}

#[test]
fn templates_have_no_digits_in_their_text() {
    for template in [
        include_str!("../templates/report.html"),
        include_str!("../templates/report.md"),
    ] {
        let mut text = String::new();
        let mut depth = 0;
        let body = template
            .split_once("<body>")
            .map_or(template, |(_, body)| body);
        for c in body.chars() {
            match c {
                '<' | '{' => depth += 1,
                '>' | '}' => depth = i32::max(depth - 1, 0),
                c if depth == 0 => text.push(c),
                _ => {}
            }
        }
        assert!(!has_digit(&text), "{text}");
    }
}

/// The page's text outside of elements that carry the event they were taken from, that are an
/// event's number, a measurement of time, or a figure.
fn loose_text(html: &str) -> String {
    let body = html.split_once("<body>").unwrap().1;
    let mut text = String::new();
    let mut rest = body;
    while let Some((before, from)) = rest.split_once('<') {
        text.push_str(before);
        let (tag, after) = from.split_once('>').unwrap();
        let name: String = tag
            .chars()
            .take_while(|c| c.is_ascii_alphanumeric())
            .collect();
        let resolved = tag.contains("data-event=")
            || tag.contains("class=\"e\"")
            || tag.contains("class=\"t\"")
            || name == "svg";
        rest = if resolved {
            after.split_once(&format!("</{name}>")).unwrap().1
        } else {
            after
        };
    }
    (text + rest).replace("&#39;", "'")
}

#[test]
fn every_digit_on_the_page_belongs_to_an_event() {
    let report = compose(&toy::whole_run(true), &toy::timing()).unwrap();
    let text = loose_text(&report.html);
    let line = text.lines().find(|line| has_digit(line));
    assert_eq!(line, None);
}

#[test]
fn every_number_names_an_event_that_is_on_the_board() {
    let run = toy::whole_run(true);
    let report = compose(&run, &toy::timing()).unwrap();
    let mut seen = 0;
    for part in report.html.split("data-event=\"").skip(1) {
        for id in part.split_once('"').unwrap().0.split(' ') {
            let id: u64 = id.parse().unwrap();
            assert!(id >= 1 && id <= run.len() as u64);
            seen += 1;
        }
    }
    assert!(seen > 500, "{seen}");
    for part in report.html.split("href=\"#e").skip(1) {
        let id = part.split_once('"').unwrap().0;
        assert!(
            report.html.contains(&format!("id=\"e{id}\"")),
            "event {id} is linked but not listed"
        );
    }
}

#[test]
fn a_changed_event_changes_the_page() {
    let mut run = toy::whole_run(true);
    let before = compose(&run, &[]).unwrap();
    for event in &mut run {
        if let Body::Agent(EventBody::Evaluated(evaluation)) = &mut event.body
            && let Some(auroc) = &mut evaluation.auroc
        {
            auroc.value = 0.987_654;
        }
    }
    let after = compose(&run, &[]).unwrap();
    assert!(
        !before.html.contains(">0.988<")
            && after.html.contains(">0.988<")
            && after.markdown.contains("0.988 (")
    );
}

#[test]
fn the_same_events_give_the_same_bytes() {
    assert_eq!(
        compose(&toy::whole_run(true), &toy::timing()).unwrap(),
        compose(&toy::whole_run(true), &toy::timing()).unwrap()
    );
}

#[test]
fn the_page_needs_nothing_but_itself() {
    let report = compose(&toy::whole_run(true), &toy::timing()).unwrap();
    let html = report
        .html
        .replace("xmlns=\"http://www.w3.org/2000/svg\"", "");
    for forbidden in [
        "http://",
        "https://",
        "<script",
        "<img",
        "<link",
        "<iframe",
        "@import",
        " style=\"",
        "onload",
        "javascript:",
    ] {
        assert!(!html.contains(forbidden), "{forbidden}");
    }
    assert!(
        html.contains("default-src &#39;none&#39;; style-src &#39;sha256-"),
        "the policy is written as such"
    );
}

/// The page as an outline: headings, captions with the size of their table, figures.
fn outline(html: &str) -> String {
    let mut out = String::new();
    let strip = |text: &str| {
        let mut plain = String::new();
        let mut inside = false;
        for c in text.chars() {
            match c {
                '<' => inside = true,
                '>' => inside = false,
                c if !inside => plain.push(c),
                _ => {}
            }
        }
        plain.trim().to_owned()
    };
    for tag in html.split('<').map(|part| format!("<{part}")) {
        let name: String = tag[1..]
            .chars()
            .take_while(|c| c.is_ascii_alphanumeric())
            .collect();
        match name.as_str() {
            "h1" | "h2" | "h3" | "figure" | "table" | "caption" | "details" | "nav" | "header"
            | "main" | "footer" | "section" => {
                let id = tag
                    .split_once("id=\"")
                    .and_then(|(_, rest)| rest.split_once('"'))
                    .map_or("", |(id, _)| id);
                out.push_str(&format!("{name} {id} {}\n", strip(&tag)).replace("  ", " "));
            }
            _ => {}
        }
    }
    out
}

#[test]
fn the_page_keeps_its_structure() {
    let report = compose(&toy::whole_run(true), &toy::timing()).unwrap();
    insta::assert_snapshot!("outline", outline(&report.html));
    let columns = report.html.matches("<th scope=\"col\"").count();
    let figures = report.html.matches("role=\"img\"").count();
    assert_eq!(report.html.matches("<desc id=").count(), figures);
    assert_eq!(
        report.html.matches("<table").count(),
        report.html.matches("<caption><span>").count()
    );
    assert!(columns > 50 && figures == 8, "{columns} {figures}");
    for tag in [
        "section", "table", "tr", "td", "th", "div", "figure", "svg", "span", "details", "dl",
        "ul", "p", "code", "a",
    ] {
        let open = report.html.matches(&format!("<{tag} ")).count()
            + report.html.matches(&format!("<{tag}>")).count();
        assert_eq!(
            open,
            report.html.matches(&format!("</{tag}>")).count(),
            "<{tag}>"
        );
    }
}

#[test]
fn the_markdown_reads_as_before() {
    insta::assert_snapshot!(
        "report",
        compose(&toy::whole_run(true), &toy::timing())
            .unwrap()
            .markdown
    );
}

#[test]
fn every_table_row_of_the_markdown_has_as_many_cells_as_its_head() {
    every_row_is_whole(
        &compose(&toy::whole_run(false), &toy::timing())
            .unwrap()
            .markdown,
    );
}

#[test]
fn hidden_counts_stay_hidden() {
    let mut run = toy::whole_run(true);
    let mut code = None;
    for event in &mut run {
        if let Body::Host(body) = &mut event.body
            && let HostBody::TableOne(row) = body.as_mut()
            && row.column == "gender"
            && row.code.as_deref() == Some("Male")
        {
            row.n_with = None;
            code = Some(event.id);
        }
    }
    let report = compose(&run, &[]).unwrap();
    let row = |level: &str| {
        let level = format!(">{level}<");
        report
            .html
            .lines()
            .find(|line| line.contains(&level) && line.contains("/TableOne/n_without"))
            .unwrap()
    };
    assert!(code.is_some());
    assert!(row("Male").contains("suppressed"), "{}", row("Male"));
    assert_eq!(row("Male").matches("\u{a0}%").count(), 1, "{}", row("Male"));
}

/// The lines of Table 1.
fn table_one(markdown: &str) -> Vec<&str> {
    let from = markdown.split_once("**Table 1.**").unwrap().1;
    from.split_once("SMD:").unwrap().0.lines().collect()
}

#[test]
fn shares_are_of_all_rows_of_the_arm_whatever_levels_are_listed() {
    let mut run = toy::whole_run(true);
    let total = run
        .iter()
        .find_map(|event| match &event.body {
            Body::Host(body) => match body.as_ref() {
                HostBody::TableOne(row) if row.column.is_empty() => row.n_without.zip(row.n_with),
                _ => None,
            },
            Body::Agent(_) => None,
        })
        .unwrap();
    let report = compose(&run, &[]).unwrap();
    let lines = table_one(&report.markdown);
    let line = |label: &str| *lines.iter().find(|line| line.contains(label)).unwrap();
    for (count, whole) in [(810_u32, total.0), (152, total.1)] {
        let cell = format!(
            "{count} ({:.1}\u{a0}%)",
            f64::from(count) / whole as f64 * 100.0
        );
        assert!(line("Heart failure").contains(&cell), "{cell}");
    }
    assert!(line("Complications").contains("| suppressed | suppressed |"));
    assert!(line("other levels").contains("| suppressed | suppressed |"));
    assert!(lines[0].contains("share of all rows of the arm, missing included"));

    run.retain(|event| {
        !matches!(&event.body, Body::Host(body)
            if matches!(body.as_ref(), HostBody::TableOne(row) if row.column.is_empty()))
    });
    let report = compose(&run, &[]).unwrap();
    let lines = table_one(&report.markdown);
    let line = lines
        .iter()
        .find(|line| line.contains("Heart failure"))
        .unwrap();
    assert!(line.contains("| 810 | 152 |"), "{line}");
    assert!(!lines[0].contains("share"));
}

#[test]
fn subgroups_shown_first_are_those_of_the_champion() {
    let run = toy::whole_run(true);
    let promoted: Vec<u64> = run
        .iter()
        .filter_map(|event| match &event.body {
            Body::Agent(EventBody::Promoted(experiment)) => Some(*experiment),
            _ => None,
        })
        .collect();
    let (former, champion) = (promoted[0], promoted[promoted.len() - 1]);
    assert!(former < champion);
    let report = compose(&run, &[]).unwrap();
    let section = report.markdown.split_once("## Subgroups").unwrap().1;
    let section = section.split_once("\n## ").unwrap().0;
    let of_champion = format!("champion `gradient-boosting` (event {champion})");
    let of_former = format!("former champion `elastic-net-logistic` (event {former})");
    let place = |text: &str| {
        section
            .find(text)
            .unwrap_or_else(|| panic!("{text}\n{section}"))
    };
    let figure = place(&format!("**AUROC by subgroup**, {of_champion}"));
    let table = place(&format!("**Subgroups**, {of_champion}"));
    assert!(figure < table && table < place(&format!("**Subgroups**, {of_former}")));
    let page = report.html.split_once("id=\"subgroups\"").unwrap().1;
    let folded = page.split_once("<summary>").unwrap().1;
    assert!(
        folded.starts_with("Subgroups, former champion "),
        "{}",
        &folded[..60]
    );
}

#[test]
fn a_run_without_a_champion_says_which_criteria_were_not_met() {
    let mut run = toy::whole_run(true);
    run.retain(|event| event.stage <= Stage::Explore);
    let mut promotions = 0;
    for event in &mut run {
        match &mut event.body {
            Body::Agent(body) => {
                if matches!(body, EventBody::Promoted(_)) {
                    promotions += 1;
                    *body = EventBody::Refused("promotion-calibration".to_owned());
                } else if matches!(body, EventBody::Falsified(_)) {
                    *body = EventBody::Refused("promotion-gain-not-shown".to_owned());
                }
            }
            Body::Host(_) => {}
        }
    }
    run.push(Event {
        id: 90_001,
        stage: Stage::Closed,
        author: "host".to_owned(),
        body: Body::Host(Box::new(HostBody::Closed(Closed {
            outcome: "no-champion".to_owned(),
            champion: None,
            primary: None,
        }))),
    });
    let markdown = compose(&run, &[]).unwrap().markdown;
    let summary = markdown.split_once("\n## What was asked").unwrap().0;
    let often = format!("(`promotion-calibration`): {promotions} ");
    assert!(promotions > 1 && summary.contains(&often), "{summary}");
    assert!(
        summary.contains("(`promotion-gain-not-shown`): 1 "),
        "{summary}"
    );
    assert!(!summary.contains("known-dead-end"), "{summary}");
}

#[test]
fn the_command_to_reproduce_takes_another_name_and_compares() {
    let report = compose(&toy::whole_run(true), &[]).unwrap();
    let commands = "```sh\nautods-host run --task task-readmission-toy --name toy_v1_again\nautods-host verify toy_v1_again --against toy_v1\n```";
    assert!(report.markdown.contains(commands));
}

#[test]
fn a_number_that_cannot_be_looked_up_is_an_error() {
    let mut run = toy::whole_run(true);
    let (mut at, mut last) = (0, 0);
    for event in &mut run {
        last = event.id;
        if let Body::Host(body) = &mut event.body
            && let HostBody::Stated(statement) = body.as_mut()
            && let Some(reference) = statement.refs.first_mut()
        {
            *reference = Reference {
                event: reference.event,
                pointer: "/Nowhere/value".to_owned(),
            };
            at = reference.event;
            break;
        }
    }
    assert!(last > 0);
    match compose(&run, &[]) {
        Err(ReportError::NothingThere { event, pointer }) => {
            assert_eq!((event, pointer.as_str()), (at, "/Nowhere/value"))
        }
        other => panic!("{other:?}"),
    }
}

#[test]
fn a_number_that_is_not_finite_is_an_error() {
    let mut run = toy::whole_run(true);
    for event in &mut run {
        if let Body::Agent(EventBody::Experiment(experiment)) = &mut event.body {
            experiment.slope.value = f64::NAN;
        }
    }
    assert!(
        matches!(compose(&run, &[]), Err(ReportError::WrongKind { pointer, .. }) if pointer == "/Experiment/slope/value")
    );
}

#[test]
fn a_sentence_that_types_a_digit_is_an_error() {
    let mut run = toy::whole_run(true);
    for event in &mut run {
        if let Body::Host(body) = &mut event.body
            && let HostBody::Stated(statement) = body.as_mut()
        {
            statement.text = "The AUROC is 0.99.".to_owned();
            statement.refs.clear();
        }
    }
    assert!(matches!(
        compose(&run, &[]),
        Err(ReportError::TypedDigit { .. })
    ));
}

#[test]
fn an_event_that_was_cited_but_is_not_there_is_an_error() {
    let mut run = toy::whole_run(true);
    for event in &mut run {
        if let Body::Host(body) = &mut event.body
            && let HostBody::Leakage(row) = body.as_mut()
        {
            row.evidence = 90_000;
        }
    }
    assert!(matches!(
        compose(&run, &[]),
        Err(ReportError::NoSuchEvent { event: 90_000, .. })
    ));
}

#[test]
fn a_run_cut_short_after_any_event_still_has_a_report() {
    let run = toy::whole_run(false);
    assert!(matches!(compose(&[], &[]), Err(ReportError::NotStarted)));
    for length in 1..=run.len() {
        if let Err(error) = compose(&run[..length], &[]) {
            panic!("after {length} events: {error}");
        }
    }
}

#[test]
fn hostile_words_stay_words() {
    let mut run = toy::whole_run(false);
    let hostile =
        "</code></td><script>alert('x')</script> | `rm` **b** [l](http://x) \u{202e}\u{7}";
    for event in &mut run {
        match &mut event.body {
            Body::Agent(EventBody::Objected(objection)) => {
                objection.critique.remark = hostile.to_owned()
            }
            Body::Agent(EventBody::Evaluated(evaluation)) => {
                if let Some(group) = &mut evaluation.group {
                    group.label = hostile.to_owned();
                }
                evaluation.model = format!("{}{hostile}", evaluation.model);
            }
            Body::Host(body) => match body.as_mut() {
                HostBody::Started(started) => {
                    started.title = hostile.to_owned();
                    started.command = "autods-host run\n```\n# x".to_owned();
                }
                HostBody::Curves(curves) => curves.model = hostile.to_owned(),
                HostBody::Attributed(attributed) => attributed.columns[0].name = hostile.to_owned(),
                _ => {}
            },
            _ => {}
        }
    }
    let report = compose(&run, &[(hostile.to_owned(), 1.0)]).unwrap();
    for text in std::iter::once(&report.html).chain(report.figures.iter().map(|figure| &figure.svg))
    {
        assert!(!text.contains("<script") && !text.contains('\u{202e}') && !text.contains('\u{7}'));
    }
    assert!(
        !report.markdown.contains("<script")
            && !report.markdown.contains("[l](")
            && !report.markdown.contains("\n```\n#")
    );
    every_row_is_whole(&report.markdown);
}

fn every_row_is_whole(markdown: &str) {
    let mut width = None;
    for line in markdown.lines() {
        if !line.starts_with('|') {
            width = None;
            continue;
        }
        let cells = line.replace("\\|", "").matches('|').count();
        assert_eq!(*width.get_or_insert(cells), cells, "{line}");
    }
}

#[test]
fn synthetic_data_are_called_so() {
    let notice = "they describe no patients";
    let has = |synthetic| {
        let report = compose(&toy::whole_run(synthetic), &[]).unwrap();
        (
            report.html.contains(notice),
            report.markdown.contains(notice),
        )
    };
    assert_eq!((has(true), has(false)), ((true, true), (false, false)));
}

#[test]
fn a_folder_gets_the_page_the_markdown_and_the_figures_and_nothing_half_written() {
    let folder = tempfile::tempdir().unwrap();
    let out = folder.path().join("report");
    let written = crate::write(&toy::whole_run(true), &toy::timing(), &out).unwrap();
    assert_eq!(written.figures.len(), 8);
    assert_eq!(written.html.sha256.len(), 64);
    for file in written
        .figures
        .iter()
        .chain([&written.html, &written.markdown])
    {
        let content = std::fs::read(&file.path).unwrap();
        assert_eq!(file.sha256, digest(&content));
    }
    let told = written.figures.len() + ["report.html", "report.md"].len();
    assert_eq!(walk(&out).len(), told, "a file that is not told");
    let markdown = std::fs::read_to_string(out.join("report.md")).unwrap();
    for part in markdown.split("](figures/").skip(1) {
        assert!(
            out.join("figures")
                .join(part.split_once(')').unwrap().0)
                .exists()
        );
    }
    let stray = walk(&out)
        .into_iter()
        .filter(|name| name.ends_with(".part"))
        .count();
    assert_eq!(stray, 0);
    let blocked = folder.path().join("blocked");
    std::fs::create_dir_all(blocked.join("report.html")).unwrap();
    assert!(matches!(
        crate::write(&toy::whole_run(true), &[], &blocked),
        Err(ReportError::Write { .. })
    ));
    assert!(walk(&blocked).iter().all(|name| !name.ends_with(".part")));
}

fn digest(content: &[u8]) -> String {
    sha2::Sha256::digest(content)
        .iter()
        .map(|byte| format!("{byte:02x}"))
        .collect()
}

fn walk(folder: &std::path::Path) -> Vec<String> {
    let mut names = Vec::new();
    for entry in std::fs::read_dir(folder).unwrap() {
        let entry = entry.unwrap();
        if entry.path().is_dir() {
            names.extend(walk(&entry.path()));
        } else {
            names.push(entry.file_name().into_string().unwrap());
        }
    }
    names
}

#[test]
fn two_events_of_one_number_are_an_error() {
    let mut run: Vec<Event> = toy::whole_run(true);
    run[5].id = 3;
    assert!(matches!(
        compose(&run, &[]),
        Err(ReportError::Twice { event: 3 })
    ));
}
