"""Registers of parties as files: which columns there are, whatever they are called and in whatever order. No Django."""
