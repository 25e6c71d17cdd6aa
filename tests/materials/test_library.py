"""Finding materials: names, aliases, directories of the user, other packages, and the check of a file."""

import os
import subprocess
import sys
import time
from pathlib import Path

import pytest

from lisse.errors import InputError
from lisse.materials import Material, SuspectClaimWarning, add_directory, check_file, library, names
from lisse.materials import library as library_function

TEXT = """name = "{name}"
aliases = ["{name}-alias"]
kind = "electrolyte"
state = "glass"
[[claims]]
id = "one"
property = "density"
value = "1900 kg/m^3"
spread = "x/÷ 1.05"
method = "measured"
source = {{ citation = "A. Author, J. Test 1 (2000) 1-2", tag = "seed" }}
"""


@pytest.fixture(autouse=True)
def _clean(monkeypatch):
    monkeypatch.delenv("LISSE_MATERIALS", raising=False)
    monkeypatch.setattr(sys.modules["lisse.materials.library"], "_added", [])


def write(directory: Path, name: str) -> Path:
    directory.mkdir(exist_ok=True)
    path = directory / f"{name.lower()}.toml"
    path.write_text(TEXT.format(name=name), encoding="utf-8")
    return path


def test_names_aliases_and_case():
    for name in ("Li6PS5Cl", "li6ps5cl", "LPSCl", "lpscl"):
        assert Material.load(name).name == "Li6PS5Cl"


def test_unknown_material_gets_the_nearest_name():
    with pytest.raises(InputError, match='"Li6PS5Cll" is not in the library; did you mean "Li6PS5Cl"'):
        Material.load("Li6PS5Cll")


@pytest.mark.parametrize("name", ["nope", "Unobtainium", "x"])
def test_a_name_that_resembles_nothing_gets_no_guess(name):
    with pytest.raises(InputError, match=r"is not in the library; `lisse materials` lists what is known\.$"):
        Material.load(name)


def test_claims_by_id_and_unknown_ones():
    material = Material.load("Li6PS5Cl")
    assert material.value("ionic_conductivity") == pytest.approx(0.13)
    assert material.value("ionic_conductivity", "fine-grain") == pytest.approx(0.156)
    assert material.has("density")
    assert not material.has("diffusivity")
    with pytest.raises(InputError, match=r"no claim .*densty.*did you mean .density"):
        material.claim("densty")
    with pytest.raises(InputError, match=r"has no claim .mine.; accepted are review-table2"):
        material.claim("ionic_conductivity", "mine")


def test_a_suspect_value_in_use_warns():
    tin = Material.load("Li10SnP2S12")
    with pytest.warns(SuspectClaimWarning, match=r"0\.27 to 0\.30 eV"):
        tin.value("activation_energy", "review-table2")
    assert tin.value("activation_energy") == pytest.approx(0.28 * 96485.33, rel=1e-6)


def test_a_directory_of_the_environment(tmp_path, monkeypatch):
    write(tmp_path / "a", "Testite")
    write(tmp_path / "b", "Otherite")
    monkeypatch.setenv("LISSE_MATERIALS", os.pathsep.join([str(tmp_path / "a"), str(tmp_path / "b")]))
    assert Material.load("testite-ALIAS").value("density") == 1900
    assert {"Testite", "Otherite", "Li6PS5Cl"} <= set(names())
    monkeypatch.setenv("LISSE_MATERIALS", str(tmp_path / "missing"))
    with pytest.raises(InputError, match="LISSE_MATERIALS"):
        names()


def test_a_directory_that_is_none_is_named_by_who_asked(tmp_path):
    for field, given in (("add_directory", ()), ("--directory", ("--directory",))):
        with pytest.raises(InputError, match=rf'^{field}: ".*absent" is not a directory; write one that holds'):
            add_directory(tmp_path / "absent", *given)


def test_an_added_directory_and_a_name_twice(tmp_path):
    write(tmp_path / "a", "Testite")
    add_directory(tmp_path / "a")
    assert "Testite" in library()
    write(tmp_path / "b", "li6ps5cl")
    add_directory(tmp_path / "b")
    with pytest.raises(InputError, match=r"li6ps5cl.*is taken by"):
        library()


def install_plugin(place, target):
    """Put a package with a material where packages are looked for."""
    package = place / "plugin_of_tests"
    write(package, "Pluginite")
    (package / "__init__.py").write_text("def where():\n    return __path__[0]\n")
    info = place / "plugin_of_tests-1.0.dist-info"
    info.mkdir()
    (info / "METADATA").write_text("Metadata-Version: 2.1\nName: plugin-of-tests\nVersion: 1.0\n")
    (info / "entry_points.txt").write_text(f"[lisse.materials]\nmine = {target}\n")


@pytest.mark.parametrize("target", ["plugin_of_tests", "plugin_of_tests:where"])
def test_materials_of_another_package(tmp_path, monkeypatch, target):
    install_plugin(tmp_path, target)
    monkeypatch.syspath_prepend(str(tmp_path))
    try:
        assert Material.load("pluginite").value("density") == 1900
    finally:
        sys.modules.pop("plugin_of_tests", None)


def test_a_package_is_seen_that_is_installed_later(tmp_path, monkeypatch):
    monkeypatch.syspath_prepend(str(tmp_path))
    assert "Pluginite" not in names()
    install_plugin(tmp_path, "plugin_of_tests")
    try:
        assert "Pluginite" in names()
    finally:
        sys.modules.pop("plugin_of_tests", None)


def test_packages_are_listed_once(monkeypatch):
    names()
    monkeypatch.setattr("importlib.metadata.entry_points", lambda **_: pytest.fail("the packages are listed again"))
    assert Material.load("Li").name == "Li"


def test_a_broken_plugin_is_named(tmp_path, monkeypatch):
    info = tmp_path / "broken_plugin-1.0.dist-info"
    info.mkdir()
    (info / "METADATA").write_text("Metadata-Version: 2.1\nName: broken-plugin\nVersion: 1.0\n")
    (info / "entry_points.txt").write_text("[lisse.materials]\nbroken = no_such_module_of_tests\n")
    monkeypatch.syspath_prepend(str(tmp_path))
    with pytest.raises(InputError, match=r"lisse.materials:broken.*ModuleNotFoundError"):
        names()


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("name = ", "not valid TOML"),
        (
            TEXT.format(name="T").replace("1900 kg/m^3", "1900 K"),
            r"\"one\" \(density\): '1900 K' has the wrong dimension",
        ),
        (TEXT.format(name="T").replace("method", "methode"), 'did you mean "method"'),
        ("", '"name" is missing'),
    ],
)
def test_check_of_a_broken_file(tmp_path, text, words):
    path = tmp_path / "broken.toml"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(InputError, match=words) as caught:
        check_file(path)
    assert str(caught.value).startswith("broken.toml: ")
    assert "\n" not in str(caught.value)


def test_check_of_what_is_no_text_file(tmp_path):
    with pytest.raises(InputError, match="no file"):
        check_file(tmp_path / "absent.toml")
    (tmp_path / "binary.toml").write_bytes(b"\xff\xfe\x00")
    with pytest.raises(
        InputError, match=r"^binary\.toml: byte 1 is not UTF-8 text; save it as a TOML file in UTF-8\.$"
    ):
        check_file(tmp_path / "binary.toml")
    (tmp_path / "folder.toml").mkdir()
    with pytest.raises(
        InputError, match=r"^folder\.toml: it cannot be read \(.*\); write the path of a \.toml file\.$"
    ):
        check_file(tmp_path / "folder.toml")
    assert check_file(write(tmp_path / "a", "Testite")).name == "Testite"


def test_a_changed_file_is_read_again(tmp_path):
    path = write(tmp_path / "a", "Testite")
    assert Material.load(path).value("density") == 1900
    path.write_text(TEXT.format(name="Testite").replace("1900", "2000"), encoding="utf-8")
    os.utime(path, ns=(time.time_ns(), time.time_ns() + 1_000_000))
    assert Material.load(path).value("density") == 2000


def test_the_library_loads_without_heavy_imports():
    code = (
        "import sys, lisse.materials as m\n"
        "m.library()\n"
        "print([n for n in ('pybamm', 'scipy', 'pandas', 'plotly', 'pint') if n in sys.modules])\n"
    )
    run = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert run.stdout.strip() == "[]"


def test_loading_one_material_parses_one_file():
    module = sys.modules["lisse.materials.library"]
    module._read.cache_clear()
    Material.load("LLZO")
    assert module._read.cache_info().misses == 1
    assert library_function is module.library
