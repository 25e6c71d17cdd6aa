"""Quantities as fields of a cell file: text with a unit in, SI number out, with bounds and a JSON schema.

Leaves out: what a field means together with others (see ``specification``).
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Annotated, Any

from pydantic import GetCoreSchemaHandler, GetJsonSchemaHandler, StringConstraints
from pydantic_core import CoreSchema, PydanticCustomError, core_schema

from lisse.errors import InputError
from lisse.units import quantity, show


def read_quantity(value: Any, unit: str, field: str) -> float:
    """Read a quantity of a cell file, refusing text that no person would write.

    Parameters
    ----------
    value
        What the file says, for example ``"30 um"``.
    unit
        SI unit of the result, empty for a pure number.
    field
        Dotted name for the message.

    Returns
    -------
    float
        The number in ``unit``; finite.

    Raises
    ------
    InputError
        If the text is too long, does not print, holds a power of a power, or is not such a quantity.

    Examples
    --------
    >>> read_quantity("12 mg", "kg", "cathode.composite_mass")
    1.2e-05
    """
    try:
        return quantity(value, unit, field)
    except (OverflowError, RecursionError):
        raise InputError(f"{field}: {brief(value)} is not a finite number.") from None


def brief(value: Any) -> str:
    """Return ``value`` as it can stand in one line of a message."""
    try:
        text = repr(value)
    except ValueError:  # an integer of more than 4300 digits has no text
        text = "the number"
    return text if len(text) <= 60 else text[:57] + "..."


def refuse(reason: str, field: str = "") -> PydanticCustomError:
    """Return the error that a validator raises; ``field`` is added to the dotted path of the model."""
    return PydanticCustomError("lisse", "{reason}", {"reason": reason, "field": field})


@dataclass(frozen=True)
class Quantity:
    """A number with a unit and bounds, used as ``Annotated[float, Quantity(...)]``.

    Attributes
    ----------
    unit
        SI unit of the stored number.
    example
        What a person would write; its unit is the one used in messages.
    low, high
        Bounds in SI; ``low`` is excluded when ``above`` is set, ``high`` is included.
    """

    unit: str
    example: str
    low: float = -math.inf
    high: float = math.inf
    above: bool = False

    def _show(self, number: float) -> str:
        if not self.unit:
            return f"{number:g}"
        return show(number, self.unit, self.example.split(" ", 1)[1])

    def read(self, value: Any) -> float:
        """Return the SI number, or raise the error that names what is accepted."""
        try:
            number = read_quantity(value, self.unit, "?")
        except InputError as error:
            raise refuse(str(error).removeprefix("?: ").removesuffix(".")) from None
        too_low = number <= self.low if self.above else number < self.low
        if too_low or number > self.high:
            limits = []
            if self.low > -math.inf:
                limits.append(f"{'above' if self.above else 'at least'} {self._show(self.low)}")
            if self.high < math.inf:
                limits.append(f"at most {self._show(self.high)}")
            raise refuse(f"{brief(value)} is out of range; it must be {' and '.join(limits)}")
        return number

    def __get_pydantic_core_schema__(self, _source: Any, _handler: GetCoreSchemaHandler) -> CoreSchema:
        """Tell pydantic to read the field with :meth:`read`."""
        return core_schema.no_info_plain_validator_function(self.read)

    def __get_pydantic_json_schema__(self, _schema: CoreSchema, _handler: GetJsonSchemaHandler) -> dict[str, Any]:
        """Describe the field: text with a unit, or text or number where there is no unit."""
        kinds: Any = "string" if self.unit else ["number", "string"]
        example: Any = self.example if self.unit else float(self.example)
        return {"type": kinds, "description": f"SI unit: {self.unit or 'none'}", "examples": [example]}


Name = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=120)]
Text = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=2000)]

Length = Annotated[float, Quantity("m", "30 um", 0, 0.1, above=True)]
Area = Annotated[float, Quantity("m^2", "0.785 cm^2", 0, 10, above=True)]
Mass = Annotated[float, Quantity("kg", "12 mg", 0, 10, above=True)]
AreaMass = Annotated[float, Quantity("kg/m^2", "10.7 mg/cm^2", 0, 10, above=True)]
Pressure = Annotated[float, Quantity("Pa", "5 MPa", 0, 2e9)]
Force = Annotated[float, Quantity("N", "4 kN", 0, 1e9)]
Stiffness = Annotated[float, Quantity("Pa/m", "0.3 MPa/um", 0, 1e16, above=True)]
Temperature = Annotated[float, Quantity("K", "25 degC", 200, 450)]
"""From below any use to just under the melting point of lithium, 453.7 K."""
Potential = Annotated[float, Quantity("V", "4.3 V", -5, 10)]
AreaResistance = Annotated[float, Quantity("ohm*m^2", "20 ohm*cm^2", 0, 100)]
Conductivity = Annotated[float, Quantity("S/m", "1.3 mS/cm", 0, 1e8, above=True)]
CurrentDensity = Annotated[float, Quantity("A/m^2", "0.214 mA/cm^2", 0, 1e6, above=True)]
Fraction = Annotated[float, Quantity("", "0.7", 0, 1)]
PositiveFraction = Annotated[float, Quantity("", "0.8", 0, 1, above=True)]
Porosity = Annotated[float, Quantity("", "0.14", 0, 0.7)]
LithiumContent = Annotated[float, Quantity("", "0.98", 0, 1, above=True)]
HeatTransfer = Annotated[float, Quantity("W/m^2/K", "10 W/m^2/K", 0, 1e6)]
TortuosityFactor = Annotated[float, Quantity("", "4.3", 1, 1e6)]
Rate = Annotated[float, Quantity("", "0.1", 0, 1000, above=True)]
