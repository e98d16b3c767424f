"""The expected numbers, by Python's own `statistics` (any Python 3.8 or newer):

python3 tests/cases/reference.py    # writes expected/*.csv of both cases
"""

import csv
import pathlib
import statistics

here = pathlib.Path(__file__).parent


def column(path, name):
    with open(path, newline="") as file:
        return [None if row[name] == "" else float(row[name]) for row in rows(file)]


def rows(file):
    # csv.DictReader leaves out blank lines; here one is a missing value
    lines = file.read().split("\n")[:-1]
    names = lines[0].split(",")
    return [dict(zip(names, line.split(","))) for line in lines[1:]]


def spread(values, robust):
    values = [value for value in values if value is not None]
    if robust:
        low, middle, high = statistics.quantiles(values, n=4, method="inclusive")
        return middle, high - low
    return statistics.mean(values), statistics.stdev(values)


def write(case, columns):
    for name in ["train", "apply"]:
        made = []
        for label, robust in columns:
            train = column(here / case / "input/train.csv", label)
            centre, scale = (0.0, 1.0) if robust is None else spread(train, robust)
            values = column(here / case / f"input/{name}.csv", label)
            made.append(["" if v is None else repr((v - centre) / scale) for v in values])
        (here / case / "expected").mkdir(exist_ok=True)
        with open(here / case / "expected" / f"{name}.csv", "w") as file:
            file.write(",".join(label for label, _ in columns) + "\n")
            for row in zip(*made):
                file.write(",".join(row) + "\n")


write("plain", [("age", False), ("weight", False), ("score", None)])
write("robust", [("weight", True)])
