"""Administration: accounts, roles and qualifications; never content."""

import streamlit as st

from audit import identity, sessions
from audit.identity import Account, Role
from review_ui.frame import Visit
from review_ui.presenters import plain


def show(visit: Visit) -> None:
    """List accounts and their state; an administrator releases locked ones."""
    identity.permit(visit.account, Role.ADMINISTRATOR, Role.AUDITOR)
    st.subheader("Administration")
    with visit.ctx.database.read() as conn:
        listed = identity.accounts(conn)
        locked = [a for a in listed if sessions.failures(conn, a.user_id) >= sessions.FAILURES_TO_LOCK]
    st.dataframe([_line(account, locked=account in locked) for account in listed], hide_index=True)
    for account in locked:
        if visit.account.has(Role.ADMINISTRATOR):
            _release(visit, account)
    st.caption("Create accounts and give qualifications with: verascribe user --help")


def _line(account: Account, *, locked: bool) -> dict[str, str]:
    state = "locked" if locked else "active" if account.active else "deactivated"
    return {
        "user id": account.user_id,
        "name": account.printed_name,
        "roles": ", ".join(account.roles),
        "state": state,
        "identity verified": " ".join(account.identity_verified or ("no",)),
        "qualified for": ", ".join(f"{q.meaning} until {q.valid_until}" for q in account.qualifications),
    }


def _release(visit: Visit, account: Account) -> None:
    with st.form(f"release.{account.id}"):
        st.markdown(f"**{plain(account.printed_name)}** is locked after failed attempts.")
        reason = st.text_input("Reason for the release")
        if st.form_submit_button("Release", icon=":material/lock_open:") and reason.strip():
            now = visit.ctx.clock.now()
            visit.ctx.database.write(
                lambda conn: sessions.unlock(conn, account, by=visit.actor, at=now, zone=visit.ctx.zone, reason=reason)
            )
            st.rerun()
