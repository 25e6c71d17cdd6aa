"""Phases fetched with a key: what is asked for, what is written, and what is said without extra, key or answer."""

import sys
from types import SimpleNamespace

import pytest

from lisse.errors import InputError, LisseError
from lisse.thermodynamics.composition import parse
from lisse.thermodynamics.fetch import KEY, client, fetch_phases, read_elements, without_correction
from lisse.thermodynamics.table import rows, table
from lisse.thermodynamics.windows import window


class Service:
    """Stands for ``mp_api.client.MPRester``; answers with what it is given, or fails with it."""

    def __init__(self, answer):
        self.answer, self.asked = answer, None
        self.materials = SimpleNamespace(thermo=SimpleNamespace(search=self.search))

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.closed = True

    def search(self, **query):
        self.asked = query
        if isinstance(self.answer, Exception):
            raise self.answer
        return self.answer


def document(formula, energy):
    return SimpleNamespace(formula_pretty=formula, formation_energy_per_atom=energy, energy_above_hull=0.0)


def test_what_is_written_is_what_phases_reads(tmp_path):
    path = tmp_path / "new" / "phases.csv"
    answer = [
        document("Li2S", -1.40),
        document("Li2S", -1.50),  # the lower polymorph counts
        document("Li", 0.0),
        document("Li3PS4", None),
        {"formula_pretty": "Li3P", "formation_energy_per_atom": -0.87, "energy_above_hull": 0.0},
    ]
    service = Service(answer)
    assert fetch_phases(["Li-P", "S"], path, service) == 2
    assert service.closed
    assert set(service.asked["chemsys"]) == {"Li", "P", "S", "Li-P", "Li-S", "P-S", "Li-P-S"}
    assert service.asked["thermo_types"] == ["GGA_GGA+U"]
    # Three atoms over two electrons; the first scheme without 0.503 eV for the sulfide.
    assert window("Li2S", "mp2020", phases=path).oxidation == pytest.approx(1.5 * 1.50, abs=1e-5)
    assert window("Li2S", phases=path).oxidation == pytest.approx(1.5 * 1.50 - 0.503 / 2, abs=1e-5)
    assert table("mp2020", phases=path).own_energy(parse("Li3P")) == -0.87


@pytest.mark.parametrize(
    "formula",
    [
        "Li2S",
        "Li3PS4",
        "Li6PS5Br",
        "LiI",
        "LiBr",
        "LiCl",
        "LiCoO2",
        "LiNiO2",
        "Fe2O3",
        "Li2SO4",
        "Co9S8",
        "FeS",
        "Li2O",
    ],
)
def test_the_two_columns_differ_as_in_the_table_that_comes_along(formula):
    row = next(row for row in rows() if parse(row.formula).is_same(parse(formula)))
    plain = without_correction(row.energies["mp2020"], parse(formula))
    assert plain == pytest.approx(row.energies["uncorrected_S"], abs=0.03)


def test_elements_are_read_in_three_spellings():
    assert read_elements(["Li-P-S"]) == read_elements(["Li,P", "S"]) == read_elements(["Li", "P", "S"])


@pytest.mark.parametrize("words", [["Li"], [], ["Li-Li-S"], ["Li-Xx"], ["Li-P-S-O-Cl-Br-I-N-F"]])
def test_other_elements_are_refused(words, tmp_path):
    service = Service([])
    with pytest.raises(InputError, match="elements"):
        fetch_phases(words, tmp_path / "phases.csv", service)
    assert service.asked is None


def test_without_the_extra(monkeypatch):
    monkeypatch.setitem(sys.modules, "mp_api", None)
    monkeypatch.setitem(sys.modules, "mp_api.client", None)
    with pytest.raises(InputError, match=r'run pip install "lisse\[mp\]"'):
        client()


def test_without_a_key_and_with_one(monkeypatch):
    asked = []
    module = SimpleNamespace(MPRester=lambda key: asked.append(key) or "rester")
    monkeypatch.setitem(sys.modules, "mp_api", SimpleNamespace(client=module))
    monkeypatch.setitem(sys.modules, "mp_api.client", module)
    monkeypatch.delenv(KEY, raising=False)
    with pytest.raises(InputError, match="MP_API_KEY is empty"):
        client()
    monkeypatch.setenv(KEY, "  ")
    with pytest.raises(InputError, match="MP_API_KEY is empty"):
        client()
    monkeypatch.setenv(KEY, "made up")
    assert (client(), asked) == ("rester", ["made up"])


def test_no_answer_and_an_empty_one_write_nothing(tmp_path):
    path = tmp_path / "phases.csv"
    with pytest.raises(LisseError, match=r"did not answer \(no route to host\)") as failed:
        fetch_phases(["Li-S"], path, Service(OSError("no route\n  to host")))
    assert not isinstance(failed.value, InputError)
    with pytest.raises(InputError, match="has no compound of Li S"):
        fetch_phases(["Li-S"], path, Service([document("Li", 0.0)]))
    assert not path.exists()
