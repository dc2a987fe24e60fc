"""Connections that the tasks of an event loop await."""
