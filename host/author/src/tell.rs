//! What an author is told on the way. Libraries print nothing: the command line does.

/// Hears what is being done.
pub trait Tell {
    /// One line about what is being done now.
    fn tell(&self, line: &str);
}

/// Hears nothing.
pub struct Silent;

impl Tell for Silent {
    fn tell(&self, _line: &str) {}
}
