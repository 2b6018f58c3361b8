"""The end of a month in one call: import an inbox, reconcile, report, compare with before."""

from reconcile.closing.inbox import Became, InboxFile
from reconcile.closing.monthly import Closed, close
from reconcile.closing.writing import check_out

__all__ = ["Became", "Closed", "InboxFile", "check_out", "close"]
