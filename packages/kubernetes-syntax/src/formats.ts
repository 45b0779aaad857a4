/** The `format`s of texts in schemas. */

/** True if the text has the format, or if Kubernetes does not check that format. */
export function hasFormat(format: string, value: string): boolean {
  return formats[format]?.(value) ?? true;
}

const timePattern = /^\d{4}-\d{2}-\d{2}[Tt]([01]\d|2[0-3]):\d{2}:\d{2}(\.\d+)?([Zz]|[+-]\d{2}:\d{2})$/;
const octet = "(25[0-5]|2[0-4]\\d|1?\\d?\\d)";
const ipv4Pattern = new RegExp(`^${octet}(\\.${octet}){3}$`);

/** True where a text begins with a day of the calendar; `Date` takes the 30th of February for one of March. */
function isDay(text: string): boolean {
  const date = new Date(`${text.slice(0, 10)}T00:00:00Z`);
  return !Number.isNaN(date.getTime()) && date.getUTCDate() === Number(text.slice(8, 10));
}

/** A UUID of one version; with a version that says so, of the variant that has them. */
function uuidPattern(version: string, variant: string): RegExp {
  return new RegExp(
    `^[0-9a-f]{8}-?[0-9a-f]{4}-?${version}[0-9a-f]{3}-?${variant}[0-9a-f]{3}-?[0-9a-f]{12}$`,
    "i",
  );
}

const uuidOf = (pattern: RegExp) => (value: string) => pattern.test(value);

/** The formats that are checked; Kubernetes passes over those it does not know. */
const formats: Readonly<Record<string, (value: string) => boolean>> = {
  "date-time": (value) => timePattern.test(value) && isDay(value) && !Number.isNaN(Date.parse(value)),
  date: (value) => /^\d{4}-\d{2}-\d{2}$/.test(value) && isDay(value),
  uri: (value) => URL.canParse(value),
  email: (value) => /^[^\s@]+@[^\s@]+$/.test(value),
  hostname: (value) =>
    value.length < 256 && /^([A-Za-z0-9]([A-Za-z0-9-]{0,61}[A-Za-z0-9])?\.?)+$/.test(value),
  ipv4: (value) => ipv4Pattern.test(value),
  ipv6: (value) => value.includes(":") && URL.canParse(`http://[${value}]`),
  uuid: (value) => /^[0-9a-f]{8}-?[0-9a-f]{4}-?[0-9a-f]{4}-?[0-9a-f]{4}-?[0-9a-f]{12}$/i.test(value),
  uuid3: uuidOf(uuidPattern("3", "[0-9a-f]")),
  uuid4: uuidOf(uuidPattern("4", "[89ab]")),
  uuid5: uuidOf(uuidPattern("5", "[89ab]")),
  mac: (value) =>
    /^[0-9a-f]{2}(([:-])[0-9a-f]{2})(\2[0-9a-f]{2}){4}$|^[0-9a-f]{4}(\.[0-9a-f]{4}){2}$/i.test(value),
  bsonobjectid: (value) => /^[0-9a-f]{24}$/i.test(value),
  byte: (value) => /^([A-Za-z0-9+/]{4})*([A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)?$/.test(value),
};
