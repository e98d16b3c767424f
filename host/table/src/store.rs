//! Tables at rest: one parquet file each, whole or not there at all.

use std::fs::{self, File};
use std::io::{self, Write};
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::{Path, PathBuf};

use arrow_array::RecordBatch;
use autods_spec::Column;
use parquet::arrow::ArrowWriter;
use parquet::arrow::arrow_reader::{ArrowReaderOptions, ParquetRecordBatchReaderBuilder};
use parquet::basic::Compression;
use parquet::file::metadata::KeyValue;
use parquet::file::properties::{EnabledStatistics, WriterProperties};
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

use crate::digest::hex;
use crate::error::TableError;
use crate::select::joined;
use crate::storage::schema;
use crate::table::{Table, check_names};

/// The metadata key under which the notes lie.
const NOTES: &str = "autods.table";

/// A file that was written.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Written {
    /// SHA-256 of its bytes, hexadecimal.
    pub sha256: String,
    /// Its bytes.
    pub bytes: u64,
}

/// What a parquet file does not say by itself.
#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Notes {
    version: u32,
    name: String,
    columns: Vec<Column>,
    digest: String,
}

impl Table {
    /// Write the table to a parquet file, mode 0600, with its notes and its digest. The file
    /// appears whole, or not at all. It holds no column statistics: those are values of rows.
    ///
    /// # Errors
    /// [`TableError::Io`]; nothing is left behind, and a file that stood there still stands.
    pub fn write_parquet(&self, path: &Path) -> Result<Written, TableError> {
        let partial = partial(path);
        remove_stale(&partial).map_err(TableError::io("replace", &partial))?;
        let written = self.write_partial(&partial, path).and_then(|written| {
            fs::rename(&partial, path).map_err(TableError::io("put into place", path))?;
            sync_folder(path).map_err(TableError::io("sync the folder of", path))?;
            Ok(written)
        });
        if written.is_err() {
            // It may never have been made; there is nothing more to be done about it.
            let _ = fs::remove_file(&partial);
        }
        written
    }

    fn write_partial(&self, partial: &Path, path: &Path) -> Result<Written, TableError> {
        let arrow = |what| {
            move || TableError::Arrow {
                table: self.name().to_owned(),
                what,
            }
        };
        let notes = Notes {
            version: 1,
            name: self.name().to_owned(),
            columns: self.columns().to_vec(),
            digest: self.digest(),
        };
        let notes = serde_json::to_string(&notes).map_err(|_| arrow("writing the notes")())?;
        let properties = WriterProperties::builder()
            .set_created_by("autods-table".to_owned())
            .set_compression(Compression::SNAPPY)
            .set_statistics_enabled(EnabledStatistics::None)
            .set_key_value_metadata(Some(vec![KeyValue::new(NOTES.to_owned(), notes)]))
            .build();

        let mut options = File::options();
        options.write(true).create_new(true);
        #[cfg(unix)]
        std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
        let file = options
            .open(partial)
            .map_err(TableError::io("create", partial))?;
        let mut tally = Tally {
            file,
            hash: Sha256::new(),
            bytes: 0,
            failure: None,
        };
        let result = ArrowWriter::try_new(&mut tally, self.batch().schema(), Some(properties))
            .and_then(|mut writer| {
                writer.write(self.batch())?;
                writer.close().map(drop)
            });
        if let Some(source) = tally.failure.take() {
            return Err(TableError::io("write", path)(source));
        }
        result.map_err(|_| arrow("writing parquet")())?;
        tally
            .file
            .sync_all()
            .map_err(TableError::io("sync", path))?;
        Ok(Written {
            sha256: hex(&tally.hash.finalize()),
            bytes: tally.bytes,
        })
    }

    /// Read a table that [`Table::write_parquet`] wrote. Its digest is computed again and must be
    /// the one in the notes.
    ///
    /// # Errors
    /// [`TableError::Io`]; [`TableError::Damaged`] for any other file, or one that was changed.
    pub fn read_parquet(path: &Path) -> Result<Self, TableError> {
        let damaged = |what| TableError::Damaged {
            path: path.to_owned(),
            what,
        };
        let file = File::open(path).map_err(TableError::io("open", path))?;
        // A damaged file has made the parquet library panic before.
        catch_unwind(AssertUnwindSafe(|| read(file)))
            .unwrap_or(Err("its pages contradict its footer"))
            .map_err(damaged)
    }
}

fn read(file: File) -> Result<Table, &'static str> {
    const PARQUET: &str = "it cannot be read as parquet";
    let options = ArrowReaderOptions::new().with_skip_arrow_metadata(false);
    let builder = ParquetRecordBatchReaderBuilder::try_new_with_options(file, options)
        .map_err(|_| PARQUET)?;
    let notes = builder
        .metadata()
        .file_metadata()
        .key_value_metadata()
        .and_then(|pairs| pairs.iter().find(|pair| pair.key == NOTES))
        .and_then(|pair| pair.value.as_deref())
        .ok_or("it has no column notes")?;
    let notes: Notes =
        serde_json::from_str(notes).map_err(|_| "its column notes cannot be read")?;
    if notes.version != 1 {
        return Err("its column notes are of another version");
    }
    check_names(&notes.name, &notes.columns)
        .map_err(|_| "its column notes contradict themselves")?;
    let expected = schema(&notes.columns);
    let reader = builder
        .with_batch_size(1 << 16)
        .build()
        .map_err(|_| PARQUET)?;
    let mut batches = vec![RecordBatch::new_empty(expected.clone())];
    for batch in reader {
        let batch = batch.map_err(|_| PARQUET)?;
        batches.push(
            RecordBatch::try_new(expected.clone(), batch.columns().to_vec())
                .map_err(|_| "its columns are not those of its notes")?,
        );
    }
    let batch = joined(&notes.name, &batches.iter().collect::<Vec<_>>())
        .map_err(|_| "it holds too much")?;
    let table = Table::canonical(notes.name, notes.columns, batch);
    if table.digest() == notes.digest {
        Ok(table)
    } else {
        Err("its rows are not those that were written")
    }
}

/// Hashes and counts what goes into a file, and keeps the first failure, which the parquet
/// library would turn into text.
struct Tally {
    file: File,
    hash: Sha256,
    bytes: u64,
    failure: Option<io::Error>,
}

impl Write for Tally {
    fn write(&mut self, buffer: &[u8]) -> io::Result<usize> {
        match self.file.write(buffer) {
            Ok(taken) => {
                self.hash.update(&buffer[..taken]);
                self.bytes += taken as u64;
                Ok(taken)
            }
            Err(error) => {
                let kind = error.kind();
                if kind != io::ErrorKind::Interrupted {
                    self.failure.get_or_insert(error);
                }
                Err(kind.into())
            }
        }
    }

    fn flush(&mut self) -> io::Result<()> {
        self.file.flush()
    }
}

fn partial(path: &Path) -> PathBuf {
    let mut name = path.as_os_str().to_owned();
    name.push(".partial");
    PathBuf::from(name)
}

/// What a crash may have left.
fn remove_stale(partial: &Path) -> io::Result<()> {
    match fs::remove_file(partial) {
        Err(error) if error.kind() != io::ErrorKind::NotFound => Err(error),
        _ => Ok(()),
    }
}

fn sync_folder(path: &Path) -> io::Result<()> {
    let folder = match path.parent() {
        Some(folder) if !folder.as_os_str().is_empty() => folder,
        _ => Path::new("."),
    };
    #[cfg(unix)]
    File::open(folder)?.sync_all()?;
    #[cfg(not(unix))]
    let _ = folder;
    Ok(())
}
