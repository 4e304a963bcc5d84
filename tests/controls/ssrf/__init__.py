"""Defects that bin/prove ssrf must notice."""
