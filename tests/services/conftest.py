from tests.quiet import app, apps, database, settings, shared, shop

__all__ = ["app", "apps", "database", "settings", "shared", "shop"]
