"""The application that the server runs: the screens, and the sign-in route beside them."""

from pathlib import Path

import streamlit as st
from starlette.middleware import Middleware

from review_ui.gate import Gate
from review_ui.signin import routes

app = st.App(
    Path(__file__).with_name("app.py"),
    routes=routes(),
    middleware=[Middleware(Gate)],
    on_script_error=lambda error: print(f"unexpected fault on a screen: {type(error).__name__}"),  # noqa: T201 - the server's log
)
