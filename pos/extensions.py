"""The Flask extensions, made here and bound to an app in `create_app`."""

from typing import cast

from flask import current_app
from flask_babel import Babel
from flask_login import LoginManager
from flask_migrate import Migrate
from flask_sqlalchemy import SQLAlchemy
from flask_wtf.csrf import CSRFProtect

from pos.config import Settings
from pos.database import Base, ShopSession

db = SQLAlchemy(model_class=Base, session_options={"class_": ShopSession})
migrate = Migrate()
login = LoginManager()
csrf = CSRFProtect()
babel = Babel()


def settings() -> Settings:
    """Return the settings of the app at work."""
    return cast(Settings, current_app.extensions["pos_settings"])
