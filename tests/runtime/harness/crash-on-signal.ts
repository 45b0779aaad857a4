/**
 * Loaded into a runtime's process before anything else: on SIGUSR2 something fails that nobody catches, as a fault of ours
 * would that stumbles over what a user sent. `CRASH` says how, `CRASH_TEXT` is what the user sent.
 */
const text = process.env["CRASH_TEXT"] ?? "";

const crashes: Readonly<Record<string, () => void>> = {
  thrown: () => {
    throw new TypeError(`cannot read ${text}`, { cause: new Error(text) });
  },
  parsed: () => void JSON.parse(`${text}!`),
  "thrown-text": () => {
    throw text;
  },
  rejected: () => void Promise.reject(Object.assign(new Error(text), { text })),
  "rejected-text": () => void Promise.reject(text),
  "rejected-object": () => void Promise.reject({ text }),
  "out-of-memory": () => {
    const held: string[][] = [];
    for (;;) held.push(Array.from({ length: 10_000 }, (_, each) => `${text}${held.length}${each}`));
  },
};

process.on("SIGUSR2", () => crashes[process.env["CRASH"] ?? ""]?.());
