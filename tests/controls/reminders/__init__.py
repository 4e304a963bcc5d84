"""Defects that bin/prove reminders must notice."""
