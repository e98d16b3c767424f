//! Whether every function of a component is valid WebAssembly: the dear part of an audit, done by
//! all processors at once.

use rayon::iter::{IntoParallelIterator, ParallelIterator};
use wasmparser::{BinaryReaderError, FuncValidatorAllocations, Parser, ValidPayload, Validator};

use crate::anatomy::FEATURES;

/// Validates a component: its sections in order, then the bodies of its functions.
///
/// The error is the first by its place in the bytes, whichever processor met it first.
pub(crate) fn validate(bytes: &[u8]) -> Result<(), BinaryReaderError> {
    let mut validator = Validator::new_with_features(FEATURES);
    let mut parser = Parser::new(0);
    parser.set_features(FEATURES);
    let mut functions = Vec::new();
    let mut ended = None;
    for payload in parser.parse_all(bytes) {
        match validator.payload(&payload?)? {
            ValidPayload::Func(function, body) => functions.push((function, body)),
            ValidPayload::End(types) => ended = Some(types),
            _ => {}
        }
    }
    // The parser yields an end or an error.
    debug_assert!(ended.is_some());
    let first = functions
        .into_par_iter()
        .map_init(
            FuncValidatorAllocations::default,
            |room, (function, body)| {
                let mut validator = function.into_validator(std::mem::take(room));
                let valid = validator.validate(&body);
                *room = validator.into_allocations();
                valid
            },
        )
        .filter_map(Result::err)
        .min_by_key(BinaryReaderError::offset);
    first.map_or(Ok(()), Err)
}
