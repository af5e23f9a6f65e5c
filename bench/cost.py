"""Least squares: a line through measured points."""

from __future__ import annotations

from collections.abc import Sequence


def line_through(points: Sequence[tuple[float, float]]) -> tuple[float, float]:
    """(a, b) of y = a + b · x, by least squares."""
    return _weighted([(x, y, 1.0) for x, y in points])


def cost_model(points: Sequence[tuple[float, float]]) -> tuple[float, float]:
    """As `line_through`, but of the *relative* residuals: small costs count like large ones."""
    return _weighted([(x, y, 1 / y**2) for x, y in points])


def _weighted(points: Sequence[tuple[float, float, float]]) -> tuple[float, float]:
    w = sum(weight for _, _, weight in points)
    wx = sum(weight * x for x, _, weight in points)
    wxx = sum(weight * x * x for x, _, weight in points)
    wy = sum(weight * y for _, y, weight in points)
    wxy = sum(weight * x * y for x, y, weight in points)
    below = w * wxx - wx * wx
    return (wy * wxx - wxy * wx) / below, (w * wxy - wx * wy) / below
