import type { Registry } from "prom-client";

/** The value of a metric with these labels, or of all its series together. */
export async function metricValue(
  registry: Registry,
  name: string,
  labels: Readonly<Record<string, string>> = {},
): Promise<number> {
  const values = (await registry.getSingleMetric(name)?.get())?.values ?? [];
  const wanted = values.filter((value) =>
    Object.entries(labels).every(([label, text]) =>
      Object.entries(value.labels).some(([other, given]) => other === label && given === text),
    ),
  );
  return wanted.reduce((sum, { value }) => sum + value, 0);
}
