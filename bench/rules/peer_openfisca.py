"""OpenFisca-Core in its best form: whole arrays, one variable for each answer, dates compared with folded days.

Run by the Python of .venv-bench: `peer_openfisca.py REGISTER AMOUNTS`. Unknown becomes the default value, as it does there.
"""

from __future__ import annotations

import sys
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

import numpy as np
import polars as pl
from openfisca_core.entities import Entity
from openfisca_core.indexed_enums import Enum, EnumArray
from openfisca_core.periods import DateUnit
from openfisca_core.simulations import Simulation, SimulationBuilder
from openfisca_core.taxbenefitsystems import TaxBenefitSystem
from openfisca_core.variables import Variable

sys.path.insert(0, str(Path(__file__).resolve().parents[2]))

from bench.rules.measuring import measure, tell
from bench.rules.plain import ALL_FACTS, POLICIES, facts_of

Array = Any
_PERIOD = "2025-06-30"


class Coded:
    """An array of an enumeration, compared with codes."""

    def __init__(self, values: Array, codes: list[str]) -> None:
        """With the codes in their order."""
        self.values, self._places = values, {code: place for place, code in enumerate(codes)}

    def __eq__(self, code: object) -> Array:  # type: ignore[override]
        return np.asarray(self.values) == self._places[str(code)]

    def __ne__(self, code: object) -> Array:  # type: ignore[override]
        return np.asarray(self.values) != self._places[str(code)]

    __hash__ = None  # type: ignore[assignment]


def _months(start: Array, end: Array) -> Array:
    whole = end.astype("datetime64[M]"), start.astype("datetime64[M]")
    late = (start - whole[1]) > (end - whole[0])
    is_end = (end + 1).astype("datetime64[M]") != whole[0]
    return (whole[0] - whole[1]).astype(int) - (late & ~is_end)


GIVEN: dict[str, Callable[..., Array]] = {
    "day": np.datetime64,
    "isin": lambda held, codes: np.logical_or.reduce([held == code for code in codes]),
    "least": np.minimum,
    "pick": np.where,
    "months": _months,
}


def _formula(text: str, enums: dict[str, list[str]]) -> Callable[..., Array]:
    code, facts = compile(text, text[:20], "eval"), sorted(facts_of(text))

    def _run(enterprise: Any, period: Any) -> Array:
        held = {key: enterprise(key, period) for key in facts}
        coded = {key: Coded(value, enums[key]) if key in enums else value for key, value in held.items()}
        return eval(code, {**GIVEN, **coded})  # noqa: S307 - our own text

    return _run


def make_system(enums: dict[str, list[str]], types: dict[str, Any]) -> TaxBenefitSystem:
    """All variables: the facts, and for each policy whether it applies and how much it gives."""
    entity = Entity("enterprise", "enterprises", "", "")
    system = TaxBenefitSystem([entity])

    def _add(name: str, value_type: Any, formula: Callable[..., Array] | None = None, **more: Any) -> None:
        body: dict[str, Any] = {
            "value_type": value_type,
            "entity": entity,
            "definition_period": DateUnit.ETERNITY,
            **more,
        }
        if formula is not None:
            body["formula"] = formula
        system.add_variable(type(name, (Variable,), body))

    for fact in ALL_FACTS:
        if fact in enums:
            values = Enum(fact, {code: code for code in enums[fact]})
            _add(fact, Enum, possible_values=values, default_value=next(iter(values)))
        else:
            _add(fact, types[fact])
    for name, (conditions, amount) in POLICIES.items():
        _add(name, bool, _formula(" & ".join(f"({one})" for one in conditions), enums))
        _add(f"{name}_amount", float, _formula(f"pick({name}, {amount.replace('//', '/')}, 0)", enums))
    return system


def read_arrays(path: str) -> tuple[dict[str, Array], dict[str, list[str]], dict[str, Any]]:
    """The register's columns as arrays, defaults where nothing is known; enumerations; types."""
    arrays, enums, types = dict[str, Array](), dict[str, list[str]](), dict[str, Any]()
    for column in pl.read_parquet(path, columns=ALL_FACTS):
        name = column.name
        if isinstance(column.dtype, pl.Enum):
            enums[name] = column.dtype.categories.to_list()
            arrays[name] = column.to_physical().fill_null(0).to_numpy()
        elif column.dtype == pl.Date:
            types[name], arrays[name] = date, column.fill_null(date(1970, 1, 1)).to_numpy()
        elif column.dtype == pl.Boolean:
            types[name], arrays[name] = bool, column.fill_null(False).to_numpy()
        else:
            types[name], arrays[name] = float, column.fill_null(0).cast(pl.Float32).to_numpy()
    return arrays, enums, types


def read_arrays_with_pandas(path: str, enums: dict[str, list[str]]) -> dict[str, Array]:
    """The same by way of a pandas data frame, as OpenFisca's own tools for surveys hold theirs."""
    import pandas as pd  # noqa: PLC0415 - must not weigh on the memory of what is measured before
    import pyarrow.parquet as pq  # noqa: PLC0415 - as above

    arrays = dict[str, Array]()
    frame = pq.read_table(path, columns=ALL_FACTS).to_pandas(date_as_object=False)
    for name, column in frame.items():
        if name in enums:
            codes = column.cat.set_categories(enums[name]).cat.codes.to_numpy()
            arrays[name] = np.where(codes < 0, 0, codes).astype(np.uint8)
        elif column.dtype.kind == "M":
            arrays[name] = column.fillna(pd.Timestamp(1970, 1, 1)).to_numpy().astype("datetime64[D]")
        elif column.dtype in (bool, object):
            arrays[name] = column.eq(True).to_numpy()
        else:
            arrays[name] = column.fillna(0).to_numpy().astype(np.float32)
    return arrays


def simulate(system: TaxBenefitSystem, arrays: dict[str, Array]) -> Simulation:
    """Every answer for every row."""
    count = len(next(iter(arrays.values())))
    simulation = SimulationBuilder().build_default_simulation(system, count)
    for name, array in arrays.items():
        variable = system.get_variable(name)
        held = EnumArray(array, variable.possible_values) if variable.value_type is Enum else array
        simulation.set_input(name, _PERIOD, held)
    for name in POLICIES:
        simulation.calculate(name, _PERIOD)
        simulation.calculate(f"{name}_amount", _PERIOD)
    return simulation


def main() -> None:
    """Measure in memory and from the file, then write the amounts for comparison."""
    register, target = sys.argv[1], sys.argv[2]
    arrays, enums, types = read_arrays(register)
    system = make_system(enums, types)
    tell(what="OpenFisca-Core, in memory", **measure(lambda: simulate(system, arrays), runs=3))
    tell(what="OpenFisca-Core, from file", **measure(lambda: simulate(system, read_arrays(register)[0]), runs=3))
    tell(
        what="OpenFisca-Core, from file with pandas",
        **measure(lambda: simulate(system, read_arrays_with_pandas(register, enums)), runs=3),
    )
    again = read_arrays_with_pandas(register, enums)
    if not all(np.array_equal(arrays[name], again[name]) for name in arrays):
        raise ValueError("pandas reads something else than Polars does")
    found = simulate(system, arrays)
    columns = {}
    for name in POLICIES:
        columns[name] = found.calculate(name, _PERIOD)
        columns[f"{name}_amount"] = np.rint(found.calculate(f"{name}_amount", _PERIOD).astype(float)).astype(np.int64)
    pl.DataFrame(columns).write_parquet(target)


if __name__ == "__main__":
    main()
