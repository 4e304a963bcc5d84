"""Defects that bin/prove double-spend must notice."""
