//! Calls of a method as the host makes them: everything crosses the border as bytes.

use crate::method::{Fault, FaultCode, Fitted, Method, Recipe, Table, from_border, to_border};

/// [`Method::fit`] with tables that crossed the border on their way in and out.
///
/// # Errors
/// What the method says; [`FaultCode::Internal`] where it gave two tables of one name.
pub fn fit<M: Method>(tables: Vec<Table>, recipe: &Recipe, seed: u64) -> Result<Fitted, Fault> {
    let tables = from_border(to_border(tables)?)?;
    let fitted = M::fit(&tables, recipe, seed)?;
    Ok(Fitted {
        state: fitted.state,
        train: received(fitted.train)?,
    })
}

/// [`Method::apply`] with tables that crossed the border on their way in and out.
///
/// # Errors
/// What the method says; [`FaultCode::Internal`] where it gave two tables of one name.
pub fn apply<M: Method>(state: &[u8], tables: Vec<Table>) -> Result<Vec<Table>, Fault> {
    let tables = from_border(to_border(tables)?)?;
    received(M::apply(state, &tables)?)
}

fn received(tables: Vec<Table>) -> Result<Vec<Table>, Fault> {
    let tables = from_border(to_border(tables)?)?;
    for (at, table) in tables.iter().enumerate() {
        if tables[..at].iter().any(|other| other.name == table.name) {
            return Err(FaultCode::Internal.into());
        }
    }
    Ok(tables)
}
