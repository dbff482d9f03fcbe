"""The forms of the administration screen: a new account, acts on one account, qualifications, attesting a key."""

from collections.abc import Callable

import streamlit as st

from audit import enrolment
from audit.enrolment import Request
from audit.identity import LONGEST_NAME, LONGEST_REASON, LONGEST_USER_ID, Account, Qualification, Role, fold
from audit.passwords import LONGEST
from audit.passwords import first_password as make_password
from audit.signatures import Meaning
from drafting import accounts
from drafting.accounts import State
from review_ui import session, widgets
from review_ui.frame import Visit
from review_ui.people import STATE_BADGES, role_label
from review_ui.presenters import moment, plain

ROLES = [str(role) for role in Role if role is not Role.SERVICE]


def _do(act: Callable[[], object], told: str) -> None:
    with widgets.guarded():
        act()
        session.notice(told)
        st.rerun()


def first_password() -> None:
    """Show a first password once, until it is put away."""
    kept = session.first_password()
    if kept is None:
        return
    with st.container(border=True):
        st.markdown(f"**First password of {plain(kept[0])}**")
        code, away = st.columns([4, 1], vertical_alignment="center")
        code.code(kept[1], language=None)
        if away.button("Put away", icon=":material/visibility_off:", key="accounts.put_away", width="stretch"):
            session.forget_first_password()
            st.rerun()
        st.caption("Hand it over now: it is kept nowhere in readable form, and must be changed at the first sign-in.")


def new(visit: Visit, number: int) -> None:
    """Ask for a new account, the home's `number`th: a created one gives the next form fresh fields."""
    with st.form(f"accounts.new.{number}", border=False):
        user_id = st.text_input("User id", key=f"accounts.new.user.{number}", max_chars=LONGEST_USER_ID, autocomplete="off")
        name = st.text_input("Printed name", key=f"accounts.new.name.{number}", max_chars=LONGEST_NAME, autocomplete="off")
        roles = st.multiselect(
            "Roles",
            ROLES,
            format_func=role_label,
            key=f"accounts.new.roles.{number}",
            help="The administrator holds no other role.",
        )
        on = st.date_input("Identity verified by you on", value=None, key=f"accounts.new.on.{number}")
        how = st.text_input(
            "How", key=f"accounts.new.how.{number}", placeholder="Identity card seen", help="Needed before a signing key; may follow later.",
            max_chars=LONGEST_REASON,
        )  # fmt: skip
        if st.form_submit_button("Create account", icon=":material/person_add:"):
            password = make_password()

            def act() -> None:
                verified = (on.isoformat() if on else "", how) if on or how.strip() else None
                made = accounts.add_person(
                    visit.ctx, user_id=user_id, printed_name=name, roles=tuple(roles), password=password,
                    actor=visit.actor, verified=verified,
                )  # fmt: skip
                session.keep_first_password(made.user_id, password)

            _do(act, "Account created")


def request(visit: Visit, account: Account, waiting: Request, *, acts: bool) -> None:
    """Show a key that waits for attestation; the administrator who verified its owner's identity attests it."""
    checked = account.identity_verified
    with st.container(border=True):
        st.markdown(f":material/hourglass_top: **{plain(account.printed_name)}** asks for a signing key")
        widgets.facts(
            {
                "Asked for": moment(waiting.at),
                "Fingerprint": enrolment.fingerprint(waiting.public_key),
                "Identity verified": f"by {checked[0]} on {checked[1]}: {checked[2]}"
                if checked
                else "not yet; record it first",
            }
        )
        if not acts:
            return
        if account.id == visit.account.id:
            st.caption("Nobody attests their own key: another administrator does.")
            return
        attest, refuse = st.columns([3, 2], gap="large")
        with attest:
            if checked is not None and fold(checked[0]) == fold(visit.account.user_id):
                _attest(visit, account, waiting)
            else:
                st.caption("First verify who this is, and record it; then attest the key.")
                _verify(visit, account, _key(account, "waiting"))
        with refuse.form(f"refuse.{waiting.key_id}", border=False):
            reason = _reason(f"refuse.{waiting.key_id}", "Reason for refusing it")
            if st.form_submit_button("Refuse", icon=":material/close:"):
                _do(
                    lambda: accounts.refuse_key(
                        visit.ctx, account.id, waiting.key_id, reason=reason, actor=visit.actor
                    ),
                    "Key refused",
                )  # fmt: skip


def _attest(visit: Visit, account: Account, waiting: Request) -> None:
    with st.form(f"attest.{waiting.key_id}", clear_on_submit=True, border=False):
        user, secret = st.columns(2)
        user_id = user.text_input("Your user id", key=f"attest.user.{waiting.key_id}", autocomplete="off", max_chars=200)
        passphrase = secret.text_input(
            "Your signing passphrase",
            type="password",
            key=f"attest.secret.{waiting.key_id}",
            autocomplete="off",
            max_chars=LONGEST,
        )
        st.caption("You sign that you verified this person's identity and that this fingerprint is the one they see.")
        if st.form_submit_button("Attest the key", icon=":material/verified_user:"):
            _do(
                lambda: accounts.attest_key(
                    visit.ctx, account.id, waiting.key_id, user_id=user_id, passphrase=passphrase, actor=visit.actor
                ),
                "Key enrolled",
            )


def one(visit: Visit, found: list[Account], states: dict[str, State]) -> None:
    """Choose an account and act on it."""
    named = {account.id: account for account in found}
    who, what = st.columns([2, 3], vertical_alignment="bottom")
    chosen = who.selectbox(
        "Account",
        list(named),
        index=0 if len(found) == 1 else None,
        format_func=lambda key: f"{named[key].printed_name} ({named[key].user_id})",
        placeholder="Choose an account to change it",
        key="accounts.chosen",
    )
    if chosen is None:
        return
    account, state = named[chosen], states[chosen]
    if account.id == visit.account.id:
        what.caption("Nobody administers their own account; your password and passphrase stand under My account.")
        return
    if state is State.DEACTIVATED:
        what.caption("This account was deactivated; its user id stays taken.")
        return
    forms = {"Roles": _roles, "Identity": _identity, "Reset password": _reset, "Deactivate": _deactivate}
    if state is State.LOCKED:
        forms = {"Release": _release, **forms}
    picked = what.segmented_control(
        "Act", list(forms), default=next(iter(forms)), key=f"accounts.act.{account.id}.{state}", required=True
    )
    with st.container(border=True):
        with st.container(horizontal=True, vertical_alignment="center"):
            st.markdown(f"**{plain(account.printed_name)}** {plain(account.user_id)}")
            widgets.badge(STATE_BADGES[state])
        forms[str(picked)](visit, account)


def _key(account: Account, what: str) -> str:
    return f"accounts.{what}.{account.id}.{account.version}"  # a stored change gives the next form fresh fields


def _reason(key: str, label: str = "Reason") -> str:
    return st.text_input(label, key=f"{key}.reason", max_chars=LONGEST_REASON)


def _release(visit: Visit, account: Account) -> None:
    with st.form(_key(account, "release"), border=False, clear_on_submit=True):
        reason = _reason(_key(account, "release"), "Reason for the release")
        if st.form_submit_button("Release", icon=":material/lock_open:"):
            _do(lambda: accounts.release_lock(visit.ctx, account.id, reason=reason, actor=visit.actor), "Account released")


def _reset(visit: Visit, account: Account) -> None:
    with st.form(_key(account, "reset"), border=False):
        reason = _reason(_key(account, "reset"), "Reason for the reset")
        st.caption(
            "Makes a first password, shown once here. It ends the person's sign-ins and releases a lock; their signing key stays."
        )
        if st.form_submit_button("Reset password", icon=":material/lock_reset:"):
            password = make_password()

            def act() -> None:
                accounts.reset_password(visit.ctx, account.id, password=password, reason=reason, actor=visit.actor)
                session.keep_first_password(account.user_id, password)

            _do(act, "Password reset")


def _roles(visit: Visit, account: Account) -> None:
    with st.form(_key(account, "roles"), border=False):
        roles = st.multiselect(
            "Roles", ROLES, default=list(account.roles), format_func=role_label, key=_key(account, "roles.chosen")
        )
        reason = _reason(_key(account, "roles"), "Reason for the change")
        if st.form_submit_button("Change roles", icon=":material/badge:"):
            _do(
                lambda: accounts.change_roles(visit.ctx, account.id, tuple(roles), reason=reason, actor=visit.actor),
                "Roles changed",
            )


def _identity(visit: Visit, account: Account) -> None:
    checked = account.identity_verified
    st.caption(
        plain(
            f"Verified by {checked[0]} on {checked[1]}: {checked[2]}"
            if checked
            else "Not verified yet: no key can be attested."
        )
    )
    _verify(visit, account, _key(account, "identity"))


def _verify(visit: Visit, account: Account, key: str) -> None:
    with st.form(key, border=False):
        day, words = st.columns([1, 2])
        on = day.date_input("Verified by you on", value=None, key=f"{key}.on")
        how = words.text_input("How", key=f"{key}.how", placeholder="Identity card seen", max_chars=LONGEST_REASON)
        if st.form_submit_button("Record", icon=":material/how_to_reg:"):
            _do(
                lambda: accounts.verify_identity(
                    visit.ctx, account.id, on=on.isoformat() if on else "", how=how, actor=visit.actor
                ),
                "Identity check recorded",
            )


def _deactivate(visit: Visit, account: Account) -> None:
    with st.form(_key(account, "deactivate"), border=False):
        reason = _reason(_key(account, "deactivate"), "Reason for deactivating it")
        st.caption("For good: sign-ins end now, the user id is never issued again, what the person signed stays.")
        if st.form_submit_button("Deactivate", icon=":material/person_off:"):
            _do(lambda: accounts.deactivate(visit.ctx, account.id, reason=reason, actor=visit.actor), "Account deactivated")


def qualify(visit: Visit, people: list[Account], titles: dict[str, str]) -> None:
    """Ask for a qualification."""
    named, state = {account.id: account for account in people}, sum(account.version for account in people)
    with st.form(f"qualifications.new.{state}"):
        st.markdown("**Give a qualification**")
        who = st.selectbox(
            "Account",
            list(named),
            index=None,
            format_func=lambda key: named[key].printed_name,
            key=f"qualifications.who.{state}",
        )
        kind, meaning = st.columns(2)
        section = kind.selectbox(
            "Section", list(titles), format_func=lambda key: titles[key], key=f"qualifications.section.{state}"
        )
        signs = meaning.selectbox("Meaning", [str(m) for m in Meaning], index=None, key=f"qualifications.meaning.{state}")
        since, until = st.columns(2)
        first = since.date_input("From", value=visit.ctx.clock.now().date(), key=f"qualifications.from.{state}")
        last = until.date_input("Until", value=None, key=f"qualifications.until.{state}")
        basis = st.text_input(
            "Rests on",
            placeholder="Training record or certificate",
            key=f"qualifications.basis.{state}",
            max_chars=LONGEST_REASON,
        )
        if st.form_submit_button("Give", icon=":material/workspace_premium:"):
            given = Qualification(
                section, signs or "", first.isoformat() if first else "", last.isoformat() if last else "", basis
            )
            _do(lambda: accounts.qualify(visit.ctx, who or "", given, actor=visit.actor), "Qualification recorded")


def end_qualification(visit: Visit, people: list[Account], titles: dict[str, str]) -> None:
    """Ask which qualification ends, and why."""
    held = {
        f"{account.id}.{number}": (account, qualification)
        for account in people
        for number, qualification in enumerate(account.qualifications)
    }

    def label(key: str) -> str:
        account, qualification = held[key]
        kind = titles.get(qualification.section_kind, qualification.section_kind)
        return f"{account.printed_name}: {qualification.meaning}, {kind}, until {qualification.valid_until}"

    with st.form("qualifications.end"):
        st.markdown("**End a qualification**")
        chosen = st.selectbox("Qualification", list(held), index=None, format_func=label, key="qualifications.ended")
        reason = _reason("qualifications.end", "Reason for ending it")
        st.caption("What was signed under it stays signed.")
        if st.form_submit_button("End", icon=":material/event_busy:", disabled=not held) and chosen:
            account, qualification = held[chosen]
            _do(
                lambda: accounts.end_qualification(visit.ctx, account.id, qualification, reason=reason, actor=visit.actor),
                "Qualification ended",
            )
