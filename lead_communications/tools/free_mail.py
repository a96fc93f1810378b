"""Domains where everybody can have an address: they say nothing about the company of a sender."""

#: Providers of mailboxes for private persons. One that has a domain for each country is listed with
#: all of them, so that one lookup tells.
_DOMAINS = """
gmail.com googlemail.com outlook.com outlook.at outlook.be outlook.cl outlook.co.id
outlook.co.th outlook.com.ar outlook.com.au outlook.com.br outlook.com.gr outlook.com.tr
outlook.com.vn outlook.cz outlook.de outlook.dk outlook.es outlook.fr outlook.hu outlook.ie
outlook.in outlook.it outlook.jp outlook.kr outlook.lv outlook.my outlook.ph outlook.pt
outlook.sa outlook.sg outlook.sk hotmail.com hotmail.be hotmail.ca hotmail.ch hotmail.co.il
hotmail.co.jp hotmail.co.uk hotmail.com.ar hotmail.com.br hotmail.com.tr hotmail.de hotmail.dk
hotmail.es hotmail.fi hotmail.fr hotmail.gr hotmail.it hotmail.nl hotmail.no hotmail.se live.com
live.at live.be live.ca live.cl live.cn live.co.uk live.com.ar live.com.au live.com.mx
live.com.pt live.de live.dk live.fi live.fr live.ie live.in live.it live.jp live.nl live.no
live.se msn.com passport.com windowslive.com yahoo.com yahoo.at yahoo.be yahoo.ca yahoo.co.id
yahoo.co.in yahoo.co.jp yahoo.co.nz yahoo.co.th yahoo.co.uk yahoo.co.za yahoo.com.ar
yahoo.com.au yahoo.com.br yahoo.com.cn yahoo.com.hk yahoo.com.mx yahoo.com.ph yahoo.com.sg
yahoo.com.tr yahoo.com.tw yahoo.com.vn yahoo.cz yahoo.de yahoo.dk yahoo.es yahoo.fi yahoo.fr
yahoo.gr yahoo.hu yahoo.ie yahoo.in yahoo.it yahoo.nl yahoo.no yahoo.pl yahoo.pt yahoo.ro
yahoo.se ymail.com rocketmail.com myyahoo.com aol.com aol.co.uk aol.de aol.fr aim.com icloud.com
me.com mac.com proton.me protonmail.com protonmail.ch pm.me tutanota.com tutanota.de tuta.io
tuta.com tutamail.com keemail.me fastmail.com fastmail.fm hushmail.com hey.com zoho.com
zohomail.com zohomail.eu mail.com email.com usa.com post.com europe.com gmx.com gmx.us gmx.co.uk
mailbox.org posteo.de posteo.net disroot.org riseup.net runbox.com startmail.com inbox.com
lycos.com rediffmail.com juno.com netzero.net comcast.net verizon.net att.net sbcglobal.net
bellsouth.net cox.net charter.net earthlink.net shaw.ca rogers.com sympatico.ca bigpond.com
optusnet.com.au xtra.co.nz wp.pl o2.pl tlen.pl go2.pl prokonto.pl onet.pl onet.eu op.pl
poczta.onet.pl poczta.onet.eu vp.pl onet.com.pl autograf.pl spoko.pl interia.pl interia.eu
interia.com poczta.fm intmail.pl gazeta.pl poczta.gazeta.pl gery.pl pisz.to int.pl buziaczek.pl
poczta.pl neostrada.pl vip.onet.pl amorki.pl 1gb.pl gmx.de gmx.net gmx.at gmx.ch gmx.eu gmx.fr
gmx.es web.de t-online.de freenet.de arcor.de email.de online.de magenta.de 1und1.de mail.de
bluewin.ch hispeed.ch sunrise.ch aon.at orange.fr wanadoo.fr free.fr laposte.net sfr.fr neuf.fr
bbox.fr numericable.fr libero.it virgilio.it tiscali.it alice.it tin.it tim.it fastwebnet.it
email.it inwind.it iol.it btinternet.com btopenworld.com talktalk.net virginmedia.com
ntlworld.com sky.com blueyonder.co.uk tiscali.co.uk eircom.net telenet.be skynet.be proximus.be
ziggo.nl kpnmail.nl planet.nl home.nl xs4all.nl hetnet.nl telefonica.net terra.es movistar.es
sapo.pt iol.pt terra.com.br uol.com.br bol.com.br ig.com.br globo.com globomail.com seznam.cz
email.cz post.cz centrum.cz atlas.cz volny.cz azet.sk centrum.sk zoznam.sk post.sk pobox.sk
freemail.hu citromail.hu abv.bg mail.bg dir.bg inbox.lv one.lt mail.ee hot.ee telia.com spray.se
home.se online.no luukku.com suomi24.fi saunalahti.fi jubii.dk ofir.dk otenet.gr in.gr
walla.co.il walla.com mynet.com mail.ru inbox.ru list.ru bk.ru internet.ru yandex.ru yandex.com
yandex.by yandex.kz yandex.ua ya.ru rambler.ru lenta.ru ro.ru ukr.net i.ua meta.ua bigmir.net
tut.by qq.com foxmail.com 163.com 126.com yeah.net sina.com sina.cn sohu.com aliyun.com 139.com
189.cn naver.com daum.net hanmail.net nate.com docomo.ne.jp ezweb.ne.jp softbank.ne.jp nifty.com
"""
FREE_MAIL_DOMAINS = frozenset(_DOMAINS.split())


def is_free_mail(domain: str | None) -> bool:
    """Whether ``domain``, in any letter case, gives mailboxes to everybody."""
    return (domain or "").strip().strip(".").lower() in FREE_MAIL_DOMAINS
