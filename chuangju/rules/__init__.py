"""政策语言 - the policy language and its engine: text to typed tree to closures, columns and SQL.

A library that stands on its own: neither Django nor a database is imported. The way of a sentence of policy:
`parser` reads an expression into a `tree`, `policy_file` a whole file; `binding` fixes it to a day, `folding` turns
date arithmetic into comparisons, `closures` answer one applicant, `bulk` a whole register; `explain` says why.
"""
