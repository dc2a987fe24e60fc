"""An application with models and pages."""
