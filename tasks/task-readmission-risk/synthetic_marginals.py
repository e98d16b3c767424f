#!/usr/bin/env python3
"""Print the `synthetic.columns` section of TASK.md from the real file.

    python3 synthetic_marginals.py data/diabetic_data.csv

The section between the two marker lines of TASK.md is this output, unchanged. It needs nothing but
Python 3.8 or newer, reads one file and writes to standard output only.

Source: diabetic_data.csv of "Diabetes 130-US Hospitals for Years 1999-2008" (UCI Machine Learning
Repository, doi 10.24432/C5230J, CC BY 4.0; B. Strack et al. 2014, doi 10.1155/2014/781670).

What is printed is disclosure-controlled, because a public file deserves the same care as any other:

- a level is printed only if it has at least 11 rows, and shares are rounded to 0.001;
- an effect is printed only if at least 11 rows of the level have the outcome and at least 11 have
  not; it is the log-odds of the outcome in the level minus that of everybody, shrunk by 50 rows of
  everybody's risk, and rounded to 0.05;
- of a count, only mean, standard deviation and the rounded 99th percentile are printed; its effect
  is the slope of a logistic regression on that one column, for one standard deviation;
- no two columns are looked at together, except each with the outcome.

Three things are set by hand. Every code for death is `never`, because the dead are not readmitted.
Codes for death whose counts are too small to print get the nominal weight NOMINAL. `11` (expired)
is MORE_DEATHS times as frequent as in the file, so that a cohort this small can show what the real
one shows: that no such stay is followed by a readmission.
"""

import collections
import csv
import gzip
import math
import sys

LEAST = 11
SHRINK = 50
CODES_SHOWN = {"diag_1": 60, "diag_2": 40, "diag_3": 40, "medical_specialty": 24}
PER_SUBJECT = {"race", "gender", "age"}
COUNTS = ["time_in_hospital", "num_lab_procedures", "num_medications"]
# what carries an effect; the other columns are drawn without one
EFFECTS = {
    "age", "discharge_disposition_id", "admission_source_id", "payer_code", "medical_specialty",
    "number_outpatient", "number_emergency", "number_inpatient", "diag_1", "diag_2",
    "number_diagnoses", "A1Cresult", "metformin", "insulin", "diabetesMed",
}
DEATH = ["11", "19", "20", "21"]
NOMINAL = 0.0005
MORE_DEATHS = 4
IDENTIFIERS = {"encounter_id", "patient_nbr"}
OUTCOME, POSITIVE, MISSING = "readmitted", "<30", "?"


def read(path):
    """Columns by name, as lists of texts."""
    opened = gzip.open(path, "rt", newline="") if path.endswith(".gz") else open(path, newline="")
    with opened as file:
        reader = csv.reader(file)
        header = next(reader)
        columns = list(zip(*reader))
    return dict(zip(header, columns))


def logit(p):
    return math.log(p / (1 - p))


def effect_of(n, events, everybody):
    """Shrunken difference in log-odds, or None where it must not be shown."""
    if events < LEAST or n - events < LEAST:
        return None
    risk = (events + SHRINK * everybody) / (n + SHRINK)
    return round(round((logit(risk) - logit(everybody)) / 0.05) * 0.05, 2)


def slope(values, outcome):
    """Log-odds per standard deviation: logistic regression on one column, by Newton's method."""
    n = len(values)
    mean = sum(values) / n
    sd = math.sqrt(sum((v - mean) ** 2 for v in values) / n)
    # equal values share their terms
    cells = collections.defaultdict(lambda: [0, 0])
    for value, happened in zip(values, outcome):
        cells[value][0] += 1
        cells[value][1] += happened
    a, b = logit(sum(outcome) / n), 0.0
    for _ in range(25):
        g0 = g1 = h00 = h01 = h11 = 0.0
        for value, (rows, events) in cells.items():
            z = (value - mean) / sd
            p = 1 / (1 + math.exp(-(a + b * z)))
            w = rows * p * (1 - p)
            g0 += events - rows * p
            g1 += (events - rows * p) * z
            h00, h01, h11 = h00 + w, h01 + w * z, h11 + w * z * z
        det = h00 * h11 - h01 * h01
        a += (h11 * g0 - h01 * g1) / det
        b += (h00 * g1 - h01 * g0) / det
    return b


def quoted(code):
    return '"' + code.replace('"', '\\"') + '"'


def levels(name, values, outcome, everybody):
    """`code: weight` or `code: [weight, effect]`, and the share that is missing."""
    rows, events = collections.Counter(), collections.Counter()
    for value, happened in zip(values, outcome):
        rows[value] += 1
        events[value] += happened
    missing = rows.pop(MISSING, 0) if name != "max_glu_serum" else 0
    shown = [c for c in rows if rows[c] >= LEAST]
    shown.sort(key=lambda c: (-rows[c], c))
    shown = shown[: CODES_SHOWN.get(name, len(shown))]
    numeric = all(c.lstrip("-").isdigit() for c in shown)
    shown.sort(key=(lambda c: int(c)) if numeric else (lambda c: (-rows[c], c)))
    total = len(values) - missing
    items = []
    for code in shown:
        share = max(round(rows[code] / total, 3), 0.001)
        effect = effect_of(rows[code], events[code], everybody) if name in EFFECTS else None
        if name == "discharge_disposition_id" and code in DEATH:
            items.append(f"{quoted(code)}: [{round(share * MORE_DEATHS, 3)}, never]")
        elif effect:
            items.append(f"{quoted(code)}: [{share}, {effect}]")
        else:
            items.append(f"{quoted(code)}: {share}")
    if name == "discharge_disposition_id":
        small = [c for c in DEATH if c not in shown]
        items += [f"{quoted(c)}: [{NOMINAL}, never]" for c in small]
    return items, missing / len(values)


def wrapped(head, items, tail):
    """A YAML flow map over several lines of at most 100 characters."""
    lines, line = [], head
    for i, item in enumerate(items):
        piece = item + (", " if i + 1 < len(items) else tail)
        if len(line) + len(piece.rstrip()) > 100:
            lines.append(line.rstrip())
            line = "      "
        line += piece
    lines.append(line.rstrip())
    return lines


def section(columns):
    outcome = [int(v == POSITIVE) for v in columns[OUTCOME]]
    everybody = sum(outcome) / len(outcome)
    for name, values in columns.items():
        if name in IDENTIFIERS:
            continue
        if name in COUNTS:
            numbers = [int(v) for v in values]
            n = len(numbers)
            mean = sum(numbers) / n
            sd = math.sqrt(sum((v - mean) ** 2 for v in numbers) / n)
            top = sorted(numbers)[int(0.99 * (n - 1))]
            effect = round(slope(numbers, outcome), 2)
            yield f"    {name}: {{count: {{mean: {mean:.1f}, sd: {sd:.1f}, min: 1, max: {top}}}, effect: {effect}}}"
            continue
        items, missing = levels(name, values, outcome, everybody)
        tail = "}"
        if missing >= 0.001:
            tail += f", missing: {missing:.3f}"
        if name in PER_SUBJECT:
            tail += ", per: subject"
        yield from wrapped(f"    {name}: {{levels: {{", items, tail + "}")


def main():
    if len(sys.argv) != 2:
        sys.exit("usage: synthetic_marginals.py diabetic_data.csv[.gz]")
    for line in section(read(sys.argv[1])):
        print(line)


if __name__ == "__main__":
    main()
