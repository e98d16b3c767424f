"""What cyvcf2 (htslib) reads in the files of the data folder, for tests/reference.rs.

    python -m venv venv && venv/bin/pip install cyvcf2==0.35.0
    venv/bin/python reference.py DATA > reference.json

DATA is the folder `shared/data`. Written are sums over a file and a digest of its genotypes, and
no genotype itself. The counts of a site are those of section "allele" below, computed from cyvcf2's
arrays of genotypes; cyvcf2's own `aaf`, `num_het`, `num_called` are checked against them where a
site has diploid, whole genotypes only, which is what they are defined for.
"""

import json
import sys

import cyvcf2

FILES = [
    "vcf/kg_chr22_5samples/chr22.vcf.gz",
    "vcf/kg_chr20_sample/sample.vcf.bgz",
    "vcf/kg_chr22_gwas/regressionLogisticEpacts.vcf.gz",
    "vcf/pgx/pharmcat.example.vcf.gz",
    "vcf/hail_small/HWE_test.vcf",
    "vcf/hail_small/mendel.vcf",
    "vcf/hail_small/ldprune2.vcf",
    "vcf/bioc/ex2.vcf",
    "vcf/bioc/gl_chr1.vcf",
    "vcf/bioc/structural.vcf",
]

MODULUS = (1 << 61) - 1


def read(path):
    vcf = cyvcf2.VCF(path, gts012=True)
    result = dict(
        samples=len(vcf.samples), records=0, positions=0, snvs=0, indels=0, transitions=0,
        multiallelic=0, passed=0, allele_count=0, allele_number=0, called=0, missing=0,
        frequency=0.0, heterozygosity=0.0, call_rate=0.0, digest=0,
    )
    for record in vcf:
        result["records"] += 1
        result["positions"] += record.POS
        result["multiallelic"] += len(record.ALT) > 1
        result["passed"] += record.FILTERS == ["PASS"]
        for alternate in record.ALT:
            if set(record.REF + alternate) <= set("ACGT"):
                if len(record.REF) == len(alternate) == 1:
                    result["snvs"] += 1
                    pair = {record.REF, alternate}
                    result["transitions"] += pair in ({"A", "G"}, {"C", "T"})
                result["indels"] += len(record.REF) != len(alternate)
        number = count = called = het = polyploid = 0
        whole = True
        for genotype in record.genotypes:
            # -2 pads a genotype with fewer alleles than others of the record
            alleles = [allele for allele in genotype[:-1] if allele != -2]
            present = [allele for allele in alleles if allele >= 0]
            number += len(present)
            count += sum(allele > 0 for allele in present)
            dosage = 3
            if len(present) == len(alleles):
                called += 1
                polyploid += len(alleles) > 1
                het += len(set(alleles)) > 1
                dosage = sum(allele > 0 for allele in alleles)
            else:
                result["missing"] += 1
            whole &= len(alleles) == 2 and len(present) in (0, 2)
            result["digest"] = (result["digest"] * 5 + dosage) % MODULUS
        result["allele_count"] += count
        result["allele_number"] += number
        result["called"] += called
        result["frequency"] += count / number if number else 0.0
        result["heterozygosity"] += het / polyploid if polyploid else 0.0
        result["call_rate"] += called / len(vcf.samples)
        if whole and number and len(record.ALT) == 1:
            assert abs(record.aaf - count / number) < 1e-12, record.POS
            assert (record.num_het, record.num_called) == (het, called), record.POS
    return result


def main(data):
    files = {path: read(f"{data}/{path}") for path in FILES}
    print(json.dumps(dict(cyvcf2=cyvcf2.__version__, files=files), indent=1))


main(sys.argv[1])
