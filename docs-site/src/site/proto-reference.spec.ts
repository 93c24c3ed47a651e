import { descriptorSetSchema, renderProtoReference } from './proto-reference';

/** What buf prints for a small file. */
const set = descriptorSetSchema.parse({
  file: [
    {
      name: 'shop/v1/shop.proto',
      package: 'shop.v1',
      service: [{ name: 'Shop', method: [{ name: 'Buy', inputType: '.shop.v1.Order', outputType: '.shop.v1.Order' }] }],
      messageType: [
        {
          name: 'Order',
          field: [
            { name: 'sku', number: 1, label: 'LABEL_REPEATED', type: 'TYPE_STRING' },
            { name: 'state', number: 2, label: 'LABEL_OPTIONAL', type: 'TYPE_ENUM', typeName: '.shop.v1.Order.State' },
            {
              name: 'notes',
              number: 3,
              label: 'LABEL_REPEATED',
              type: 'TYPE_MESSAGE',
              typeName: '.shop.v1.Order.NotesEntry',
            },
          ],
          nestedType: [
            {
              name: 'NotesEntry',
              field: [
                { name: 'key', number: 1, type: 'TYPE_STRING' },
                { name: 'value', number: 2, type: 'TYPE_INT64' },
              ],
              options: { mapEntry: true },
            },
          ],
          enumType: [{ name: 'State', value: [{ name: 'STATE_OPEN' }] }],
        },
      ],
      sourceCodeInfo: {
        location: [
          { path: [6, 0], leadingComments: ' Shop sells.\n' },
          { path: [6, 0, 2, 0], leadingComments: ' Buy takes an order.\n It may fail.\n' },
          { path: [4, 0], leadingComments: ' Order is what is bought.\n' },
          { path: [4, 0, 2, 0], leadingComments: ' Ids, a | b,\n\n at least one.\n' },
          { path: [4, 0, 4, 0], leadingComments: ' How far it is.\n' },
          { path: [4, 0, 4, 0, 2, 0], leadingComments: ' Not <paid>.\n' },
        ],
      },
    },
  ],
});

it('renders services, messages and enums with their comments', () => {
  expect(renderProtoReference(set)).toBe(`# gRPC API

Generated from the comments of \`proto/\`.

## Shop

\`shop.v1.Shop\`, in \`shop/v1/shop.proto\`.

Shop sells.

### Buy

[Order](#order) → [Order](#order)

Buy takes an order.
It may fail.

## Order

Order is what is bought.

| No. | Field | Type | Meaning |
| --- | --- | --- | --- |
| 1 | \`sku\` | repeated string | Ids, a \\| b, at least one. |
| 2 | \`state\` | [State](#state) |  |
| 3 | \`notes\` | map of string to int64 |  |

### State

How far it is.

| No. | Value | Meaning |
| --- | --- | --- |
| 0 | \`STATE_OPEN\` | Not &lt;paid>. |
`);
});
