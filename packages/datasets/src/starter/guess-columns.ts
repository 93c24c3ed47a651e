import type { PeekedTable } from './peek-table';

/** Names of columns as logs write them, without punctuation and in small letters; the likelier ones first. */
const names = {
  user: 'userid user customerid customer uid visitorid visitor accountid account memberid member clientid client buyerid reviewerid playerid personid sessionid',
  item: 'itemid item productid product sku movieid movie articleid article asin trackid track songid song bookid book isbn gameid videoid contentid listingid newsid postid businessid iid',
  time: 'timestamp time datetime date ts eventtime eventtimestamp createdat orderedat boughtat purchasedat viewedat ratedat playedat orderdate purchasedate unixreviewtime',
  type: 'eventtype event action behavior behaviour type interactiontype',
  name: 'title name itemname productname',
  category: 'category categoryid categoryname genre department brand type',
  tags: 'tags genres keywords labels categories',
} as const;

export type Role = keyof typeof names;

/** A name as it is compared: `Customer_ID` and `customerId` are the same. */
function plain(name: string): string {
  return name.toLowerCase().replaceAll(/[^a-z0-9]/g, '');
}

/** The column that most likely has a role; `undefined` where none is named like one. */
export function guessColumn(role: Role, columns: readonly string[]): string | undefined {
  for (const name of names[role].split(' ')) {
    const found = columns.find((column) => plain(column) === name);
    if (found !== undefined) return found;
  }
  // "bought_at" and "click_time" are times, whatever was bought or clicked.
  return role === 'time' ? columns.find((column) => /(^|_)(at|time|date|timestamp|ts)$/i.test(column)) : undefined;
}

/** The unit in which a column holds times, as `dataset.yaml` names it; `undefined` where its values are no times. */
export function guessUnit(values: readonly string[]): 's' | 'ms' | 'us' | 'ns' | 'iso' | undefined {
  const given = values.filter((value) => value.trim() !== '');
  if (given.length === 0) return undefined;
  if (given.every((value) => /^\d+(\.\d+)?$/.test(value))) {
    const digits = Math.max(...given.map((value) => value.split('.', 1)[0].length));
    // Seconds since 1970 have ten digits from 2001 to 2286.
    return digits <= 11 ? 's' : digits <= 14 ? 'ms' : digits <= 17 ? 'us' : 'ns';
  }
  return given.every((value) => /^\d{4}-\d{2}-\d{2}/.test(value)) ? 'iso' : undefined;
}

/** The columns that hold numbers alone, and more than one of them. */
export function numericColumns({ columns, rows }: PeekedTable): string[] {
  return columns.filter((column) => {
    const values = rows.map((row) => row[column]).filter((value) => value !== undefined && value !== '');
    return new Set(values).size > 1 && values.every((value) => value !== undefined && Number.isFinite(Number(value)));
  });
}

/** The values of a column, as they stand. */
export function valuesOf({ rows }: PeekedTable, column: string): string[] {
  return rows.flatMap((row) => row[column] ?? []);
}
