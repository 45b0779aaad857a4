/**
 * Text as a terminal may be given it. Names, causes and answers come from objects and agents that others wrote: what would
 * move the cursor, change the title or write into the clipboard is shown instead of done. Colours are let through.
 */

/** A control character, with what makes a colour of an escape. */
const control = /\p{Cc}(?:\[[0-9;]*m)?/gu;
const colourStart = "\u001b";

/** The same text, its control characters written as `\u001b`. */
export function printable(text: string): string {
  return text.replace(control, (found) => {
    const isColour = found.startsWith(colourStart) && found.length > 1;
    return isColour || found.startsWith("\n") || found.startsWith("\t") ? found : shown(found);
  });
}

function shown(found: string): string {
  return `\\u${found.charCodeAt(0).toString(16).padStart(4, "0")}${found.slice(1)}`;
}
