"""The real-photon limit of the responses, and what was measured of it."""
