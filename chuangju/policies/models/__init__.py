"""The models of policies, one file for each thing; import them from here."""
