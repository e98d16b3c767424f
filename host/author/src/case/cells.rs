//! Arrow to text and back, for golden tables.

use std::collections::BTreeMap;
use std::io::Cursor;
use std::path::Path;
use std::sync::Arc;

use arrow_array::cast::AsArray;
use arrow_array::types::{
    Date32Type, Float32Type, Float64Type, Int64Type, TimestampMicrosecondType,
};
use arrow_array::{
    Array, ArrayRef, BooleanArray, Float64Array, Int64Array, RecordBatch, StringArray,
};
use arrow_ipc::reader::StreamReader;
use arrow_ipc::writer::StreamWriter;
use arrow_schema::{DataType, Field, Schema, TimeUnit};

use super::dictionary::Kind;
use super::table::Cells;
use crate::AuthorError;

/// The rows of streams, one after the other, as text. The streams have passed the sandbox.
pub(crate) fn decode<S: AsRef<[u8]>>(streams: &[S]) -> Result<Cells, AuthorError> {
    let broken = |error: arrow_schema::ArrowError| {
        AuthorError::Component(format!(
            "a stream that the host let pass cannot be read: {error}"
        ))
    };
    let mut cells = Cells::default();
    for stream in streams {
        let reader = StreamReader::try_new(Cursor::new(stream.as_ref()), None).map_err(broken)?;
        if cells.header.is_empty() {
            let schema = reader.schema();
            cells.header = schema
                .fields()
                .iter()
                .map(|field| field.name().clone())
                .collect();
        }
        for batch in reader {
            let batch = batch.map_err(broken)?;
            for row in 0..batch.num_rows() {
                let cell = |array: &ArrayRef| array.is_valid(row).then(|| text(array, row));
                cells.rows.push(batch.columns().iter().map(cell).collect());
            }
        }
    }
    Ok(cells)
}

fn text(array: &ArrayRef, row: usize) -> String {
    match array.data_type() {
        DataType::Boolean => array.as_boolean().value(row).to_string(),
        DataType::Int64 => array.as_primitive::<Int64Type>().value(row).to_string(),
        DataType::Float64 => array.as_primitive::<Float64Type>().value(row).to_string(),
        DataType::Float32 => array.as_primitive::<Float32Type>().value(row).to_string(),
        DataType::Utf8 => array.as_string::<i32>().value(row).to_owned(),
        DataType::Date32 => date(i64::from(array.as_primitive::<Date32Type>().value(row))),
        DataType::Timestamp(TimeUnit::Microsecond, None) => {
            instant(array.as_primitive::<TimestampMicrosecondType>().value(row))
        }
        // the sandbox lets no other type pass
        other => format!("({other})"),
    }
}

/// `YYYY-MM-DD` of days since 1970-01-01 (Hinnant, "chrono-compatible low-level date algorithms",
/// `civil_from_days`).
fn date(days: i64) -> String {
    let days = days + 719_468;
    let era = days.div_euclid(146_097);
    let of_era = days.rem_euclid(146_097);
    let year_of_era = (of_era - of_era / 1460 + of_era / 36_524 - of_era / 146_096) / 365;
    let of_year = of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
    let shifted = (5 * of_year + 2) / 153;
    let day = of_year - (153 * shifted + 2) / 5 + 1;
    let month = if shifted < 10 {
        shifted + 3
    } else {
        shifted - 9
    };
    let year = year_of_era + era * 400 + i64::from(month <= 2);
    format!("{year:04}-{month:02}-{day:02}")
}

fn instant(micros: i64) -> String {
    let of_day = micros.rem_euclid(86_400_000_000);
    let (seconds, rest) = (of_day / 1_000_000, of_day % 1_000_000);
    let clock = format!(
        "{}T{:02}:{:02}:{:02}",
        date(micros.div_euclid(86_400_000_000)),
        seconds / 3600,
        seconds / 60 % 60,
        seconds % 60
    );
    if rest == 0 {
        clock
    } else {
        format!("{clock}.{rest:06}")
    }
}

/// A golden file as the stream that a method is given, in the columns' order in the file.
pub(crate) fn encode(
    path: &Path,
    cells: &Cells,
    kinds: &BTreeMap<String, Kind>,
) -> Result<Vec<u8>, AuthorError> {
    let mut fields = Vec::new();
    let mut arrays: Vec<ArrayRef> = Vec::new();
    for (at, name) in cells.header.iter().enumerate() {
        let kind = *kinds.get(name).ok_or_else(|| {
            AuthorError::file(
                path,
                format!("column `{name}` is not in [columns] of case.toml"),
            )
        })?;
        let array = column(path, cells, at, kind)?;
        fields.push(Field::new(name, array.data_type().clone(), true));
        arrays.push(array);
    }
    let schema = Arc::new(Schema::new(fields));
    let broken = |error| AuthorError::file(path, format!("cannot be a table: {error}"));
    let batch = RecordBatch::try_new(Arc::clone(&schema), arrays).map_err(broken)?;
    let mut writer = StreamWriter::try_new(Vec::new(), &schema).map_err(broken)?;
    writer.write(&batch).map_err(broken)?;
    writer.into_inner().map_err(broken)
}

fn column(path: &Path, cells: &Cells, at: usize, kind: Kind) -> Result<ArrayRef, AuthorError> {
    fn read<'c, T>(
        path: &'c Path,
        cells: &'c Cells,
        at: usize,
        what: &'static str,
        parse: impl Fn(&str) -> Option<T> + 'c,
    ) -> impl Iterator<Item = Result<Option<T>, AuthorError>> + 'c {
        cells.rows.iter().enumerate().map(move |(row, record)| {
            let Some(text) = &record[at] else {
                return Ok(None);
            };
            parse(text).map(Some).ok_or_else(|| {
                let name = &cells.header[at];
                AuthorError::file(
                    path,
                    format!("row {}, column `{name}`: `{text}` is not {what}", row + 1),
                )
            })
        })
    }
    Ok(match kind {
        Kind::Integer => {
            let values = read(path, cells, at, "a whole number", |text| text.parse().ok());
            Arc::new(values.collect::<Result<Int64Array, _>>()?)
        }
        Kind::Number => {
            let values = read(path, cells, at, "a number", |text| text.parse().ok());
            Arc::new(values.collect::<Result<Float64Array, _>>()?)
        }
        Kind::Boolean => {
            let values = read(path, cells, at, "true or false", |text| text.parse().ok());
            Arc::new(values.collect::<Result<BooleanArray, _>>()?)
        }
        Kind::Category | Kind::Ordinal | Kind::Text | Kind::Identifier => Arc::new(
            cells
                .rows
                .iter()
                .map(|row| row[at].as_deref())
                .collect::<StringArray>(),
        ),
        Kind::Date | Kind::Datetime => {
            return Err(AuthorError::file(
                path,
                format!(
                    "column `{}`: a method is never given dates; use integer, number, boolean, category, ordinal or text",
                    cells.header[at]
                ),
            ));
        }
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn days_and_microseconds_are_shown_as_the_calendar_has_them() {
        assert_eq!(date(0), "1970-01-01");
        assert_eq!(date(11_016), "2000-02-29");
        assert_eq!(date(-719_162), "0001-01-01");
        assert_eq!(instant(43_200_000_000), "1970-01-01T12:00:00");
        assert_eq!(instant(-1), "1969-12-31T23:59:59.999999");
    }

    #[test]
    fn a_table_for_a_method_is_the_table_that_it_gets() {
        let path = Path::new("t.csv");
        let cells = Cells::parse(path, "i,x,b,t\n1,0.5,true,a\n,,,\n").unwrap();
        let kinds = [
            ("i", Kind::Integer),
            ("x", Kind::Number),
            ("b", Kind::Boolean),
            ("t", Kind::Category),
        ];
        let kinds = kinds.map(|(name, kind)| (name.to_owned(), kind)).into();
        let stream = encode(path, &cells, &kinds).unwrap();
        assert_eq!(decode(&[stream]).unwrap(), cells);
        let wrong = Cells::parse(path, "i\n1.5\n").unwrap();
        let error = encode(path, &wrong, &kinds).unwrap_err().to_string();
        assert_eq!(
            error,
            "t.csv: row 1, column `i`: `1.5` is not a whole number"
        );
    }
}
