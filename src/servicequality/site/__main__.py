"""Serve a folder of notebooks: ``python -m servicequality.site chapters --port 8866``."""

from servicequality.site.app import Site

if __name__ == "__main__":
    Site.launch_instance()
