"""Reads *key=value records*: one record a line, its fields in any order.

    #keys id age sex weight
    id=1;age=63;sex=F;weight=71.5
    sex=M;id=2;age=48

The first line of a file names its keys. A record need not have all of them: a key that is not there
is a missing value. Lines that begin with `#` and blank lines are skipped.

`plan` cuts files at the ends of lines; `load` reads one such shard.
"""

from dataclasses import dataclass

from wit_world.exports.ingest import Shard, Summary
from wit_world.imports import sink, sources
from wit_world.imports.types import FaultCode

from autods import contract
from autods.contract import fault
from autods.table import TableWriter
from lines import lines


@dataclass
class Header:
    """The keys of a file: each with its column in the dictionary, or None."""

    columns: dict
    undeclared: int
    end: int


def plan(job, shard_bytes):
    table, _ = asked(job)  # also says what is wrong with the job before any file is read
    shards = []
    for source, info in enumerate(sources.describe()):
        found = header(source, info.size, table)
        start, first_line = found.end, 2
        for _, number, end in lines(source, found.end, info.size, 2):
            if end - start >= max(shard_bytes, 1) or end == info.size:
                shards.append(Shard(source, start, end, first_line))
                start, first_line = end, number + 1
    return shards


def load(job, shard):
    table, separator = asked(job)
    size = sources.describe()[shard.source].size
    found = header(shard.source, size, table)
    writer = TableWriter(table)
    records = skipped = 0
    for line, number, _ in lines(shard.source, shard.start, shard.end, shard.first_line):
        where = {"source": shard.source, "line": number}
        try:
            text = line.decode()
        except UnicodeDecodeError:
            raise fault(FaultCode.INVALID_UTF8, **where) from None
        if not text or text.startswith("#"):
            skipped += 1
            continue
        writer.row(record(text, separator, found, where), where)
        records += 1
    emitted = writer.finish()
    # names of metrics are declared in plugin.toml
    sink.metric("records", None, records)
    sink.metric("skipped-lines", None, skipped)
    return Summary(records, emitted, found.undeclared)


def asked(job):
    """The only table of the job, and what stands between two fields."""
    contract.only(job.params, ["separator"])
    separator = contract.text(job.params, "separator", ";")
    if len(separator) != 1 or separator == "=":
        raise fault(FaultCode.PARAMETER_OUT_OF_RANGE)
    if len(job.tables) != 1:
        raise fault(FaultCode.MISSING_INPUT, expected=1, found=len(job.tables))
    return job.tables[0], separator


def header(source, size, table):
    """The first line of a file: `#keys id age sex`."""
    where = {"source": source, "line": 1}
    line, _, end = next(lines(source, 0, size, 1), (None, 0, 0))
    if line is None:
        raise fault(FaultCode.EMPTY_INPUT, **where)
    try:
        text = line.decode()
    except UnicodeDecodeError:
        raise fault(FaultCode.INVALID_UTF8, **where) from None
    if not text.startswith("#keys "):
        raise fault(FaultCode.MALFORMED, **where)
    declared = {column.name: at for at, column in enumerate(table.columns)}
    columns = {}
    for key in text.removeprefix("#keys ").split():
        if key in columns:
            # a fault is codes and numbers: the column's index, never its text
            raise fault(FaultCode.DUPLICATE_COLUMN, column=columns[key], **where)
        columns[key] = declared.get(key)
    for at, column in enumerate(table.columns):
        if column.name not in columns:
            raise fault(FaultCode.MISSING_COLUMN, column=at, **where)
    undeclared = sum(column is None for column in columns.values())
    return Header(columns, undeclared, end)


def record(text, separator, found, where):
    """The values of one record, by column: `id=1;age=63;sex=F`."""
    values = {}
    for field in text.split(separator):
        key, equals, value = field.partition("=")
        key = key.strip()
        if not equals or key not in found.columns:
            raise fault(FaultCode.MALFORMED, **where)
        column = found.columns[key]
        if column is None:
            continue
        if column in values:
            raise fault(FaultCode.DUPLICATE_COLUMN, column=column, **where)
        values[column] = value.strip()
    return values
