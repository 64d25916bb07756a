"""政策语言 - the policy language and its engine: text to typed tree to closures, columns and SQL; knows neither Django nor a database."""
