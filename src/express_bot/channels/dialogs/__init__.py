"""The conversation engine: walks any form definition question by question and knows no messenger."""
