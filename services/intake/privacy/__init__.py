"""How people leave the record, and how their names leave free text."""
