"""创业培训 - education, training and internship (rows 10 to 12)."""
