"""The vacancies that are known, and the recruiters who are told about them."""
