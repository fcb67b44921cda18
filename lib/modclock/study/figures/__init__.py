"""What notebooks show: charts, pictures of them, rows, sliders."""
