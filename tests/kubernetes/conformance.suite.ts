/**
 * The conformance suite: each case of cases/ against the embedded API server and a real kube-apiserver, with the same code.
 * A case with kubectl commands runs with the newest and the oldest kubectl. What was found is written to docs/conformance.md.
 */
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { isDeepStrictEqual } from "node:util";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { areas } from "./cases/areas.ts";
import type { Case } from "./conformance/case.ts";
import { installFixtures } from "./conformance/fixtures.ts";
import { HttpClient } from "./conformance/http-client.ts";
import { type Outcome, reportOf } from "./conformance/report.ts";
import { type CaseResult, runCase } from "./conformance/run-case.ts";
import { findParts, pathOf } from "./parts.ts";
import { type Server, type ServerName, servers } from "./server.ts";

const parts = await findParts(["kubectl", "kubectl-1.32"]);
const newest = { client: "kubectl 1.34", program: pathOf(parts, "kubectl") };
const oldest = { client: "kubectl 1.32", program: pathOf(parts, "kubectl-1.32") };

/** A case with the kubectl that it runs with. */
interface Row {
  readonly title: string;
  readonly one: Case;
  readonly namespace: string;
  readonly program: string;
}

const cases = areas.flatMap((area) => area.cases);
const rows: readonly Row[] = cases.flatMap((one, index) => {
  const row = { title: one.name, one, namespace: `c${index}`, program: newest.program };
  if (!one.steps.some(({ kind }) => kind === "kubectl")) return [row];
  return [
    { ...row, title: `${one.name} (${newest.client})` },
    { ...row, title: `${one.name} (${oldest.client})`, namespace: `c${index}-old`, program: oldest.program },
  ];
});

const results = new Map<string, CaseResult>();
const resultOf = (name: ServerName, row: Row): CaseResult | undefined => results.get(`${name} ${row.title}`);

describe.each(servers)("on $name", ({ name, start }) => {
  let server: Server;
  let http: HttpClient;
  const home = mkdtempSync(join(tmpdir(), "lmos-kubectl-"));

  beforeAll(async () => {
    server = await start();
    http = new HttpClient(server);
    await installFixtures(
      http,
      rows.map(({ namespace }) => namespace),
    );
  });
  afterAll(async () => {
    http[Symbol.dispose]();
    await server[Symbol.asyncDispose]();
    rmSync(home, { recursive: true });
  });

  test.concurrent.each(rows)("$title", async (row) => {
    const kubectl = { program: row.program, kubeconfigPath: server.kubeconfigPath, home };
    const result = await runCase(row.one, { http, kubectl, namespace: row.namespace });
    results.set(`${name} ${row.title}`, result);
    // Where a difference is stated, the case may fail on the embedded server; the comparison says whether it is still there.
    if (name === "real" || row.one.difference === undefined) expect(result.faults).toEqual([]);
  });
});

describe("the same on both", () => {
  afterAll(() => {
    if (results.size < rows.length * servers.length) return; // a part of the cases makes no report
    const path = new URL("../../docs/conformance.md", import.meta.url);
    writeFileSync(path, reportOf(areas, new Map(cases.map((one) => [one.name, outcomeOf(one)]))));
  });

  test.each(rows)("$title", (row) => {
    const [embedded, real] = [resultOf("embedded", row), resultOf("real", row)];
    expect(embedded).toBeDefined();
    if (row.one.difference === undefined) expect(embedded?.transcript).toEqual(real?.transcript);
    else expect(embedded?.transcript, "the stated difference is gone").not.toEqual(real?.transcript);
  });
});

test("there are enough cases, each with a name of its own", () => {
  expect(cases.length).toBeGreaterThanOrEqual(120);
  expect(new Set(cases.map(({ name }) => name)).size).toBe(cases.length);
});

test("at least 97 of 100 cases are the same on both", () => {
  const same = cases.filter(({ difference }) => difference === undefined);
  expect(same.length / cases.length).toBeGreaterThanOrEqual(0.97);
});

function outcomeOf(one: Case): Outcome {
  const own = rows.filter((row) => row.one === one);
  const holds = (name: ServerName): boolean => own.every((row) => resultOf(name, row)?.faults.length === 0);
  const same = own.every((row) => isDeepStrictEqual(resultOf("embedded", row), resultOf("real", row)));
  return { embedded: holds("embedded"), real: holds("real"), same };
}
