//! Lines of meta-information: `##key=value` and `##key=<ID=…,…>`.

use crate::broken::{Broken, Field};
use crate::values::{Kind, Number};
use crate::version::Version;

fn broken<T>(rule: &'static str) -> Result<T, Broken> {
    Err(Broken::new(Field::Line, rule))
}

/// A line of meta-information that says something about the records.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Meta<'l> {
    Info(&'l str, Number, Kind),
    Format(&'l str, Number, Kind),
    /// A line that is in order, and of no consequence for the records.
    Other,
}

impl<'l> Meta<'l> {
    /// Reads what follows `##`.
    pub(crate) fn read(line: &'l str, version: Version) -> Result<Self, Broken> {
        let Some((key, value)) = line.split_once('=') else {
            return broken("meta-information is not key=value");
        };
        if key.is_empty() {
            return broken("meta-information has no key");
        }
        match key {
            "INFO" => {
                let (id, number, kind) = definition(value, version)?;
                Ok(Self::Info(id, number, kind))
            }
            "FORMAT" => {
                let (id, number, kind) = definition(value, version)?;
                if kind == Kind::Flag {
                    return broken("FORMAT declares a Flag");
                }
                Ok(Self::Format(id, number, kind))
            }
            "FILTER" => described(value).map(|_| Self::Other),
            "ALT" => {
                let id = described(value)?;
                if !version.is_strict() && !is_structural(id) {
                    return broken("ALT declares a type that is none");
                }
                Ok(Self::Other)
            }
            "contig" | "META" => {
                let fields = Fields::read(value)?;
                fields.id()?;
                Ok(Self::Other)
            }
            "SAMPLE" => {
                let fields = Fields::read(value)?;
                fields.id()?;
                // a sample that is a mixture of genomes names them
                if fields.get("Mixture").is_some() != fields.get("Genomes").is_some() {
                    return broken("SAMPLE has one of Genomes and Mixture, but not the other");
                }
                Ok(Self::Other)
            }
            "PEDIGREE" => {
                let fields = Fields::read(value)?;
                let blank = |field: &Value<'_>| !field.quoted && has_blank(field.text);
                if fields.list.iter().any(|(_, value)| blank(value)) {
                    return broken("PEDIGREE names a genome with a blank in it");
                }
                Ok(Self::Other)
            }
            "fileformat" => broken("fileformat stands twice"),
            "assembly" | "pedigreeDB" if value.is_empty() => broken("an address is empty"),
            _ => Ok(Self::Other),
        }
    }
}

/// `<ID=…,Number=…,Type=…,Description="…">`
fn definition(text: &str, version: Version) -> Result<(&str, Number, Kind), Broken> {
    let fields = Fields::read(text)?;
    let id = fields.id()?;
    fields.description()?;
    let number = fields.get("Number");
    let Some(number) = number.and_then(|value| Number::read(value.text, version)) else {
        return broken("Number is none that this version knows");
    };
    let Some(kind) = fields.get("Type").and_then(|value| Kind::read(value.text)) else {
        return broken("Type is none that this version knows");
    };
    Ok((id, number, kind))
}

/// `<ID=…,Description="…">`; gives the ID.
fn described(text: &str) -> Result<&str, Broken> {
    let fields = Fields::read(text)?;
    fields.description()?;
    fields.id()
}

/// Types of symbolic alleles that 4.1 and 4.2 know, and those that callers declared all the same:
/// the reference blocks of gVCF (`NON_REF`, `*`), copy numbers (`CN0`) and breakends.
fn is_structural(id: &str) -> bool {
    let first = id.split(':').next().unwrap_or(id);
    let copies = first.strip_prefix("CN").unwrap_or("x");
    matches!(
        first,
        "DEL" | "INS" | "DUP" | "INV" | "CNV" | "NON_REF" | "*" | "BND" | "TRA"
    ) || (!copies.is_empty() && copies.bytes().all(|byte| byte.is_ascii_digit()))
}

fn has_blank(text: &str) -> bool {
    text.contains(char::is_whitespace)
}

#[derive(Clone, Copy, Debug)]
struct Value<'l> {
    /// As it stands in the line, escapes and all.
    text: &'l str,
    quoted: bool,
}

/// The fields of a structured line, in order.
struct Fields<'l> {
    list: Vec<(&'l str, Value<'l>)>,
}

impl<'l> Fields<'l> {
    fn read(text: &'l str) -> Result<Self, Broken> {
        let Some(mut rest) = text
            .trim_ascii_end()
            .strip_prefix('<')
            .and_then(|text| text.strip_suffix('>'))
        else {
            return broken("a structured line does not stand in angle brackets");
        };
        let mut list = Vec::new();
        loop {
            let Some((key, after)) = rest.split_once('=') else {
                return broken("a field of a structured line is not key=value");
            };
            if key.is_empty() || key.contains([',', '"']) {
                return broken("a field of a structured line is not key=value");
            }
            let (text, quoted, after) = match after.strip_prefix('"') {
                Some(after) => {
                    let Some(end) = closing_quote(after) else {
                        return Err(Broken::new(Field::Line, "a quote is not closed")
                            .code(autods_sdk::loader::FaultCode::UnterminatedQuote));
                    };
                    let (text, after) = after.split_at(end);
                    (text, true, after.strip_prefix('"').unwrap_or(after))
                }
                None => {
                    let (text, after) = after.split_at(after.find(',').unwrap_or(after.len()));
                    (text, false, after)
                }
            };
            list.push((key.trim_ascii(), Value { text, quoted }));
            if after.is_empty() {
                return Ok(Self { list });
            }
            let Some(after) = after.strip_prefix(',') else {
                return broken("something follows a closing quote");
            };
            rest = after;
        }
    }

    fn get(&self, key: &str) -> Option<Value<'l>> {
        let found = self.list.iter().find(|(name, _)| *name == key);
        found.map(|(_, value)| *value)
    }

    fn id(&self) -> Result<&'l str, Broken> {
        match self.get("ID") {
            Some(value) if !value.text.is_empty() && !has_blank(value.text) => Ok(value.text),
            _ => broken("a structured line has no ID"),
        }
    }

    fn description(&self) -> Result<(), Broken> {
        match self.get("Description") {
            Some(value) if value.quoted => Ok(()),
            _ => broken("a structured line has no Description in quotes"),
        }
    }
}

/// Where the quote is that ends a text, past escaped ones.
fn closing_quote(text: &str) -> Option<usize> {
    let mut escaped = false;
    text.bytes().position(|byte| {
        let closes = byte == b'"' && !escaped;
        escaped = byte == b'\\' && !escaped;
        closes
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(line: &str) -> Result<Meta<'_>, Broken> {
        Meta::read(line, Version::V4_2)
    }

    #[test]
    fn definitions_are_read_with_quotes_and_escapes() {
        let line = r#"INFO=<ID=A,Number=R,Type=Float,Description="a, \"b\" \\",Source="x>y">"#;
        let expected = Meta::Info("A", Number::Alleles, Kind::Float);
        assert_eq!(read(line).unwrap(), expected);
        let line = r#"FORMAT=<Description="=",Type=String,Number=12,ID=B>"#;
        let expected = Meta::Format("B", Number::Exactly(12), Kind::String);
        assert_eq!(read(line).unwrap(), expected);
    }

    #[test]
    fn lines_that_are_not_as_the_specification_has_them_are_refused() {
        for line in [
            "plain",
            "=x",
            "INFO=x",
            "INFO=<>",
            "INFO=<ID=A,Number=1,Type=Integer>",
            "INFO=<ID=A,Number=1,Type=Integer,Description=bare>",
            "INFO=<ID=A,Number=1,Type=Integer,Description=\"open>",
            "INFO=<ID=A,Number=1,Type=Integer,Description=\"x\"y>",
            "INFO=<ID=A B,Number=1,Type=Integer,Description=\"\">",
            "INFO=<ID=A,Number=-1,Type=Integer,Description=\"\">",
            "INFO=<ID=A,Number=P,Type=Integer,Description=\"\">",
            "INFO=<ID=A,Number=1,Type=Int,Description=\"\">",
            "FORMAT=<ID=A,Number=0,Type=Flag,Description=\"\">",
            "FILTER=<Description=\"\">",
            "ALT=<ID=INSERTION,Description=\"\">",
            "contig=<length=1>",
            "fileformat=VCFv4.2",
        ] {
            assert!(read(line).is_err(), "{line}");
        }
        let per_allele = "FORMAT=<ID=A,Number=P,Type=Integer,Description=\"\">";
        assert!(Meta::read(per_allele, Version::V4_4).is_ok());
        for line in [
            "ALT=<ID=NON_REF,Description=\"\">",
            "ALT=<ID=CN12,Description=\"\">",
        ] {
            assert!(read(line).is_ok(), "{line}");
        }
    }
}
