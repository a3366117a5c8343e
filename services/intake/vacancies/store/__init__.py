"""The tables of vacancies and recruiters."""
