"""Streams and cells."""

import importlib.util
import unittest

from autods import cells, ipc

COLUMNS = [
    ipc.Column("flag", ipc.BOOLEAN, [True, None, False]),
    ipc.Column("count", ipc.INT64, [1, None, -(2**63)]),
    ipc.Column("small", ipc.FLOAT32, [1.5, None, -2.0]),
    ipc.Column("weight", ipc.FLOAT64, [0.1, 0.2, 0.3]),
    ipc.Column("näme", ipc.UTF8, ["", None, "ü€"]),
    ipc.Column("day", ipc.DATE32, [0, None, -5]),
    ipc.Column("seen", ipc.TIMESTAMP, [0, None, 10**15]),
]


class Streams(unittest.TestCase):
    def test_what_is_written_is_what_is_read(self):
        self.assertEqual(ipc.read(ipc.write(COLUMNS)), COLUMNS)
        empty = [ipc.Column(column.name, column.type, []) for column in COLUMNS]
        self.assertEqual(ipc.read(ipc.write(empty)), empty)

    def test_more_rows_than_a_byte_has_bits(self):
        values = [None if n % 3 == 0 else n % 2 == 0 for n in range(1001)]
        column = ipc.Column("flag", ipc.BOOLEAN, values)
        self.assertEqual(ipc.read(ipc.write([column])), [column])

    def test_a_damaged_stream_is_an_error_and_never_another(self):
        whole = ipc.write(COLUMNS)
        for cut in range(1, len(whole) - 8, 3):
            try:
                # between two messages a stream may end
                self.assertTrue(all(column.values == [] for column in ipc.read(whole[:cut])))
            except ipc.Malformed:
                pass
        for at in range(len(whole)):
            damaged = bytearray(whole)
            damaged[at] ^= 0xFF
            try:
                ipc.read(bytes(damaged))
            except ipc.Malformed:
                pass

    @unittest.skipUnless(importlib.util.find_spec("pyarrow"), "SKIP: pyarrow is not installed")
    def test_pyarrow_reads_what_we_write_and_we_read_what_it_writes(self):
        import pyarrow

        table = pyarrow.ipc.open_stream(ipc.write(COLUMNS)).read_all()
        table.validate(full=True)
        for column, theirs in zip(COLUMNS, table.columns):
            if column.type not in (ipc.DATE32, ipc.TIMESTAMP):
                self.assertEqual(theirs.to_pylist(), column.values)
        sink = pyarrow.BufferOutputStream()
        with pyarrow.ipc.new_stream(sink, table.schema) as writer:
            writer.write_table(table)
            writer.write_table(table.slice(1, 1))
        back = ipc.read(sink.getvalue().to_pybytes())
        for column, read in zip(COLUMNS, back):
            self.assertEqual(read.values, column.values + column.values[1:2])


class Cells(unittest.TestCase):
    def test_dates_must_exist(self):
        self.assertEqual(cells.date("1969-12-31"), -1)
        self.assertEqual(cells.date("2000-02-29"), 11_016)
        self.assertEqual(cells.date("9999-12-31"), 2_932_896)
        for wrong in ["1900-02-29", "0000-01-01", "2001-1-1", "2001-01-01 ", "２００１-01-01", ""]:
            self.assertIsNone(cells.date(wrong), wrong)

    def test_a_time_is_brought_to_utc_only_where_it_has_an_offset(self):
        noon = 43_200_000_000
        for text in ["1970-01-01T12:00", "1970-01-01 12:00:00Z", "1970-01-01T14:00:00+02:00"]:
            self.assertEqual(cells.datetime(text), noon, text)
        self.assertEqual(cells.datetime("1970-01-01T08:30:00-0330"), noon)
        self.assertEqual(cells.datetime("1970-01-01T12:00:00.1234567"), noon + 123_456)
        self.assertEqual(cells.datetime("1970-01-02"), 86_400_000_000)
        for wrong in ["1970-01-01T24:00", "1970-01-01T12", "1970-01-01T12:00:00.", "1970-01-01x12:00"]:
            self.assertIsNone(cells.datetime(wrong), wrong)

    def test_numbers_are_read_strictly(self):
        self.assertEqual(cells.number("-.5"), -0.5)
        for wrong in ["NaN", "inf", "1e999", "1,5", " 1", "", "0x10", "1_000", "١"]:
            self.assertIsNone(cells.number(wrong), wrong)
        self.assertEqual(cells.integer("-7"), -7)
        for wrong in ["7.0", "9223372036854775808", "1_000", ""]:
            self.assertIsNone(cells.integer(wrong), wrong)
        self.assertIs(cells.boolean("Yes"), True)
        self.assertIsNone(cells.boolean("y"))


if __name__ == "__main__":
    unittest.main()
