"""Where a stage opens: networks, and the headers of Safe Exam Browser."""

from __future__ import annotations

import hashlib
import ipaddress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from quizapp.exam import edition
from quizapp.exam.admission import Access, Obstacle, proves, within
from tests.exam.test_edition import GOOD, refusals

KEY, OTHER = "ab" * 32, "cd" * 32
URL = "https://concours.example/epreuve/premier-tour?q=2"


def hashed(key: str, url: str = URL) -> str:
    return hashlib.sha256((url + key).encode()).hexdigest()


def with_access(text: str) -> str:
    return GOOD.replace("    duration: 20\n", f"    duration: 20\n    access:\n{text}")


@pytest.mark.parametrize(
    ("address", "inside"),
    [
        ("192.0.2.7", True), ("192.0.3.7", False), ("::ffff:192.0.2.7", True), ("2001:db8::1", True),
        ("2001:db9::1", False), ("", False), ("inconnu", False), ("198.51.100.4", True),
    ],
)  # fmt: skip
def test_address_is_looked_for_in_every_network(address: str, inside: bool) -> None:
    assert within(address, ("192.0.2.0/24", "2001:db8::/32", "198.51.100.4/32")) is inside


@given(st.ip_addresses(v=4), st.integers(0, 32))
def test_network_holds_exactly_its_addresses(address: ipaddress.IPv4Address, bits: int) -> None:
    network = ipaddress.ip_network((address, bits), strict=False)
    before, after = int(network.network_address) - 1, int(network.broadcast_address) + 1

    assert within(str(address), [str(network)])
    assert within(str(network.broadcast_address), [str(network)])
    for outside in (before, after):
        if 0 <= outside < 2**32:
            assert not within(str(ipaddress.ip_address(outside)), [str(network)])


def test_header_proves_this_address_and_one_of_the_keys() -> None:
    assert proves(URL, hashed(KEY), (OTHER, KEY))
    assert proves(URL, hashed(KEY).upper(), (KEY,))
    assert not proves(URL, hashed(KEY, URL + "#ancre"), (KEY,))
    assert not proves(URL, hashed(KEY, "https://concours.example/"), (KEY,))
    assert not proves(URL, hashed("ef" * 32), (OTHER, KEY))
    assert not proves(URL, KEY, (KEY,))
    assert not proves(URL, "", (KEY,))
    assert not proves(URL, "é" * 64, (KEY,))


def test_what_is_stated_together_is_asked_together() -> None:
    access = Access(networks=("192.0.2.0/24",), seb_config_keys=(KEY,), seb_exam_keys=(OTHER,))
    good = {
        "address": "192.0.2.7",
        "url": URL,
        "config_hash": hashed(KEY),
        "exam_hash": hashed(OTHER),
    }

    assert access.obstacle(**good) is None
    assert access.obstacle(**{**good, "address": "203.0.113.1"}) is Obstacle.NETWORK
    assert access.obstacle(**{**good, "config_hash": hashed(OTHER)}) is Obstacle.BROWSER
    assert access.obstacle(**{**good, "exam_hash": ""}) is Obstacle.BROWSER


def test_what_is_not_stated_is_not_asked() -> None:
    assert Access(networks=("192.0.2.0/24",)).obstacle(address="192.0.2.1", url=URL) is None
    config = Access(seb_config_keys=(KEY,))
    assert config.obstacle(address="", url=URL, config_hash=hashed(KEY)) is None


def test_edition_states_where_a_stage_opens() -> None:
    text = f"      networks: [192.0.2.0/24, 2001:db8::/32]\n      seb_config_keys: {KEY.upper()}\n"

    stage = edition.parse(with_access(text)).stages[0]

    assert stage.access == Access(
        networks=("192.0.2.0/24", "2001:db8::/32"), seb_config_keys=(KEY,)
    )
    assert edition.parse(GOOD).stages[0].access is None


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("      networks: [192.0.2.7/24]\n", "« 192.0.2.7/24 » n’est pas un réseau."),
        ("      networks: [salle]\n", "« salle » n’est pas un réseau."),
        (
            "      seb_exam_keys: [abc]\n",
            "Une clé de Safe Exam Browser a 64 chiffres hexadécimaux.",
        ),
        ("      networks: []\n", "« access » ne dit rien."),
    ],
)
def test_access_that_says_nothing_sure_is_refused(text: str, told: str) -> None:
    assert any(refusal.endswith(told) for refusal in refusals(with_access(text)))


def test_jury_opens_nowhere_online() -> None:
    text = GOOD.replace(
        "    kind: jury\n", "    kind: jury\n    access: {networks: 192.0.2.0/24}\n"
    )

    assert any("Un jury ne s’ouvre pas en ligne." in refusal for refusal in refusals(text))
