/** One seam for each verb of a client: tests inject faults there, production code measures or guards calls. */
import type { KubeClient } from "./client.ts";

type Verb = Exclude<keyof KubeClient, symbol>;

/** For some verbs, what stands before them: gets the verb and gives the one to use in its place. */
export type Interceptors = { readonly [V in Verb]?: (next: KubeClient[V]) => KubeClient[V] };

/** The same client with the interceptors before its verbs. Disposing it disposes the client. */
export function interceptClient(client: KubeClient, interceptors: Interceptors): KubeClient {
  const plain = unboundVerbs(client);
  return {
    get: interceptors.get?.(plain.get) ?? plain.get,
    list: interceptors.list?.(plain.list) ?? plain.list,
    watch: interceptors.watch?.(plain.watch) ?? plain.watch,
    create: interceptors.create?.(plain.create) ?? plain.create,
    replace: interceptors.replace?.(plain.replace) ?? plain.replace,
    patch: interceptors.patch?.(plain.patch) ?? plain.patch,
    apply: interceptors.apply?.(plain.apply) ?? plain.apply,
    delete: interceptors.delete?.(plain.delete) ?? plain.delete,
    discover: interceptors.discover?.(plain.discover) ?? plain.discover,
    [Symbol.asyncDispose]: () => client[Symbol.asyncDispose](),
  };
}

/** The verbs as functions that need no `this`. */
function unboundVerbs(client: KubeClient): Pick<KubeClient, Verb> {
  return {
    get: (type, key, options) => client.get(type, key, options),
    list: (type, options) => client.list(type, options),
    watch: (type, options) => client.watch(type, options),
    create: (type, object, options) => client.create(type, object, options),
    replace: (type, object, options) => client.replace(type, object, options),
    patch: (type, key, patch, options) => client.patch(type, key, patch, options),
    apply: (type, object, options) => client.apply(type, object, options),
    delete: (type, key, options) => client.delete(type, key, options),
    discover: (apiVersion, options) => client.discover(apiVersion, options),
  };
}
