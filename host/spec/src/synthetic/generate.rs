//! Drawing the cohort.

use super::draw::{Stream, day_number, day_text};
use super::{Count, Effect, Normal, Per, Shape, Synthetic};
use crate::dictionary::{Column, Kind, Role};
use crate::error::{Fault, SpecError};
use crate::nearest::nearest;
use crate::task::{TableSource, Task};

/// One drawn value with what it does to the log-odds.
#[derive(Clone)]
struct Value {
    text: String,
    effect: Effect,
}

impl Synthetic {
    /// The synthetic table `table` of a checked task as delimited text with a header line, in
    /// the order of the dictionary. The same task and seed give the same text.
    ///
    /// # Errors
    /// When the task has no such table.
    pub fn generate(&self, task: &Task, table: &str) -> Result<String, SpecError> {
        let source = task.table(table).ok_or_else(|| unknown(task, table))?;
        let subjects = self.subjects();
        let people = subjects.iter().max().map_or(0, |last| last + 1);

        let mut columns: Vec<Vec<Value>> = Vec::with_capacity(source.columns.len());
        for column in &source.columns {
            columns.push(self.column(column, source, &subjects, people));
        }
        if table == task.endpoint.table {
            let scores = self.scores(&columns, &subjects, people);
            let at = source
                .columns
                .iter()
                .position(|column| column.name == task.endpoint.column);
            if let Some(at) = at {
                columns[at] = self.outcomes(task, &scores);
            }
        }
        Ok(write(source, &columns, subjects.len()))
    }

    /// The person of each row, in an order in which persons are mixed.
    fn subjects(&self) -> Vec<u32> {
        let mut stream = Stream::new(self.seed, "persons");
        let rows = self.rows as usize;
        let mut subjects = Vec::with_capacity(rows);
        let mut person = 0;
        while subjects.len() < rows {
            for _ in 0..stream.geometric(self.rows_per_subject) {
                if subjects.len() < rows {
                    subjects.push(person);
                }
            }
            person += 1;
        }
        stream.shuffle(&mut subjects);
        subjects
    }

    fn column(
        &self,
        column: &Column,
        source: &TableSource,
        subjects: &[u32],
        people: u32,
    ) -> Vec<Value> {
        let numbered = |number: u64| Value {
            text: number.to_string(),
            effect: Effect::LogOdds(0.0),
        };
        match column.role {
            Role::RecordId => {
                return (0..subjects.len() as u64)
                    .map(|i| numbered(1_000_001 + 13 * i))
                    .collect();
            }
            Role::Subject => {
                return subjects
                    .iter()
                    .map(|s| numbered(500_001 + 7 * u64::from(*s)))
                    .collect();
            }
            _ => {}
        }
        let standard = standard_shape(column);
        let shape = self.columns.get(&column.name).unwrap_or(&standard);
        let missing = column
            .missing
            .first()
            .or(source.missing.first())
            .cloned()
            .unwrap_or_default();
        let mut stream = Stream::new(self.seed, &format!("column {}", column.name));
        let mut draw = || {
            // both are drawn always, so that the share of missing values does not move the others
            let absent = stream.uniform() < shape.missing;
            let value = shape.draw(column, &mut stream);
            if absent {
                Value {
                    text: missing.clone(),
                    effect: Effect::LogOdds(0.0),
                }
            } else {
                value
            }
        };
        match shape.per {
            Per::Row => subjects.iter().map(|_| draw()).collect(),
            Per::Subject => {
                let of_person: Vec<Value> = (0..people).map(|_| draw()).collect();
                subjects
                    .iter()
                    .map(|s| of_person[*s as usize].clone())
                    .collect()
            }
        }
    }

    /// Log-odds of each row without the intercept; `None` for a row that cannot have the outcome.
    fn scores(&self, columns: &[Vec<Value>], subjects: &[u32], people: u32) -> Vec<Option<f64>> {
        let mut stream = Stream::new(self.seed, "own log-odds");
        let own: Vec<f64> = (0..people)
            .map(|_| stream.normal() * self.subject_sd)
            .collect();
        (0..subjects.len())
            .map(|row| {
                let mut score = own[subjects[row] as usize];
                for column in columns {
                    match column[row].effect {
                        Effect::LogOdds(effect) => score += effect,
                        Effect::Never => return None,
                    }
                }
                Some(score)
            })
            .collect()
    }

    fn outcomes(&self, task: &Task, scores: &[Option<f64>]) -> Vec<Value> {
        let intercept = intercept(scores, self.prevalence);
        let mut stream = Stream::new(self.seed, "outcome");
        let weights = |codes: &[String]| -> Vec<f64> {
            let shape = self.columns.get(&task.endpoint.column);
            let weight = |code: &String| {
                let levels = &shape?.levels;
                Some(
                    levels
                        .iter()
                        .find(|(level, _)| level == code)
                        .map_or(0.0, |(_, l)| l.weight),
                )
            };
            let given: Vec<f64> = codes
                .iter()
                .map(|code| weight(code).unwrap_or(1.0))
                .collect();
            if given.iter().sum::<f64>() > 0.0 {
                given
            } else {
                vec![1.0; codes.len()]
            }
        };
        let (positive, negative) = (
            weights(&task.endpoint.positive),
            weights(&task.endpoint.negative),
        );
        scores
            .iter()
            .map(|score| {
                let (u, happened) = (
                    stream.uniform(),
                    score.map_or(0.0, |s| logistic(s + intercept)),
                );
                let text = if u < happened {
                    task.endpoint.positive[stream.weighted(&positive)].clone()
                } else {
                    task.endpoint.negative[stream.weighted(&negative)].clone()
                };
                Value {
                    text,
                    effect: Effect::LogOdds(0.0),
                }
            })
            .collect()
    }
}

fn unknown(task: &Task, table: &str) -> SpecError {
    let names = task.data.iter().map(|source| source.table.as_str());
    SpecError {
        file: "TASK.md".to_owned(),
        line: 0,
        column: 0,
        place: "data".to_owned(),
        fault: Box::new(Fault::UnknownName {
            of: "table".to_owned(),
            name: table.to_owned(),
            nearest: nearest(table, names),
        }),
    }
}

fn logistic(x: f64) -> f64 {
    1.0 / (1.0 + (-x).exp())
}

/// The intercept at which the mean probability over all rows is the prevalence (bisection).
fn intercept(scores: &[Option<f64>], prevalence: f64) -> f64 {
    let can: Vec<f64> = scores.iter().flatten().copied().collect();
    if can.is_empty() {
        return 0.0;
    }
    let wanted = (prevalence * scores.len() as f64 / can.len() as f64).min(0.95);
    let (mut low, mut high) = (-60.0, 60.0);
    for _ in 0..100 {
        let middle = (low + high) / 2.0;
        let mean = can.iter().map(|s| logistic(s + middle)).sum::<f64>() / can.len() as f64;
        if mean < wanted {
            low = middle
        } else {
            high = middle
        }
    }
    (low + high) / 2.0
}

/// What a column that the section does not describe looks like.
fn standard_shape(column: &Column) -> Shape {
    let mut shape = Shape::default();
    let level = |code: &str| {
        (
            code.to_owned(),
            super::LevelShape {
                weight: 1.0,
                effect: Effect::LogOdds(0.0),
            },
        )
    };
    if !column.codings.is_empty() {
        shape.levels = column
            .codings
            .iter()
            .map(|coding| level(&coding.code))
            .collect();
        return shape;
    }
    match column.kind {
        Kind::Boolean => shape.levels = vec![level("true"), level("false")],
        Kind::Category | Kind::Ordinal => shape.levels = ["A", "B", "C"].map(level).to_vec(),
        Kind::Text | Kind::Identifier => shape.levels = vec![level("synthetic")],
        Kind::Integer => {
            shape.count = Some(Count {
                mean: 3.0,
                sd: None,
                min: 0,
                max: None,
            })
        }
        Kind::Number => {
            shape.normal = Some(Normal {
                mean: 0.0,
                sd: 1.0,
                decimals: 3,
                min: None,
                max: None,
            })
        }
        Kind::Date | Kind::Datetime => {
            shape.dates = Some(super::Dates {
                first: "2000-01-01".to_owned(),
                last: "2009-12-31".to_owned(),
            });
        }
    }
    shape
}

impl Shape {
    fn draw(&self, column: &Column, stream: &mut Stream) -> Value {
        if let Some(count) = &self.count {
            let value = count.draw(stream);
            let sd = count.sd.unwrap_or(count.mean.sqrt());
            let effect = self.effect * (value as f64 - count.mean) / sd;
            return Value {
                text: value.to_string(),
                effect: Effect::LogOdds(effect),
            };
        }
        if let Some(normal) = &self.normal {
            let value = normal.draw(stream);
            let effect = self.effect * (value - normal.mean) / normal.sd;
            let text = format!("{value:.*}", usize::from(normal.decimals));
            return Value {
                text,
                effect: Effect::LogOdds(effect),
            };
        }
        if let Some(dates) = &self.dates {
            let first = day_number(&dates.first).unwrap_or(0);
            let last = day_number(&dates.last).unwrap_or(first).max(first);
            let mut text = day_text(first + stream.below((last - first) as u64 + 1) as i64);
            if column.kind == Kind::Datetime {
                let minute = stream.below(1440);
                text.push_str(&format!("T{:02}:{:02}:00", minute / 60, minute % 60));
            }
            return Value {
                text,
                effect: Effect::LogOdds(0.0),
            };
        }
        let weights: Vec<f64> = self.levels.iter().map(|(_, level)| level.weight).collect();
        match self.levels.get(stream.weighted(&weights)) {
            Some((code, level)) => Value {
                text: code.clone(),
                effect: level.effect,
            },
            None => Value {
                text: String::new(),
                effect: Effect::LogOdds(0.0),
            },
        }
    }
}

/// How often a value outside its bounds is drawn again before it is moved to the bound.
const TRIES: u32 = 64;

impl Count {
    fn draw(&self, stream: &mut Stream) -> u64 {
        let (min, max) = (u64::from(self.min), self.max.map_or(u64::MAX, u64::from));
        let mut value = 0;
        for _ in 0..TRIES {
            value = self.once(stream);
            if (min..=max).contains(&value) {
                return value;
            }
        }
        value.clamp(min, max)
    }

    fn once(&self, stream: &mut Stream) -> u64 {
        let variance = self.sd.map_or(self.mean, |sd| sd * sd);
        if variance > self.mean * 1.001 {
            // a Poisson whose mean is gamma-distributed
            let shape = self.mean * self.mean / (variance - self.mean);
            let mean = stream.gamma(shape) * self.mean / shape;
            stream.poisson(mean.min(1e6))
        } else if variance < self.mean * 0.999 {
            (self.mean + stream.normal() * variance.sqrt())
                .round()
                .max(0.0) as u64
        } else {
            stream.poisson(self.mean)
        }
    }
}

impl Normal {
    fn draw(&self, stream: &mut Stream) -> f64 {
        let (min, max) = (
            self.min.unwrap_or(f64::NEG_INFINITY),
            self.max.unwrap_or(f64::INFINITY),
        );
        let mut value = self.mean;
        for _ in 0..TRIES {
            value = self.mean + stream.normal() * self.sd;
            if (min..=max).contains(&value) {
                return value;
            }
        }
        value.max(min).min(max)
    }
}

/// RFC 4180 with the table's delimiter.
fn write(source: &TableSource, columns: &[Vec<Value>], rows: usize) -> String {
    let delimiter = source.delimiter_char();
    let mut text = String::new();
    let field = |out: &mut String, value: &str| {
        if value.contains([delimiter, '"', '\n', '\r']) {
            out.push('"');
            out.push_str(&value.replace('"', "\"\""));
            out.push('"');
        } else {
            out.push_str(value);
        }
    };
    for (i, column) in source.columns.iter().enumerate() {
        if i > 0 {
            text.push(delimiter);
        }
        field(&mut text, &column.name);
    }
    text.push('\n');
    for row in 0..rows {
        for (i, column) in columns.iter().enumerate() {
            if i > 0 {
                text.push(delimiter);
            }
            field(&mut text, &column[row].text);
        }
        text.push('\n');
    }
    text
}
