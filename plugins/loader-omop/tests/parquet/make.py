"""Writes the first records of two tables of GiBleed as CSV and as Parquet, for tests/parquet.rs.

    python -m venv venv && venv/bin/pip install pandas==3.1.1 pyarrow==26.0.1
    venv/bin/python make.py DATA

DATA is the folder `shared/data`. Columns are typed as different writers type them: whole numbers
with gaps as pandas has them (double), dates as dates, times in micro- and nanoseconds, decimals.
"""

import decimal
import sys

import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq

RECORDS = 300


def typed(name, values, nanoseconds):
    there = values.where(values != "", None)
    if name.endswith("_datetime"):
        unit = "ns" if nanoseconds else "us"
        return pa.array(pd.to_datetime(there), pa.timestamp(unit))
    if name.endswith("_date"):
        return pa.array(pd.to_datetime(there).dt.date, pa.date32())
    if name == "quantity":
        numbers = [None if text is None else decimal.Decimal(text) for text in there]
        return pa.array(numbers, pa.decimal128(10, 2))
    if name.endswith("_id") or name in ("refills", "days_supply"):
        numbers = pd.to_numeric(there)
        return pa.array(numbers, pa.float64() if numbers.isna().any() else pa.int64())
    return pa.array(there, pa.string())


def write(rows, path, compression, nanoseconds, group):
    columns = {name: typed(name, rows[name], nanoseconds) for name in rows}
    pq.write_table(pa.table(columns), path, row_group_size=group, compression=compression,
                   version="2.6")


def main(data):
    for table, compression, nanoseconds in [
        ("condition_occurrence", "snappy", False), ("drug_exposure", "gzip", True),
    ]:
        rows = pd.read_csv(f"{data}/omop/gibleed/{table}.csv.gz", dtype=str,
                           keep_default_na=False, nrows=RECORDS).rename(columns=str.lower)
        rows.to_csv(f"{table}.csv", index=False)
        write(rows, f"{table}.parquet", compression, nanoseconds, 70)
    # the case for the sandbox
    columns = ["drug_exposure_id", "person_id", "drug_concept_id", "drug_exposure_start_date",
               "drug_exposure_end_date", "drug_type_concept_id", "quantity"]
    rows = rows[columns].head(5)
    case = "../cases/parquet"
    write(rows, f"{case}/input/drug_exposure.parquet", "snappy", False, 2)
    write(rows, "zstandard.parquet", "zstd", False, 2)
    rows = rows[["person_id", "drug_exposure_start_date", "quantity"]]
    rows.to_csv(f"{case}/expected/drug_exposure.csv", index=False)


main(sys.argv[1])
