//! A seeded cohort, and models that know more or less of the truth.

/// SplitMix64: small, and the same everywhere.
pub struct Stream(u64);

impl Stream {
    pub fn new(seed: u64) -> Self {
        Stream(seed)
    }

    pub fn next(&mut self) -> f64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        ((z ^ (z >> 31)) >> 11) as f64 / (1u64 << 53) as f64
    }

    /// About normal: the sum of twelve uniforms.
    pub fn normal(&mut self) -> f64 {
        (0..12).map(|_| self.next()).sum::<f64>() - 6.0
    }
}

/// An encounter.
#[derive(Clone)]
pub struct Row {
    pub subject: usize,
    pub inpatient: f64,
    pub days: f64,
    pub age: usize,
    pub female: bool,
    pub origin: usize,
    pub disposition: usize,
    pub outcome: bool,
    pub linear: f64,
    pub boosted: f64,
    pub single: f64,
    pub lockbox: bool,
}

pub const DISPOSITIONS: [(&str, &str); 5] = [
    ("1", "Discharged to home"),
    ("3", "Discharged to a nursing facility"),
    ("6", "Home with home health service"),
    ("11", "Expired"),
    ("13", "Hospice, at home"),
];
pub const AGES: [&str; 5] = ["[0-40)", "[40-60)", "[60-70)", "[70-80)", "[80-100)"];
pub const ORIGINS: [&str; 5] = [
    "African American",
    "Asian",
    "Caucasian",
    "Hispanic",
    "Other",
];

fn pick(shares: &[f64], at: f64) -> usize {
    let mut sum = 0.0;
    for (index, share) in shares.iter().enumerate() {
        sum += share;
        if at < sum {
            return index;
        }
    }
    shares.len() - 1
}

fn logistic(x: f64) -> f64 {
    1.0 / (1.0 + (-x).exp())
}

/// A cohort of `n` encounters.
pub fn cohort(n: usize, seed: u64) -> Vec<Row> {
    let mut stream = Stream::new(seed);
    let subjects = n * 7 / 10;
    let boxed: Vec<bool> = (0..subjects).map(|_| stream.next() < 0.2).collect();
    (0..n)
        .map(|index| {
            let subject = if index < subjects {
                index
            } else {
                (stream.next() * subjects as f64) as usize
            };
            let inpatient = (-(1.0 - stream.next()).ln() * 0.9).floor();
            let days = 1.0 + (-(1.0 - stream.next()).ln() * 4.0).floor().min(13.0);
            let age = pick(&[0.08, 0.26, 0.22, 0.26, 0.18], stream.next());
            let female = stream.next() < 0.54;
            let origin = pick(&[0.19, 0.006, 0.755, 0.02, 0.029], stream.next());
            let disposition = pick(&[0.61, 0.18, 0.186, 0.016, 0.008], stream.next());
            let gone = disposition >= 3;
            let truth = -2.95 + 0.42 * inpatient.min(5.0) + 0.05 * days + 0.08 * age as f64
                - if female { 0.12 } else { 0.0 }
                + if disposition == 1 { 0.35 } else { 0.0 }
                + if inpatient > 1.0 && age >= 3 {
                    0.35
                } else {
                    0.0
                };
            let outcome = !gone && stream.next() < logistic(truth + 0.3 * stream.normal());
            let linear = logistic(
                -2.85
                    + 0.48 * inpatient.min(5.0)
                    + 0.05 * days
                    + 0.12 * age as f64
                    + 0.36 * stream.normal(),
            );
            let boosted = logistic(truth + 0.14 * stream.normal());
            let single = logistic(-2.4 + 0.45 * inpatient.min(5.0));
            Row {
                subject,
                inpatient,
                days,
                age,
                female,
                origin,
                disposition,
                outcome,
                linear,
                boosted,
                single,
                lockbox: boxed[subject],
            }
        })
        .collect()
}
