//! Genotypes of one site, counted.

use crate::pair::Pairs;

/// What the genotypes of a site come to; keeps its room from site to site.
#[derive(Debug, Default)]
pub(crate) struct Counts {
    /// Samples of the file.
    pub(crate) samples: u64,
    /// Samples all of whose alleles were called.
    pub(crate) called: u64,
    /// Alleles called, of all samples.
    pub(crate) alleles: u64,
    /// Of the samples that count as called, those with more than one allele.
    pub(crate) polyploid: u64,
    /// Of those, the ones whose alleles are not all the same.
    heterozygous: u64,
    /// By allele: how often it was called.
    by_allele: Vec<u64>,
    /// By allele: polyploid samples that have it, and another.
    mixed: Vec<u64>,
}

impl Counts {
    /// Begins with a site that has so many alternate alleles.
    pub(crate) fn begin(&mut self, alternates: usize) {
        let alleles = alternates.max(1) + 1;
        self.samples = 0;
        self.called = 0;
        self.alleles = 0;
        self.polyploid = 0;
        self.heterozygous = 0;
        for counts in [&mut self.by_allele, &mut self.mixed] {
            counts.clear();
            counts.resize(alleles, 0);
        }
    }

    /// Counts the samples that have pairs.
    pub(crate) fn add_pairs(&mut self, pairs: &Pairs) {
        for (pair, samples) in pairs.found() {
            self.add(pair.alleles().into_iter(), samples);
        }
    }

    /// Counts so many samples that have those alleles; `None` is one that was not called.
    pub(crate) fn add(&mut self, alleles: impl Iterator<Item = Option<u32>> + Clone, samples: u64) {
        self.samples += samples;
        let last = self.by_allele.len().saturating_sub(1);
        let first = alleles.clone().next().flatten();
        let (mut ploidy, mut missing, mut mixed) = (0, false, false);
        for allele in alleles.clone() {
            ploidy += 1;
            let Some(allele) = allele else {
                missing = true;
                continue;
            };
            self.alleles += samples;
            mixed |= Some(allele) != first;
            if let Some(count) = self.by_allele.get_mut((allele as usize).min(last)) {
                *count += samples;
            }
        }
        if missing || ploidy == 0 {
            return;
        }
        self.called += samples;
        self.polyploid += if ploidy > 1 { samples } else { 0 };
        if !mixed {
            return;
        }
        self.heterozygous += samples;
        for (at, allele) in alleles.clone().flatten().enumerate() {
            let again = alleles
                .clone()
                .take(at)
                .any(|earlier| earlier == Some(allele));
            if !again && let Some(count) = self.mixed.get_mut((allele as usize).min(last)) {
                *count += samples;
            }
        }
    }

    /// How often an alternate allele was called, or any of them.
    pub(crate) fn allele_count(&self, allele: Option<usize>) -> u64 {
        match allele {
            Some(allele) => self.by_allele.get(allele).copied().unwrap_or_default(),
            None => self.by_allele.iter().skip(1).sum(),
        }
    }

    /// Polyploid samples with different alleles, or with that one and another.
    pub(crate) fn heterozygous(&self, allele: Option<usize>) -> u64 {
        match allele {
            Some(allele) => self.mixed.get(allele).copied().unwrap_or_default(),
            None => self.heterozygous,
        }
    }
}
