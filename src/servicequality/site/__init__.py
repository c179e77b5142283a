"""The public dashboards: Voilà settings, template and front page."""
