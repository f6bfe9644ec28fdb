from tests.quiet import app, apps, database, settings, shared, shop, tmp_path

__all__ = ["app", "apps", "database", "settings", "shared", "shop", "tmp_path"]
