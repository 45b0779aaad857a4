/** The `format`s of texts in schemas. */

/** True if the text has the format, or if Kubernetes does not check that format. */
export function hasFormat(format: string, value: string): boolean {
  return formats[format]?.(value) ?? true;
}

const timePattern = /^\d{4}-\d{2}-\d{2}[Tt]\d{2}:\d{2}:\d{2}(\.\d+)?([Zz]|[+-]\d{2}:\d{2})$/;
const octet = "(25[0-5]|2[0-4]\\d|1?\\d?\\d)";
const ipv4Pattern = new RegExp(`^${octet}(\\.${octet}){3}$`);

/** The formats that are checked; Kubernetes passes over those it does not know. */
const formats: Readonly<Record<string, (value: string) => boolean>> = {
  "date-time": (value) => timePattern.test(value) && !Number.isNaN(Date.parse(value)),
  date: (value) => /^\d{4}-\d{2}-\d{2}$/.test(value) && !Number.isNaN(Date.parse(value)),
  uri: (value) => URL.canParse(value),
  email: (value) => /^[^\s@]+@[^\s@]+$/.test(value),
  hostname: (value) =>
    value.length < 256 && /^([A-Za-z0-9]([A-Za-z0-9-]{0,61}[A-Za-z0-9])?\.?)+$/.test(value),
  ipv4: (value) => ipv4Pattern.test(value),
  ipv6: (value) => value.includes(":") && URL.canParse(`http://[${value}]`),
  uuid: (value) => /^[0-9a-f]{8}-?[0-9a-f]{4}-?[0-9a-f]{4}-?[0-9a-f]{4}-?[0-9a-f]{12}$/i.test(value),
  byte: (value) => /^([A-Za-z0-9+/]{4})*([A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)?$/.test(value),
};
