"""A drawing of the cell to scale along its thickness, and a section through the cathode at its true proportions.

The section shows spheres cut by a plane: radii and area fractions are those of the cell file (Delesse: the area
fraction of a random section is the volume fraction), positions are random with a fixed seed. Leaves out: grain
structure, contact between particles, the true shape of pores and carbon.
"""

from __future__ import annotations

from html import escape

import numpy as np

from lisse.report.palette import ORIGINS, WARM
from lisse.report.svg import Array, Colour, Figure, LegendItem, drawing
from lisse.report.view import CellView, Layer

SEED = 2024
MOST_PARTICLES = 420
WIDE = 1080.0

ANODE = ORIGINS["anode"][1]
SEPARATOR = ORIGINS["separator"][1]
ELECTROLYTE = Colour("#a9d6f2", "#4f7f9c")  # the hue of the cathode's ionic loss, paler: it is a ground
ACTIVE = ORIGINS["cathode_diffusion"][1]
CARBON = Colour("#2c3138", "#05070a")
PORE = Colour("#ffffff", "#d7dde4")
COLLECTOR = Colour("#7b838d", "#8d96a1")
_FILL = {
    "anode": ANODE,
    "counter_electrode": ANODE,
    "separator": SEPARATOR,
    "cathode": ACTIVE,
    "interlayer": ORIGINS["contacts"][1],
}


def _um(metres: float) -> str:
    value = metres * 1e6
    return f"{value:.3g} µm" if value < 1000 else f"{value / 1000:.3g} mm"


def _radii(view: CellView, area: float, rng: np.random.Generator) -> Array:
    """Draw radii of circles that a plane cuts from the cell's spheres until they fill their share of ``area``.

    A plane meets a sphere in proportion to its radius, and cuts it at a depth uniform in (0, R). A population with
    volume fraction f of spheres of radius R has f/R^3 spheres, hence f/R^2 cuts.
    """
    radii = np.array([r for r, _ in view.particles])
    share = np.array([f for _, f in view.particles])
    weight = share / radii**2
    weight /= weight.sum()
    mean_cut = float(np.sum(weight * np.pi * radii**2 * 2 / 3))
    count = max(int(view.active_fraction * area / mean_cut), 1)
    sizes = rng.choice(radii, size=count, p=weight)
    cuts = np.sort(sizes * np.sqrt(1 - rng.random(count) ** 2))[::-1]
    # A small window holds few circles; their common scale is set so that the area fraction is met exactly.
    return np.asarray(cuts * np.sqrt(view.active_fraction * area / np.sum(np.pi * cuts**2)))


def _pack(radii: Array, width: float, height: float, rng: np.random.Generator, steps: int = 260) -> Array:
    """Place circles in a box (walls left and right, periodic in height) by pushing overlaps apart.

    Returns
    -------
    ndarray, shape (n, 2)
        Centres. Overlaps that remain are a few percent of a radius at the highest fractions.
    """
    # A low-discrepancy start (Roberts' R2 sequence) keeps the density even; chance alone would leave holes.
    spots = (rng.random(2) + np.outer(np.arange(radii.size), [0.7548776662466927, 0.5698402909980532])) % 1.0
    xy = rng.permutation(spots) * [1.0, height]
    room = np.maximum(width - 2 * radii, 0.0)
    xy[:, 0] = np.where(room > 0, radii + xy[:, 0] * room, width / 2)
    reach = radii[:, None] + radii[None, :]
    # Lighter circles give way to heavier ones.
    share = (radii[None, :] ** 2) / (radii[:, None] ** 2 + radii[None, :] ** 2)
    for step in range(steps):
        # The first steps keep particles a fifth of their size apart, which evens out the density.
        loose = 1.2 if step < 60 else 1.015
        d = xy[:, None, :] - xy[None, :, :]
        d[..., 1] -= height * np.round(d[..., 1] / height)
        gap = np.hypot(d[..., 0], d[..., 1])
        np.fill_diagonal(gap, np.inf)
        overlap = np.maximum(reach * loose - gap, 0.0)
        if step >= 60 and overlap.max() < 1e-3 * radii.min():
            break
        xy += np.sum((0.8 * overlap * share / np.maximum(gap, 1e-12))[..., None] * d, axis=1)
        xy[:, 0] = np.clip(xy[:, 0], np.minimum(radii, width / 2), np.maximum(width - radii, width / 2))
        xy[:, 1] %= height
    return xy


def _specks(
    fraction: float, size: float, box: tuple[float, float], taken: tuple[Array, Array], rng: np.random.Generator
) -> tuple[Array, Array]:
    """Scatter small circles that avoid ``taken`` until they cover ``fraction`` of the box.

    Tries are limited, so a crowded section may show a little less than its share.
    """
    xy, radii = taken
    centres, sizes = [], []
    missing, tries, offset = fraction * box[0] * box[1], 0, rng.random(2)
    while missing > 0 and tries < 6000:
        tries += 1
        r = size * (0.35 + 0.65 * rng.random()) * (1 if tries < 1500 else 0.5)
        p = (offset + tries * np.array([0.7548776662466927, 0.5698402909980532])) % 1.0 * box
        if radii.size:
            dy = np.abs(xy[:, 1] - p[1])
            near = np.hypot(xy[:, 0] - p[0], np.minimum(dy, box[1] - dy)) < radii + 0.9 * r
            if near.any():
                continue
        centres.append(p)
        sizes.append(r)
        xy, radii = np.vstack([xy, p]), np.append(radii, r)
        missing -= np.pi * r**2
    return np.array(centres).reshape(-1, 2), np.array(sizes)


def _circles(
    xy: Array, radii: Array, at: tuple[float, float], scale: float, height: float, colour: Colour, css: str = "fill"
) -> str:
    """Write circles in pixels, repeating those that cross the top or bottom edge."""
    parts = []
    for (x, y), r in zip(xy, radii, strict=True):
        for shift in (0.0, height, -height):
            if -r < y + shift < height + r:
                parts.append(
                    f'<circle cx="{at[0] + x * scale:.1f}" cy="{at[1] + (y + shift) * scale:.1f}" '
                    f'r="{max(r * scale, 0.3):.2f}"/>'
                )
    return f'<g class="c {css}" style="{colour.style}">{"".join(parts)}</g>'


def _frame(view: CellView, cathode: Layer) -> tuple[float, float]:
    """Return width and height of the section in pixels: narrower and taller where particles are large.

    The section is at least six radii tall, or it would hold a particle and its own repetition.
    """
    widest = max(r for r, _ in view.particles)
    if 250.0 * cathode.thickness / 700.0 >= 6 * widest:
        return 700.0, 250.0
    return min(max(360.0 * cathode.thickness / (6 * widest), 60.0), 700.0), 360.0


def _window(view: CellView, cathode: Layer, width: float, height: float) -> tuple[float, float, float]:
    """Return pixels per metre and the width and height of the section in m.

    Fine particles in a thick layer would be dust, so the window is cut down until each can be seen.
    """
    scale = width / cathode.thickness
    mean = sum(r * f for r, f in view.particles)
    count = view.active_fraction * cathode.thickness * (height / scale) / (np.pi * mean**2 * 2 / 3)
    scale *= max(float(np.sqrt(count / MOST_PARTICLES)), 1.0)
    return scale, width / scale, height / scale


def _section(view: CellView, cathode: Layer, left: float, top: float, width: float, height: float) -> str:
    """Draw the cathode's cross-section, both directions at one scale, inside the given pixels."""
    rng = np.random.default_rng(SEED)
    scale, wide, tall = _window(view, cathode, width, height)
    mean = sum(r * f for r, f in view.particles)
    body = [
        f'<rect class="c fill" style="{ELECTROLYTE.style}" x="{left}" y="{top}" width="{width}" height="{height}"/>'
    ]
    radii = _radii(view, wide * tall, rng)[: MOST_PARTICLES * 3]
    xy = _pack(radii, wide, tall, rng)
    body.append(_circles(xy, radii, (left, top), scale, tall, ACTIVE))
    pores, pore_sizes = _specks(view.porosity, 0.34 * mean, (wide, tall), (xy, radii), rng)
    body.append(_circles(pores, pore_sizes, (left, top), scale, tall, PORE))
    if view.carbon_fraction > 0:
        taken = (np.vstack([xy, pores]), np.append(radii, pore_sizes))
        dots, dot_sizes = _specks(view.carbon_fraction, 0.16 * mean, (wide, tall), taken, rng)
        body.append(_circles(dots, dot_sizes, (left, top), scale, tall, CARBON))
    if view.coating:
        body.append(_circles(xy, radii, (left, top), scale, tall, WARM, "ring"))
    clip = f'<clipPath id="section"><rect x="{left}" y="{top}" width="{width}" height="{height}"/></clipPath>'
    frame = f'<rect class="frame" x="{left}" y="{top}" width="{width}" height="{height}"/>'
    return clip + f'<g clip-path="url(#section)">{"".join(body)}</g>{frame}' + _ruler(left, top + height, scale, width)


def _ruler(left: float, bottom: float, scale: float, width: float) -> str:
    """Draw a scale bar of a round length, about a quarter of the width."""
    most = 0.3 * width / scale
    power = 10.0 ** np.floor(np.log10(most))
    length = max(m * power for m in (1, 2, 5) if m * power <= most)
    end = left + length * scale
    return (
        f'<path class="rule" d="M{left:.1f},{bottom + 8:.1f}v8M{left:.1f},{bottom + 12:.1f}H{end:.1f}m0,-4v8"/>'
        f'<text class="tick" x="{end + 7:.1f}" y="{bottom + 16:.1f}">{_um(length)}</text>'
    )


def _block(layer: Layer, x: float, y: float, width: float, height: float) -> str:
    colour = _FILL.get(layer.role, COLLECTOR)
    fill = 'fill="url(#hatch)"' if layer.role.startswith("collector") else f'class="c fill" style="{colour.style}"'
    title = f"<title>{escape(layer.label)}: {escape(layer.material)}, {_um(layer.thickness)}</title>"
    edge = '<path class="frame"' if layer.role.startswith("collector") else ""
    edge = edge and f'{edge} d="M{x:.2f},{y}v{height}h{width:.2f}v-{height}z"/>'
    return f'<rect {fill} x="{x:.2f}" y="{y}" width="{max(width, 0.4):.2f}" height="{height}">{title}</rect>{edge}'


def _spots(centres: list[float], widths: list[float], lo: float, hi: float) -> list[float]:
    """Shift label centres sideways until no two overlap, keeping their order and the page's edges."""
    spots = list(centres)
    for k in range(len(spots)):
        least = lo + widths[k] / 2 if k == 0 else spots[k - 1] + (widths[k - 1] + widths[k]) / 2
        spots[k] = max(spots[k], least)
    for k in reversed(range(len(spots))):
        most = hi - widths[k] / 2 if k == len(spots) - 1 else spots[k + 1] - (widths[k] + widths[k + 1]) / 2
        spots[k] = min(spots[k], most)
    return spots


def _strip(layers: tuple[Layer, ...], x: float, y: float, width: float, height: float) -> tuple[str, dict[str, float]]:
    """Draw all layers side by side at one scale, labelled above; also return where each begins and ends."""
    scale = width / sum(layer.thickness for layer in layers)
    out, edges, at = [], {}, x
    centres = []
    for layer in layers:
        out.append(_block(layer, at, y, layer.thickness * scale, height))
        edges[layer.role] = at
        centres.append(at + layer.thickness * scale / 2)
        at += layer.thickness * scale
    names = [(f"{layer.label}", f"{layer.material}, {_um(layer.thickness)}") for layer in layers]
    # Text is drawn at 12 px; 6.4 px a character holds for the common system fonts.
    wide = [max(len(a), len(b)) * 6.4 + 16 for a, b in names]
    for centre, spot, (a, b) in zip(centres, _spots(centres, wide, 0.0, WIDE), names, strict=True):
        out.append(
            f'<text class="tick strong" x="{spot:.1f}" y="{y - 40}" text-anchor="middle">{escape(a)}</text>'
            f'<text class="tick" x="{spot:.1f}" y="{y - 25}" text-anchor="middle">{escape(b)}</text>'
            f'<path class="lead" d="M{spot:.1f},{y - 19}V{y - 14}L{centre:.1f},{y - 5}V{y}"/>'
        )
    return "".join(out) + _ruler(x, y + height, scale, width), edges


def cell(view: CellView) -> Figure:
    """Draw the layers of the cell to scale, and the cathode magnified with its particles."""
    title = "The cell to scale"
    layers = tuple(layer for layer in view.layers if layer.thickness > 0)
    if not layers:
        return Figure("cell", title, "", "The cell gives no layer thickness.", wide=True)
    hatch = (
        '<defs><pattern id="hatch" width="6" height="6" patternUnits="userSpaceOnUse" '
        'patternTransform="rotate(45)"><rect class="hatchback" width="6" height="6"/>'
        '<path class="hatchline" d="M0,0V6"/></pattern></defs>'
    )
    strip, edges = _strip(layers, 4.0, 62.0, WIDE - 8, 64.0)
    body, height = [hatch, strip], 160.0
    cathode = next((layer for layer in layers if layer.role == "cathode"), None)
    other = "cathode" if cathode is not None else "counter electrode"
    caption = f"Layers from the anode's collector (left) to the {other}'s, thickness to scale."
    if cathode is not None and view.particles and 0 < view.active_fraction < 0.9:
        factor = (WIDE - 8) / sum(layer.thickness for layer in layers)
        a, b = edges["cathode"], edges["cathode"] + cathode.thickness * factor
        top = 186.0
        width, tall = _frame(view, cathode)
        left = (WIDE - width) / 2
        whole = _window(view, cathode, width, tall)[1] > 0.999 * cathode.thickness
        body.append(
            f'<path class="zoom" d="M{a:.1f},126L{left},{top}H{left + width}L{b:.1f},126Z"/>'
            + _section(view, cathode, left, top, width, tall)
            + (_sides(left, top, width, tall) if whole else "")
        )
        height = top + tall + 30
        caption += (
            f" Below: {'section through' if whole else 'a part of'} the cathode, equal scale in both directions; "
            f"particle size, {view.active_fraction:.0%} active material and {view.porosity:.0%} pores by volume "
            f"are the cell's, the arrangement is random (fixed seed)."
        )
        if view.coating:
            caption += " The coating's outline is not to scale."
    svg = drawing(WIDE, height, title, body)
    return Figure("cell", title, svg, caption, _legend(view, layers), wide=True)


def _sides(left: float, top: float, width: float, tall: float) -> str:
    """Say what lies on either side of the section."""
    y = top + tall / 2
    return (
        f'<text class="tick" x="{left - 10}" y="{y - 4}" text-anchor="end">separator</text>'
        f'<text class="tick" x="{left - 10}" y="{y + 12}" text-anchor="end">side</text>'
        f'<text class="tick" x="{left + width + 10}" y="{y - 4}">collector</text>'
        f'<text class="tick" x="{left + width + 10}" y="{y + 12}">side</text>'
    )


def _legend(view: CellView, layers: tuple[Layer, ...]) -> tuple[LegendItem, ...]:
    items = [
        LegendItem(layer.label, _FILL[layer.role], "area") for layer in layers if layer.role in ("anode", "separator")
    ]
    if not view.constituents:
        return tuple(items)
    items += [
        LegendItem("active material", ACTIVE, "area"),
        LegendItem("electrolyte in the cathode", ELECTROLYTE, "area"),
    ]
    if view.carbon_fraction > 0:
        items.append(LegendItem("carbon", CARBON, "area"))
    if view.porosity > 0:
        items.append(LegendItem("pores", PORE, "area"))
    if view.coating:
        items.append(LegendItem("coating", WARM, "line"))
    return tuple(items)
