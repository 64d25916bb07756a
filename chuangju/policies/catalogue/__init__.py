"""政策目录 - the policies as files, one for each version, and the shared parameters and lists they refer to; no Django."""
