import { dnsLabel, parseQuantity } from "@lmos/kubernetes-syntax";
import { type JsonObject, listAt, objectAt, objectsAt, textAt } from "@lmos/primitives";
import { type FieldError, forbidden, invalid, required } from "@lmos/structural-schema";
import {
  duplicate,
  named,
  notNegative,
  oneOf,
  portInRange,
  portName,
  portReference,
  repeated,
} from "./checks.ts";

/** The rules of containers. */

/** What is wrong with a container at `path`, in a pod that has these volumes. */
export function containerErrors(
  container: JsonObject,
  path: string,
  volumes: ReadonlySet<string>,
): readonly FieldError[] {
  return [
    ...named(`${path}.name`, textAt(container, "name"), dnsLabel),
    ...imageErrors(textAt(container, "image"), `${path}.image`),
    ...oneOf(container, "imagePullPolicy", ["Always", "IfNotPresent", "Never"], path),
    ...portErrors(objectsAt(container, "ports"), `${path}.ports`),
    ...objectsAt(container, "env").flatMap((each, index) => variableErrors(each, `${path}.env[${index}]`)),
    ...mountErrors(objectsAt(container, "volumeMounts"), `${path}.volumeMounts`, volumes),
    ...resourceErrors(objectAt(container, "resources"), `${path}.resources`),
    ...["livenessProbe", "readinessProbe", "startupProbe"].flatMap((member) =>
      container[member] === undefined ? [] : probeErrors(objectAt(container, member), `${path}.${member}`),
    ),
  ];
}

function imageErrors(image: string | undefined, field: string): readonly FieldError[] {
  if (!image) return [required(field)];
  return image === image.trim()
    ? []
    : [invalid(field, image, "must not have leading or trailing whitespace")];
}

function portErrors(ports: readonly JsonObject[], path: string): readonly FieldError[] {
  const each = ports.flatMap((port, index) => {
    const { containerPort, hostPort } = port;
    const name = textAt(port, "name") ?? "";
    const at = `${path}[${index}]`;
    return [
      ...(name === "" ? [] : portName(name).map((detail) => invalid(`${at}.name`, name, detail))),
      ...(containerPort === 0
        ? [required(`${at}.containerPort`)]
        : portInRange(`${at}.containerPort`, containerPort)),
      ...portInRange(`${at}.hostPort`, hostPort === 0 ? undefined : hostPort),
      ...oneOf(port, "protocol", ["SCTP", "TCP", "UDP"], at),
    ];
  });
  return [...each, ...repeated(ports, "name", path)];
}

const variableRule =
  "a valid environment variable name must consist only of printable ASCII characters other than '='";

function variableErrors(variable: JsonObject, path: string): readonly FieldError[] {
  const { name, value, valueFrom } = variable;
  if (!name) return [required(`${path}.name`)];
  const errors = /^[ -<>-~]+$/.test(String(name)) ? [] : [invalid(`${path}.name`, name, variableRule)];
  if (valueFrom === undefined || !value) return errors;
  return [...errors, invalid(`${path}.valueFrom`, "", "may not be specified when `value` is not empty")];
}

function mountErrors(
  mounts: readonly JsonObject[],
  path: string,
  volumes: ReadonlySet<string>,
): readonly FieldError[] {
  const places = new Set<string>();
  return mounts.flatMap((mount, index): readonly FieldError[] => {
    const [name, place] = [textAt(mount, "name") ?? "", textAt(mount, "mountPath") ?? ""];
    const at = `${path}[${index}]`;
    const errors: FieldError[] = [];
    if (name === "") errors.push(required(`${at}.name`));
    else if (!volumes.has(name))
      errors.push({ kind: "NotFound", field: `${at}.name`, value: name, detail: "" });
    if (place === "") errors.push(required(`${at}.mountPath`));
    else if (places.has(place)) errors.push(invalid(`${at}.mountPath`, place, "must be unique"));
    places.add(place);
    return errors;
  });
}

const standardResources = ["cpu", "memory", "ephemeral-storage"];

function resourceErrors(resources: JsonObject, path: string): readonly FieldError[] {
  const [limits, requests] = [objectAt(resources, "limits"), objectAt(resources, "requests")];
  return [
    ...amountErrors(limits, `${path}.limits`),
    ...amountErrors(requests, `${path}.requests`),
    ...Object.keys(requests).flatMap((name) => excessErrors(name, { limits, requests }, `${path}.requests`)),
  ];
}

function amountErrors(amounts: JsonObject, path: string): readonly FieldError[] {
  return Object.entries(amounts).flatMap(([name, amount]): readonly FieldError[] => {
    const field = `${path}[${name}]`;
    const isKnown = standardResources.includes(name) || name.startsWith("hugepages-") || name.includes("/");
    if (!isKnown) {
      const rules = ["a standard resource type or fully qualified", "a standard resource for containers"];
      return rules.map((rule) => invalid(field, name, `must be ${rule}`));
    }
    const isNegative = (parseQuantity(String(amount)) ?? 0n) < 0n;
    return isNegative ? [invalid(field, String(amount), "must be greater than or equal to 0")] : [];
  });
}

function excessErrors(
  name: string,
  { limits, requests }: { readonly limits: JsonObject; readonly requests: JsonObject },
  field: string,
): readonly FieldError[] {
  const [wanted, most] = [requests[name], limits[name]].map((each) => parseQuantity(String(each)));
  if (wanted === undefined || most === undefined || wanted <= most) return [];
  return [
    invalid(
      field,
      String(requests[name]),
      `must be less than or equal to ${name} limit of ${String(limits[name])}`,
    ),
  ];
}

const handlers = ["exec", "httpGet", "tcpSocket", "grpc"];
const probeNumbers = [
  "initialDelaySeconds",
  "timeoutSeconds",
  "periodSeconds",
  "successThreshold",
  "failureThreshold",
];

function probeErrors(probe: JsonObject, path: string): readonly FieldError[] {
  const [first, ...more] = handlers.filter((handler) => probe[handler] !== undefined);
  if (first === undefined) return [required(path, "must specify a handler type")];
  const ports = [first, ...more].filter((handler) => handler !== "exec");
  return [
    ...more.map((handler) => forbidden(`${path}.${handler}`, "may not specify more than 1 handler type")),
    ...ports.flatMap((handler) => portReference(`${path}.${handler}.port`, objectAt(probe, handler)["port"])),
    ...notNegative(probe, probeNumbers, path),
  ];
}

/** The names of all containers, which no two may share. */
export function sharedNameErrors(spec: JsonObject, path: string): readonly FieldError[] {
  const seen = new Set<string>();
  return ["containers", "initContainers"].flatMap((list) =>
    listAt(spec, list).flatMap((_item, index) => {
      const name = textAt(objectsAt(spec, list)[index] ?? {}, "name") ?? "";
      const isTaken = name !== "" && seen.has(name);
      seen.add(name);
      return isTaken ? [duplicate(`${path}.${list}[${index}].name`, name)] : [];
    }),
  );
}
