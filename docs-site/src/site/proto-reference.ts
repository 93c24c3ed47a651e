import { z } from 'zod';

const locationSchema = z.object({ path: z.array(z.number()).default([]), leadingComments: z.string().optional() });
const fieldSchema = z.object({
  name: z.string(),
  number: z.number(),
  label: z.string().optional(),
  type: z.string(),
  typeName: z.string().optional(),
  oneofIndex: z.number().optional(),
  proto3Optional: z.boolean().default(false),
});
const nestedMessageSchema = z.object({
  name: z.string(),
  field: z.array(fieldSchema).default([]),
  options: z.object({ mapEntry: z.boolean().default(false) }).optional(),
});
const enumSchema = z.object({
  name: z.string(),
  value: z.array(z.object({ name: z.string(), number: z.number().default(0) })),
});
const messageSchema = nestedMessageSchema.extend({
  nestedType: z.array(nestedMessageSchema).default([]),
  enumType: z.array(enumSchema).default([]),
  oneofDecl: z.array(z.object({ name: z.string() })).default([]),
});
const methodSchema = z.object({ name: z.string(), inputType: z.string(), outputType: z.string() });
const fileSchema = z.object({
  name: z.string(),
  package: z.string(),
  service: z.array(z.object({ name: z.string(), method: z.array(methodSchema) })).default([]),
  messageType: z.array(messageSchema).default([]),
  enumType: z.array(enumSchema).default([]),
  sourceCodeInfo: z.object({ location: z.array(locationSchema) }),
});

/** The JSON form of a FileDescriptorSet with source information, as `buf build -o -#format=json` prints it. */
export const descriptorSetSchema = z.object({ file: z.array(fileSchema) });

type DescriptorFile = z.infer<typeof fileSchema>;
type Message = z.infer<typeof messageSchema>;
type Field = z.infer<typeof fieldSchema>;
type Enum = z.infer<typeof enumSchema>;
type Comments = (...path: number[]) => string;

/** Numbers of the fields of FileDescriptorProto, DescriptorProto and so on, of which the paths of comments are made. */
const IN_FILE = { message: 4, enum: 5, service: 6 } as const;
const ENUM_IN_MESSAGE = 4;
/** Fields of a message, values of an enum and methods of a service all have this number. */
const MEMBERS = 2;

/**
 * The reference of a contract as Markdown: services with their methods, then messages and enums, with the comments of
 * the `.proto` files.
 */
export function renderProtoReference({ file: files }: z.infer<typeof descriptorSetSchema>): string {
  const own = files.filter(({ name }) => !name.startsWith('google/'));
  const services = own.flatMap(renderServices);
  const types = own.flatMap((file) => [...renderMessages(file), ...renderEnums(file)]);
  return ['# gRPC API', 'Generated from the comments of `proto/`.', ...services, ...types].join('\n\n') + '\n';
}

function renderServices(file: DescriptorFile): string[] {
  const comment = commentsOf(file);
  return file.service.flatMap(({ name, method: methods }, s) => [
    `## ${name}`,
    `\`${file.package}.${name}\`, in \`${file.name}\`.`,
    comment(IN_FILE.service, s),
    ...methods.flatMap((method, m) => [
      `### ${method.name}`,
      `${typeLink(method.inputType)} → ${typeLink(method.outputType)}`,
      comment(IN_FILE.service, s, MEMBERS, m),
    ]),
  ]);
}

function renderMessages(file: DescriptorFile): string[] {
  const comment = commentsOf(file);
  return file.messageType.flatMap((message, m) => {
    const rows = message.field.map((field, f) =>
      [String(field.number), `\`${field.name}\``, fieldType(field, message), comment(IN_FILE.message, m, MEMBERS, f)]
        .map(tableCell)
        .join(' | '),
    );
    const table = rows.length === 0 ? 'No fields.' : tableOf(['No.', 'Field', 'Type', 'Meaning'], rows);
    const enums = message.enumType.flatMap((each, e) =>
      renderEnum(each, (...path) => comment(IN_FILE.message, m, ENUM_IN_MESSAGE, e, ...path), '###'),
    );
    return [`## ${message.name}`, comment(IN_FILE.message, m), table, ...enums];
  });
}

function renderEnums(file: DescriptorFile): string[] {
  const comment = commentsOf(file);
  return file.enumType.flatMap((each, e) => renderEnum(each, (...path) => comment(IN_FILE.enum, e, ...path), '##'));
}

/** @param comment of what lies below the enum at a path */
function renderEnum({ name, value: values }: Enum, comment: Comments, heading: string): string[] {
  const rows = values.map((value, v) =>
    [String(value.number), `\`${value.name}\``, comment(MEMBERS, v)].map(tableCell).join(' | '),
  );
  return [`${heading} ${name}`, comment(), tableOf(['No.', 'Value', 'Meaning'], rows)];
}

/** The comment above the element at a path, or an empty text. */
function commentsOf({ sourceCodeInfo }: DescriptorFile): Comments {
  const byPath = new Map(
    sourceCodeInfo.location.map(({ path, leadingComments = '' }) => [path.join('.'), leadingComments]),
  );
  return (...path) => escapeMarkup((byPath.get(path.join('.')) ?? '').replaceAll(/^ /gm, '').trim());
}

function fieldType(field: Field, message: Message): string {
  const entry = message.nestedType.find(
    ({ name, options }) => options?.mapEntry === true && field.typeName?.endsWith(`.${message.name}.${name}`) === true,
  );
  if (entry !== undefined) return `map of ${entry.field.map((part) => scalarOrLink(part)).join(' to ')}`;
  const oneof = field.oneofIndex === undefined ? undefined : message.oneofDecl[field.oneofIndex]?.name;
  if (field.label === 'LABEL_REPEATED') return `repeated ${scalarOrLink(field)}`;
  if (field.proto3Optional) return `optional ${scalarOrLink(field)}`;
  return oneof === undefined ? scalarOrLink(field) : `${scalarOrLink(field)}, one of \`${oneof}\``;
}

function scalarOrLink({ type, typeName }: Field): string {
  return typeName === undefined ? type.replace('TYPE_', '').toLowerCase() : typeLink(typeName);
}

/** A link to the section of a type; types of other packages are named only. */
function typeLink(fullName: string): string {
  const name = fullName.split('.').at(-1) ?? fullName;
  return fullName.startsWith('.google.') ? `\`${fullName.slice(1)}\`` : `[${name}](#${name.toLowerCase()})`;
}

const escapeMarkup = (text: string): string => text.replaceAll('<', '&lt;').replaceAll('{{', '&#123;&#123;');

const tableCell = (text: string): string => text.replaceAll('|', '\\|').replaceAll(/\n+/g, ' ');

function tableOf(head: readonly string[], rows: readonly string[]): string {
  return [head.join(' | '), head.map(() => '---').join(' | '), ...rows].map((row) => `| ${row} |`).join('\n');
}
