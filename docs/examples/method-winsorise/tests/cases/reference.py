"""The expected numbers, by NumPy (pip install numpy):

python3 tests/cases/reference.py    # writes expected/*.csv
"""

import csv
import pathlib

import numpy as np

here = pathlib.Path(__file__).parent / "plain"
SHARES = {"age": 0.01, "lambda": 0.1}


def table(name):
    with open(here / "input" / name, newline="") as file:
        rows = list(csv.DictReader(file))
    return {c: np.array([float(r[c]) if r[c] else np.nan for r in rows]) for c in SHARES}


train = table("train.csv")
for name in ["train.csv", "apply.csv"]:
    made = {}
    for column, share in SHARES.items():
        learnt = train[column]
        low, middle, high = np.nanquantile(learnt, [share, 0.5, 1 - share])
        pull = lambda values: np.clip(np.where(np.isnan(values), middle, values), low, high)
        centre, scale = pull(learnt).mean(), pull(learnt).std(ddof=1)
        made[column] = (pull(table(name)[column]) - centre) / scale
    with open(here / "expected" / name, "w", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(made)
        writer.writerows(zip(*(map(repr, map(float, values)) for values in made.values())))
