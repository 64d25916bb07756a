"""创新举措 - innovation projects and the south science and technology centre (row 22)."""
