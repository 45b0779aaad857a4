/** What to try in the demo. */
import { defaultDirectory } from "../connect.ts";
import type { Environment } from "../context.ts";
import { formatPath } from "../laptop/format-path.ts";
import { kubectlCommand, type LaptopPlace, laptopDirectory } from "../laptop/start-laptop.ts";

/** Commands to type in a second terminal, and one for curl. */
export function demoHints(options: {
  readonly laptop: LaptopPlace;
  readonly runtimeUrl: string;
  readonly environment: Environment;
}): readonly string[] {
  const kubectl = kubectlCommand(options.laptop, options.environment);
  const place = placeOption(options.laptop, options.environment);
  const body = {
    inputContext: { messages: [{ role: "user", content: "where is my parcel?" }] },
    systemContext: { channelId: "web" },
    userContext: { userId: "ada" },
  };
  return [
    "",
    "Try, in a second terminal:",
    `  ${kubectl} get channels -w`,
    `  ${kubectl} describe channel acme-web-stable`,
    `  ${kubectl} delete deployment roaming-agent`,
    `  npx lmos chat acme/web --user ada -t "why is my bill so high?"${place}`,
    `  npx lmos route "my wifi is dead" --tenant acme --channel web${place}`,
    `  npx lmos why acme-web-stable${place}`,
    `  curl -s ${options.runtimeUrl}/apis/v1/acme/chat/c-1/message -H 'content-type: application/json' -H 'x-turn-id: 1' -d '${JSON.stringify(body)}'`,
  ];
}

/** Where the commands find the cluster, unless they look there anyway. */
function placeOption({ directory }: LaptopPlace, environment: Environment): string {
  if (directory === laptopDirectory(defaultDirectory, environment)) return "";
  return ` --dir ${formatPath(directory, environment.workingDirectory)}`;
}
