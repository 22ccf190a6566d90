"""Rules without input or output: forms, directories, periods, workflow, roles."""
