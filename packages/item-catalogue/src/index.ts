export { attributeKinds, AttributeSchema, type Attribute, type AttributeKind } from './attribute-schema';
export { readAttributes, writeAttributes } from './attribute-files';
export { AttributeTable, type AttributeTableParts } from './attribute-table';
export { checkFilter } from './check-filter';
export { LabelsColumn, NumbersColumn, type Column, type Postings } from './columns';
export { secondsOf, type AttributeRecord, type AttributeValue } from './columns-of-records';
export { AttributeError, FilterError, FilterSyntaxError } from './errors';
export {
  filterLimits,
  type AgeFilter,
  type AllOf,
  type AnyOf,
  type Bounds,
  type Filter,
  type IdsFilter,
  type LabelsFilter,
  type Not,
  type RangeFilter,
} from './filter';
export type { MatchContext } from './match-rows';
export { RowSet } from './row-set';
export { parseFilter } from './text/parse-filter';
export { printFilter } from './text/print-filter';
