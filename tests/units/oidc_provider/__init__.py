"""A city's sign-in to test against: a real OpenID Connect provider (allauth's own), in a process of its own."""
