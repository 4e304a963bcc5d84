"""Defects that bin/prove overload must notice."""
