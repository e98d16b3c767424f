//! What a validation found.

/// What is wrong.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
#[non_exhaustive]
pub enum Rule {
    /// Bytes that are not UTF-8.
    InvalidUtf8,
    /// Not one JSON value.
    InvalidJson,
    /// A member that an object has already.
    DuplicateMember,
    /// A resource that is no object, or does not say its type.
    MissingResourceType,
    /// A type that R4 has not.
    UnknownResourceType,
    /// An element that the type has not.
    UnknownElement,
    /// An array without items.
    EmptyArray,
    /// An object without members.
    EmptyObject,
    /// A text without characters.
    EmptyText,
    /// A `null` that stands for nothing.
    UnexpectedNull,
    /// One value where a list belongs.
    ListExpected,
    /// A list where one value belongs.
    SingleExpected,
    /// Another JSON type than the element's.
    WrongJsonType,
    /// A value outside its primitive type's format or range.
    InvalidFormat,
    /// An element that must be there.
    MissingElement,
    /// More than one of the choices of `value[x]` or its like.
    SeveralChoices,
    /// A Narrative that is not a `div`, or has entities that XML has not.
    InvalidNarrative,
    /// A text that looks like markup.
    Markup,
    /// Two entries of a Bundle with one `fullUrl`.
    DuplicateFullUrl,
    /// A `fullUrl` whose id is not the resource's.
    FullUrlMismatch,
    /// A link relation twice.
    DuplicateLink,
    /// An entry of a transaction or batch without a request, or a document or message that does
    /// not begin with its Composition or MessageHeader.
    InvalidEntry,
    /// A reference to something that must be at hand and is not.
    UnresolvedReference,
    /// A number beyond what an invariant allows.
    BeyondLimit,
}

/// An error.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Finding {
    /// What is wrong.
    pub rule: Rule,
    /// Where, in the words of FHIRPath: `Patient.name[0].given[1]`. Empty where there is no
    /// resource to speak of.
    pub location: String,
    /// The byte of the text where it stands or, if that is not known, something around it.
    pub offset: Option<usize>,
}

/// Errors found: all are counted, some are kept.
#[derive(Debug, Default)]
pub(crate) struct Findings {
    kept: Vec<Finding>,
    keep: usize,
    count: u64,
    first: Option<usize>,
}

impl Findings {
    /// Counts only.
    pub(crate) fn counting() -> Self {
        Self::default()
    }

    /// Counts, and keeps the first ones.
    pub(crate) fn keeping(keep: usize) -> Self {
        Self {
            keep,
            ..Self::default()
        }
    }

    pub(crate) fn add(
        &mut self,
        rule: Rule,
        offset: Option<usize>,
        location: impl FnOnce() -> String,
    ) {
        if self.count == 0 {
            self.first = offset;
        }
        self.count += 1;
        if self.kept.len() < self.keep {
            self.kept.push(Finding {
                rule,
                location: location(),
                offset,
            });
        }
    }

    /// How many there are.
    pub(crate) fn count(&self) -> u64 {
        self.count
    }

    /// The byte where the first stands, if that is known.
    pub(crate) fn first(&self) -> Option<usize> {
        self.first
    }

    pub(crate) fn into_kept(self) -> Vec<Finding> {
        self.kept
    }
}
