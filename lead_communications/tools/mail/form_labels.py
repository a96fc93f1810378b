"""The words that web forms write in front of what a visitor has filled in, in small letters.

As the form plugins of the usual systems write them in each language (Contact Form 7, Gravity Forms,
WPForms, Elementor, Jetpack, Ninja Forms, HubSpot, Shopify, Wix, Squarespace, PrestaShop, Drupal).
"""

#: By what they are. Words in front ("your", "Twój") and behind (an asterisk, "(required)") do not
#: count; see ``form``.
LABELS = {
    "name": "name, full name, first and last name, first name and last name, contact name, contact"
    ", contact person, customer, customer name, client, client name, sender, sender name, from"
    ", submitted by, visitor, visitor name, who, imię i nazwisko, nazwisko i imię, imię"
    ", imię nazwisko, imie i nazwisko, imie, nazwa, klient, osoba kontaktowa, kontakt, nadawca"
    ", imię/nazwisko, od, vor- und nachname, vorname und nachname, vor- und zuname"
    ", ansprechpartner, kunde, absender, kontaktperson, von, namen, nom, nom et prénom"
    ", prénom et nom, nom complet, expéditeur, de, votre nom, nombre, nombre y apellidos"
    ", nombre y apellido, nombre completo, cliente, remitente, nome, nome e cognome"
    ", cognome e nome, nominativo, nome completo, mittente, da, contatto, nome e sobrenome"
    ", nome e apelido, remetente, naam, volledige naam, voor- en achternaam, klant, afzender"
    ", van, contactpersoon, jméno, jméno a příjmení, příjmení a jméno, celé jméno, zákazník"
    ", odesílatel, meno, meno a priezvisko, celé meno, odosielateľ, név, teljes név"
    ", kapcsolattartó, feladó, nume, nume și prenume, nume si prenume, nume complet, expeditor"
    ", namn, för- och efternamn, fullständigt namn, avsändare, kund, från, navn, fulde navn"
    ", fullt navn, for- og etternavn, for- og efternavn, fornavn og efternavn"
    ", fornavn og etternavn, avsender, afsender, fra, nimi, koko nimi, etu- ja sukunimi"
    ", yhteyshenkilö, lähettäjä, asiakas, ees- ja perekonnanimi, täisnimi, vārds, vārds uzvārds"
    ", uzvārds, vardas, vardas pavardė, pavardė, vardas ir pavardė, ime, ime i prezime"
    ", ime in priimek, puno ime, име, име и фамилия, имя, имя и фамилия, фио, ваше имя"
    ", контактное лицо, отправитель, клиент, ім'я, ім’я, ім'я та прізвище, піб, контакт"
    ", име и презиме, ad soyad, adı soyadı, adınız soyadınız, isim, isim soyisim, ad, adınız"
    ", όνομα, ονοματεπώνυμο, όνομα και επώνυμο, 姓名, 名字, 称呼, 联系人, 聯絡人, 您的姓名"
    ", お名前, 名前, 氏名, ご氏名, ご担当者名, 担当者名, 이름, 성명, 성함, 담당자, الاسم"
    ", الاسم الكامل, שם, שם מלא, họ tên, họ và tên, tên, nama, nama lengkap, ชื่อ, ชื่อ-นามสกุล"
    ", nafn, fullt nafn, ainm, isem, isem u kunjom, emri, emri i plotë, emri dhe mbiemri"
    ", nom i cognoms, nom complet, izena, izen-abizenak, nome e apelidos, नाम, पूरा नाम, نام"
    ", نام و نام خانوادگی, სახელი, სახელი და გვარი, імя, імя і прозвішча, անուն, аты-жөні, аты"
    ", auftraggeber, interessent, interessentin, besteller, opdrachtgever, zleceniodawca"
    ", zainteresowany, requester, requested by, lead name, committente, demandeur",
    "first": "first name, firstname, given name, imię, vorname"
    ", prénom, nombre, nome, voornaam, jméno"
    ", křestní jméno, meno, keresztnév, prenume, förnamn, fornavn, etunimi, eesnimi, vārds"
    ", vardas, ime, име, имя, ім'я, ім’я, ad, adı, όνομα, 名, isim, nama depan",
    "last": "last name, lastname, surname, family name, nazwisko, nachname, zuname, familienname"
    ", nom de famille, apellido, apellidos, cognome, sobrenome, apelido, achternaam, příjmení"
    ", priezvisko, vezetéknév, nume de familie, efternamn, efternavn, etternavn, sukunimi"
    ", perekonnanimi, uzvārds, pavardė, prezime, priimek, фамилия, прізвище, презиме, soyad"
    ", soyadı, soyisim, επώνυμο, επίθετο, 姓, nama belakang",
    "email": "email, e-mail, mail, email address, e-mail address, emailaddress, contact email"
    ", sender email, from email, reply to, reply email, customer email, email id, adres email"
    ", adres e-mail, adres poczty elektronicznej, poczta, twój email, e-mail-adresse"
    ", email-adresse, e-mail adresse, email adresse, mailadresse, mail-adresse, adresse e-mail"
    ", adresse email, adresse mail, courriel, adresse courriel, adresse de courriel, mél"
    ", adresse électronique, correo, correo electrónico, correo electronico, dirección de correo"
    ", dirección de correo electrónico, email de contacto, indirizzo email, indirizzo e-mail"
    ", posta elettronica, indirizzo di posta elettronica, endereço de e-mail, endereço de email"
    ", correio eletrónico, correio eletrônico, e-mailadres, emailadres, mailadres, e-mail adres"
    ", emailová adresa, e-mailová adresa, elektronická pošta, e-mail cím, email cím, e-mailcím"
    ", emailcím, adresă de email, adresa de email, adresă de e-mail, adresă email, e-post, epost"
    ", e-postadress, mejl, mejladress, e-postadresse, sähköposti, sähköpostiosoite, s-posti"
    ", e-posti aadress, meil, e-pasts, e-pasta adrese, el. paštas, el. pašto adresas, e-pošta"
    ", e-poštni naslov, имейл, e-mail адрес, имейл адрес, эл. почта, электронная почта, почта"
    ", адрес электронной почты, емейл, эл. адрес, електронна пошта, ел. пошта, пошта"
    ", електронна адреса, e-posta, eposta, e-posta adresi, mail adresi, ηλεκτρονική διεύθυνση"
    ", διεύθυνση email, ηλεκτρονικό ταχυδρομείο, 邮箱, 电子邮件, 電子郵件, 电子邮箱, 電子信箱"
    ", 邮件, 信箱, メールアドレス, メール, eメール, ご連絡先メールアドレス, 이메일, 메일"
    ', 이메일 주소, البريد الإلكتروني, بريد إلكتروني, אימייל, דוא"ל, מייל, thư điện tử'
    ", alamat email, surel, อีเมล, netfang, tölvupóstur, ríomhphost, seoladh ríomhphoist"
    ", indirizz elettroniku, posta elettronika, adresa e emailit, е-пошта, е-пошта адреса"
    ", correu, correu electrònic, adreça electrònica, posta elektronikoa, helbide elektronikoa"
    ", ईमेल, ई-मेल, ایمیل, پست الکترونیک, ელფოსტა, ელ. ფოსტა, ელ-ფოსტა, электронная пошта"
    ", էլ. փոստ, эл. пошта",
    "phone": "phone, phone number, telephone, telephone number, tel, tel., mobile, mobile number"
    ", mobile phone, cell, cell phone, cellphone, contact number, contact phone, phone no"
    ", phone no., telefon, numer telefonu, nr telefonu, nr tel, nr tel., tel. kontaktowy"
    ", telefon kontaktowy, komórka, telefon komórkowy, tel. kom, telefonnummer, handy"
    ", handynummer, mobil, mobilnummer, rufnummer, téléphone, numéro de téléphone, portable, tél"
    ", tél., teléfono, telefono, número de teléfono, móvil, celular, numero di telefono"
    ", cellulare, recapito telefonico, telefone, telemóvel, número de telefone, whatsapp"
    ", telefoonnummer, telefoon, mobiel, gsm, telefonní číslo, mobilní telefon, telefónne číslo"
    ", telefonszám, mobilszám, număr de telefon, numar de telefon, telefonnr, tlf, tlf., puhelin"
    ", puhelinnumero, matkapuhelin, puh, telefoninumber, tālrunis, telefona numurs, telefonas"
    ", tel. nr., telefono numeris, broj telefona, telefonska številka, телефон, телефонен номер"
    ", номер телефона, контактный телефон, моб. телефон, мобильный, номер телефону"
    ", контактний телефон, број телефона, telefon numarası, telefonunuz, cep telefonu, τηλέφωνο"
    ", κινητό, τηλέφωνο επικοινωνίας, 电话, 電話, 手机, 手机号, 联系电话, 電話番号, お電話番号"
    ", 携帯電話, ご連絡先, 전화, 전화번호, 연락처, 휴대폰, الهاتف, رقم الهاتف, الجوال, טלפון"
    ", מספר טלפון, điện thoại, số điện thoại, telepon, nomor telepon, no. hp, โทรศัพท์, เบอร์โทร"
    ", telefón, telefónne číslo, mobilný telefón, sími, símanúmer, fón, uimhir theileafóin"
    ", numru tat-telefon, telefoni, numri i telefonit, telèfon, número de telèfon, telefonoa"
    ", telefono zenbakia, फ़ोन, फोन, फ़ोन नंबर, मोबाइल, تلفن, شماره تلفن, موبایل, ტელეფონი"
    ", тэлефон, нумар тэлефона, հեռախոս, телефоны",
    "message": "message, comment, comments, question"
    ", your message, enquiry, inquiry, body, message body"
    ", details, description, text, content, notes, how can we help, how can we help you"
    ", wiadomość, treść, treść wiadomości, pytanie, zapytanie, uwagi, komentarz, nachricht"
    ", ihre nachricht, anfrage, mitteilung, bemerkung, bemerkungen, kommentar, commentaire"
    ", demande, votre message, mensaje, comentario, comentarios, consulta, messaggio, richiesta"
    ", commento, mensagem, comentário, bericht, vraag, opmerking, opmerkingen, zpráva, dotaz"
    ", poptávka, poznámka, správa, otázka, dopyt, üzenet, kérdés, megjegyzés, mesaj, mesajul"
    ", întrebare, meddelande, fråga, besked, beskjed, melding, spørgsmål, spørsmål, viesti"
    ", kysymys, sõnum, küsimus, ziņa, ziņojums, žinutė, klausimas, poruka, upit, sporočilo"
    ", съобщение, запитване, сообщение, вопрос, комментарий, текст, повідомлення, питання"
    ", порука, mesajınız, soru, μήνυμα, ερώτηση, 留言, 内容, 消息, 信息, 訊息, 备注"
    ", お問い合わせ内容, メッセージ, 本文, ご質問, 메시지, 내용, 문의, 문의내용, الرسالة, رسالة"
    ", הודעה, תוכן ההודעה, tin nhắn, nội dung, pesan, ข้อความ"
    ", skilaboð, fyrirspurn, teachtaireacht, messaġġ, mesazhi, missatge, mezua, mensaxe"
    ", संदेश, پیام, შეტყობინება, паведамленне, порака, հաղորդագրություն, хабарлама",
}

#: In front of a label: whose it is.
POSSESSIVES = (
    "what is your",
    "what's your",
    "enter your",
    "please enter your",
    "your",
    "the",
    "twój",
    "twoje",
    "twoja",
    "pana/pani",
    "ihr",
    "ihre",
    "dein",
    "deine",
    "votre",
    "su",
    "tu",
    "il tuo",
    "la tua",
    "o seu",
    "seu",
    "sua",
    "uw",
    "je",
    "váš",
    "vaše",
    "vaša",
    "din",
    "ditt",
    "dit",
    "vaš",
    "ваш",
    "ваше",
    "вашият",
    "вашето",
    "ваша",
    "您的",
    "bạn",
    "anda",
)

_SITE_WORDS = """
website site web webpage homepage www form forms webform webforms contactform formularz
formularza formular formulaire formulario formulário modulo űrlap formulář lomake skjema
formulär formular wordpress wpforms elementor wix squarespace shopify joomla drupal typeform
jotform hubspot netlify formspree contact kontakt contacto contatto contactez kontaktformular
strona strony stron witryna witryny sklep shop store boutique tienda negozio webshop eshop
portal portail portale service services support team system notification notifications
powiadomienia powiadomienie mailer noreply no-reply donotreply alerts alert submissions
submission leads lead enquiry enquiries inquiry inquiries zapytanie zapytania anfrage anfragen
poptávka сайт форма сайта 网站 表单 フォーム ホームページ 홈페이지
"""
#: Words in the name of what sends the forms of a site, not of a person.
SITE_WORDS = frozenset(_SITE_WORDS.split())

_SUBJECT_WORDS = """
form submission submitted website webform enquiry inquiry contact formularz formularza zapytanie
strony kontaktowego kontaktowy kontaktformular formular anfrage kontaktanfrage formulaire
demande formulario consulta contacto modulo richiesta contatto formulário contato
contactformulier formulier aanvraag formulář formuláře poptávka dotaz formulár dopyt űrlap
megkeresés formularul formulär förfrågan skjema formular henvendelse lomake yhteydenotto obrazac
upit форма формы сайта заявка обращение запитване форми заявка сайту iletişim formu φόρμα
επικοινωνίας 表单 留言 咨询 お問い合わせ フォーム 문의
"""
#: Words in the subject of what a form sends.
SUBJECT_WORDS = frozenset(_SUBJECT_WORDS.split())
