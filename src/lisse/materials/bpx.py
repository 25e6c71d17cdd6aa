"""Import of a cathode from a BPX file (Battery Parameter eXchange, JSON): its positive electrode as a material.

Covers what the fields of BPX say about the oxide. Leaves out: blended electrodes, the liquid cell around it, and
every property that BPX does not have; :func:`missing` names those that a cell still needs.
"""

from __future__ import annotations

import copy
import json
import math
import re
import warnings
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from lisse.errors import InputError
from lisse.materials.curves import Curve
from lisse.materials.quantities import FARADAY, si
from lisse.materials.schema import Claim, read_material
from lisse.materials.site_density import check_sites
from lisse.toml_text import toml_text

NEEDED = (
    "density",
    "molar_mass",
    "practical_capacity",
    "pristine_lithium_content",
    "open_circuit_voltage",
    "diffusivity",
    "diffusivity_activation_energy",
    "exchange_current_density",
    "exchange_current_activation_energy",
    "entropic_coefficient",
    "volume_strain",
    "particle_radius",
    "double_layer_capacitance",
)
"""Properties of the active material without which no cell can be built; a cell file may give them itself."""

_CHOSEN = "spread chosen by lisse, BPX gives none"
_DOI = re.compile(r"10\.\d{4,9}/[^\s\"'<>,;]+")
_OCP = "OCP [V]"
_KNEE = 0.6
"""Height of the terminal knee [V], that of the library's NMC811; 2.7 V at one lithium."""
FULLEST = 0.995
"""Largest lithium content at the maximum stoichiometry that is accepted; above it no knee has room."""
_VARIANTS = ("float", "int", "str", "InterpolatedTable", "function-")


@dataclass(frozen=True)
class _Row:
    """One field of BPX and the claim it becomes."""

    field: str
    property: str
    unit: str
    spread: str
    note: str = ""


_ENERGIES = (
    _Row("diffusivity_activation_energy", "diffusivity_activation_energy", "J/mol", "+- 10 kJ/mol"),
    _Row("reaction_rate_constant_activation_energy", "exchange_current_activation_energy", "J/mol", "+- 10 kJ/mol"),
)
_VOLTAGES = (
    ("ocp", "bpx", ""),
    ("ocp_delith", "bpx-delithiation", "branch of the delithiation"),
    ("ocp_lith", "bpx-lithiation", "branch of the lithiation"),
)


@dataclass(frozen=True)
class _Electrode:
    """The positive electrode of a file with what turns stoichiometry into lithium content.

    Attributes
    ----------
    fields
        The validated electrode of the ``bpx`` package.
    ocp
        Open-circuit potential as it stands in the file.
    scale
        Lithium per formula unit where the file counts a stoichiometry of one.
    window
        Stoichiometry limits of the file.
    head
        What all claims share: method and source.
    temperature
        Reference temperature, empty if the file gives none.
    file
        Name used in error messages.
    """

    fields: Any
    ocp: Any
    scale: float
    window: tuple[float, float]
    head: dict[str, Any]
    temperature: dict[str, str]
    file: str

    def get(self, field: str) -> Any:
        """Return a field: a number, an expression (str), a table, or None where the file has none."""
        value = self.ocp if field == "ocp" else getattr(self.fields, field, None)
        if isinstance(value, str):
            try:
                return float(value)
            except ValueError:
                return str(value)
        return value

    def claim(self, row: _Row, value: Any, id: str = "bpx", **more: Any) -> dict[str, Any]:
        """Return one claim of the document."""
        note = "; ".join(text for text in (row.note, _CHOSEN) if text)
        body = self._body(row, value)
        return {
            "id": id,
            "property": row.property,
            **body,
            "spread": row.spread,
            **self.temperature,
            **self.head,
            "note": note,
            **more,
        }

    def _body(self, row: _Row, value: Any) -> dict[str, Any]:
        if isinstance(value, float | int) and row.property != "open_circuit_voltage":
            return {"value": f"{float(value)!r} {row.unit}"}
        low, high = self.window
        ends = row.property == "open_circuit_voltage"
        if isinstance(value, str | float | int):
            # in BPX x is the stoichiometry of the file; here it is lithium per formula unit
            text, where = re.sub(r"\bx\b", "s", str(value)), {"s": f"x/{self.scale!r}"}
            if ends:
                height, position, width = self._knee()
                text, where["knee"] = f"{text} - knee", f"{height!r}*exp((x - {position!r})/{width!r})"
            curve: dict[str, Any] = {"form": "expression", "variable": "x", "expression": text, "where": where}
            curve["range"] = [low * self.scale, high * self.scale]
        else:
            # monotone cubics: at the kinks of straight lines in a voltage the solver can fail
            x, y = self._cut(value, row)
            if ends:
                x, y = self._bent(x, y, value)
            curve = {"form": "table", "x": x, "y": y, "interpolation": "pchip"}
        return {"curve": {**curve, "unit": row.unit}}

    def _knee(self) -> tuple[float, float, float]:
        """Height [V], position and width of the fall that ends the voltage where the oxide is full.

        A file describes a cell whose cathode never fills; against lithium metal it does, and without this fall
        the discharge would run past one lithium per formula unit. Below 1 uV within the stoichiometry limits.
        """
        width = min(0.01, (1 - self.scale * self.window[1]) / 15)
        return _KNEE, 1 - 1.5 * width, width

    def _bent(self, x: list[float], y: list[float], table: Any) -> tuple[list[float], list[float]]:
        """Continue a voltage table above its upper limit, by its own points less the knee, to one lithium."""
        import numpy as np

        height, position, width = self._knee()
        order = np.argsort(table.x)
        own = self.scale * np.asarray(table.x, dtype=float)[order]
        base = np.asarray(table.y, dtype=float)[order]
        above = np.union1d(own[(own > x[-1]) & (own < 1)], np.linspace(position - 6 * width, 1, 31))
        above = above[above > x[-1]]
        bent = np.interp(above, own, base) - height * np.exp((above - position) / width)
        return [*x, *above.tolist()], [*y, *bent.tolist()]

    def _cut(self, table: Any, row: _Row) -> tuple[list[float], list[float]]:
        """Cut a table to the stoichiometry limits, with interpolated end points, and return it in lithium content."""
        import numpy as np

        order = np.argsort(table.x)
        xs, ys = np.asarray(table.x, dtype=float)[order], np.asarray(table.y, dtype=float)[order]
        low, high = (max(self.window[0], xs[0]), min(self.window[1], xs[-1])) if xs.size else (1.0, 0.0)
        if not low < high:
            raise InputError(
                f"{self.file}: the table of {row.property} does not reach the stoichiometry limits "
                f"{self.window[0]:g} to {self.window[1]:g}; give one that covers them."
            )
        kept = np.concatenate(([low], xs[(xs > low) & (xs < high)], [high]))
        return (self.scale * kept).tolist(), np.interp(kept, xs, ys).tolist()


def from_bpx(path: str | Path, *, molar_mass: str, density: str, name: str | None = None) -> dict[str, Any]:
    r"""Turn the positive electrode of a BPX file into a material document.

    Stoichiometries are brought to true lithium content,
    :math:`x = x_\mathrm{BPX}\,c_\mathrm{max} M/\rho`, and the rate constant to
    :math:`i_{0,\mathrm{ref}} = F K/2`, because BPX has
    :math:`j_0 = F K (c_e/c_{e,0})^{1/2}(x(1-x))^{1/2}` and lisse :math:`i_0 = i_{0,\mathrm{ref}}\,2\sqrt{x(1-x)}`.
    Curves hold between the stoichiometry limits of the file. Above them the voltage gets a terminal knee, because
    against lithium metal the oxide can fill; it is below 1 uV within the limits.

    Parameters
    ----------
    path
        BPX file, version 0.x or 1.x as the installed ``bpx`` package reads it.
    molar_mass
        Of one formula unit of the oxide, such as ``"96.46 g/mol"``; BPX has none.
    density
        Of the oxide without pores, such as ``"4.68 g/cm^3"``; BPX has none.
    name
        Name of the material; the title of the file if not given.

    Returns
    -------
    dict
        Document in the format of material files; :func:`write_material` writes it, :func:`missing` says what a
        cell needs and the file does not give.

    Raises
    ------
    InputError
        If ``bpx`` is not installed, the file is not valid BPX, its electrode is a blend, or its concentrations do
        not fit the density and the molar mass.

    References
    ----------
    BPX standard of the Faraday Institution, https://bpxstandard.com.
    """
    mass, weight = _positive(molar_mass, "kg/mol", "molar_mass"), _positive(density, "kg/m^3", "density")
    path = Path(path).expanduser()
    model, ocp = _validated(path)
    parameters = model.parameterisation
    fields = parameters.positive_electrode
    file = path.name
    if fields is None:
        raise InputError(f'{file}: it has no "Positive electrode"; give a BPX file with one.')
    if hasattr(fields, "particle"):
        kinds = ", ".join(fields.particle)
        raise InputError(f"{file}: its positive electrode is a blend ({kinds}); a file with one material is accepted.")
    scale = float(fields.maximum_concentration) * mass / weight
    title = (model.header.title or "").strip()
    warm = getattr(parameters.cell, "reference_temperature", None)
    electrode = _Electrode(
        fields=fields,
        ocp=ocp or fields.ocp,
        scale=scale,
        window=_window(fields, scale, file),
        head={"method": "fitted", "source": _source(model.header, file)},
        temperature={} if warm is None else {"temperature": f"{warm:g} K"},
        file=file,
    )
    document = {
        "name": name or title or path.stem,
        "kind": "active_material",
        "description": f"Positive electrode of the BPX file {title or file}, imported by lisse.",
        "claims": [*_given(molar_mass, density), *_claims(electrode, weight)],
    }
    _check(document, file)
    return document


def missing(document: Mapping[str, Any]) -> list[str]:
    """Return the properties that a cell needs of its active material and the document does not claim.

    Parameters
    ----------
    document
        As returned by :func:`from_bpx`.
    """
    claimed = {claim["property"] for claim in document["claims"]}
    return [name for name in NEEDED if name not in claimed]


def write_material(document: Mapping[str, Any], path: str | Path) -> Path:
    """Check a material document and write it as a TOML file, which must not exist yet.

    Parameters
    ----------
    document
        In the format of material files. For an active material, what a cell still needs is listed in a comment.
    path
        A ``.toml`` file in a directory that exists.

    Returns
    -------
    Path
        The file.

    Raises
    ------
    InputError
        If the document is not accepted, the name does not end in .toml, the file exists or cannot be written.
    """
    target = Path(path).expanduser()
    if target.suffix.lower() != ".toml":
        raise InputError(f'material: "{target}" is not the name of a .toml file; write for example "my-oxide.toml".')
    read_material(dict(document), target.name)
    lacking = missing(document) if document["kind"] == "active_material" else []
    head = f"# A cell needs in addition: {', '.join(lacking)}.\n" if lacking else ""
    try:
        with target.open("x", encoding="utf-8") as stream:
            stream.write(head + toml_text(document))
    except FileExistsError:
        raise InputError(f'material: "{target}" exists already; write another name or remove it.') from None
    except OSError as error:
        raise InputError(
            f'material: "{target}" cannot be written ({type(error).__name__}); name a file in a directory that exists.'
        ) from None
    return target


def _positive(text: str, unit: str, field: str) -> float:
    value = si(text, unit, field)
    if not value > 0:
        raise InputError(f'{field}: "{text}" is out of range; write a positive quantity.')
    return value


def _validated(path: Path) -> tuple[Any, str]:
    """Return the model of the ``bpx`` package, and the open-circuit expression of the oxide if it is one."""
    try:
        import bpx
    except ImportError:
        raise InputError('bpx: the package "bpx" is not installed; run pip install "lisse[bpx]".') from None
    try:
        document = json.loads(path.read_text(encoding="utf-8"))
    except OSError:
        raise InputError(f'bpx: there is no readable file "{path}"; write the path of a BPX file (JSON).') from None
    except (ValueError, RecursionError):
        raise InputError(f"{path.name}: it is not JSON; write the path of a BPX file.") from None
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # of the full cell and of the version: neither concerns the oxide
            model = bpx.parse_bpx_obj(_inert(document, bpx))
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        raise InputError(f"{path.name}: it is not valid BPX: {_reason(error)}.") from None
    voltage = document["Parameterisation"].get("Positive electrode", {}).get(_OCP)
    return model, voltage if isinstance(voltage, str) else ""


def _inert(document: Any, bpx: Any) -> Any:
    """Return a copy whose open-circuit expressions are parsed and replaced by tables.

    The bpx package runs these expressions as Python to compare the voltage limits of the full cell; a file of
    somebody else's should not be run.
    """
    twin = copy.deepcopy(document)
    for name in ("Positive electrode", "Negative electrode"):
        electrode = twin["Parameterisation"].get(name, {})
        if isinstance(electrode, dict) and isinstance(electrode.get(_OCP), str):
            try:
                bpx.Function.validate(electrode[_OCP])
            except ValueError:
                raise ValueError(f'"{name} > {_OCP}" is not a number, an expression of x or a table') from None
            electrode[_OCP] = {"x": [0.0, 1.0], "y": [0.0, 0.0]}
    return twin


def _reason(error: Exception) -> str:
    """Say what the bpx package complains about, without its list of alternatives."""
    if isinstance(error, KeyError):
        return f'"{error.args[0]}" is missing'
    errors = error.errors() if hasattr(error, "errors") else []
    if not errors:
        return " ".join(str(error).split()).rstrip(".")
    # a misspelt field also leaves its right name missing: the misspelling is what helps
    first = next((item for item in errors if item["type"] == "extra_forbidden"), errors[0])
    place = " > ".join(str(part) for part in first["loc"] if not str(part).startswith(_VARIANTS))
    if len({tuple(item["loc"][:-1]) for item in errors}) == 1 < len(errors) and first["loc"][-1] in _VARIANTS:
        return f'"{place}" is not a number, an expression of x or a table'
    message = " ".join(str(first["msg"]).removeprefix("Value error, ").split()).rstrip(".")
    return f'"{place or "the file"}": {message[:1].lower() + message[1:]}'


def _window(fields: Any, scale: float, file: str) -> tuple[float, float]:
    low, high = float(fields.minimum_stoichiometry), float(fields.maximum_stoichiometry)
    if not 0 <= low < high <= 1:
        raise InputError(
            f"{file}: the stoichiometry limits {low:g} to {high:g} are not accepted; they must rise within 0 to 1."
        )
    if not 0 < high * scale <= FULLEST:
        raise InputError(
            f"{file}: the maximum concentration {fields.maximum_concentration:g} mol/m3 with this molar mass and "
            f"density means {high * scale:.3g} Li per formula unit at the maximum stoichiometry {high:g}; above 0 and "
            f"at most {FULLEST:g} is accepted."
        )
    return low, high


def _source(header: Any, file: str) -> dict[str, str]:
    title, references = (" ".join((text or "").split()) for text in (header.title, header.references))
    name = f'BPX file "{title}"' if title else f"BPX file {file}"
    source = {"citation": f"{references} ({name})" if references else f"{name}, no references given", "tag": "BPX"}
    found = {match.rstrip(".)]}") for match in _DOI.findall(references)}
    if len(found) == 1:
        source["doi"] = found.pop()
    return source


def _given(molar_mass: str, density: str) -> Iterator[dict[str, Any]]:
    """Yield the claims about what the caller gave."""
    for name, text, spread in (("density", density, "x/÷ 1.02"), ("molar_mass", molar_mass, "x/÷ 1.001")):
        words = name.replace("_", " ")
        yield {
            "id": "argument",
            "property": name,
            "value": text,
            "spread": spread,
            "method": "assumed",
            "note": "spread chosen by lisse; write the source in",
            "source": {"citation": f"lisse assumption: {words} as given by the user when a BPX file was imported"},
        }


def _claims(electrode: _Electrode, density: float) -> Iterator[dict[str, Any]]:
    """Yield the claims that the fields of the file allow."""
    scale, (low, high) = electrode.scale, electrode.window
    counted = (
        f"stoichiometry of the file times {scale:.4g} is lithium per formula unit; lisse adds a terminal knee above "
        f"the maximum stoichiometry {high:g}"
    )
    voltage = _Row("ocp", "open_circuit_voltage", "V", "+- 0.01 V", counted)
    for field, id, branch in _VOLTAGES:
        if (value := electrode.get(field)) is not None:
            row = voltage if not branch else _Row(field, voltage.property, "V", voltage.spread, f"{branch}; {counted}")
            yield electrode.claim(row, value, id, default=field == "ocp")
    capacity = (high - low) * float(electrode.fields.maximum_concentration) * FARADAY / density / 3600
    row = _Row("", "practical_capacity", "A*h/kg", "x/÷ 1.05", f"between the stoichiometries {low:g} and {high:g}")
    yield electrode.claim(row, capacity, method="computed")
    row = _Row("diffusivity", "diffusivity", "m^2/s", "x/÷ 3", "fitted in a liquid electrolyte")
    yield electrode.claim(row, electrode.get("diffusivity"))
    row = _Row("", "exchange_current_density", "A/m^2", "x/÷ 5", _kinetic_note(electrode))
    yield electrode.claim(row, FARADAY * float(electrode.fields.reaction_rate_constant) / 2)
    for row in _ENERGIES:
        if value := electrode.get(row.field):  # zero says "not temperature dependent", which is no energy
            yield electrode.claim(row, value)
    if (value := electrode.get("dudt")) is not None:
        yield electrode.claim(_Row("dudt", "entropic_coefficient", "V/K", "+- 0.05 mV/K"), value)
    yield electrode.claim(
        _Row("particle_radius", "particle_radius", "m", "x/÷ 1.2"), float(electrode.fields.particle_radius)
    )
    if value := electrode.get("conductivity"):
        reason = "BPX means the whole porous electrode with its carbon, not the oxide"
        yield electrode.claim(_Row("conductivity", "electronic_conductivity", "S/m", "x/÷ 10"), value, suspect=reason)


def _kinetic_note(electrode: _Electrode) -> str:
    middle = sum(electrode.window) / 2
    content = electrode.scale * middle
    ratio = math.sqrt(content * (1 - content) / (middle * (1 - middle)))
    return (
        "F K/2 with the reaction rate constant K of a liquid electrolyte at its rest concentration; a solid contact is "
        f"usually slower; taken over lithium content it is {ratio:.3g} times the value of the file in mid-range"
    )


def _check(document: dict[str, Any], file: str) -> None:
    """Check the document by the rules of material files, and that the diffusivity stays above zero."""
    import numpy as np

    claims: tuple[Claim, ...] = read_material(document, file)[1]
    check_sites("active_material", claims, file)
    for claim in claims:
        curve = claim.value
        if claim.property == "diffusivity" and isinstance(curve, Curve) and curve.range is not None:
            lowest = float(np.min(curve(np.linspace(*curve.range, 201))))
            if not lowest > 0:
                raise InputError(
                    f"{file}: the diffusivity falls to {lowest:g} m2/s within the stoichiometry limits; give a "
                    "positive one."
                )
