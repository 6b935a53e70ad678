"""What languages are told apart by: their commonest small words, their letters, their commonest signs. Facts only; it
judges nothing.

WORDS holds articles, pronouns, prepositions, conjunctions and auxiliaries, also in older spellings; LETTERS the
letters besides a to z (for Latin) or of the alphabet (for Cyrillic) that the language's own words are written with.
"""

WORDS = {
    "cs": "a se na je že to v s z do i ve jsem si o tak ale za by jako k po jak jeho však už ho ji jsou byl byla bylo "
    "byli když pro od který která které také mu ze nebo ani co tu jen ať aby jej nic než při pak až není být řekl jest",
    "da": "og i det at en den til er som på de med han af for ikke der var mig sig men et har om vi min havde hun nu "
    "over da fra du ud sin dem os op man hans hvor eller hvad skal selv her alle vil blev kunne ind når været hende "
    "ham efter kun ved paa saa jeg deres end også dig hvis",
    "de": "der die und in den von zu das mit sich des auf für ist im dem nicht ein eine als auch es an werden aus er "
    "hat daß dass sie nach wird bei einer um am sind noch wie einem über einen so zum war haben nur oder aber vor zur "
    "bis mehr durch man sein wurde ich ihr ihm wenn was mir mich du wir hatte da doch denn ihn",
    "en": "the of and to in a is that it was he for on are as with his they at be this have from or had by but not "
    "what all were we when your can said there an which she do how their if will up about out them then these so some "
    "her would him has my me you no i",
    "es": "de la que el en y a los se del las un por con no una su para es al lo como más o pero sus le ha me si sin "
    "sobre este ya entre cuando todo esta ser son dos también fue había era muy años hasta desde está mi porque qué "
    "sólo han yo hay vez usted él te ella nos",
    "fi": "ja on ei se että hän oli mutta kuin niin joka ovat olla ole myös minä sen hänen mitä sitä jos kun nyt tai "
    "vain en siitä hänet tämä ollut olivat jo vielä sinä he me mikä sitten kaikki mukaan jotka ne siinä olen hänelle "
    "tuo mut kuitenkin eikä voi sekä jonka vaan pois",
    "fr": "de la le et les des en un du une que est pour qui dans a par plus pas au sur ne se ce il sont avec son ou "
    "aux mais comme elle nous je vous cette ses tout on leur sa y été même fait était si deux bien sans dit lui c d l "
    "qu n s j m avait ils ces où être très",
    "hu": "a az és hogy nem is egy ez volt meg csak de ha már el van még mint azt ki kell mert vagy be ő én te ami "
    "aki mely lesz itt ott fel minden pedig nagy neki majd olyan után mi sem",
    "id": "yang dan di dengan untuk tidak dari ini itu pada ke dalam adalah akan juga ia oleh saya dia sudah atau "
    "mereka kami ada bisa karena telah sebagai para bahwa seperti dapat lebih kita tersebut saat orang anak aku satu "
    "kepada tak lagi nya hanya bagi secara menjadi",
    "it": "di e il la che in un a per è una del non con i da le si al dei nel alla della sono più lo come ma gli ha "
    "anche delle o se dal su ed era suo sua degli mi ci due questo ho quando cosa mio l d all dell nell sull dall "
    "così io ne fu quello essere perché perchè lui molto tutto stato",
    "la": "et in est non ad cum ut quod qui ex sed si quae de ab esse atque per hoc nec quam enim sunt aut etiam quid "
    "ac eius autem me te se iam nam ea haec erat",
    "nl": "de van het een en in is dat op te zijn met voor niet aan er die om ook als dan maar hij bij nog uit door "
    "naar heeft ze ik je wat zich was over had wordt tot kan of hun worden deze geen zo dit wel mijn haar hem wij zij "
    "gij den der des zoo niets toch meer u waren zou werd",
    "no": "og i det er på til som en å av for at med han jeg ikke den har de om et fra var men seg vi så meg skal "
    "eller sin kan hadde ble hun nå der opp ut når over bare hva mot etter være blir noe mer deg hvor bli vil selv",
    "pl": "w i się na z nie do to że jest jak a o od po tym co za ale przez już dla są był było być tak jego być tego "
    "tylko jej ich może była czy która który które go mu nad jeszcze sobie pan ten ta te by pod przy jednak gdy bo "
    "mnie we ze im kiedy więc lub także",
    "pt": "de a o que e do da em um para é com não uma os no se na por mais as dos como mas foi ao ele das à seu sua "
    "ou ser quando muito há nos já está eu também só pelo pela até isso ela entre era depois sem mesmo aos ter seus "
    "quem nas me esse eles você tinha foram essa num nem suas meu às minha lhe disse n d",
    "ro": "de și în a la cu nu o că pe un se care din mai este să pentru ca sunt fi ce al au era sau prin lui i am ei "
    "cel cea fost nici după dar acest această o le îi îl mă te foarte avea tot cum unui unei l ați atât când până s "
    "și-i lor până într dacă",
    "sk": "a sa na je že to v s z do aj vo som si o tak ale za by ako k po jeho však už ho ju sú bol bola bolo boli "
    "keď pre od ktorý ktorá ktoré mu zo alebo ani čo len nech aby nič než pri potom až nie byť povedal",
    "sv": "och i att det som en på är av för med till den har de inte om ett han men var jag sig från vi så kan när "
    "där skulle ska hade eller mot efter ut hon nu man vid mig upp sin över bara under hans du blev vad in er då "
    "denna sina blir sedan någon honom icke ej utan äro voro",
    "tr": "ve bir bu da de için ile çok ne gibi daha kadar sonra olan o ben var diye ama değil mi ki her şey olarak "
    "en ya onu bana beni sen biz onun hiç olduğu bunu nasıl iki göre ise değildi yok şu zaman mı oldu dedi",
    "vi": "và của là không có được trong một những người cho đã với các để này khi đến ông như anh cũng ra ở ta tôi "
    "từ vào lại về đó rồi thì mà con nhưng phải còn nhiều trên đi làm bị nó sẽ theo chỉ cô nói nhà thấy mình hơn đang "
    "vì gì nào sau chị mới năm nếu biết bà",
    "ca": "de la que i el a en els les un per una amb no és del al es com més ho seva però li va són s d l n hi ha si "
    "tot seu aquest aquesta ser què molt jo em havia era quan dels als també sense",
    "el": "και το να του η της την ο που με τα στο για από δεν σε θα είναι τη τον στην οι μου τους των ότι τις στη "
    "μας αλλά σου ένα μια αν κι πως έχει στον ήταν σας όταν μην στα αυτό ή όπως μόνο ως τι εκείνη πιο τώρα κάτι όλα "
    "τοῦ τῆς τὸ τὸν τὴν καὶ νὰ ἡ ὁ εἶναι θὰ ποὺ δὲν μὲ στὸ γιὰ ἀπὸ τὰ μὰ",
    "ru": "и в не на я что он с как это по но его к а у из за от так же то все всё она мне было бы ты мы меня только "
    "был ее её если еще ещё их вы о был была для до уже когда него вот сказал ни даже или нет со во этого ему чтобы "
    "себя там где тут были ну въ съ къ изъ онъ какъ его",
    "uk": "і в не на що з він як це до та я у й але від за його по так а то вона було ти ми мене тільки був її якщо "
    "ще вже їх ви для коли сказав ні навіть або зі цього йому щоб себе там де були про є під мені все б би ж лиш тут "
    "бо із над свої щось нас",
    "bg": "на и да в за от не е се с по това че са като до той си а но ще му към или има които я ги ни бе беше след "
    "как при още само което със аз му ти",
    "be": "і ў не на што з ён як гэта да я у але ад за яго па так а то яна было ты мы мяне толькі быў яе калі яшчэ "
    "ўжо іх вы для ні нават або каб сябе там дзе былі пра",
    "sr": "и је да се у на не што од за са он као то су али би ће ли из по му јој га само сам био кад или још мене "
    "све тако",
    "ar": "في من على إلى أن ما لا هذا التي الذي عن هو مع كان قد هذه كل بعد أو لم ذلك هي بين كما لكن يا إن ثم حتى عند "
    "له بها كانت منه فيه عليه أنه لها به إلا وهو قال غير فقد الى",
    "fa": "و در به از که این را با است آن برای بود یک هم تا می خود شد او بر نیز ها من ما هر شده اما چه باید یا پس",
    "ur": "کے میں کی ہے اور سے کا کو اس کہ نے پر ہیں ایک یہ تھا بھی وہ نہیں تو ہو کر گیا جو ان اپنے لیے",
    "he": "של את על לא הוא כי זה אל עם היא אני כל גם או אם מה היה אבל אשר יש אין הם כמו לו",
    "hi": "के में की है और से का को पर ने हैं यह कि एक भी नहीं था इस तो वह हो कर जो थी थे लिए ही अपने या उस साथ बाद "
    "कुछ रहा गया किया जब तक इसके हुए करने मैं हम वे",
}

LETTERS = {
    "cs": "áčďéěíňóřšťúůýž",
    "da": "æøåéö",
    "de": "äöüß",
    "en": "",
    "es": "áéíñóúüªº",
    "fi": "äöå",
    "fr": "àâæçéèêëîïôœùûüÿ",
    "hu": "áéíóöőúüű",
    "id": "",
    "it": "àèéìíîòóùúª°",
    "la": "æœ",
    "nl": "ëïéèöüáóêàâîôûòĳ",
    "no": "æøåéòôó",
    "pl": "ąćęłńóśźż",
    "pt": "àáâãçéêíóôõúüèòìùªº",
    "ro": "ăâîșțşţìùèà",
    "sk": "áäčďéíĺľňóôŕšťúýž",
    "sv": "åäöéà",
    "tr": "çğıöşüâîûi̇",
    "ca": "àçéèíïóòúü",
    "vi": "àáâãèéêìíòóôõùúýăđĩũơư" + "".join(map(chr, range(0x1EA1, 0x1EFA, 2))),
    "ru": "абвгдежзийклмнопрстуфхцчшщъыьэюяёіѣѳѵ",
    "uk": "абвгдежзийклмнопрстуфхцчшщьюяґєії",
    "bg": "абвгдежзийклмнопрстуфхцчшщъьюяѝ",
    "be": "абвгдежзйклмнопрстуфхцчшыьэюяёіў",
    "sr": "абвгдежзиклмнопрстуфхцчшђјљњћџ",
}
OFTEN_FOREIGN = "éèêëàáâäöüçñóíúôîïßœæøåōūš"  # letters of names and words from elsewhere, in any Latin text

HANS = (  # the commonest characters of texts in simplified characters
    "的一是了不人我在有他这中大来上个国到说们为子和你地出道也时年得就那要下以生会自着去之过家学对可她里后小么心多天而能好都然没"
    "日于起还发成事只作当想看文无开手十用主行方又如前所本见经头面公同三已老从动两长知民样现分将外但身些与高意进把法此实回二理美"
    "点月明其种声全工己话儿者向情部正名定女问力机给等几很业最间新什打便位因重被走电四第门相次东政海口使教西再平真听世气信"
)
HANT = (  # and of texts in traditional ones
    "的一是了不人我在有他這中大來上個國到說們為子和你地出道也時年得就那要下以生會自著去之過家學對可她裡後小麼心多天而能好都然沒"
    "日於起還發成事只作當想看文無開手十用主行方又如前所本見經頭面公同三已老從動兩長知民樣現分將外但身些與高意進把法此實回二理美"
    "點月明其種聲全工己話兒者向情部正名定女問力機給等幾很業最間新什打便位因重被走電四第門相次東政海口使教西再平真聽世氣信曰"
)
YUE = "嘅咗喺唔係哋冇嗰啲佢嚟睇咁嘢乜噉咩啦喎攞畀揾諗吖嗮晒嘞㗎哂瞓仲咪"  # characters that written Cantonese has and Mandarin hasn't
HANGUL = "이다는의에을가를고하지은도로사기그한서어리자아들나시있대인정해라과만게으일니면전보주제부장상동공원수여오성원적내것구선조"
THAI = (
    *("ที่", "การ", "และ", "ของ", "เป็น", "ใน", "ได้", "มี", "ว่า", "ไม่", "ให้"),
    *("จะ", "ความ", "คน", "มา", "ไป", "กับ", "แต่", "นี้", "อยู่", "ก็", "แล้ว"),
)
