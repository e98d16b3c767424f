"""What pandas reads in GiBleed, and the specification as omop-cdm has it, for tests/gibleed.rs.

    python -m venv venv && venv/bin/pip install omop-cdm==0.7.0 pandas==3.1.1
    venv/bin/python reference.py DATA > reference.json

DATA is the folder `shared/data`. Written are counts and sums over tables, and no record. Which
columns are required is asked of omop-cdm's classes (The Hyve), not of the loader.
"""

import json
import sys

import omop_cdm.regular.cdm531 as cdm53
import omop_cdm.regular.cdm54 as cdm54
import pandas as pd

TABLES = [
    "person", "observation_period", "visit_occurrence", "condition_occurrence", "drug_exposure",
    "procedure_occurrence", "measurement", "observation", "condition_era", "drug_era",
]
DOMAINS = {
    "gender_concept_id": "Gender", "race_concept_id": "Race", "ethnicity_concept_id": "Ethnicity",
    "visit_concept_id": "Visit", "condition_concept_id": "Condition",
    "condition_status_concept_id": "Condition Status", "drug_concept_id": "Drug",
    "route_concept_id": "Route", "procedure_concept_id": "Procedure",
    "measurement_concept_id": "Measurement", "operator_concept_id": "Meas Value Operator",
    "unit_concept_id": "Unit", "admitted_from_concept_id": "Visit",
    "discharged_to_concept_id": "Visit",
}


def classes(module):
    """Table, column: the column of SQLAlchemy."""
    return {
        table.name.split(".")[-1]: dict(table.columns.items())
        for table in module.Base.metadata.tables.values()
    }


SPECIFICATION = {"5.3": classes(cdm53), "5.4": classes(cdm54)}


def specification():
    kinds = {"INTEGER": "integer", "BIGINT": "integer", "NUMERIC": "float", "DATE": "date",
             "DATETIME": "datetime", "TIMESTAMP": "datetime"}
    lines = []
    for version, tables in SPECIFICATION.items():
        for table, columns in tables.items():
            for name, column in columns.items():
                kind = kinds.get(str(column.type).split("(")[0], "text")
                required = "required" if not column.nullable else ""
                lines.append(f"{version} {table} {name} {kind} {required}".strip())
    return sorted(lines)


def read(folder, name):
    table = pd.read_csv(f"{folder}/{name}.csv.gz", dtype=str, keep_default_na=False)
    return table.rename(columns=str.lower)


def required(table, column):
    found = [columns[table][column] for columns in SPECIFICATION.values()
             if column in columns.get(table, {})]
    return all(not column.nullable for column in found)


def quality(name, table, concept):
    counts = dict.fromkeys([
        "is-required", "cdm-datatype", "is-foreign-key", "fk-domain", "is-standard-valid-concept",
        "standard-concept-record-completeness", "source-concept-record-completeness",
        "source-value-completeness", "plausible-value-low", "plausible-value-high",
        "plausible-temporal-after"], 0)
    key = table[f"{name}_id"]
    counts["is-primary-key"] = int(key.duplicated().sum())
    domain = concept.set_index("concept_id")["domain_id"]
    good = concept[(concept.standard_concept == "S") & (concept.invalid_reason == "")]
    for column in table.columns:
        values = table[column]
        there = values[values != ""]
        counts["is-required"] += int((values == "").sum()) if required(name, column) else 0
        if column.endswith("_id"):
            counts["cdm-datatype"] += int((~there.str.fullmatch(r"-?\d+")).sum())
        if column.endswith(("_date", "_datetime")):
            counts["cdm-datatype"] += int(pd.to_datetime(there, errors="coerce").isna().sum())
        if "_end_date" in column and column.replace("_end_", "_start_") in table:
            start = table[column.replace("_end_", "_start_")]
            counts["plausible-temporal-after"] += int(
                ((values != "") & (start != "") & (values < start)).sum())
        if column.endswith("_source_value"):
            standard = column.replace("_source_value", "_concept_id")
            if standard in table:
                counts["source-value-completeness"] += int(
                    ((values != "") & (table[standard] == "0")).sum())
        if not column.endswith("concept_id"):
            continue
        counts["is-foreign-key"] += int((~there.isin(concept.concept_id)).sum())
        if column.endswith("_source_concept_id"):
            counts["source-concept-record-completeness"] += int((there == "0").sum())
            continue
        if required(name, column):
            counts["standard-concept-record-completeness"] += int((there == "0").sum())
        known = there[(there != "0") & there.isin(concept.concept_id)]
        wanted = "Type Concept" if column.endswith("_type_concept_id") else DOMAINS.get(column)
        if wanted:
            counts["fk-domain"] += int((known.map(domain) != wanted).sum())
            counts["is-standard-valid-concept"] += int((~known.isin(good.concept_id)).sum())
    for column, low, high in [("year_of_birth", 1850, 2100), ("month_of_birth", 1, 12),
                              ("day_of_birth", 1, 31)]:
        if column in table:
            values = pd.to_numeric(table[column][table[column] != ""])
            counts["plausible-value-low"] += int((values < low).sum())
            counts["plausible-value-high"] += int((values > high).sum())
    return counts


def sums(table):
    result = {}
    for column in table.columns:
        values = table[column]
        there = values[values != ""]
        result[column] = {"nulls": int((values == "").sum())}
        if column.endswith("_id") or column.startswith("value_as_number"):
            result[column]["sum"] = float(pd.to_numeric(there).sum())
    return result


def persons(folder, table, column, concept):
    """Persons with the concept or a descendant of it."""
    ancestor = read(folder, "concept_ancestor")
    below = ancestor[ancestor.ancestor_concept_id == concept].descendant_concept_id
    rows = read(folder, table)
    return int(rows[rows[column].isin(set(below))].person_id.nunique())


def main(data):
    folder = f"{data}/omop/gibleed"
    concept = read(folder, "concept")
    tables = {}
    for name in TABLES:
        table = read(folder, name)
        named = {}
        ids = table[[c for c in table.columns if c.endswith("_concept_id")][0]]
        names = ids.map(concept.set_index("concept_id")["concept_name"])
        named["concepts-with-name"] = int(names.notna().sum())
        tables[name] = {"rows": len(table), "columns": sums(table), **named,
                        "quality": quality(name, table, concept)}
    cohorts = {
        "condition_occurrence 192671": persons(folder, "condition_occurrence", "condition_concept_id", "192671"),
        "drug_era 1118084": persons(folder, "drug_era", "drug_concept_id", "1118084"),
        "drug_era 1124300": persons(folder, "drug_era", "drug_concept_id", "1124300"),
    }
    result = {"cohorts": cohorts, "tables": tables, "specification": specification()}
    json.dump(result, sys.stdout, indent=1, sort_keys=True)
    print()


if __name__ == "__main__":
    main(sys.argv[1])
