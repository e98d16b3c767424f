//! Random choices that are the same on every platform: one ChaCha stream for each purpose.

use rand_chacha::{
    ChaCha8Rng,
    rand_core::{Rng, SeedableRng},
};

/// A generator of its own for (`seed`, `stream`).
pub(crate) fn stream(seed: u64, stream: u64) -> ChaCha8Rng {
    let mut generator = ChaCha8Rng::seed_from_u64(seed);
    generator.set_stream(stream);
    generator
}

/// A number below `bound`, each equally likely (Lemire 2019). `bound` 0 gives 0.
pub(crate) fn below(generator: &mut ChaCha8Rng, bound: u32) -> u32 {
    if bound == 0 {
        return 0;
    }
    let rejected = bound.wrapping_neg() % bound;
    loop {
        let product = u64::from(generator.next_u32()) * u64::from(bound);
        if product as u32 >= rejected {
            return (product >> 32) as u32;
        }
    }
}

/// A number from 0 to 1, 1 excluded.
pub(crate) fn unit(generator: &mut ChaCha8Rng) -> f64 {
    (generator.next_u64() >> 11) as f64 / (1u64 << 53) as f64
}

/// Fisher–Yates.
pub(crate) fn shuffle(generator: &mut ChaCha8Rng, values: &mut [u32]) {
    for last in (1..values.len()).rev() {
        let other = below(generator, last as u32 + 1) as usize;
        values.swap(last, other);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn streams_of_one_seed_differ_and_repeat() {
        let first: Vec<u32> = (0..8).map(|_| 0).collect::<Vec<_>>();
        let draw = |seed, number| {
            let mut generator = stream(seed, number);
            first
                .iter()
                .map(|_| below(&mut generator, 1000))
                .collect::<Vec<_>>()
        };
        assert_eq!(draw(7, 1), draw(7, 1));
        assert_ne!(draw(7, 1), draw(7, 2));
        assert_ne!(draw(7, 1), draw(8, 1));
    }

    #[test]
    fn every_number_below_the_bound_is_about_equally_likely() {
        let mut generator = stream(1, 0);
        let mut counts = [0u32; 7];
        for _ in 0..70_000 {
            counts[below(&mut generator, 7) as usize] += 1;
        }
        assert!(
            counts.iter().all(|n| (9_600..10_400).contains(n)),
            "{counts:?}"
        );
    }
}
