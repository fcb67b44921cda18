"""Running notebooks: their files and parameters, papermill, progress, interrupts."""
