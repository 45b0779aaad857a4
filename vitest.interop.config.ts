import { defineConfig } from "vitest/config";

const sourceConditions = ["@lmos/source", "node", "import", "default"];

/** Agents of others, called by our runtime: needs a JDK and Maven, see tests/interop. */
export default defineConfig({
  resolve: { conditions: sourceConditions },
  ssr: { resolve: { conditions: sourceConditions } },
  test: {
    include: ["tests/interop/**/*.suite.ts"],
    testTimeout: 60_000,
    hookTimeout: 600_000,
    maxWorkers: 1,
  },
});
