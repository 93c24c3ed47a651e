import { z } from 'zod';
import { sectionSchemas, type SectionName } from '../config';
import type { ConfigOption, OptionRange, OptionType } from './option';

/** The JSON-schema words that describe one number. */
const numberShape = {
  minimum: z.number().optional(),
  maximum: z.number().optional(),
  exclusiveMinimum: z.number().optional(),
  exclusiveMaximum: z.number().optional(),
};

/** What is read out of the JSON schema of an option; the meta data of the zod schema arrives in it too. */
const descriptionSchema = z.object({
  flag: z.string(),
  alsoCalled: z.string().optional(),
  env: z.string().optional(),
  description: z.string(),
  unit: z.string().optional(),
  requirement: z.string().optional(),
  type: z.enum(['integer', 'number', 'boolean', 'string', 'array']),
  default: z.union([z.string(), z.number(), z.boolean(), z.array(z.number())]),
  enum: z.array(z.string()).optional(),
  minItems: z.number().optional(),
  maxItems: z.number().optional(),
  items: z.object(numberShape).optional(),
  ...numberShape,
});

type Bounds = z.output<z.ZodObject<typeof numberShape>>;

function rangeOf(bounds: Bounds): OptionRange | undefined {
  // zod writes the safe-integer bounds for every integer; they limit nothing that a person would type.
  const min = bounds.exclusiveMinimum ?? (bounds.minimum === Number.MIN_SAFE_INTEGER ? undefined : bounds.minimum);
  const max = bounds.exclusiveMaximum ?? (bounds.maximum === Number.MAX_SAFE_INTEGER ? undefined : bounds.maximum);
  if (min === undefined && max === undefined) return undefined;
  return {
    min,
    max,
    minExcluded: bounds.exclusiveMinimum !== undefined,
    maxExcluded: bounds.exclusiveMaximum !== undefined,
  };
}

function typeOf(type: z.output<typeof descriptionSchema>['type']): OptionType {
  return type === 'array' ? 'integers' : type;
}

function describeOption(section: SectionName, key: string, schema: z.ZodType): ConfigOption {
  const shape = descriptionSchema.parse(z.toJSONSchema(schema));
  return {
    path: `${section}.${key}`,
    section,
    key,
    flag: shape.flag,
    alsoCalled: shape.alsoCalled,
    env: shape.env ?? `VECTOR_RECALL_${shape.flag.toUpperCase().replaceAll('-', '_')}`,
    type: typeOf(shape.type),
    default: shape.default,
    choices: shape.enum,
    range: rangeOf(shape.items ?? shape),
    length: shape.items === undefined ? undefined : { min: shape.minItems, max: shape.maxItems },
    unit: shape.unit,
    description: shape.description,
    requirement: shape.requirement,
  };
}

let listed: readonly ConfigOption[] | undefined;

/** Every option, in the order of the sections. Flags, help, environment variables and documentation all come from it. */
export function listOptions(): readonly ConfigOption[] {
  listed ??= (Object.keys(sectionSchemas) as SectionName[]).flatMap((section) =>
    Object.entries<z.ZodType>(sectionSchemas[section].shape).map(([key, schema]) =>
      describeOption(section, key, schema),
    ),
  );
  return listed;
}
