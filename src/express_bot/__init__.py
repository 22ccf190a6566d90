"""Express Bot: applications of employees, from any door to a decision."""

__version__ = "0.1.0"
