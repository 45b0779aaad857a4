import { germanSentences } from "./german-sentences.ts";
import type { Language } from "./language.ts";

/**
 * German. Left out for what they are in English: "am", "an", "die", "hat", "man", "war", "was", "will", "so" and "also" (which
 * in German only means "so").
 */
export const german: Language = {
  tag: "de",
  everyday: germanSentences,
  courtesy: {
    openings:
      "(?:hallo|hi|hey|moin(?: moin)?|servus|gr(?:ü|ue)(?:ß|ss) (?:gott|dich|euch|sie)|guten (?:morgen|tag|abend)|sch(?:ö|oe)nen (?:guten )?tag|mahlzeit)(?: (?:zusammen|liebes team|team|ihr lieben|an alle))?|sehr geehrte(?: damen und herren|s team)?|liebes team|bitte|ähm?|äh|naja|na ja|entschuldigung|entschuldigen sie(?: bitte)?|verzeihung",
    closings:
      "danke(?: sch(?:ö|oe)n| dir| ihnen| euch)?|vielen dank(?: (?:im voraus|schon mal|schonmal|daf(?:ü|ue)r))?|besten dank|dankesch(?:ö|oe)n|bitte|(?:mit freundlichen|viele|liebe|beste|sch(?:ö|oe)ne) gr(?:ü|ue)(?:ß|ss)en?|mfg|lg|vg",
    greetings:
      "hallo|hallöchen|guten (?:morgen|tag|abend)|sch(?:ö|oe)nen (?:guten )?(?:morgen|tag|abend)|moin(?: moin)?|servus|gr(?:ü|ue)(?:ß|ss) (?:gott|dich|euch|sie)|gr(?:ü|ue)ezi|mahlzeit|wie geht(?: es|'?s)(?: dir| ihnen| euch)?(?: heute)?|(?:ist )?(?:da )?jemand(?: da| hier)?",
    thanks:
      "danke(?: sch(?:ö|oe)n| dir| ihnen| euch)?|dankesch(?:ö|oe)n|vielen (?:lieben )?dank|besten dank|herzlichen dank|tausend dank",
    partings:
      "tsch(?:ü|ue)(?:ss?|ß)(?:i)?|auf wiedersehen|auf wiederh(?:ö|oe)ren|bis (?:dann|bald|sp(?:ä|ae)ter|morgen)|gute nacht|(?:einen )?(?:sch(?:ö|oe)ne[ns]?|angenehme[ns]?) (?:tag|abend|feierabend|wochenende|woche)(?: noch)?|das war'?s(?: schon)?|das war alles",
    around:
      "zusammen|team|alle|nochmals?|noch|sehr|f(?:ü|ue)r (?:die|ihre|deine|eure) hilfe|ihnen|dir|euch|auch|bitte|prima|perfekt|super|klasse|toll|cool|sch(?:ö|oe)n|wunderbar|alles klar|gut|okay|ok|und|dann|ach|sie haben mir sehr geholfen",
  },
  turn: {
    changes:
      "(?:ü|ue)brigens|(?:et)?was (?:anderes|neues)|noch (?:(?:et)?was|eine (?:andere |weitere )?frage|eine sache)|(?:eine )?(?:andere|weitere|neue|zweite) (?:frage|sache)|anderes thema|n(?:ä|ae)chste (?:frage|sache)|au(?:ß|ss)erdem|ansonsten|nebenbei|des weiteren|zus(?:ä|ae)tzlich|zweitens|(?:meine |die )?(?:zweite|andere|n(?:ä|ae)chste) (?:frage|sache)(?: ist)?|davon abgesehen|apropos|bei der gelegenheit|wo ich sie (?:gerade|schon)|vergessen sie'?s|vergiss es|egal",
    conjunctions: "und|oder|aber|dann|wie ist es mit|wie sieht es mit|was ist mit",
    prepositions:
      "f(?:ü|ue)r|von|vom|mit|ohne|bis|ab|seit|nach|vor|bei|beim|zu|zum|zur|auf|aus|um|im|ans?|gegen|wegen|unter|(?:ü|ue)ber",
    sentence:
      "ich|wir|er|ihr|sie|du|ist|sind|bin|bist|habe?|haben|habt|kann|k(?:ö|oe)nnen|k(?:ö|oe)nnt|konnte|darf|d(?:ü|ue)rfen|muss|m(?:ü|ue)ssen|soll|sollen|m(?:ö|oe)chten?|wollen|wird|werden|w(?:ü|ue)rde|wurde|brauchen?|gibt|geht|hatte|waren",
    pronouns:
      "es|ihn|ihm|denen|daf(?:ü|ue)r|davon|damit|dazu|darauf|dabei|daran|dar(?:ü|ue)ber|darum|darin|daraus|dagegen",
    demonstratives: "das|dies|diese[nrms]?|der|den|dem",
    afterDemonstratives:
      "ist|sind|war|wird|wurde|geht|ging|gilt|kostet|dauert|hei(?:ß|ss)t|bedeutet|funktioniert|klappt|stimmt|passt|reicht|hat|habe?|kann|muss|soll|auch|denn|dann|nicht|f(?:ü|ue)r|in|mit|bis|von|bei|und|noch|schon|mal|genau|alles|so|jetzt",
    corrections: "nein|nee?|nicht|sorry|moment|halt|stopp|quatsch|ich meinte?|vielmehr|entschuldigung",
    denials:
      "nicht (?:de[rnm]|die|das|eine?[nmr]?|meine?[nmr]?|unsere?[nmr]?|ihre?[nmr]?|deine?[nmr]?|diese?[nmrs]?|auf|f(?:ü|ue)r|im|vom|zum|zur)",
    transitions:
      "ich meinte?|sorry|moment|entschuldigung|sondern|alles klar|gut|prima|perfekt|super|klasse|toll|sch(?:ö|oe)n|danke(?: sch(?:ö|oe)n)?|vielen dank|verstehe|ach ja|ach so|ach|ok|okay|ja|nein|nee?|na gut|und|aber|auch|dann|jetzt|nun|noch (?:et)?was(?: anderes)?|noch eine (?:andere |weitere )?frage|(?:et)?was anderes|(?:eine )?andere frage|(?:ü|ue)brigens|au(?:ß|ss)erdem|nebenbei|apropos \\p{L}+|wo ich sie (?:gerade|schon) (?:dran )?habe",
    lastTransitions: "(?:ü|ue)brigens|auch|noch|dann|eigentlich|nebenbei",
  },
  parts: {
    joints: "(?:ach )?und(?: (?:auch|au(?:ß|ss)erdem|dann|noch))?|au(?:ß|ss)erdem|sowie",
    joining: "ach(?: ja)?|und|auch|au(?:ß|ss)erdem",
    references:
      "(?:wenn|falls) (?:ja|nein|nicht|so)|in (?:dem|diesem) fall|andernfalls|ansonsten|je nachdem|(?:und )?(?:danach|anschlie(?:ß|ss)end|dann)",
    fronted:
      "wenn|falls|seit|seitdem|weil|da|als|bevor|nachdem|w(?:ä|ae)hrend|obwohl|sobald|solange|ob|im|bei|beim|f(?:ü|ue)r|mit|von|vom|ab|bis|wegen|laut|zum|zur",
    articles: "der|das|den|dem|eine?[nmr]?|meine?[nmr]?|unsere?[nmr]?|ihre?[nmr]?|deine?[nmr]?",
  },
  topics: {
    or: "oder",
    and: "und(?: auch)?",
    verbs:
      "ich|wir|er|ihr|sie|du|es|ist|sind|bin|habe?|haben|kann|k(?:ö|oe)nnen|darf|muss|m(?:ü|ue)ssen|soll|sollen|m(?:ö|oe)chten?|wollen|wird|werden|w(?:ü|ue)rde|brauchen?|gibt|geht|hatte|wie|wann|wo|wer|warum|wieso|welche[rsnm]?",
    introductions:
      "zu|zum|zur|wegen|bez(?:ü|ue)glich|betreffend|(?:es )?geht um|(?:hilfe|fragen?|problem[e]?|(?:ä|ae)rger) (?:mit|zu|zum|zur|bei|beim)",
    doubts:
      "oder so|(?:ich bin )?(?:mir )?nicht sicher|(?:ich )?wei(?:ß|ss) (?:ich )?(?:es )?nicht|keine ahnung",
    closings: "hilfe|bitte|danke",
  },
  replies: {
    positions: [
      "eins erste erstes ersten erster ersteres erstens",
      "zwei zweite zweites zweiten zweiter zweiteres zweitens",
      "drei dritte drittes dritten dritter drittens",
    ],
    last: "letzte letztes letzten letzter letzteres",
    fillers:
      "der die das den dem ein eine einen einer mein meine meinen meiner ich mir mich nehme nehmen möchte will wollte würde hätte meine meinte meint brauche bitte danke gern gerne ja genau richtig nummer option variante punkt antwort frage mit zu zum zur von vom wegen bei für über auf ums um geht ging es ist wäre war dann lieber eher wohl mal denn doch also hm äh ach na",
    refusals: "nein nee ne nö nichts keins keines keine keiner keinen weder egal vergessen nicht falsch",
    refusalCompany:
      "von denen beiden beides beide davon sie es noch anderes andere etwas was ganz passt stimmt leider hier so wirklich überhaupt gar alles sondern aber",
    all: "beide beides alle alles",
    allCompany: "von denen davon und",
  },
  functionWords: [
    // Articles, pronouns and what goes with them.
    "der das den dem des ein eine einen einem einer eines dies diese dieser dieses diesen diesem ich mich mir mein meine meinen meinem meiner du dich dir dein deine er ihn ihm sie ihr ihre ihren ihrem ihrer wir uns unser unsere unseren ihnen es sich da dort hier dafür davon damit dazu darauf dabei daran",
    // Conjunctions, prepositions and particles.
    "und oder aber dass wenn falls dann denn weil als wie von vom im zu zum zur auf aus bei beim für mit ohne bis ab seit nach vor um über unter nicht kein keine keinen nein ja nee doch bitte danke okay",
    // Auxiliaries.
    "ist sind bin bist wird werden würde wurde habe hab haben habt hatte kann können könnte könnten konnte darf dürfen muss müssen soll sollte sollen möchte möchten wollen",
    // What questions begin with.
    "wann wo wohin woher wer wen wem wessen warum wieso weshalb welche welcher welches welchen wieviel lange viel viele oft bald weit spät früh",
    // How much, when and in what way.
    "später früher länger noch mal nochmal schon immer wieder auch nur sehr ganz genau eigentlich jetzt gerade heute morgen gestern erst alles etwas mehr weniger letzte nächste eben halt so also",
    // What things are like, whichever they are.
    "neu neue neuen neues alte alten altes richtig richtige falsch falsche gut besser schlecht groß größer klein kleiner billiger günstiger anders andere anderen anderes",
    // Verbs that say little without an object.
    "geht gehen ging gibt geben kostet kosten dauert dauern kommt kommen heißt bedeutet gilt macht machen gemacht brauche brauchen braucht weiß wissen sagen sagt sehen sieht nehmen nimmt lassen",
  ],
};
