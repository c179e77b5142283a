"""Demos of chapter 4, the customer's role: one module for each."""

from servicequality.demos.customers_role.do_it_yourself import do_it_yourself
from servicequality.demos.customers_role.full_cafe import full_cafe
from servicequality.demos.customers_role.pull_the_chain import pull_the_chain
from servicequality.demos.customers_role.seat_the_strangers import seat_the_strangers
from servicequality.demos.customers_role.who_is_in_charge import who_is_in_charge
from servicequality.demos.customers_role.who_should_do_the_work import who_should_do_the_work

__all__ = [
    "do_it_yourself",
    "full_cafe",
    "pull_the_chain",
    "seat_the_strangers",
    "who_is_in_charge",
    "who_should_do_the_work",
]
