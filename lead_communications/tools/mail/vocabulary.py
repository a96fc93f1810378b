"""The words of mail programs, by language: in subjects, above quotations and below letters.

One table for all that is read: the marks in front of a subject, the headers of an email that stands
in the text of another one, what is written above it, and how people end their letters. The words
are those of Outlook and Exchange, Gmail, Apple Mail, Thunderbird and K-9 (their translations),
Yahoo, Samsung, Roundcube, Notes and HubSpot; the marks also those of Wikipedia's "List of email
subject abbreviations". "Ref:" is left out: people write it themselves.

A new language is a new entry. :data:`EITHER` and the tests tell where two languages disagree.
"""

import unicodedata
from typing import NamedTuple


class Words(NamedTuple):
    """The words of one language, each list with commas between.

    Marks in small letters count in any letters; in capitals they count only so, as they are words
    or abbreviations otherwise.
    """

    reply: str = ""
    forward: str = ""
    from_: str = ""
    date: str = ""
    to: str = ""
    cc: str = ""
    subject: str = ""
    forwarded: str = ""
    """What stands above an email that is forwarded."""
    original: str = ""
    """What stands above an email that is answered as well as above one that is forwarded."""
    wrote: str = ""
    """The verb of the sentence above a quotation: "On … Anna wrote:"."""
    closing: str = ""
    """How the end of a letter begins."""
    external: str = ""
    """How mail servers call mail from outside, in brackets in front of a subject."""


LANGUAGES = {
    "ar": Words(
        reply="رد, الرد",
        forward="إعادة توجيه, اعادة توجيه, توجيه, تحويل",
        from_="من, مِن, المرسل, المُرسِل",
        date="التاريخ, تاريخ الإرسال, تم الإرسال, أُرسلت, أرسلت, المرسلة, تاريخ إرسالها",
        to="إلى, الى, المستقبل, المتلقَّي",
        cc="نسخة, نسخة إلى, نسخة إلي, نسخة كربونية, رد إلى, رُد إلى",
        subject="الموضوع",
        forwarded="رسالة ممرّرة, رسالة معاد توجيهها, الرسالة المعاد توجيهها, رسالة محوّلة,"
        " رسالة محولة, بداية الرسالة المعاد توجيهها, بداية الرسالة المُعاد توجيهها",
        original="الرسالة الأصلية, الرسالة الأصليَّة, رسالة أصلية, الرسالة الأساسية",
        wrote="كتب, كتبت, كَتَب, تمت كتابة ما يلي بواسطة",
        closing="مع التحية, مع تحياتي, تحياتي, مع أطيب التحيات, وتفضلوا بقبول, شكرا, شكراً",
        external="خارجي",
    ),
    "be": Words(
        reply="адк, адказ",
        forward="перасл",
        from_="ад, адпраўнік",
        date="адпраўлена",
        to="да, каму",
        cc="копія",
        subject="тэма",
        forwarded="перанакіраванае паведамленне, накіраваны ліст",
        original="зыходны ліст, зыходнае паведамленне",
        wrote="напісаў, напісала, піша",
        closing="з павагай",
    ),
    "bg": Words(
        reply="отг, отговор, отн",
        forward="прпр, препр, препратено",
        from_="от, подател, изпращач",
        date="дата, изпратено, изпратено на, дата на изпращане",
        to="до, получател",
        cc="копие, копие до, як",
        subject="тема, заглавие, относно",
        forwarded="препратено писмо, препратено съобщение, начало на препратеното съобщение",
        original="оригинално писмо, оригинално съобщение, първоначално съобщение",
        wrote="написа, написал",
        closing="поздрави, с уважение, с поздрав, благодаря",
        external="външен, външно",
    ),
    "ca": Words(
        forward="rv, reenv",
        from_="de, remitent",
        date="data, enviat, enviat el, data d'enviament",
        to="a, per a, per, destinatari",
        cc="a/c",
        subject="assumpte, tema",
        forwarded="missatge reenviat, inici del missatge reenviat",
        original="missatge original",
        wrote="escrigué, va escriure, ha escrit",
        closing="salutacions, atentament, cordialment, gràcies",
        external="extern",
    ),
    "cs": Words(
        reply="odp, odpověď",
        forward="přep, přeposláno, předáno, přeposl",
        from_="od, odesílatel",
        date="datum, odesláno, odesláno dne, datum odeslání",
        to="komu, příjemce, adresát, pro",
        cc="kopie, skrytá kopie, odpověď na, adresa pro odpověď",
        subject="předmět, věc",
        forwarded="přeposlaná zpráva, předaná zpráva, začátek přeposílané zprávy",
        original="původní zpráva, původní e-mail",
        wrote="napsal(a), napsal, napsala, píše",
        closing="s pozdravem, s přátelským pozdravem, s úctou, děkuji, děkujeme, hezký den,"
        " zdravím",
        external="externí",
    ),
    "cy": Words(
        reply="ATB",
        forward="YML",
        from_="oddi wrth",
        date="dyddiad, anfonwyd",
        to="at",
        subject="pwnc",
        original="neges wreiddiol",
        wrote="ysgrifennodd",
        closing="cofion, yn gywir",
    ),
    "da": Words(
        reply="sv, svar, vedr, ang",
        forward="vs, videresendt",
        from_="fra, afsender",
        date="dato, sendt, sendt dato",
        to="til, modtager",
        cc="kopi, kopi til, kopi til (cc), svar til",
        subject="emne",
        forwarded="videresendt meddelelse, videresendt besked, start på videresendt besked,"
        " start på videresendt meddelelse",
        original="oprindelig meddelelse, original besked, oprindelig besked",
        wrote="skrev",
        closing="med venlig hilsen, venlig hilsen, mvh, hilsen, bedste hilsner, de bedste hilsner,"
        " på forhånd tak",
        external="ekstern",
    ),
    "de": Words(
        reply="aw, antw, antwort, betr",
        forward="wg, weitergeleitet, weitergel, weiterl",
        from_="von, absender",
        date="datum, gesendet, gesendet am, sendedatum",
        to="an, empfänger",
        cc="kopie, kopie (cc), blindkopie, antwort an",
        subject="betreff",
        forwarded="weitergeleitete nachricht, weitergeleitete e-mail, weitergeleitete mail,"
        " anfang der weitergeleiteten nachricht, anfang der weitergeleiteten e-mail,"
        " beginn der weitergeleiteten nachricht",
        original="ursprüngliche nachricht, originalnachricht, original-nachricht,"
        " ursprüngliche mail, original nachricht",
        wrote="schrieb, schrieben",
        closing="mit freundlichen grüßen, mit freundlichem gruß, mit freundlichen gruessen,"
        " mit besten grüßen, viele grüße, beste grüße, freundliche grüße, liebe grüße,"
        " herzliche grüße, schöne grüße, mfg, vielen dank",
        external="extern, externe, externer",
    ),
    "el": Words(
        reply="απ, απάντ, απάντηση, σχετ",
        forward="πρθ, προωθ, προώθηση",
        from_="από, αποστολέας",
        date="στάλθηκε, ημερομηνία, αποστολή, ημ/νία, ημερ. αποστολής, εστάλη",
        to="προς, παραλήπτης",
        cc="κοιν, κοιν., κοινοποίηση, κρυφή κοινοποίηση, απάντηση σε",
        subject="θέμα",
        forwarded="προωθημένο μήνυμα, μήνυμα που προωθήθηκε, αρχή προωθημένου μηνύματος,"
        " έναρξη προωθημένου μηνύματος",
        original="αρχικό μήνυμα, πρωτότυπο μήνυμα",
        wrote="έγραψε, έγραψαν",
        closing="με εκτίμηση, με φιλικούς χαιρετισμούς, φιλικά, ευχαριστώ, χαιρετισμούς",
        external="εξωτερικό, εξωτερικός",
    ),
    "en": Words(
        reply="re",
        forward="fw, fwd",
        from_="from",
        date="date, sent",
        to="to",
        cc="cc, bcc, reply-to",
        subject="subject",
        forwarded="forwarded message, forwarded mail, forwarded email, begin forwarded message,"
        " start of forwarded message, start forwarded message",
        original="original message, original email, original mail, reply message,"
        " original message follows",
        wrote="wrote, writes",
        closing="regards, best regards, kind regards, warm regards, many thanks, with regards,"
        " with best regards, with kind regards, sincerely, yours, thanks, thank you, cheers, best,"
        " best wishes, all the best",
        external="external, ext, outside",
    ),
    "es": Words(
        reply="respuesta",
        forward="rv, reenv, reenviado",
        from_="de, remitente",
        date="fecha, enviado, enviado el, fecha de envío",
        to="para, a, destinatario",
        cc="copia, cco, responder a",
        subject="asunto",
        forwarded="mensaje reenviado, inicio del mensaje reenviado, correo reenviado",
        original="mensaje original, correo original",
        wrote="escribió, escribio",
        closing="saludos, un saludo, atentamente, cordialmente, saludos cordiales,"
        " un cordial saludo, gracias, muchas gracias",
        external="externo",
    ),
    "et": Words(
        reply="vs, vast, vastus",
        forward="edasi, edastatud",
        from_="saatja, kellelt",
        date="kuupäev, saadetud, saatmise kuupäev, saatmisaeg",
        to="kellele, saaja, adressaat",
        cc="koopia, pimekoopia",
        subject="teema, pealkiri",
        forwarded="edastatud kiri, edastatud sõnum, edastatud sõnumi algus",
        original="algne kiri, esialgne kiri, algne sõnum, algsõnum",
        wrote="kirjutas",
        closing="lugupidamisega, parimate soovidega, tervitades, tervitustega, heade soovidega",
        external="väline",
    ),
    "eu": Words(
        reply="erantzuna",
        forward="birbidali",
        from_="nork, igorlea, bidaltzailea",
        date="data, bidalita, bidalketa data",
        to="nori, hartzailea",
        cc="kopia",
        subject="gaia",
        forwarded="birbidalitako mezua",
        original="jatorrizko mezua",
        wrote="idatzi zuen, idatzi du",
        closing="agur, agur bero bat, adeitasunez",
    ),
    "fa": Words(
        reply="پاسخ",
        forward="ارسال, فوروارد, هدایت",
        from_="از, فرستنده",
        date="تاریخ, ارسال, ارسال شده, تاریخ ارسال",
        to="به, گیرنده",
        cc="رونوشت, رونوشت به",
        subject="موضوع",
        forwarded="پیام هدایت شده, پیام ارسال شده, پیام بازارسال شده",
        original="پیام اصلی, پیام نخستین",
        wrote="نوشت, نوشته است",
        closing="با احترام, با تشکر, ارادتمند",
    ),
    "fi": Words(
        reply="vs, vast, vastaus",
        forward="vl, välitetty, edelleenl",
        from_="lähettäjä",
        date="lähetetty, päiväys, päivämäärä, lähetysaika, pvm",
        to="vastaanottaja",
        cc="kopio, piilokopio, vastausosoite",
        subject="aihe, otsikko",
        forwarded="edelleenlähetetty viesti, välitetty viesti, välitetty viesti / fwd.msg,"
        " välitetty viesti alkaa, edelleenlähetetty viesti alkaa",
        original="alkuperäinen viesti, alkuperäinen viesti / orig.msg.",
        wrote="kirjoitti",
        closing="ystävällisin terveisin, terveisin, parhain terveisin, yt, kiitos",
        external="ulkoinen",
    ),
    "fr": Words(
        reply="rép, réponse",
        forward="tr, transf, transféré",
        from_="de, expéditeur",
        date="date, envoyé, envoyé le, date d'envoi, envoyé par",
        to="à, a, pour, destinataire",
        cc="copie à, copie, cci, copie cachée, répondre à, réponse à",
        subject="objet, sujet",
        forwarded="message transféré, message transmis, message réexpédié,"
        " début du message réexpédié, début du message transféré, courriel transféré",
        original="message d'origine, message original, courriel original, courriel initial,"
        " message initial",
        wrote="a écrit, écrit",
        closing="cordialement, bien cordialement, bien à vous, sincères salutations, salutations,"
        " meilleures salutations, merci, bonne journée, cdlt, bàv",
        external="externe",
    ),
    "gl": Words(
        from_="de, dende, remitente",
        date="data, enviado, data de envío",
        to="para, destinatario",
        subject="asunto",
        forwarded="mensaxe reenviada",
        original="mensaxe orixinal",
        wrote="escribiu, escribeu",
        closing="saúdos, un saúdo, atentamente",
    ),
    "he": Words(
        reply="תגובה, תשובה, השב, תש",
        forward="הועבר, העבר, להעביר",
        from_="מאת, שולח, השולח",
        date="תאריך, נשלח, נשלח בתאריך, תאריך משלוח",
        to="אל, לכבוד, הנמען",
        cc="עותק, לידיעה, העתק, עותק מוסתר, השב-אל",
        subject="נושא, הנדון",
        forwarded="הודעה שהועברה, תחילת ההודעה שהועברה, הודעה מועברת",
        original="הודעה מקורית, ההודעה המקורית",
        wrote="כתב, כתבה, כתב/ה, נכתב על ידי, מאת",
        closing="בברכה, בכבוד רב, תודה, בתודה, כל טוב",
        external="חיצוני",
    ),
    "hi": Words(
        reply="उत्तर, जवाब",
        forward="अग्रेषित",
        from_="प्रेषक, से",
        date="दिनांक, तिथि, भेजा गया, भेजने की तिथि",
        to="प्रति, को",
        cc="प्रतिलिपि",
        subject="विषय",
        forwarded="अग्रेषित संदेश",
        original="मूल संदेश",
        wrote="ने लिखा",
        closing="सादर, धन्यवाद",
    ),
    "hr": Words(
        reply="odg, odgovor",
        forward="prosl, proslijeđeno",
        from_="od, šalje, pošiljatelj",
        date="datum, poslano, datum slanja",
        to="za, prima, primatelj",
        cc="kopija, odgovori na",
        subject="predmet, naslov",
        forwarded="proslijeđena poruka, započni proslijeđenu poruku, početak proslijeđene poruke",
        original="izvorna poruka, originalna poruka",
        wrote="je napisao, je napisala, je napisao/la, je napisao(la), napisao je, piše",
        closing="srdačan pozdrav, lijep pozdrav, s poštovanjem, pozdrav, lp, hvala",
        external="vanjski",
    ),
    "hu": Words(
        reply="vá, válasz",
        forward="továbbítás, továbbítva, tov, továbbít",
        from_="feladó, küldő",
        date="elküldve, dátum, küldve, feladva, küldés dátuma",
        to="címzett, címzettek",
        cc="másolat, másolatot kap, titkos másolat, válaszcím",
        subject="tárgy",
        forwarded="továbbított üzenet, továbbított levél kezdete, továbbított üzenet kezdete,"
        " továbbított levél",
        original="eredeti üzenet, eredeti levél",
        wrote="ezt írta, írta",
        closing="üdvözlettel, tisztelettel, köszönettel, üdv, szép napot, köszönöm",
        external="külső",
    ),
    "hy": Words(
        from_="ումից, ուղարկող",
        date="ամսաթիվ",
        to="ում, ստացող",
        subject="վերնագիր, թեմա",
        forwarded="փոխանցվող նամակը",
        original="առաջին հաղորդագրությունը",
        wrote="գրել է, գրեց",
        closing="հարգանքով",
    ),
    "id": Words(
        reply="bls, balas, balasan",
        forward="trs, terusan, teruskan",
        from_="dari, pengirim",
        date="tanggal, dikirim, terkirim, tanggal kirim",
        to="kepada, ke, penerima, untuk",
        cc="tembusan",
        subject="subjek, perihal, judul, hal",
        forwarded="pesan diteruskan, pesan terusan, pesan yang diteruskan,"
        " mulai pesan yang diteruskan, awal pesan yang diteruskan",
        original="pesan asli, pesan orisinal",
        wrote="menulis",
        closing="salam, salam hormat, hormat kami, terima kasih",
        external="eksternal",
    ),
    "is": Words(
        reply="sv, svar",
        forward="FS, framsent",
        from_="frá, sendandi",
        date="dagsetning, sent, sendingardagur",
        to="til, viðtakandi",
        cc="afrit",
        subject="efni, titill, viðfangsefni",
        forwarded="áframsendur póstur, framsend skilaboð, áframsend skilaboð",
        original="upprunaleg skilaboð, upprunalegur póstur",
        wrote="skrifaði",
        closing="kveðja, með kveðju, bestu kveðjur, kær kveðja, virðingarfyllst, takk",
    ),
    "it": Words(
        reply="R, rif, risp, risposta",
        forward="I, inoltro, inoltrato",
        from_="da, mittente",
        date="data, inviato, inviato il, data invio, data d'invio",
        to="a, per, destinatario",
        cc="ccn, rispondi a, rispondi-a, copia per conoscenza",
        subject="oggetto",
        forwarded="messaggio inoltrato, inizio messaggio inoltrato, inizio del messaggio inoltrato",
        original="messaggio originale",
        wrote="ha scritto",
        closing="cordiali saluti, distinti saluti, saluti, cordialmente, grazie, un saluto,"
        " buona giornata",
        external="esterno, esterna",
    ),
    "ja": Words(
        reply="返信, 回答",
        forward="転送",
        from_="差出人, 送信者, 送信元, 発信者",
        date="送信日時, 送信日, 日時, 日付, 送信時刻",
        to="宛先, 送信先",
        cc="写し(cc), 写し, 返信先",
        subject="件名, 題名",
        forwarded="転送されたメッセージ, メッセージを転送, 転送メッセージ, 転送メール,"
        " 転送されたメール, 以下転送",
        original="元のメッセージ, 元メール, オリジナルメッセージ, 元のメール",
        wrote="さんは書きました, 書きました",
        closing="よろしくお願いいたします, よろしくお願いします, 以上, 敬具, 宜しくお願い致します",
        external="外部, 社外",
    ),
    "ka": Words(
        from_="ვინ, გამგზავნი, გამგზავნელი, ვისგან",
        date="თარიღი, გაგზავნის თარიღი, გაგზავნილია",
        to="ვის, მიმღები",
        cc="ასლი",
        subject="თემა, სათაური",
        forwarded="გადაგზავნილი წერილი",
        original="ორიგინალი შეტყობინება",
        wrote="წერს, დაწერა",
        closing="პატივისცემით",
    ),
    "ko": Words(
        reply="회신, 답장, 답글",
        forward="전달",
        from_="보낸 사람, 보낸사람, 보내는 사람, 보낸이, 발신, 발신자, 발신인",
        date="보낸 날짜, 보낸날짜, 날짜, 보낸 시간, 보낸 일시, 전송 날짜, 일시, 일자",
        to="받는 사람, 받는사람, 받은 사람, 받는이, 수신, 수신자, 수신인",
        cc="참조, 숨은 참조, 회신 주소",
        subject="제목",
        forwarded="전달된 메시지, 전달된 메일, 전달 메시지, 전달된 메시지 시작, 전달한 메시지",
        original="원본 메시지, 원본 메일, 원본메시지, original message",
        wrote="작성, 쓴 글, 쓴 내용, 작성함, 이 씀, 작성하였습니다",
        closing="감사합니다, 고맙습니다, 드림, 올림",
        external="외부",
    ),
    "lt": Words(
        reply="ats, atsakymas",
        forward="pers, persiųsta, persiųstas",
        from_="nuo, siuntėjas, siuntikas, kas",
        date="išsiųsta, data, išsiuntimo laikas, siuntimo data",
        to="kam, gavėjas, iki",
        cc="kopija, atgalinis adresas",
        subject="tema",
        forwarded="persiųstas laiškas, persiųsta žinutė, persiunčiamas laiškas",
        original="originalus laiškas, pradinis laiškas, originalus tekstas, pradinis pranešimas",
        wrote="rašė, parašė",
        closing="pagarbiai, su pagarba, geriausi linkėjimai, dėkoju, ačiū",
        external="išorinis",
    ),
    "lv": Words(
        reply="atb, atbilde",
        forward="pārs, pārsūtīts, pārsūt",
        from_="no, sūtītājs, kas",
        date="nosūtīts, nosūtīta, datums, nosūtīšanas datums",
        to="kam, saņēmējs, adresāts",
        cc="kopija, atbildēt uz",
        subject="tēma, temats",
        forwarded="pārsūtītā vēstule, pārsūtīta vēstule, pārsūtīts ziņojums, pārsūtītais ziņojums",
        original="sākotnējā vēstule, sākotnējā ziņa, sākotnējais ziņojums, oriģinālais ziņojums",
        wrote="rakstīja",
        closing="ar cieņu, cieņā, ar sveicieniem, paldies",
        external="ārējs",
    ),
    "mk": Words(
        from_="од, праќач, испраќач",
        date="датум, испратено, дата на праќање",
        to="до, примач, за",
        cc="копирај",
        subject="тема, наслов",
        forwarded="препратена порака",
        original="оригинална порака",
        wrote="напиша",
        closing="со почит, поздрав",
    ),
    "ms": Words(
        reply="balas",
        from_="daripada, pengirim",
        date="tarikh, dihantar, tarikh dihantar",
        to="kepada",
        subject="subjek, perkara",
        forwarded="mesej dikirim semula, mesej dimajukan",
        original="mesej asal",
        wrote="membalas, menulis",
        closing="salam, terima kasih, yang benar",
    ),
    "nb": Words(
        reply="sv, svar, ang, vedr",
        forward="vs, videresend, videresendt",
        from_="fra, avsender",
        date="dato, sendt, dato sendt",
        to="til, mottaker",
        cc="kopi, kopi til, blindkopi, svar til",
        subject="emne",
        forwarded="videresendt melding, start på videresendt melding, videresendt e-post",
        original="opprinnelig melding, original melding, opprinnelig e-post",
        wrote="skrev, skrev følgende",
        closing="med vennlig hilsen, vennlig hilsen, mvh, hilsen, beste hilsen, takk",
        external="ekstern",
    ),
    "nl": Words(
        reply="antw, antwoord, betr",
        forward="doorst, doorgestuurd, doorsturen",
        from_="van, afzender",
        date="datum, verzonden, verzonden op, verzenddatum",
        to="aan, ontvanger",
        cc="kopie, antwoord aan, antwoord-naar",
        subject="onderwerp",
        forwarded="doorgestuurd bericht, begin doorgestuurd bericht, doorgestuurde e-mail,"
        " begin van doorgestuurd bericht",
        original="oorspronkelijk bericht, oorspronkelijke bericht, origineel bericht",
        wrote="schreef, geschreven, heeft",
        closing="met vriendelijke groet, met vriendelijke groeten, vriendelijke groet,"
        " hartelijke groeten, groeten, mvg, bedankt, alvast bedankt",
        external="extern, externe",
    ),
    "pl": Words(
        reply="odp, odpowiedź",
        forward="pd, przekazane, przek, przesł",
        from_="od, nadawca",
        date="data, wysłano, wysłane, data wysłania, data wysyłki",
        to="do, adresat, odbiorca",
        cc="dw, udw, kopia, do wiadomości, odpowiedz do, odpowiedź-do",
        subject="temat",
        forwarded="przekazana wiadomość, wiadomość przekazana dalej, treść przekazanej wiadomości,"
        " początek przekazywanej wiadomości, początek przekazanej wiadomości,"
        " wiadomość przekazana, przesłana wiadomość, wiadomość przesłana dalej",
        original="wiadomość oryginalna, oryginalna wiadomość, treść oryginalnej wiadomości",
        wrote="napisał, napisała, napisał(a), napisał/a, pisze, użytkownik",
        closing="pozdrawiam, pozdrowienia, serdecznie pozdrawiam, serdecznie, z poważaniem,"
        " z wyrazami szacunku, z wyrazami, z pozdrowieniami, dziękuję, dziękujemy,"
        " łączę pozdrowienia",
        external="zewnętrzny, zewnętrzna, zewnętrzne, zewn",
    ),
    "pt": Words(
        reply="RES, resposta",
        forward="enc, encaminhado, reencaminhado",
        from_="de, remetente",
        date="data, enviado, enviado em, enviada em, enviada, data de envio",
        to="para, destinatário",
        cc="cópia, cco, com cópia, responder a, responder para, responder-para",
        subject="assunto",
        forwarded="mensagem encaminhada, início da mensagem encaminhada, mensagem reencaminhada,"
        " início da mensagem reencaminhada, início de mensagem reencaminhada",
        original="mensagem original",
        wrote="escreveu",
        closing="atenciosamente, cumprimentos, com os melhores cumprimentos, melhores cumprimentos,"
        " abraço, obrigado, obrigada, att, cordialmente",
        external="externo, externa",
    ),
    "ro": Words(
        reply="răsp, răspuns",
        forward="redir, redirecționat",
        from_="de la, expeditor, expeditorul, de",
        date="trimis, dată, data, trimisă, data trimiterii",
        to="către, la, destinatar, destinatarul",
        cc="copie (cc), răspuns către",
        subject="subiect, subiectul",
        forwarded="mesaj redirecționat, începe mesajul redirecționat, mesaj retransmis,"
        " mesaj redirecţionat",
        original="mesaj original, mesajul original, mesaj inițial",
        wrote="a scris",
        closing="cu stimă, cu respect, o zi bună, toate cele bune, mulțumesc, cu considerație",
        external="extern",
    ),
    "ru": Words(
        reply="отв, ответ, НА, HA",
        forward="пересл, пер, перенапр",
        from_="от, от кого, отправитель",
        date="дата, отправлено, дата отправки, отправлен",
        to="кому, получатель",
        cc="копия, в копии, ск, ответ-кому, отвечать",
        subject="тема",
        forwarded="пересланное сообщение, пересылаемое сообщение, перенаправленное сообщение,"
        " начало переадресованного сообщения, начало пересылаемого сообщения,"
        " пересланное письмо",
        original="исходное сообщение, оригинальное сообщение, исходное письмо",
        wrote="писал, писала, писал(а), пишет, написал, написала, написал(а), пользователь",
        closing="с уважением, с наилучшими пожеланиями, спасибо, всего доброго, с благодарностью",
        external="внешнее, внешний, внешняя",
    ),
    "sk": Words(
        reply="odp, odpoveď",
        forward="preposlané, prepos",
        from_="od, odosielateľ",
        date="dátum, odoslané, dátum odoslania",
        to="komu, pre, príjemca, adresát",
        cc="kópia, skrytá kópia, odpovedať na, odpovedať-pre",
        subject="predmet",
        forwarded="preposlaná správa, preposlaná správa --- forwarded message,"
        " začiatok preposlanej správy",
        original="pôvodná správa, pôvodná správa --- original message",
        wrote="napísal(a), napísal, napísala, píše, používateľ",
        closing="s pozdravom, s úctou, ďakujem, ďakujeme, pekný deň",
        external="externý",
    ),
    "sl": Words(
        reply="odg, odgovor",
        forward="posr, posredovano",
        from_="od, pošiljatelj",
        date="datum, poslano, datum pošiljanja",
        to="za, prejemnik, komu",
        cc="kp, kopija, odgovori za",
        subject="zadeva",
        forwarded="posredovano sporočilo, začetek posredovanega sporočila",
        original="izvirno sporočilo, izvorno sporočilo, prvotno sporočilo",
        wrote="je napisal, je napisala, je napisal(a), napisal, sporoča",
        closing="lep pozdrav, s spoštovanjem, prijazen pozdrav, lp, hvala",
        external="zunanji",
    ),
    "sq": Words(
        from_="nga, dërguesi, dërgues",
        date="datë, dërguar më, dërguar, datë dërgimi",
        to="për, marrës",
        subject="subjekt, subjekti, tema",
        forwarded="mesazhi i përcjellë, mesazh i përcjellë",
        original="mesazhi origjinal",
        wrote="shkroi",
        closing="me respekt, përshëndetje, faleminderit",
    ),
    "sr": Words(
        reply="одг, одговор, odg, odgovor",
        forward="просл, прослеђено, prosl, prosleđeno",
        from_="од, шаље, пошиљалац, od, šalje, pošiljalac",
        date="датум, послато, датум слања, datum, poslato",
        to="за, прима, прималац, za, prima, primalac",
        cc="копија, коп, kopija",
        subject="тема, наслов, предмет, tema, naslov, predmet",
        forwarded="прослеђена порука, prosleđena poruka",
        original="изворна порука, оригинална порука, originalna poruka, izvorna poruka",
        wrote="пише, написа, је написао, је написала, je napisao, je napisala, piše",
        closing="срдачан поздрав, поздрав, с поштовањем, srdačan pozdrav, pozdrav, s poštovanjem",
    ),
    "sv": Words(
        reply="sv, svar, ang",
        forward="vb, vidarebefordrat, vidarebef",
        from_="från, avsändare",
        date="datum, skickat, datum skickat, skickades",
        to="till, mottagare",
        cc="kopia, hemlig kopia, svara till, svar till",
        subject="ämne",
        forwarded="vidarebefordrat meddelande, vidarebefordrat mejl, vidarebefordrat brev",
        original="ursprungligt meddelande, originalmeddelande, ursprungligt mejl",
        wrote="skrev",
        closing="med vänlig hälsning, med vänliga hälsningar, vänliga hälsningar,"
        " bästa hälsningar, hälsningar, mvh, vänligen, tack",
        external="extern, externt",
    ),
    "th": Words(
        reply="ตอบกลับ, ตอบ",
        forward="ส่งต่อ",
        from_="จาก, ผู้ส่ง",
        date="วันที่, ส่ง, ส่งเมื่อ, วันที่ส่ง, ส่งแล้ว, เวลา",
        to="ถึง, ผู้รับ",
        cc="สำเนา, สำเนาถึง, คัดลอก, ตอบกลับถึง",
        subject="เรื่อง, หัวเรื่อง, ชื่อเรื่อง, หัวข้อ, หัวจดหมาย",
        forwarded="ข้อความที่ส่งต่อ, เริ่มข้อความที่ส่งต่อ, เริ่มต้นข้อความที่ส่งต่อ, จดหมายที่ส่งต่อ",
        original="ข้อความต้นฉบับ, ข้อความเดิม, ข้อความดั้งเดิม",
        wrote="เขียนว่า, เขียน",
        closing="ขอแสดงความนับถือ, ด้วยความเคารพ, ขอบคุณ, ขอบคุณครับ, ขอบคุณค่ะ",
        external="ภายนอก",
    ),
    "tr": Words(
        reply="ynt, yanıt, cvp, cevap",
        forward="ilt, iletilen",
        from_="kimden, gönderen, gönderici",
        date="gönderildi, tarih, gönderilen, gönderilme tarihi, gönderilme, gönderme tarihi",
        to="kime, alıcı",
        cc="bilgi, kopya, gizli, yanıt adresi",
        subject="konu",
        forwarded="iletilmiş mesaj, iletilen ileti, ileti başlangıcı, iletilen mesaj,"
        " iletilen mesajın başlangıcı",
        original="özgün ileti, orijinal mesaj, özgün mesaj, orijinal ileti",
        wrote="yazdı, şunu yazdı, şunları yazdı, yazmış",
        closing="saygılarımla, saygılarımızla, iyi çalışmalar, teşekkürler, iyi günler, sevgiler",
        external="harici, dış",
    ),
    "uk": Words(
        reply="відп, відповідь",
        forward="пересл, переслано, перес, пер",
        from_="від, від кого, відправник",
        date="дата, надіслано, дата надсилання, відправлено, дата відправлення",
        to="кому, одержувач, отримувач",
        cc="копія, прихована копія, кому відповісти, відповісти",
        subject="тема",
        forwarded="переслане повідомлення, перенаправлене повідомлення,"
        " початок листа,\xa0що пересилається, переадресоване повідомлення",  # not two phrases
        original="вихідне повідомлення, оригінальне повідомлення, початкове повідомлення",
        wrote="написав, написала, написав(-ла), пише, користувач",
        closing="з повагою, щиро, дякую, з найкращими побажаннями, гарного дня",
        external="зовнішній, зовнішнє",
    ),
    "vi": Words(
        reply="TL, trả lời",
        forward="CTC, chuyển tiếp",
        from_="từ, người gửi, gửi từ",
        date="đã gửi, ngày gửi, ngày, ngày đã gửi, thời gian",
        to="đến, tới, gửi đến, người nhận",
        cc="đồng kính gửi, đồng gửi",
        subject="chủ đề, tiêu đề",
        forwarded="thư đã chuyển tiếp, tin nhắn đã được chuyển tiếp, thư được chuyển tiếp,"
        " thư chuyển tiếp, bắt đầu thư được chuyển tiếp, bắt đầu thư đã chuyển tiếp",
        original="thư gốc, tin nhắn gốc",
        wrote="đã viết, viết",
        closing="trân trọng, thân mến, kính thư, xin cảm ơn, cảm ơn, thân ái",
        external="bên ngoài",
    ),
    "zh-CN": Words(
        reply="回复, 答复",
        forward="转发",
        from_="发件人, 寄件人, 发信人, 发送人, 自",
        date="发送时间, 发送日期, 日期, 时间, 发件时间, 已发送, 寄件时间",
        to="收件人, 收信人, 至",
        cc="抄送, 抄送人, 密送, 回复地址",
        subject="主题, 标题",
        forwarded="转发的邮件, 转发的消息, 转发邮件, 转发邮件信息, 转发的信件, 被转发的邮件,"
        " 开始转发的邮件, 下面是被转发的邮件, 以下是转发的邮件",
        original="原始邮件, 原始消息, 邮件原件, 原邮件",
        wrote="写道, 写于, 写到",
        closing="此致, 祝好, 谢谢, 顺祝商祺, 致礼",
        external="外部, 外部邮件",
    ),
    "zh-TW": Words(
        reply="回覆, 回信, 答覆",
        forward="轉寄, 轉發, 轉送",
        from_="寄件者, 寄件人, 從, 發件人, 自",
        date="寄件日期, 日期, 傳送日期, 寄送日期, 寄送時間, 傳送時間, 已傳送, 寄件時間, 時間,"
        " 發送時間",
        to="收件者, 收件人, 到, 給",
        cc="副本, 密件副本, 副本抄送, 回函地址",
        subject="主旨, 主題",
        forwarded="轉寄的郵件, 轉寄郵件, 轉寄訊息, 轉寄的訊息, 轉發郵件, 以下是被轉寄的信件,"
        " 開始轉寄郵件, 以下為轉寄郵件",
        original="原始郵件, 原始訊息, 原郵件",
        wrote="寫道, 寫到",
        closing="敬上, 順頌商祺, 謝謝, 此致",
        external="外部, 外部郵件",
    ),
}

#: Between who sent and in whose name.
ON_BEHALF = (
    "on behalf of", "w imieniu", "im auftrag von", "de la part de", "au nom de", "en nombre de",
    "per conto di", "namens", "jménem", "v zastúpení", "от имени", "від імені", "em nome de",
    "på vegne af", "på vegne av", "på uppdrag av", "för", "puolesta", "nevében", "în numele",
    "εκ μέρους", "adına", "代表", "代理", "を代表して", "대신", "thay mặt", "atas nama", "u ime",
    "v imenu", "vardu", "nimel", "vārdā",
)  # fmt: skip
#: Notes writes who forwarded an email above it: "----- Forwarded by Anna/ACME on 01/02/2026 -----".
FORWARDED_BY = (
    "forwarded by", "weitergeleitet von", "transféré par", "réacheminé par", "inoltrato da",
    "reenviado por", "encaminhado por", "przekazane przez", "przesłane dalej przez",
    "doorgestuurd door", "vidarebefordrat av", "videresendt af", "videresendt av",
)  # fmt: skip
#: What mail servers write in brackets in front of the subject of mail that may be none.
SUSPICIOUS = (
    "spam, junk, bulk, phishing, virus, disarmed, suspicious, fraud, dangerous content, filename,"
    " suspected spam, possible spam, probable spam, spam?, unsafe, blocked"
)
#: What stands beside that, and says nothing by itself.
BESIDE = (
    "email, e-mail, mail, message, sender, caution, warning, attention, possible, suspected,"
    " from, source, origin, the, of, organization, notice, absender, nachricht, expéditeur,"
    " mittente, remitente, nadawca, wiadomość, score, 注意, 邮件, 郵件, メール, 메일, alert"
)


def same(text: str) -> str:
    """Return ``text`` in the one spelling in which words are compared.

    Without what nobody sees, in small letters; the two letters i of Turkish are one, as programs
    do not agree on which is the small one of which.
    """
    text = visible(text).casefold().replace("i̇", "i").replace("ı", "i").replace("’", "'")
    return " ".join(text.split())


def visible(text: str) -> str:
    """Return ``text`` composed, without the characters that only steer how it is shown.

    Texts from right to left and what iPhones write are full of them.
    """
    text = unicodedata.normalize("NFC", text)
    if text.isascii():
        return text
    return "".join(char for char in text if char in "\t\n" or unicodedata.category(char) != "Cf")


def _entries(text: str) -> list[str]:
    return [entry for entry in (part.strip() for part in text.split(", ")) if entry]


def _all(field: str) -> list[str]:
    """Return the words of a field in all languages."""
    return [word for words in LANGUAGES.values() for word in _entries(getattr(words, field))]


def _marks(field: str) -> set[str]:
    return {word if word.isupper() else same(word) for word in _all(field)}


_REPLY, _FORWARD = _marks("reply"), _marks("forward")
#: What is an answer in one language and a forward in another: "VS" in Finnish and in Danish.
EITHER = _REPLY & _FORWARD
_KIND_OF_MARK = (
    dict.fromkeys(_REPLY, "reply")
    | dict.fromkeys(_FORWARD, "forward")
    | dict.fromkeys(EITHER, "either")
)

#: The names of headers, by the kind that they are of.
LABELS = {
    same(word): kind
    for kind, field in (
        ("cc", "cc"), ("date", "date"), ("subject", "subject"), ("to", "to"), ("from", "from_"),
    )
    for word in _all(field)
}  # fmt: skip
FORWARDED = frozenset(map(same, _all("forwarded")))
ORIGINAL = frozenset(map(same, _all("original")))
WROTE = frozenset(map(same, _all("wrote")))
CLOSING = frozenset(map(same, _all("closing")))
EXTERNAL = frozenset(map(same, [*_all("external"), *_entries(SUSPICIOUS)]))
_BESIDE = frozenset(map(same, _entries(BESIDE)))


def kind_of_mark(word: str) -> str:
    """Return what a mark in front of a subject says: ``reply``, ``forward``, ``either`` or ""."""
    return _KIND_OF_MARK.get(word) or _KIND_OF_MARK.get(same(word), "")


def is_warning(words: str) -> bool:
    """Tell whether words in brackets in front of a subject were written there by a mail server."""
    text = same(words)
    if text in EXTERNAL:
        return True
    parts = text.split()
    return any(part in EXTERNAL for part in parts) and all(
        part in EXTERNAL or part in _BESIDE for part in parts
    )
