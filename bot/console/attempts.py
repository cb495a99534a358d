"""Slows down guessing from one address, whatever accounts it tries."""

import ipaddress
import threading
from collections import OrderedDict
from datetime import datetime, timedelta

from bot.core.errors import SignInError

_MOST = 30
_WITHIN = timedelta(minutes=15)
_MOST_ADDRESSES = 10_000
_IPV6_VERSION = 6
_IPV6_NETWORK = 64


class AddressLimit:
    """Counts failed sign-ins of each address in memory; the longest unseen addresses are forgotten first."""

    def __init__(self, most: int = _MOST, addresses: int = _MOST_ADDRESSES) -> None:
        self._most = most
        self._addresses = addresses
        self._failures: OrderedDict[str, list[datetime]] = OrderedDict()
        self._lock = threading.Lock()

    def take(self, address: str, now: datetime) -> None:
        """Count an attempt from ``address`` before it is checked; raises ``SignInError`` when there were too many."""
        key = _network(address)
        with self._lock:
            recent = [at for at in self._failures.pop(key, []) if now - at < _WITHIN]
            refused = len(recent) >= self._most
            self._failures[key] = recent if refused else [*recent, now]
            if len(self._failures) > self._addresses:
                self._failures.popitem(last=False)
        if refused:
            raise SignInError("从这个网络登录失败的次数太多，请 15 分钟后再试。")

    def give_back(self, address: str) -> None:
        """The attempt was a good one: it does not count."""
        with self._lock:
            recent = self._failures.get(_network(address))
            if recent:
                recent.pop()


def _network(address: str) -> str:
    """IPv6 addresses of one subscriber count as one."""
    try:
        parsed = ipaddress.ip_address(address)
    except ValueError:
        return address
    if parsed.version == _IPV6_VERSION:
        return str(ipaddress.ip_network((parsed, _IPV6_NETWORK), strict=False))
    return address
