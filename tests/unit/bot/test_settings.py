"""Settings."""

from pathlib import Path

import pytest

from bot.core.errors import SettingsError
from bot.settings import content_dir, load_settings


def test_defaults_run_a_small_union(tmp_path: Path) -> None:
    """Without any setting everything lives in one data directory."""
    settings = load_settings()
    assert settings.database == "sqlite:///var/niangjia.sqlite3"
    assert settings.key_file == Path("var/keys.json")
    assert settings.index_dir == Path("var/index")
    assert (content_dir() / "replies.yml").exists()


def test_environment_goes_before_the_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """An operator may override niangjia.toml for one run."""
    (tmp_path / "niangjia.toml").write_text(
        'region = "浙江"\nunion_name = "示例县总工会"\n', encoding="utf-8"
    )
    monkeypatch.setenv("NIANGJIA_REGION", "上海")
    settings = load_settings()
    assert (settings.region, settings.union_name) == ("上海", "示例县总工会")


@pytest.mark.parametrize(("name", "value"), [("TIMEZONE", "Mars/Base"), ("WECHAT_ACCOUNT_KIND", "x")])
def test_a_wrong_setting_is_named(name: str, value: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """The administrator reads which setting is wrong."""
    monkeypatch.setenv(f"NIANGJIA_{name}", value)
    with pytest.raises(SettingsError, match="设置有误"):
        load_settings()


def test_a_broken_file_is_named(tmp_path: Path) -> None:
    """A typing error in niangjia.toml gets one sentence."""
    (tmp_path / "niangjia.toml").write_text("region = ", encoding="utf-8")
    with pytest.raises(SettingsError, match=r"niangjia.toml"):
        load_settings()


def test_secrets_do_not_show() -> None:
    """Printing the settings reveals no token."""
    assert "geheim" not in repr(load_settings(wechat_token="geheim", telegram_token="geheim"))
