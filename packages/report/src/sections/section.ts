/** One table of a report. Cells are plain text; the renderer escapes them for where it writes. */
export interface ReportTable {
  readonly caption: string;
  readonly columns: readonly { readonly title: string; readonly align: 'left' | 'right' }[];
  readonly rows: readonly (readonly string[])[];
  /** Index of the row to set off from the rest. */
  readonly highlight?: number;
}

/** One part of a report, drawn the same way in a terminal and on a page. */
export interface ReportSection {
  /** Names the section within its report. */
  readonly id: string;
  readonly title: string;
  /** Label and value. */
  readonly facts: readonly (readonly [string, string])[];
  readonly tables: readonly ReportTable[];
  /** Whole sentences below the tables. */
  readonly notes: readonly string[];
}

export const left = (title: string) => ({ title, align: 'left' }) as const;
export const right = (title: string) => ({ title, align: 'right' }) as const;
