"""Express Bot: applications of employees, from any door to a decision."""
