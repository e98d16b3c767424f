"""Texts read as the kinds of a data dictionary. Each gives `None` for a text that is not of its
kind; nothing is trimmed. The same rules as in the Rust SDK."""

import datetime as _datetime
import math
import re

_EPOCH = _datetime.date(1970, 1, 1).toordinal()
_INTEGER = re.compile(r"[+-]?[0-9]+", re.ASCII)
_NUMBER = re.compile(r"[+-]?([0-9]+\.?[0-9]*|\.[0-9]+)([eE][+-]?[0-9]+)?", re.ASCII)
_DATE = re.compile(r"([0-9]{4})-([0-9]{2})-([0-9]{2})", re.ASCII)
_TIME = re.compile(
    r"[Tt ]([0-9]{2}):([0-9]{2})(?::([0-9]{2})(?:[.,]([0-9]+))?)?"
    r"(?:[Zz]|([+-])([0-9]{2})(?::?([0-9]{2}))?)?",
    re.ASCII,
)


def boolean(text):
    """`true`/`false`, `yes`/`no`, `1`/`0`, in any case."""
    return {"1": True, "true": True, "yes": True, "0": False, "false": False, "no": False}.get(
        text.lower()
    )


def integer(text):
    """A whole number of 64 bits."""
    if not _INTEGER.fullmatch(text) or len(text) > 40:
        return None
    value = int(text)
    return value if -(2**63) <= value < 2**63 else None


def number(text):
    """A finite number with a point as its decimal mark."""
    if not _NUMBER.fullmatch(text):
        return None
    value = float(text)
    return value if math.isfinite(value) else None


def date(text):
    """Days since 1970-01-01 of `YYYY-MM-DD`, years 0001 to 9999."""
    match = _DATE.fullmatch(text)
    if not match:
        return None
    try:
        return _datetime.date(*map(int, match.groups())).toordinal() - _EPOCH
    except ValueError:
        return None


def datetime(text):
    """Microseconds since 1970-01-01T00:00 of `YYYY-MM-DD[T| ]hh:mm[:ss[.ffffff]][Z|±hh[:]mm]`. A
    time with an offset is brought to UTC, one without is taken as it stands; a date alone is its
    midnight; digits past the microsecond are cut off."""
    days = date(text[:10])
    if days is None:
        return None
    midnight = days * 86_400 * 1_000_000
    if len(text) == 10:
        return midnight
    match = _TIME.fullmatch(text[10:])
    if not match:
        return None
    hour, minute, second, fraction, sign, hours, minutes = match.groups()
    hour, minute, second = int(hour), int(minute), int(second or 0)
    offset = (int(hours or 0), int(minutes or 0))
    if hour > 23 or minute > 59 or second > 59 or offset[0] > 23 or offset[1] > 59:
        return None
    micros = int((fraction or "0")[:6].ljust(6, "0"))
    shift = (offset[0] * 60 + offset[1]) * (-1 if sign == "-" else 1)
    seconds = hour * 3600 + (minute - shift) * 60 + second
    return midnight + seconds * 1_000_000 + micros


def text(text):
    """Any text."""
    return text
