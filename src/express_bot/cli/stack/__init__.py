"""The running product on one machine: its programs, their supervisor, and how to tell that they are well."""
