/** Object metadata, as far as the control plane reads it, and the envelope that every kind shares. */
import { z } from "zod";

const ownerReferenceSchema = z.object({
  apiVersion: z.string(),
  kind: z.string(),
  name: z.string(),
  uid: z.string(),
  controller: z.boolean().optional(),
  blockOwnerDeletion: z.boolean().optional(),
});

/** The members of Kubernetes object metadata that we read; others are left out by parsing. */
export const objectMetaSchema = z.object({
  name: z.string(),
  namespace: z.string().optional(),
  labels: z.record(z.string(), z.string()).optional(),
  annotations: z.record(z.string(), z.string()).optional(),
  creationTimestamp: z.string().optional(),
  deletionTimestamp: z.string().optional(),
  deletionGracePeriodSeconds: z.number().int().optional(),
  generateName: z.string().optional(),
  generation: z.number().int().optional(),
  resourceVersion: z.string().optional(),
  uid: z.string().optional(),
  finalizers: z.array(z.string()).optional(),
  ownerReferences: z.array(ownerReferenceSchema).optional(),
});
/** Kubernetes object metadata, as far as we read it. */
export type ObjectMeta = z.infer<typeof objectMetaSchema>;

/** The API group of all LMOS kinds. */
export const group = "lmos.eclipse";
/** The served and stored version. */
export const version = "v1";
/** The version of kinds that may still change. */
export const alphaVersion = "v1alpha1";
/** `apiVersion` of Agents, Channels and what is made of them. */
export const apiVersion = `${group}/${version}`;
