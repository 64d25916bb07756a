"""配置 - settings, addresses, the server entry and the command line; imported by nobody."""
