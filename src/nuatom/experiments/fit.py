"""Fit."""
from dataclasses import dataclass
@dataclass
class Fit: ...
