"""What people do to their own account: change the password, ask for a signing key, change its passphrase.

Each asks again for the secret that it replaces; a wrong one is logged and counts to the lock-out. A first password opens nothing
but its own change.
"""

from sqlalchemy import Connection

from audit import enrolment, identity, sessions, signatures
from audit.chain import Actor
from audit.errors import Invalid, NotPermitted, WrongCredentials
from audit.identity import Account, Qualification, Role
from audit.passwords import check_password, matches
from drafting import lifecycle
from drafting.accounts import CERTIFICATE
from drafting.context import Context
from drafting.overseeing.switches import Switch, is_on


def certificate(ctx: Context, account: Account) -> Qualification | None:
    """Return the certificate of a qualification run that a person holds today."""
    today = ctx.clock.now().date().isoformat()
    return lifecycle.qualification_for(account, "*", signatures.Meaning.REVIEW, today, basis=CERTIFICATE)


def certificate_missing(ctx: Context, account: Account) -> bool:
    """Tell whether the site asks a reviewer for a certificate of a qualification run that they do not hold."""
    if not account.has(Role.REVIEWER) or certificate(ctx, account) is not None:
        return False
    with ctx.database.read() as conn:
        return is_on(conn, Switch.QUALIFIED)


def change_password(ctx: Context, *, current: str, new: str, again: str, actor: Actor) -> None:
    """Change the own password and end the person's other sessions."""
    if new != again:
        raise Invalid("The new password was not typed twice the same.", remedy="Nothing was changed; type it again.")
    with ctx.database.read() as conn:
        account = identity.account_by_id(conn, actor.id)
    if account is None or not account.active:
        raise NotPermitted("This account is not active.", remedy="Ask an administrator.")
    check_password(new, account.user_id)
    try:
        known = sessions.authenticate(
            ctx.database, ctx.clock, user_id=account.user_id, password=current, zone=ctx.zone
        )  # fmt: skip
    except WrongCredentials:
        raise WrongCredentials(
            "The present password is wrong.", remedy="Nothing was changed; five failures lock the account."
        ) from None
    ctx.database.write(
        lambda conn: identity.set_password(
            conn, known, new, by=actor, at=ctx.clock.now(), zone=ctx.zone, cost=ctx.settings.key_cost
        )
    )


def ask_for_key(ctx: Context, *, passphrase: str, again: str, actor: Actor) -> bool:
    """Ask for a signing key sealed by the own passphrase; tell whether it is enrolled at once.

    Only the first key of a home is: its owner, an administrator, attests it. Any other waits for an administrator.
    """
    if passphrase != again:
        raise Invalid("The passphrase was not typed twice the same.", remedy="Nothing was changed; type it again.")
    with ctx.database.read() as conn:
        account, first = _signer(conn, actor), enrolment.is_first(conn)
    if matches(account.password_hash, passphrase):
        raise Invalid("That is your password.", remedy="Choose a signing passphrase that opens nothing else.")
    cost = ctx.settings.key_cost
    if first and account.has(Role.ADMINISTRATOR):
        ctx.database.write(
            lambda conn: enrolment.enrol_key(
                conn, key_id=ctx.new_id(), account=_signer(conn, actor), passphrase=passphrase, attested_by=None,
                at=ctx.clock.now(), zone=ctx.zone, cost=cost,
            )
        )  # fmt: skip
        return True
    key = enrolment.make_key(account, key_id=ctx.new_id(), passphrase=passphrase, cost=cost)
    ctx.database.write(
        lambda conn: enrolment.request_key(conn, _signer(conn, actor), key, by=actor, at=ctx.clock.now(), zone=ctx.zone)
    )
    return False


def _signer(conn: Connection, actor: Actor) -> Account:
    account = identity.check_usable(identity.account_by_id(conn, actor.id))
    identity.permit(account, Role.WRITER, Role.REVIEWER, Role.APPROVER, Role.ADMINISTRATOR)
    return account


def change_passphrase(ctx: Context, *, user_id: str, current: str, new: str, again: str, actor: Actor) -> None:
    """Seal the own signing key with another passphrase; the key, and what it signed, stays the same."""
    if new != again:
        raise Invalid("The new passphrase was not typed twice the same.", remedy="Nothing was changed; type it again.")
    with ctx.database.read() as conn:
        account = _signer(conn, actor)
    check_password(new, account.user_id, what="signing passphrase")
    if new == current:
        raise Invalid("That is the present passphrase.", remedy="Choose another.")
    if matches(account.password_hash, new):
        raise Invalid("That is your password.", remedy="Choose a signing passphrase that opens nothing else.")
    key = signatures.release(
        ctx.database, ctx.clock, actor=actor, user_id=user_id, passphrase=current, zone=ctx.zone
    )  # fmt: skip
    sealed = signatures.seal(key.private, new, ctx.settings.key_cost, account.id)
    ctx.database.write(
        lambda conn: enrolment.change_passphrase(conn, key, sealed, by=actor, at=ctx.clock.now(), zone=ctx.zone)
    )
