"""Flavours, mixing, electroweak couplings, and the electromagnetic structure of neutrinos."""
