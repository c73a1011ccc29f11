"""Audiences are united without losing, doubling or mistaking anybody."""

from dataclasses import replace

from pod.domain.audience import unite
from pod.domain.identity import DiasporaId, Guid
from pod.domain.people import Person


def person(number: int) -> Person:
    return Person(
        id=number,
        diaspora_id=DiasporaId(f"person{number}@pod1.test"),
        guid=Guid(f"{number:032x}"),
        public_key="",
        pod_url="https://pod1.test/",
    )


ALICE, BOB, CAROL = person(1), person(2), person(3)


def test_an_audience_names_everybody_once_in_the_order_of_the_groups() -> None:
    assert unite([(BOB, CAROL), (), (CAROL, BOB)], without=ALICE) == (BOB, CAROL)


def test_an_audience_does_not_name_the_author() -> None:
    assert unite([(ALICE, BOB)], without=ALICE) == (BOB,)


def test_an_audience_knows_people_by_who_they_are_and_not_by_what_is_known_of_them() -> None:
    assert unite([(BOB,), (replace(BOB, closed=True),)], without=ALICE) == (
        replace(BOB, closed=True),
    )
