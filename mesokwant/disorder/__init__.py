"""Disorder: values that say what is random, and the configurations that they give a system.

`base` states what a kind of disorder is and how to write one; `potential`, `bonds`, `magnetic`
and `vacancies` hold the kinds, each value beside its draw; `configurations` is the one door to
randomness. The public names are listed in ``mesokwant/__init__.pyi``.
"""

from .base import Disorder
from .configurations import Configurations, bind

__all__ = ["Configurations", "Disorder", "bind"]
