"""Words that begin sentences, short forms that end none, verbs of saying, by language. Data only."""


def words(text: str) -> frozenset[str]:
    return frozenset(text.split())


def table(data: dict[str, str], language: str) -> frozenset[str]:
    """The words listed for a language, and those for all ("")."""
    return words(data.get("", "") + " " + data.get(language, ""))


# Words that stand at the head of a sentence and hardly ever, capitalised, inside one. They end a sentence before them
# even after a short form ("in 1600 B.C. The city …") or three dots.
STARTERS = {
    "en": """The This That These Those There Then Thus He She It We They You His Her Their Its My Our Your But And So
        Yet Nor For When While What Who Why Where How If Although Though Because Since After Before As At In
        On By With Without From To Not No Now Here Once All Some Many Most Each Every Both Another However
        Nevertheless Meanwhile Perhaps Still Only Is Was Were Are Do Does Did Has Had Have Can Could Will
        Would Shall Should Let Travelers Travellers Millions Thousands Hundreds""",
    "de": """Der Die Das Den Dem Des Ein Eine Einer Einem Einen Er Sie Es Wir Ihr Ich Du Man Sein Seine Ihre Unser Dies
        Diese Dieser Dieses Und Aber Doch Denn Oder Auch Als Wenn Weil Da Dort Hier Nun Jetzt Dann Danach
        Damals Im In Am An Auf Aus Bei Mit Nach Von Vor Zu Zum Zur Um Unter Über Durch Für Gegen Ohne Seit
        Während Trotz Nicht Nur So Was Wer Wie Wo Warum Ist War Hat Hatte""",
    "fr": """Le La Les L' L’ Un Une Des Du De Ce Cet Cette Ces C' C’ Il Elle Ils Elles On Nous Vous Je J' J’ Tu Son Sa
        Ses Leur Leurs Mon Ma Mes Notre Nos Votre Vos Et Mais Ou Or Car Donc Puis Alors Ainsi Aussi Quand
        Lorsque Lorsqu' Si Comme Après Avant Pendant Depuis Dans En À A Au Aux Sur Sous Avec Sans Pour Par Qui
        Que Qu' Quoi Où Pourquoi Comment Ne N' N’ Non Oui D' D’ Cependant Toutefois Enfin""",
    "es": """El La Los Las Lo Un Una Unos Unas Él Ella Ellos Ellas Yo Tú Usted Nosotros Su Sus Mi Mis Tu Este Esta
        Estos Estas Ese Esa Esos Esas Eso Esto Aquel Aquella Y Pero O Ni Mas Pues Porque Cuando Mientras Si
        Como Después Antes Durante Desde En Con Sin Por Para De Del A Al Sobre Entre Hasta Hacia No Sí Qué
        Quién Cómo Dónde Es Era Fue Son Eran Está Estaba Estaban Hay Había Se Me Te Le Les Nos Aunque Entonces
        Luego""",
    "it": """Il Lo La I Gli Le L' L’ Un Uno Una Un' Un’ Egli Ella Essi Lui Lei Loro Io Tu Noi Voi Suo Sua Suoi Sue Mio
        Mia Questo Questa Questi Queste Quello Quella Quel Quei E Ed Ma O Però Perché Poiché Quando Mentre Se
        Come Dopo Prima Durante Da Dal Dalla Di Del Della Dei In Nel Nella Con Senza Per Su Sul Tra Fra A Al
        Alla Non Sì Che Chi Cosa Dove È Era Fu Sono Erano Ha Aveva Si Ci Anche Così Allora Poi Oltre Oggi Gli""",
    "pt": """O A Os As Um Uma Uns Umas Ele Ela Eles Elas Eu Tu Você Nós Seu Sua Seus Suas Meu Minha Este Esta Estes
        Esse Essa Isso Isto Aquele Aquela E Mas Ou Nem Porque Pois Quando Enquanto Se Como Depois Antes
        Durante Desde Em No Na Nos Nas Com Sem Por Pelo Pela Para De Do Da Dos Das Ao À Sobre Entre Até Não
        Sim Que Quem Onde É Era Foi São Eram Está Estava Há Havia Embora Então Logo Também""",
    "nl": """De Het Een Hij Zij Ze Wij We Jij Je Ik U Zijn Haar Hun Deze Dit Die Dat En Maar Of Want Dus Toen Als
        Wanneer Terwijl Omdat Na Voor In Op Aan Met Zonder Van Bij Naar Uit Over Niet Wat Wie Waar Hoe Waarom
        Er Daar Hier Nu Dan Ook""",
    "ru": """Он Она Оно Они Мы Вы Ты Я Его Её Ее Их Наш Ваш Мой Моя Это Этот Эта Эти Тот Та Те То И А Но Да Или Однако
        Когда Пока Если Хотя Потому Поэтому Затем Потом После Перед До В Во На С Со Из За К Ко О Об От По При
        Для Без Не Нет Что Кто Как Где Куда Почему Там Тут Здесь Теперь Тогда Так Такой Все Всё Вот Был Была
        Было Были""",
    "uk": """Він Вона Воно Вони Ми Ви Ти Я Його Її Їх Наш Ваш Мій Моя Це Цей Ця Ці Той Та Те І Й А Але Або Однак Коли
        Поки Якщо Хоча Тому Потім Після Перед До У В На З Із За К О Об Від По При Для Без Не Ні Що Хто Як Де
        Куди Чому Там Тут Тепер Тоді Так Все""",
    "pl": """On Ona Ono Oni One My Wy Ja Ty Jego Jej Ich Nasz Mój Moja To Ten Ta Te Tamten I A Ale Lecz Albo Gdy Kiedy
        Jeśli Choć Bo Więc Potem Po Przed W We Na Z Ze Od Do Dla Bez Przez Nie Tak Co Kto Jak Gdzie Dlaczego
        Tam Tu Teraz Wtedy Był Była Było""",
    "cs": """On Ona Ono Oni My Vy Já Ty Jeho Její Jejich Náš Můj To Ten Ta Tento Tato A Ale Nebo Když Kdyby Pokud
        Protože Potom Pak Po Před V Ve Na S Se Z Ze Od Do Pro Bez Ne Ano Co Kdo Jak Kde Proč Tam Tady Teď
        Tehdy Byl Byla Bylo""",
    "ro": """El Ea Ei Ele Noi Voi Eu Tu Acest Această Aceasta Acesta Și Dar Sau Când Dacă După Înainte În Pe Cu Fără
        Din De La Nu Da Ce Cine Cum Unde Era Este Un O""",
    "tr": """Bu Şu O Bir Ben Sen Biz Siz Onlar Ve Ama Fakat Çünkü Sonra Önce Ne Kim Nasıl Nerede Neden Burada Orada
        Şimdi Evet Hayır""",
    "fi": """Hän He Se Ne Minä Sinä Me Te Tämä Nämä Ja Mutta Tai Kun Jos Vaikka Sitten Niin Ei Mitä Kuka Miten Missä
        Miksi Siellä Täällä Nyt Oli""",
    "el": """Ο Η Το Οι Τα Τον Την Ένας Μια Ένα Αυτός Αυτή Αυτό Εγώ Εσύ Και Αλλά Όμως Όταν Αν Μετά Στο Στη Στην Στον Με
        Για Από Δεν Δε Τι Ποιος Πώς Πού Γιατί Εκεί Εδώ Τώρα Τότε Ήταν""",
    "id": """Ini Itu Dia Mereka Kami Kita Saya Aku Kamu Dan Tetapi Tapi Namun Atau Ketika Jika Setelah Sebelum Di Pada
        Dengan Untuk Dari Ke Tidak Apa Siapa Bagaimana""",
    "da": """Han Hun Den Det De Vi I Jeg Du En Et Og Men Eller Da Når Hvis Efter Før På Med Uden Fra Til Ikke Hvad Hvem
        Hvor Hvorfor Der Her Nu Så""",
    "sv": """Han Hon Den Det De Vi Ni Jag Du En Ett Och Men Eller Då När Om Efter Före På Med Utan Från Till Inte Vad
        Vem Var Varför Där Här Nu Så""",
}

# Short forms that a name or a word always follows: they never end a sentence. Without their stop, lower case.
LEADING = {
    "": "dr mr mrs ms st prof rev gen col capt lt sgt maj hon messrs mme mlle e.g i.e z.b d.h",
    "en": """dr mr mrs ms mx st ste prof rev revd col capt cpt lt sgt cpl maj brig adm cmdr hon messrs mme mlle fr
        sen gov supt insp det mt pvt esp approx vs viz cf e.g i.e asst assoc""",
    "de": """dr hr fr frl prof st hl sel gebr ing dipl nr vgl bzw z.b d.h u.a o.ä s.o s.u ca evtl ggf sog inkl exkl
        geb gest verh jh str tel usf zzgl mind insb allg abt hrsg""",
    "fr": "m mm mme mmes mlle mlles mgr dr drs pr st ste sts stes vve n° env p.ex apr éd",
    "es": """sr sra srta sres dr dra d dª dña don lic ing prof profa fr sto sta ud uds vd vds gral cnel núm nº cf
        p.ej av avda admón""",
    "it": """sig sigg sig.ra sig.na dott dott.ssa dr prof prof.ssa avv ing arch geom rag s ss sen gen col mons d n
        cfr p.es v""",
    "pt": "sr sra srs sras srta dr dra d dª prof profa eng exmo exma ilmo s sto sta gen cel nº n cf p.ex av",
    "nl": "dhr mevr mw dr drs ir ing mr prof st nr blz p pp bijv bv vgl ca resp ds jhr",
    "ru": """г ул пр просп пл пер наб бул обл р-н д см ср напр проф акад доц др тов гр гос св о т.е т.к т.н т.д н
        пр-т мр г-н г-жа""",
    "uk": "м вул просп пл пров бул обл р-н буд див напр проф акад доц тов гр св о т т.зв п",
    "pl": "p pp dr prof mgr inż ks św ul al pl m.in np tzn tzw ob por nr t im gen płk kpt ok min maks",
    "cs": """p pí dr mudr judr ing mgr bc prof doc sv ul nám tř č čís např tzv tj popř resp obr tab gen plk kpt por""",
    "da": "hr fr dr prof skt st nr s sml f.eks bl.a ca kap",
    "sv": "hr fr dr prof st nr s jfr t.ex bl.a ca kap",
    "fi": "hra rva nti dr tri prof fil maist tri pyhä n s nro esim mm ks vrt",
    "ro": "dl d-l dna d-na dra dr prof ing sf nr",
    "tr": "dr prof doç sn sr bay hz sf bkz örn vb cad sok mah",
    "el": "κ κα κος δρ καθ αγ στρ λεωφ οδ αρ αριθ σ σελ τομ βλ πρβλ π.χ δηλ",
    "ar": "د أ م ا.د أ.د ص ج ط هـ",
    "vi": "ts ths gs pgs bs ks tp q p tr nxb",
    "id": "tn ny nn sdr bpk ibu dr drs prof no hlm jl gg kec kab yth",
    "hi": "डॉ डा श्री प्रो पं सु कु ई.पू रु",
    "ko": "",
    "th": "",
    "kk": "т.б б.з.б б.з проф акад қ ж",
}

# Plain words, written small, that do end sentences although sentencex takes them for short forms.
PLAIN = {
    "en": "me may art miss ill no fed ken arc",
    "de": "mich mag",
    "fr": "art col sec ex",
    "es": "no en con para sobre entre contra tras nos bien mar ante mono auto da di un de retro",
    "it": """di la in si le con ha al lo ma su se ci sia ad ai ne re vi mai mi fa li fra so te sa ama via ore fai va sai
        fin dir ali nodo aia me ve no post""",
    "nl": "dat",
    "pt": "no",
    "tr": "sen ne",
    "da": "da med",
    "sv": "hon det med",
    "ro": "la ca",
}

# Of the short forms, titles: no sentence ends with one even if a word that begins sentences follows.
TITLES = words(
    "dr mr mrs ms st prof rev gen col capt lt sgt maj hon messrs mme mlle e.g i.e z.b d.h p.ex p.ej т.е"
)

# The stop after a figure makes it an ordinal here: "am 3. Mai", "Karl den 12. Mann".
ORDINAL_DOT = words("de da nb nn no sv fi cs sk hu hr sr sl et lv pl tr is")

# Before such a figure stand an article or a preposition that wants a noun …
BEFORE_ORDINAL = {
    "de": """am im vom zum zur beim den dem der des die das ab seit bis und oder - – sein seine seinen seinem seiner
        ihr ihre ihren ihrem ihrer mein meine meinen dein unser jeder jede jedes jedem jeden dieser diesem
        späten frühen zu""",
    "da": "den det på til i d fra",
    "sv": "den det på",
    "nb": "den det på",
    "no": "den det på",
    "fi": "",
    "cs": "dne od do v ve na za po k ke z ze",
    "sk": "dňa od do v vo na za po k ku z zo",
    "pl": "w na do od dnia z",
    "hu": "a az",
}
# … and after it such words.
AFTER_ORDINAL = {
    "de": """Januar Jänner Februar März April Mai Juni Juli August September Oktober November Dezember Jahrhundert
        Jahrhunderts Jahrhunderte Jahrtausend Jahrtausends Jh Jhd Stock Stockwerk Etage Klasse Kapitel Auflage
        Band Lebensjahr Geburtstag Tag Mal Platz Rang Akt Szene Strophe Armee Division Regiment Teil Reihe
        Semester Bezirk Minute Stunde Woche Monat Jahr Jahrestag Kompanie Bataillon Korps Juli Weltkrieg Brief
        Buch Abschnitt""",
    "cs": "leden února ledna března dubna května června července srpna září října listopadu prosince století kapitola",
    "sk": """januára februára marca apríla mája júna júla augusta septembra októbra novembra decembra storočie storočia
        Januára Februára Marca Apríla Mája Júna Júla Augusta Septembra Októbra Novembra Decembra""",
    "hu": "század fejezet kerület",
    "hr": "siječnja veljače ožujka travnja svibnja lipnja srpnja kolovoza rujna listopada studenoga prosinca stoljeće",
}

# Short forms a figure follows: "p. 55", "No. 5", "стр. 15", "ca. 1600".
BEFORE_FIGURE = words("""p pp т.е тыс no nos nr nro num núm n° nº n s ss str stor стр стор с т т. vol bd band ch chap cap kap
        гл рис табл fig figs abb tab art arts párr párrf § abs ca c circa cca ok около ок approx vgl cf op eq assoc st
        ст
        sec sect eq pl op pag pág págs pagg seite lib bk act sc scene ver v vv vers jan feb mar apr jun jul
        aug sep sept oct nov dec okt dez mrt janv févr avr juil déc ene abr ago dic mag giu lug set ott fev
        mai out ext tel fax rs us ed n. núms folio fol col para pars rm apt cra piso стр. пп п ул вул кв д м""")

# Names that carry their own mark.
SHOUTED = words("yahoo! jeopardy! oklahoma! mamma mia! e! p!nk wham! airplane! hamilton! joomla! panic! yum!")

# Verbs of saying, for a tag whose subject is a name: "Why?" Mara asked.
SAYING = {
    "en": """said says asked asks cried cries replied replies answered answers whispered whispers shouted shouts
        exclaimed murmured muttered returned rejoined added continued remarked observed called inquired
        enquired demanded repeated began interrupted went thought sighed laughed growled screamed yelled told
        declared suggested snapped sobbed gasped retorted explained agreed protested urged breathed grumbled
        mumbled hissed chuckled announced insisted put ejaculated responded interposed interjected admitted
        wondered stammered roared snarled drawled persisted pleaded begged warned concluded""",
    "de": """sagte fragte rief antwortete flüsterte erwiderte meinte schrie murmelte entgegnete versetzte brummte
        seufzte lachte""",
    "nl": "zei vroeg riep antwoordde fluisterde zeide hernam mompelde",
    "da": "sagde spurgte råbte svarede hviskede mumlede",
    "sv": "sade sa frågade ropade svarade viskade mumlade",
    "it": "disse chiese gridò rispose esclamò domandò mormorò sussurrò",
    "es": "dijo preguntó gritó respondió exclamó murmuró contestó",
    "fr": "dit demanda cria répondit s'écria murmura reprit fit",
    "pt": "disse perguntou gritou respondeu exclamou murmurou",
    "ru": "сказал сказала спросил спросила крикнул ответил ответила воскликнул прошептал закричал",
}

# Subjects that begin a sentence of their own after a quotation.
PRONOUNS = words("He She They We You It Er Sie Es Wir Ihr Il Elle Él Ella Lui Lei Ele Ela Он Она")
