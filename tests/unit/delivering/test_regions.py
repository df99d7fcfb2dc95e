"""ADR-1: the places an address chooses from are whole, and each leads to its parents."""

from __future__ import annotations

import pytest

from engine.delivering import model


def everything() -> list[tuple[str, str, str]]:
    return [
        (province.code, city.code, district.code)
        for province in model.children("")
        for city in model.children(province.code)
        for district in model.children(city.code)
    ]


@pytest.mark.row("ADR-1")
def test_every_province_has_cities_and_every_city_districts():
    found = everything()
    assert len({province for province, _, _ in found}) == 31
    assert len({city for _, city, _ in found}) == 342
    assert len(found) == len({district for _, _, district in found}) == 3062
    for province, city, district in found:
        assert city.startswith(province[:2])
        assert district.startswith(city[:4])
        assert model.region_of(district) is not None


@pytest.mark.row("ADR-1")
def test_places_are_named_in_full_and_once():
    def at(region: str) -> model.Destination:
        province, city, district = model.names(region)
        return model.Destination(
            recipient="张伟",
            phone="13800138000",
            region=region,
            province=province,
            city=city,
            district=district,
            detail="中山路 1 号",
        )

    assert at("320505").place == "江苏省苏州市虎丘区中山路 1 号"
    assert at("110105").place == "北京市朝阳区中山路 1 号"
    assert at("650102").place == "新疆维吾尔自治区乌鲁木齐市天山区中山路 1 号"


@pytest.mark.row("ADR-1")
def test_a_city_is_no_district_and_a_dissolved_district_keeps_its_code():
    assert model.region_of("320500") is None
    assert model.region_of("") is None
    assert model.names("320599") == ("", "", "320599")
    assert model.children("320505") == ()
