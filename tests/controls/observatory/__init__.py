"""Defects that bin/prove observatory must notice."""
