"""English words that tell who speaks: verbs of saying, titles, nouns for people, pronouns. Data only."""


def words(text: str) -> frozenset[str]:
    return frozenset(text.split())


PAST = """said asked cried replied answered whispered shouted exclaimed murmured muttered returned rejoined added continued
remarked observed called inquired enquired demanded repeated began interrupted went thought sighed laughed growled screamed
yelled told declared suggested snapped sobbed gasped retorted explained agreed protested urged breathed grumbled mumbled
hissed chuckled announced insisted put ejaculated responded interposed interjected admitted wondered stammered roared snarled
drawled persisted pleaded begged warned concluded resumed pursued proceeded spoke hinted ordered commanded asserted assented
acknowledged advised affirmed argued assured bawled bellowed blurted boasted broke burst cautioned chimed chirped choked
coaxed commented complained confessed confided conceded contradicted corrected counselled counseled croaked croaked crowed
cut denied echoed echoed emphasized entreated exhorted expostulated faltered finished gibbered giggled groaned grunted
guessed gurgled heard implored informed intoned invited jeered joked howled lamented lisped maintained mentioned moaned mocked mused
nodded objected offered panted piped prayed prompted proposed purred queried questioned quoted ran rapped rasped read
reasoned reassured recited recommended reflected reiterated related reminded reported requested retaliated roared ruminated
scoffed scolded screeched shrieked shrilled simpered smiled sneered sniffed snorted snuffled soothed spluttered squeaked
squealed stated stuttered submitted summoned sung sang swore sympathized taunted teased tempted threatened threw thundered
told tittered twittered uttered ventured volunteered vociferated vowed wailed warbled wept wheezed whimpered whined whooped
wrote yelped quavered grinned opined thought supposed considered reproached rebuked rejoiced apostrophized soliloquized
remonstrated communicated proclaimed conjectured chided enjoined accused apologized apologised supplied grated
prophesied surmised appealed pronounced hazarded promised recollected vouchsafed struck sputtered crooned cooed trilled barked
drawled rumbled wavered trembled resolved instructed directed interpolated parried bantered rallied beseeched besought"""
PRESENT = """says asks cries replies answers whispers shouts exclaims murmurs mutters returns adds continues remarks observes
calls inquires demands repeats begins interrupts goes thinks sighs laughs screams yells tells declares suggests snaps sobs
gasps retorts explains agrees protests urges mumbles announces insists admits pleads begs warns say quoth saith resumes
pursues responds stammers mentions speaks"""
SAYING = words(PAST + " " + PRESENT)
# what leads a quotation in, of who acts in the sentence: "and he turned away, saying,"
SAYING_ING = words("""saying crying asking adding replying exclaiming observing remarking murmuring whispering shouting calling
answering declaring muttering continuing repeating announcing inquiring enquiring demanding exclaiming ejaculating""")
# of those, words that say little by themselves: a verb of saying only right beside a quotation
WEAK = words("""went put thought broke burst cut heard nodded ran read smiled threw told wept laughed sighed struck opened called
returned began continued proceeded wrote grinned trembled wavered related directed resolved finished considered supposed spoke
offered sniffed goes begins finished prayed sang sung read tells thinks calls reflected mused wondered guessed rejoiced""")

PRONOUNS = {"he": "m", "she": "f", "i": "I", "they": "they", "we": "they", "it": "it"}

MALE_TITLES = words("""mr mr. sir lord master monsieur m. signor don herr count baron duke prince king father brother uncle
grandfather grandpa earl viscount marquis squire captain capt capt. major colonel col col. general gen gen. lieutenant lieut
lieut. sergeant sgt sgt. corporal admiral commander inspector superintendent constable detective judge justice senator
governor president bishop archdeacon archbishop dean canon vicar rev rev. reverend parson deacon abbe abbé cardinal friar
bro. dr dr. doctor professor prof prof. esquire farmer gaffer monseigneur señor mister mynheer pan emperor sheikh rajah
alderman mayor coroner steward cousin""")
FEMALE_TITLES = words("""mrs mrs. miss ms ms. lady madame mme mme. madam mademoiselle mlle mlle. signora signorina dame
mistress aunt auntie grandmother grandma granny mother sister countess baroness duchess princess queen frau fräulein
fraulein marchioness viscountess nurse señora señorita goody widow matron empress""")
EITHER_TITLES = words("cousin")
LEARNED = words("dr doctor professor prof")  # a man in most novels, unless a first name says otherwise
TITLES = MALE_TITLES | FEMALE_TITLES | EITHER_TITLES

MEN = words("""man boy gentleman father son brother uncle nephew grandfather husband lad fellow king prince lord duke count
landlord porter clerk waiter butler footman coachman driver cabman policeman constable inspector sergeant captain major colonel
general lieutenant soldier sailor officer doctor surgeon physician lawyer attorney solicitor barrister judge magistrate
clergyman vicar parson priest rector curate bishop squire farmer gardener miller carpenter blacksmith shoemaker tailor baker
butcher shepherd hunter fisherman boatman ferryman mariner bartender barman shopman salesman pedlar tramp beggar thief robber
stranger frenchman englishman irishman scotchman scotsman german italian american spaniard russian dutchman jew negro indian
monk friar merchant banker manager foreman master schoolmaster professor tutor student poet painter artist editor reporter
conductor engineer captain mate boatswain skipper pilot steward valet groom ostler page messenger postman sheriff marshal
cowboy rancher detective bachelor widower bridegroom godfather stepfather grandson papa daddy youth chap bloke mayor senator
secretary president chairman sexton verger undertaker watchman gaoler jailer jailor headmaster giant wizard emperor earl baron
marquis sir hatter tailor chaplain abbot deacon sculptor fool""")
WOMEN = words("""woman girl lady mother daughter sister aunt niece grandmother wife maid queen princess duchess countess
landlady housekeeper nurse governess housemaid chambermaid cook widow bride mistress schoolmistress actress dressmaker
laundress barmaid waitress matron nun godmother stepmother granddaughter mamma mama mummy lass damsel dame spinster hostess
servant-girl washerwoman charwoman milliner heiress shopgirl frenchwoman englishwoman irishwoman witch fairy madam abbess
parlourmaid kitchenmaid stewardess schoolgirl sempstress seamstress""")
ANYONE = words("""child baby voice person cousin friend servant teacher neighbour neighbor speaker visitor guest passenger
patient prisoner companion other another villager peasant infant creature youngster customer client witness traveller traveler
caterpillar mouse rabbit cat dog duchess gryphon dormouse turtle pigeon footman lory dodo owl horse donkey bear wolf fox frog
king queen lion eagle duck lizard rat mole badger toad magpie servants assistant author narrator operator caller newcomer
youngest eldest elder younger invalid sick nurse foreigner native half-caste reader interviewer correspondent""")
PEOPLE_NOUNS = MEN | WOMEN | ANYONE
KIN = words("""mother father son daughter brother sister uncle aunt nephew niece grandfather grandmother husband wife cousin
friend companion grandson granddaughter stepmother stepfather godmother godfather master mistress lover betrothed bride
guardian hostess host sister-in-law brother-in-law mother-in-law father-in-law papa mamma neighbour""")
# said of people who mostly have a name: no character by themselves, but "he" or "she" in other words
GENERIC = words("""man woman girl boy lady gentleman child person voice other another speaker infant lad fellow latter former
figure owner youth creature newcomer elder younger""")
CROWD = words("""they everybody everyone all voices several others both some many people men women boys girls children ladies
gentlemen crowd chorus somebody someone nobody""")

# Capitalised words that are nobody's name
NO_NAMES = words("""i i'm i'll i've i'd o oh ah the a an and but or if he she it we they you his her its our your their my me him
them us this that these those there here then when where what who whom whose why how which not no yes now so for from in on at
to of by with as is are was were be been do did does have has had will would shall should can could may might must god heaven
heavens lord lordship ladyship sir madam ma'am mr mrs miss sunday monday tuesday wednesday thursday friday saturday january
february march april may june july august september october november december christmas easter english french german latin
italian american greek roman british irish scotch spanish russian dutch chinese indian london paris england france europe
america italy germany ireland scotland rome chapter book volume part illustration footnote bible christian christians
catholic protestant jew jews majesty highness excellency honour grace parliament church street road lane square house hall
park court university college goodness gracious providence nature love death fate time truth well good come go let look please
perhaps never ever once still only even just such some any every each both one two three first second last next good-bye
good-night hullo hallo hello hush alas ay aye nay indeed dear poor old young little great bless thank thanks pray mamma papa
north south east west northern southern new york boston mediterranean atlantic project gutenberg ebook monsieur madame
mademoiselle aunt uncle aunty auntie cousin captain colonel doctor professor father mother sister brother grandmother
grandfather bravo damn hurrah hark lo mon dieu""")
ADVERBS = words("""then at last also only again once more still even just soon now always never almost quite rather merely simply
not always very too had has was is could would did to have all his her now as well""")
