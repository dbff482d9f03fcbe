"""My account: who I am here, what I may sign, my signing key, and changing my password and passphrase."""

import streamlit as st

from audit import enrolment
from audit.enrolment import Enrolled, Request
from audit.identity import Role
from audit.passwords import LONGEST, SHORTEST
from drafting import own_account
from review_ui import session, widgets
from review_ui.frame import Visit
from review_ui.people import KEY_ACTIVE, KEY_MISSING, KEY_WAITING, qualification_line, role_label, section_titles
from review_ui.presenters import moment

SIGNERS = (Role.WRITER, Role.REVIEWER, Role.APPROVER, Role.ADMINISTRATOR)
RULE = f"At least {SHORTEST} characters; several words are easiest."


def show(visit: Visit) -> None:
    """Show the person's own account, and the forms for its two secrets."""
    st.subheader("My account")
    with visit.ctx.database.read() as conn:
        keys, waiting = (
            enrolment.keys_of(conn, visit.account.id),
            enrolment.requests(conn).get(visit.account.id),
        )
    left, right = st.columns([3, 2], gap="large")
    with left:
        _who(visit)
        _qualifications(visit)
        if visit.account.has(*SIGNERS):
            _key(keys, waiting)
    with right:
        _password(visit)
        if visit.account.has(*SIGNERS):
            if keys:
                _passphrase(visit)
            _ask(visit, replacing=bool(keys), waiting=waiting is not None)


def _who(visit: Visit) -> None:
    account = visit.account
    checked = account.identity_verified
    lines = {
        "Printed name": account.printed_name,
        "User id": account.user_id,
        "Roles": ", ".join(role_label(role) for role in account.roles),
        "Identity verified": f"by {checked[0]} on {checked[1]}: {checked[2]}"
        if checked
        else "not yet; a signing key needs it",
    }
    with st.container(border=True):
        widgets.facts(lines)


def _qualifications(visit: Visit) -> None:
    st.markdown("**What I am qualified to sign**")
    today = visit.ctx.clock.now().date().isoformat()
    titles = section_titles(visit.ctx.outlines.values())
    held = [qualification_line(titles, q, today) for q in visit.account.qualifications]
    if own_account.certificate_missing(visit.ctx, visit.account):
        st.warning(
            "This site asks for a certificate of a qualification run before a review is signed, and you hold none at present. Begin a run on the page "
            "Oversight; the training lead certifies it.",
            icon=":material/workspace_premium:",
        )
    if held:
        st.dataframe(held, hide_index=True)
    else:
        widgets.empty("No qualification is recorded.", "An administrator records one, with what it rests on.")


def _key(keys: list[Enrolled], waiting: Request | None) -> None:
    with st.container(horizontal=True, vertical_alignment="center"):
        st.markdown("**My signing key**")
        if keys or not waiting:
            widgets.badge(KEY_ACTIVE if keys else KEY_MISSING)
        if waiting:
            widgets.badge(KEY_WAITING)
    if keys:
        with st.container(border=True):
            widgets.facts(
                {
                    "Fingerprint": enrolment.fingerprint(keys[0].public_key),
                    "Enrolled": moment(keys[0].at),
                    "Attested by": keys[0].attested_by,
                }
            )
    if waiting:
        with st.container(border=True):
            widgets.facts({"Asked for": moment(waiting.at), "Fingerprint": enrolment.fingerprint(waiting.public_key)})
            st.caption(
                "It signs nothing until the administrator who verified your identity attests it; show them this fingerprint."
            )
    for old in keys[1:]:
        st.caption(f"Earlier key, {moment(old.at)} to {moment(old.until)}: {enrolment.fingerprint(old.public_key)}")


def _password(visit: Visit) -> None:
    with st.form("account.password", clear_on_submit=True):
        st.markdown("**Change password**")
        current = _secret("Present password", "account.current", known=True)
        new = _secret("New password", "account.new", hint=RULE)
        again = _secret("New password again", "account.again")
        if st.form_submit_button("Change password", icon=":material/key:"):
            with widgets.guarded():
                own_account.change_password(visit.ctx, current=current, new=new, again=again, actor=visit.actor)
                session.notice("Password changed; your other sign-ins have ended")
                st.rerun()


def _passphrase(visit: Visit) -> None:
    with st.form("account.passphrase", clear_on_submit=True):
        st.markdown("**Change signing passphrase**")
        st.caption("Seals the same key again; what you signed stays as it is.")
        current = _secret("Present passphrase", "account.sealed", known=True)
        new = _secret("New passphrase", "account.passphrase.new", hint=RULE)
        again = _secret("New passphrase again", "account.passphrase.again")
        if st.form_submit_button("Change passphrase", icon=":material/draw:"):
            with widgets.guarded():
                own_account.change_passphrase(
                    visit.ctx, user_id=visit.account.user_id, current=current, new=new, again=again, actor=visit.actor
                )
                session.notice("Passphrase changed")
                st.rerun()


def _ask(visit: Visit, *, replacing: bool, waiting: bool) -> None:
    title = "Lost the passphrase: ask for a new key" if replacing else "Ask for a signing key"
    shown = st.expander(title, expanded=not replacing and not waiting, icon=":material/add_moderator:")
    with shown, st.form("account.ask", clear_on_submit=True, border=False):
        st.caption(
            "You choose a passphrase that only you know; it seals the key. An administrator who verified your identity "
            "attests it, then it signs." + (" The present key ends on that day." if replacing else "")
        )
        passphrase = _secret("Signing passphrase", "account.ask.new", hint=f"{RULE} Not your password.")
        again = _secret("Signing passphrase again", "account.ask.again")
        if st.form_submit_button("Ask again" if waiting else "Ask for the key", icon=":material/send:"):
            with widgets.guarded():
                done = own_account.ask_for_key(visit.ctx, passphrase=passphrase, again=again, actor=visit.actor)
                session.notice("Key enrolled" if done else "Asked; an administrator attests it")
                st.rerun()


def _secret(label: str, key: str, *, known: bool = False, hint: str | None = None) -> str:
    complete = "current-password" if known else "new-password"
    return st.text_input(label, type="password", key=key, autocomplete=complete, max_chars=LONGEST, help=hint)
