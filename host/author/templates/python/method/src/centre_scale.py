"""Centres and scales columns of numbers.

`fit` learns the centre and the scale of every column from the training rows of one fold; `apply`
takes the one off and divides by the other. What `apply` sees of other rows never changes what was
learnt: that is all there is to "no leakage".

With `robust` the centre is the median and the scale the interquartile range (Hyndman and Fan,
"Sample quantiles in statistical packages", 1996, definition 7); without, mean and standard
deviation (n - 1).
"""

import json
import math

from wit_world.exports.fitting import Fitted, TableData
from wit_world.imports.types import FaultCode

from autods import contract, ipc
from autods.contract import fault

ROWS = "rows"
# change it whenever the meaning of a state changes: one of another version is refused
FORMAT = "{{id}} state 1"


def fit(tables, recipe):
    rows = read(tables)
    learnt = []
    for at, used in enumerate(recipe.columns):
        robust = False
        for step in used.steps:
            if step.name != "centre-scale":
                raise fault(FaultCode.UNKNOWN_PARAMETER, column=at)
            contract.only(step.params, ["robust"])
            robust = contract.flag(step.params, "robust", False)
        values = [value for value in numbers(rows, used.column, at) if value is not None]
        centre, scale = spread(values, robust, at) if used.steps else (0.0, 1.0)
        learnt.append([used.column, centre.hex(), scale.hex()])
    state = json.dumps({"format": FORMAT, "columns": learnt}).encode()
    # no rows: the training rows as `apply` gives them
    return Fitted(state, [])


def apply(state, tables):
    rows = read(tables)
    made = []
    for at, (column, centre, scale) in enumerate(parse(state)):
        values = numbers(rows, column, at)
        scaled = [None if value is None else (value - centre) / scale for value in values]
        # the design matrix is of 32-bit floats; a missing value stays missing
        made.append(ipc.Column(column, ipc.FLOAT32, scaled))
    return [TableData(ROWS, ipc.write(made))]


def spread(values, robust, at):
    """Centre and scale; values that are all the same get the scale 1."""
    if len(values) < 2:
        raise fault(FaultCode.INSUFFICIENT_DATA, column=at)
    # in one order, so that sums have the same bits whatever the order of the rows
    values = sorted(values)
    if robust:
        centre = quantile(values, 0.5)
        scale = quantile(values, 0.75) - quantile(values, 0.25)
    else:
        centre = math.fsum(values) / len(values)
        squares = math.fsum((value - centre) ** 2 for value in values)
        scale = math.sqrt(squares / (len(values) - 1))
    if not (math.isfinite(centre) and math.isfinite(scale)):
        raise fault(FaultCode.INSUFFICIENT_DATA, column=at)
    return centre, scale if scale > 0 else 1.0


def quantile(ordered, share):
    """Linear interpolation between the two nearest of sorted values."""
    place = share * (len(ordered) - 1)
    low, high = ordered[math.floor(place)], ordered[math.ceil(place)]
    return low + (place - math.floor(place)) * (high - low)


def read(tables):
    """The columns of the main table, by name."""
    for table in tables:
        if table.name == ROWS:
            return {column.name: column for column in ipc.read(table.stream)}
    raise fault(FaultCode.MISSING_INPUT)


def numbers(rows, name, at):
    """A column of numbers, whole or not."""
    column = rows.get(name)
    if column is None or column.type not in (ipc.INT64, ipc.FLOAT64):
        raise fault(FaultCode.MISSING_INPUT, column=at)
    return column.values


def parse(state):
    """What was learnt. Whoever runs this may hand over anything: nothing is taken for granted."""
    try:
        found = json.loads(state)
        if found["format"] == FORMAT:
            return [(n, float.fromhex(c), float.fromhex(s)) for n, c, s in found["columns"]]
    except (ValueError, KeyError, TypeError, OverflowError):
        pass
    raise fault(FaultCode.INVALID_STATE)
