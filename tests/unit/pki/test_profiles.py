import shutil
from pathlib import Path

import pytest

from engine.kernel import catalog, errors
from engine.pki import profiles

DIRECTORY = Path(catalog.DATA) / "profiles"


def changed(tmp_path: Path, old: str, new: str) -> Path:
    text = (DIRECTORY / "enterprise.toml").read_text(encoding="utf-8")
    assert old in text
    (tmp_path / "enterprise.toml").write_text(text.replace(old, new), encoding="utf-8")
    return tmp_path


def test_every_declared_profile_loads():
    assert set(profiles.load_profiles(DIRECTORY)) == {
        "root", "issuing_ca", "enterprise", "individual", "event", "seal_maker", "tsa", "ocsp",
        "server", "delegated", "enterprise_encryption", "individual_encryption", "trust_list", "cross",
    }  # fmt: skip


def test_an_unknown_label_stops_with_a_configuration_error():
    with pytest.raises(errors.ConfigurationError, match="nobody"):
        profiles.load_profiles(DIRECTORY)["nobody"]


@pytest.mark.parametrize(
    ("old", "new", "told"),
    [
        ("key_usage_critical = true", 'key_usage_critical = "yes"', "key_usage_critical"),
        ("maximum_days = 1920", "maximum_dayz = 1920", "maximum_dayz"),
        ('"nonRepudiation"]', '"keyCertSign"]', "keyCertSign"),
        ('"nonRepudiation"]', '"nonRepudation"]', "key_usage"),
        ("authority = false", "authority = false\npath_length = 1", "path_length"),
        ('"1.2.156.10260.4.1.4"', '"1.2.156..4"', "uscc_extensions"),
        ('"organization_identifier"', '"serial_number"', "organization_identifier"),
        ('"organizational_unit"', '"organization"', "twice"),
        ('"common_name"', '"surname"', "common name"),
        ('label = "enterprise"', 'label = "company"', "label"),
        ('label = "enterprise"', "label = ", "enterprise.toml"),
    ],
)
def test_a_wrong_profile_stops_and_says_what_is_wrong(tmp_path, old, new, told):
    with pytest.raises(errors.ConfigurationError, match=told) as stopped:
        profiles.load_profiles(changed(tmp_path, old, new))
    assert "enterprise.toml" in str(stopped.value)


def test_time_stamping_stands_alone_and_critical(tmp_path):
    text = (DIRECTORY / "tsa.toml").read_text(encoding="utf-8")
    (tmp_path / "tsa.toml").write_text(
        text.replace("extended_key_usage_critical = true", ""), encoding="utf-8"
    )
    with pytest.raises(errors.ConfigurationError, match="timeStamping"):
        profiles.load_profiles(tmp_path)


def test_an_empty_folder_stops(tmp_path):
    shutil.copy(DIRECTORY / "root.toml", tmp_path / "root.txt")
    with pytest.raises(errors.ConfigurationError, match="no profile"):
        profiles.load_profiles(tmp_path)
