"""Defects that bin/prove kill must notice."""
