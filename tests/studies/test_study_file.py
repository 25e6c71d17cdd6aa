"""Study files: what is read, and the one sentence for each thing that is refused."""

from __future__ import annotations

import pytest

from lisse.errors import InputError
from lisse.studies.study_file import make_study, read_study

from .study_help import as_toml, document, listed

SOBOL = {"kind": "sobol", "count": 4}
SEARCH = {"kind": "optimise", "count": 3, "objectives": [{"metric": "stack_thickness", "sense": "minimise"}]}
RANGES = {"separator.thickness": {"range": "20 um..60 um"}}


def test_a_file_is_read(tmp_path):
    path = tmp_path / "small.toml"
    path.write_text(as_toml(document()), encoding="utf-8")
    study = read_study(path)
    assert study.paths == ("separator.thickness", "operation.stack_pressure")
    assert (study.cell, study.protocol, study.evaluator) == ("reference", "1 cycle at C/3", "cell")


def test_name_and_design_may_be_left_out(tmp_path):
    path = tmp_path / "small.toml"
    path.write_text('[vary]\n"separator.thickness" = "20 um..60 um"\n', encoding="utf-8")
    study = read_study(path)
    assert (study.name, study.design.kind, len(study.paths)) == ("small", "factorial", 1)
    path.write_text('points = [{ "separator.thickness" = "20 um" }]\n', encoding="utf-8")
    assert read_study(path).design.kind == "list"


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"evaluater": "cell"}, ['evaluater is not a field of a study; the nearest known one is "evaluator"']),
        ({"design": {"kind": "factorial", "sed": 3}}, ["design.sed", '"seed"']),
        ({"vary": {"separator.thickness": {"rnge": "1..2"}}}, ["vary.separator.thickness.rnge", '"range"']),
        ({"design": {"kind": "factory"}}, ["design.kind", "'factorial', 'sobol', 'list' or 'optimise'"]),
        ({"design": {}}, ["design.kind must be given"]),
        ({"evaluator": "sell"}, ['"sell" is not known; the nearest known one is "cell"']),
        ({"evaluator": "no_such_module:f"}, ['"no_such_module:f" cannot be imported']),
        ({"cell": "refrence"}, ["refrence", "reference"]),
        ({"protocol": "1 cycle at"}, ["protocol", "is not a value"]),
        ({"protocol": "1 cycle at {rate}"}, ["{rate}"]),
        ({"design": {"kind": "sobol"}}, ['"sobol" needs a count']),
        ({"design": {"kind": "sobol", "count": 0}}, ["design.count", "greater than or equal to 1"]),
        ({"design": {"kind": "factorial", "count": 3}}, ["leave it out"]),
        ({"vary": {}}, ["has vary and no points"]),
        ({"vary": {"separator.thickness": {"values": []}}}, ["vary.separator.thickness.values", "at least 1"]),
        ({"vary": {"separator.thickness": {"values": ["1 um", "1 um"]}}}, ["a value is given twice"]),
        ({"vary": {"separator.thickness": {"values": ["1 um"], "range": "1..2"}}}, ["either a range or values"]),
        ({"vary": {"separator.thickness": {"range": "20 um"}}}, ['"20 um" is not a range']),
        ({"vary": {"separator.thickness": {"range": "60 um..20 um"}}}, ["vary.separator.thickness", "is empty"]),
        ({"vary": {"separator.thickness": {"range": "60 um..20 um"}}, "design": SOBOL}, ["is empty"]),
        ({"vary": {"separator.thickness": {"range": "0 um..20 um log"}}}, ["by factors from 0"]),
        ({"vary": {"separator.thicknes": {"values": ["20 um"]}}}, ["separator.thicknes", '"thickness"']),
        ({"vary": {"separator.thicknes": {"range": "20 um..60 um"}}, "design": SOBOL}, ['"thickness"']),
        ({"vary": {"separator.thickness": {"values": ["20 MPa"]}}}, ["separator.thickness", "wrong dimension"]),
        ({"fixed": {"cathode.porositty": 0.1}}, ["cathode.porositty", '"porosity"']),
        ({"design": SEARCH | {"objectives": []}, "vary": RANGES}, ["an optimiser needs objectives"]),
        ({"design": SEARCH | {"objectives": [{"metric": "stack_thicknes"}]}, "vary": RANGES}, ['"stack_thickness"']),
        ({"design": SEARCH | {"constraints": ["lithium_exces >= 1"]}, "vary": RANGES}, ['"lithium_excess"']),
        ({"design": SEARCH, "vary": {"cell": {"values": ["reference"]}}}, ["vary.cell", "not whole cells"]),
        ({"design": {"kind": "factorial", "constraints": ["a >= 1"]}}, ['belong to the kind "optimise"']),
        ({"evaluator": "metrics"}, ["metrics belong to", "which needs them"]),
        ({"evaluator": "metrics", "metrics": ["stack_thicknes"]}, ['metrics: "stack_thicknes"', '"stack_thickness"']),
        ({"metrics": ["capacity"]}, ['metrics belong to the evaluator "metrics"']),
        ({"settings": {"cells": 10}}, ["settings belong to"]),
        ({"settings": {"cels": 10}}, ["settings.cels", '"cells"']),
        ({"settings": {"cells": 0}}, ["settings.cells", "greater than or equal to 1"]),
        ({"design": SEARCH | {"probability": 0.9}, "vary": RANGES}, ["settings.draws of 2 or more"]),
        ({"design": SEARCH, "settings": {"draws": 9}, "vary": RANGES}, ["only with design.probability"]),
    ],
)
def test_what_is_refused(changes, words):
    with pytest.raises(InputError) as error:
        make_study(document(**changes))
    for word in words:
        assert word in str(error.value)
    assert str(error.value).count("\n") == 0
    assert "--vary" not in str(error.value)


def test_a_field_of_one_point_of_a_list_is_tried_too():
    points = [{"separator.thickness": "20 um"}] * 4 + [{"separator.thicknss": "20 um"}]
    with pytest.raises(InputError, match='"thickness"'):
        make_study(listed(1, points=points))


@pytest.mark.parametrize("content", [b"name = ", b"\xff\xfe", None])
def test_a_file_that_cannot_be_read(tmp_path, content):
    path = tmp_path / "study.toml"
    if content is not None:
        path.write_bytes(content)
    with pytest.raises(InputError, match=r"study\.toml"):
        read_study(path)


def test_what_makes_a_study_another_one(tmp_path):
    core = make_study(document()).core
    more = document()["vary"] | {"separator.thickness": {"values": ["20 um", "50 um"]}}
    assert make_study(document(name="other", vary=more)).core == core
    for changes in ({"protocol": "1 cycle at C/2"}, {"evaluator": "run"}, {"fixed": {"cathode.porosity": 0.1}}):
        assert make_study(document(**changes)).core != core
    few = make_study(document(design=SOBOL | {"seed": 1}, vary=RANGES))
    many = make_study(document(design=SOBOL | {"seed": 1, "count": 9}, vary=RANGES))
    other = make_study(document(design=SOBOL, vary=RANGES))
    assert few.core == many.core != other.core


def test_another_content_of_the_cell_file_makes_another_study(tmp_path):
    from lisse.cell.library import cell_library

    text = cell_library()["reference"].read_text(encoding="utf-8")
    path = tmp_path / "mine.toml"
    path.write_text(text, encoding="utf-8")
    before = make_study(document(cell=str(path))).core
    path.write_text(f"{text}\n# more", encoding="utf-8")
    assert make_study(document(cell=str(path))).core != before
