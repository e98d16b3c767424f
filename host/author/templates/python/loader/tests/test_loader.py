"""The loader without a host: functions here stand in for it."""

import unittest
from unittest import mock

from componentize_py_types import Err
from wit_world.exports.ingest import ColumnSpec, Job, TableSpec
from wit_world.imports import sink, sources
from wit_world.imports.types import FaultCode, Param, Scalar_Text, ValueKind

import key_values
from autods import ipc


def job(columns, params=()):
    specs = [ColumnSpec(name, kind, None, [], []) for name, kind in columns]
    return Job([TableSpec("readings", specs, ["?"])], list(params))


def load_all(job, text, shard_bytes=1):
    """Plans, loads every shard; gives the rows of the table, and the number of records."""
    data = text.encode()
    emitted, records = [], 0
    with (
        mock.patch.object(sources, "describe", lambda: [sources.SourceInfo("a.kv", len(data), False)]),
        mock.patch.object(sources, "read_at", lambda source, at, length: data[at : at + length]),
        mock.patch.object(sink, "emit", lambda table, stream: emitted.append((table, stream))),
        mock.patch.object(sink, "metric", lambda name, column, value: None),
    ):
        for shard in key_values.plan(job, shard_bytes):
            records += key_values.load(job, shard).records
    rows = []
    for table, stream in emitted:
        assert table == "readings"
        rows += zip(*(column.values for column in ipc.read(stream)))
    return rows, records


class Loader(unittest.TestCase):
    def test_a_key_that_is_not_there_is_a_missing_value(self):
        wanted = job([("id", ValueKind.INTEGER), ("age", ValueKind.NUMBER)])
        for shard_bytes in [1, 10, 1 << 20]:
            rows, records = load_all(wanted, "#keys id age\nid=1;age=63\nid=2\nage=?;id=3", shard_bytes)
            self.assertEqual(rows, [(1, 63.0), (2, None), (3, None)])
            self.assertEqual(records, 3)

    def test_every_wrong_line_is_a_fault_that_names_it(self):
        wanted = job([("id", ValueKind.INTEGER)])
        for text, code, line in [
            ("", FaultCode.EMPTY_INPUT, 1),
            ("id=1\n", FaultCode.MALFORMED, 1),
            ("#keys age\n", FaultCode.MISSING_COLUMN, 1),
            ("#keys id id\n", FaultCode.DUPLICATE_COLUMN, 1),
            ("#keys id\nid=1\nid\n", FaultCode.MALFORMED, 3),
            ("#keys id\nid=1\nage=1\n", FaultCode.MALFORMED, 3),
            ("#keys id\nid=1;id=2\n", FaultCode.DUPLICATE_COLUMN, 2),
            ("#keys id\nid=one\n", FaultCode.INVALID_VALUE, 2),
        ]:
            with self.subTest(text), self.assertRaises(Err) as raised:
                load_all(wanted, text)
            fault = raised.exception.value
            self.assertEqual((fault.code, fault.line), (code, line))

    def test_a_separator_is_one_character(self):
        for separator, good in [("|", True), ("", False), ("=", False), ("||", False)]:
            wanted = job([("id", ValueKind.INTEGER)], [Param("separator", Scalar_Text(separator))])
            if good:
                load_all(wanted, "#keys id\nid=1\n")
            else:
                with self.assertRaises(Err):
                    load_all(wanted, "#keys id\nid=1\n")


if __name__ == "__main__":
    unittest.main()
