"""Brings rejections in from a file, over the same HTTP door as any other system."""
