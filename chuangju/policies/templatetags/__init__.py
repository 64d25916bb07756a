"""Tags of the templates of policies."""
