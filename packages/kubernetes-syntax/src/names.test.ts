import fc from "fast-check";
import { describe, expect, test } from "vitest";
import {
  configKey,
  dns1035Label,
  dnsLabel,
  dnsSubdomain,
  labelValue,
  type NameRule,
  prefixRule,
  qualifiedName,
} from "./names.ts";

const rules = { dnsLabel, dnsSubdomain, dns1035Label, labelValue, configKey, qualifiedName };

describe("a name that is fine", () => {
  test.each<{ readonly rule: keyof typeof rules; readonly names: readonly string[] }>([
    { rule: "dnsLabel", names: ["a", "a-b", "1a", "a".repeat(63)] },
    { rule: "dnsSubdomain", names: ["a", "a.b", "1.2", "a-b.c-d", `${"a".repeat(63)}.b`] },
    { rule: "dns1035Label", names: ["a", "a1", "a-1"] },
    { rule: "labelValue", names: ["", "a", "A_b.c-d", "1", "a".repeat(63)] },
    { rule: "configKey", names: ["a", "a.b", "_", "-", "A-b_c.d", "a..b"] },
    { rule: "qualifiedName", names: ["a", "A.b_c", "example.com/a", "a.b.c/D"] },
  ])("by $rule", ({ rule, names }) => {
    for (const name of names) expect([name, rules[rule](name)]).toEqual([name, []]);
  });
});

describe("a name that is not", () => {
  test.each<{ readonly rule: keyof typeof rules; readonly name: string; readonly fault: RegExp }>([
    { rule: "dnsLabel", name: "", fault: /lowercase RFC 1123 label/ },
    { rule: "dnsLabel", name: "A", fault: /lowercase RFC 1123 label/ },
    { rule: "dnsLabel", name: "a.b", fault: /^must not contain dots$/ },
    { rule: "dnsLabel", name: "-a", fault: /start and end with an alphanumeric/ },
    { rule: "dnsLabel", name: "a".repeat(64), fault: /^must be no more than 63 characters$/ },
    { rule: "dnsSubdomain", name: "a..b", fault: /lowercase RFC 1123 subdomain/ },
    { rule: "dnsSubdomain", name: "a.", fault: /lowercase RFC 1123 subdomain/ },
    { rule: "dnsSubdomain", name: "a_b", fault: /lowercase RFC 1123 subdomain/ },
    { rule: "dnsSubdomain", name: "a".repeat(254), fault: /^must be no more than 253 characters$/ },
    { rule: "dns1035Label", name: "1a", fault: /a DNS-1035 label/ },
    { rule: "labelValue", name: "-a", fault: /a valid label/ },
    { rule: "labelValue", name: "a b", fault: /a valid label/ },
    { rule: "configKey", name: "", fault: /a valid config key/ },
    { rule: "configKey", name: "a/b", fault: /a valid config key/ },
    { rule: "configKey", name: ".", fault: /^must not be '\.'$/ },
    { rule: "configKey", name: "..", fault: /^must not be '\.\.'$/ },
    { rule: "configKey", name: "..a", fault: /^must not start with '\.\.'$/ },
    { rule: "qualifiedName", name: "", fault: /name part must be non-empty/ },
    { rule: "qualifiedName", name: "/a", fault: /prefix part must be non-empty/ },
    { rule: "qualifiedName", name: "A.com/a", fault: /prefix part a lowercase RFC 1123 subdomain/ },
    { rule: "qualifiedName", name: "a/b/c", fault: /a qualified name must consist of/ },
    { rule: "qualifiedName", name: "example.com/", fault: /name part must be non-empty/ },
  ])("by $rule: $name", ({ rule, name, fault }) => {
    expect(rules[rule](name)).toEqual(expect.arrayContaining([expect.stringMatching(fault)]));
  });
});

describe("names of one rule under another", () => {
  const accepts = (rule: NameRule, name: string): boolean => rule(name).length === 0;
  const words = fc.stringMatching(/^[a-zA-Z0-9._/-]{0,70}$/);

  test("a DNS-1035 label is a DNS label is a subdomain and a label's value", () => {
    fc.assert(
      fc.property(words, (name) => {
        if (accepts(dns1035Label, name)) expect(accepts(dnsLabel, name)).toBe(true);
        if (accepts(dnsLabel, name)) expect(accepts(dnsSubdomain, name)).toBe(true);
        if (accepts(dnsLabel, name)) expect(accepts(labelValue, name)).toBe(true);
      }),
    );
  });

  test("labels joined by dots are a subdomain", () => {
    const labels = fc.stringMatching(/^[a-z0-9]([a-z0-9-]{0,8}[a-z0-9])?$/);
    fc.assert(
      fc.property(fc.array(labels, { minLength: 1, maxLength: 10 }), (parts) => {
        expect(dnsSubdomain(parts.join("."))).toEqual([]);
      }),
    );
  });

  test("what stands before five random letters may end with a dash", () => {
    expect(prefixRule(dnsLabel)("a-")).toEqual([]);
    expect(prefixRule(dnsLabel)("-")).toEqual([]);
    expect(prefixRule(dnsLabel)("-a-")).not.toEqual([]);
  });
});
