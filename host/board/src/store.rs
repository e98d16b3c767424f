//! The log as an SQLite file.

mod claims;
mod error;
mod hash;
mod lock;

pub use error::BoardError;

use crate::canonical::canonical;
use crate::event::{Body, Event};
use crate::state::State;
use crate::vocabulary::{EventId, Stage};
use hash::Hash;
use lock::WriterLock;
use rusqlite::{Connection, OpenFlags, params};
use std::path::{Path, PathBuf};

/// Tables and the triggers that keep events as they were written.
const SCHEMA: &str = "
CREATE TABLE events (
    id     INTEGER PRIMARY KEY,
    stage  TEXT NOT NULL,
    author TEXT NOT NULL,
    kind   TEXT NOT NULL,
    body   TEXT NOT NULL,
    at     TEXT NOT NULL,
    prev   BLOB NOT NULL,
    hash   BLOB NOT NULL
) STRICT;
CREATE TRIGGER events_are_never_changed BEFORE UPDATE ON events
    BEGIN SELECT RAISE(ABORT, 'events are never changed'); END;
CREATE TRIGGER events_are_never_removed BEFORE DELETE ON events
    BEGIN SELECT RAISE(ABORT, 'events are never removed'); END;
CREATE TABLE claims (
    plan        INTEGER PRIMARY KEY,
    holder      TEXT NOT NULL,
    attempt     INTEGER NOT NULL,
    expires_ms  INTEGER NOT NULL
) STRICT;
PRAGMA user_version = 1;
";

/// Version of the schema.
const VERSION: i64 = 1;

/// The board: events in an SQLite file, in memory as well, and what follows from them.
///
/// There is one writer: a second [`open`](Self::open) fails while the first is alive, in the same
/// process or another. Anybody may read. An appended event is on disk when [`append`](Self::append)
/// returns (rollback journal, `synchronous = FULL`), and a process that is killed leaves a file
/// that opens with everything that was appended.
#[derive(Debug)]
pub struct Board {
    path: PathBuf,
    connection: Connection,
    events: Vec<Event>,
    hashes: Vec<Hash>,
    state: State,
    /// Absent when the board was opened for reading.
    writer: Option<WriterLock>,
}

impl Board {
    /// Make a new board.
    ///
    /// # Errors
    /// When the file exists, or cannot be written.
    pub fn create(path: &Path) -> Result<Self, BoardError> {
        let writer = WriterLock::take(path)?;
        // made here and not by SQLite, so that an existing file is never taken for a new one
        std::fs::File::create_new(path).map_err(|source| BoardError::io(path, source))?;
        let connection = connect(path)?;
        connection
            .execute_batch(&format!("BEGIN EXCLUSIVE; {SCHEMA} COMMIT;"))
            .map_err(|source| BoardError::database(path, source))?;
        Self::load(path, connection, Some(writer))
    }

    /// Open a board for writing, and check its chain.
    ///
    /// # Errors
    /// When another writer has it, when it is no board, or when an event is not what was written.
    pub fn open(path: &Path) -> Result<Self, BoardError> {
        exists(path)?;
        let writer = WriterLock::take(path)?;
        Self::load(path, connect(path)?, Some(writer))
    }

    /// Open a board for reading, while another process may write to it, and check its chain.
    ///
    /// # Errors
    /// When it is no board, or when an event is not what was written.
    pub fn open_read_only(path: &Path) -> Result<Self, BoardError> {
        exists(path)?;
        // not opened read-only: the journal of a writer that was killed must be rolled back first
        let connection = connect(path)?;
        connection
            .pragma_update(None, "query_only", true)
            .map_err(|source| BoardError::database(path, source))?;
        Self::load(path, connection, None)
    }

    fn load(
        path: &Path,
        connection: Connection,
        writer: Option<WriterLock>,
    ) -> Result<Self, BoardError> {
        let database = |source| BoardError::database(path, source);
        let version: i64 = connection
            .query_row("PRAGMA user_version", [], |row| row.get(0))
            .map_err(database)?;
        if version != VERSION {
            return Err(BoardError::Version {
                path: path.to_owned(),
                found: version,
                known: VERSION,
            });
        }
        let mut board = Self {
            path: path.to_owned(),
            connection,
            events: Vec::new(),
            hashes: Vec::new(),
            state: State::default(),
            writer,
        };
        board.read_all()?;
        Ok(board)
    }

    fn read_all(&mut self) -> Result<(), BoardError> {
        let path = self.path.clone();
        let database = |source| BoardError::database(&path, source);
        let mut read = Vec::new();
        {
            let mut statement = self
                .connection
                .prepare("SELECT id, stage, author, kind, body, prev, hash FROM events ORDER BY id")
                .map_err(database)?;
            let mut rows = statement.query([]).map_err(database)?;
            while let Some(row) = rows.next().map_err(database)? {
                let text = |at: usize| row.get::<_, String>(at);
                let bytes = |at: usize| row.get::<_, Vec<u8>>(at);
                let id: i64 = row.get(0).map_err(database)?;
                let stored =
                    (|| Ok((text(1)?, text(2)?, text(3)?, text(4)?, bytes(5)?, bytes(6)?)))();
                read.push((id, stored.map_err(database)?));
            }
        }
        let mut prev = hash::FIRST;
        for (at, (id, (stage, author, kind, body, stored_prev, stored_hash))) in
            read.into_iter().enumerate()
        {
            let tampered = |why: &'static str| BoardError::Tampered {
                path: path.clone(),
                event: at as u64 + 1,
                why,
            };
            if id != at as i64 + 1 {
                return Err(tampered("an event is missing"));
            }
            let expected = hash::of(&prev, id as u64, &stage, &author, &body);
            if stored_prev != prev || stored_hash != expected {
                return Err(tampered(
                    "its hash does not follow from its content and the event before it",
                ));
            }
            let stage: Stage = serde_json::from_value(serde_json::Value::String(stage))
                .map_err(|_| tampered("its stage is unknown"))?;
            let body: Body =
                serde_json::from_str(&body).map_err(|_| tampered("its body cannot be read"))?;
            if kind_of(&body) != kind {
                return Err(tampered("its kind is not that of its body"));
            }
            let event = Event {
                id: id as u64,
                stage,
                author,
                body,
            };
            self.state.apply(&event);
            self.events.push(event);
            self.hashes.push(expected);
            prev = expected;
        }
        Ok(())
    }

    /// Append an event; it is on disk when this returns.
    ///
    /// # Errors
    /// When the event must not be ([`Invariant`](crate::Invariant)), holds a number that is not
    /// finite, or cannot be written. Nothing is changed then.
    pub fn append(
        &mut self,
        stage: Stage,
        author: &str,
        body: Body,
    ) -> Result<EventId, BoardError> {
        let row = self.row(stage, author, body)?;
        self.insert(&row)?;
        Ok(self.take(row))
    }

    fn row(&self, stage: Stage, author: &str, body: Body) -> Result<Row, BoardError> {
        if self.writer.is_none() {
            return Err(BoardError::ReadOnly {
                path: self.path.clone(),
            });
        }
        self.state.admits(&body)?;
        let text = canonical(&body).map_err(|_| BoardError::Unwritable)?;
        // what cannot be read again word for word, such as NaN, is not written
        match serde_json::from_str::<Body>(&text) {
            Ok(again) if again == body => {}
            _ => return Err(BoardError::Unwritable),
        }
        let id = self.events.len() as u64 + 1;
        let event = Event {
            id,
            stage,
            author: author.to_owned(),
            body,
        };
        let prev = self.hashes.last().copied().unwrap_or(hash::FIRST);
        let stage = stage_name(stage);
        let hash = hash::of(&prev, id, &stage, author, &text);
        Ok(Row {
            event,
            stage,
            text,
            prev,
            hash,
        })
    }

    fn insert(&self, row: &Row) -> Result<(), BoardError> {
        let inserted = self.connection.execute(
            "INSERT INTO events (id, stage, author, kind, body, at, prev, hash)
             VALUES (?1, ?2, ?3, ?4, ?5, strftime('%Y-%m-%dT%H:%M:%fZ', 'now'), ?6, ?7)",
            params![
                row.event.id as i64,
                row.stage,
                row.event.author,
                kind_of(&row.event.body),
                row.text,
                row.prev.as_slice(),
                row.hash.as_slice(),
            ],
        );
        inserted
            .map(|_| ())
            .map_err(|source| BoardError::database(&self.path, source))
    }

    fn take(&mut self, row: Row) -> EventId {
        let id = row.event.id;
        self.state.apply(&row.event);
        self.events.push(row.event);
        self.hashes.push(row.hash);
        id
    }

    /// All events; event `n` stands at `n - 1`.
    pub fn events(&self) -> &[Event] {
        &self.events
    }

    /// The event with that number.
    pub fn event(&self, id: EventId) -> Option<&Event> {
        self.events.get(usize::try_from(id).ok()?.checked_sub(1)?)
    }

    /// Where things stand after the last event.
    pub fn state(&self) -> &State {
        &self.state
    }

    /// SHA-256, hex, of everything on the board but the times: the hash of its last event. Two
    /// boards with the same events have the same.
    pub fn content_hash(&self) -> String {
        hash::hex(self.hashes.last().unwrap_or(&hash::FIRST))
    }

    /// SHA-256, hex, of the board up to the event with that number; 0 stands for the empty board.
    ///
    /// # Errors
    /// Never; the chain was checked when the board was opened.
    pub fn hash_at(&self, id: EventId) -> Result<Option<String>, BoardError> {
        if id == 0 {
            return Ok(Some(hash::hex(&hash::FIRST)));
        }
        let at = usize::try_from(id).ok().and_then(|id| id.checked_sub(1));
        Ok(at.and_then(|at| self.hashes.get(at)).map(hash::hex))
    }

    /// Where the file is.
    pub fn path(&self) -> &Path {
        &self.path
    }
}

/// An event that is ready to be written.
struct Row {
    event: Event,
    stage: String,
    text: String,
    prev: Hash,
    hash: Hash,
}

fn exists(path: &Path) -> Result<(), BoardError> {
    match std::fs::metadata(path) {
        Ok(found) if found.len() > 0 => Ok(()),
        // SQLite takes an empty file for an empty database
        Ok(_) => Err(BoardError::Empty {
            path: path.to_owned(),
        }),
        Err(source) => Err(BoardError::io(path, source)),
    }
}

fn connect(path: &Path) -> Result<Connection, BoardError> {
    let database = |source| BoardError::database(path, source);
    let flags = OpenFlags::SQLITE_OPEN_READ_WRITE | OpenFlags::SQLITE_OPEN_NO_MUTEX;
    let connection = Connection::open_with_flags(path, flags).map_err(database)?;
    // a reader may hold the file for a moment
    connection
        .busy_timeout(std::time::Duration::from_secs(10))
        .map_err(database)?;
    connection
        .pragma_update(None, "synchronous", "FULL")
        .map_err(database)?;
    Ok(connection)
}

fn stage_name(stage: Stage) -> String {
    format!("{stage:?}")
}

/// The name of the body's variant.
fn kind_of(body: &Body) -> String {
    let value = serde_json::to_value(body).ok();
    let name = value
        .as_ref()
        .and_then(|value| value.as_object()?.keys().next().cloned());
    name.unwrap_or_default()
}

#[cfg(test)]
mod tests;
