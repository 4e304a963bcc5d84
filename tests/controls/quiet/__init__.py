"""Defects that bin/prove quiet must notice."""
