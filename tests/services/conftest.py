from tests.quiet import shop

__all__ = ["shop"]
