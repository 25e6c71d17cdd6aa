"""Charge conservation in the composite cathode of a single-ion conductor (transference number one).

With one mobile ion there is no salt gradient; the two charge balances collapse to one elliptic equation for the
difference of solid and electrolyte potential. Leaves out: an electrolyte whose conductivity varies through the
thickness, and lateral gradients.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, ClassVar

from lisse.cathode.diffusion import electrode_mean, population_name
from lisse.mechanism import Assembly, Mechanism, ParameterInfo, arrhenius, parameter

if TYPE_CHECKING:
    import pybamm


def series_conductivity(ionic: Any, electronic: Any) -> Any:
    r"""Conductivity that relates ionic current to the gradient of the potential difference.

    .. math:: i_e = K\left(\frac{\partial\Delta}{\partial z} + \frac{I}{\sigma}\right),\quad
              K = \frac{\kappa\sigma}{\kappa+\sigma},\quad \Delta = \varphi_s - \varphi_e

    Parameters
    ----------
    ionic, electronic
        Effective conductivities of the composite [S/m].

    Examples
    --------
    >>> series_conductivity(0.02, 0.02)
    0.01
    """
    return ionic * electronic / (ionic + electronic)


class CompositeCharge(Mechanism):
    """Potential difference and ionic current through the composite; with a double layer it is a differential state.

    Parameters
    ----------
    populations
        Number of populations of active particles that share the potentials.
    double_layer
        Whether the interface stores charge (needed for impedance).
    """

    name = "composite charge"
    parameters: ClassVar[tuple[ParameterInfo, ...]] = (
        ParameterInfo("Positive electrode thickness [m]", "Thickness of the composite cathode"),
        ParameterInfo("Positive electrode ionic conductivity [S.m-1]", "Effective, at the reference temperature"),
        ParameterInfo("Positive electrode ionic conductivity activation energy [J.mol-1]", "Arrhenius energy", 0.0),
        ParameterInfo(
            "Positive electrode ionic conductivity temperature exponent",
            "m in (T0/T)^m exp(-E/RT): 0 or 1, as the conductivity claim means it",
            0.0,
        ),
        ParameterInfo("Positive electrode electronic conductivity [S.m-1]", "Effective"),
        ParameterInfo(
            "Positive electrode double-layer capacity [F.m-2]", "Per wetted area of the active material", 1e-3
        ),
    )

    def __init__(self, populations: int = 1, *, double_layer: bool = False) -> None:
        self.populations = populations
        self.double_layer = double_layer

    def _conductivities(self, assembly: Assembly) -> tuple[pybamm.Symbol, pybamm.Symbol]:
        from lisse.mechanism import REFERENCE_TEMPERATURE

        temperature = assembly["Temperature [K]"]
        stem = "Positive electrode ionic conductivity"
        ionic = (
            parameter(f"{stem} [S.m-1]")
            * arrhenius(parameter(f"{stem} activation energy [J.mol-1]"), temperature)
            * (REFERENCE_TEMPERATURE / temperature) ** parameter(f"{stem} temperature exponent")
        )
        return ionic, parameter("Positive electrode electronic conductivity [S.m-1]")

    def publish(self, assembly: Assembly) -> None:
        """Create the potential difference; publish source term, ionic current, cathode potential and losses."""
        import pybamm

        electrode = "positive electrode"
        difference = pybamm.Variable("Positive electrode surface potential difference [V]", domain=electrode)
        position = pybamm.SpatialVariable("x_p", domain=[electrode], coord_sys="cartesian")
        thickness = parameter("Positive electrode thickness [m]")
        ionic, electronic = self._conductivities(assembly)
        current = assembly["Internal current density [A.m-2]"]
        assembly.variables[difference.name] = difference
        ionic_current = series_conductivity(ionic, electronic) * (
            pybamm.grad(difference) / thickness + current / electronic
        )
        reaction = [self._reaction(assembly, k) * thickness for k in range(1, self.populations + 1)]
        total = -pybamm.div(ionic_current) if self.double_layer else sum(reaction[1:], reaction[0])
        capacity = [assembly[population_name("Content capacity [C.m-2]", k)] for k in range(1, self.populations + 1)]
        for k, (source, content) in enumerate(zip(reaction, capacity, strict=True), start=1):
            share = content / sum(capacity[1:], capacity[0])
            assembly.variables |= {
                population_name("Share of active material", k): share,
                population_name("Current source of population [A.m-2]", k): (
                    total * share if self.double_layer else source
                ),
            }
        # Mean ohmic drops of ions on the way in and of electrons on the way out, each over L/kappa and L/sigma. The
        # source is constant in each cell of width h; the term in h^2 makes current times voltage plus the ohmic heat
        # equal what the reaction delivers exactly, on any mesh (summation by parts).
        squared_width = 4 - 12 * electrode_mean(position**2)
        closing = squared_width / 8 * current
        ionic_ramp = electrode_mean(total * (position - position**2 / 2)) + closing
        electronic_ramp = current / 2 - electrode_mean(total * position**2 / 2) + closing
        ohmic = ionic_ramp * thickness / ionic + electronic_ramp * thickness / electronic
        assembly.variables |= {
            "Position in positive electrode": position,
            "Squared cell width": squared_width,
            "Positive electrode ionic current density [A.m-2]": ionic_current,
            "Positive electrode reaction source [A.m-2]": sum(reaction[1:], reaction[0]),
            "Positive electrode current source [A.m-2]": total,
            "Positive electrode ionic conductivity [S.m-1]": ionic,
            "Mean ionic current on the way in [A.m-2]": ionic_ramp,
            "Mean electronic current on the way out [A.m-2]": electronic_ramp,
            "Positive electrode potential [V]": electrode_mean(difference) - ohmic,
        }

    def _reaction(self, assembly: Assembly, population: int) -> pybamm.Symbol:
        """Current of one population per electrode volume [A/m3]: of lithium into it, less that of side reactions."""
        lithium = (
            assembly[population_name("Wetted area per volume [m-1]", population)]
            * assembly[population_name("Interfacial current density [A.m-2]", population)]
        )
        if population not in assembly.side_reactions:
            return lithium
        return lithium - assembly.side_reactions[population](assembly) / parameter("Positive electrode thickness [m]")

    def equations(self, assembly: Assembly) -> None:
        """Balance the charge and book the ohmic losses, weighted with the reaction."""
        import pybamm

        difference = assembly["Positive electrode surface potential difference [V]"]
        thickness = parameter("Positive electrode thickness [m]")
        ionic, electronic = self._conductivities(assembly)
        current = assembly["Internal current density [A.m-2]"]
        ionic_current = assembly["Positive electrode ionic current density [A.m-2]"]
        source = assembly["Positive electrode reaction source [A.m-2]"]
        assembly.boundary[difference] = {
            "left": (current * thickness / ionic, "Neumann"),
            "right": (-current * thickness / electronic, "Neumann"),
        }
        imbalance = pybamm.div(ionic_current) + source
        area = sum(assembly[population_name("Wetted area per volume [m-1]", k)] for k in range(1, self.populations + 1))
        storage = parameter("Positive electrode double-layer capacity [F.m-2]") * area * thickness
        start = pybamm.PrimaryBroadcast(assembly["Initial open-circuit potential [V]"], "positive electrode")
        if self.double_layer:
            assembly.add_state(difference, imbalance / storage, start)
            energy = storage * electrode_mean(difference**2) / 2
            assembly.add_double_layer("cathode", -storage * electrode_mean(difference), energy)
        else:
            scale = parameter("Nominal current density [A.m-2]")
            assembly.add_algebraic(difference, imbalance / scale, start)
        total = assembly["Positive electrode current source [A.m-2]"]
        # The inner product takes the current at the nodes; over a cell it falls linearly by the source.
        spread = assembly["Squared cell width"] * electrode_mean(total**2) / 4
        square = electrode_mean(pybamm.inner(ionic_current, ionic_current)) + spread
        first = electrode_mean(total * assembly["Position in positive electrode"])  # mean of the ionic current
        assembly.add_dissipation("cathode ionic", square * thickness / ionic)
        assembly.add_dissipation(
            "cathode electronic", (current**2 - 2 * current * first + square) * thickness / electronic
        )
        assembly.variables["Mean square ionic current density [A2.m-4]"] = square
