import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { type Import, importsOf, resolveRelative } from "../../tools/source/imports.ts";
import {
  type Package,
  readPackages,
  readSourceFiles,
  root,
  type SourceFile,
  scope,
} from "../../tools/source/packages.ts";
import { findCycle } from "./cycles.ts";
import { parseFloors } from "./floors.ts";

const floors = parseFloors(readFileSync(join(root, "ARCHITECTURE.md"), "utf8"));
const packages = readPackages();
const everywhere = ["packages", "tests", "tools", "examples", "bench"].flatMap((folder) =>
  readSourceFiles(join(root, folder)),
);

/** Where a rule of purity has its one room. */
const environmentRooms = [
  /^packages\/cli\//,
  /^packages\/agent\/src\/serve\.ts$/,
  /^examples\/.*\/main\.ts$/,
  /^(tests|tools|bench)\//,
];
const clockRooms = [/^packages\/primitives\/src\/(clock|random)\.ts$/, /^(tests|tools|bench|examples)\//];
const clockReads =
  /\bDate\.now\(|\bnew Date\(\)|\bperformance\.now\(|\bsetTimeout\(|\bsetInterval\(|\bMath\.random\(|\brandomUUID\(|["']node:timers/;
const pureFloors = [1, 2];

describe("the picture in ARCHITECTURE.md", () => {
  it("shows every package that there is, and no other", () => {
    expect([...floors.floorOf.keys(), ...floors.beside].sort()).toEqual(
      packages.map(({ name }) => name).sort(),
    );
    expect(packages.length).toBeGreaterThanOrEqual(14);
  });

  it("has files to look at in every package", () => {
    expect(packages.filter(({ files }) => files.length < 2).map(({ name }) => name)).toEqual([]);
  });
});

describe.each(packages.map((one) => ({ name: one.name, one })))("package $name", ({ one }) => {
  it("depends downwards only", () => {
    const wrong = one.dependencies.filter((dependency) => !mayImport(one.name, dependency));
    expect(wrong).toEqual([]);
  });

  it("imports downwards only, and only what its manifest names", () => {
    const imported = one.files.flatMap((file) => packageImports(file).map((name) => ({ file, name })));
    const wrong = imported
      .filter(({ file, name }) => !(file.isTest ? allowedInTests(one, name) : allowedInSource(one, name)))
      .map(({ file, name }) => `${file.path} imports ${name}`);
    expect(wrong).toEqual([]);
  });

  it("names no package of ours in its manifest that it does not import", () => {
    const imported = new Set(one.files.filter(({ isTest }) => !isTest).flatMap(packageImports));
    expect(one.dependencies.filter((name) => !imported.has(name))).toEqual([]);
  });

  it("reaches into no other package's files and never through its own index.ts", () => {
    const wrong = one.files.flatMap((file) =>
      relativeImports(file)
        .filter(
          (path) => !path.startsWith(`packages/${one.name}/`) || path === `packages/${one.name}/src/index.ts`,
        )
        .map((path) => `${file.path} imports ${path}`),
    );
    expect(wrong).toEqual([]);
  });

  it("has no cycle of imports, not even of types", () => {
    const edges = new Map(one.files.map((file) => [file.path, relativeImports(file)]));
    expect(findCycle(edges)).toEqual([]);
  });
});

describe("the concerns of the operator", () => {
  const files = packages.find(({ name }) => name === "operator")?.files ?? [];
  it.each([
    { concern: "discovery", reaches: ["workload"] },
    { concern: "agent", reaches: ["grants", "workload"] },
    { concern: "routing", reaches: [] },
    { concern: "channel", reaches: ["agent", "grants", "routing", "workload"] },
  ])("$concern reaches into no folder but $reaches", ({ concern, reaches }) => {
    const own = files.filter(({ path, isTest }) => !isTest && operatorFolderOf(path) === concern);
    const reached = own.flatMap((file) => relativeImports(file).map(operatorFolderOf));
    const folders = new Set(reached.filter((folder) => folder !== undefined && folder !== concern));
    expect(own.length).toBeGreaterThan(3);
    expect([...folders].sort()).toEqual(reaches);
  });
});

describe("purity", () => {
  const sources = packages.filter(({ name }) => !floors.beside.has(name)).flatMap(({ files }) => files);

  it("keeps process.env in its rooms", () => {
    const withoutTests = everywhere.filter(({ isTest }) => !isTest);
    expect(offenders(withoutTests, /\bprocess\.env\b/, environmentRooms)).toEqual([]);
  });

  it("keeps clock, timers and chance in their rooms", () => {
    const withoutTests = sources.filter(({ isTest }) => !isTest);
    expect(offenders(withoutTests, clockReads, clockRooms)).toEqual([]);
  });

  it("lets floors 1 and 2 decide without I/O and without waiting", () => {
    const pure = packages.filter(({ name }) => pureFloors.includes(floors.floorOf.get(name) ?? -1));
    const wrong = pure
      .flatMap(({ files }) => files)
      .filter((file) => !file.isTest)
      .filter(
        (file) => /\basync\b|\bawait\b|\bfetch\(/.test(code(file)) || importsOf(file).some(isNodeModule),
      )
      .map(({ path }) => path);
    expect(wrong).toEqual([]);
  });

  it("mocks no module", () => {
    expect(offenders(everywhere, /\b(vi|jest)\.(mock|doMock|unstable_mockModule)\(/, [])).toEqual([]);
  });

  it("skips no test and focuses none", () => {
    expect(offenders(everywhere, /\b(it|test|describe)(\.each)?\.(skip|only|todo)\b/, [])).toEqual([]);
  });

  it("has no any, no non-null assertion by cast and no silenced type error", () => {
    expect(offenders(sources, /@ts-(ignore|nocheck|expect-error)|\bas any\b|\bas unknown as\b/, [])).toEqual(
      [],
    );
  });
});

function operatorFolderOf(path: string): string | undefined {
  return /^packages\/operator\/src\/([a-z-]+)\//.exec(path)?.[1];
}

function mayImport(importer: string, imported: string): boolean {
  if (floors.sideways.has(`${importer} → ${imported}`)) return true;
  if (floors.beside.has(importer)) return (floors.floorOf.get(imported) ?? 9) <= 1;
  return (floors.floorOf.get(imported) ?? 9) < (floors.floorOf.get(importer) ?? -1);
}

function allowedInSource(one: Package, name: string): boolean {
  return one.dependencies.includes(name) && mayImport(one.name, name);
}

function allowedInTests(one: Package, name: string): boolean {
  if (floors.beside.has(name)) return one.devDependencies.includes(name) || one.name === name;
  return allowedInSource(one, name);
}

function packageImports(file: SourceFile): readonly string[] {
  const names = importsOf(file).map(({ specifier }) => specifier);
  return names.flatMap((name) =>
    name.startsWith(scope) ? [name.slice(scope.length).split("/")[0] ?? ""] : [],
  );
}

function relativeImports(file: SourceFile): readonly string[] {
  return importsOf(file)
    .filter(({ specifier }) => specifier.startsWith("."))
    .map(({ specifier }) => resolveRelative(file, specifier));
}

function isNodeModule({ specifier }: Import): boolean {
  return specifier.startsWith("node:");
}

function offenders(
  files: readonly SourceFile[],
  pattern: RegExp,
  rooms: readonly RegExp[],
): readonly string[] {
  return files
    .filter(({ path }) => !rooms.some((room) => room.test(path)) && !path.startsWith("tests/architecture/"))
    .filter((file) => pattern.test(code(file)))
    .map(({ path }) => path);
}

/** The text without comments: prose may speak of what code may not do. */
function code({ text }: SourceFile): string {
  return text.replaceAll(/\/\*[\s\S]*?\*\//g, "").replaceAll(/(^|\s)\/\/.*$/gm, "");
}
