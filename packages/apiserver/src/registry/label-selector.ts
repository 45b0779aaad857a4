/** Label selectors in their query form: `a=b,c!=d,e in (f,g),h notin (i),j,!k,l>1`. */
import { RequestError } from "../errors.ts";

/** One requirement of a selector. */
export interface LabelRequirement {
  readonly key: string;
  readonly operator: "in" | "notin" | "exists" | "absent" | "greater" | "less";
  readonly values: readonly string[];
}

/** All requirements must hold; none of them: everything is selected. */
export type LabelSelector = readonly LabelRequirement[];

type Labels = Readonly<Record<string, string>>;

const requirementForms =
  /\s*(?:(?<absent>!\s*[^\s,=!<>()]+)|(?<key>[^\s,=!<>()]+)(?:\s*(?<equality>==|=|!=)\s*(?<value>[^\s,()=!<>]*)|\s*(?<order>[<>])\s*(?<bound>-?\d+)|\s+(?<set>in|notin)\s*\((?<values>[^()]*)\))?)\s*(?:,|$)/y;

/** Reads a selector. Throws `BadRequest` on a fault of syntax. */
export function parseLabelSelector(text: string): LabelSelector {
  const requirements: LabelRequirement[] = [];
  const forms = new RegExp(requirementForms);
  while (forms.lastIndex < text.trimEnd().length) {
    const found = forms.exec(text);
    if (found === null) throw new RequestError("BadRequest", `unable to parse requirement: ${text}`);
    requirements.push(requirementOf(found.groups ?? {}));
  }
  return requirements;
}

/** True if the labels satisfy every requirement. */
export function selectsLabels(selector: LabelSelector, labels: Labels): boolean {
  return selector.every((requirement) => isSatisfied(requirement, labels[requirement.key]));
}

function requirementOf(groups: Readonly<Record<string, string | undefined>>): LabelRequirement {
  const { absent, key = "", equality, value = "", order, bound = "", set, values = "" } = groups;
  if (absent !== undefined) return { key: absent.slice(1).trim(), operator: "absent", values: [] };
  if (equality !== undefined)
    return { key, operator: equality === "!=" ? "notin" : "in", values: [value.trim()] };
  if (order !== undefined) return { key, operator: order === ">" ? "greater" : "less", values: [bound] };
  if (set === undefined) return { key, operator: "exists", values: [] };
  return {
    key,
    operator: set === "in" ? "in" : "notin",
    values: values.split(",").map((item) => item.trim()),
  };
}

function isWhole(value: string | undefined): value is string {
  return value !== undefined && /^[+-]?\d+$/.test(value);
}

function isSatisfied({ operator, values }: LabelRequirement, value: string | undefined): boolean {
  switch (operator) {
    case "in":
      return value !== undefined && values.includes(value);
    case "notin":
      return value === undefined || !values.includes(value);
    case "exists":
      return value !== undefined;
    case "absent":
      return value === undefined;
    case "greater":
      return isWhole(value) && values.every((bound) => BigInt(value) > BigInt(bound));
    case "less":
      return isWhole(value) && values.every((bound) => BigInt(value) < BigInt(bound));
    default:
      return operator satisfies never;
  }
}
