"""Atoms: what they are made of, and how their electrons are bound."""

from nuatom.atoms.target import Element, Subshell, Target, element

__all__ = ["Element", "Subshell", "Target", "element"]
