//! Reading one shard.

use autods_sdk::loader::{Fault, FaultCode, LoaderHost, Shard, SourceReader, Summary, TableSpec};

use crate::census::Census;
use crate::form::{self, Form};
use crate::json::Json;
use crate::lines::Lines;
use crate::options::Options;
use crate::reference::{BundleIndex, Scope, entry_id};
use crate::table::{RowWriter, Table};
use crate::validation::{self, Findings};
use crate::{encounter, event, patient};

/// Reads a shard and emits its rows.
pub(crate) fn load(
    spec: &TableSpec,
    options: Options,
    shard: &Shard,
    host: &dyn LoaderHost,
) -> Result<Summary, Fault> {
    let sources = host.describe();
    let info = sources
        .get(shard.source as usize)
        .ok_or(FaultCode::MissingInput)?;
    let mut resources = Resources {
        options,
        writer: RowWriter::new(host, options.table, spec)?,
        census: Census::default(),
        findings: 0,
    };
    let in_source = |fault: Fault| fault.in_source(shard.source);
    let reader = SourceReader::new(host, shard.source, shard.start, shard.end);
    let is_whole = shard.end == info.size && shard.first_line == 1;
    if is_whole && form::form(host, shard.source, shard.start, info.size)? == Form::Document {
        let document = whole(reader)?;
        resources
            .read(&document, shard.first_line)
            .map_err(in_source)?;
    } else {
        let mut lines = Lines::new(reader, shard.source, shard.first_line);
        while let Some(line) = lines.next()? {
            if !line.is_blank() {
                resources.read(line.bytes, line.number).map_err(in_source)?;
            }
        }
    }
    resources.finish(host).map_err(in_source)
}

/// All bytes of a range.
fn whole(mut reader: SourceReader<'_>) -> Result<Vec<u8>, Fault> {
    let mut bytes = Vec::new();
    while let Some(chunk) = reader.next_chunk()? {
        bytes.extend_from_slice(&chunk);
    }
    Ok(bytes)
}

/// Resources on their way into rows.
struct Resources<'j> {
    options: Options,
    writer: RowWriter<'j>,
    census: Census,
    findings: u64,
}

impl Resources<'_> {
    /// Reads a text that holds one resource or one Bundle and begins at that line.
    fn read(&mut self, bytes: &[u8], line: u64) -> Result<(), Fault> {
        let line_of = |offset: usize| {
            let before = bytes.get(..offset).unwrap_or_default();
            line + memchr::memchr_iter(b'\n', before).count() as u64
        };
        let text = std::str::from_utf8(bytes).map_err(|error| {
            Fault::from(FaultCode::InvalidUtf8).at_line(line_of(error.valid_up_to()))
        })?;
        let json = Json::parse(text).map_err(|error| {
            // after a line's end nothing more is expected of it
            let within = (error.line() as u64).saturating_sub(1);
            let ends = memchr::memchr_iter(b'\n', text.trim_end().as_bytes()).count() as u64;
            Fault::from(FaultCode::Malformed).at_line(line + within.min(ends))
        })?;
        let mut findings = Findings::counting();
        validation::check(&json, text, validation::Options::default(), &mut findings);
        if self.options.strict && findings.count() > 0 {
            let at = findings.first().map_or(line, line_of);
            return Err(Fault::from(FaultCode::Malformed).at_line(at));
        }
        self.findings += findings.count();
        if json.text("resourceType") != Some("Bundle") {
            return self
                .resource(&Scope {
                    bundle: None,
                    resource: &json,
                    id: json.text("id"),
                })
                .map_err(|fault| fault.at_line(line));
        }
        let index = BundleIndex::new(&json);
        for entry in json.list("entry") {
            let Some(resource) = entry.get("resource") else {
                continue;
            };
            let scope = Scope {
                bundle: Some(&index),
                resource,
                id: entry_id(entry, resource),
            };
            let at = || resource.offset_in(text).map_or(line, line_of);
            self.resource(&scope).map_err(|fault| fault.at_line(at()))?;
        }
        Ok(())
    }

    /// Counts a resource and writes its rows.
    fn resource(&mut self, scope: &Scope<'_>) -> Result<(), Fault> {
        let kind = scope.resource.text("resourceType").unwrap_or_default();
        self.census.resources += 1;
        self.census.unknown_resources += u64::from(!validation::is_resource_type(kind));
        self.census.count(scope.resource, scope.bundle);
        match (self.options.table, kind) {
            (Table::Patient, "Patient") => self.writer.write(&patient::row(scope)),
            (Table::Encounter, "Encounter") => self.writer.write(&encounter::row(scope)),
            (Table::Event, _) => event::statements(scope)
                .into_iter()
                .try_for_each(|statement| self.writer.write(&statement.row())),
            _ => Ok(()),
        }
    }

    /// Emits what is left and says what there was.
    fn finish(self, host: &dyn LoaderHost) -> Result<Summary, Fault> {
        let (rows, partial_dates) = self.writer.written();
        let emitted = self.writer.finish()?;
        let census = self.census;
        for (name, count) in [
            ("resources", census.resources),
            ("rows", rows),
            ("unknown-resources", census.unknown_resources),
            ("unknown-extensions", census.unknown_extensions),
            ("partial-dates", partial_dates),
            ("references", census.references),
            ("contained-references", census.contained_references),
            ("unresolved-in-bundle", census.unresolved_in_bundle),
            ("findings-error", self.findings),
        ] {
            #[allow(clippy::cast_precision_loss, reason = "counts are below 2^53")]
            host.metric(name, None, count as f64)?;
        }
        Ok(Summary {
            records: census.resources,
            emitted,
            undeclared_columns: 0,
        })
    }
}
