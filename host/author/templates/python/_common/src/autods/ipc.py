"""Arrow IPC streams, uncompressed, in pure Python: what crosses the border of a plugin.

The part of the format that the contract allows (https://arrow.apache.org/docs/format/Columnar.html):
flat columns of seven types, no dictionaries, no compression, no metadata. A column is a list in
which `None` is a missing value.
"""

import array
import struct
import sys
from dataclasses import dataclass

# Arrow's type number, and how a value lies in memory.
BOOLEAN, INT64, FLOAT32, FLOAT64 = "boolean", "int64", "float32", "float64"
UTF8, DATE32, TIMESTAMP = "utf8", "date32", "timestamp"
_PLAIN = {INT64: "q", FLOAT32: "f", FLOAT64: "d", DATE32: "i", TIMESTAMP: "q"}
_SCHEMA, _BATCH, _V5 = 1, 3, 4
_INT, _FLOAT, _UTF8, _BOOL, _DATE, _TIMESTAMP = 2, 3, 5, 6, 8, 10


class Malformed(ValueError):
    """The bytes are not a stream of this part of the format."""


@dataclass
class Column:
    """A column: its name, one of the types above, its values."""

    name: str
    type: str
    values: list


def write(columns):
    """One stream with one batch. Columns are of the same length."""
    rows = len(columns[0].values) if columns else 0
    if any(len(column.values) != rows for column in columns):
        raise ValueError("columns of different lengths")
    body, nodes, buffers = bytearray(), [], []
    for column in columns:
        missing = sum(value is None for value in column.values)
        nodes.append(struct.pack("<qq", rows, missing))
        for buffer in _buffers(column, missing):
            buffers.append(struct.pack("<qq", len(body), len(buffer)))
            body += buffer
            body += bytes(-len(body) % 8)
    schema = _Table({0: ("h", 0), 1: [_field(column) for column in columns]})
    batch = _Table({0: ("q", rows), 1: b"".join(nodes), 2: b"".join(buffers)})
    return b"".join(
        [_message(_SCHEMA, schema, b""), _message(_BATCH, batch, bytes(body)), b"\xff" * 4, bytes(4)]
    )


def _buffers(column, missing):
    values = column.values
    present = _bits([value is not None for value in values]) if missing else b""
    if column.type == BOOLEAN:
        return present, _bits([value is True for value in values])
    if column.type == UTF8:
        texts = [b"" if value is None else value.encode() for value in values]
        offsets, end = array.array("i", [0]), 0
        for text in texts:
            end += len(text)
            offsets.append(end)
        return present, _little(offsets), b"".join(texts)
    if missing:
        values = [0 if value is None else value for value in values]
    return present, _little(array.array(_PLAIN[column.type], values))


def _little(values):
    if sys.byteorder == "big":
        values.byteswap()
    return values.tobytes()


def _bits(flags):
    """Bit i of byte i // 8, the lowest first."""
    if not flags:
        return b""
    text = "".join("1" if flag else "0" for flag in reversed(flags))
    return int(text, 2).to_bytes((len(flags) + 7) // 8, "little")


def _field(column):
    # what each type is in the schema: its number, and a table that says more
    more = {
        BOOLEAN: (_BOOL, {}),
        INT64: (_INT, {0: ("i", 64), 1: ("B", 1)}),
        FLOAT32: (_FLOAT, {0: ("h", 1)}),
        FLOAT64: (_FLOAT, {0: ("h", 2)}),
        UTF8: (_UTF8, {}),
        DATE32: (_DATE, {0: ("h", 0)}),
        TIMESTAMP: (_TIMESTAMP, {0: ("h", 2)}),
    }
    number, of = more[column.type]
    return _Table({0: column.name, 1: ("B", 1), 2: ("B", number), 3: _Table(of), 5: []})


def _message(kind, header, body):
    table = _Table({0: ("h", _V5), 1: ("B", kind), 2: header, 3: ("q", len(body))})
    metadata = _flatbuffer(table)
    return struct.pack("<II", 0xFFFFFFFF, len(metadata)) + metadata + body


# ------------------------------------------------------------------------------- flatbuffers, out


class _Table:
    """A table: a number with its format, a text, a list of tables, the bytes of 16-byte structs,
    or a table, by slot."""

    def __init__(self, slots):
        self.slots = slots


def _flatbuffer(root):
    out = bytearray(4)
    struct.pack_into("<I", out, 0, _put(out, root))
    out += bytes(-len(out) % 8)
    return bytes(out)


def _put(out, item):
    """Appends an item behind everything that points at it; gives its place."""
    if isinstance(item, str):
        text = item.encode()
        out += bytes(-len(out) % 4)
        place = len(out)
        out += struct.pack("<I", len(text)) + text + b"\0"
        return place
    if isinstance(item, bytes):
        out += bytes((4 - len(out)) % 8)
        place = len(out)
        out += struct.pack("<I", len(item) // 16) + item
        return place
    if isinstance(item, list):
        out += bytes(-len(out) % 4)
        place = len(out)
        out += struct.pack("<I", len(item)) + bytes(4 * len(item))
        for at, element in enumerate(item):
            slot = place + 4 + 4 * at
            struct.pack_into("<I", out, slot, _put(out, element) - slot)
        return place
    return _put_table(out, item.slots)


def _put_table(out, slots):
    count = max(slots, default=-1) + 1
    format_of = {slot: item[0] if isinstance(item, tuple) else "I" for slot, item in slots.items()}
    # widest first, so that each lies at a multiple of its width
    order = sorted(slots, key=lambda slot: -struct.calcsize(format_of[slot]))
    offsets, size = {}, 4
    for slot in order:
        width = struct.calcsize(format_of[slot])
        size += -size % width
        offsets[slot] = size
        size += width
    table = struct.pack("<HH", 4 + 2 * count, size)
    table += b"".join(struct.pack("<H", offsets.get(slot, 0)) for slot in range(count))
    out += bytes(-(len(out) + len(table)) % 8)
    at = len(out)
    out += table
    place = len(out)
    out += struct.pack("<i", place - at) + bytes(size - 4)
    for slot in order:
        where = place + offsets[slot]
        item = slots[slot]
        if isinstance(item, tuple):
            struct.pack_into("<" + item[0], out, where, item[1])
        else:
            struct.pack_into("<I", out, where, _put(out, item) - where)
    return place


# ----------------------------------------------------------------------------------------- reading


def read(stream):
    """The columns of a stream, its batches one behind the other.

    Raises `Malformed`. The host has checked what it hands over; this says so of anything else.
    """
    try:
        return _read(memoryview(stream).cast("B"))
    except (struct.error, IndexError, KeyError, UnicodeDecodeError, OverflowError) as error:
        raise Malformed("not a stream of this part of the format") from error


def _read(stream):
    at, columns = 0, None
    while at < len(stream):
        mark, length = struct.unpack_from("<Ii", stream, at)
        if mark != 0xFFFFFFFF or length < 0:
            raise Malformed("a message does not begin with its mark")
        at += 8
        if length == 0:
            break
        message = _root(stream[at : at + length])
        at += length
        kind, header, size = message.number(1, "B"), message.table(2), message.number(3, "q")
        body = stream[at : at + size]
        if len(body) != size:
            raise Malformed("a body ends too early")
        at += size
        if kind == _SCHEMA:
            columns = [_column(field) for field in header.tables(1)]
        elif kind == _BATCH and columns is not None:
            _extend(columns, header, body)
        else:
            raise Malformed("a message of another kind")
    if columns is None:
        raise Malformed("no schema")
    return columns


def _column(field):
    number, more = field.number(2, "B"), field.table(3)
    if number == _INT and (more.number(0, "i"), more.number(1, "B")) == (64, 1):
        kind = INT64
    elif number == _FLOAT:
        kind = {1: FLOAT32, 2: FLOAT64}[more.number(0, "h")]
    elif number == _TIMESTAMP and more.number(0, "h") == 2:
        kind = TIMESTAMP
    elif number == _DATE and more.number(0, "h", 1) == 0:
        kind = DATE32
    else:
        kind = {_UTF8: UTF8, _BOOL: BOOLEAN}[number]
    return Column(field.text(0), kind, [])


def _extend(columns, header, body):
    rows = header.number(0, "q")
    nodes, places = header.structs(1), iter(header.structs(2))

    def buffer(needed):
        start, length = next(places, (0, -1))
        taken = body[start : start + length]
        if start < 0 or length < 0 or len(taken) != length or length < needed:
            raise Malformed("a buffer is not inside its body, or too short")
        return taken

    if header.table(3) is not None or len(nodes) != len(columns) or rows < 0:
        raise Malformed("compressed, or not as many columns as the schema says")
    for column, (length, missing) in zip(columns, nodes):
        if length != rows:
            raise Malformed("a column of another length")
        present = buffer((rows + 7) // 8 if missing else 0)
        if column.type == BOOLEAN:
            values = _flags(buffer((rows + 7) // 8), rows)
        elif column.type == UTF8:
            offsets = _numbers(buffer(4 * (rows + 1) if rows else 0), "i", rows + 1 if rows else 0)
            text = bytes(buffer(0))
            if any(a > b for a, b in zip(offsets, offsets[1:])) or (offsets and not 0 <= offsets[0] <= offsets[-1] <= len(text)):
                raise Malformed("a text is not inside its buffer")
            values = [text[a:b].decode() for a, b in zip(offsets, offsets[1:])]
        else:
            format = _PLAIN[column.type]
            values = _numbers(buffer(struct.calcsize(format) * rows), format, rows)
        if missing:
            values = [v if there else None for v, there in zip(values, _flags(present, rows))]
        column.values.extend(values)


def _numbers(buffer, format, count):
    values = array.array(format)
    values.frombytes(bytes(buffer[: values.itemsize * count]))
    if sys.byteorder == "big":
        values.byteswap()
    return values.tolist()


def _flags(buffer, count):
    return [bool(buffer[at >> 3] >> (at & 7) & 1) for at in range(count)]


def _root(data):
    return _Reader(data, struct.unpack_from("<I", data, 0)[0])


class _Reader:
    """A flatbuffers table in its bytes."""

    def __init__(self, data, at):
        self.data, self.at = data, at
        self.names = at - struct.unpack_from("<i", data, at)[0]
        if self.names < 0:
            raise Malformed("a table lies outside its message")

    def slot(self, slot):
        if 4 + 2 * slot + 2 > struct.unpack_from("<H", self.data, self.names)[0]:
            return None
        offset = struct.unpack_from("<H", self.data, self.names + 4 + 2 * slot)[0]
        return self.at + offset if offset else None

    def number(self, slot, format, default=0):
        place = self.slot(slot)
        return default if place is None else struct.unpack_from("<" + format, self.data, place)[0]

    def target(self, slot):
        place = self.slot(slot)
        return None if place is None else place + struct.unpack_from("<I", self.data, place)[0]

    def table(self, slot):
        place = self.target(slot)
        return None if place is None else _Reader(self.data, place)

    def text(self, slot):
        place = self.target(slot)
        if place is None:
            return ""
        length = struct.unpack_from("<I", self.data, place)[0]
        return bytes(self.data[place + 4 : place + 4 + length]).decode()

    def _elements(self, slot, width):
        place = self.target(slot)
        if place is None:
            return []
        count = struct.unpack_from("<I", self.data, place)[0]
        if count * width > len(self.data):
            raise Malformed("a list is longer than its message")
        return [place + 4 + width * at for at in range(count)]

    def tables(self, slot):
        places = self._elements(slot, 4)
        return [_Reader(self.data, at + struct.unpack_from("<I", self.data, at)[0]) for at in places]

    def structs(self, slot):
        return [struct.unpack_from("<qq", self.data, at) for at in self._elements(slot, 16)]
