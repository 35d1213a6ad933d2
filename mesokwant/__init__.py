"""mesokwant: phase-coherent quantum transport, measured with error bars beside theory.

The public names are listed in ``__init__.pyi``, and each is imported when it is first used
(SPEC 1), so that ``import mesokwant`` costs next to nothing.
"""

import lazy_loader

__getattr__, __dir__, __all__ = lazy_loader.attach_stub(__name__, __file__)
