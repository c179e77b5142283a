"""Build hook: put into the package what it needs to work offline."""

from pathlib import Path
from typing import Any

import vl_convert
from hatchling.builders.hooks.plugin.interface import BuildHookInterface

VEGA_MODULE = "src/servicequality/widgets/static/vega.js"


class OfflineParts(BuildHookInterface):
    """Bundle Vega into one module that our own server serves, and ship the datasets."""

    PLUGIN_NAME = "custom"

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:
        """Write the Vega module (no network needed); a clone reads its datasets in place."""
        target = Path(self.root, VEGA_MODULE)
        target.parent.mkdir(exist_ok=True)
        bundle = vl_convert.javascript_bundle("export { vegaEmbed };")
        target.write_text(bundle, encoding="utf-8")
        if version == "standard":
            build_data["force_include"]["datasets"] = "servicequality/datasets"
