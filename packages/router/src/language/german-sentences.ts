/**
 * Everyday sentences of many fields in German, as the English ones of `@lmos/ranking` are: what people say to an assistant that
 * knows nothing of it. Written for this package.
 */
export const germanSentences: readonly string[] = `
brauche ich heute Nachmittag einen Regenschirm
wie kalt wird es im März in den Bergen
was ist ein gutes Rezept für Gemüsesuppe
wie lange muss ein Ei kochen
welcher Wein passt zu gegrilltem Fisch
mein Brot geht nie richtig auf
gibt es hier eine Bäckerei, die früh aufmacht
reserviere einen Tisch für vier um acht
wer hat das Spiel gestern gewonnen
wie viele Spieler hat eine Handballmannschaft
bring mir die Regeln von Schach bei
empfiehl mir einen Roman für eine lange Zugfahrt
welche Filme laufen am Wochenende
spiel etwas Ruhiges von einem Jazztrio
mach es ein bisschen leiser
wie stimmt man eine Gitarre
weck mich um halb sieben
wie spät ist es in Tokio
wie viele Tage sind es noch bis Neujahr
erinnere mich daran, die Blumen zu gießen
setz Milch und Batterien auf die Einkaufsliste
was sind sieben Prozent von vierhundert
was ist die Wurzel aus zwei
rechne zehn Meilen in Kilometer um
wie hoch ist der höchste Berg der Erde
was ist die Hauptstadt der Mongolei
welcher Fluss fließt durch Wien
wann wurde der Buchdruck erfunden
wer hat die Decke dieser Kapelle gemalt
wie alt ist das Universum
was ist das schnellste Tier
gibt es auf der Insel Schlangen
welche Sprache spricht man in Belgien
mein Kopf tut seit heute früh weh
was hilft gegen Husten
ich kann nachts nicht schlafen
wie viel Wasser soll man am Tag trinken
welche Übungen sind gut für den Rücken
mein Hund hat Schokolade gefressen
wie oft muss man einen Hamster füttern
welche Pflanzen brauchen wenig Licht
wann schneidet man Rosen
der Rasen hat braune Flecken
wie bekomme ich Rotwein aus dem Teppich
die Waschmaschine wackelt beim Schleudern
der Wasserhahn in der Küche tropft
wie streicht man eine Decke ohne Streifen
welche Schrauben nimmt man für Gips
mein Fahrrad hat einen Platten
das Auto springt morgens nicht an
wie viel Druck gehört in die Reifen
wo kann ich hier parken
wie komme ich am schnellsten zum Bahnhof
wann fährt der letzte Bus in die Stadt
der Zug hat schon wieder Verspätung
was kostet ein Flug nach Lissabon
ist das Hotel nah am Strand
brauche ich für Indien ein Visum
welche Impfungen braucht man für Kenia
was sollte man in Rom gesehen haben
wie überweise ich Geld ins Ausland
lohnt es sich, jetzt Aktien zu kaufen
wie beantrage ich Kindergeld
wann muss die Steuererklärung fertig sein
ich habe meinen Ausweis verloren
wie schreibt man eine Bewerbung
mein Chef gibt mir keinen Urlaub
was verdient ein Lehrer am Anfang
ich suche eine neue Stelle im Büro
wie lernt man am besten Vokabeln
hilf meinem Sohn bei den Hausaufgaben in Mathe
was heißt Schmetterling auf Spanisch
schreib mir ein Gedicht zum Geburtstag
was schenkt man zur Hochzeit
erzähl mir einen Witz
wie heißt du eigentlich
bist du ein Mensch oder eine Maschine
was machst du am Wochenende
ich bin heute ziemlich traurig
meine Freundin redet nicht mehr mit mir
die Nachbarn sind zu laut
jemand klopft an die Tür
ich habe irgendwo meine Schlüssel verloren
das Licht im Flur flackert
wie sichere ich meine Fotos
der Drucker nimmt das Papier nicht
wie schreibe ich ein Programm, das Namen sortiert
mein Passwort ist zu kurz
welche Schuhe nimmt man zum Wandern
passt dieses Hemd zu einer grauen Hose
die Jacke ist mir zu eng
wo bekomme ich einen Kuchen ohne Nüsse
wie wird man einen Ohrwurm los
was bedeutet dieser Traum
wann ist Vollmond
können Fische hören
wer hat die Wahl gewonnen
wie funktioniert eine Wärmepumpe
wie weit ist es bis zum Mond
was läuft heute Abend im Fernsehen
mach bitte das Fenster zu
kannst du das noch einmal sagen
`
  .split("\n")
  .filter((sentence) => sentence !== "");
