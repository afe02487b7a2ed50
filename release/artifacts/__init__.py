"""What a release consists of: a module for each kind of file."""
