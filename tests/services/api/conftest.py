import pytest

from pos.extensions import db
from pos.models import User
from pos.permissions import Scope
from pos.services.api import tokens


@pytest.fixture
def token(context, shop):
    owner = db.session.get_one(User, shop.manager.id)
    return tokens.create(owner, "web shop", set(Scope), by="test")[0]
