//! How a file separates its fields.

use autods_sdk::loader::{Fault, FaultCode, Param};
use autods_sdk::params;

/// Delimiter and quote.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Dialect {
    /// What stands between two fields.
    pub delimiter: u8,
    /// What encloses a field, if anything does.
    pub quote: Option<u8>,
}

impl Dialect {
    /// Commas and double quotes.
    pub const CSV: Self = Self {
        delimiter: b',',
        quote: Some(b'"'),
    };

    /// Reads the parameters `delimiter` and `quote`.
    ///
    /// # Errors
    /// [`FaultCode::UnknownParameter`] for another parameter,
    /// [`FaultCode::ParameterOutOfRange`] for anything but single ASCII characters that differ and
    /// end no line.
    pub fn read(params: &[Param]) -> Result<Self, Fault> {
        params::only(params, &["delimiter", "quote"])?;
        let delimiter = match params::text(params, "delimiter", ",")? {
            "\\t" => b'\t',
            text => single(text)?,
        };
        let quote = match params::text(params, "quote", "\"")? {
            "" => None,
            text => Some(single(text)?),
        };
        if quote == Some(delimiter) {
            return Err(FaultCode::ParameterOutOfRange.into());
        }
        Ok(Self { delimiter, quote })
    }
}

fn single(text: &str) -> Result<u8, Fault> {
    match text.as_bytes() {
        [byte] if byte.is_ascii() && !matches!(byte, b'\r' | b'\n' | 0) => Ok(*byte),
        _ => Err(FaultCode::ParameterOutOfRange.into()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use autods_sdk::params::param_text;

    #[test]
    fn a_dialect_is_two_different_ascii_characters() {
        assert_eq!(Dialect::read(&[]).unwrap(), Dialect::CSV);
        for tab in ["\\t", "\t"] {
            let dialect = Dialect::read(&[param_text("delimiter", tab), param_text("quote", "")]);
            let expected = Dialect {
                delimiter: b'\t',
                quote: None,
            };
            assert_eq!(dialect.unwrap(), expected);
        }
        for wrong in ["", ",,", "é", "\n", "\""] {
            let fault = Dialect::read(&[param_text("delimiter", wrong)]).unwrap_err();
            assert_eq!(fault.code, FaultCode::ParameterOutOfRange, "{wrong:?}");
        }
        let fault = Dialect::read(&[param_text("comment", "#")]).unwrap_err();
        assert_eq!(fault.code, FaultCode::UnknownParameter);
    }
}
