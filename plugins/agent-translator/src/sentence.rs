//! A sentence in the making: text with a reference for each of its numbers.

use autods_sdk::agent::{EventId, Reference, Section, Statement};

/// A sentence and the numbers in it.
#[derive(Clone, Debug)]
pub(crate) struct Sentence {
    section: Section,
    text: String,
    refs: Vec<Reference>,
}

impl Sentence {
    /// A sentence without numbers so far.
    pub(crate) fn new(section: Section, text: impl Into<String>) -> Self {
        Self {
            section,
            text: text.into(),
            refs: Vec::new(),
        }
    }

    /// With the next number: what `{n}` stands for, where n numbers came before.
    #[must_use]
    pub(crate) fn with(mut self, event: EventId, pointer: &str) -> Self {
        self.refs.push(Reference {
            event,
            pointer: pointer.to_owned(),
        });
        self
    }

    /// With an estimate at that place: its value and the two ends of its interval.
    #[must_use]
    pub(crate) fn with_estimate(self, event: EventId, pointer: &str) -> Self {
        self.with(event, &format!("{pointer}/value"))
            .with(event, &format!("{pointer}/lower"))
            .with(event, &format!("{pointer}/upper"))
    }

    /// The statement; nothing if the text has a digit outside its placeholders (a name may bring
    /// one) or if placeholders and references do not match. The host would refuse either.
    pub(crate) fn into_statement(self) -> Option<Statement> {
        let mut bare = self.text.clone();
        for at in 0..self.refs.len() {
            let placeholder = format!("{{{at}}}");
            if !bare.contains(&placeholder) {
                return None;
            }
            bare = bare.replace(&placeholder, "");
        }
        let clean = !bare.contains(|c: char| c.is_numeric() || c == '{' || c == '}');
        clean.then_some(Statement {
            section: self.section,
            text: self.text,
            refs: self.refs,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn digits_stand_in_placeholders_only_and_each_has_its_reference() {
        let sentence = |text: &str| Sentence::new(Section::Data, text);
        assert!(sentence("Plain.").into_statement().is_some());
        assert!(sentence("In 3 groups.").into_statement().is_none());
        assert!(sentence("In {0} groups.").into_statement().is_none());
        assert!(
            sentence("In {0} groups.")
                .with(1, "/x")
                .into_statement()
                .is_some()
        );
        assert!(
            sentence("In groups.")
                .with(1, "/x")
                .into_statement()
                .is_none()
        );
        let estimate = sentence("{0} ({1} to {2})").with_estimate(4, "/Experiment/auroc");
        assert_eq!(
            estimate.into_statement().unwrap().refs[1].pointer,
            "/Experiment/auroc/lower"
        );
    }
}
