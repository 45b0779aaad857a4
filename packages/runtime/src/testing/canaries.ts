/** What must never be in a log, a metric, a span or an error (row S13). */

/** Personal data and secrets, each with a part of its own that nothing else has. */
export const canaries = [
  { name: "a JWT", text: `eyJhbGciOiJSUzI1NiJ9.eyJzdWIiOiJjYW5hcnktMSJ9.${"canary01".repeat(8)}` },
  { name: "a bearer token", text: "Bearer canary02-opaque-token" },
  { name: "basic credentials", text: "Basic Y2FuYXJ5MDM6c2VjcmV0 canary03" },
  { name: "an API key", text: "sk-live canary04 0123456789abcdef" },
  { name: "an AWS key", text: "AKIA CANARY05 IOSFODNN7" },
  { name: "a private key", text: "-----BEGIN PRIVATE KEY----- canary06 -----END PRIVATE KEY-----" },
  { name: "a mail address", text: "canary07@example.com" },
  { name: "an IBAN", text: "DE89 3704 0044 canary08" },
  { name: "a card number", text: "4111 1111 1111 1111 canary09" },
  { name: "a phone number", text: "+49 170 1234567 canary10" },
  { name: "a date of birth", text: "born 1980-02-29 canary11" },
  { name: "an address", text: "Musterstraße 12, 53113 Bonn canary12" },
  { name: "a passport number", text: "passport C01X00T47 canary13" },
  { name: "a tax number", text: "86 095 742 719 canary14" },
  { name: "a password", text: "password=canary15&next=/" },
  { name: "a cookie", text: "session=canary16; HttpOnly" },
  { name: "a connection string", text: "postgres://user:canary17@db/lmos" },
  { name: "a line break and a forged line", text: '\r\n{"level":"error","msg":"canary18"}' },
  { name: "text that breaks out of JSON", text: '","canary19":"x' },
  { name: "markup", text: "<script>canary20()</script>" },
  { name: "terminal escapes", text: "\u001b[31mcanary21\u001b[0m" },
  { name: "other scripts", text: "Пароль canary22 パスワード" },
  { name: "text in the other direction", text: "\u202ecanary23\u202c" },
  { name: "a NUL", text: "canary24\u0000end" },
  { name: "a formula", text: '=HYPERLINK("http://canary25")' },
];

/** That part of any of them. */
export const canaryWord = /canary[- ]?\d+/i;
