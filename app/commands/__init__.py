"""The commands of an installation, one file a noun: each reads what was typed and calls a verb."""
