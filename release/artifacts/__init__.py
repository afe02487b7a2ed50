"""The files of a release: a module for each kind."""
