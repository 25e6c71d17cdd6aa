"""Materials: what a cell is made of. One TOML file a material, every value a claim with a source.

Leaves out: everything that depends on a cell (``lisse.cell`` resolves claims for the roles of a cell).
"""

from __future__ import annotations

from lisse.citations import Bibliography, Source, to_bibtex
from lisse.materials.curves import ConstantCurve, Curve, ExpressionCurve, HinderedCurve, TableCurve
from lisse.materials.library import (
    Material,
    SuspectClaimWarning,
    add_directory,
    check_file,
    directories,
    library,
    names,
)
from lisse.materials.properties import KINDS, PROPERTIES, Property, properties_of
from lisse.materials.quantities import Spread
from lisse.materials.schema import Claim, MaterialFile, materials_schema

__all__ = [
    "KINDS",
    "PROPERTIES",
    "Bibliography",
    "Claim",
    "ConstantCurve",
    "Curve",
    "ExpressionCurve",
    "HinderedCurve",
    "Material",
    "MaterialFile",
    "Property",
    "Source",
    "Spread",
    "SuspectClaimWarning",
    "TableCurve",
    "add_directory",
    "check_file",
    "directories",
    "library",
    "materials_schema",
    "names",
    "properties_of",
    "to_bibtex",
]
