"""Defects that bin/prove last-place must notice."""
