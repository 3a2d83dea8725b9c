"""Quadrature, grids and special functions: no physics, no input or output."""
