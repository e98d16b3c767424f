//! Writes the report of the toy run into a folder: `cargo run -p autods-report --example toy-report -- out`.
#![allow(missing_docs)]

#[path = "../tests/toy/mod.rs"]
mod toy;

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let folder = std::env::args().nth(1).ok_or("give a folder")?;
    let real = std::env::args()
        .nth(2)
        .is_some_and(|word| word == "as-real");
    autods_report::write(&toy::whole_run(!real), &toy::timing(), folder.as_ref())?;
    Ok(())
}
