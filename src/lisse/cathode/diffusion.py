"""Lithium diffusion in the particles of the active material, with the Kirchhoff transform.

The diffusivity of a Ni-rich oxide falls by more than two decades when it is nearly full of lithium; faces are
therefore written with the transformed field, which lets a sharp front move (cathode.md 1.8). Leaves out: stress
coupling, anisotropic grains and cracks.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, ClassVar

from lisse.mechanism import FARADAY, Assembly, Mechanism, ParameterInfo, arrhenius, parameter

if TYPE_CHECKING:
    import pybamm


def diffusion_time(radius: Any, diffusivity: Any) -> Any:
    r"""Time constant of a sphere, :math:`\tau = r^2/D` [s].

    Parameters
    ----------
    radius
        Particle radius [m].
    diffusivity
        Chemical diffusivity of lithium [m2/s].

    Examples
    --------
    >>> round(diffusion_time(3.5e-6, 5e-16))  # cathode.md 6.3: 2.5e4 s
    24500
    """
    return radius**2 / diffusivity


def quasi_steady_difference(flux: Any, radius: Any, diffusivity: Any, site_density: Any) -> Any:
    r"""Difference between mean and surface content of a sphere under a constant inward flux.

    .. math:: x_s - \bar x = \frac{N r}{5 D c_{max}}

    Parameters
    ----------
    flux
        Lithium into the particle per area of its whole surface [mol/(m2 s)].
    radius
        [m].
    diffusivity
        [m2/s], constant.
    site_density
        [mol/m3].

    Examples
    --------
    >>> round(quasi_steady_difference(1e-7, 3e-6, 1e-15, 5e4), 6)
    0.0012
    """
    return flux * radius / (5 * diffusivity * site_density)


class ParticleDiffusion(Mechanism):
    """Content x(r, z, t) of one population of spherical particles, fed by the reaction at its wetted area.

    Parameters
    ----------
    population
        1 for the first population; names of further ones carry their number.
    transform
        False where the diffusivity is constant: the surface content then needs no state of its own.
    """

    name = "particle diffusion"
    parameters: ClassVar[tuple[ParameterInfo, ...]] = (
        ParameterInfo("Positive particle radius [m]", "Radius of the particles of this population"),
        ParameterInfo(
            "Positive electrode active material volume fraction",
            "Volume of this population per electrode volume",
        ),
        ParameterInfo(
            "Maximum concentration in positive electrode [mol.m-3]",
            "Crystallographic site density, density over molar mass",
        ),
        ParameterInfo("Initial lithium content", "Lithium per formula unit at the start"),
        ParameterInfo(
            "Positive particle diffusivity integral [m2.s-1]",
            "Integral of the diffusivity at 25 degC over the lithium content (Kirchhoff transform)",
        ),
        ParameterInfo(
            "Positive electrode connected fraction",
            "Share of the active material with a path for ions and electrons",
            1.0,
        ),
        ParameterInfo(
            "Positive electrode wetted fraction",
            "Share of the particle surface in contact with electrolyte",
            1.0,
        ),
        ParameterInfo(
            "Positive particle diffusivity activation energy [J.mol-1]", "Arrhenius energy of diffusion", 0.0
        ),
        ParameterInfo("Positive particle diffusion length ratio", "Effective over geometric radius", 1.0),
    )

    def __init__(self, population: int = 1, *, transform: bool = True) -> None:
        self.population = population
        self.transform = transform

    def label(self, name: str) -> str:
        """Return the name of a parameter or variable of this population."""
        return population_name(name, self.population)

    def diffusivity_integral(self, content: pybamm.Symbol) -> pybamm.Symbol:
        """Return the Kirchhoff transform of the content, the integral of D from zero [m2/s]."""
        import pybamm

        return pybamm.FunctionParameter(
            self.label("Positive particle diffusivity integral [m2.s-1]"), {"Lithium content": content}
        )

    def publish(self, assembly: Assembly) -> None:
        """Create the content and, with the transform, the surface content; publish area and inventory."""
        import pybamm

        electrode = "positive electrode"
        connected = assembly.get(self.label("Connected fraction"))
        # Where particles are cut off, the state is the lithium of those that are not: so no lithium gets lost in time.
        held = pybamm.Variable(
            self.label("Lithium content" if connected is None else "Connected lithium content"),
            domain="positive particle",
            auxiliary_domains={"secondary": electrode},
        )
        content = held if connected is None else held / connected
        radius, active = parameter(self.label("Positive particle radius [m]")), self._connected_fraction(assembly)
        wetted = self._wetted_fraction(assembly)
        sites = parameter(self.label("Maximum concentration in positive electrode [mol.m-3]"))
        current = pybamm.Variable(
            self.label("Interfacial current density [A.m-2]"), domain=electrode, scale=pybamm.Scalar(0.01)
        )
        mean = pybamm.r_average(content)
        # Where particles are cut off, the mean has a twin that follows the current: an equation that holds all shells
        # would make the solver's matrix as dear as a dense one. The books compare the shells themselves.
        twin = assembly.get(self.label("Content of connected particles"))
        thickness = parameter("Positive electrode thickness [m]")
        assembly.variables |= {
            held.name: held,
            self.label("Lithium content"): content,
            self.label("Interfacial current density [A.m-2]"): current,
            self.label("Wetted area per volume [m-1]"): 3 * active * wetted / radius,
            self.label("Particle mean lithium content"): mean,
            self.label("Mean lithium content"): electrode_mean(mean) if twin is None else twin,
            self.label("Diffusivity integral [m2.s-1]"): self.diffusivity_integral(content),
            self.label("Diffusion speed [m-2]"): self._speed(assembly),
            self.label("Given connected fraction"): parameter(self.label("Positive electrode connected fraction")),
            self.label("Content capacity [C.m-2]"): FARADAY * sites * active * thickness,
        }
        self._add_to_totals(assembly)
        if self.transform:
            surface: pybamm.Symbol = pybamm.Variable(self.label("Surface lithium content"), domain=electrode)
        else:
            unit = self.diffusivity_integral(pybamm.Scalar(1))
            surface = pybamm.BoundaryValue(self.diffusivity_integral(content), "right") / unit
        assembly.variables[self.label("Surface lithium content")] = surface
        capacity = assembly[self.label("Content capacity [C.m-2]")]
        assembly.lithium[self.label("cathode")] = capacity / FARADAY * electrode_mean(mean)
        isolated = assembly.get(self.label("Isolated lithium"))
        if isolated is not None:
            whole = capacity / assembly[self.label("Connected fraction")]
            assembly.lithium[self.label("isolated cathode")] = whole / FARADAY * isolated

    def _add_to_totals(self, assembly: Assembly) -> None:
        capacity = assembly[self.label("Content capacity [C.m-2]")]
        mean = assembly[self.label("Mean lithium content")]
        total = assembly.variables.get("Content capacity of all populations [C.m-2]")
        lithium = capacity * mean
        if total is not None:
            lithium = lithium + total * assembly["Mean lithium content of all populations"]
            capacity = capacity + total
        assembly.variables |= {
            "Content capacity of all populations [C.m-2]": capacity,
            "Mean lithium content of all populations": lithium / capacity if total is not None else mean,
        }

    def _connected_fraction(self, assembly: Assembly) -> pybamm.Symbol:
        """Volume of the connected particles per electrode volume; falls where a mechanism cuts some of them off."""
        active = parameter(self.label("Positive electrode active material volume fraction")) * parameter(
            self.label("Positive electrode connected fraction")
        )
        connected = assembly.get(self.label("Connected fraction"))
        return active if connected is None else active * connected

    def _wetted_fraction(self, assembly: Assembly) -> pybamm.Symbol:
        """Wetted share of a particle's surface: a state where contact loss is on."""
        wetted = assembly.get(self.label("Wetted fraction"))
        return parameter(self.label("Positive electrode wetted fraction")) if wetted is None else wetted

    def _speed(self, assembly: Assembly) -> pybamm.Symbol:
        """Arrhenius factor over squared diffusion length [1/m2]; times the transform's slope it is a rate."""
        energy = parameter(self.label("Positive particle diffusivity activation energy [J.mol-1]"))
        length = parameter(self.label("Positive particle radius [m]")) * parameter(
            self.label("Positive particle diffusion length ratio")
        )
        longer = assembly.get(self.label("Diffusion length factor"))
        if longer is not None:
            length = length * longer
        return arrhenius(energy, assembly["Temperature [K]"]) / length**2

    def _surface_slope(self, assembly: Assembly, current: pybamm.Symbol) -> pybamm.Symbol:
        """Slope of the transform at r = 1 that carries the reaction current into the sphere [m2/s]."""
        radius = parameter(self.label("Positive particle radius [m]"))
        sites = parameter(self.label("Maximum concentration in positive electrode [mol.m-3]"))
        # The reaction is per wetted area; the sphere takes the mean over its whole surface.
        return self._wetted_fraction(assembly) * current / (FARADAY * sites * radius) / self._speed(assembly)

    def equations(self, assembly: Assembly) -> None:
        """Conserve lithium in each sphere; with the transform, tie the surface content to it."""
        import pybamm

        content = assembly[self.label("Lithium content")]
        current = assembly[self.label("Interfacial current density [A.m-2]")]
        surface = assembly[self.label("Surface lithium content")]
        transformed = assembly[self.label("Diffusivity integral [m2.s-1]")]
        slope = self._surface_slope(assembly, current)
        assembly.boundary[transformed] = {
            "left": (pybamm.Scalar(0), "Neumann"),
            "right": (slope, "Neumann"),
        }
        speed = self._speed(assembly)
        initial = parameter(self.label("Initial lithium content"))
        rate = speed * pybamm.div(pybamm.grad(transformed))
        assembly.variables[self.label("Lithium content rate [s-1]")] = rate
        connected = assembly.get(self.label("Connected fraction"))
        if connected is None:
            assembly.add_state(content, rate, initial)
        else:
            held, cut_off = (
                assembly[self.label("Connected lithium content")],
                assembly[self.label("Cut-off rate [s-1]")],
            )
            start = assembly[self.label("Initial connected fraction")]
            assembly.add_state(held, connected * rate - cut_off * content, start * initial)
        if self.transform:
            scale = self.diffusivity_integral(pybamm.Scalar(0.5)) * 2
            residual = (self.diffusivity_integral(surface) - pybamm.BoundaryValue(transformed, "right")) / scale
            assembly.add_algebraic(surface, residual, pybamm.PrimaryBroadcast(initial, "positive electrode"))


def population_name(name: str, population: int) -> str:
    """Return ``name`` for the first population and ``name (k)`` with its unit kept last for the others."""
    if population == 1:
        return name
    if name.endswith("]"):
        stem, unit = name.rsplit(" [", 1)
        return f"{stem} ({population}) [{unit}"
    return f"{name} ({population})"


def electrode_mean(symbol: pybamm.Symbol) -> pybamm.Symbol:
    """Mean over the thickness of the composite (the mesh runs from 0 to 1)."""
    import pybamm

    position = pybamm.SpatialVariable("x_p", domain=["positive electrode"], coord_sys="cartesian")
    return pybamm.Integral(symbol, position)
