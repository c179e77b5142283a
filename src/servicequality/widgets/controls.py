"""Labelled controls: what a learner may change in a demo, with label, unit, range and default."""

import math
from collections.abc import Mapping
from dataclasses import dataclass, field
from gettext import gettext as _
from typing import Any

from servicequality.widgets.numbers import fixed

Value = float | str | bool
State = Mapping[str, Any]


@dataclass(frozen=True, kw_only=True)
class Slider:
    """A number between two limits.

    Parameters
    ----------
    name : str
        Key of the value in the demo's state.
    label : str
        What a reader sees, in the subject's words.
    low, high, step, default : float
        Limits (both allowed), distance between two positions, and first position.
    unit : str
        Unit shown after the value; empty for a pure number.
    button : str
        Text of a button that goes one step on, and from the last position back to the first;
        empty if there is none.
    kept : bool
        True for a learner's own number, such as a guess: a commit and cases leave it where it is.
    """

    name: str
    label: str
    low: float
    high: float
    default: float
    step: float = 0.1
    unit: str = ""
    button: str = ""
    kept: bool = False

    @property
    def decimals(self) -> int:
        """Digits after the point that the step needs."""
        return max(0, -math.floor(math.log10(self.step) + 1e-9))

    def check(self, value: Any) -> float:
        """Return the value as a float, or raise ValueError if it is outside the limits."""
        number = isinstance(value, int | float) and not isinstance(value, bool)
        if not (number and math.isfinite(value) and self.low <= value <= self.high):
            raise ValueError(
                _("“{label}” must be a number from {low} to {high}; got {value!r}.").format(
                    label=self.label,
                    low=fixed(self.low, self.decimals),
                    high=fixed(self.high, self.decimals),
                    value=value,
                )
            )
        return float(value)

    def declaration(self) -> dict[str, Any]:
        """Return what the browser needs to draw the control."""
        return {
            "kind": "slider",
            "name": self.name,
            "label": self.label,
            "low": self.low,
            "high": self.high,
            "step": self.step,
            "decimals": self.decimals,
            "unit": self.unit,
            "button": self.button,
        }


@dataclass(frozen=True, kw_only=True)
class Choice:
    """One of a few named options.

    Parameters
    ----------
    name, label : str
        As in `Slider`.
    options : mapping of str to str
        Value and label of each option.
    default : str
        The option at first.
    brings : mapping of str to (mapping of str to float, str or bool)
        For some options, values that other controls take when the option is chosen.
    """

    name: str
    label: str
    options: Mapping[str, str]
    default: str
    brings: Mapping[str, Mapping[str, Value]] = field(default_factory=dict)

    def check(self, value: Any) -> str:
        """Return the value, or raise ValueError if it is none of the options."""
        if not isinstance(value, str) or value not in self.options:
            raise ValueError(
                _("“{label}” must be one of {options}; got {value!r}.").format(
                    label=self.label, options=", ".join(self.options), value=value
                )
            )
        return value

    def declaration(self) -> dict[str, Any]:
        """Return what the browser needs to draw the control."""
        return {
            "kind": "choice",
            "name": self.name,
            "label": self.label,
            "options": [
                {"value": key, "label": text, "brings": dict(self.brings.get(key, {}))}
                for key, text in self.options.items()
            ],
        }


@dataclass(frozen=True, kw_only=True)
class Toggle:
    """A switch that is on or off."""

    name: str
    label: str
    default: bool = False

    def check(self, value: Any) -> bool:
        """Return the value, or raise ValueError if it is not true or false."""
        if not isinstance(value, bool):
            raise ValueError(
                _("“{label}” must be true or false; got {value!r}.").format(
                    label=self.label, value=value
                )
            )
        return value

    def declaration(self) -> dict[str, Any]:
        """Return what the browser needs to draw the control."""
        return {"kind": "toggle", "name": self.name, "label": self.label}


Control = Slider | Choice | Toggle


@dataclass(frozen=True)
class Group:
    """Controls behind a heading that a reader may fold; folded at first unless `unfolded`."""

    title: str
    controls: tuple[Control, ...]
    unfolded: bool = False
