//! A code's weight and its effect on the outcome.

use serde::de::{Deserialize, Deserializer, Error, MapAccess, SeqAccess, Visitor};
use serde::ser::SerializeMap;
use serde::{Serialize, Serializer};
use std::fmt;

/// A code of a synthetic column.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
pub struct LevelShape {
    /// Relative frequency, 0 or more.
    pub weight: f64,
    /// What it does to the outcome.
    pub effect: Effect,
}

/// What a code does to the outcome.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Effect {
    /// Added to the log-odds, −5 to 5.
    LogOdds(f64),
    /// Rows with the code cannot have the outcome: the dead are not readmitted.
    Never,
}

impl Serialize for Effect {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self {
            Self::LogOdds(value) => serializer.serialize_f64(*value),
            Self::Never => serializer.serialize_str("never"),
        }
    }
}

impl<'de> Deserialize<'de> for Effect {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct EffectVisitor;
        impl Visitor<'_> for EffectVisitor {
            type Value = Effect;
            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("a number (log-odds) or `never`")
            }
            fn visit_f64<E: Error>(self, value: f64) -> Result<Effect, E> {
                Ok(Effect::LogOdds(value))
            }
            fn visit_i64<E: Error>(self, value: i64) -> Result<Effect, E> {
                Ok(Effect::LogOdds(value as f64))
            }
            fn visit_u64<E: Error>(self, value: u64) -> Result<Effect, E> {
                Ok(Effect::LogOdds(value as f64))
            }
            fn visit_str<E: Error>(self, value: &str) -> Result<Effect, E> {
                match value {
                    "never" => Ok(Effect::Never),
                    other => Err(E::unknown_variant(other, &["never"])),
                }
            }
        }
        deserializer.deserialize_any(EffectVisitor)
    }
}

impl<'de> Deserialize<'de> for LevelShape {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(LevelVisitor)
    }
}

struct LevelVisitor;

impl LevelVisitor {
    fn plain(weight: f64) -> LevelShape {
        LevelShape {
            weight,
            effect: Effect::LogOdds(0.0),
        }
    }
}

impl<'de> Visitor<'de> for LevelVisitor {
    type Value = LevelShape;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a weight, [weight, effect] or {weight, effect}")
    }
    fn visit_f64<E: Error>(self, weight: f64) -> Result<LevelShape, E> {
        Ok(Self::plain(weight))
    }
    fn visit_i64<E: Error>(self, weight: i64) -> Result<LevelShape, E> {
        Ok(Self::plain(weight as f64))
    }
    fn visit_u64<E: Error>(self, weight: u64) -> Result<LevelShape, E> {
        Ok(Self::plain(weight as f64))
    }
    fn visit_seq<A: SeqAccess<'de>>(self, mut seq: A) -> Result<LevelShape, A::Error> {
        let weight = seq
            .next_element()?
            .ok_or_else(|| A::Error::invalid_length(0, &self))?;
        let effect = seq
            .next_element()?
            .ok_or_else(|| A::Error::invalid_length(1, &self))?;
        if seq.next_element::<f64>()?.is_some() {
            return Err(A::Error::invalid_length(3, &self));
        }
        Ok(LevelShape { weight, effect })
    }
    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<LevelShape, A::Error> {
        let (mut weight, mut effect) = (None, Effect::LogOdds(0.0));
        while let Some(key) = map.next_key::<String>()? {
            match key.as_str() {
                "weight" => weight = Some(map.next_value()?),
                "effect" => effect = map.next_value()?,
                other => return Err(A::Error::unknown_field(other, &["weight", "effect"])),
            }
        }
        let weight = weight.ok_or_else(|| A::Error::missing_field("weight"))?;
        Ok(LevelShape { weight, effect })
    }
}

/// A map in the order of the file; codes keep their spelling.
pub(super) fn deserialize<'de, D>(deserializer: D) -> Result<Vec<(String, LevelShape)>, D::Error>
where
    D: Deserializer<'de>,
{
    struct LevelsVisitor;
    impl<'de> Visitor<'de> for LevelsVisitor {
        type Value = Vec<(String, LevelShape)>;
        fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
            f.write_str("a map of codes and weights")
        }
        fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Self::Value, A::Error> {
            let mut levels = Vec::new();
            while let Some(level) = map.next_entry()? {
                levels.push(level);
            }
            Ok(levels)
        }
    }
    deserializer.deserialize_map(LevelsVisitor)
}

pub(super) fn serialize<S: Serializer>(
    levels: &[(String, LevelShape)],
    serializer: S,
) -> Result<S::Ok, S::Error> {
    let mut map = serializer.serialize_map(Some(levels.len()))?;
    for (code, level) in levels {
        map.serialize_entry(code, level)?;
    }
    map.end()
}
