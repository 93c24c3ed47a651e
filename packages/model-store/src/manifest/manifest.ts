import { z } from 'zod';

/** Raised when an older reader would misread a newer artifact. */
export const manifestFormatVersion = 1;

/** `20261122T101500Z-3f2a`: the time of staging in UTC, and four hex digits against two stagings in one second. */
export const versionPattern = /^\d{8}T\d{6}Z-[0-9a-f]{4}$/;

const count = z.int().min(0);

/** A path below the version's folder, with forward slashes: a manifest must not make readers open anything else. */
const filePath = z.string().regex(/^(?!.*(^|\/)\.{1,2}(\/|$))[^/\\]+(\/[^/\\]+)*$/);

const sha256 = z.string().regex(/^[0-9a-f]{64}$/);

/** What metrics were measured on; those of two versions can be compared where all of it is equal. */
const protocolSchema = z.object({
  /** Checksum of the interactions with the ids of their users and items. */
  data: sha256,
  /** The rule by which events were held out, `leave-last-out`. */
  split: z.string().min(1),
  /** Checksum of the held-out events and of what was known before them. */
  heldOut: sha256,
});

export type ManifestProtocol = z.output<typeof protocolSchema>;

const fieldsSchema = {
  /** Widths by name; `embedding` is that of user and item vectors. */
  dims: z.record(z.string(), z.int().min(1)),
  counts: z.looseObject({ users: count, items: count, interactions: count }),
  /** The compiled options of the run. */
  config: z.record(z.string(), z.unknown()),
  /** Metrics by what was scored: `{"model": {"hitRate@10": 0.1}}`. */
  metrics: z.record(z.string(), z.record(z.string(), z.number())),
  /** Absent in versions of vectors, and in those that older releases published. */
  protocol: protocolSchema.optional(),
  /** Versions that this one was made from. */
  parents: z.array(z.string().regex(versionPattern)).readonly(),
};

export const manifestSchema = z.object({
  formatVersion: z.literal(manifestFormatVersion),
  version: z.string().regex(versionPattern),
  /** ISO 8601, UTC, with milliseconds. */
  createdAt: z.iso.datetime(),
  /** Every file of the artifact but the manifest. */
  files: z.record(filePath, z.object({ sha256, bytes: count })),
  ...fieldsSchema,
});

export const manifestFieldsSchema = z.object({
  ...fieldsSchema,
  parents: fieldsSchema.parents.default([]),
});

/** What an artifact says of itself. */
export type Manifest = z.output<typeof manifestSchema>;

/** The part of the manifest that the publisher knows; the store adds the rest. */
export type ManifestFields = z.input<typeof manifestFieldsSchema>;
