export { type Agent, type AgentStatus, agentKind, type ProvidedCapability } from "./agent.ts";
export { type CapabilityGrant, capabilityGrantKind, type GrantedProvider } from "./capability-grant.ts";
export { type Channel, type ChannelRevision, type ChannelStatus, channelKind } from "./channel.ts";
export { type ChannelRollout, channelRolloutKind } from "./channel-rollout.ts";
export {
  type CapabilityGroup,
  type ChannelRouting,
  channelRoutingKind,
  type RoutedCapability,
} from "./channel-routing.ts";
export { type Condition, conditionOf, type DecidedCondition, transition } from "./conditions.ts";
export { customResourceDefinition, customResourceSchema } from "./crd.ts";
export { type EndpointSlice, endpointSliceKind, keyOfSlice, serviceOfSlice } from "./endpoint-slice.ts";
export { ResourceError, type ResourceErrorCode } from "./errors.ts";
export { type GrantsMode, grantsModes } from "./grants-mode.ts";
export type { CustomKind, PrinterColumn } from "./kind.ts";
export { customKinds } from "./kinds.ts";
export {
  agentLabel,
  type ChannelIdentity,
  channelIdentityOf,
  channelLabel,
  defaultSubset,
  missingLabelsOf,
  subsetLabel,
  subsetOf,
  tenantLabel,
  versionLabel,
} from "./labels.ts";
export { alphaVersion, apiVersion, group, type ObjectMeta, version } from "./metadata.ts";
export type { PodTemplate } from "./pod-template.ts";
export { issuesText } from "./reading.ts";
export type { RequiredCapability } from "./requirement.ts";
export { describeRoutingSettings, type RoutingSettings } from "./routing-settings.ts";
export { type Service, selects, serviceKind } from "./service.ts";
export {
  defaultAgentPort,
  formatLocalEndpoints,
  type LocalEndpoint,
  localEndpointsAnnotation,
  localEndpointsOf,
  parseServiceHost,
  type ServiceAddress,
  serviceHost,
} from "./service-host.ts";
export { type Tenant, tenantIdOf, tenantKind } from "./tenant.ts";
export {
  type Deployment,
  deploymentKind,
  type Rollout,
  rolloutKind,
  type StatefulSet,
  statefulSetKind,
  type Workload,
} from "./workload.ts";
