"""The words of mail programs by language: subjects, forwards, quotations.

The texts here are as the programs write them, not made of the vocabulary.
"""

import pytest

from lead_communications.tools.mail import quote, vocabulary
from lead_communications.tools.mail.reading import Party, read
from lead_communications.tools.mail.subject import clean_subject, split_marks, thread_subject

PAULO = Party("Paulo Reis", "paulo@reis.example")

# By language: the marks of a forward and of an answer, and the headers that Outlook writes.
OUTLOOK = {
    "Arabic": ("إعادة توجيه:", "رد:", "من: | تاريخ الإرسال: | إلى: | الموضوع:"),
    "Bulgarian": ("FW:", "Отг:", "От: | Изпратено: | До: | Относно:"),
    "Catalan": ("RV:", "RE:", "De: | Enviat el: | Per a: | Tema:"),
    "Chinese, simplified": ("转发:", "答复:", "发件人: | 发送时间: | 收件人: | 主题:"),
    "Chinese, full width": ("转发：", "回复：", "发件人： | 发送时间： | 收件人： | 主题："),
    "Chinese, traditional": ("轉寄:", "回覆:", "寄件者: | 寄件日期: | 收件者: | 主旨:"),
    "Croatian": ("FW:", "Odg:", "Šalje: | Poslano: | Prima: | Predmet:"),
    "Czech": ("FW:", "Odp:", "Od: | Odesláno: | Komu: | Předmět:"),
    "Danish": ("VS:", "SV:", "Fra: | Sendt: | Til: | Emne:"),
    "Dutch": ("Doorst:", "Antw:", "Van: | Verzonden: | Aan: | Onderwerp:"),
    "English": ("FW:", "RE:", "From: | Sent: | To: | Subject:"),
    "Estonian": ("Edasi:", "Vs:", "Saatja: | Saadetud: | Adressaat: | Teema:"),
    "Finnish": ("VL:", "VS:", "Lähettäjä: | Lähetetty: | Vastaanottaja: | Aihe:"),
    "French": ("TR :", "RE :", "De : | Envoyé : | À : | Objet :"),  # codespell:ignore
    "German": ("WG:", "AW:", "Von: | Gesendet: | An: | Betreff:"),
    "Greek": ("ΠΡΘ:", "ΑΠ:", "Από: | Στάλθηκε: | Προς: | Θέμα:"),
    "Hebrew": ("הועבר:", "תגובה:", "מאת: | נשלח: | אל: | נושא:"),
    "Hindi": ("FW:", "RE:", "प्रेषक: | भेजा गया: | प्रति: | विषय:"),
    "Hungarian": ("Továbbítás:", "Vá:", "Feladó: | Elküldve: | Címzett: | Tárgy:"),
    "Icelandic": ("FS:", "SV:", "Frá: | Sent: | Til: | Efni:"),
    "Indonesian": ("TRS:", "BLS:", "Dari: | Terkirim: | Kepada: | Subjek:"),
    "Italian": ("I:", "R:", "Da: | Inviato: | A: | Oggetto:"),
    "Japanese": ("転送:", "返信:", "差出人: | 送信日時: | 宛先: | 件名:"),
    "Korean": ("전달:", "회신:", "보낸 사람: | 보낸 날짜: | 받는 사람: | 제목:"),
    "Latvian": ("Pārs.:", "Atb.:", "No: | Nosūtīts: | Kam: | Tēma:"),
    "Lithuanian": ("Persiųsta:", "Ats.:", "Nuo: | Išsiųsta: | Kam: | Tema:"),
    "Malay": ("FW:", "RE:", "Daripada: | Dihantar: | Kepada: | Subjek:"),
    "Norwegian": ("Videresend:", "SV:", "Fra: | Sendt: | Til: | Emne:"),
    "Persian": ("FW:", "پاسخ:", "از: | ارسال شده: | به: | موضوع:"),
    "Polish": ("PD:", "ODP:", "Od: | Wysłano: | Do: | Temat:"),
    "Portuguese": ("ENC:", "RES:", "De: | Enviada em: | Para: | Assunto:"),
    "Romanian": ("Redir.:", "RE:", "De la: | Trimis: | Către: | Subiect:"),
    "Russian": ("Пересл.:", "HA:", "От: | Отправлено: | Кому: | Тема:"),
    "Serbian": ("Прослеђено:", "Одг:", "Од: | Послато: | За: | Тема:"),
    "Slovak": ("FW:", "Odp:", "Od: | Odoslané: | Komu: | Predmet:"),
    "Slovenian": ("Posr:", "Odg:", "Od: | Poslano: | Za: | Zadeva:"),
    "Spanish": ("RV:", "RE:", "De: | Enviado el: | Para: | Asunto:"),
    "Swedish": ("VB:", "Sv:", "Från: | Skickat: | Till: | Ämne:"),
    "Thai": ("ส่งต่อ:", "ตอบกลับ:", "จาก: | ส่ง: | ถึง: | เรื่อง:"),
    "Turkish": ("İLT:", "YNT:", "Kimden: | Gönderildi: | Kime: | Konu:"),
    "Turkish, as on iPhones": ("İlt:", "Ynt:", "Gönderen: | Tarih: | Alıcı: | Konu:"),
    "Ukrainian": ("Пересл.:", "Відп:", "Від: | Надіслано: | Кому: | Тема:"),
    "Vietnamese": ("CTC:", "TL:", "Từ: | Đã gửi: | Đến: | Chủ đề:"),
    "Welsh": ("YML:", "ATB:", "Oddi wrth: | Anfonwyd: | At: | Pwnc:"),
}
# What Thunderbird, Yahoo and Apple Mail write above a forward
SEPARATORS = {
    "Arabic": "-------- رسالة ممرّرة --------",
    "Bulgarian": "-------- Препратено писмо --------",
    "Catalan": "-------- Missatge reenviat --------",
    "Chinese, simplified": "-------- 转发的消息 --------",
    "Chinese, simplified, NetEase": "-------- 转发邮件信息 --------",
    "Chinese, traditional": "-------- 轉寄郵件 --------",
    "Croatian": "-------- Proslijeđena poruka --------",
    "Czech": "-------- Přeposlaná zpráva --------",
    "Danish, Apple": "Start på videresendt besked:",
    "Dutch, Apple": "Begin doorgestuurd bericht:",
    "Estonian": "-------- Edastatud kiri --------",
    "Finnish": "-------- Välitetty viesti / Fwd.Msg --------",
    "Finnish, Apple": "Välitetty viesti alkaa:",
    "French, Apple": "Début du message transféré :",
    "German, Apple": "Anfang der weitergeleiteten Nachricht:",
    "Greek": "-------- Προωθημένο μήνυμα --------",
    "Hebrew": "-------- הודעה שהועברה --------",
    "Hungarian, Apple": "Továbbított levél kezdete:",
    "Icelandic": "-------- Áframsendur póstur --------",
    "Indonesian": "-------- Pesan Diteruskan --------",
    "Italian": "-------- Messaggio Inoltrato --------",
    "Japanese, HubSpot": "---------- メッセージを転送 ----------",
    "Korean": "-------- 전달된 메시지 --------",
    "Latvian": "-------- Pārsūtītā vēstule --------",
    "Lithuanian": "-------- Persiųstas laiškas --------",
    "Norwegian": "-------- Videresendt melding --------",
    "Polish, Apple": "Początek przekazywanej wiadomości:",
    "Portuguese": "-------- Mensagem reencaminhada --------",
    "Portuguese, Brazil": "-------- Mensagem encaminhada --------",
    "Romanian": "-------- Mesaj redirecționat --------",
    "Russian": "-------- Перенаправленное сообщение --------",
    "Serbian": "-------- Прослеђена порука --------",
    "Slovak": "-------- Preposlaná správa --- Forwarded Message --------",
    "Slovenian": "-------- Posredovano sporočilo --------",
    "Spanish, Apple": "Inicio del mensaje reenviado:",
    "Swedish, Apple": "Vidarebefordrat mejl:",
    "Thai": "-------- ข้อความที่ส่งต่อ --------",
    "Turkish": "-------- İletilen İleti --------",
    "Turkish, Apple": "İleti başlangıcı:",
    "Ukrainian, Apple": "Початок листа, що пересилається:",
    "Vietnamese": "-------- Tin nhắn đã được chuyển tiếp --------",
    "Notes": "----- Forwarded by Jan Nowak/SELLER on 26.11.2026 16:10 -----",
}
# The sentence above a quotation, as Gmail, Apple Mail, Outlook on a Mac and Thunderbird write it
SENTENCES = {
    "English, Gmail": "On Thu, Nov 26, 2026 at 4:10 PM Anna Klient <anna@seller.example> wrote:",
    "English, Apple": "On 26 Nov 2026, at 16:10, Anna Klient <anna@seller.example> wrote:",
    "English, Thunderbird": "On 11/26/26 4:10 PM, Anna Klient wrote:",
    "English, broken": "On Thu, Nov 26, 2026 at 4:10 PM Anna Klient <\nanna@seller.example> wrote:",
    "Arabic": "في الخميس، 26 نوفمبر 2026 4:10 م تمت كتابة ما يلي بواسطة Anna <a@seller.example>:",
    "Bulgarian": "На чт, 26.11.2026 г. в 16:10 Anna Klient <anna@seller.example> написа:",
    "Catalan": "El dj., 26 de nov. 2026, 16:10, Anna Klient <anna@seller.example> va escriure:",
    "Chinese": "Anna Klient <anna@seller.example> 于2026年11月26日周四 16:10写道：",
    "Chinese, traditional": "Anna Klient <a@seller.example> 於 2026年11月26日 週四 下午4:10寫道：",
    "Chinese, Thunderbird": "在 2026/11/26 16:10, Anna Klient 写道:",
    "Croatian": "Dana čet, 26. stu 2026. 16:10 Anna Klient <anna@seller.example> je napisala:",
    "Czech": "čt 26. 11. 2026 v 16:10 odesílatel Anna Klient <anna@seller.example> napsal:",
    "Danish": "Den tors. 26. nov. 2026 kl. 16.10 skrev Anna Klient <anna@seller.example>:",
    "Dutch": "Op do 26 nov 2026 om 16:10 schreef Anna Klient <anna@seller.example>:",
    "Estonian": "Kuupäev N, 26. november 2026 kell 16:10 kirjutas Anna (<anna@seller.example>):",
    "Finnish": "to 26. marrask. 2026 klo 16.10 Anna Klient (anna@seller.example) kirjoitti:",
    "French": "Le jeu. 26 nov. 2026 à 16:10, Anna Klient <anna@seller.example> a écrit :",
    "German": "Am Do., 26. Nov. 2026 um 16:10 Uhr schrieb Anna Klient <anna@seller.example>:",
    "German, Thunderbird": "Am 26.11.26 um 16:10 schrieb Anna Klient:",
    "Greek": "Στις Πέμ 26 Νοε 2026 στις 4:10 μ.μ., ο χρήστης Anna <anna@seller.example> έγραψε:",
    "Hebrew": "\u202bבתאריך יום ה׳, 26 בנוב׳ 2026 מאת Anna <\u202aa@seller.test\u202c>:\u202c",
    "Hungarian": "Anna Klient <anna@seller.example> ezt írta (időpont: 2026. nov. 26., Cs, 16:10):",
    "Icelandic": "Þann 26.11.2026 16:10, skrifaði Anna Klient:",
    "Indonesian": "Pada Kam, 26 Nov 2026 pukul 16.10 Anna Klient <anna@seller.example> menulis:",
    "Italian": "Il giorno gio 26 nov 2026 alle ore 16:10 Anna <anna@seller.example> ha scritto:",
    "Japanese": "2026年11月26日(木) 16:10 Anna Klient <anna@seller.example>:",
    "Korean": "2026년 11월 26일 (목) 오후 4:10, Anna Klient <anna@seller.example>님이 작성:",
    "Latvian": "2026. g. 26. nov., plkst. 16:10 — lietotājs Anna (<a@seller.example>) rakstīja:",
    "Lithuanian": "2026-11-26, kt, 16:10 Anna Klient <anna@seller.example> rašė:",
    "Norwegian": "tor. 26. nov. 2026 kl. 16:10 skrev Anna Klient <anna@seller.example>:",
    "Polish": "czw., 26 lis 2026 o 16:10 Anna Klient <anna@seller.example> napisał(a):",
    "Polish, Thunderbird": "W dniu 26.11.2026 o 16:10, Anna Klient pisze:",
    "Portuguese": "Em qui., 26 de nov. de 2026 às 16:10, Anna <anna@seller.example> escreveu:",
    "Romanian": "În joi, 26 nov. 2026 la 16:10, Anna Klient <anna@seller.example> a scris:",
    "Russian": "чт, 26 нояб. 2026 г. в 16:10, Anna Klient <anna@seller.example>:",
    "Russian, Thunderbird": "26.11.2026 16:10, Anna Klient пишет:",
    "Serbian": "Дана 26.11.2026 у 16:10, Anna Klient пише:",
    "Slovak": "št 26. 11. 2026 o 16:10 Anna Klient <anna@seller.example> napísal(a):",
    "Slovenian": "V V čet., 26. nov. 2026 ob 16:10 je oseba Anna <anna@seller.example> napisala:",
    "Spanish": "El jue, 26 nov 2026 a las 16:10, Anna Klient (<anna@seller.example>) escribió:",
    "Swedish": "Den tors 26 nov. 2026 kl 16:10 skrev Anna Klient <anna@seller.example>:",
    "Thai": "ในวันที่ พฤ. 26 พ.ย. 2026 เวลา 16:10 Anna Klient <anna@seller.example> เขียนว่า:",
    "Turkish": "Anna Klient <anna@seller.example>, 26 Kas 2026 Per, 16:10 tarihinde şunu yazdı:",
    "Ukrainian": "чт, 26 лист. 2026 р. о 16:10 Anna Klient <anna@seller.example> пише:",
    "Vietnamese": "Vào Th 5, 26 thg 11, 2026 vào lúc 16:10 Anna Klient <a@seller.example> đã viết:",
}


def mail(subject, text, more=""):
    head = f"From: Kasia <kasia@seller.example>\nTo: sales@seller.example\nSubject: {subject}\n"
    kind = "Content-Type: text/plain; charset=utf-8\nContent-Transfer-Encoding: 8bit\n"
    return f"{head}{more}{kind}\n{text}".encode()


def block(labels, before="", between="\n"):
    who, when, to, subject = labels.split(" | ")
    lines = (
        f"{who} Paulo Reis <paulo@reis.example>",
        f"{when} 26 Nov 2026 16:10",
        f"{to} Kasia Seller <kasia@seller.example>",
        f"{subject} Request for an offer: windows",
    )
    return between.join(f"{before}{line}" for line in lines) + "\n\nGood morning.\n"


NOTE = "Please take care of it, thank you.\n\nKasia\n+44 20 7946 0958\n\n"


@pytest.mark.parametrize(("forward", "reply", "labels"), OUTLOOK.values(), ids=OUTLOOK)
class TestOutlook:
    def test_forward(self, forward, reply, labels):
        for note in ("", NOTE):
            assert read(mail(f"{forward} Request", note + block(labels))).forwarded == PAULO

    def test_forward_in_bold_or_quoted(self, forward, reply, labels):
        bold = " | ".join(f"*{label}*" for label in labels.split(" | "))
        for text in (block(bold), block(labels, before="> "), block(labels, before="\u200f")):
            assert read(mail(f"{forward} Request", NOTE + text)).forwarded == PAULO

    def test_answer_is_no_forward(self, forward, reply, labels):
        answer = mail(f"{reply} Request", NOTE + block(labels), "References: <1@reis.example>\n")
        assert read(answer).forwarded is None
        assert read(answer).thread_subject == "request"

    def test_marks(self, forward, reply, labels):
        assert split_marks(f"{forward} Request")[0] in (["forward"], ["either"])
        assert split_marks(f"{reply} Request")[0] in (["reply"], ["either"])
        for mark in (forward, reply):
            assert clean_subject(f"{mark} {mark} Request") == "Request"
            assert clean_subject(f"[EXTERNAL] {mark}Request") == "Request"

    def test_quotation_ends_the_new_text(self, forward, reply, labels):
        assert quote.new_text(NOTE + block(labels)).strip() == NOTE.strip()
        rule = "_" * 32 + "\n"
        assert quote.new_text(NOTE + rule + block(labels)).strip() == NOTE.strip()


@pytest.mark.parametrize("separator", SEPARATORS.values(), ids=SEPARATORS)
def test_separator_of_a_forward(separator):
    text = f"{separator}\n" + block("From: | Date: | To: | Subject:", before="> ")
    assert read(mail("Request", NOTE + text)).forwarded == PAULO, "without a mark"
    assert quote.new_text(NOTE + text).strip() == NOTE.strip()


@pytest.mark.parametrize("sentence", SENTENCES.values(), ids=SENTENCES)
def test_sentence_above_a_quotation(sentence):
    text = f"Thanks, I take ten.\n\n{sentence}\n\nOur catalogue.\n"
    assert quote.new_text(text).strip() == "Thanks, I take ten."


@pytest.mark.parametrize("sentence", SENTENCES.values(), ids=SENTENCES)
def test_sentence_right_below_the_text(sentence):
    assert quote.new_text(f"Thanks\nAnna\n{sentence}\n> Hi") == "Thanks\nAnna"
    assert quote.new_text(f"Thanks\nAnna\n> {sentence}") == "Thanks\nAnna"


@pytest.mark.parametrize("separator", SEPARATORS.values(), ids=SEPARATORS)
@pytest.mark.parametrize("before", ["", "> "])
def test_text_that_is_carried(separator, before):
    head = block("From: | Date: | To: | Subject:", before=before).replace(
        "\n\nGood", f"\n{before}\n{before}Good"
    )
    below = f"{before}Paulo\n{before}\n{before}On 25.11.2026 16:10, Kasia wrote:\n{before}> Offer\n"
    for between in ("", "\n"):
        text = f"{NOTE}{separator}\n{between}{head}{below}"
        assert quote.carried_text(text).strip() == "Good morning.\nPaulo"


def test_text_that_is_carried_without_an_empty_line():
    head = block("From: | Date: | To: | Subject:").replace("\n\n", "\n")
    assert quote.carried_text(f"Note\n{head}").strip() == "Good morning."
    many = head.replace("Kasia Seller", "Kasia,\n Anna,\n Ewa")
    assert quote.carried_text(f"Note\n{many}").strip() == "Good morning."


@pytest.mark.parametrize("sentence", SENTENCES.values(), ids=SENTENCES)
def test_text_that_is_carried_below_a_sentence(sentence):
    assert quote.carried_text(f"Note\n\n{sentence}\nGood morning.") == "Good morning."


@pytest.mark.parametrize(
    ("text", "carried"),
    [
        ("---- Forwarded message ----\nGood morning.", "Good morning."),
        ("From: a@b.example\nTo: Kasia\nSubject:\nGood morning.", "Good morning."),
        (
            "From: a@b.example\nTo: Kasia\n\nGood morning.\nDate: Monday\nPaulo",
            "Good morning.\nDate: Monday\nPaulo",
        ),
    ],
)
def test_text_that_is_carried_begins_behind_its_headers(text, carried):
    assert quote.carried_text(f"Note\n{text}").strip() == carried


def test_nothing_is_carried():
    assert quote.carried_text(NOTE) == ""
    assert quote.carried_text("") == ""


def test_html_up_to_its_quotation():
    assert quote.above_quotations("<p>A</p><BlockQuote type='cite'>B") == "<p>A</p>"
    assert quote.above_quotations("<p>A</p>") == "<p>A</p>"


def test_headers_may_go_on_in_the_next_line():
    head = "From: Anna\nTo: Kasia,\n Ewa,\n Jan\nSent: Monday\nSubject: x"
    assert quote.new_text(f"Thanks\n{head}") == "Thanks"
    assert quote.new_text("From: anna@customer.example\nSent: Monday\nx") == ""


def test_forward_of_yahoo_in_one_line():
    text = "----- 轉寄郵件 ----- 寄件者： Paulo Reis <paulo@reis.example>收件者： Kasia主旨： x"
    assert quote.new_text(NOTE + text).strip() == NOTE.strip()
    assert read(mail("Request", NOTE + text)).forwarded == PAULO


@pytest.mark.parametrize(
    "text",
    [
        "Prices of 2026:\n10 EUR\n20 EUR",
        "We agreed on 26.11.2026 at 16:10:\n- windows\n- doors",
        "From Warsaw to Berlin:\nTo: Berlin\nWe need windows.",
        "Anna wrote:\nI would like a window.",
        "Subject: windows\nHello",
        "Call me at 16:10, anna@customer.example, please",
        "Von: Berlin\nBis: Hamburg",
        "__________\nAnna",
        "Anna\n__________",
        "From: anna@customer.example\n\nTo: Kasia\nSubject: windows",
        "From: Anna\nTo: Kasia\nWindows",
    ],
)
def test_no_quotation(text):
    assert quote.new_text(text) == text


@pytest.mark.parametrize(
    "labels",
    ["Ede: | Thẹre: | Zuu: | Nimi:", "Seolta ó: | Dáta: | Chuig: | Ábhar:"],
)
def test_forward_in_a_language_that_nobody_knows(labels):
    assert read(mail("Fwd: Request", NOTE + block(labels))).forwarded == PAULO
    assert read(mail("Request", NOTE + block(labels))).forwarded is None, "no mark"


@pytest.mark.parametrize(
    ("line", "found"),
    [
        ("Ábhar: windows", ("ábhar", "windows")),
        ("> *One two three four:* 1 2 3 4 5", ("one two three four", "1 2 3 4 5")),
        ("One two three four five: windows", ("", "")),
        ("https://customer.example", ("", "")),
        ("12: windows", ("", "")),
        ("windows", ("", "")),
    ],
)
def test_label_of_any_language_has_four_words_at_most(line, found):
    assert quote.any_label(line) == found


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("28.10.2021 schrieb Anna Klient", " Anna Klient"),
        ("28.10.2021 schrieb wrote Anna", " Anna"),
        ("28.10.2021 Anna", "28.10.2021 Anna"),
        ("\u0130 schrieb Anna", "\u0130 schrieb Anna"),
    ],
)
def test_name_stands_behind_the_last_verb(text, name):
    assert quote.after_wrote(text) == name


@pytest.mark.parametrize(("length", "is_sentence"), [(271, True), (272, False)])
def test_a_sentence_has_300_characters_at_most(length, is_sentence):
    sentence = f"On 28/10/2021 12:46, {'a' * length} wrote:"
    assert quote.new_text(f"Hi\n{sentence}\nOld") == (
        "Hi" if is_sentence else f"Hi\n{sentence}\nOld"
    )


@pytest.mark.parametrize(
    ("text", "is_sentence"),
    [
        ("On 28 October 2021\nAnna\nwrote:", True),
        ("On 28 October 2021\nAnna\nKlient\nwrote:", False),
        ("On 28/10/2021 12:46, Anna\n\nwrote:", False),
        ("On 28/10/2021 12:46, Anna wrote", False),
        ("On a day, Anna wrote:", False),
        ("On 28/10/2021 12:46, Anna:", False),
        ("On 28/10/2021 12:46, a@b.example:", True),
    ],
)
def test_a_sentence_has_three_lines_at_most(text, is_sentence):
    assert quote.new_text(text) == ("" if is_sentence else text)


@pytest.mark.parametrize(("lines", "is_block"), [(5, True), (6, False)])
def test_headers_stand_within_eight_lines(lines, is_block):
    text = "From: Anna\n" + "x\n" * lines + "Sent: Monday\nSubject: x"
    assert quote.new_text(text) == ("" if is_block else text)


@pytest.mark.parametrize(("lines", "is_head"), [(9, True), (10, False)])
def test_headers_end_within_twelve_lines(lines, is_head):
    text = "From: a@b.example\nTo: Kasia,\n" + "x,\n" * lines + "Subject: x\nHello"
    assert (quote.carried_text(text) == "Hello") is is_head


def test_signature_of_who_forwards_is_no_forward():
    text = "See below.\n\nTel: 1\nFax: 2\nE-mail: kasia@seller.example\nWeb: x\n"
    assert read(mail("Fwd: Request", text)).forwarded is None


@pytest.mark.parametrize(
    ("subject", "rest"),
    [
        ("[EXTERNAL] Windows", "Windows"),
        ("[Ext] Windows", "Windows"),
        ("[EXT:] Windows", "Windows"),
        ("[EXTERNAL EMAIL] Windows", "Windows"),
        ("[Caution: External Sender] Windows", "Windows"),
        ("*EXTERNAL* Windows", "Windows"),
        ("***EXTERNAL*** Windows", "Windows"),
        ("{Spam?} Windows", "Windows"),
        ("{Disarmed} Windows", "Windows"),
        ("***SPAM*** Windows", "Windows"),
        ("[SPAM 5.3] Windows", "Windows"),
        ("(EXTERN) Windows", "Windows"),
        ("<EXTERNAL> Windows", "Windows"),
        ("[Zewnętrzny] Windows", "Windows"),
        ("【外部】Windows", "Windows"),
        ("EXT: Windows", "Windows"),
        ("EXTERNAL - Windows", "Windows"),
        ("RE: [EXTERNAL] FW: [EXT] Windows", "Windows"),
        ("[Fwd: Windows]", "Windows"),
        ("Windows (fwd)", "Windows"),
        ("Re[2]: Re(3): Re^4: RE : Windows", "Windows"),
        # nothing of it
        ("[windows-list] Doors", None),
        ("[Order 12] Doors", None),
        ("[External windows] Doors", None),
        ("External: windows", None),
        ("EXTERIOR: windows", None),
        ("(fwd)", None),
        ("VS Code", None),
        ("Re windows", None),
        ("R & D", None),
        ("R: 12 windows", None),
        ("r: windows", None),
        ("i: windows", None),
        ("I: 3 doors", None),
        ("Rif: 4711", None),
        ("Ref: 4711", None),
        ("Réf : 4711", None),
        ("Res: 7", None),
        ("fs: 7", None),
        ("tl: lamps", None),
        ("На: понедельник", None),
        ("Windows: 12 pieces", None),
        ("A: B", None),
        ("SOS: windows", None),
        ("12: windows", None),
        (": windows", None),
    ],
)
def test_what_stands_in_front_of_a_subject(subject, rest):
    assert clean_subject(subject) == (subject if rest is None else rest)


def test_subjects_that_are_the_same():
    one = {"İLT: PENCERE", "Ynt: Pencere", "pencere", "Re:  Pencere ", "\u200fRe: pencere"}
    assert len(set(map(thread_subject, one))) == 1
    assert thread_subject("A  window\u00a0here") == "a window here"


def test_a_subject_of_marks_takes_no_time():
    assert len(split_marks("Re:" * 100)[0]) == 50
    split_marks("[" * 10_000 + "EXTERNAL")
    split_marks("A" * 10_000)


def test_languages_agree():
    """A word that is two things is an error of the table, but for the one that is known."""
    assert set(vocabulary.EITHER) == {"vs"}
    kinds = {}
    for words in vocabulary.LANGUAGES.values():
        for field in ("from_", "date", "to", "cc", "subject"):
            for word in filter(None, getattr(words, field).split(", ")):
                kinds.setdefault(vocabulary.same(word), set()).add(field)
    assert not {word: fields for word, fields in kinds.items() if len(fields) > 1}
    assert not vocabulary.FORWARDED & vocabulary.ORIGINAL
    assert len(vocabulary.LANGUAGES) > 40
