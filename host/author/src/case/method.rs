//! A method's case: fitted on `input/train.csv`, applied to that and to `input/apply.csv`.

use autods_sandbox::CallError;
use autods_sandbox::method::{ColumnUse, Fitted, OutputNames, Recipe, Step, TableData, apply, fit};

use super::cells::{decode, encode};
use super::check::{Problem, differences};
use super::file::{FaultEntry, MethodFile, RowOrder, params, parse};
use super::table::Cells;
use super::{CaseReport, Run, Timed, read};
use crate::AuthorError;

/// The main table.
const ROWS: &str = "rows";

pub(super) fn run(run: &Run<'_>) -> Result<CaseReport, AuthorError> {
    let path = run.at("case.toml");
    let case: MethodFile = parse(&path)?;
    let mut report = run.report(&case.description);
    let input = Input::read(run, &case)?;
    let (fitted, made) = match (input.made(run, &case, &input.train), &case.expect.fault) {
        (Ok(made), None) => made,
        (Ok(_), Some(fault)) => {
            let what = format!("expected the fault `{}`, found rows", fault.code);
            report.problems.push(Problem::at(&path, what));
            return Ok(report);
        }
        (Err(error), wanted) => {
            let found = faulted(&error, wanted.as_ref(), &case);
            report
                .problems
                .extend(found.map(|what| Problem::at(&path, what)));
            report.done = format!("fit and apply: {}", error.code());
            return Ok(report);
        }
    };
    report.done = format!(
        "fitted on {} rows ({} bytes of state), applied",
        input.train.rows.len(),
        fitted.state.len()
    );
    let tolerance = case.expect.tolerance;
    for (name, cells) in &made {
        let path = run.at("expected").join(name);
        run.hold(&mut report, name, &cells.csv(), |text| {
            let expected = Cells::parse(&path, text)?;
            Ok(differences(&path, &expected, cells, tolerance))
        })?;
    }
    // the same rows and seed give the same bits, state included
    let again = input.made(run, &case, &input.train);
    if again.as_ref().ok() != Some(&(fitted, made.clone())) {
        report.problems.push(Problem::new(
            "fitted twice on the same rows with the same seed, it gave other bits",
        ));
    }
    if case.expect.row_order == RowOrder::Irrelevant {
        let (train, order) = shuffled(&input.train);
        report.done.push_str(", fitted on shuffled rows");
        match input.made(run, &case, &train) {
            Err(error) => report.problems.push(Problem::new(format!(
                "with the training rows in another order it fails: {error}"
            ))),
            Ok((_, mut other)) => {
                for (name, cells) in &mut other {
                    if name == "train.csv" {
                        *cells = unshuffled(cells, &order);
                    }
                    let wanted = made.iter().find(|(of, _)| of == name);
                    let wanted = wanted.map(|(_, cells)| cells.clone()).unwrap_or_default();
                    let file = std::path::Path::new(name.as_str());
                    for problem in differences(file, &wanted, cells, tolerance) {
                        report.problems.push(Problem::new(format!(
                            "with the training rows in another order it gives other numbers: {problem}"
                        )));
                    }
                }
            }
        }
    }
    Ok(report)
}

/// What came out, by the name of its file.
type Made = Vec<(String, Cells)>;

/// What a case hands over.
struct Input {
    train: Cells,
    train_path: std::path::PathBuf,
    other: Option<Vec<u8>>,
    recipe: Recipe,
    names: OutputNames,
}

impl Input {
    fn read(run: &Run<'_>, case: &MethodFile) -> Result<Self, AuthorError> {
        let train_path = run.at("input/train.csv");
        let train = Cells::parse(&train_path, &read(&train_path)?)?;
        // also says what is wrong with it
        encode(&train_path, &train, &case.columns)?;
        let other = run.at("input/apply.csv");
        let other = if other.is_file() {
            let cells = Cells::parse(&other, &read(&other)?)?;
            Some(encode(&other, &cells, &case.columns)?)
        } else {
            None
        };
        let recipe = recipe(case);
        let names = OutputNames::of(&recipe, case.levels.iter().cloned());
        Ok(Self {
            train,
            train_path,
            other,
            recipe,
            names,
        })
    }

    fn made(
        &self,
        run: &Run<'_>,
        case: &MethodFile,
        train: &Cells,
    ) -> Result<(Fitted, Made), CallError> {
        // it was encoded once in `read`
        let stream = encode(&self.train_path, train, &case.columns).map_err(|_| CallError::Host)?;
        let table = |stream: Vec<u8>| {
            vec![TableData {
                name: ROWS.to_owned(),
                stream,
            }]
        };
        let rows = table(stream);
        let (fitted, _) = fit(run.plugin, &rows, &self.recipe, case.seed, &self.names)?;
        let mut made = Vec::new();
        let mut keep = |name: &str, tables: &[TableData]| {
            let rows = tables.iter().find(|table| table.name == ROWS);
            let streams: Vec<Vec<u8>> = rows.map(|rows| rows.stream.clone()).into_iter().collect();
            let cells = decode(&streams).map_err(|_| CallError::Host)?;
            made.push((name.to_owned(), cells));
            Ok(())
        };
        if fitted.train.is_empty() {
            keep(
                "train.csv",
                &apply(run.plugin, &fitted.state, &rows, &self.names)?.0,
            )?;
        } else {
            keep("train.csv", &fitted.train)?;
        }
        if let Some(other) = &self.other {
            let rows = table(other.clone());
            keep(
                "apply.csv",
                &apply(run.plugin, &fitted.state, &rows, &self.names)?.0,
            )?;
        }
        Ok((fitted, made))
    }
}

/// The case's work, to be timed.
pub(crate) fn timed(run: &Run<'_>, case: &MethodFile) -> Result<Timed, AuthorError> {
    let input = Input::read(run, case)?;
    let stream = encode(&input.train_path, &input.train, &case.columns)?;
    Ok(Timed::Method {
        rows: vec![TableData {
            name: ROWS.to_owned(),
            stream,
        }],
        recipe: input.recipe,
        names: input.names,
        seed: case.seed,
    })
}

fn recipe(case: &MethodFile) -> Recipe {
    let columns = case.recipe.columns.iter().map(|used| ColumnUse {
        column: used.column.clone(),
        steps: used
            .steps
            .iter()
            .map(|step| Step {
                name: step.name.clone(),
                params: params(&step.params),
            })
            .collect(),
    });
    Recipe {
        columns: columns.collect(),
        outcome: case.recipe.outcome.clone(),
        inner_fold: case.recipe.inner_fold.clone(),
        params: params(&case.recipe.params),
    }
}

/// What is wrong with an error, if anything is.
fn faulted(error: &CallError, wanted: Option<&FaultEntry>, case: &MethodFile) -> Option<String> {
    let name = |index: u32| {
        let used = case.recipe.columns.get(index as usize)?;
        Some(used.column.as_str())
    };
    let column = match error {
        CallError::Fault(fault) => fault.column.and_then(name),
        _ => None,
    };
    let shown = column.map_or_else(String::new, |column| format!("; the column is `{column}`"));
    let code = error.code();
    let bare = code.strip_prefix("fault-").unwrap_or(code);
    match wanted {
        None => Some(format!("{error} [{code}]{shown}")),
        Some(wanted) if wanted.code != bare && wanted.code != code => Some(format!(
            "expected the fault `{}`, found `{bare}` ({error}{shown})",
            wanted.code
        )),
        Some(wanted) if wanted.column.is_some() && wanted.column.as_deref() != column => {
            Some(format!(
                "the fault's column: expected {}, found {}",
                wanted.column.as_deref().unwrap_or_default(),
                column.unwrap_or("none")
            ))
        }
        Some(_) => None,
    }
}

/// The rows in another order, and which row each of them was.
fn shuffled(cells: &Cells) -> (Cells, Vec<usize>) {
    let mut order: Vec<usize> = (0..cells.rows.len()).collect();
    // Fisher and Yates, drawn from a linear congruential generator: the same order every time
    let mut state = 0x9e37_79b9_7f4a_7c15_u64;
    for at in (1..order.len()).rev() {
        state = state
            .wrapping_mul(6_364_136_223_846_793_005)
            .wrapping_add(1_442_695_040_888_963_407);
        let below = usize::try_from(state >> 33).unwrap_or(0);
        order.swap(at, below % (at + 1));
    }
    let rows = order.iter().map(|&row| cells.rows[row].clone()).collect();
    let header = cells.header.clone();
    (Cells { header, rows }, order)
}

fn unshuffled(cells: &Cells, order: &[usize]) -> Cells {
    let mut back = cells.clone();
    for (row, &was) in cells.rows.iter().zip(order) {
        if let Some(place) = back.rows.get_mut(was) {
            place.clone_from(row);
        }
    }
    back
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn shuffled_rows_are_put_back_where_they_were() {
        let cells = Cells {
            header: vec!["a".into()],
            rows: (0..20).map(|n| vec![Some(n.to_string())]).collect(),
        };
        let (mixed, order) = shuffled(&cells);
        assert_ne!(mixed, cells);
        assert_eq!(unshuffled(&mixed, &order), cells);
    }
}
