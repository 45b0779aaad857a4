/** Finds what the Kotlin agent needs: a JDK that is new enough, and Maven. */
import { execFile } from "node:child_process";
import { readdirSync } from "node:fs";
import { join } from "node:path";
import { promisify } from "node:util";

/** Classes of ARC 0.126 are for this version. */
const leastVersion = 21;
const installed = "/usr/lib/jvm";
const run = promisify(execFile);

/** What was found; or what is missing, in one line. */
export type Java =
  | { readonly kind: "found"; readonly home: string }
  | { readonly kind: "missing"; readonly message: string };

/** Looks at JAVA_HOME first, then at the places where distributions put JDKs. */
export async function findJava(): Promise<Java> {
  const homes = [process.env["JAVA_HOME"] ?? "", ...installedHomes()].filter((home) => home !== "");
  for (const home of homes) {
    if (((await versionOf(home)) ?? 0) < leastVersion) continue;
    const maven = await run("mvn", ["-v"], { env: { ...process.env, JAVA_HOME: home } }).catch(
      () => undefined,
    );
    if (maven !== undefined) return { kind: "found", home };
    return missing("Maven (mvn)");
  }
  return missing(`a JDK ${leastVersion} or newer (set JAVA_HOME)`);
}

function missing(what: string): Java {
  return { kind: "missing", message: `npm run test:interop calls a Kotlin agent and needs ${what}.` };
}

function installedHomes(): readonly string[] {
  try {
    return readdirSync(installed).map((name) => join(installed, name));
  } catch {
    return [];
  }
}

async function versionOf(home: string): Promise<number | undefined> {
  try {
    await run(join(home, "bin", "javac"), ["-version"]);
    const { stderr } = await run(join(home, "bin", "java"), ["-version"]);
    return Number(/version "(\d+)/.exec(stderr)?.[1]);
  } catch {
    return undefined; // no JDK
  }
}
