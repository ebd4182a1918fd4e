"""Words of the grammar: what reports on trafficking count, do, and say, in general English."""

import csv
from functools import cache
from os.path import dirname, join

DEMONYMS = join(dirname(__file__), "demonyms.csv")

# ── Who and what is counted ─────────────────────────────────────────────────────────────────────

# Nouns for persons: plural by singular. The unit of their count is `persons`.
PERSONS = {
    "victim": "victims", "person": "persons", "individual": "individuals", "child": "children",
    "minor": "minors", "adult": "adults", "woman": "women", "man": "men", "girl": "girls",
    "boy": "boys", "female": "females", "male": "males", "national": "nationals",
    "citizen": "citizens", "foreigner": "foreigners", "migrant": "migrants", "worker": "workers",
    "survivor": "survivors", "youth": "youth", "juvenile": "juveniles", "infant": "infants",
    "asylum-seeker": "asylum-seekers", "refugee": "refugees", "recipient": "recipients",
    "beneficiary": "beneficiaries", "applicant": "applicants", "resident": "residents",
    "official": "officials", "officer": "officers", "prosecutor": "prosecutors", "judge": "judges",
    "inspector": "inspectors", "police": "police", "staff": "staff",
    "professional": "professionals",
    "teacher": "teachers", "student": "students", "employee": "employees", "attendee": "attendees",
    "participant": "participants", "responder": "responders", "investigator": "investigators",
    "psychologist": "psychologists", "counselor": "counselors", "trainee": "trainees",
    "representative": "representatives", "practitioner": "practitioners", "lawyer": "lawyers",
    "diplomat": "diplomats", "soldier": "soldiers", "fisherman": "fishermen", "seeker": "seekers",
    "fisher": "fishers", "laborer": "laborers", "guard": "guards", "agent": "agents",
    "dependent": "dependents", "relative": "relatives", "detainee": "detainees",
    "returnee": "returnees", "orphan": "orphans", "people": "people", "volunteer": "volunteers",
    "interpreter": "interpreters", "specialist": "specialists", "advocate": "advocates",
    "coordinator": "coordinators", "leader": "leaders", "personnel": "personnel",
    "actor": "actors", "stakeholder": "stakeholders", "interviewee": "interviewees",
    "mother": "mothers", "family": "families", "peacekeeper": "peacekeepers",
    "teenager": "teenagers", "adolescent": "adolescents", "baby": "babies",
    "magistrate": "magistrates", "caregiver": "caregivers", "nurse": "nurses", "doctor": "doctors",
    "physician": "physicians", "journalist": "journalists", "member": "members",
    "client": "clients", "caller": "callers", "traveler": "travelers", "passenger": "passengers",
    "trafficker": "traffickers", "suspect": "suspects", "defendant": "defendants",
    "offender": "offenders", "recruit": "recruits", "cadet": "cadets", "trainer": "trainers",
}  # fmt: skip
# Nouns for other things that are counted; the plural is the unit.
THINGS = {
    "shelter": "shelters", "center": "centers", "centre": "centers", "facility": "facilities",
    "house": "houses", "home": "homes", "NGO": "NGOs", "ngo": "NGOs", "ngos": "NGOs",
    "organization": "organizations",
    "hotline": "hotlines", "helpline": "helplines", "office": "offices", "apartment": "apartments",
    "bed": "beds", "place": "places", "space": "spaces", "referral": "referrals",
    "permit": "permits", "visa": "visas", "certificate": "certificates", "card": "cards",
    "case": "cases", "call": "calls", "report": "reports", "complaint": "complaints",
    "application": "applications", "request": "requests", "investigation": "investigations",
    "inspection": "inspections", "operation": "operations", "raid": "raids",
    "training": "trainings", "session": "sessions", "seminar": "seminars", "workshop": "workshops",
    "course": "courses", "event": "events", "program": "programs", "campaign": "campaigns",
    "team": "teams", "unit": "units", "state": "states", "province": "provinces",
    "region": "regions", "city": "cities", "country": "countries", "location": "locations",
    "vehicle": "vehicles", "operator": "operators", "agency": "agencies", "claim": "claims",
    "interview": "interviews", "document": "documents", "tip": "tips", "alert": "alerts",
    "screening": "screenings", "decision": "decisions", "statement": "statements",
    "repatriation": "repatriations", "identification": "identifications",
    "meeting": "meetings", "conviction": "convictions", "trial": "trials", "order": "orders",
    "nationality": "nationalities", "language": "languages", "committee": "committees",
    "establishment": "establishments", "business": "businesses", "company": "companies",
    "municipality": "municipalities", "district": "districts", "line": "lines", "clinic": "clinics",
    "hospital": "hospitals", "embassy": "embassies", "consulate": "consulates", "fund": "funds",
    "project": "projects", "agreement": "agreements", "contact": "contacts", "visit": "visits",
    "authorization": "authorizations", "grant": "grants", "status": "statuses", "waiver": "waivers",
    "residency": "residencies", "dormitory": "dormitories", "room": "rooms",
    "institution": "institutions",
    "association": "associations", "grantee": "grantees", "station": "stations", "desk": "desks",
    "site": "sites", "village": "villages", "community": "communities", "service": "services",
    "incident": "incidents", "prosecution": "prosecutions", "kit": "kits", "vessel": "vessels",
    "survey": "surveys", "questionnaire": "questionnaires", "provider": "providers",
}  # fmt: skip
# Things that are a capacity when somebody has them, and nothing was done with them in a year.
# Verbs of how a shelter, a law or a plan began, whose year is not that of a figure.
FOUNDING = {
    "adopted", "amended", "approved", "begun", "built", "created", "enacted", "established",
    "founded", "inaugurated", "issued", "launched", "opened", "passed", "promulgated", "published",
    "ratified", "signed", "started", "updated",
}  # fmt: skip
PLACES = {
    "shelters", "centers", "facilities", "houses", "homes", "NGOs", "organizations", "hotlines",
    "helplines", "offices", "apartments", "beds", "places", "spaces", "teams", "clinics",
    "hospitals", "lines", "dormitories", "rooms", "institutions", "associations", "desks",
    "stations", "providers",
}  # fmt: skip
PLURALS = PERSONS | THINGS
NOUNS = {**{word: word for word in PLURALS.values()}, **PLURALS}
NOUNS |= {word.lower(): plural for word, plural in NOUNS.items()}
PERSON_NOUNS = set(PERSONS) | set(PERSONS.values())
# A noun that adds nothing to its part: `two males` are the part `male`.
SELF_PARTS = {
    "children": ("children", "age"), "minors": ("minors", "age"), "adults": ("adults", "age"),
    "women": ("women", "sex"), "men": ("men", "sex"), "girls": ("girls", "sex and age"),
    "boys": ("boys", "sex and age"), "females": ("female", "sex"), "males": ("male", "sex"),
    "juveniles": ("juveniles", "age"), "infants": ("infants", "age"), "youth": ("youth", "age"),
    "foreigners": ("foreigners", "nationality"), "asylum-seekers": ("asylum-seekers", "residence"),
    "refugees": ("refugees", "residence"), "migrants": ("migrants", "residence"),
    "babies": ("babies", "age"), "teenagers": ("teenagers", "age"),
}  # fmt: skip

# ── Parts ───────────────────────────────────────────────────────────────────────────────────────

SEX_WORDS = {
    "female": "female", "females": "female", "male": "male", "males": "male",
    "transgender": "transgender", "nonbinary": "nonbinary", "non-binary": "non-binary",
    "intersex": "intersex",
}  # fmt: skip
AGE_WORDS = {
    "child": "children", "children": "children", "minor": "minors", "minors": "minors",
    "adult": "adults", "adults": "adults", "juvenile": "juveniles", "juveniles": "juveniles",
    "underage": "underage",
}  # fmt: skip
SEX_AND_AGE = {
    "women": "women", "woman": "women", "men": "men", "man": "men", "girl": "girls",
    "girls": "girls", "boy": "boys", "boys": "boys",
}  # fmt: skip
FOREIGN = {"foreign": "foreign", "domestic": "domestic", "local": "local"}
# What a form of exploitation ends with, or has in it.
EXPLOITATION = {
    "trafficking", "exploitation", "labor", "labour", "servitude", "begging", "criminality",
    "crime", "crimes", "slavery", "marriage", "prostitution", "bondage", "soldiering",
    "pornography", "adoption", "removal", "harvesting", "recruitment", "combat",
}  # fmt: skip
EXPLOITATION_MODIFIERS = {
    "sex", "sexual", "labor", "labour", "forced", "commercial", "domestic", "debt", "child",
    "organ", "bonded", "criminal", "aggravated", "online", "organized", "illegal", "early",
    "human", "both", "other", "unspecified", "unknown", "multiple", "modern", "petty", "compelled",
}  # fmt: skip
# Modifiers of victims that belong to the wording of the indicator, and not to the part.
STATUS_WORDS = {
    "potential", "presumed", "suspected", "possible", "alleged", "likely", "confirmed",
    "identified", "registered", "official", "recognized", "new", "additional", "unique",
    "formally", "trafficking", "initial", "probable",
}  # fmt: skip
PRESUMED = {"potential", "presumed", "suspected", "possible", "alleged", "probable", "likely"}

# ── Verbs ───────────────────────────────────────────────────────────────────────────────────────

# Participle and stage by base form. Regular forms are derived.
_STAGES = {
    "identify": ("identified", "identified"), "recognize": ("recognized", "identified"),
    "detect": ("detected", "identified"), "uncover": ("uncovered", "identified"),
    "discover": ("discovered", "identified"),
    "encounter": ("encountered", "identified"), "find": ("found", "identified"),
    "certify": ("certified", "confirmed"), "confirm": ("confirmed", "confirmed"),
    "verify": ("verified", "confirmed"), "classify": ("classified", "identified"),
    "designate": ("designated", "identified"), "determine": ("determined", "identified"),
    "register": ("registered", "registered"), "record": ("recorded", "registered"),
    "document": ("documented", "registered"),
    "refer": ("referred", "referred"), "transfer": ("transferred", "referred"),
    "assist": ("assisted", "assisted"), "help": ("helped", "assisted"),
    "aid": ("aided", "assisted"), "support": ("supported", "assisted"),
    "serve": ("served", "assisted"), "protect": ("protected", "assisted"),
    "provide": ("provided", "assisted"), "offer": ("offered", "assisted"),
    "give": ("given", "assisted"), "deliver": ("delivered", "assisted"),
    "receive": ("receiving", "assisted"), "accept": ("accepting", "assisted"),
    "admit": ("admitted", "assisted"), "enroll": ("enrolled", "assisted"),
    "counsel": ("counseled", "assisted"), "treat": ("treated", "assisted"),
    "enter": ("entering", "assisted"), "benefit": ("benefiting", "assisted"),
    "reintegrate": ("reintegrated", "assisted"), "care": ("cared for", "assisted"),
    "shelter": ("sheltered", "sheltered"), "house": ("housed", "sheltered"),
    "accommodate": ("accommodated", "sheltered"), "place": ("placed", "sheltered"),
    "lodge": ("lodged", "sheltered"), "host": ("hosted", "sheltered"),
    "stay": ("staying", "sheltered"), "reside": ("residing", "sheltered"),
    "repatriate": ("repatriated", "repatriated"), "return": ("returned", "repatriated"),
    "deport": ("deported", "other"), "remove": ("removed", "other"),
    "grant": ("granted", "granted"), "issue": ("issued", "granted"),
    "approve": ("approved", "granted"), "renew": ("renewed", "granted"),
    "extend": ("extended", "granted"), "award": ("awarded", "compensated"),
    "obtain": ("obtaining", "granted"),
    "compensate": ("compensated", "compensated"), "pay": ("paid", "compensated"),
    "train": ("trained", "trained"), "instruct": ("instructed", "trained"),
    "educate": ("educated", "trained"), "attend": ("attending", "trained"),
    "contact": ("contacted", "contacted"), "answer": ("answered", "contacted"),
    "fund": ("funded", "funded"), "finance": ("financed", "funded"),
    "operate": ("operated", "capacity"), "run": ("run", "capacity"),
    "manage": ("managed", "capacity"), "maintain": ("maintained", "capacity"),
    "open": ("opened", "capacity"), "establish": ("established", "capacity"),
    "staff": ("staffed", "capacity"), "oversee": ("overseen", "capacity"),
    "screen": ("screened", "other"), "interview": ("interviewed", "other"),
    "rescue": ("rescued", "identified"), "remove ": ("removed", "other"),
    "intercept": ("intercepted", "identified"), "locate": ("located", "identified"),
    "inspect": ("inspected", "other"), "conduct": ("conducted", "other"),
    "hold": ("held", "other"), "organize": ("organized", "other"),
    "carry": ("carried out", "other"),
    "investigate": ("investigated", "other"), "process": ("processed", "other"),
    "detain": ("detained", "other"), "arrest": ("arrested", "other"),
    "penalize": ("penalized", "other"), "prosecute": ("prosecuted", "other"),
    "file": ("filed", "other"), "submit": ("submitted", "other"), "deny": ("denied", "other"),
    "reject": ("rejected", "other"), "participate": ("participating", "other"),
    "request": ("requested", "other"), "apply": ("applying", "other"),
    "testify": ("testifying", "other"), "decline": ("declining", "other"),
    "cooperate": ("cooperating", "other"), "initiate": ("initiated", "other"),
    "miss": ("missing", "other"), "release": ("released", "other"),
    "evacuate": ("evacuated", "other"), "free": ("freed", "identified"),
    "reunite": ("reunited", "other"), "report": ("reported", "other"),
    "order": ("ordered", "compensated"), "produce": ("produced", "other"), "employ": ("employed",
        "other"),
    "sign": ("signed", "other"), "hire": ("hired", "other"), "seek": ("seeking", "other"),
    "flag": ("flagged", "other"), "join": ("joining", "assisted"),
    "exit": ("exiting", "other"), "leave": ("leaving", "other"), "close": ("closed", "other"),
    "distribute": ("distributed", "other"), "appoint": ("appointed", "other"),
    "count": ("counted", "identified"), "go": ("going", "other"),
}  # fmt: skip
_PASTS = {
    "found": "find", "gave": "give", "given": "give", "held": "hold", "ran": "run", "run": "run",
    "oversaw": "oversee", "overseen": "oversee", "paid": "pay", "sought": "seek", "left": "leave",
    "went": "go", "gone": "go", "referred": "refer", "referring": "refer", "admitted": "admit",
    "admitting": "admit", "transferred": "transfer", "transferring": "transfer",
    "submitted": "submit", "submitting": "submit", "running": "run", "staying": "stay",
}  # fmt: skip
# Verbs whose object is a thing given to the persons who are counted.
GIVING = {"provide", "offer", "give", "deliver", "grant", "issue", "award", "extend", "pay",
    "order",
          "renew", "approve"}  # fmt: skip
# Verbs whose subject is counted: `70 victims received shelter`.
ACTIVE = {
    "receive", "accept", "enter", "obtain", "participate", "request", "apply", "testify",
    "decline", "cooperate", "stay", "reside", "attend", "benefit", "exit", "leave", "miss", "go",
    "seek", "file", "return", "join",
}  # fmt: skip


def _forms(base: str) -> dict[str, str]:
    """The regular forms of a verb, each with its kind."""
    stem = base[:-1] if base.endswith("e") else base
    y = base[:-1] + "i" if base.endswith("y") and base[-2] not in "aeiou" else stem
    return {
        base: "base",
        y + "ed": "past",
        stem + "ing": "gerund",
        (y + "es") if y != stem or base.endswith(("s", "sh", "ch", "x")) else base + "s": "present",
    }


VERBS: dict[str, tuple[str, str]] = {}
for _base in _STAGES:
    for _form, _kind in _forms(_base.strip()).items():
        VERBS[_form] = (_base, _kind)
for _form, _base in _PASTS.items():
    VERBS[_form] = (_base, "gerund" if _form.endswith("ing") else "past")
VERBS["recognised"] = ("recognize", "past")
# Forms that are nouns more often: verbs only after `reported`, `not`, `to` and the like.
VERB_NOUNS: dict[str, tuple[str, str]] = {}


def misspelt(word: str) -> str:
    """The form of a verb that a word is a typing error of; empty if it is none."""
    if len(word) < 7 or not word.endswith(("ed", "d", "ing")) or word in VERBS or word in SPEECH:
        return ""
    shorter = {word[:at] + word[at + 1 :] for at in range(1, len(word))}
    swapped = {
        word[:at] + word[at + 1] + word[at] + word[at + 2 :] for at in range(1, len(word) - 1)
    }
    for form in sorted(shorter | swapped):
        if form in VERBS and len(form) > 6:
            return form
    return _one_letter_missing().get(word, "")


@cache
def _one_letter_missing() -> dict[str, str]:
    """Each form of a verb by what is left of it without one letter."""
    return {
        form[:at] + form[at + 1 :]: form
        for form in sorted(VERBS)
        if len(form) > 7
        for at in range(1, len(form))
        if form[:at] + form[at + 1 :] not in VERBS
    }


# Words that are nouns far more often than verbs where a figure stands.
for _word in ("return", "contact", "house", "place", "help", "aid", "support", "report", "shelter",
              "interview", "request", "grant", "award", "staff", "care", "free", "document", "open",
              "close", "count", "record", "shelters", "houses", "places", "contacts", "reports",
              "interviews", "requests", "grants", "awards", "aids", "documents", "records", "stay",
              "transfer", "transfers", "training", "housing", "offer", "process", "processes",
              "exit", "flag", "sign", "train", "trains", "finding", "program", "file", "files",
              "leave", "leaves", "counseling", "counsel", "treating", "hold", "issues", "issue",
              "serving", "following", "screening", "funds", "fund", "release", "runs", "hosts",
              "host", "returns", "caring", "cares", "goes", "miss", "staffing", "opening",
              "approach"):  # fmt: skip
    if _word in VERBS:
        VERB_NOUNS[_word] = VERBS.pop(_word)


PAST_VERBS = {form for form, (_, kind) in VERBS.items() if kind == "past"}
FINITE_VERBS = {form for form, (_, kind) in VERBS.items() if kind in {"past", "present"}}


def participle(base: str) -> str:
    return _STAGES[base][0]


def stage(base: str) -> str:
    return _STAGES[base][1]


BE = {"was", "were", "is", "are", "be", "been", "being"}
HAVE = {"had", "has", "have", "having"}
AUXILIARIES = BE | HAVE | {"did", "do", "does", "would", "could", "may", "might", "will", "can"}
NOT = {"not", "never", "n't"}

# ── Speaking ────────────────────────────────────────────────────────────────────────────────────

# The act by the form of a verb that puts something forward. The code is that of the ontology if it
# has one.
_ACTS = {
    "report": "reports", "state": "states", "note": "notes", "believe": "believes",
    "say": "says", "claim": "claims", "allege": "alleges", "argue": "argues",
    "criticize": "criticizes", "assert": "asserts", "acknowledge": "acknowledges",
    "observe": "observes", "estimate": "estimates", "urge": "urges", "consider": "considers",
    "recommend": "recommends", "invite": "invites", "call": "calls", "cite": "cites",
    "describe": "describes", "explain": "explains", "indicate": "indicates",
    "suggest": "suggests", "warn": "warns", "complain": "complains", "maintain": "maintains",
    "conclude": "concludes", "emphasize": "emphasizes", "stress": "stresses",
    "highlight": "highlights", "assess": "assesses", "commend": "commends", "praise": "praises",
    "welcome": "welcomes", "deny": "denies", "contend": "contends", "opine": "opines",
    "express": "expresses", "raise": "raises", "voice": "voices", "think": "thinks",
    "perceive": "perceives", "attribute": "attributes", "remark": "remarks", "find": "finds",
    "point": "notes", "disagree": "disagrees", "agree": "agrees",
    "advocate": "advocates", "challenge": "challenges", "accuse": "accuses", "confirm": "confirms",
    "question": "questions", "suspect": "suspects", "fear": "fears", "admit": "acknowledges",
    "recognize": "acknowledges", "underscore": "emphasizes", "lament": "laments",
    "advise": "advises", "dispute": "disputes", "view": "considers", "reveal": "reveals",
    "regret": "regrets",
}  # fmt: skip
_SPOKEN_PASTS = {"said": "say", "thought": "think", "found": "find", "denied": "deny",
                 "admitted": "admit"}  # fmt: skip
# Forms that are nouns more often: verbs of speech only after `continued to`.
SPOKEN_NOUNS: dict[str, tuple[str, str]] = {}
SPEECH: dict[str, tuple[str, str]] = {}
for _base, _act in _ACTS.items():
    for _form, _kind in _forms(_base.strip()).items():
        SPEECH[_form] = (_act, _kind)
for _form, _base in _SPOKEN_PASTS.items():
    SPEECH[_form] = (_ACTS[_base], "past")
for _word in ("report", "reports", "state", "states", "note", "notes", "claim", "claims",
    "estimate",
              "estimates", "call", "calls", "challenge", "challenges", "stress", "fear", "fears",
              "feared",
              "view", "views", "point", "points", "raise", "voice", "find", "question", "questions",
              "express", "urge", "welcome", "identify", "identifies", "identifying", "identified",
              "suspect", "suspects", "advocate", "advocates", "finding", "considering",
              "maintained",
              "maintain", "maintaining", "maintains", "suspected", "recognized", "agreed",
              "admitted"):  # fmt: skip
    if _word in SPEECH:
        SPOKEN_NOUNS[_word] = SPEECH.pop(_word)
PAST_SPEECH = {form for form, (_, kind) in SPEECH.items() if kind == "past"}
# Acts that name a concern or criticism when these nouns follow the verb.
CONCERN = {"concern", "concerns", "disappointment", "worry", "worries", "alarm", "fears"}
HEDGES = {"reportedly", "allegedly", "may", "might", "could", "would", "likely", "possibly",
          "apparently", "potentially", "seemingly", "probably", "purportedly"}  # fmt: skip
UNNAMED_HEDGES = {"reportedly", "allegedly", "purportedly"}

QUALIFIERS = {
    ("at", "least"): "at least", ("more", "than"): "more than", ("less", "than"): "less than",
    ("fewer", "than"): "fewer than", ("no", "fewer", "than"): "no fewer than",
    ("no", "less", "than"): "no less than", ("no", "more", "than"): "no more than",
    ("just", "over"): "just over", ("just", "under"): "just under",
    ("slightly", "more", "than"): "slightly more than",
    ("up", "to"): "up to", ("as", "many", "as"): "as many as",
    ("approximately",): "approximately", ("about",): "about", ("nearly",): "nearly",
    ("almost",): "almost", ("roughly",): "roughly", ("over",): "over", ("around",): "around",
    ("some",): "some", ("an", "estimated"): "an estimated", ("estimated",): "estimated",
    ("at", "most"): "at most", ("under",): "under", ("close", "to"): "close to",
}  # fmt: skip

MONTHS = [
    "january",
    "february",
    "march",
    "april",
    "may",
    "june",
    "july",
    "august",
    "september",
    "october",
    "november",
    "december",
]

CURRENCY_SIGNS = {"€": "EUR", "$": "USD", "£": "GBP", "¥": "JPY", "₱": "PHP", "₦": "NGN",
    "₹": "INR",
                  "₩": "KRW", "₪": "ILS", "₴": "UAH", "₫": "VND", "฿": "THB", "₽": "RUB",
                  "₺": "TRY"}  # fmt: skip
CURRENCY_WORDS = {
    "euro": "EUR", "euros": "EUR", "dollar": "USD", "dollars": "USD", "pound": "GBP",
    "pounds": "GBP", "krona": "SEK", "kronor": "SEK", "kroner": "NOK", "krone": "NOK",
    "kuna": "HRK", "kunas": "HRK", "lev": "BGN", "leva": "BGN", "levs": "BGN", "zloty": "PLN",
    "zlotys": "PLN", "zlotych": "PLN", "koruna": "CZK", "korunas": "CZK", "koruny": "CZK",
    "forint": "HUF", "forints": "HUF", "lei": "RON", "leu": "RON", "franc": "CHF", "francs": "CHF",
    "peso": "PHP", "pesos": "PHP", "baht": "THB", "shilling": "KES", "shillings": "KES",
    "yen": "JPY", "won": "KRW", "rupee": "INR", "rupees": "INR", "ringgit": "MYR", "real": "BRL",
    "reais": "BRL", "rand": "ZAR", "naira": "NGN", "cedi": "GHS", "cedis": "GHS", "dinar": "RSD",
    "dinars": "RSD", "denar": "MKD", "denars": "MKD", "denari": "MKD", "lari": "GEL",
    "hryvnia": "UAH", "hryvnias": "UAH", "ruble": "RUB", "rubles": "RUB", "dram": "AMD",
    "drams": "AMD", "lek": "ALL", "leke": "ALL", "tenge": "KZT", "som": "KGS", "somoni": "TJS",
    "dirham": "AED", "dirhams": "AED", "riyal": "SAR", "riyals": "SAR", "shekel": "ILS",
    "shekels": "ILS", "lira": "TRY", "taka": "BDT", "rupiah": "IDR", "dong": "VND", "kyat": "MMK",
    "birr": "ETB", "kwacha": "ZMW", "quetzal": "GTQ", "quetzales": "GTQ", "lempira": "HNL",
    "lempiras": "HNL", "colon": "CRC", "colones": "CRC", "soles": "PEN", "sol": "PEN",
    "guarani": "PYG", "guaranies": "PYG", "boliviano": "BOB", "bolivianos": "BOB",
    "balboa": "PAB", "gourdes": "HTG", "manat": "AZN", "riel": "KHR", "pula": "BWP",
    "meticais": "MZN", "ariary": "MGA", "tugrik": "MNT", "kip": "LAK",
}  # fmt: skip
# A country before the name of a currency that several have.
CURRENCY_OF = {
    ("Danish", "k"): "DKK", ("Norwegian", "k"): "NOK", ("Swedish", "k"): "SEK",
    ("Icelandic", "k"): "ISK", ("Czech", "k"): "CZK", ("Philippine", "p"): "PHP",
    ("Mexican", "p"): "MXN", ("Argentine", "p"): "ARS", ("Chilean", "p"): "CLP",
    ("Colombian", "p"): "COP", ("Dominican", "p"): "DOP", ("Uruguayan", "p"): "UYU",
    ("Kenyan", "s"): "KES", ("Ugandan", "s"): "UGX", ("Tanzanian", "s"): "TZS",
    ("Canadian", "d"): "CAD", ("Australian", "d"): "AUD", ("Zealand", "d"): "NZD",
    ("Singapore", "d"): "SGD", ("Taiwan", "d"): "TWD", ("Jamaican", "d"): "JMD",
    ("Bulgarian", "l"): "BGN", ("Romanian", "l"): "RON", ("Moldovan", "l"): "MDL",
    ("Turkish", "l"): "TRY", ("Swiss", "f"): "CHF", ("CFA", "f"): "XOF", ("Serbian", "d"): "RSD",
    ("Macedonian", "d"): "MKD", ("Algerian", "d"): "DZD", ("Tunisian", "d"): "TND",
    ("Kuwaiti", "d"): "KWD", ("Bahraini", "d"): "BHD", ("Jordanian", "d"): "JOD",
    ("Indian", "r"): "INR", ("Pakistani", "r"): "PKR", ("Nepalese", "r"): "NPR",
    ("Nepali", "r"): "NPR", ("Lankan", "r"): "LKR", ("Mauritian", "r"): "MUR",
    ("Moroccan", "d"): "MAD", ("Emirati", "d"): "AED", ("Guyanese", "d"): "GYD",
    ("Namibian", "d"): "NAD", ("Fijian", "d"): "FJD", ("Belize", "d"): "BZD",
    ("Egyptian", "p"): "EGP", ("Lebanese", "p"): "LBP", ("Sudanese", "p"): "SDG",
}  # fmt: skip
CURRENCY_CODES = set(CURRENCY_WORDS.values()) | set(CURRENCY_SIGNS.values()) | {
    "DKK", "ISK", "MXN", "ARS", "CLP", "COP", "CAD", "AUD", "NZD", "XOF", "XAF", "MDL", "BAM",
    "UGX", "TZS", "PKR", "MAD", "DZD", "TND", "EGP", "QAR", "KWD", "OMR", "BHD", "HKD", "TWD",
}  # fmt: skip

# The noun for what a verb does with money.
SPENDING = {
    "allocate": "allocation", "allot": "allotment", "budget": "budget", "provide": "funding",
    "give": "funding", "contribute": "contribution", "fund": "funding", "spend": "spending",
    "disburse": "disbursement", "donate": "donation", "award": "award", "grant": "grant",
    "pay": "payment", "expend": "expenditure", "distribute": "funding", "earmark": "allocation",
    "appropriate": "allocation", "dedicate": "allocation", "invest": "investment",
    "receive": "funding received", "order": "compensation ordered", "increase": "budget",
    "decrease": "budget", "reduce": "budget", "transfer": "transfer", "commit": "commitment",
    "devote": "allocation", "approve": "allocation", "cost": "cost", "total": "funding",
    "reimburse": "reimbursement", "assign": "allocation", "support": "funding",
    "finance": "funding",
    "obtain": "funding received", "subsidize": "subsidy", "collect": "collection",
    "seize": "assets seized",
    "confiscate": "assets confiscated", "set": "allocation", "fine": "fine",
    "release": "disbursement",
    "maintain": "budget", "compensate": "compensation", "offer": "funding", "deliver": "funding",
}  # fmt: skip
_SPENDING_PASTS = {"gave": "give", "given": "give", "spent": "spend", "paid": "pay",
              "totaled": "total",
              "totaling": "total", "totalling": "total", "allotted": "allot", "allotting": "allot",
              "giving": "give", "spending": "spend", "set": "set", "cost": "cost",
              "committed": "commit",
              "transferred": "transfer"}  # fmt: skip


def _spending_verbs() -> dict[str, str]:
    """The base of a verb of spending by its form."""
    forms: dict[str, str] = dict(_SPENDING_PASTS)
    for base in SPENDING:
        stem = base[:-1] if base.endswith("e") else base
        for form in (base, base + "s", stem + "ed", stem + "ing"):
            forms.setdefault(form, base)
    for noun in ("fine", "grant", "grants", "funds", "award", "awards", "costs", "totals",
        "support",
                 "budget", "supports", "orders", "order", "fund", "cost", "transfer",
                 "offer"):  # fmt: skip
        forms.pop(noun, None)
    return forms


SPENDING_VERBS = _spending_verbs()

# What is granted for a time.
BENEFITS = {
    "permit", "permits", "period", "periods", "residence", "residency", "stay", "visa", "visas",
    "status",
    "assistance", "shelter", "care", "services", "protection", "accommodation", "housing",
    "support",
    "leave", "authorization", "reflection", "recovery", "extension", "extensions", "stays",
    "program",
    "permission", "counseling", "rehabilitation", "residencies", "waiver", "deferral", "permanency",
    "allowance", "allowances", "stipend", "stipends",
}  # fmt: skip

DURATION_UNITS = {"day", "days", "week", "weeks", "month", "months", "year", "years", "hour",
                  "hours", "minute", "minutes", "decade", "decades"}  # fmt: skip
REFERENCE_WORDS = {
    "article", "articles", "section", "sections", "law", "number", "protocol", "directive",
    "act", "convention", "paragraph", "chapter", "decree", "regulation", "resolution", "order",
    "code", "title", "tier", "amendment", "provision", "bill", "statute", "circular", "part",
    "annex", "appendix", "phase", "level", "goal", "form", "category", "type", "decision",
    "ordinance",
    "instruction", "c", "p", "legislation", "rule", "clause", "schedule", "proclamation",
}  # fmt: skip
REFERENCE_AFTER = {
    "protocol", "law", "act", "convention", "directive", "decree", "regulation", "resolution",
    "constitution", "amendment", "amendments", "legislation", "palermo", "un", "nap", "plan",
    "strategy", "ordinance", "edition", "circular", "guidelines", "sops", "agreement",
}  # fmt: skip


@cache
def demonyms() -> dict[str, str]:
    """The country by its adjective, in the source's American English."""
    with open(DEMONYMS, encoding="utf-8", newline="") as file:
        return dict(csv.reader(file))


@cache
def country_names() -> set[str]:
    return set(demonyms().values())
