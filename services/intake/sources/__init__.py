"""Systems that call us: what each signs with, what its words mean, who tells people no."""
