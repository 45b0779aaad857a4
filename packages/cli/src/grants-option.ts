/** The option by which offline commands are told how much Tenants and CapabilityGrants count. */
import { grantsModes } from "@lmos/resources";
import { Option } from "commander";

/** `--grants`; `unless` says what counts where it is not given. */
export function grantsOption(unless: string): Option {
  return new Option(
    "--grants <mode>",
    `how much Tenants and CapabilityGrants count (else: ${unless})`,
  ).choices([...grantsModes]);
}

/** Where files alone are looked at. */
export const asFilesSay = "enforce where the files hold some";
/** Where a cluster is looked at. */
export const asClusterSays = "as its Channels say";
