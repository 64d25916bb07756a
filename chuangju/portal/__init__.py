"""门户 - home pages by role: the first page a stranger or a signed-in person meets."""
