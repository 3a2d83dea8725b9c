"""The ground state: configuration, nucleus, mean field, orbitals, thresholds."""
