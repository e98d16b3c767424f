//! The values of one column until its batch is full.
//!
//! Plain vectors instead of Arrow's builders: a value that is there costs one push, and only what
//! is missing is written down besides. Arrow takes the vectors over as they are.

use std::sync::Arc;

use arrow_array::types::{
    ArrowPrimitiveType, Date32Type, Float64Type, Int64Type, TimestampMicrosecondType,
};
use arrow_array::{ArrayRef, BooleanArray, PrimitiveArray, StringArray};
use arrow_buffer::{BooleanBuffer, Buffer, MutableBuffer, NullBuffer, OffsetBuffer, ScalarBuffer};

use super::table_writer::BATCH_ROWS;
use super::{ValueKind, cell};

/// A column.
pub(super) struct Values {
    /// Rows without a value, in order.
    missing: Vec<u32>,
    rows: u32,
    stored: Stored,
}

enum Stored {
    Boolean(Vec<bool>),
    Integer(Vec<i64>),
    Number(Vec<f64>),
    Date(Vec<i32>),
    Datetime(Vec<i64>),
    Text(Texts),
}

/// Texts, end to end, and where each one ends.
struct Texts {
    text: String,
    ends: Vec<i32>,
}

impl Values {
    pub(super) fn new(kind: ValueKind) -> Self {
        let stored = match kind {
            ValueKind::Boolean => Stored::Boolean(Vec::new()),
            ValueKind::Integer => Stored::Integer(Vec::new()),
            ValueKind::Number => Stored::Number(Vec::new()),
            ValueKind::Date => Stored::Date(Vec::new()),
            ValueKind::Datetime => Stored::Datetime(Vec::new()),
            ValueKind::Category | ValueKind::Ordinal | ValueKind::Text | ValueKind::Identifier => {
                Stored::Text(Texts::new())
            }
        };
        Self {
            missing: Vec::new(),
            rows: 0,
            stored,
        }
    }

    /// The next row's value; `None` where the text is not of the column's kind.
    pub(super) fn push(&mut self, text: &str) -> Option<()> {
        match &mut self.stored {
            Stored::Boolean(values) => values.push(cell::boolean(text)?),
            Stored::Integer(values) => values.push(cell::integer(text)?),
            Stored::Number(values) => values.push(cell::number(text)?),
            Stored::Date(values) => values.push(cell::date(text)?),
            Stored::Datetime(values) => values.push(cell::datetime(text)?),
            Stored::Text(texts) => texts.push(text)?,
        }
        self.rows += 1;
        Some(())
    }

    /// No value in the next row.
    pub(super) fn push_null(&mut self) {
        match &mut self.stored {
            Stored::Boolean(values) => values.push(false),
            Stored::Integer(values) | Stored::Datetime(values) => values.push(0),
            Stored::Number(values) => values.push(0.0),
            Stored::Date(values) => values.push(0),
            Stored::Text(texts) => texts.push_nothing(),
        }
        self.missing.push(self.rows);
        self.rows += 1;
    }

    /// The rows so far as an array; the next row is the first of the next array.
    pub(super) fn finish(&mut self) -> ArrayRef {
        let nulls = self.nulls();
        self.missing.clear();
        self.rows = 0;
        match &mut self.stored {
            Stored::Boolean(values) => {
                let bits = BooleanBuffer::from(values.as_slice());
                values.clear();
                Arc::new(BooleanArray::new(bits, nulls))
            }
            Stored::Integer(values) => primitive::<Int64Type>(values, nulls),
            Stored::Number(values) => primitive::<Float64Type>(values, nulls),
            Stored::Date(values) => primitive::<Date32Type>(values, nulls),
            Stored::Datetime(values) => primitive::<TimestampMicrosecondType>(values, nulls),
            Stored::Text(texts) => Arc::new(texts.finish(nulls)),
        }
    }

    fn nulls(&self) -> Option<NullBuffer> {
        if self.missing.is_empty() {
            return None;
        }
        let rows = self.rows as usize;
        let mut bits = vec![0xff_u8; rows.div_ceil(8)];
        for row in &self.missing {
            if let Some(byte) = bits.get_mut(*row as usize / 8) {
                *byte &= !(1 << (row % 8));
            }
        }
        // bits past the last row are zero, as Arrow's own builders leave them
        if let (Some(last), used @ 1..) = (bits.last_mut(), rows % 8) {
            *last &= (1 << used) - 1;
        }
        let bits = BooleanBuffer::new(MutableBuffer::from(bits).into(), 0, rows);
        Some(NullBuffer::new(bits))
    }
}

fn primitive<T: ArrowPrimitiveType>(
    values: &mut Vec<T::Native>,
    nulls: Option<NullBuffer>,
) -> ArrayRef {
    let values = std::mem::replace(values, Vec::with_capacity(BATCH_ROWS));
    Arc::new(PrimitiveArray::<T>::new(ScalarBuffer::from(values), nulls))
}

impl Texts {
    fn new() -> Self {
        Self {
            text: String::new(),
            ends: vec![0],
        }
    }

    /// `None` where the texts together pass what 32 bits count.
    fn push(&mut self, text: &str) -> Option<()> {
        append(&mut self.text, text);
        self.ends.push(i32::try_from(self.text.len()).ok()?);
        Some(())
    }

    fn push_nothing(&mut self) {
        let end = self.ends.last().copied().unwrap_or_default();
        self.ends.push(end);
    }

    fn finish(&mut self, nulls: Option<NullBuffer>) -> StringArray {
        let bytes = self.text.len();
        let text = std::mem::replace(&mut self.text, String::with_capacity(bytes));
        let next = Vec::with_capacity(1 + BATCH_ROWS);
        let ends = OffsetBuffer::new(ScalarBuffer::from(std::mem::replace(&mut self.ends, next)));
        self.ends.push(0);
        let text = Buffer::from_vec(text.into_bytes());
        // SAFETY: the bytes were a `String`, every end is its length after a whole `str` was
        // appended, and ends never fall; there are as many of them as rows, and one.
        unsafe { StringArray::new_unchecked(ends, text, nulls) }
    }
}

/// Appends a text. Texts of cells are short, and a copy whose length the compiler does not know is
/// a call, in WebAssembly one out of the guest: up to 16 bytes go as two overlapping words.
fn append(all: &mut String, text: &str) {
    let bytes = text.as_bytes();
    let length = bytes.len();
    // SAFETY: what is appended below is `text`, whole, in every branch.
    let all = unsafe { all.as_mut_vec() };
    let start = all.len();
    if let (Some(head), Some(tail), ..=16) =
        (bytes.first_chunk::<8>(), bytes.last_chunk::<8>(), length)
    {
        all.extend_from_slice(head);
        all.truncate(start + (length - 8));
        all.extend_from_slice(tail);
    } else if let (Some(head), Some(tail), ..8) =
        (bytes.first_chunk::<4>(), bytes.last_chunk::<4>(), length)
    {
        all.extend_from_slice(head);
        all.truncate(start + (length - 4));
        all.extend_from_slice(tail);
    } else if let (Some(first), Some(middle), Some(last), ..4) =
        (bytes.first(), bytes.get(length / 2), bytes.last(), length)
    {
        all.extend_from_slice(&[*first, *middle, *last]);
        all.truncate(start + length);
    } else {
        all.extend_from_slice(bytes);
    }
}

#[cfg(test)]
mod tests {
    use arrow_array::Array;
    use arrow_array::cast::AsArray;

    use super::*;

    #[test]
    fn a_text_of_any_length_is_appended_whole() {
        let text = "aé€zyxwvutsrqponmlkjihgfedcba0123456789";
        let mut all = String::new();
        let mut expected = String::new();
        for length in 0..=text.len() {
            if let Some(text) = text.get(..length) {
                append(&mut all, text);
                expected.push_str(text);
            }
        }
        assert_eq!(all, expected);
    }

    #[test]
    fn batches_follow_each_other_with_their_gaps() {
        let mut values = Values::new(ValueKind::Category);
        for batch in 0..3 {
            for row in 0..19 {
                if row % 5 == batch {
                    values.push_null();
                } else {
                    values.push(&format!("b{batch}r{row}")).unwrap();
                }
            }
            let array = values.finish();
            array.to_data().validate_full().unwrap();
            let texts: Vec<Option<&str>> = array.as_string::<i32>().iter().collect();
            assert_eq!(texts.len(), 19);
            for (row, text) in texts.into_iter().enumerate() {
                let expected = (row % 5 != batch).then(|| format!("b{batch}r{row}"));
                assert_eq!(text.map(str::to_owned), expected);
            }
        }
        let mut flags = Values::new(ValueKind::Boolean);
        flags.push("yes").unwrap();
        flags.push_null();
        assert!(flags.push("perhaps").is_none());
        let flags = flags.finish();
        assert_eq!(
            flags.as_boolean().iter().collect::<Vec<_>>(),
            [Some(true), None]
        );
    }
}
