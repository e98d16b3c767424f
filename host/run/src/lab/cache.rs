//! Prepared designs, kept while they fit.

use std::{
    collections::VecDeque,
    sync::{Arc, Mutex, PoisonError},
};

use autods_science::Design;

/// A fold, ready for a learner.
pub(crate) struct FoldDesign {
    /// Training rows, as a learner should see them.
    pub(crate) train: Design,
    /// Test rows.
    pub(crate) test: Design,
}

type Entry = (String, Arc<FoldDesign>, usize);

/// Least recently used designs, bounded by bytes.
pub(crate) struct DesignCache {
    limit: usize,
    entries: Mutex<VecDeque<Entry>>,
}

impl DesignCache {
    /// A cache of at most `limit` bytes.
    pub(crate) fn new(limit: usize) -> Self {
        Self {
            limit,
            entries: Mutex::new(VecDeque::new()),
        }
    }

    pub(crate) fn get(&self, key: &str) -> Option<Arc<FoldDesign>> {
        let mut entries = self.entries.lock().unwrap_or_else(PoisonError::into_inner);
        let at = entries.iter().position(|e| e.0 == key)?;
        let entry = entries.remove(at)?;
        let found = Arc::clone(&entry.1);
        entries.push_back(entry);
        Some(found)
    }

    pub(crate) fn put(&self, key: String, design: &Arc<FoldDesign>) {
        let bytes = 4 * (design.train.values().len() + design.test.values().len());
        let mut entries = self.entries.lock().unwrap_or_else(PoisonError::into_inner);
        entries.push_back((key, Arc::clone(design), bytes));
        while entries.iter().map(|e| e.2).sum::<usize>() > self.limit && entries.len() > 1 {
            entries.pop_front();
        }
    }
}
