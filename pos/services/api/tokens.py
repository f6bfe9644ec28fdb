"""The tokens of other programs: made for a person, refreshed one after the other, revoked.

Each refresh token is good once. One that comes twice was copied: nobody knows which of the two
is the program, so the whole family ends.
"""

from collections.abc import Collection
from datetime import timedelta

from sqlalchemy import select, update

from pos import clock
from pos.database import rows_changed, writing
from pos.errors import BadInput, BadToken, NotFound
from pos.extensions import db
from pos.models import ApiRefresh, ApiToken, Deed, User
from pos.permissions import SCOPE_RIGHTS, Right, Scope
from pos.services.api import jwts
from pos.services.api.jwts import NOT_OURS, Kind
from pos.services.auditing import audit
from pos.services.people.users import hash_of
from pos.words import _

ACCESS_LIFE = timedelta(minutes=15)
REFRESH_LIFE = timedelta(days=90)
"""A program that does not come for so long needs a new token from a person."""

LONGEST_NAME = 40
MOST_TOKENS = 50
"""Tokens of one store that are in force."""


def create(
    owner: User, name: str, scopes: Collection[Scope], *, by: str, customer: str = ""
) -> tuple[ApiToken, str]:
    """Give a person's program a token; return it with its first refresh token, shown this once.

    BadInput for a name that is none, or a scope that the person themselves lacks.
    """
    name, customer = " ".join(name.split()), customer.strip()
    if not 1 <= len(name) <= LONGEST_NAME or not name.isprintable():
        raise BadInput(_("A name has %(most)s letters at most, in one line.", most=LONGEST_NAME))
    if len(customer) > 64 or not customer.isprintable():
        raise BadInput(_("A customer's id has 64 letters at most, in one line."))
    if not scopes or not all(owner.may(SCOPE_RIGHTS[scope]) for scope in scopes):
        raise BadInput(_("Choose what the program may do, and nothing that its person may not."))
    if len([one for one in of_store(owner.store_id) if one.revoked_at is None]) >= MOST_TOKENS:
        raise BadInput(_("A store has %(most)s tokens at most. Revoke one.", most=MOST_TOKENS))
    with writing(db.session):
        row = ApiToken(
            store_id=owner.store_id,
            owner_id=owner.id,
            name=name,
            scopes=" ".join(scope for scope in Scope if scope in scopes),
            customer=customer,
            made_at=clock.now(),
        )
        db.session.add(row)
        db.session.flush()
        text = _next_refresh(row.id)
        told, owner_name, token_id = row.scopes, owner.username, row.id
        audit.note(
            Deed.TOKEN_MADE, by, name, row.store_id, scopes=told, owner=owner_name, token=token_id
        )
    return row, text


def _next_refresh(token_id: int) -> str:
    text, claims = jwts.write(Kind.REFRESH, token_id, REFRESH_LIFE)
    now = clock.now()
    row = ApiRefresh(
        token_id=token_id,
        jti_hash=hash_of(claims.jti),
        made_at=now,
        expires_at=now + REFRESH_LIFE,
    )
    db.session.add(row)
    return text


def refresh(text: str) -> tuple[ApiToken, str, str]:
    """Spend a refresh token; return its family, an access token and the next refresh token.

    BadToken for anything else. One that was spent before revokes the family.
    """
    claims = jwts.read(text, Kind.REFRESH)
    with writing(db.session):
        token, is_copy = _spend(claims), False
        if token is None:
            is_copy = _revoke_copied(claims)
        else:
            access, _claims = jwts.write(Kind.ACCESS, token.id, ACCESS_LIFE)
            following = _next_refresh(token.id)
            token.refreshed_at = clock.now()
    if token is None:
        raise BadToken("The token was used before: it is revoked." if is_copy else NOT_OURS)
    return token, access, following


def _spend(claims: jwts.Claims) -> ApiToken | None:
    """Take a refresh token for good, and return its family if it is in force."""
    this = (ApiRefresh.token_id == claims.token_id, ApiRefresh.jti_hash == hash_of(claims.jti))
    spent = update(ApiRefresh).where(*this, ApiRefresh.spent_at.is_(None))
    if rows_changed(db.session, spent.values(spent_at=clock.now())) != 1:
        return None
    token = db.session.get(ApiToken, claims.token_id, populate_existing=True, with_for_update=True)
    return token if token is not None and is_in_force(token) else None


def _revoke_copied(claims: jwts.Claims) -> bool:
    """End the family of a token that was spent before; return whether it was in force."""
    known = select(ApiRefresh.id).where(ApiRefresh.jti_hash == hash_of(claims.jti))
    token = db.session.get(ApiToken, claims.token_id, populate_existing=True, with_for_update=True)
    if token is None or token.revoked_at is not None or db.session.scalar(known) is None:
        return False
    if not token.owner.is_active:
        return False
    token.revoked_at = clock.now()
    audit.note(Deed.TOKEN_REUSED, token.who, token.name, token.store_id, token=token.id)
    return True


def of_access(text: str) -> ApiToken:
    """Return the family of an access token that is in force now; BadToken for anything else."""
    claims = jwts.read(text, Kind.ACCESS)
    token = db.session.get(ApiToken, claims.token_id)
    if token is None or not is_in_force(token):
        raise BadToken(NOT_OURS)
    return token


def is_in_force(token: ApiToken) -> bool:
    """Return whether nobody revoked it, and its person works in its store still."""
    owner = token.owner
    is_there = owner.home_store_id == token.store_id or owner.may(Right.SEE_ALL_STORES)
    return token.revoked_at is None and owner.is_active and is_there


def of_store(store_id: int) -> tuple[ApiToken, ...]:
    """Return the tokens of a store, the newest first."""
    query = select(ApiToken).where(ApiToken.store_id == store_id)
    return tuple(db.session.scalars(query.order_by(ApiToken.id.desc())))


def revoke(store_id: int, token_id: int, *, by: str) -> None:
    """End a token of a store at once; NotFound for any other."""
    with writing(db.session):
        token = db.session.get(ApiToken, token_id, populate_existing=True, with_for_update=True)
        if token is None or token.store_id != store_id:
            raise NotFound(_("There is no such token."))
        if token.revoked_at is None:
            token.revoked_at = clock.now()
            audit.note(Deed.TOKEN_REVOKED, by, token.name, store_id, token=token.id)
