"""办件 - one case from draft to payment and after (rows 5 to 9, 13, 18)."""
