/**
 * Small words (articles, pronouns, prepositions, auxiliaries, words of asking and greeting) of languages that share
 * the Latin script with English. The vocabulary has pieces for many of them, but the static model has no useful
 * meaning for them. Words that English uses as well ("die", "so", "on", "me", "sale") are left out on purpose.
 */
const byLanguage = {
  german:
    "der das den und ich ist nicht mein meine meinen meiner wie wo warum wann wer ein eine einen einem mit für fur auf von zu zum zur es sie wir ihr mir mich dir dich kann kannst können konnen habe hast haben bin bist sind wird werden noch auch aber oder wenn dann bitte danke hallo keine kein mehr sehr gibt geht gern möchte mochte will muss bei nach über uber wurde hat",
  french:
    "le la les un une des du et je tu il elle nous vous ils elles est sont suis ai avez avons mon ma mes ton votre vos notre ce cette ces que qui quoi quel quelle quels comment pourquoi quand où pas ne plus dans sur avec pour par sans chez mais ou donc bonjour merci puis peux peut pouvez veux voudrais faire été ete au aux s'il svp très tres",
  spanish:
    "el los las una unos unas y es son soy está esta estoy están estan mi mis tu tus su sus yo él ella nosotros que qué quien quién cual cuál como cómo cuando cuándo donde dónde por para con sin pero muy más mas hola gracias quiero puedo puede tengo tiene hay del al lo se ha he sido hacer porque también",
  italian:
    "il gli uno di che chi non sono sei è ho hai abbiamo mio mia miei mie tuo suo come dove quando perché perche quanto cosa quale con della delle del dei nel nella ciao grazie vorrei voglio posso può puo anche ma più piu questo questa si ci",
  portuguese:
    "os um uma eu você voce ele ela nós meu minha meus minhas seu sua não nao sim está estou são sao foi tem tenho quero posso como onde quando porque quem qual quanto com sem em no na nos nas do da dos das ao pelo pela mas muito mais olá ola obrigado obrigada isso este esta",
  dutch:
    "het een en ik je jij hij zij wij ze mijn jouw uw zijn ben bent heb hebt heeft kan kunt wil wilt wat waar waarom wanneer wie hoe niet geen ook maar voor van naar met op aan bij uit hallo dank bedankt graag nog wordt worden moet deze dit dat",
  nordic:
    "och jag är inte det den en ett som på pa för att har min mitt mina ditt din vad hur när nar var vem kan vill ska med till från fran av jeg er ikke hvor hvordan hvad hva hvorfor min mitt og på til fra hej takk tak tack",
  finnish:
    "minä mina sinä se on ei ja että etta mitä mita missä missa miten miksi milloin kuka minun olen ovat voi voin haluan kiitos hei mutta",
  polish:
    "nie jest się sie na w z ze co jak gdzie kiedy dlaczego kto mój moj moja moje mam masz ma czy chcę chce mogę moge proszę prosze dzień dzien dobry dziękuję dziekuje ale dla od po już juz jestem są",
  czech:
    "není neni jsem jsi je jsou mám mam můj muj moje jak kde kdy proč proc kdo co že ze pro ale nebo dobrý den děkuji dekuji prosím prosim chci mohu se si na",
  hungarian:
    "az egy és nem van hogy hol mikor miért miert ki mit mi nekem szeretnék szeretnek kérem kerem köszönöm koszonom szia vagyok csak meg",
  romanian:
    "și si nu este sunt am ai are cum unde când cand ce cine care pentru cu din pe la vreau pot mulțumesc multumesc bună buna meu mea mele",
  turkish:
    "bir ve bu şu ne nasıl nasil nerede neden niçin kim ben sen biz siz benim için icin ile de da mi mı mu mü var yok değil degil istiyorum lütfen lutfen merhaba teşekkürler tesekkurler çok cok ama ya gibi kadar",
  indonesian:
    "saya anda kami apa bagaimana dimana kapan mengapa siapa yang dan di ke dari untuk dengan tidak bukan ini itu ada bisa mau tolong terima kasih sudah belum",
  vietnamese:
    "tôi toi của cua là có không khong như thế nào nao ở đâu dau khi sao cho với voi một mot được duoc và",
} as const;

/** Written the same in English (once accents are gone), or parts of names that English speakers use ("Los Angeles"). */
const sharedWithEnglish = new Set(
  `a ai al ale all am an are as at be ben bent by can care chat co come comment dan den die dies din do don dos dove el em en
even fin for fur ha had has hat he her hey him his hoe how i if in is it kit la las los ma man mar mas may me men mia more my no
of on op or our pan par pay pin plus pot pro sale sans se she sin ski so son sur tack tag ten than that the then this
till to ton uber um van ve via was we were what when where who why will with ya you`.split(/\s+/),
);

/** Accent-free, lower-case, as the tokenizer gives them. */
export const foreignWords: ReadonlySet<string> = new Set(
  Object.values(byLanguage)
    .flatMap((words) => words.split(" "))
    .map((word) =>
      word
        .normalize("NFD")
        .replace(/\p{Mn}/gu, "")
        .toLowerCase(),
    )
    .filter((word) => word.length > 1 && !sharedWithEnglish.has(word)),
);
