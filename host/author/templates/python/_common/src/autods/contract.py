"""Faults and parameters, as the contract has them."""

from componentize_py_types import Err
from wit_world.imports.types import Fault, FaultCode


def fault(code, *, source=None, line=None, column=None, expected=None, found=None):
    """A fault to `raise`: a code and numbers, never a text of yours."""
    return Err(Fault(code, source, line, column, expected, found))


def only(params, names):
    """That every parameter is one of `names`, and none stands twice."""
    seen = [param.name for param in params]
    if len(set(seen)) != len(seen) or not set(seen) <= set(names):
        raise fault(FaultCode.UNKNOWN_PARAMETER)


def _value(params, name, default, kind):
    for param in params:
        if param.name == name:
            # `missing` has no value
            value = getattr(param.value, "value", None)
            if value is None:
                return default
            if type(value) is not kind:
                raise fault(FaultCode.UNKNOWN_PARAMETER)
            return value
    return default


def text(params, name, default):
    """The text of that parameter."""
    return _value(params, name, default, str)


def flag(params, name, default):
    """The flag of that parameter."""
    return _value(params, name, default, bool)
