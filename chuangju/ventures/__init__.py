"""主体 - firms, people, teams, schools and the rest as one Party each: who they are, how they are related, who acts for them."""
