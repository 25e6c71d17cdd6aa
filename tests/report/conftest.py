"""A synthetic run with plausible numbers, so that the report is tested without solving a cell."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd
import pytest

from lisse.cell.cell import Cell

ORIGINS = (
    "separator",
    "cathode_ionic",
    "cathode_electronic",
    "cathode_kinetics",
    "cathode_diffusion",
    "anode",
    "contacts",
)


def half_cycle(kind: str, cycle: int, start: float, capacity: float, current: float) -> pd.DataFrame:
    n = 160
    part = np.linspace(0, 1, n)
    x = part if kind == "discharge" else 1 - part
    equilibrium = 4.28 - 0.62 * x - 0.09 * np.tanh(9 * (x - 0.35)) - 0.7 * x**14
    sign = 1.0 if kind == "discharge" else -1.0
    mean = {
        "separator": 9.2,
        "cathode_ionic": 6.1,
        "cathode_electronic": 0.8,
        "cathode_kinetics": 14.0,
        "cathode_diffusion": 11.0,
        "anode": 5.5,
        "contacts": 3.0,
    }
    shape = {"cathode_kinetics": 0.8 + 0.5 * x**6, "cathode_diffusion": 0.4 + 1.4 * x**4}
    losses = {k: sign * current * v * 1e-3 * shape.get(k, np.ones(n)) * (1 + 0.02 * cycle) for k, v in mean.items()}
    hours = capacity / (200 * current / 2)
    density = sign * current * np.ones(n)
    return pd.DataFrame(
        {
            "time_s": start + 3600 * hours * part,
            "cycle": cycle,
            "step": 1 if kind == "charge" else 2,
            "kind": kind,
            "current_A": density * 0.785e-3,
            "current_density_mA_cm2": density,
            "voltage_V": equilibrium - sum(losses.values()),
            "equilibrium_voltage_V": equilibrium,
            "capacity_mAh_g": capacity * part,
            "temperature_degC": 25 + 0.2 * current * np.sin(np.pi * part),
            "stack_pressure_MPa": 5.0 + 0.3 * (1 - x),
            **{f"loss_{k}_V": v for k, v in losses.items()},
        }
    )


class Run:
    def __init__(self, cycles: int = 9, cell: Any = None) -> None:
        self.cell = cell or Cell.load("reference")
        parts, rows, start = [], [], 0.0
        for k in range(1, cycles + 1):
            current = (0.2, 0.4, 1.0, 2.0)[min(k - 1, 3)] if k < 5 else 0.67
            down = 205 - 12 * current - 0.6 * k
            up = 228.0 if k == 1 else down * 1.002
            for kind, q in (("charge", up), ("discharge", down)):
                parts.append(half_cycle(kind, k, start, q, current))
                start = float(parts[-1]["time_s"].iloc[-1]) + 600
            rows.append(
                {
                    "cycle": k,
                    "charge_capacity_mAh_g": up,
                    "discharge_capacity_mAh_g": down,
                    "discharge_capacity_mAh_cm2": down * 0.0107,
                    "coulombic_efficiency": down / up,
                    "mean_discharge_voltage_V": 3.86 - 0.05 * current,
                    "discharge_energy_Wh": down * 3.2e-5,
                }
            )
        self.timeseries = pd.concat(parts, ignore_index=True) if parts else half_cycle("rest", 1, 0, 1, 1).iloc[:0]
        self.summary: dict[str, Any] = {
            "cell": self.cell.name,
            "status": "completed",
            "reason": None,
            "protocol": "formation at C/10, rate steps, 5 cycles at C/3",
            "cycles": rows,
            "losses_V": dict(zip(ORIGINS, (0.0092, 0.0061, 0.0008, 0.0156, 0.0138, 0.0055, 0.003), strict=True)),
            "audit": {
                "lithium_relative_error": 2.1e-12,
                "charge_relative_error": 3.3e-9,
                "energy_relative_error": 1.2e-5,
            },
            "timing_s": {"build": 0.81, "solve": 1.63},
            "claims": make_claims(),
            "warnings": ["electrolyte.oxidation_potential: the default claim is marked suspect."],
            "conditions": {
                "temperature_degC": 25.0,
                "stack_pressure_MPa": 5.0,
                "nominal_capacity_mAh_cm2": 2.0,
                "one_C_mA_g": 187.0,
                "nominal_capacity_origin": "practical capacity of NMC811 at C/10 times the loading of 10.7 mg/cm²",
            },
            "versions": {"lisse": "0.1.0", "pybamm": "26.10", "python": "3.11", "numpy": "2.4"},
        }


def make_claims() -> list[dict[str, Any]]:
    def claim(role: str, material: str, name: str, value: Any, unit: str, **more: Any) -> dict[str, Any]:
        base = {"spread": "×/÷ 1.5", "method": "measured", "suspect": None, "own": False}
        source = {"citation": "Author A., Journal of Cells 12 (2020) 345", "doi": "10.1000/xyz123", "tag": "seed"}
        return (
            base
            | {"role": role, "material": material, "property": name, "value": value, "unit": unit, "source": source}
            | more
        )

    return [
        claim("separator", "Li6PS5Cl", "ionic_conductivity", 0.13, "S/m"),
        claim("separator", "Li6PS5Cl", "activation_energy", 37000.0, "J/mol", spread="± 3000"),
        claim(
            "anode",
            "Li",
            "charge_transfer_resistance",
            1.2e-3,
            "ohm*m^2",
            method="fitted",
            source={"citation": "Second B. and Third C., Joule 4 (2021) 12", "doi": None, "tag": "2nd"},
        ),
        claim("active", "NMC811", "open_circuit_voltage", "curve (ExpressionCurve)", "V", spread="± 0.005"),
        claim(
            "active",
            "NMC811",
            "diffusivity",
            6.8e-16,
            "m^2/s",
            own=True,
            source={"citation": "the cell file", "doi": None, "tag": ""},
        ),
        claim("active", "NMC811", "practical_capacity", 720000.0, "A*s/kg", spread="none"),
        claim(
            "electrolyte",
            "Li6PS5Cl",
            "oxidation_potential",
            2.01,
            "V",
            method="computed",
            suspect="thermodynamic limit; kinetics widen it",
        ),
        claim(
            "carbon",
            "VGCF",
            "electronic_conductivity",
            10000.0,
            "S/m",
            method="assumed",
            source={"citation": "lisse assumption: order of magnitude of graphitised fibre", "doi": None, "tag": ""},
        ),
        claim("coating", "LiNbO3", "film_thickness", 1e-8, "m"),
    ]


@pytest.fixture
def run() -> Run:
    return Run()


@pytest.fixture
def make_run() -> type[Run]:
    return Run
