"""Defects that bin/prove outbox must notice."""
