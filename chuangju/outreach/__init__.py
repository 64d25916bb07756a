"""创业宣传 - publicity plan, role models, theme events (rows 19 to 21)."""
