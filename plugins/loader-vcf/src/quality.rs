//! Quality control: numbers that add up over shards.

use autods_sdk::loader::{Fault, LoaderHost};

use crate::alleles::{Alternates, Change, Variation, variation};
use crate::pair::Pairs;
use crate::record::Record;

/// The metrics of a shard.
#[derive(Debug, Default)]
pub(crate) struct Quality {
    pub(crate) records: u64,
    pass_records: u64,
    multiallelic: u64,
    snvs: u64,
    indels: u64,
    symbolic: u64,
    transitions: u64,
    transversions: u64,
    genotypes: u64,
    genotypes_missing: u64,
}

impl Quality {
    pub(crate) fn add_record(&mut self, record: &Record<'_>, alternates: &Alternates) {
        self.records += 1;
        self.pass_records += u64::from(record.filter == "PASS");
        self.multiallelic += u64::from(alternates.len() > 1);
        for allele in 0..alternates.len() {
            let alternate = alternates.get(record.alternate, allele).unwrap_or_default();
            match variation(record.reference, alternate) {
                Variation::Snv(change) => {
                    self.snvs += 1;
                    self.transitions += u64::from(change == Some(Change::Transition));
                    self.transversions += u64::from(change == Some(Change::Transversion));
                }
                Variation::Indel => self.indels += 1,
                Variation::Symbolic => self.symbolic += 1,
                Variation::Other => {}
            }
        }
    }

    /// A genotype, and whether all of its alleles were called.
    pub(crate) fn add_genotype(&mut self, is_called: bool) {
        self.genotypes += 1;
        self.genotypes_missing += u64::from(!is_called);
    }

    pub(crate) fn add_pairs(&mut self, pairs: &Pairs) {
        for (pair, samples) in pairs.found() {
            self.genotypes += samples;
            if pair.alleles().contains(&None) {
                self.genotypes_missing += samples;
            }
        }
    }

    pub(crate) fn post(&self, host: &dyn LoaderHost) -> Result<(), Fault> {
        for (name, value) in [
            ("records", self.records),
            ("pass-records", self.pass_records),
            ("multiallelic", self.multiallelic),
            ("snvs", self.snvs),
            ("indels", self.indels),
            ("symbolic", self.symbolic),
            ("transitions", self.transitions),
            ("transversions", self.transversions),
            ("genotypes", self.genotypes),
            ("genotypes-missing", self.genotypes_missing),
        ] {
            #[allow(clippy::cast_precision_loss, reason = "counts are below 2^53")]
            host.metric(name, None, value as f64)?;
        }
        Ok(())
    }
}
