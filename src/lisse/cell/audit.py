"""The books of a run: lithium, charge and energy, each with two sides that come from independent quantities.

Lithium and charge compare final states of the inventories with the integral of the current; energy compares the
terminal work plus everything dissipated with the change of the chemical enthalpy of the final concentration
profiles. Leaves out: heat stored as temperature (it is not part of the electrochemical book).
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

    def as_dict(self) -> dict[str, float | None]:
        """Plain dictionary, as in the summary."""
        return asdict(self)


def particle_energy(assembly: Assembly, population: int) -> dict[str, pybamm.Symbol]:
    """Powers that the particles turn over, per cell area [W/m2].

    Returns
    -------
    dict
        ``mixing``: heat of mixing, flux times gradient of the potential inside the particles; ``kinetic``:
        reaction current times its overpotential; ``reversible``: the part of the potential that is not chemical
        enthalpy (entropic and pressure terms) times the rate of change of the content.
    """
    import pybamm

    def get(name: str) -> pybamm.Symbol:
        return assembly[population_name(name, population)]

    content, capacity = get("Lithium content"), get("Content capacity [C.m-2]")
    potential, surface = get("Open-circuit potential [V]"), get("Surface open-circuit potential [V]")
    rate = assembly.rhs[content]
    thickness = parameter("Positive electrode thickness [m]")
    source = get("Wetted area per volume [m-1]") * get("Interfacial current density [A.m-2]") * thickness
    difference = assembly["Positive electrode surface potential difference [V]"]
    return {
        # Summed by parts over the finite volumes this is exactly flux times potential drop at every face: what
        # the bulk takes up at its own potential minus what the reaction delivers at the surface's.
        "mixing": capacity * electrode_mean(pybamm.r_average(potential * rate)) - electrode_mean(source * surface),
        "kinetic": electrode_mean(source * (surface - difference)),
        "reversible": capacity * electrode_mean(pybamm.r_average((get("Enthalpy potential [V]") - potential) * rate)),
    }


def add_books(assembly: Assembly, populations: int) -> None:
    """Add dissipation of the cathode to the assembly and the states that keep the energy book."""
    reversible: list[pybamm.Symbol] = []
    for k in range(1, populations + 1):
        powers = particle_energy(assembly, k)
        assembly.add_dissipation("cathode kinetics", powers["kinetic"])
        assembly.add_dissipation("cathode diffusion", powers["mixing"])
        reversible.append(powers["reversible"])
    assembly.reversible_heat += reversible


def add_book_states(assembly: Assembly) -> None:
    """Add the integrals that the audit compares: work, throughputs, dissipation and reversible work [W.h], [A.h]."""
    import pybamm

    area = parameter("Electrode width [m]") * parameter("Electrode height [m]")
    current, voltage = assembly["Current [A]"], assembly["Voltage [V]"]
    powers = {
        "Throughput capacity [A.h]": abs(current),
        "Discharge energy [W.h]": current * voltage,
        "Throughput energy [W.h]": abs(current * voltage),
        "Dissipated energy [W.h]": area * sum(assembly.dissipation.values()),
        "Reversible energy [W.h]": area * sum(assembly.reversible_heat),
    }
    scale = parameter("Nominal cell capacity [A.h]")
    for name, power in powers.items():
        assembly.add_state(pybamm.Variable(name, scale=scale), power / 3600, 0)
