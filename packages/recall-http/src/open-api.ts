import { ScalarType, type DescEnum, type DescField, type DescMessage, type DescMethod } from '@bufbuild/protobuf';
import { errorNames } from './statuses';

type Schema = Readonly<Record<string, unknown>>;

/** What is served, as an OpenAPI 3.1 document, made from the descriptors of the contract. */
export function openApiDocument(methods: readonly DescMethod[]): Schema {
  const schemas: Record<string, Schema> = {};
  const paths = methods.map((method): [string, Schema] => [
    `/${method.parent.typeName}/${method.name}`,
    {
      post: {
        operationId: method.name,
        parameters: [{ name: 'Connect-Timeout-Ms', in: 'header', schema: { type: 'integer', minimum: 1 } }],
        requestBody: { required: true, content: json(messageRef(method.input, schemas)) },
        responses: {
          200: { description: 'The answer.', content: json(messageRef(method.output, schemas)) },
          default: { description: 'Why there is no answer.', content: json(ref('Error')) },
        },
        security: [{}, { token: [] }],
      },
    },
  ]);
  return {
    openapi: '3.1.0',
    info: { title: 'Vector Recall', version: 'v1' },
    paths: Object.fromEntries(paths),
    components: {
      schemas: { ...schemas, Error: errorSchema },
      securitySchemes: { token: { type: 'http', scheme: 'bearer' } },
    },
  };
}

const errorSchema: Schema = {
  type: 'object',
  required: ['code', 'message'],
  properties: { code: { enum: errorNames }, message: { type: 'string' } },
};

function json(schema: Schema): Schema {
  return { 'application/json': { schema } };
}

function ref(name: string): Schema {
  return { $ref: `#/components/schemas/${name}` };
}

/** A reference to a message, whose schema is added to the others. */
function messageRef(message: DescMessage, schemas: Record<string, Schema>): Schema {
  const { name } = message;
  if (!(name in schemas)) {
    // Before its fields: messages may hold one another.
    schemas[name] = {};
    const properties = message.fields.map((field): [string, Schema] => [field.jsonName, fieldSchema(field, schemas)]);
    schemas[name] = { type: 'object', additionalProperties: false, properties: Object.fromEntries(properties) };
  }
  return ref(name);
}

function fieldSchema(field: DescField, schemas: Record<string, Schema>): Schema {
  switch (field.fieldKind) {
    case 'scalar':
      return scalarSchema(field.scalar);
    case 'enum':
      return enumSchema(field.enum);
    case 'message':
      return messageRef(field.message, schemas);
    case 'list':
      return { type: 'array', items: valueSchema(field, schemas) };
    case 'map':
      return { type: 'object', additionalProperties: valueSchema(field, schemas) };
  }
}

/** What a list or a map holds. */
function valueSchema(
  field: Extract<DescField, { fieldKind: 'list' | 'map' }>,
  schemas: Record<string, Schema>,
): Schema {
  if (field.message !== undefined) return messageRef(field.message, schemas);
  return field.enum === undefined ? scalarSchema(field.scalar) : enumSchema(field.enum);
}

function enumSchema({ values }: DescEnum): Schema {
  return { enum: values.map(({ name }) => name) };
}

function scalarSchema(scalar: ScalarType): Schema {
  switch (scalar) {
    case ScalarType.BOOL:
      return { type: 'boolean' };
    case ScalarType.STRING:
      return { type: 'string' };
    case ScalarType.BYTES:
      return { type: 'string', format: 'byte' };
    case ScalarType.FLOAT:
    case ScalarType.DOUBLE:
      return { type: 'number' };
    case ScalarType.INT32:
    case ScalarType.SINT32:
    case ScalarType.SFIXED32:
      return { type: 'integer' };
    case ScalarType.UINT32:
    case ScalarType.FIXED32:
      return { type: 'integer', minimum: 0 };
    default:
      // 64-bit integers are strings in JSON; in requests numbers are taken too.
      return { type: ['string', 'integer'], format: 'int64' };
  }
}
