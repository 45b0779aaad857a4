/** The errors of ARC's server for operations with faults, as recorded: ours are the same, but for those in the table below. */
import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { z } from "zod";
import { ArcOperations } from "./arc-operations.ts";

const recorded = z
  .array(
    z.object({
      query: z.string(),
      operationName: z.string().optional(),
      variables: z.record(z.string(), z.unknown()).default({}),
      errors: z.array(z.unknown()),
    }),
  )
  .parse(JSON.parse(readFileSync(new URL("testdata/graphql-java-errors.json", import.meta.url), "utf8")));

const operations = new ArcOperations({
  names: ["a"],
  answer: async function* () {
    yield { agent: {} };
  },
});

/** Those that are told otherwise, as docs/compatibility.md says. */
const otherwise: ReadonlySet<string> = new Set([
  // values written into a document
  "{agent{names @skip(if:1)}}",
  '{agent{names @skip(if:"x")}}',
  "{agent{names @skip(if:null)}}",
  "query N($x:[String]=1){agent{names}}",
  "query N($x:Boolean!=1){agent{names @skip(if:$x)}}",
  'query N($x:Boolean="a"){agent{names @skip(if:$x)}}',
  "{__type(name:1){name}}",
  "{__type(name:RED){name}}",
  "{__type(name:true){name}}",
  "{__type(name:1.5){name}}",
  '{__type(name:["x"]){name}}',
  "{__type(name:{a:1}){name}}",
  "subscription{__typename agent(request:{}){status}}",
  // tokens and numbers that graphql-js reads otherwise
  "{..}",
  "query($x:String!){__type(name:$x){name}} 1000",
  // several faults at one place
  "subscription S{agent}",
  "{agent{names}} {agent{names}}",
  "{agent{names}}\n\n  {x}",
  // fields and fragments in conflict
  "{a:agent{names} a:__typename}",
  "{a:__typename a:__schema{queryType{name}}}",
  "{agent{a:names a:__typename}}",
  '{x:__type(name:"a"){name} x:__type(name:"b"){name}}',
  "fragment A on Query{agent{...B}} fragment B on Agents{...C} fragment C on Agents{...B} {...A}",
]);

describe("an operation", () => {
  it.each(recorded)("$query", async ({ errors, ...operation }) => {
    const started = await operations.query(operation);
    const told: unknown =
      started.kind === "refused" ? JSON.parse(JSON.stringify(started.errors)) : started.kind;
    const [variable] = Object.values(operation.variables);
    if (otherwise.has(operation.query) || otherwise.has(`${operation.query} ${variable}`))
      expect(told).not.toEqual(errors);
    else expect(told).toEqual(errors);
  });
});
