"""Defects that bin/prove fuzz must notice."""
