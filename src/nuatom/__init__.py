"""nuatom: what a detector would see if neutrinos had electromagnetic properties."""
