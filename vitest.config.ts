import { defineConfig } from "vitest/config";

/** Tests run from source: no build comes before them. */
const sourceConditions = ["@lmos/source", "node", "import", "default"];

export default defineConfig({
  resolve: { conditions: sourceConditions },
  ssr: { resolve: { conditions: sourceConditions } },
  test: {
    include: [
      "packages/*/src/**/*.test.ts",
      "examples/*/**/*.test.ts",
      "tests/**/*.test.ts",
      "tools/**/*.test.ts",
      "bench/**/*.test.ts",
    ],
    setupFiles: ["tests/properties/draws.ts"],
    exclude: ["**/node_modules/**", "**/dist/**"],
    expect: { poll: { timeout: 10_000 } }, // a second is not enough on a busy machine
    testTimeout: 20_000,
    hookTimeout: 30_000,
    maxWorkers: 2,
  },
});
