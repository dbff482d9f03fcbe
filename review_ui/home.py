"""The open home of this process, shared by the sign-in route and the screens. Nothing governed is cached but the Context."""

import os

import streamlit as st

from drafting.alarms import check_configuration
from drafting.bootstrap import open_context, settings_from
from drafting.context import Context
from drafting.overseeing.activity import expire


@st.cache_resource(show_spinner=False)
def context() -> Context:
    """Return the Context of the home, opened at first use; an alarm is raised where its configuration is not the confirmed one, and what may be kept no longer goes."""
    ctx = open_context(settings_from(os.environ))
    check_configuration(ctx)
    expire(ctx)
    return ctx
