"""From where and with which browser a stage may be sat, where its edition says so.

Safe Exam Browser adds to each request the SHA-256 of the absolute address it asks for (without
fragment) followed by a key: of its settings (Config Key, header ``X-SafeExamBrowser-ConfigKeyHash``)
or of its settings and program (Browser Exam Key, ``X-SafeExamBrowser-RequestHash``). Source: Safe Exam
Browser, "Config Key" and "Browser Exam Key", developer documentation at safeexambrowser.org.
"""

from __future__ import annotations

import hashlib
import hmac
import ipaddress
from collections.abc import Collection
from enum import StrEnum
from typing import Annotated

from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, Field, model_validator

from quizapp.exam.questions.base import one_as_list

CONFIG_HEADER = "X-SafeExamBrowser-ConfigKeyHash"
EXAM_HEADER = "X-SafeExamBrowser-RequestHash"


class Obstacle(StrEnum):
    """Why a stage does not open here."""

    NETWORK = "network"
    BROWSER = "browser"


def _network(text: str) -> str:
    try:
        return str(ipaddress.ip_network(text))
    except ValueError:
        raise ValueError(
            f"« {text[:60]} » n’est pas un réseau.| Écrivez par exemple « 192.0.2.0/24 », ou"
            " « 192.0.2.7 » pour une seule adresse ; les chiffres après le préfixe sont des zéros."
        ) from None


def _key(text: str) -> str:
    found = text.lower()
    if len(found) != 64 or set(found) - set("0123456789abcdef"):
        raise ValueError(
            "Une clé de Safe Exam Browser a 64 chiffres hexadécimaux.|"
            " Copiez-la depuis l’outil de configuration, sans espace."
        )
    return found


_Networks = Annotated[
    tuple[Annotated[str, AfterValidator(_network)], ...],
    BeforeValidator(one_as_list),
    Field(max_length=200),
]
_Keys = Annotated[
    tuple[Annotated[str, AfterValidator(_key)], ...],
    BeforeValidator(one_as_list),
    Field(max_length=50),
]


class Access(BaseModel):
    """Networks (one of them), Config Keys (one of them) and Browser Exam Keys (one of them).

    What is not stated is not asked; what is stated together is asked together.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    networks: _Networks = ()
    seb_config_keys: _Keys = ()
    seb_exam_keys: _Keys = ()

    @model_validator(mode="after")
    def _says_something(self) -> Access:
        if not (self.networks or self.seb_config_keys or self.seb_exam_keys):
            raise ValueError(
                "« access » ne dit rien.| Écrivez « networks », « seb_config_keys » ou"
                " « seb_exam_keys », ou retirez « access »."
            )
        return self

    def obstacle(
        self, *, address: str, url: str, config_hash: str = "", exam_hash: str = ""
    ) -> Obstacle | None:
        """What keeps a request out: from this address, for this absolute address, with these headers."""
        if self.networks and not within(address, self.networks):
            return Obstacle.NETWORK
        for keys, shown in ((self.seb_config_keys, config_hash), (self.seb_exam_keys, exam_hash)):
            if keys and not proves(url, shown, keys):
                return Obstacle.BROWSER
        return None


def within(address: str, networks: Collection[str]) -> bool:
    """Whether an address lies in one of the networks; one that cannot be read lies in none."""
    try:
        one = ipaddress.ip_address(address)
    except ValueError:
        return False
    # A server that listens on both kinds writes IPv4 addresses within IPv6.
    if isinstance(one, ipaddress.IPv6Address) and one.ipv4_mapped:
        one = one.ipv4_mapped
    return any(one in ipaddress.ip_network(network) for network in networks)


def proves(url: str, shown: str, keys: Collection[str]) -> bool:
    """Whether a header was made from this address and one of the keys."""
    made = [hashlib.sha256(f"{url}{key}".encode()).hexdigest() for key in keys]
    given = shown.strip().lower().encode()
    return any(hmac.compare_digest(one.encode(), given) for one in made)
