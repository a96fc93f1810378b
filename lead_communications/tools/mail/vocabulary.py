"""The words that mail programs write around an email that they forward, in small letters."""

#: The names of headers, by what they are.
LABELS = {
    "from": "from, od, von, de, da, van, от, від, nadawca, absender, mittente, expéditeur,"
    " remitente, afzender, odesílatel, odosielateľ, отправитель, відправник, от кого, від кого,"
    " fra, från, lähettäjä, feladó, expeditorul, de la, šalje, kimden, gönderen, saatja",
    "date": "date, sent, data, datum, fecha, дата, wysłano, wysłane, data wysłania, gesendet,"
    " gesendet am, envoyé, envoyé le, date d'envoi, enviado, enviado el, enviado em, inviato,"
    " inviato il, data invio, verzonden, verzonden op, odesláno, odoslané, отправлено,"
    " дата отправки, надіслано, дата надсилання, dato, sendt, skickat, päiväys, päivämäärä,"
    " lähetetty, dátum, elküldve, dată, trimis, poslano, tarih, gönderildi",
    "to": "to, do, an, à, a, para, aan, komu, кому, adresat, odbiorca, pour, destinataire,"
    " destinatario, empfänger, ontvanger, příjemce, pre, получатель, одержувач, til, till,"
    " vastaanottaja, címzett, destinatarul, către, prima, kime",
    "cc": "cc, bcc, dw, udw, kopia, do wiadomości, kopie, copie à, ccn,"  # codespell:ignore copie
    " копия, копія, в копии, kopi, kopio, másolat, másolatot kap, bilgi,"
    " reply-to, odpowiedz do, répondre à, antwort an, rispondi a, responder a",
    "subject": "subject, temat, betreff, objet, sujet,"  # codespell:ignore objet
    " asunto, oggetto, onderwerp, předmět, predmet, тема, assunto, emne, ämne, aihe, tárgy,"
    " subiect, subiectul, naslov, konu",
}

#: What stands above an email that is forwarded.
FORWARDED = {
    "forwarded message", "forwarded mail", "begin forwarded message", "start of forwarded message",
    "przekazana wiadomość", "wiadomość przekazana dalej", "treść przekazanej wiadomości",
    "początek przekazywanej wiadomości", "początek przekazanej wiadomości",
    "wiadomość przekazana", "przesłana wiadomość",
    "weitergeleitete nachricht", "anfang der weitergeleiteten nachricht",
    "anfang der weitergeleiteten e-mail", "weitergeleitete e-mail",
    "message transféré", "message transmis", "message réexpédié", "début du message réexpédié",
    "début du message transféré",
    "mensaje reenviado", "inicio del mensaje reenviado",
    "messaggio inoltrato", "inizio messaggio inoltrato",
    "doorgestuurd bericht", "begin doorgestuurd bericht",
    "přeposlaná zpráva", "předaná zpráva", "začátek přeposílané zprávy",
    "preposlaná správa", "preposlaná správa --- forwarded message", "začiatok preposlanej správy",
    "переслане повідомлення", "перенаправлене повідомлення", "початок листа, що пересилається",
    "пересланное сообщение", "пересылаемое сообщение", "перенаправленное сообщение",
    "начало переадресованного сообщения", "начало пересылаемого сообщения",
    "mensagem encaminhada", "início da mensagem encaminhada",
    "mensagem reencaminhada", "início da mensagem reencaminhada",
    "videresendt meddelelse", "start på videresendt besked", "videresendt melding",
    "vidarebefordrat meddelande", "vidarebefordrat mejl",
    "edelleenlähetetty viesti", "välitetty viesti", "välitetty viesti / fwd.msg",
    "välitetty viesti alkaa", "továbbított üzenet", "továbbított levél kezdete",
    "mesaj redirecționat", "începe mesajul redirecționat", "proslijeđena poruka",
    "započni proslijeđenu poruku", "i̇letilmiş mesaj", "i̇letilen i̇leti", "i̇leti başlangıcı",
}  # fmt: skip

#: What stands above an email that is answered as well as above one that is forwarded.
ORIGINAL = {
    "original message", "wiadomość oryginalna", "oryginalna wiadomość", "ursprüngliche nachricht",
    "originalnachricht", "original-nachricht", "message d'origine", "message original",
    "mensaje original", "messaggio originale", "oorspronkelijk bericht", "původní zpráva",
    "pôvodná správa", "исходное сообщение", "оригинальное сообщение", "вихідне повідомлення",
    "оригінальне повідомлення", "oprindelig meddelelse", "opprinnelig melding",
    "ursprungligt meddelande", "alkuperäinen viesti", "eredeti üzenet", "mesaj original",
    "mensagem original",
}  # fmt: skip

#: Between who sent and in whose name.
ON_BEHALF = (
    "on behalf of", "w imieniu", "im auftrag von", "de la part de", "au nom de", "en nombre de",
    "per conto di", "namens", "jménem", "от имени", "від імені",
)  # fmt: skip

#: Between the date and the name, where an email is quoted in one sentence.
WRITES = "heeft|schrieb|skrev|użytkownik|пользователь|користувач|používateľ"
