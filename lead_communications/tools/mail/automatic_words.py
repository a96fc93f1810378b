"""How machines call what they write, in the languages of Europe and of East Asia.

Subjects are compared without letter case. A phrase counts at the beginning of a subject: within a
sentence a person may say it.
"""

import re

# Nobody writes this in front of a subject by hand.
_AUTOMATIC = r"""
automatic reply|automatic response|automated (?:reply|response|message)|auto[ -]?repl(?:y|ies)
auto[ -]?respon(?:se|der)
out of (?:the )?office(?: auto ?-?reply| reply| message| response| notification)?
vacation (?:auto[ -]?)?(?:reply|response|message|notice)
away (?:message|notice)|absence notification
automatische (?:rück)?antwort|autom\. antwort
abwesenheits(?:notiz|nachricht|meldung|benachrichtigung|assistent|agent)
nicht im büro
réponse automatique|(?:message|notification|avis) d['’]absence|absente? du bureau
absence du bureau
(?:respuesta|contestación) automática|fuera de (?:la )?oficina|(?:mensaje|aviso) de ausencia
ausente de la oficina|resposta automàtica
risposta automatica|fuori ufficio|(?:messaggio|avviso) di assenza|assen(?:te|za) dall['’]ufficio
resposta automática|fora do escritório|ausen(?:te|cia|ência) do escritório
(?:mensagem|aviso) de ausência
automatische? (?:antwoord|reactie|bericht)|afwezigheids(?:bericht|melding|assistent)
niet op kantoor
odpowiedź automatyczna|automatyczna odpowiedź|auto[ -]?odpowiedź|poza biurem
nieobecno(?:ść|ści) w (?:biurze|pracy)
automatická odpověď|mimo kancelář|(?:oznámení|zpráva) o nepřítomnosti
automatická odpoveď|mimo kancelárie|(?:oznámenie|správa) o neprítomnosti
automatikus válasz|irodán kívül|távolléti (?:értesítés|üzenet)
r[ăa]spuns automat|în afara biroului|absent din birou|mesaj de absen[țţt][ăa]
autosvar|automatiskt? svar|automatsvar|frånvaromeddelande|inte på kontoret
fravær(?:smeddelelse|smelding|sbesked)|ikke på kontoret|ute av kontoret|sjálfvirkt svar
automaattinen (?:vastaus|poissaoloviesti)|automaattivastaus|poissaolo(?:viesti|ilmoitus)
poissa toimistosta
αυτόματη απάντηση|εκτός γραφείου|απουσία από το γραφείο
otomatik (?:yanıt|cevap)|ofis dışı(?:nda)?|i[̇]?şyeri dışında
автоматический ответ|авто[ -]?ответ(?:чик)?|вне офиса|уведомление об отсутствии
автоматична відповідь|автоматичний відгук|авто[ -]?відповідь|поза офісом
автоматичен отговор|извън офиса|аутоматски одговор
automatski odgovor|izvan ureda|van kancelarije|samodejni odgovor|odsotnost iz pisarne
automatinis atsakymas|automātisk[aā] atbilde|automaat(?:vastus|ne vastus)|kontorist väljas
自动(?:答复|回复)|自動(?:回覆|答覆|回复|応答|返信|回信)|不在(?:通知|連絡|办公室|辦公室|のお知らせ)|外出通知
자동 ?(?:회신|응답|답장)|부재 ?중(?: 자동 ?(?:회신|응답))?
תשובה אוטומטית|מענה אוטומטי|رد تلقائي|trả lời tự động|ตอบกลับอัตโนมัติ|balasan (?:otomatis|automatik)
erantzun automatikoa|автоматски одговор|përgjigje automatike|پاسخ خودکار|स्वचालित (?:उत्तर|जवाब)
ავტომატური პასუხი|автоматты жауап|аўтаматычны адказ|ավտոմատ պատասխան|автомат хариу
majibu ya otomatiki|ikke til stede|ooo
"""
# People write these, too.
_AWAY = r"""
away|außer haus|fuori sede|ude af huset|házon kívül|on (?:vacation|holiday|leave)|absence
abwesend|abwesenheit|urlaub|absente?|en congés?|en vacances
ausente|ausencia|de vacaciones|assente|assenza|in ferie|ausência|de férias|afwezig(?:heid)?
met vakantie
nieobecn(?:y|a|ość)|urlop|na urlopie|nepřítom(?:en|na|nost)|dovolená|neprítomn(?:ý|á|osť)
dovolenka
távollét|szabadság|absent|absență|concediu|frånvaro|frånvarande|semester|fravær(?:ende)?|ferie
poissa
lomalla|απουσία|σε άδεια|izinde|yıllık izin|отсутств(?:ие|ует)|в отпуске|відсутн(?:ість|ій|я)
у відпустці
отсъствие|odsotnost|odsutnost|nedarbingumas|atostogos|puhkusel|外出|不在|休假|休暇|부재|휴가
"""
# What stands in the text of one who is away, and rarely in that of one who wants something.
_POLITE = r"""
thank(?:s| you) for your (?:e-?mail|message|mail)|(?:will|shall) (?:be back|return|reply)
limited access|upon my return|when i (?:return|get back)|urgent
(?:danke|dank) für (?:ihre|deine) (?:e-?mail|nachricht|mail)|dringend|nach meiner rückkehr
nicht weitergeleitet|keinen zugriff
merci (?:de|pour) votre|de retour|urgen(?:ce|t|cia|te|ze|ță|čné|tní|tne)|gracias por su|a mi regreso
grazie per (?:il|la)|al mio rientro|obrigad[oa] pel|no meu regresso
(?:bedankt|dank) voor (?:uw|je|jouw)|terug op|dziękuj(?:ę|emy) za|wracam|po powrocie|piln(?:ych|ej)
děkuji za|vrátím|ďakujem za|vrátim|naléhav|köszön(?:öm|jük) (?:az |a )?|sürgős
mulțumesc pentru|revin (?:la|pe)|tack för (?:ditt|er)|brådskande|tak for din|haster?|takk for
kiitos viest|palaan|kiireel|ευχαριστώ|επιστρέ|επείγ|teşekkür|döneceğim|acil
спасибо за|благодар|вернусь|срочн|дякую за|повернуся|термінов
感谢|感謝|紧急|緊急|返回|ありがとう|戻り|감사|복귀|긴급
"""
# What mail servers write on what they give back, and in it.
_BOUNCES = r"""
undeliver(?:able|ed)
delivery (?:status notification|fail(?:ed|ure)|has failed|notification|delayed|incomplete)
delivery (?:report|error)
mail delivery (?:fail|error|system|subsystem)|return(?:ed|ing) (?:e?mail|message)
failure notice
(?:message|mail|e-mail)(?: has| was| could)?(?: been)? (?:not (?:be )?delivered|delayed)
message status - undeliverable|non[ -]?delivery|mail system error
could not (?:be delivered|send message)
delivery to the following|address not found
(?:warning: )?message \S{1,40} (?:delayed|not delivered)
unzustellbar|nicht zustellbar|(?:nicht|konnte nicht) zugestellt
zustellung (?:fehlgeschlagen|verzögert)
zustell(?:ungs)?fehler|fehler bei der zustellung|unzustellbarkeitsbericht
non remis|échec de (?:la )?(?:remise|livraison|distribution)|(?:message|courrier) non distribu
no se (?:puede|pudo|ha podido) entregar|no entregado|error (?:de|en la) entrega
fallo (?:de|en la) entrega
mancat[oa] (?:recapito|consegna)|recapito non riuscito|impossibile recapitare|non recapitabile
onbestelbaar|niet (?:bezorgd|afgeleverd)|bezorging mislukt
não (?:entregue|foi entregue|é possível entregar)|falha (?:na|de) entrega
nie można dostarczyć|nie dostarczono|niedostarczon|niedoręczon|zwrot (?:poczty|wiadomości)
błąd dostarczania
nedoručen|nedoručiteln|nedoručiteľn|nelze doručit|nie je možné doručiť
kézbesíthetetlen|sikertelen kézbesítés|nelivrabil|livrare eșuată|nu a putut fi livrat
går inte att leverera|olevererbar|kunde inte levereras|kan ikke leveres|kunne ikke leveres
ikke leveret
ei voi toimittaa|toimitus epäonnistui|teslim edilemedi|teslim edilemeyen
не\ ?доставлен|невозможно доставить|не удалось доставить|неможливо доставити
не вдалося доставити
ανεπίδοτο|δεν παραδόθηκε|αποτυχία παράδοσης
未送达|无法(?:投递|送达)|退信|無法(?:傳遞|傳送|投遞)|配信(?:不能|できません|エラー)|配達不能|送信できません
전달되지|배달되지|배달 실패|전송 실패
"""
_BOUNCE_TEXTS = r"""
diagnostic-code|final-recipient|reporting-mta|action: failed|\b[45]\.[0-9]\.[0-9]{1,2}\b
qmail-send|this is the (?:mail|postfix|mail delivery)|over quota|relay(?:ing)? denied
permanent fatal error|recipient address rejected|user unknown|no such user
mailbox (?:is full|unavailable)|quota exceeded|message that you sent
"""
# Carriers and their customers write these, too: with the address of who did not get it.
_MAYBE_BOUNCE_TEXTS = r"""
\b5[05][0-9][ -]|could not deliver|unable to deliver|returned to sender|permanent error
(?:did not|could not|couldn't|wasn't|was not) (?:reach|be delivered|delivered)
undeliverable|delivery failed
"""
# Of certified mail: Italy, Germany, Poland, France, Spain, the Czech Republic, Hungary.
_RECEIPTS = r"""
(?:pre)?(?:avviso di )?(?:mancata |non )?(?:consegna|accettazione)\s*:
(?:avviso di )?(?:presa in carico|rilevazione virus)\s*:|(?:ricevuta|errore) di \w{1,20}\s*:
(?:versand|eingangs|abhol|zustell)bestätigung\b|urzędowe poświadczenie
dowód (?:otrzymania|wysłania|doręczenia|nadania)|up[opd]\s*[:-]|accus[ée] de réception
acuse de recibo|(?:return|delivery) receipt\b|potwierdzenie (?:doręczenia|odbioru)|doručenka
kézbesítési (?:igazolás|visszaigazolás)|tértivevény
"""
# A tag of the mail server that a mail from outside passed: "[External] Automatic reply: …"
_TAGS = r"\s*(?:[\[({*#][^\])}*#]{1,30}[\])}*#]+\s*|ext(?:ern(?:al)?)?\s*[:|]\s*){0,3}"
_END = r"\s*(?:(?:re|aw|odp|sv|rif|tr)\s*)?(?:$|[:：])"


def _choice(words: str) -> str:
    return "|".join(line for line in words.strip().splitlines())


_AUTOMATIC_MARK = re.compile(rf"{_TAGS}(?:{_choice(_AUTOMATIC)}){_END}")
_MAYBE_MARK = re.compile(rf"{_TAGS}(?:{_choice(_AUTOMATIC)}|(?:{_choice(_AWAY)}){_END})")
# Of Notes and others: "Jan Nowak is out of the office."
_IS_OUT = re.compile(
    rf"\b(?:is|ist|est|jest|è|está)\b [^:]{{0,12}}(?:{_choice(_AUTOMATIC)})[^:]{{0,40}}$"
)
_AWAY_WORD = re.compile(rf"{_choice(_AUTOMATIC)}|\b(?:{_choice(_AWAY)})\b")
_POLITE_WORD = re.compile(_choice(_POLITE))
_ANYWHERE = re.compile(rf"{_choice(_AUTOMATIC)}")
# Of Notes, "AUTO: Jan Nowak is out of the office (returning 12/01/2026)"; of Sieve, "Auto: Offer"
_AUTO = re.compile(rf"{_TAGS}auto\s*[:：]\s*")
_RETURN = r"\([^\W\d][^()]{0,40}[0-9]{1,4}[./-][0-9]{1,2}[./-][0-9]{1,4}[^()]{0,20}\)$"
_IS_AWAY = rf"\b(?:is|ist|est|jest|è|está|är|er|on|van)\b[^:]{{0,20}}\b(?:{_choice(_AWAY)})\b"
_NOTES = re.compile(rf"{_choice(_AUTOMATIC)}|{_IS_AWAY}|{_RETURN}")

_BOUNCE = re.compile(_choice(_BOUNCES))
_BOUNCE_TEXT = re.compile(_choice(_BOUNCE_TEXTS))
_MAYBE_BOUNCE_TEXT = re.compile(_choice(_MAYBE_BOUNCE_TEXTS))
_RECEIPT = re.compile(_choice(_RECEIPTS))


def automatic_weight(subject: str) -> int:
    """Return how surely a subject is that of an automatic answer: 2 for certain, 1 maybe, 0 not."""
    subject = subject.lower()
    if auto := _AUTO.match(subject):
        return 2 if _NOTES.search(subject, auto.end()) else 1
    if _AUTOMATIC_MARK.match(subject) or _IS_OUT.search(subject):
        return 2
    return 1 if _MAYBE_MARK.match(subject) else 0


def says_automatic(text: str) -> bool:
    """Return whether a text says that it is automatic, or that nobody is at the office."""
    return bool(_ANYWHERE.search(text.lower()))


def is_away_reply(text: str) -> bool:
    """Return whether a text is that of an answer which says who is away, until when, or why."""
    text = text.lower()
    return bool(_AWAY_WORD.search(text) and _POLITE_WORD.search(text))


def is_bounce_subject(subject: str) -> bool:
    """Return whether a subject is one of those that mail servers write on what they give back."""
    return bool(_BOUNCE.match(subject.lower()))


def is_bounce_text(text: str, names_others: bool) -> bool:
    """Return whether a text is that of a mail server which tells why it did not deliver.

    :param names_others: whether it has the address of somebody else.
    """
    text = text.lower()
    found = _BOUNCE_TEXT.search(text) or (names_others and _MAYBE_BOUNCE_TEXT.search(text))
    return bool(found)


def is_receipt_subject(subject: str) -> bool:
    """Return whether a subject is that of a receipt of certified mail."""
    return bool(_RECEIPT.match(subject.lower()))
