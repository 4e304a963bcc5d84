"""Defects that bin/prove old-browsers must notice."""
