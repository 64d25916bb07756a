"""主体 - firms, individual businesses, people and teams, with their facts and registers."""
