"""The method without a host."""

import math
import unittest

from componentize_py_types import Err
from wit_world.exports.fitting import ColumnUse, Recipe, Step, TableData
from wit_world.imports.types import FaultCode, Param, Scalar_Flag

import centre_scale
from autods import ipc

STEP = Step("centre-scale", [])
ROBUST = Step("centre-scale", [Param("robust", Scalar_Flag(True))])


def rows(**columns):
    made = [ipc.Column(name, ipc.FLOAT64, values) for name, values in columns.items()]
    return [TableData("rows", ipc.write(made))]


def recipe(*columns):
    uses = [ColumnUse(name, list(steps)) for name, *steps in columns]
    return Recipe(uses, None, None, [])


def code(call, *arguments):
    try:
        call(*arguments)
    except Err as error:
        return error.value.code
    return None


class Method(unittest.TestCase):
    def test_what_was_learnt_from_training_rows_is_applied_to_others(self):
        train = rows(age=[2, 4, 4, 4, None, 5, 5, 7, 9])
        fitted = centre_scale.fit(train, recipe(["age", STEP]))
        (table,) = centre_scale.apply(fitted.state, rows(age=[5, None, 7]))
        (column,) = ipc.read(table.stream)
        self.assertEqual((table.name, column.name, column.type), ("rows", "age", ipc.FLOAT32))
        self.assertEqual(column.values[:2], [0.0, None])
        self.assertAlmostEqual(column.values[2], 2 / math.sqrt(32 / 7), places=6)

    def test_the_order_of_rows_changes_no_bit(self):
        values = [0.1 * n * n for n in range(50)]
        for step in [STEP, ROBUST]:
            there = centre_scale.fit(rows(x=values), recipe(["x", step]))
            back = centre_scale.fit(rows(x=values[::-1]), recipe(["x", step]))
            self.assertEqual(there.state, back.state)

    def test_what_cannot_be_done_is_a_fault(self):
        self.assertEqual(
            code(centre_scale.fit, rows(x=[1]), recipe(["x", STEP])), FaultCode.INSUFFICIENT_DATA
        )
        self.assertEqual(
            code(centre_scale.fit, rows(x=[1, 2]), recipe(["y", STEP])), FaultCode.MISSING_INPUT
        )
        unknown = recipe(["x", Step("fold", [])])
        self.assertEqual(code(centre_scale.fit, rows(x=[1, 2]), unknown), FaultCode.UNKNOWN_PARAMETER)

    def test_a_state_of_somebody_else_is_refused(self):
        for state in [b"", b"\xff", b"[]", b'{"format": "other"}', b'{"format": "{{id}} state 1"}']:
            self.assertEqual(code(centre_scale.apply, state, rows(x=[1])), FaultCode.INVALID_STATE)


if __name__ == "__main__":
    unittest.main()
