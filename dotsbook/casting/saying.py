"""Verbs of saying of other languages than English, as they stand in tags: third person, and first where books use it. Data only."""

from functools import cache

VERBS = {
    "fr": """dit disait dis disais dirent disaient fit faisait fis firent demanda demandait demandai demandèrent répondit
        répondait répondis répondirent répliqua répliquai répliquait reprit reprenait repris cria criait crièrent criai écria
        écriait écrièrent écriai murmura murmurait murmurai ajouta ajoutait ajoutai continua continuait poursuivit poursuivait
        interrompit observa observait déclara déclarait balbutia balbutiait balbutiai soupira soupirait pensa pensait pensai
        songea songeait répéta répétait répétai exclama exclamait gronda grondait hurla hurlait souffla chuchota chuchotait
        bégaya bégayait insista objecta conclut affirma expliqua expliquait ordonna supplia suppliait protesta remarqua acheva
        annonça jeta lança riposta repartit interrogea interrogeait prononça proposa avoua commença commençait grommela
        grommelait marmotta ricana sanglota articula approuva assura confirma coupa gémit grogna glissa implora lâcha marmonna
        nota précisa promit raconta rappela recommanda réclama rétorqua rugit rit riait sourit suggéra tonna vociféra questionna
        appela bredouilla bougonna maugréa demandent répond demande dit-on exhala apostropha hasarda hasardai interpella
        conseilla admit convint constata plaisanta railla susurra récita chanta lut ricanait criaient intervint""",
    "de": """sagte sagt sprach fragte fragt rief ruft antwortete antwortet flüsterte erwiderte meinte schrie murmelte entgegnete
        versetzte brummte seufzte lachte lächelte dachte wiederholte fuhr setzte bemerkte stammelte stotterte begann unterbrach
        hauchte jammerte klagte bat befahl erklärte bestätigte versicherte wandte warf gab knurrte grollte zischte stöhnte
        schluchzte jubelte höhnte spottete scherzte nickte hob schloß schloss redete tröstete mahnte drängte beharrte lallte
        kicherte grinste kreischte brüllte donnerte herrschte forschte erkundigte wunderte gestand bekannte lispelte ächzte
        sagten riefen fragten meinten schrieen bestellte äußerte keuchte ergänzte berichtete erzählte""",
    "es": """dijo decía dijeron preguntó preguntaba gritó gritaba respondió respondía contestó contestaba exclamó exclamaba
        murmuró murmuraba replicó repuso añadió agregó continuó prosiguió repitió observó susurró suspiró pensó interrumpió
        balbuceó balbució declaró afirmó insistió objetó ordenó suplicó protestó indicó manifestó aseguró advirtió rió gruñó
        gimió sollozó confesó explicó propuso inquirió interrogó clamó refunfuñó tartamudeó dije pregunté respondí contesté
        exclamé dice pregunta responde contesta saltó terció concluyó comenzó volvió siguió""",
    "pt": """disse dizia disseram perguntou perguntava gritou gritava respondeu respondia exclamou exclamava murmurou murmurava
        replicou retorquiu tornou acrescentou continuou prosseguiu repetiu observou sussurrou suspirou pensou interrompeu
        balbuciou declarou afirmou insistiu objetou ordenou suplicou protestou indicou assegurou advertiu riu gemeu soluçou
        confessou explicou propôs indagou bradou acudiu atalhou redarguiu volveu interrogou concluiu disse-lhe perguntou-lhe
        respondi perguntei exclamei diz pergunta responde""",
    "it": """disse diceva dissero domandò domandava chiese chiedeva gridò gridava rispose rispondeva esclamò esclamava mormorò
        mormorava replicò riprese soggiunse aggiunse continuò proseguì ripeté ripetè osservò sussurrò sospirò pensò interruppe
        balbettò dichiarò affermò insisté insistette obiettò ordinò supplicò protestò rise gemette singhiozzò confessò spiegò
        propose urlò brontolò borbottò fece faceva interrogò concluse cominciò dissi risposi domandai chiesi esclamai dice
        chiede risponde ribatté ribattè susurrò seguitò""",
    "pl": """powiedział powiedziała rzekł rzekła spytał spytała zapytał zapytała pytał pytała odpowiedział odpowiedziała odparł
        odparła odrzekł odrzekła zawołał zawołała krzyknął krzyknęła szepnął szepnęła mruknął mruknęła dodał dodała ciągnął
        ciągnęła powtórzył powtórzyła przerwał przerwała westchnął westchnęła pomyślał pomyślała mówił mówiła wołał wołała
        odezwał odezwała zaczął zaczęła wtrącił wtrąciła oświadczył oświadczyła wyjaśnił wyjaśniła jęknął jęknęła śmiał śmiała
        zaśmiał zaśmiała zauważył zauważyła rzekłem odparłem zapytałem rzekli mówi pyta odpowiada szeptał szeptała stwierdził
        stwierdziła wyszeptał wyszeptała""",
    "ru": """сказал сказала сказали говорил говорила спросил спросила спрашивал спрашивала ответил ответила отвечал отвечала
        воскликнул воскликнула крикнул крикнула закричал закричала прошептал прошептала шепнул шепнула пробормотал пробормотала
        проговорил проговорила произнёс произнес произнесла прибавил прибавила добавил добавила продолжал продолжала повторил
        повторила заметил заметила возразил возразила вскричал вскричала подумал подумала вздохнул вздохнула перебил перебила
        промолвил промолвила начал начала отозвался отозвалась засмеялся засмеялась усмехнулся усмехнулась заговорил заговорила
        объявил объявила объяснил объяснила решил решила согласился согласилась отвечает говорит спрашивает кричал кричала
        сказал-с молвил молвила буркнул буркнула""",
}


@cache
def verbs(language: str) -> frozenset[str]:
    """The verbs of saying of a language, in small letters; none where it has no list."""
    return frozenset(VERBS.get(language, "").split())
