//! A new task directory, from templates or from what a file of data looks like.

use std::{
    collections::{BTreeMap, HashSet},
    fmt::Write as _,
    fs,
    io::{BufReader, Read, Write as _},
    path::{Path, PathBuf},
};

use autods_spec::{Launch, Task};

use crate::{
    error::{Result, RunError},
    layout::write_atomically,
};

/// Rows that are looked at to tell whether values repeat; everything else is told from all rows.
const SAMPLE: u64 = 20_000;
/// Different values of a column that are counted; one with more is not a category.
const COUNTED: usize = 1000;
/// Categories with more codes than this are declared without their codes.
const LISTED: usize = 40;
/// Codes of fewer rows than this are not written into a dictionary.
const SHOWN: u64 = 11;
/// Texts that are taken for "missing".
const MISSING: [&str; 8] = ["", "NA", "N/A", "?", "NULL", "null", "NaN", "nan"];
/// Endings of files that the bundled loader reads.
const ENDINGS: [&str; 4] = [".csv", ".tsv", ".tab", ".txt"];
/// Words of names that are the outcome's more often than not.
const OUTCOMES: [&str; 14] = [
    "outcome",
    "label",
    "target",
    "readmitted",
    "readmission",
    "death",
    "died",
    "dead",
    "deceased",
    "expired",
    "mortality",
    "event",
    "class",
    "y",
];
/// Words of names whose groups ought to be compared.
const SENSITIVE: [&str; 13] = [
    "sex",
    "gender",
    "race",
    "ethnic",
    "ethnicity",
    "age",
    "ageband",
    "agegroup",
    "religion",
    "language",
    "nationality",
    "insurance",
    "disability",
];

/// Make `task-<name>/` in `parent` with commented templates; with `from`, a task is guessed from a
/// delimited file: dictionary, person, row number, outcome and the groups to compare. Codes that
/// fewer than eleven rows have are not written. What a person has to look at is marked `CHANGE ME`
/// or `CHECK`, and listed on standard output.
///
/// # Errors
/// If the name is not one of a task, the directory exists, or the file cannot be read;
/// [`RunError::Data`] if nothing can be learnt from the file: no rows, one column, records of
/// unequal length, or no columns that number persons and rows. Nothing is written then.
pub fn new_task(name: &str, parent: &Path, from: Option<&Path>) -> Result<PathBuf, RunError> {
    let name = if name.starts_with("task-") {
        name.to_owned()
    } else {
        format!("task-{name}")
    };
    let good = name.len() <= 64
        && name.split('-').all(|word| {
            !word.is_empty()
                && word
                    .bytes()
                    .all(|c| c.is_ascii_lowercase() || c.is_ascii_digit())
        });
    if !good {
        return Err(RunError::Usage(format!(
            "`{name}` is not a task's name: lower-case letters, digits and single `-`, at most 64 characters, such as task-my-question"
        )));
    }
    let dir = parent.join(&name);
    if dir.exists() {
        return Err(RunError::Usage(format!(
            "{} exists already: choose another name, or remove it first",
            dir.display()
        )));
    }
    let (task, launch, runs_on) = match from {
        None => (Task::template(&name), Launch::template(&name), None),
        Some(file) => {
            let guessed = Guessed::from(file)?;
            let task = guessed.task(&name);
            (task, guessed.launch(&name), Some(file))
        }
    };
    fs::create_dir_all(&dir).map_err(|e| RunError::io("making", &dir, e))?;
    write_atomically(&dir.join("TASK.md"), task.as_bytes())?;
    write_atomically(&dir.join("LAUNCH.md"), launch.as_bytes())?;
    let whole = |path: &Path| path.canonicalize().unwrap_or_else(|_| path.to_owned());
    let place = shell(&whole(&dir));
    let data = match runs_on {
        None => "--synthetic".to_owned(),
        Some(file) => {
            let folder = whole(file).parent().map(Path::to_owned).unwrap_or_default();
            format!("--data {}", shell(&folder))
        }
    };
    let check = format!("autods-host task check {place}");
    let run = format!("autods-host run --task {place} --name first_try {data}");
    write_atomically(
        &dir.join("README.md"),
        format!("# {name}\n\nWhat is asked, of which data, under which licence; how to run it:\n\n    {check}\n    {run}\n").as_bytes(),
    )?;
    if from.is_some() {
        say(&advice(&dir, &task, &check, &run));
    }
    Ok(dir)
}

/// A closed pipe is not an error of ours.
fn say(words: &str) {
    let _ = std::io::stdout().lock().write_all(words.as_bytes());
}

/// Which lines to look at, and what to do then.
fn advice(dir: &Path, task: &str, check: &str, run: &str) -> String {
    let mut words = format!(
        "look at these lines of {}:\n",
        dir.join("TASK.md").display()
    );
    for (i, line) in task.lines().enumerate() {
        if ["CHANGE ME", "# CHECK", "# ERROR"]
            .iter()
            .any(|mark| line.contains(mark))
        {
            let _ = writeln!(words, "  {:>4}: {}", i + 1, line.trim());
        }
    }
    if task.contains("# ERROR") {
        words.push_str("no outcome was found: name its column under `endpoint`, give that column `role: outcome`, and list its codes; until then the check fails\n");
    }
    let _ = writeln!(words, "then check: {check}\nthen run:   {run}");
    words
}

/// A path as a shell wants it.
fn shell(path: &Path) -> String {
    let text = path.display().to_string();
    if text
        .chars()
        .all(|c| c.is_ascii_alphanumeric() || "/._-+".contains(c))
    {
        text
    } else {
        format!("'{}'", text.replace('\'', "'\\''"))
    }
}

/// What a column's values look like.
#[derive(Default)]
struct Seen {
    name: String,
    present: u64,
    absent: u64,
    sampled: u64,
    sample: HashSet<String>,
    levels: BTreeMap<String, u64>,
    many: bool,
    not_integer: bool,
    not_number: bool,
    not_date: bool,
    not_datetime: bool,
    bytes: u64,
}

impl Seen {
    fn add(&mut self, value: &str) {
        if MISSING.contains(&value) {
            self.absent += 1;
            return;
        }
        self.present += 1;
        self.bytes += value.len() as u64;
        if self.sampled < SAMPLE {
            self.sampled += 1;
            self.sample.insert(value.to_owned());
        }
        if !self.many {
            *self.levels.entry(value.to_owned()).or_default() += 1;
            if self.levels.len() > COUNTED {
                self.many = true;
                self.levels.clear();
            }
        }
        // 007 is a code
        let digits = value.trim_start_matches('-');
        let code = digits.len() > 1 && digits.starts_with('0') && !digits.starts_with("0.");
        self.not_integer |= code || value.parse::<i64>().is_err();
        self.not_number |= code || !value.parse::<f64>().is_ok_and(f64::is_finite);
        self.not_date |= value.len() != 10 || value.parse::<jiff::civil::Date>().is_err();
        self.not_datetime |= value.len() != 19 || value.parse::<jiff::civil::DateTime>().is_err();
    }

    fn words(&self) -> Vec<String> {
        self.name
            .to_lowercase()
            .split(|c: char| !c.is_alphanumeric())
            .filter(|word| !word.is_empty())
            .map(str::to_owned)
            .collect()
    }

    fn has_word(&self, of: &[&str]) -> bool {
        self.words().iter().any(|word| of.contains(&word.as_str()))
    }

    fn ends_like_a_number_of_something(&self) -> bool {
        let last = self.words().pop().unwrap_or_default();
        ["id", "nbr", "num", "key", "mrn", "number"]
            .iter()
            .any(|end| last.ends_with(end))
            || last == "no"
    }

    /// Whether the name is one of a number of persons, and the values could be such numbers.
    fn person(&self) -> bool {
        let words = self.words();
        let all = words.concat();
        let named = (words.iter().any(|word| {
            ["patient", "person", "subject", "member"]
                .iter()
                .any(|stem| word.starts_with(stem))
        }) && (self.ends_like_a_number_of_something() || words.len() == 1))
            || self.has_word(&["mrn", "pid"]);
        let of_a_stay = ["stay", "visit", "encounter", "admission", "episode", "hadm"]
            .iter()
            .any(|what| all.contains(what));
        let coded = !self.not_date || (self.not_integer && !self.not_number);
        named && !of_a_stay && !coded && self.sample.len() as u64 * 20 > self.sampled
    }

    /// Whether nearly every row has a value of its own, as numbers of rows have.
    fn near_unique(&self) -> bool {
        let different = self.sample.len() as u64;
        let short = self.bytes <= 64 * self.present.max(1);
        let measured = !self.not_number && (self.not_integer || !self.not_date);
        let dated = !self.not_date || !self.not_datetime;
        if self.sampled <= 20 || !short || measured || dated {
            return false;
        }
        if self.not_integer || self.ends_like_a_number_of_something() {
            different * 10 > self.sampled * 9
        } else {
            different == self.sampled
        }
    }

    /// All codes, if there are few and at least eleven rows have each.
    fn codes(&self) -> Option<Vec<&str>> {
        let shown = !self.many
            && (1..=LISTED).contains(&self.levels.len())
            && self.levels.values().all(|rows| *rows >= SHOWN);
        shown.then(|| self.levels.keys().map(String::as_str).collect())
    }

    fn two_valued(&self) -> bool {
        self.codes().is_some_and(|codes| codes.len() == 2)
    }

    fn kind(&self) -> &'static str {
        let numbered = self.has_word(&["id", "code"]) && !self.many && self.levels.len() <= 100;
        if self.present == 0 || (!self.many && self.levels.len() <= 2) {
            "category"
        } else if self.near_unique() {
            "identifier"
        } else if !self.not_integer && !numbered {
            "integer"
        } else if !self.not_number && !numbered {
            "number"
        } else if !self.not_date {
            "date"
        } else if !self.not_datetime {
            "datetime"
        } else if self.many || self.bytes > 64 * self.present {
            "text"
        } else {
            "category"
        }
    }

    fn sensitive(&self) -> bool {
        self.kind() == "category"
            && self.has_word(&SENSITIVE)
            && (2..=20).contains(&self.levels.len())
    }
}

/// What a file looks like, and the parts that its columns seem to play.
struct Guessed {
    file: String,
    delimiter: u8,
    columns: Vec<Seen>,
    left_out: Vec<String>,
    subject: usize,
    subject_named: bool,
    record: usize,
    outcome: Option<usize>,
}

impl Guessed {
    fn from(file: &Path) -> Result<Self> {
        let name = file
            .file_name()
            .map(|n| n.to_string_lossy().into_owned())
            .unwrap_or_default();
        let plain = name.strip_suffix(".gz").unwrap_or(&name);
        if !ENDINGS.iter().any(|end| plain.ends_with(end)) || name.contains([':', '\\', '*']) {
            return Err(RunError::Data(format!(
                "{}: the loader reads files whose names end in .csv, .tsv, .tab or .txt, or one of these and .gz, without `:`, `*` and `\\`. Rename the file, or save its table as CSV.",
                file.display()
            )));
        }
        let delimiter = sniffed(file)?;
        let (columns, left_out) = read(file, delimiter)?;
        let persons = (0..columns.len()).filter(|&i| columns[i].person());
        // of several, the one whose values repeat most
        let person = persons.min_by_key(|&i| columns[i].sample.len());
        let mut numbers: Vec<usize> = (0..columns.len())
            .filter(|&i| Some(i) != person && columns[i].near_unique())
            .collect();
        numbers.sort_by_key(|&i| !columns[i].ends_like_a_number_of_something());
        let mut numbers = numbers.into_iter();
        let (Some(subject), Some(record)) = (person.or_else(|| numbers.next()), numbers.next())
        else {
            return Err(lacks_numbers(file, delimiter, person.is_some()));
        };
        let mut guessed = Self {
            file: name,
            delimiter,
            columns,
            left_out,
            subject,
            subject_named: person.is_some(),
            record,
            outcome: None,
        };
        guessed.outcome = guessed.outcome();
        Ok(guessed)
    }

    fn outcome(&self) -> Option<usize> {
        let free = |i: &usize| *i != self.subject && *i != self.record;
        let last = |fits: &dyn Fn(&Seen) -> bool| {
            (0..self.columns.len())
                .rev()
                .filter(free)
                .find(|&i| fits(&self.columns[i]))
        };
        let named = |c: &Seen| c.has_word(&OUTCOMES);
        last(&|c| named(c) && c.two_valued())
            .or_else(|| {
                last(&|c| named(c) && c.codes().is_some_and(|n| (3..=10).contains(&n.len())))
            })
            .or_else(|| last(&|c| c.two_valued() && !c.sensitive()))
    }

    fn task(&self, name: &str) -> String {
        let file = quoted(&self.file);
        let delimiter = match self.delimiter {
            b'\t' => "tab".to_owned(),
            other => quoted(&char::from(other).to_string()),
        };
        let mut made = format!(
            "---\n# Guessed from a file. Look at every line marked in capitals; the other keys and values\n# that there are stand in docs/tasks.md and in the file that `autods-host task new` makes without\n# --from.\n\nname: {name}\ntitle: \"CHANGE ME: one line for headings\"\ntask_type: ehr-risk\nquestion: \"CHANGE ME: the question in one sentence\"\nlicence: \"CHANGE ME: under which licence or agreement the data are used\"\ncitation: \"CHANGE ME: who collected the data, and where they are described\"\nintended_use: \"CHANGE ME: what a model may be used for, and what not\"\n\ndata:\n  - table: rows\n    loader: loader-table\n    files: [{file}]\n    delimiter: {delimiter}\n    # texts that mean \"missing\"; an empty field always does\n    missing: [{}]\n    # `available: unknown` is a warning in the report: write before-index, at-index or after-index.\n    columns:\n",
            list(MISSING.iter().copied().filter(|text| !text.is_empty()))
        );
        for left_out in &self.left_out {
            let _ = writeln!(
                made,
                "      # CHECK: not declared, so not loaded: {left_out}"
            );
        }
        for i in 0..self.columns.len() {
            self.column(i, &mut made);
        }
        self.endpoint(&mut made);
        let _ = write!(
            made,
            "\npopulation:\n  title: All rows\n  exclude: []\n\nindex_date: \"CHANGE ME: the moment of prediction, in words\"\nunit: {}\ngroups: [{}]\nvalidation: patient-grouped-cv\nprimary_metric: auroc\nsecondary: [average-precision, brier, calibration-slope, calibration-intercept, net-benefit]\n# predicted risks at which somebody would act\ndecision_thresholds: [0.1, 0.2, 0.3] # CHECK\n---\n\n# {name}\n\nWhat the data are, who collected them and why, and what a reader has to know about them.\n",
            quoted(&self.columns[self.record].name),
            quoted(&self.columns[self.subject].name)
        );
        made
    }

    fn column(&self, i: usize, made: &mut String) {
        let column = &self.columns[i];
        let outcome = self.outcome == Some(i);
        let (kind, role) = if i == self.subject {
            let why = if self.subject_named {
                " # CHECK: the person"
            } else {
                " # CHECK: no column is named like a person's number; rows with the same value here are kept together"
            };
            ("identifier", format!("subject{why}"))
        } else if i == self.record {
            ("identifier", "record-id # the number of the row".to_owned())
        } else if outcome {
            ("category", "outcome".to_owned())
        } else {
            let role = match column.kind() {
                "identifier" | "text" => "ignored # CHECK: identifiers and free text are not used",
                "date" | "datetime" => "time",
                _ if column.present == 0 => "ignored # CHECK: no row has a value",
                _ => "predictor",
            };
            (column.kind(), role.to_owned())
        };
        let available = if outcome { "after-index" } else { "unknown" };
        let _ = write!(
            made,
            "      - name: {}\n        type: {kind}\n        role: {role}\n        available: {available}\n",
            quoted(&column.name)
        );
        if self.compared(i) {
            made.push_str("        sensitive: true\n");
        }
        if kind == "category"
            && let Some(codes) = column.codes()
        {
            let _ = writeln!(made, "        codings: [{}]", list(codes.into_iter()));
        }
    }

    fn compared(&self, i: usize) -> bool {
        let taken = i == self.subject || i == self.record || self.outcome == Some(i);
        !taken && self.columns[i].sensitive()
    }

    fn endpoint(&self, made: &mut String) {
        let Some(column) = self.outcome.map(|i| &self.columns[i]) else {
            made.push_str("\nendpoint:\n  # ERROR: no column has two codes that eleven rows have each. Name the outcome's column here,\n  # give it `type: category` and `role: outcome` above, and say what its codes mean.\n  name: \"CHANGE ME: what the report calls the outcome\"\n  type: binary\n  table: rows\n  column: \"CHANGE ME\"\n  positive: [\"CHANGE ME: code that means that it happened\"]\n  negative: [\"CHANGE ME: code that means that it did not\"]\n");
            return;
        };
        let rarer = column
            .levels
            .iter()
            .min_by_key(|(_, rows)| **rows)
            .map(|(code, _)| code.as_str())
            .unwrap_or_default();
        let others = column
            .levels
            .keys()
            .map(String::as_str)
            .filter(|code| *code != rarer);
        let _ = write!(
            made,
            "\nendpoint:\n  name: {name} # CHECK: what the report calls the outcome\n  type: binary\n  table: rows\n  column: {name} # CHECK: is this the outcome?\n  positive: [{}] # CHECK: the rarest code is taken for \"it happened\"\n  negative: [{}] # CHECK\n",
            quoted(rarer),
            list(others),
            name = quoted(&column.name)
        );
        if column.absent > 0 {
            made.push_str("  # CHECK: some rows have no outcome; a run refuses them. Leave them out of the file.\n");
        }
    }

    fn launch(&self, name: &str) -> String {
        let groups = (0..self.columns.len())
            .filter(|&i| self.compared(i))
            .map(|i| self.columns[i].name.as_str());
        let groups = format!("fairness_subgroups: [{}]", list(groups));
        let mut made = String::new();
        for line in Launch::template(name).lines() {
            if line.starts_with("fairness_subgroups:") {
                made.push_str(&groups);
            } else {
                made.push_str(line);
            }
            made.push('\n');
        }
        made
    }
}

/// The error for a file whose rows or persons are not numbered, with a way to number them.
fn lacks_numbers(file: &Path, delimiter: u8, person: bool) -> RunError {
    let between = match delimiter {
        b'\t' => "\\t".to_owned(),
        other => char::from(other).to_string(),
    };
    let (names, numbers, what) = if person {
        (
            "row_id".to_owned(),
            "NR-1".to_owned(),
            "no column numbers the rows",
        )
    } else {
        (
            format!("row_id{between}person_id"),
            format!("NR-1 \"{between}\" NR-1"),
            "there must be one column that numbers the rows and one that numbers the persons, and not both were found",
        )
    };
    RunError::Data(format!(
        "{}: {what}. Add what lacks in front, for example with\n  awk 'NR==1{{print \"{names}{between}\" $0; next}} {{print {numbers} \"{between}\" $0}}' FILE > NEW.csv\nand make the task from that file.{}",
        file.display(),
        if person {
            ""
        } else {
            " That takes every row for another person; where persons return, give all their rows one person_id."
        }
    ))
}

/// The bytes of a file, inflated where it is gzip.
fn open(file: &Path) -> Result<Box<dyn Read>> {
    let opened = || fs::File::open(file).map_err(|e| RunError::io("reading", file, e));
    let mut magic = Vec::new();
    opened()?
        .take(2)
        .read_to_end(&mut magic)
        .map_err(|e| RunError::io("reading", file, e))?;
    let read = BufReader::new(opened()?);
    Ok(if magic == [0x1f, 0x8b] {
        Box::new(flate2::bufread::MultiGzDecoder::new(read))
    } else {
        Box::new(read)
    })
}

/// The delimiter that cuts the first records into the most columns, all of them equally many.
fn sniffed(file: &Path) -> Result<u8> {
    let mut text = Vec::new();
    open(file)?
        .take(1 << 20)
        .read_to_end(&mut text)
        .map_err(|e| RunError::io("reading", file, e))?;
    if text.len() == 1 << 20 {
        let end = text.iter().rposition(|b| *b == b'\n').unwrap_or(text.len());
        text.truncate(end);
    }
    if text.iter().all(u8::is_ascii_whitespace) {
        return Err(RunError::Data(format!(
            "{}: the file is empty. Give a delimited file with a header line and one line per row.",
            file.display()
        )));
    }
    let mut best = ((0, 0), b',');
    for delimiter in [b',', b';', b'\t', b'|'] {
        let mut reader = csv::ReaderBuilder::new()
            .has_headers(false)
            .flexible(true)
            .delimiter(delimiter)
            .from_reader(text.as_slice());
        let widths: Vec<usize> = reader
            .byte_records()
            .take(200)
            .map_while(|record| record.ok().map(|r| r.len()))
            .collect();
        let width = widths.first().copied().unwrap_or_default();
        let equal = widths.iter().filter(|w| **w == width).count();
        let score = (equal * 100 / widths.len().max(1), width);
        if width > 1 && score > best.0 {
            best = (score, delimiter);
        }
    }
    if best.0 == (0, 0) {
        return Err(RunError::Data(format!(
            "{}: there is only one column: no comma, semicolon, tab or `|` stands between fields. Save the table with one of these.",
            file.display()
        )));
    }
    Ok(best.1)
}

/// Look at every record. Gives the columns that a dictionary can name, and words about the others.
fn read(file: &Path, delimiter: u8) -> Result<(Vec<Seen>, Vec<String>)> {
    let wrong = |e: csv::Error| {
        let line = e.position().map_or(1, csv::Position::line);
        let what = match e.kind() {
            csv::ErrorKind::UnequalLengths {
                expected_len, len, ..
            } => format!(
                "{len} fields where the header has {expected_len}. Mend the line, or quote fields that hold the delimiter"
            ),
            csv::ErrorKind::Utf8 { .. } => {
                "not UTF-8. Convert the file, for example with `iconv -f latin1 -t utf-8`"
                    .to_owned()
            }
            _ => "the file cannot be read to its end".to_owned(),
        };
        RunError::Data(format!("{}, line {line}: {what}.", file.display()))
    };
    let mut reader = csv::ReaderBuilder::new()
        .delimiter(delimiter)
        .from_reader(open(file)?);
    let header = reader.headers().map_err(wrong)?.clone();
    let mut columns: Vec<Seen> = header
        .iter()
        .map(|name| Seen {
            name: name.to_owned(),
            ..Seen::default()
        })
        .collect();
    let mut record = csv::StringRecord::new();
    let mut rows = 0u64;
    while reader.read_record(&mut record).map_err(wrong)? {
        rows += 1;
        for (column, value) in columns.iter_mut().zip(&record) {
            column.add(value);
        }
    }
    if rows == 0 {
        return Err(RunError::Data(format!(
            "{}: there is a header and no row. Give a file with rows: types and codes are guessed from them.",
            file.display()
        )));
    }
    let mut left_out = Vec::new();
    let mut kept = Vec::new();
    for (i, column) in columns.into_iter().enumerate() {
        let name = &column.name;
        let named = !name.is_empty()
            && name.len() <= 128
            && !name.contains(|c: char| c.is_control() || "=:{}".contains(c));
        if !named {
            left_out.push(format!("column {}: its name is empty, longer than 128 bytes or holds `=`, `:`, a brace or a control character", i + 1));
        } else if header.iter().filter(|other| other == name).count() > 1 {
            left_out.push(format!(
                "column {}: another column has the same name",
                i + 1
            ));
        } else {
            kept.push(column);
        }
    }
    Ok((kept, left_out))
}

/// YAML double-quoted strings, with commas between.
fn list<'a>(values: impl Iterator<Item = &'a str>) -> String {
    values.map(quoted).collect::<Vec<_>>().join(", ")
}

/// A YAML double-quoted string.
fn quoted(value: &str) -> String {
    serde_json::to_string(value).unwrap_or_else(|_| "\"\"".to_owned())
}
