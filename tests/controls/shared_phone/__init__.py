"""Defects that bin/prove shared-phone must notice."""
