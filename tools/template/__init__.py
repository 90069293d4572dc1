"""Turns dashboards of the Arduino Cloud into the board's `dashboard.json`, and back into templates."""
