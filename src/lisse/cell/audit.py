"""The books of a run: lithium, charge and energy, each with two sides that come from independent quantities.

Lithium and charge compare final states of the inventories with the integral of the current; energy compares the
terminal work plus everything dissipated with the change of the free energy (at constant temperature and pressure; else
the chemical enthalpy) of the final concentration profiles.
Leaves out: heat stored as temperature (it is not part of the electrochemical book).
"""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING

from lisse.cathode.diffusion import electrode_mean, population_name
from lisse.errors import LisseError
from lisse.mechanism import Assembly, parameter

if TYPE_CHECKING:
    import pybamm

LIMITS = {"lithium_relative_error": 1e-6, "charge_relative_error": 1e-6, "energy_relative_error": 1e-4}
"""Largest relative error of each book: of the throughput for lithium and charge, of the integral of |IV| for energy."""


WORK = "Work above the middle of the window [W.h]"
DISSIPATED = "Dissipated energy [W.h]"
REVERSIBLE = "Reversible energy [W.h]"
SHORT_CHARGE = "Charge through the short [A.h]"


class AuditError(LisseError):
    """A book does not balance: the result must not be used."""


@dataclass(frozen=True)
class Audit:
    """Relative errors of the three books; None where nothing has flowed."""

    lithium_relative_error: float | None
    charge_relative_error: float | None
    energy_relative_error: float | None

    def failures(self) -> list[str]:
        """Names of the books that are out of balance."""
        return [
            name
            for name, limit in LIMITS.items()
            if (error := getattr(self, name)) is not None and not abs(error) <= limit
        ]

    def check(self) -> None:
        """Raise :class:`AuditError` naming the book that is out of balance."""
        if failed := self.failures():
            text = ", ".join(f"{name} = {getattr(self, name):.2e} (limit {LIMITS[name]:.0e})" for name in failed)
            raise AuditError(f"the books of this run do not balance: {text}.")

    def worse_of(self, other: Audit) -> Audit:
        """Return for each book the larger of two errors."""
        pairs = ((getattr(self, name), getattr(other, name)) for name in LIMITS)
        worst = [max((e for e in pair if e is not None), key=abs, default=None) for pair in pairs]
        return Audit(*worst)

    def as_dict(self) -> dict[str, float | None]:
        """Plain dictionary, as in the summary."""
        return asdict(self)


def particle_powers(assembly: Assembly, population: int) -> dict[str, pybamm.Symbol]:
    """Return the powers that only a changing temperature or pressure needs while solving, per cell area [W/m2].

    Returns
    -------
    dict
        ``mixing``: heat of mixing in the particles; ``reversible``: the part of the potential that is not chemical
        enthalpy (entropic and pressure terms) times the rate of change of the content.
    """
    import pybamm

    def get(name: str) -> pybamm.Symbol:
        return assembly[population_name(name, population)]

    capacity = get("Content capacity [C.m-2]")
    potential, rate = get("Open-circuit potential [V]"), get("Lithium content rate [s-1]")
    source = _source(assembly, population)
    stored = capacity * electrode_mean(pybamm.r_average(potential * rate))
    return {
        # Summed by parts over the finite volumes this is exactly flux times potential drop at every face: what
        # the bulk takes up at its own potential minus what the reaction delivers at the surface's.
        "mixing": stored - electrode_mean(source * get("Surface open-circuit potential [V]")),
        "reversible": capacity * electrode_mean(pybamm.r_average((get("Enthalpy potential [V]") - potential) * rate)),
    }


def _source(assembly: Assembly, population: int) -> pybamm.Symbol:
    area = assembly[population_name("Wetted area per volume [m-1]", population)]
    current = assembly[population_name("Interfacial current density [A.m-2]", population)]
    return area * current * parameter("Positive electrode thickness [m]")


def add_books(assembly: Assembly, populations: int, *, particles: bool) -> None:
    """Add the dissipation of the cathode's reaction and, where the temperature or pressure moves, of its particles."""
    difference = assembly["Positive electrode surface potential difference [V]"]
    for k in range(1, populations + 1):
        surface = assembly[population_name("Surface open-circuit potential [V]", k)]
        kinetic = electrode_mean(_source(assembly, k) * (surface - difference))
        assembly.add_dissipation("cathode kinetics", kinetic)
        if particles:
            powers = particle_powers(assembly, k)
            assembly.add_dissipation("cathode diffusion", powers["mixing"])
            assembly.reversible_heat.append(powers["reversible"])


def add_book_states(assembly: Assembly, *, particles: bool) -> None:
    """Add the integrals that the audit compares [W.h].

    The work is kept as its difference from a constant voltage times the charge, so that the solver's relative
    tolerance acts on the small part. Heat of mixing and reversible work are states only where ``particles`` says so;
    otherwise the audit finds them from the profiles.
    """
    import pybamm

    area = parameter("Electrode width [m]") * parameter("Electrode height [m]")
    current, voltage = assembly["Current [A]"], assembly["Voltage [V]"]
    middle = (parameter("Lower voltage cut-off [V]") + parameter("Upper voltage cut-off [V]")) / 2
    powers = {
        WORK: current * (voltage - middle),
        DISSIPATED: area * sum(assembly.dissipation.values()),
    }
    if particles:
        powers[REVERSIBLE] = area * sum(assembly.reversible_heat)
    scale = parameter("Nominal cell capacity [A.h]")
    for name, power in powers.items():
        assembly.add_state(pybamm.Variable(name, scale=scale), power / 3600, 0)
    work = assembly[WORK] + middle * assembly["Discharge capacity [A.h]"]
    assembly.variables["Discharge energy [W.h]"] = work
