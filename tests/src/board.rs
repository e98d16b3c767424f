//! A run's board, read from its file.

use std::path::Path;

use rusqlite::{Connection, OpenFlags, types::ValueRef};
use serde_json::Value;

/// The events of a run, in order.
#[derive(Clone, Debug, PartialEq)]
pub struct Board(Vec<Event>);

/// An event.
#[derive(Clone, Debug, PartialEq)]
pub struct Event {
    /// Its number, from 1.
    pub id: u64,
    /// An agent's name, or `host`.
    pub author: String,
    /// What happened: an object with one key, the kind.
    pub body: Value,
}

impl Board {
    /// Read `board.sqlite` of a run directory, and change nothing. A run that was killed may have
    /// left a journal; a copy is opened, so that it stays for the host to deal with.
    ///
    /// # Panics
    /// If it cannot be read.
    pub fn of(run: &Path) -> Self {
        let place = tempfile::tempdir().unwrap();
        for name in [
            "board.sqlite",
            "board.sqlite-journal",
            "board.sqlite-wal",
            "board.sqlite-shm",
        ] {
            if run.join(name).is_file() {
                std::fs::copy(run.join(name), place.path().join(name)).unwrap();
            }
        }
        let copy = place.path().join("board.sqlite");
        // SQLite rolls a hot journal back on opening, which needs the right to write
        let board = Connection::open_with_flags(&copy, OpenFlags::SQLITE_OPEN_READ_WRITE).unwrap();
        let mut rows = board
            .prepare("SELECT id, author, body FROM events ORDER BY id")
            .unwrap();
        let events = rows
            .query_map([], |row| {
                let body = match row.get_ref(2)? {
                    ValueRef::Text(bytes) | ValueRef::Blob(bytes) => {
                        serde_json::from_slice(bytes).unwrap()
                    }
                    other => panic!("the body of an event is {other:?}"),
                };
                Ok(Event {
                    id: row.get::<_, i64>(0)?.unsigned_abs(),
                    author: row.get(1)?,
                    body,
                })
            })
            .unwrap();
        Self(events.map(Result::unwrap).collect())
    }

    /// All events.
    pub fn events(&self) -> &[Event] {
        &self.0
    }

    /// The event of that number.
    ///
    /// # Panics
    /// If there is none.
    pub fn event(&self, id: u64) -> &Event {
        self.0
            .iter()
            .find(|event| event.id == id)
            .unwrap_or_else(|| panic!("there is no event {id}"))
    }

    /// Events of a kind, such as `Objected`, with what they hold.
    pub fn of_kind<'b>(
        &'b self,
        kind: &str,
    ) -> impl Iterator<Item = (&'b Event, &'b Value)> + use<'b> {
        let kind = kind.to_owned();
        self.0
            .iter()
            .filter_map(move |event| event.body.get(&kind).map(|inside| (event, inside)))
    }

    /// The only event of a kind.
    ///
    /// # Panics
    /// If there is none, or more than one.
    pub fn only(&self, kind: &str) -> (&Event, &Value) {
        let found: Vec<_> = self.of_kind(kind).collect();
        assert_eq!(
            found.len(),
            1,
            "there are {} `{kind}` events, not 1",
            found.len()
        );
        found[0]
    }

    /// The champion's experiment: that of the last promotion.
    ///
    /// # Panics
    /// If there is none.
    pub fn champion(&self) -> (&Event, &Value) {
        let (_, id) = self
            .of_kind("Promoted")
            .last()
            .expect("nothing was promoted");
        let event = self.event(id.as_u64().unwrap());
        (event, &event.body["Experiment"])
    }

    /// Feature sets that were accepted.
    pub fn accepted_features(&self) -> Vec<&Value> {
        self.of_kind("Accepted")
            .filter_map(|(_, id)| {
                self.event(id.as_u64()?)
                    .body
                    .pointer("/Proposed/body/Features")
            })
            .collect()
    }

    /// Evaluations of an experiment on out-of-fold rows.
    pub fn out_of_fold(&self, experiment: u64) -> Vec<&Value> {
        self.of_kind("Evaluated")
            .map(|(_, evaluation)| evaluation)
            .filter(|e| e["experiment"] == experiment && e["sample"] == "OutOfFold")
            .collect()
    }
}

impl Event {
    /// Its kind, such as `Objected`.
    pub fn kind(&self) -> &str {
        match &self.body {
            Value::Object(body) => body.keys().next().map_or("", String::as_str),
            Value::String(kind) => kind,
            _ => "",
        }
    }
}
