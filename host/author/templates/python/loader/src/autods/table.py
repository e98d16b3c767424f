"""Rows of text into typed batches."""

from componentize_py_types import Err
from wit_world.imports import sink
from wit_world.imports.types import FaultCode, ValueKind

from autods import cells, ipc
from autods.contract import fault

# rows that are gathered before they are emitted
BATCH_ROWS = 8192

_STORED = {
    ValueKind.BOOLEAN: (ipc.BOOLEAN, cells.boolean),
    ValueKind.INTEGER: (ipc.INT64, cells.integer),
    ValueKind.NUMBER: (ipc.FLOAT64, cells.number),
    ValueKind.CATEGORY: (ipc.UTF8, cells.text),
    ValueKind.ORDINAL: (ipc.UTF8, cells.text),
    ValueKind.DATE: (ipc.DATE32, cells.date),
    ValueKind.DATETIME: (ipc.TIMESTAMP, cells.datetime),
    ValueKind.TEXT: (ipc.UTF8, cells.text),
    ValueKind.IDENTIFIER: (ipc.UTF8, cells.text),
}


class TableWriter:
    """Builds a table of the job row by row and emits it in batches."""

    def __init__(self, table):
        self.name, self.emitted = table.name, 0
        self.columns, self.readers = [], []
        for column in table.columns:
            kind, read = _STORED[column.kind]
            coded = column.kind in (ValueKind.CATEGORY, ValueKind.ORDINAL)
            codes = {coding.code for coding in column.codings} if coded else set()
            missing = {"", *table.missing, *column.missing}
            self.columns.append(ipc.Column(column.name, kind, []))
            self.readers.append((read, codes, missing))

    def row(self, values, where):
        """Adds a row of texts by column; a column that is not there is a missing value, and so is
        an empty text and every text that the dictionary lists as such. `where` goes into a fault."""
        for at, (read, codes, missing) in enumerate(self.readers):
            text, value = values.get(at), None
            if text is not None and text not in missing:
                if codes and text not in codes:
                    raise fault(FaultCode.UNKNOWN_CODE, column=at, **where)
                value = read(text)
                if value is None:
                    raise fault(FaultCode.INVALID_VALUE, column=at, **where)
            self.columns[at].values.append(value)
        if len(self.columns[0].values) >= BATCH_ROWS:
            self._flush()

    def finish(self):
        """Emits what is left; gives the number of rows emitted."""
        self._flush()
        return self.emitted

    def _flush(self):
        rows = len(self.columns[0].values)
        if rows == 0:
            return
        try:
            sink.emit(self.name, ipc.write(self.columns))
        except Err:
            raise fault(FaultCode.HOST_REFUSED) from None
        self.emitted += rows
        for column in self.columns:
            column.values.clear()
