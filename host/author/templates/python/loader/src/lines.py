"""Lines of a range of a source, a chunk of bytes at a time."""

from componentize_py_types import Err
from wit_world.imports import sources
from wit_world.imports.types import FaultCode

from autods.contract import fault

CHUNK = 1 << 20
# bytes of a line at most: memory does not grow with the file
LONGEST = 1 << 20


def lines(source, start, end, number):
    """Each line of the bytes `start .. end` without its end, its number in the file, and the first
    byte behind it. The first one has the number `number`."""
    rest, offset, at = b"", start, start
    while at < end:
        try:
            chunk = sources.read_at(source, at, min(CHUNK, end - at))
        except Err:
            raise fault(FaultCode.HOST_REFUSED, source=source) from None
        at += len(chunk)
        whole = (rest + chunk).split(b"\n")
        rest = whole.pop()
        for line in whole:
            offset += len(line) + 1
            yield line.removesuffix(b"\r"), number, offset
            number += 1
        if len(rest) > LONGEST:
            raise fault(FaultCode.MALFORMED, source=source, line=number)
    if rest:
        # the last line may have no end
        yield rest.removesuffix(b"\r"), number, offset + len(rest)
