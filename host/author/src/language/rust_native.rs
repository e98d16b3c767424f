//! A program that does a plugin's cases natively: the same crate as a library, the same profile, and
//! the SDK's stand-in of the host around it.

use std::fmt::Write as _;
use std::fs;
use std::path::Path;
use std::process::{Command, Stdio};

use autods_sandbox::World;
use autods_sandbox::loader::{Job, Param, Scalar};
use autods_sandbox::method::Recipe;

use crate::case::Timed;
use crate::name::snake;
use crate::native::{Native, NativeCase, absolute};
use crate::{AuthorError, Project, Tell, component};

/// Times a closure: once to warm up, then the median of the repetitions.
const CLOCK: &str = "
fn median(name: &str, mut once: impl FnMut() -> std::time::Duration) {
    once();
    let mut times: Vec<_> = (0..REPEAT).map(|_| once()).collect();
    times.sort();
    println!(\"{} {}\", times[times.len() / 2].as_nanos(), name);
}
";

pub(super) fn times(
    project: &Project,
    cases: &[NativeCase],
    repeat: u32,
    tell: &dyn Tell,
) -> Result<Native, AuthorError> {
    let not = |why: &str| Ok(Native::NotMeasured(why.to_owned()));
    if project.world() == World::Agent {
        return not("not measured for agents");
    }
    let folder = project.folder();
    let Some(exported) = exported(folder, project.world())? else {
        return not("not measured: src/lib.rs exports no type by autods_sdk::export_…!");
    };
    let place = component::scratch(folder, "native")?;
    let source = place.join("src");
    fs::create_dir_all(&source).map_err(AuthorError::io(&source))?;
    let Some(manifest) = manifest(project)? else {
        return not("not measured: Cargo.toml takes autods-sdk from no folder");
    };
    let write = |path: &Path, text: &str| fs::write(path, text).map_err(AuthorError::io(path));
    write(&place.join("Cargo.toml"), &manifest)?;
    // the versions that the component is built with
    let lock = folder.join("Cargo.lock");
    let copy = place.join("Cargo.lock");
    fs::copy(&lock, &copy).map_err(AuthorError::io(&lock))?;
    let mut main = format!(
        "use plugin::{exported} as Exported;\n\nconst REPEAT: u32 = {repeat};\n{CLOCK}\nfn main() {{\n"
    );
    for case in cases {
        match &case.job {
            Timed::Loader {
                sources,
                job,
                shard_bytes,
            } => {
                if sources.iter().any(autods_sandbox::Source::inflated) {
                    continue;
                }
                main.push_str(&loader(project, case, sources, job, *shard_bytes));
            }
            Timed::Method {
                rows, recipe, seed, ..
            } => {
                for (at, table) in rows.iter().enumerate() {
                    let path = place.join(format!("{}-{at}.arrow", case.name));
                    fs::write(&path, &table.stream).map_err(AuthorError::io(&path))?;
                }
                let names = rows
                    .iter()
                    .map(|table| table.name.as_str())
                    .collect::<Vec<_>>();
                main.push_str(&method(case, &place, &names, recipe, *seed));
            }
            Timed::Agent(_) => {}
        }
    }
    main.push_str("}\n");
    write(&source.join("main.rs"), &main)?;
    tell.tell("building the same natively");
    let output = Command::new("cargo")
        .args(["run", "--release", "--quiet"])
        .current_dir(&place)
        .stderr(Stdio::inherit())
        .output()
        .map_err(|error| super::rust::missing("cargo", &error))?;
    if !output.status.success() {
        return not("not measured: the program in build/native failed, see above");
    }
    let said = String::from_utf8_lossy(&output.stdout).into_owned();
    let measured = said.lines().filter_map(|line| {
        let (nanos, name) = line.split_once(' ')?;
        Some((name.to_owned(), nanos.parse::<f64>().ok()? / 1e6))
    });
    Ok(Native::Measured(measured.collect()))
}

/// The type that `autods_sdk::export_<world>!` is given in `src/lib.rs`.
fn exported(folder: &Path, world: World) -> Result<Option<String>, AuthorError> {
    let path = folder.join("src/lib.rs");
    let text = fs::read_to_string(&path).map_err(AuthorError::io(&path))?;
    let call = format!("export_{}!(", world.name());
    let name = text.lines().find_map(|line| {
        let line = line.trim();
        if line.starts_with("//") {
            return None;
        }
        Some(
            line.split_once(&call)?
                .1
                .split_once(')')?
                .0
                .trim()
                .to_owned(),
        )
    });
    Ok(name)
}

/// The program's manifest: the plugin, its SDK, its profile.
fn manifest(project: &Project) -> Result<Option<String>, AuthorError> {
    let path = project.folder().join("Cargo.toml");
    let text = fs::read_to_string(&path).map_err(AuthorError::io(&path))?;
    let own: toml::Table = text
        .parse()
        .map_err(|error| AuthorError::file(&path, format!("is no TOML: {error}")))?;
    let sdk = own
        .get("dependencies")
        .and_then(|all| all.get("autods-sdk")?.get("path")?.as_str());
    let Some(sdk) = sdk else { return Ok(None) };
    let sdk = absolute(&project.folder().join(sdk))?;
    let plugin = absolute(project.folder())?;
    let mut text = format!(
        "[package]\nname = \"{}-native\"\nversion = \"0.0.0\"\nedition = \"2024\"\npublish = false\n\n[workspace]\n\n[dependencies]\nplugin = {{ package = {:?}, path = {:?} }}\nautods-sdk = {{ path = {:?}, features = [{:?}] }}\n",
        snake(project.id()),
        project.id(),
        plugin.display().to_string(),
        sdk.display().to_string(),
        project.world().name(),
    );
    if let Some(profile) = own
        .get("profile")
        .and_then(|all| all.get("release")?.as_table())
    {
        let mut section = toml::Table::new();
        section.insert("release".into(), profile.clone().into());
        let mut whole = toml::Table::new();
        whole.insert("profile".into(), section.into());
        let _ = write!(text, "\n{whole}");
    }
    Ok(Some(text))
}

fn loader(
    project: &Project,
    case: &NativeCase,
    sources: &autods_sandbox::Sources,
    job: &Job,
    shard_bytes: u64,
) -> String {
    let mut host = "autods_sdk::testkit::MemoryHost::new(&job)".to_owned();
    let mut files = String::new();
    for (at, source) in sources.iter().enumerate() {
        let path = case.input.join(source.name()).display().to_string();
        let _ = writeln!(
            files,
            "        let file{at} = std::fs::read({path:?}).unwrap();"
        );
        let _ = write!(host, ".source({:?}, file{at}.clone())", source.name());
    }
    for metric in &project.manifest().emits.metrics {
        let _ = write!(host, ".declare_metric({metric:?})");
    }
    format!(
        "    {{
        use autods_sdk::loader::*;
        let job = {};
{files}        median({:?}, || {{
            let host = {host};
            let began = std::time::Instant::now();
            autods_sdk::testkit::load_all::<Exported>(&job, {shard_bytes}, &host).unwrap();
            began.elapsed()
        }});
    }}
",
        job_literal(job),
        case.name,
    )
}

fn method(case: &NativeCase, place: &Path, names: &[&str], recipe: &Recipe, seed: u64) -> String {
    let mut tables = String::new();
    for (at, name) in names.iter().enumerate() {
        let path = place.join(format!("{}-{at}.arrow", case.name));
        let path = path.display().to_string();
        let _ = write!(
            tables,
            "TableData {{ name: {name:?}.into(), stream: std::fs::read({path:?}).unwrap() }}, "
        );
    }
    format!(
        "    {{
        use autods_sdk::method::*;
        use autods_sdk::method::bindings::exports::autods::plugin::fitting::TableData;
        let recipe = {};
        let rows = vec![{tables}];
        median({:?}, || {{
            let (one, two) = (rows.clone(), rows.clone());
            let began = std::time::Instant::now();
            let fitted = Exported::fit(&from_border(one).unwrap(), &recipe, {seed}).unwrap();
            to_border(fitted.train).unwrap();
            let made = Exported::apply(&fitted.state, &from_border(two).unwrap()).unwrap();
            to_border(made).unwrap();
            began.elapsed()
        }});
    }}
",
        recipe_literal(recipe),
        case.name,
    )
}

fn list<T>(items: &[T], literal: impl Fn(&T) -> String) -> String {
    let items: Vec<String> = items.iter().map(literal).collect();
    format!("vec![{}]", items.join(", "))
}

fn text(of: &str) -> String {
    format!("{of:?}.to_owned()")
}

fn maybe(of: Option<&str>) -> String {
    of.map_or_else(|| "None".into(), |of| format!("Some({})", text(of)))
}

fn params_literal(params: &[Param]) -> String {
    list(params, |param| {
        let value = match &param.value {
            Scalar::Missing => "Missing".to_owned(),
            Scalar::Flag(value) => format!("Flag({value})"),
            Scalar::Integer(value) => format!("Integer({value})"),
            Scalar::Number(value) => format!("Number(f64::from_bits({}))", value.to_bits()),
            Scalar::Text(value) => format!("Text({})", text(value)),
        };
        format!(
            "autods_sdk::Param {{ name: {}, value: autods_sdk::Scalar::{value} }}",
            text(&param.name)
        )
    })
}

fn job_literal(job: &Job) -> String {
    let tables = list(&job.tables, |table| {
        let columns = list(&table.columns, |column| {
            let kind = format!("{:?}", column.kind);
            let kind = kind.rsplit("::").next().unwrap_or_default().to_owned();
            let codings = list(&column.codings, |coding| {
                let (code, label) = (text(&coding.code), text(&coding.label));
                format!("Coding {{ code: {code}, label: {label} }}")
            });
            format!(
                "ColumnSpec {{ name: {}, kind: ValueKind::{kind}, unit: {}, codings: {codings}, missing: {} }}",
                text(&column.name),
                maybe(column.unit.as_deref()),
                list(&column.missing, |of| text(of)),
            )
        });
        format!(
            "TableSpec {{ name: {}, columns: {columns}, missing: {} }}",
            text(&table.name),
            list(&table.missing, |of| text(of)),
        )
    });
    format!(
        "Job {{ tables: {tables}, params: {} }}",
        params_literal(&job.params)
    )
}

fn recipe_literal(recipe: &Recipe) -> String {
    let columns = list(&recipe.columns, |used| {
        let steps = list(&used.steps, |step| {
            let params = params_literal(&step.params);
            format!("Step {{ name: {}, params: {params} }}", text(&step.name))
        });
        format!(
            "ColumnUse {{ column: {}, steps: {steps} }}",
            text(&used.column)
        )
    });
    format!(
        "Recipe {{ columns: {columns}, outcome: {}, inner_fold: {}, params: {} }}",
        maybe(recipe.outcome.as_deref()),
        maybe(recipe.inner_fold.as_deref()),
        params_literal(&recipe.params),
    )
}
