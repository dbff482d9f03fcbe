"""Start the server of the screens: one process on this machine, no telemetry, nothing fetched from a network.

Settings reach the process through VERASCRIBE_* variables; secrets of a model endpoint stay in the environment as they are.
"""

import os
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import NoReturn

from drafting.context import Settings

ADDRESS = "127.0.0.1"
OPTIONS: Mapping[str, str] = {
    "server.headless": "true",
    "server.address": ADDRESS,
    "server.enableXsrfProtection": "true",
    "server.enableCORS": "true",
    "server.maxUploadSize": "50",
    "server.fileWatcherType": "none",
    "browser.gatherUsageStats": "false",
    "client.toolbarMode": "minimal",
    "client.showErrorDetails": "none",
    "runner.postScriptGC": "false",
    "theme.base": "light",
    "theme.primaryColor": "#0f5c63",
    "theme.backgroundColor": "#ffffff",
    "theme.secondaryBackgroundColor": "#f4f6f7",
    "theme.textColor": "#17242b",
    "theme.linkColor": "#0f5c63",
    "theme.baseFontSize": "15",
    "theme.baseRadius": "small",
}


def command(port: int) -> list[str]:
    """Return the command that serves the screens on a port of this machine."""
    script = str(Path(__file__).with_name("asgi.py"))
    flags = [part for name, value in OPTIONS.items() for part in (f"--{name}", value)]
    return [sys.executable, "-m", "streamlit", "run", script, "--server.port", str(port), *flags]


def environment(settings: Settings, base: Mapping[str, str]) -> dict[str, str]:
    """Return the variables of the server's process: the given ones and the settings."""
    return {
        **base,
        "VERASCRIBE_HOME": str(settings.home),
        "VERASCRIBE_DATABASE_URL": settings.database_url,
        "VERASCRIBE_ZONE": settings.zone,
        "VERASCRIBE_SITE": settings.site,
        "VERASCRIBE_MODEL": settings.model,
        "VERASCRIBE_BASE_URL": settings.base_url,
    }


def serve(settings: Settings, *, port: int) -> NoReturn:
    """Become the server of the screens, so that a stop of this process stops it too."""
    sys.stdout.flush()
    os.execve(sys.executable, command(port), environment(settings, os.environ))  # noqa: S606 - our own command line
