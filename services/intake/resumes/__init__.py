"""The files of résumés: fetched where a hiring system has them, and read in a process apart."""
