import random
import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lead_communications.tools.mail import charset
from lead_communications.tools.mail.charset import codec, decode

#: What customers write, by language. Each is at least a sentence, as an email is.
TEXTS = {
    "pl": [
        "Proszę o wycenę łazienki, najlepiej z montażem. Pozdrawiam, Zażółć",
        "Dzień dobry, chciałbym zapytać o cenę drzwi wejściowych – 3 sztuki.",
        "Dziękuję za ofertę, niestety jest za droga; „okna” wezmę gdzie indziej.",
    ],
    "cs": [
        "Dobrý den, prosím o nabídku na tři okna, rozměry v příloze. Josef Kříž",
        "Příliš žluťoučký kůň úpěl ďábelské ódy, děkuji za odpověď.",
    ],
    "sk": ["Dobrý deň, prosím o cenovú ponuku na štyri dvere, ďakujem. Ľubomír Vŕba"],
    "hu": ["Kérem, küldjenek árajánlatot három ablakra és egy bejárati ajtóra. Köszönöm, Győző"],
    "hr": ["Poštovani, molim ponudu za četiri prozora i vrata. Što prije, Željko Đurić"],
    "de": [
        "Bitte um ein Angebot für drei Türen, möglichst noch diese Woche. Viele Grüße",
        "Der Preis beträgt 500 € – „gültig“ bis Jänner. Straße und Hausnummer folgen.",
    ],
    "fr": [
        "Bonjour, je souhaite un devis pour trois fenêtres à Besançon, c’est urgent.",
        "Budget 500 €, c’est tout – merci d’avance, Hélène Lefèvre",
    ],
    "es": ["Buenos días, ¿cuánto cuesta una puerta? Mañana necesitaría más información, señor."],
    "pt": ["Bom dia, não sei qual é o preço das janelas. Atenção às medições. Obrigado, João"],
    "it": ["Buongiorno, perché il prezzo è così alto? Più informazioni, e qualità, grazie."],
    "sv": ["Hej, vad kostar ett fönster på 120 gånger 80? Jag behöver två dörrar också."],
    "da": ["Hej, hvad koster et vindue på 120 gange 80? Jeg har også brug for to døre."],
    "fi": ["Hyvää päivää, paljonko ikkuna maksaa? Tarvitsen myös kaksi ovea syksyllä."],
    "tr": ["Merhaba, üç pencere için fiyat teklifi almak istiyorum. Teşekkürler, Işıl Çağlar"],
    "lt": ["Laba diena, prašau pasiūlymo trims langams ir įėjimo durims. Ačiū, Žydrūnas"],
    "lv": ["Labdien, lūdzu, atsūtiet cenu trim logiem un ārdurvīm. Paldies, Jānis Bērziņš"],
    "et": ["Tere, palun saatke pakkumine kolmele aknale ja ühele uksele. Tänan, Jüri Õunapuu"],
    "ru": [
        "Здравствуйте, сколько стоит окно? Пришлите, пожалуйста, предложение на три двери.",
        "Добрый день! Нужны размеры и цена. С уважением, Ольга",
    ],
    "uk": ["Доброго дня, скільки коштує вікно? Надішліть, будь ласка, пропозицію. Їжакевич"],
    "bg": ["Здравейте, колко струва един прозорец? Моля, изпратете оферта за три врати."],
    "el": ["Καλημέρα, πόσο κοστίζει ένα παράθυρο; Στείλτε μου, παρακαλώ, μια προσφορά."],
    "he": ["שלום, כמה עולה חלון? אנא שלחו הצעת מחיר לשלוש דלתות. תודה"],
    "ar": ["مرحبا، كم سعر النافذة؟ أرجو إرسال عرض لثلاثة أبواب وشكرا جزيلا"],
    "th": ["สวัสดีครับ หน้าต่างราคาเท่าไหร่ กรุณาส่งใบเสนอราคาประตูสามบาน"],
    "ja": [
        "お世話になっております。窓を二枚見積もりをお願いします。田中",
        "カタログを送ってください。価格はいくらですか？よろしくお願いいたします。",
    ],
    "zh": ["您好，请问窗户多少钱？我们需要三个门的报价，谢谢您的回复。"],
    "tw": ["您好，請問窗戶多少錢？我們需要三個門的報價，謝謝您的回覆。"],
    "ko": ["안녕하세요, 창문은 얼마입니까? 문 세 개의 견적을 부탁드립니다. 감사합니다."],
    "none": ["Thanks 🙏 – two windows 🪟 please, “as before”."],
    "sr": [
        "Добар дан, колико кошта прозор? Молим вас пошаљите понуду за троја врата, хвала.",
        "Поштовани, занима ме цена кухиње. Срдачан поздрав, Љубиша Ђорђевић",
    ],
    "is": ["Góðan dag, hvað kostar einn gluggi? Ég þarf líka þrjár hurðir, takk fyrir."],
    "ro": ["Bună ziua, cât costă o fereastră? Vă rog să îmi trimiteţi o ofertă şi preţul."],
    "en": ["Two windows, please, for the naïve café – “as before”, at £500."],
}
ENCODINGS = [
    *("utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "utf-32"),
    *("cp1252", "iso8859-1", "iso8859-15", "cp1250", "iso8859-2", "cp1251", "koi8-r", "iso8859-5"),
    *("cp1253", "iso8859-7", "cp1254", "iso8859-9", "cp1255", "cp1256", "cp1257", "cp874"),
    *("gb18030", "gbk", "big5", "cp932", "euc_jp", "iso2022_jp", "cp949", "euc_kr", "iso2022_kr"),
]
#: What senders call these charsets instead: charsets that are contained in them.
SUBSETS = {
    "utf-8": ["us-ascii", "ascii", "UTF8", "iso-8859-1"],
    "utf-8-sig": ["us-ascii", "utf-8", "iso-8859-2"],
    "cp1252": ["iso-8859-1", "us-ascii", "latin1", "iso-8859-15"],
    "cp1250": ["iso-8859-2", "us-ascii"],
    "cp1253": ["iso-8859-7", "us-ascii"],
    "cp1254": ["iso-8859-9", "us-ascii"],
    "cp1257": ["iso-8859-13", "us-ascii"],
    "cp1251": ["us-ascii"],
    "cp874": ["tis-620", "iso-8859-11"],
    "gb18030": ["gb2312", "gbk", "x-gbk"],
    "gbk": ["gb2312"],
    "cp932": ["shift_jis", "x-sjis", "Shift-JIS"],
    "cp949": ["euc-kr", "ks_c_5601-1987", "ksc5601"],
    "iso2022_jp": ["us-ascii", "utf-8"],
    "iso2022_kr": ["us-ascii"],
}


#: The charsets that are used for a language, besides those for all.
USED = {
    "cp1252 iso8859-1 iso8859-15": "de fr es pt it sv da fi is en",
    "cp1250 iso8859-2": "pl cs sk hu hr ro de",
    "cp1251 koi8-r iso8859-5": "ru uk bg sr",
    "cp1253 iso8859-7": "el",
    "cp1254 iso8859-9": "tr",
    "cp1255": "he",
    "cp1256": "ar",
    "cp1257": "lt lv et",
    "cp874": "th",
    "gb18030 gbk": "zh",
    "big5": "tw",
    "cp932 euc_jp iso2022_jp": "ja",
    "cp949 euc_kr iso2022_kr": "ko",
}


def used(language):
    return {
        one for names, all_ in USED.items() if language in all_.split() for one in names.split()
    }


def cases(encodings=ENCODINGS, is_used=False):
    for language, texts in TEXTS.items():
        for text in texts:
            for name in encodings:
                if is_used and not name.startswith("utf") and name not in used(language):
                    continue
                try:
                    yield language, text, name, text.encode(name)
                except UnicodeEncodeError:
                    continue


def unread(read, encodings=ENCODINGS, is_used=True):
    return [
        (language, name, found)
        for language, text, name, data in cases(encodings, is_used)
        if (found := read(data, name)) != text
    ]


def test_there_are_enough_of_them():
    assert sum(map(len, TEXTS.values())) >= 40 and len(ENCODINGS) >= 25
    assert len(list(cases())) > 400


def test_text_in_the_charset_that_it_says():
    assert [name for _language, name, _found in unread(decode, is_used=False)] == ["big5"]


def test_text_that_says_nothing():
    assert not unread(lambda data, _name: decode(data))


@pytest.mark.parametrize("name", SUBSETS)
def test_text_in_more_than_the_charset_that_it_says(name):
    for label in SUBSETS[name]:
        assert not unread(lambda data, _name, label=label: decode(data, label), [name]), label


@pytest.mark.parametrize("name", sorted(set(ENCODINGS) - {"iso2022_jp", "iso2022_kr"}))
def test_text_that_says_that_it_is_utf_8(name):
    assert not unread(lambda data, _name: decode(data, "utf-8"), [name])


def test_text_that_says_something_that_does_not_exist():
    for label in ("x-unknown", "default", "", "undefined", "idna", "rot13", "'; drop"):
        assert not unread(lambda data, _name, label=label: decode(data, label))


@pytest.mark.parametrize(
    ("label", "expected"),
    [
        ("Windows-1250", "cp1250"),
        ("windows1252", "cp1252"),
        ("x-cp1251", "cp1251"),
        ("cp-850", "cp850"),
        ("ISO_8859-2", "iso8859-2"),
        ("8859-15", "iso8859-15"),
        ("3Dutf-8", "utf-8"),
        ("utf-8mb4", "utf-8"),
        ('"ks_c_5601-1987"', "euc_kr"),
        ("windows-949", "cp949"),
        ("cp50221", "iso2022_jp"),
        ("cp65001", "utf-8"),
        ("x-gbk", "gbk"),
        ("iso-8859-8-i", "iso8859-8"),
        ("unicode-1-1-utf-7", "utf-7"),
        ("windows-874", "cp874"),
        ("base64", ""),
        ("punycode", ""),
        ("\0", ""),
        ("x" * 10_000, ""),
    ],
)
def test_names_of_charsets(label, expected):
    assert codec(label) == expected


@pytest.mark.parametrize(
    ("data", "label", "expected"),
    [
        (b"<meta charset='windows-1250'>\x8ekoda", "", "Žkoda"),
        (b'<?xml version="1.0" encoding="iso-8859-2"?><p>\xb1', "", "ą"),
        (b'<META http-equiv="Content-Type" content="text/html; charset=koi8-r"><p>\xc1', "", "а"),
        (b"<meta charset=utf-16><p>\xc5\xbc", "", "ż"),
        (b"<meta charset=koi8-r>\xe9", "iso-8859-1", "é"),
    ],
)
def test_html_says_it_itself_when_nobody_else_does(data, label, expected):
    assert decode(data, label, is_html=True).endswith(expected)


@pytest.mark.parametrize(
    ("data", "label", "expected"),
    [
        (b"\xef\xbb\xbf\xc5\xbc", "iso-8859-1", "ż"),
        (b"\xff\xfea\0", "utf-8", "a"),
        ("Żółw".encode()[:-2], "utf-8", "Żó\ufffd"),
        ("Zażółć".encode() + b" f\xfcr 5 \x80 ok", "utf-8", "Zażółć für 5 € ok"),
        ("Zażółć".encode()[:-1], "utf-8", "Zażół\ufffd"),
        ("Zażółć".encode()[:-1], "", "Zażół\ufffd"),
        ("窗户多少".encode("gbk")[:-1], "gb2312", "窗户多\ufffd"),
        ("窗户多少".encode(), "gb2312", "窗户多少"),
        ("請問窗戶多少錢？我們需要".encode("big5"), "gb2312", "請問窗戶多少錢？我們需要"),
        ("㈱佐藤…①②髙".encode("cp932"), "shift_jis", "㈱佐藤…①②髙"),
        ("뷁…똠방".encode("cp949"), "ks_c_5601-1987", "뷁…똠방"),
        ("①㈱".encode("euc_jis_2004"), "euc-jp", "①㈱"),
        (b"\x1b$B-!\x1b(B x \x1b$B-j\x1b(B", "iso-2022-jp", "① x ㈱"),
        (b"\x1b$B$*\r\n\x1b$B$*\x1b(B\x1b(I1\x1b(B", "", "お\r\nおｱ"),
        (b"\x1b$(D0!\x1b(B-", "iso-2022-jp", "丂-"),
        ("窗户多少钱".encode("hz") + b" ok", "", "窗户多少钱 ok"),
        (b"+AXw-", "utf-7", "ż"),
        (b"5 \x80 \x81 ok", "windows-1252", "5 € \ufffd ok"),
        (b"A\0n\0n\0a\0 \0", "", "Anna "),
        ("Zażółć".encode("utf-16-le"), "utf-16", "Zażółć"),
        (b"plain ascii", "utf-16", "plain ascii"),
        (b"", "utf-8", ""),
    ],
)
def test_what_a_label_means(data, label, expected):
    assert decode(data, label) == expected


def test_other_parts_tell_what_is_not_told():
    assert decode("户".encode("gbk"), hint="gb2312") == "户"
    assert decode("Gyűrű".encode("cp1250"), hint="windows-1250") == "Gyűrű"


@given(st.binary(max_size=60), st.sampled_from(["", "utf-8", "gb2312", "iso-2022-jp", "utf-7"]))
def test_nothing_raises(data, label):
    assert isinstance(decode(data, label), str)
    assert isinstance(decode(b"\x1b$B" + data, label), str)


@given(st.text(st.characters(exclude_categories=["Cs", "Cc"]), min_size=1))
def test_utf_8_is_utf_8(text):
    assert decode(text.encode()) == text.removeprefix("\ufeff")
    if not text.isascii():
        for label in ("utf-8", "us-ascii", "iso-8859-1", "windows-1250"):
            assert decode(text.encode(), label) == text.removeprefix("\ufeff")


@pytest.mark.parametrize(
    "data",
    [bytes(random.Random(1).randbytes(1_000_000)), b"\x1b$B" * 200_000, b"\xe9a" * 500_000],
    ids=["noise", "escapes", "accents"],
)
def test_large_texts_are_read_in_good_time(data):
    started = time.process_time()
    for label in ("", "utf-8", "iso-2022-jp", "euc-jp"):
        charset.decode(data, label)
    assert time.process_time() - started < 20


RUSSIAN = "Здравствуйте, сколько стоит окно? Спасибо за ответ."


@pytest.mark.parametrize("charset", ["koi8-r", "windows-1251", "cp866", "iso-8859-5"])
@pytest.mark.parametrize("declared", ["iso-8859-1", "windows-1252", "iso-8859-2", "windows-1250"])
def test_another_alphabet_that_is_called_western(charset, declared):
    assert decode(RUSSIAN.encode(charset), declared) == RUSSIAN


@pytest.mark.parametrize("text", ["ÄÖÜ äöüß", "Œuvre déjà à l'été", "Ååå öööö ååå", "É"])
def test_accents_are_western(text):
    assert decode(text.encode("cp1252"), "iso-8859-1") == text


def test_ansi_is_whatever_the_machine_of_the_sender_has():
    text = "Zażółć gęślą jaźń – proszę o wycenę łazienki"
    assert decode(text.encode("cp1250"), "ansi") == text
