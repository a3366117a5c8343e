"""The results as one SVG: for each line how far its ratio is from the goal."""

from html import escape
from math import log10

from tests.bench.figures import Line
from tests.bench.table import factor

_ROW, _TOP, _LEFT, _WIDTH, _RIGHT = 34, 64, 430, 380, 110
_LEAST, _MOST = 0.25, 8.0
_MET, _MISSED, _INK, _FAINT = "#2f7d4f", "#b4452f", "#22262b", "#c9ced6"


def plot(lines: list[Line]) -> str:
    """Draws the lines that have a goal; the dot is the median, the bar its spread."""
    drawn = [line for line in lines if line.goal]
    height = _TOP + _ROW * len(drawn) + 30
    width = _LEFT + _WIDTH + _RIGHT
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {height}" '
        f'font-family="system-ui, sans-serif" font-size="13" fill="{_INK}">',
        f'<rect width="{width}" height="{height}" fill="#fff"/>',
        '<text x="16" y="26" font-size="16" font-weight="600">How far from the goal</text>',
        _scale(height),
    ]
    for number, line in enumerate(drawn):
        parts.append(_row(line, _TOP + _ROW * number + _ROW / 2))
    return "\n".join([*parts, "</svg>", ""])


def _scale(height: int) -> str:
    """Draws where a ratio is a quarter of its goal, the goal, and several times as good."""
    marks = []
    for share in (0.25, 0.5, 1.0, 2.0, 4.0, 8.0):
        x, ink = _x(share), _INK if share == 1 else _FAINT
        label = "goal" if share == 1 else f"{share:g}x"
        marks.append(
            f'<line x1="{x:.1f}" y1="{_TOP - 8}" x2="{x:.1f}" y2="{height - 24}" stroke="{ink}"/>'
            f'<text x="{x:.1f}" y="{_TOP - 14}" text-anchor="middle" font-size="11">{label}</text>'
        )
    return "\n".join(marks)


def _row(line: Line, y: float) -> str:
    ink = _MET if line.met else _MISSED
    low, high = sorted(_goodness(line, ratio) for ratio in line.spread)
    at = _x(_goodness(line, line.ratio))
    return (
        f'<text x="16" y="{y - 2:.1f}">{escape(line.work)}</text>'
        f'<text x="16" y="{y + 12:.1f}" font-size="11" fill="#667">'
        f"against {escape(line.against)}, goal {escape(str(line.goal))}</text>"
        f'<line x1="{_x(low):.1f}" y1="{y}" x2="{_x(high):.1f}" y2="{y}" '
        f'stroke="{ink}" stroke-width="3" opacity="0.35"/>'
        f'<circle cx="{at:.1f}" cy="{y}" r="6" fill="{ink}"/>'
        f'<text x="{_LEFT + _WIDTH + 24}" y="{y + 4:.1f}" fill="{ink}" font-weight="600">'
        f"{factor(line.ratio)}x</text>"
    )


def _goodness(line: Line, ratio: float) -> float:
    """Returns how many times as good as its goal a ratio is."""
    if line.goal is None:
        return 1.0
    return ratio / line.goal.ratio if line.goal.sense == ">=" else line.goal.ratio / ratio


def _x(goodness: float) -> float:
    inside = min(max(goodness, _LEAST), _MOST)
    return _LEFT + _WIDTH * log10(inside / _LEAST) / log10(_MOST / _LEAST)
