/** All areas, in the order of the report. */
import type { Area } from "../conformance/case.ts";
import { applyCases } from "./applying.ts";
import { changedDefinitionCases } from "./changed-definitions.ts";
import { definitionCases } from "./definitions.ts";
import { deletionCases } from "./deletion.ts";
import { kindCases } from "./kinds.ts";
import { kubectlCases } from "./kubectl-verbs.ts";
import { leftOutCases } from "./left-out.ts";
import { objectCases } from "./objects.ts";
import { discoveryCases, protocolCases } from "./protocol.ts";
import { refusalCases } from "./refusals.ts";
import { refusedDefinitionCases } from "./refused-definitions.ts";
import { ruleFunctionCases } from "./rule-functions.ts";
import { ruleCases } from "./rules.ts";
import { subresourceCases } from "./subresources.ts";
import { validationCases } from "./validation.ts";
import { patchCases, versionCases } from "./versions.ts";
import { watchCases } from "./watches.ts";

export const areas: readonly Area[] = [
  discoveryCases,
  objectCases,
  versionCases,
  patchCases,
  applyCases,
  subresourceCases,
  validationCases,
  definitionCases,
  refusedDefinitionCases,
  changedDefinitionCases,
  ruleCases,
  ruleFunctionCases,
  watchCases,
  deletionCases,
  kindCases,
  protocolCases,
  refusalCases,
  kubectlCases,
  leftOutCases,
];
