"""界面 - brand, tokens, components, the public and the staff shell, lists, menus as registered, error pages."""
