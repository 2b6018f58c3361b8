"""The currency that a number format shows beside a number: `[$€-407]`, `"USD" 0.00`, `$#,##0`."""

from __future__ import annotations

import re
import unicodedata

_PARTS = re.compile(
    r'\[\$(?P<sign>[^\]-]*)(?:-(?P<place>[^\]]*))?\]|"(?P<text>[^"]*)"|(?P<plain>(?:\\.)+)'
    r"|\[[^\]]*\]|_.|\*.|(?P<bare>[^\W_]+|.)"
)

_PLACES = {
    **{("$", place): "USD" for place in ("409", "540A")},
    **{("$", place): "CAD" for place in ("1009", "C0C")},
    **{("kr", place): "NOK" for place in ("414", "814")},
    ("$", "C09"): "AUD",
    ("$", "1409"): "NZD",
    ("$", "4809"): "SGD",
    ("$", "C04"): "HKD",
    ("$", "80A"): "MXN",
    ("¥", "411"): "JPY",
    ("¥", "804"): "CNY",
    ("kr", "41D"): "SEK",
    ("kr", "406"): "DKK",
    ("kr", "40F"): "ISK",
}
"""Sign and language of a format (LCID) to the currency of that country: several have one sign."""

_KNOWN = (
    " $ ¥ kr £ € US$ CA$ C$ AU$ A$ NZ$ HK$ S$ MX$ R$ ₹ ₺ ₪ ₩ ₫ ₦ zł Kč Fr. USD EUR GBP CAD AUD NZD "
    "CHF SEK NOK DKK ISK PLN CZK HUF RON BGN TRY ILS ZAR NGN KES AED SAR INR PKR BDT LKR JPY CNY "
    "KRW TWD HKD SGD MYR THB IDR PHP VND MXN BRL ARS CLP COP PEN UAH EGP MAD "
)
"""What an amount may name, as `coin_of` of macros_amounts.sql has it; a test holds them equal."""

_WIDE = str.maketrans({"￥": "¥", "＄": "$", "￡": "£"})  # noqa: RUF001 - full-width signs

_SCALES = frozenset({"k", "m", "mn", "mio", "mill", "bn", "mrd", "tsd", "thsd"})
"""What formats write behind thousands and millions; the value of the cell is whole."""

_WORD = re.compile(r"[^\W\d_]{1,3}[.]?|US\$|[A-Z]{1,2}\$")


def coin_shown(code: str) -> str | None:
    """Return what a number format shows beside a number as its currency; None if nothing.

    It is a code, a sign or a short word, as it would stand in the text of an amount. Two different
    ones are both returned, parted by a bar, so that they are no currency that is known.
    """
    sections = code.split(";")[:3]
    found = dict.fromkeys(coin for section in sections for coin in _coins(section))
    return "|".join(found) or None


def is_known(coin: str) -> bool:
    """Say whether what a format shows is a currency that amounts may name."""
    return " " not in coin and f" {coin} " in _KNOWN


def _coins(section: str) -> list[str]:
    found = []
    for part in _PARTS.finditer(section):
        sign, place = part["sign"], (part["place"] or "").upper()
        text = part["text"] or (part["plain"] or "").replace("\\", "")
        bare = part["bare"] or ""
        if sign:
            shown = sign.strip().translate(_WIDE)
            found.append(_PLACES.get((shown, place.lstrip("0")), shown))
        elif text and _is_coin(text.strip()):
            found.append(text.strip().translate(_WIDE))
        elif _is_sign(bare) and len(bare) == 1:
            found.append(bare.translate(_WIDE))
    return found


def _is_coin(text: str) -> bool:
    """Say whether a text of a format is a currency, or could be one."""
    is_word = bool(_WORD.fullmatch(text)) and text.lower() not in _SCALES
    return is_word or any(map(_is_sign, text))


def _is_sign(letter: str) -> bool:
    return unicodedata.category(letter[:1] or " ") == "Sc"
