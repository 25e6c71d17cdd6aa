"""Lithium faces of symmetric cells, many at once: critical currents, stripping, cycle life, operating map.

Stands on ``anode``, ``separator`` and ``cell``; leaves out the composite cathode.
"""
