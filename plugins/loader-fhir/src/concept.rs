//! CodeableConcept and Coding.

use std::borrow::Cow;

use crate::json::Json;

/// What stands for a concept: one of its codings, and its text.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Concept<'a> {
    pub(crate) system: Option<&'a str>,
    pub(crate) code: Option<&'a str>,
    pub(crate) label: Option<&'a str>,
}

impl<'a> Concept<'a> {
    /// Reads a CodeableConcept: the coding that the user chose, or else the first with a code; the
    /// coding's display is its label, or else the concept's text.
    pub(crate) fn read(concept: Option<&'a Json<'_>>) -> Self {
        let Some(concept) = concept else {
            return Self::default();
        };
        let codings = concept.list("coding");
        let chosen = |coding: &&Json<'_>| coding.get("userSelected") == Some(&Json::Flag(true));
        let coding = codings
            .iter()
            .filter(|coding| coding.text("code").is_some())
            .find(chosen)
            .or_else(|| codings.iter().find(|coding| coding.text("code").is_some()))
            .or_else(|| codings.first());
        let mut read = coding.map(Self::of_coding).unwrap_or_default();
        read.label = read.label.or_else(|| concept.text("text"));
        read
    }

    /// Reads the first of a list of CodeableConcepts.
    pub(crate) fn first(concepts: &'a [Json<'_>]) -> Self {
        Self::read(concepts.first())
    }

    /// Reads a Coding.
    pub(crate) fn of_coding(coding: &'a Json<'_>) -> Self {
        Self {
            system: coding.text("system"),
            code: coding.text("code"),
            label: coding.text("display"),
        }
    }

    /// The code, or else the text.
    pub(crate) fn code_or_label(&self) -> Option<Cow<'a, str>> {
        self.code.or(self.label).map(Cow::Borrowed)
    }
}
