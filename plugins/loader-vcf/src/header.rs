//! The header of a file, up to the line of column names.

use std::collections::HashSet;

use autods_sdk::loader::{Fault, FaultCode, LoaderHost, SourceReader};

use crate::broken::{Broken, Field};
use crate::definitions::{self, Definitions};
use crate::lines::Lines;
use crate::meta::Meta;
use crate::version::Version;

/// What a header says about the records.
#[derive(Clone, Debug)]
pub(crate) struct Header {
    pub(crate) version: Version,
    pub(crate) info: Definitions,
    pub(crate) format: Definitions,
    pub(crate) samples: Vec<String>,
    /// Whether records have a column FORMAT.
    pub(crate) has_format: bool,
    /// Where the first record starts in the source.
    pub(crate) end: u64,
    /// The number of the line of column names.
    pub(crate) line: u64,
}

const COLUMNS: [&str; 8] = [
    "#CHROM", "POS", "ID", "REF", "ALT", "QUAL", "FILTER", "INFO",
];

impl Header {
    /// Reads the header of a source.
    pub(crate) fn read(host: &dyn LoaderHost, source: u32, size: u64) -> Result<Self, Fault> {
        let reader = SourceReader::new(host, source, 0, size);
        let mut lines = Lines::new(reader, source, 1);
        let mut header: Option<Self> = None;
        let mut last = 1;
        while let Some(line) = lines.next()? {
            last = line.number;
            let at = |broken: Broken| broken.at(host, source, line.number);
            let text = std::str::from_utf8(line.bytes).map_err(|_| {
                at(Broken::new(Field::Line, "not UTF-8").code(FaultCode::InvalidUtf8))
            })?;
            let Some(header) = &mut header else {
                let version = Version::read(text).ok_or_else(|| {
                    let rule = "the first line is not a fileformat of VCF 4.1 to 4.5";
                    at(Broken::new(Field::Line, rule))
                })?;
                header = Some(Self::new(version));
                continue;
            };
            if let Some(meta) = text.strip_prefix("##") {
                header.take(meta).map_err(at)?;
            } else {
                header.take_columns(text).map_err(at)?;
                header.end = line.end;
                header.line = line.number;
                header.info.reserve(definitions::INFO);
                header.format.reserve(definitions::FORMAT);
                return Ok(header.clone());
            }
        }
        if size == 0 {
            return Err(Fault::from(FaultCode::EmptyInput).in_source(source));
        }
        Err(Broken::new(Field::Line, "no line of column names").at(host, source, last))
    }

    fn new(version: Version) -> Self {
        Self {
            version,
            info: Definitions::default(),
            format: Definitions::default(),
            samples: Vec::new(),
            has_format: false,
            end: 0,
            line: 0,
        }
    }

    fn take(&mut self, meta: &str) -> Result<(), Broken> {
        let fresh = match Meta::read(meta, self.version)? {
            Meta::Info(key, number, kind) => self.info.declare(key, number, kind),
            Meta::Format(key, number, kind) => self.format.declare(key, number, kind),
            Meta::Other => true,
        };
        // earlier versions did not say so, and files were merged by tools that did not look
        if !fresh && self.version.is_strict() {
            return Err(Broken::new(Field::Line, "a key is declared twice"));
        }
        Ok(())
    }

    fn take_columns(&mut self, text: &str) -> Result<(), Broken> {
        let mut names = text.split('\t');
        for expected in COLUMNS {
            if names.next() != Some(expected) {
                return Err(Broken::new(Field::Line, "a column is not where it must be"));
            }
        }
        match names.next() {
            None => return Ok(()),
            Some("FORMAT") => self.has_format = true,
            Some(_) => return Err(Broken::new(Field::Line, "the ninth column is not FORMAT")),
        }
        let mut seen = HashSet::new();
        for name in names {
            if name.is_empty() {
                return Err(Broken::new(Field::Line, "a sample has no name"));
            }
            if !seen.insert(name) {
                let twice = Broken::new(Field::Line, "a sample stands twice");
                return Err(twice.code(FaultCode::DuplicateColumn));
            }
            self.samples.push(name.to_owned());
        }
        Ok(())
    }
}
