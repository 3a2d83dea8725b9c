"""A paper takes seconds and gives the same at every call: each is reproduced once in a process."""

from functools import cache

from nuatom.papers import paper

reproduced = cache(paper)
