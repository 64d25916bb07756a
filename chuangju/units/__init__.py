"""单位与人员 - departments, towns and zones with dated names and groups; accounts, roles and sign-in (row 1)."""
